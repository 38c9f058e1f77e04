"""Places of a report in which people write: a finding in their own words, an evaluation, an improvement, the self-score with its reason.

What is typed is kept for this visit until it is saved, also while another section is open. Whoever saves over a text that somebody else
changed meanwhile is shown that text; their own stays in the box.
"""

from __future__ import annotations

import streamlit as st

from pages.parts import markup, people, waiting
from pages.parts.selection import Visit
from pipelines.desk import evidence, writing
from pipelines.errors import MeridianError
from pipelines.frameworks import Section
from pipelines.reports.outline import Level, Slot

TALL = {"finding": 150, "evaluation": 200, "improvement": 150}


def box(visit: Visit, where: Section, slot: Slot, lang: str, generated: str = "") -> None:
    """The text as it stands, or as it was generated, to be changed."""
    say, spot = visit.say, "_".join((where.institution, where.framework, where.criterion, slot, lang))
    known = writing.text(waiting.store(), where, slot, lang)
    stands = known.text if known and known.text else ""
    draft = st.session_state.get(f"draft_{spot}")
    st.session_state[f"box_{spot}"] = draft[1] if draft else stands or generated
    seen = draft[0] if draft else known.no if known else 0
    place = (where, slot, lang, spot)
    st.text_area(
        _called(visit, slot), key=f"box_{spot}", height=TALL[slot], max_chars=writing.LONGEST, label_visibility="collapsed",
        placeholder=_placeholder(visit, slot), on_change=_typed, args=(spot, seen),
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(say("Save"), key=f"save_{spot}", on_click=_save, args=(*place, seen, generated), icon=":material/save:")
        if generated and stands:
            st.button(say("Back to the generated text"), key=f"back_{spot}", type="tertiary", on_click=_put, args=(*place, seen, ""))
        markup.paragraph(_standing(visit, known, bool(draft), bool(generated)))
    if refusal := st.session_state.pop(f"refused_{spot}", None):
        st.error(" ".join(refusal.say(part, say.code) for part in ("what", "cause", "remedy")), icon=":material/error:")


def _called(visit: Visit, slot: Slot) -> str:
    say = visit.say
    return {"finding": say("Finding"), "evaluation": say("Evaluation"), "improvement": say("Improvement")}[slot]


def _placeholder(visit: Visit, slot: Slot) -> str:
    say = visit.say
    return {
        "finding": "",
        "evaluation": say("What the numbers mean: what works, what does not, how it is known."),
        "improvement": say("What is done about it, by whom, until when."),
    }[slot]


def _standing(visit: Visit, known: writing.Written | None, typed: bool, generates: bool) -> str:
    """Whose text it is, and whether it is saved."""
    say = visit.say
    if typed:
        return say("Not saved yet.")
    if known and known.text:
        return say("Written by {who}, {when}. It stays through new publications.", who=known.by, when=say.moment(known.at))
    return say("Generated from the published figures; change it as you like.") if generates else ""


def _typed(spot: str, seen: int) -> None:
    """What was typed outlives the closing of the section; ``seen`` is the text that was before the eyes."""
    st.session_state[f"draft_{spot}"] = (seen, st.session_state[f"box_{spot}"])


def _save(where: Section, slot: Slot, lang: str, spot: str, seen: int, generated: str) -> None:
    text = st.session_state[f"box_{spot}"]
    _put(where, slot, lang, spot, seen, "" if text.strip() == generated.strip() else text)


def _put(where: Section, slot: Slot, lang: str, spot: str, seen: int, text: str) -> None:
    """Saves. Of a text that somebody saved meanwhile the next saving knows: it has then been shown."""
    store = waiting.store()
    before = writing.text(store, where, slot, lang)
    try:
        if text.strip() or before:
            writing.write(people.here(), store, where, slot, lang, text, seen=seen)
    except MeridianError as error:
        st.session_state[f"refused_{spot}"] = error.finding
        now = writing.text(store, where, slot, lang)
        st.session_state[f"draft_{spot}"] = (now.no if now else 0, text)
        return
    st.session_state.pop(f"draft_{spot}", None)


def score(visit: Visit, where: Section, level: Level) -> None:
    """Which level, why, and which evidence shows it. Nothing is saved without a reason."""
    say, key = visit.say, f"{where.framework}_{where.criterion}"
    numbers = [one.number for one in evidence.items(waiting.store(), where.institution, where.framework) if one.where == where]
    with st.form(f"score_{key}", border=True):
        steps = dict(enumerate(level.levels, 1))
        chosen = st.radio(
            say("Level"), list(steps), index=level.chosen - 1 if level.chosen else None, key=f"level_{key}",
            format_func=lambda step: f"{step} · {steps[step]}",
        )  # fmt: skip
        reason = st.text_area(say("Reason"), level.reason, key=f"reason_{key}", height=90, max_chars=writing.LONGEST)
        named = st.multiselect(
            say("Evidence for it"), numbers, [one for one in level.proofs if one in numbers], key=f"proofs_{key}",
            placeholder=say("none"), disabled=not numbers,
        )  # fmt: skip
        sent = st.form_submit_button(say("Save the self-score"), icon=":material/save:")
    if level.chosen:
        markup.paragraph(say("Judged by {who}, {when}.", who=level.by, when=say.moment(level.at)))
    if sent:
        _judge(visit, where, chosen or 0, reason, named)


def _judge(visit: Visit, where: Section, level: int, reason: str, proofs: list[str]) -> None:
    if not level:
        st.error(visit.say("Choose a level first."))
        return
    try:
        writing.score(people.here(), waiting.store(), where, level, reason, proofs)
    except MeridianError as error:
        st.error(error.finding.sentence(visit.say.code))
        return
    st.rerun()
