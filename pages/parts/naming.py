"""Names of partners that nobody has recognised: what they might mean, confirmed by a person; and what was confirmed so far."""

from __future__ import annotations

import streamlit as st

from pages.parts import data, markup, messages, people, tables, waiting
from pages.parts.selection import Visit
from pipelines.desk import partners
from pipelines.errors import MeridianError
from pipelines.figures import Column

MOST = 10
JOB = "names_job"
OTHER = ""


def show(visit: Visit) -> None:
    """For those who may say which names are one partner."""
    say = visit.say
    if not people.may("partners", visit.institution.id, partners.DATASET):
        return
    st.header(say("Names of partners"), anchor=False)
    _publishing(visit)
    found = unresolved(visit)
    with_hint = [one for one in found if one.means]
    counts = {"n": say.number(len(found)), "m": say.number(len(with_hint))}
    markup.paragraph(
        say("{n} names were found in no list of charter holders; {m} of them are like one that is known.", **counts)
        + " "
        + say("Nothing is joined until you say so.")
    )
    done = {written for written, _ in partners.joined(waiting.store(), visit.institution.id)}
    for at, one in enumerate([one for one in with_hint if one.written not in done][:MOST]):
        _suggested(visit, one, at)
    _by_hand(visit, [one for one in found if one.written not in done])
    _joined(visit)


@data.kept
def unresolved(visit: Visit) -> list[partners.Open]:
    """The open names of the publication on air."""
    return partners.unresolved(data.version(), visit.institution.id)


@data.kept
def candidates(visit: Visit, country: str | None) -> dict[str, str]:
    """What a name of a country may mean."""
    return partners.candidates(data.version(), visit.institution.id, country)


def _suggested(visit: Visit, one: partners.Open, at: int) -> None:
    say = visit.say
    country = data.names("country", say.code).get(one.country or "", say("country not told"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True, key=f"name_{at}"):
        rows = say.many("{n} row", "{n} rows", one.rows)
        with st.container(gap="xxsmall", width="stretch"):
            markup.paragraph(f"{one.written} · {country} · {rows}", "m-title")
            markup.paragraph(f"= {one.name}?")
        if st.button(say("The same"), key=f"same_{at}", type="primary"):
            _act(visit, lambda: partners.join(people.here(), waiting.store(), visit.institution.id, one.written, one.means or ""))


def _by_hand(visit: Visit, found: list[partners.Open]) -> None:
    """Any open name, and anything of its country that it may mean."""
    say = visit.say
    if not found:
        return
    with st.expander(say("Say of any name what it means")), st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        names = {one.written: one for one in found}
        written = st.selectbox(say("Name in the files"), list(names), key="written", width=380)
        known = {means: name for means, name in candidates(visit, names[written].country).items() if means != written}
        means = st.selectbox(
            say("is"),
            list(known),
            index=None,
            format_func=lambda code: known.get(code, code),
            key="means",
            placeholder=say("choose"),
            width=460,
        )
        if st.button(say("Join"), key="join", disabled=not means):
            _act(visit, lambda: partners.join(people.here(), waiting.store(), visit.institution.id, written, str(means)))


def _joined(visit: Visit) -> None:
    """What was said so far; each can be parted again."""
    say, done = visit.say, partners.joined(waiting.store(), visit.institution.id)
    if not done:
        return
    tables.told(
        [Column(say("Name in the files")), Column(say("is"))],
        [(written, means) for written, means in done],
        say("Names that were joined"),
        "joined",
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        written = st.selectbox(say("Part again"), [written for written, _ in done], key="parting", width=380)
        if st.button(say("Part"), key="part"):
            _act(visit, lambda: partners.part(people.here(), waiting.store(), visit.institution.id, written))


def _publishing(visit: Visit) -> None:
    """Decisions that are not yet on air, and the button that puts them there."""
    say, count = visit.say, partners.waiting(waiting.store())
    job = waiting.show(visit, st.session_state.get(JOB, ""))
    if job and job.over:
        del st.session_state[JOB]
        if not waiting.fault(visit, job):
            st.success(say("Publication {no} is on air.", no=str(job.result.get("publication"))), icon=":material/check_circle:")
    if count:
        st.info(say.many("{n} decision counts from the next publication on.", "{n} decisions count from the next publication on.", count))
        if people.may("undo") and st.button(say("Publish with these names now"), key="names_now"):
            st.session_state[JOB] = partners.show_now(people.here(), waiting.store(), say("names of partners joined"))
            st.rerun()


def _act(visit: Visit, act: object) -> None:
    try:
        act()  # type: ignore[operator]
    except MeridianError as error:
        messages.refused(visit, error)
        return
    st.rerun()
