"""Handing in, its frame: which dataset and year, the file dropped, the drafts, the steps, and what a step hands on to the desk."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts import data, links, markup, messages, people, selection, waiting
from pages.parts.selection import Visit
from pipelines.codes import institutions
from pipelines.desk import drafts, examination, handing
from pipelines.desk.drafts import DraftState
from pipelines.errors import MeridianError
from pipelines.language import Language
from pipelines.sources import sources

STEPS = ("file", "columns", "values", "findings", "effect")
WIDE = "institutions"
"""The register of institutions belongs to nobody: it is handed in for all."""
ENDINGS = ["csv", "txt", "tsv", "xlsx", "xls", "ods", "parquet", "xml"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MB = 1024**2


def current(visit: Visit) -> DraftState | None:
    """The draft that the address names. One that is gone is said, and the list is shown instead."""
    asked = st.query_params.get("draft")
    if not asked:
        return None
    try:
        return handing.seen(people.here(), waiting.store(), asked)
    except MeridianError as error:
        st.warning(error.finding.say("what", visit.say.code) + " " + error.finding.say("cause", visit.say.code))
        return None


def choose(visit: Visit) -> tuple[str, int | None]:
    """Dataset and year: of the board's next duty beforehand, of the address where it says so."""
    say = visit.say
    allowed = [name for name in sources() if people.may("upload", owner(visit, name), name) or people.may("upload", None, name)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        source = selection.choose("dataset", say("Dataset"), allowed, allowed[0], lambda name: say.pick(sources()[name].title))
        years = [str(year) for year in range(date.today().year + 1, date.today().year - 15, -1)]
        own = str(visit.year) if visit.year and str(visit.year) in years else years[1]
        year = (
            selection.choose("for", say("Academic year of the file"), years, own, lambda word: say.year(int(word)), width=220)
            if sources()[source].year
            else None
        )
        _template(visit, source, int(year) if year else None)
    markup.paragraph(say("One row is: {row} It is handed in by: {who}.", row=say.pick(sources()[source].row), who=steward(source, say)))
    return source, int(year) if year else None


def steward(source: str, say: Language) -> str:
    """Who hands in a dataset."""
    one = sources()[source]
    return say.pick({"en": one.steward_en, "tr": one.steward_tr})


def owner(visit: Visit, source: str) -> str:
    """Whose rows a dataset holds here."""
    return "*" if source == WIDE else visit.institution.id


def _template(visit: Visit, source: str, year: int | None) -> None:
    say = visit.say
    st.download_button(
        say("Empty workbook for it"),
        partial(_workbook, visit, source, year),
        f"{source}_{visit.institution.id}{f'_{year}' if year else ''}_{say.code}.xlsx",
        XLSX,
        key="template",
        on_click="ignore",
        icon=":material/download:",
    )


def _workbook(visit: Visit, source: str, year: int | None) -> bytes:
    """The template with the rows of the last year, their numbers left empty."""
    from pipelines import templates

    whose, rows = visit.institution.id, templates.last_year(data.version(), sources()[source], visit.institution.id, year or 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        return templates.write_template(sources()[source], visit.say.code, path, rows=rows, year=year, institution=whose).read_bytes()


def drop(visit: Visit, source: str, year: int | None) -> None:
    """The place for files. Each becomes a draft at once; a single one is opened."""
    say = visit.say
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = selection.choose(
            "status", say("The figures are"), ("final", "provisional"), "final", _status(say).__getitem__, look="segments"
        )
        how = selection.choose("how", say("The file"), ("whole", "part"), "whole", _how(say).__getitem__, look="segments")
        part = (
            st.text_input(say("Name of the part"), key="part", placeholder=say("e.g. Erasmus+ outgoing"), width=260)
            if how == "part"
            else ""
        )
    named = _named(visit, source)
    markup.paragraph(
        say("A part is added to the other files of the year and replaces only an earlier file of the same name.")
        if how == "part"
        else say("It replaces what is published for this dataset and year; what was there stays in the history.")
    )
    dropped = st.file_uploader(
        say("Drop one or several files here, or choose them (CSV, XLSX, XLS, ODS, Parquet, XML; up to {n} MB each)", n=say.number(LIMIT)),
        ENDINGS,
        accept_multiple_files=True,
        key=f"drop_{st.session_state.get('drops', 0)}",
        max_upload_size=LIMIT,
    )
    if dropped and (how != "part" or part.strip()):
        _begin(visit, dropped, **named, source=source, year=year, status=kind, part=part.strip())
    elif dropped:
        st.info(say("Name the part first."))


LIMIT = handing.LARGEST // MB


def _named(visit: Visit, source: str) -> dict[str, str]:
    """Whose file it is: the institution on the page, or one that Meridian meets here for the first time."""
    say = visit.say
    if source == WIDE or not people.may("upload", "*", source):
        return {"institution": owner(visit, source)}
    with st.expander(say("The file is of an institution that is not in the list")):
        name = st.text_input(say("Name of the institution"), key="called", placeholder=say("as it calls itself")).strip()
    return (
        {"institution": institutions.resolve(name).code or owner(visit, source), "called": name}
        if name
        else {"institution": owner(visit, source)}
    )


def _status(say: Language) -> dict[str, str]:
    return {"final": say("final"), "provisional": say("provisional")}


def _how(say: Language) -> dict[str, str]:
    return {"whole": say("is the whole dataset of the year"), "part": say("is a part, added to others")}


def _begin(visit: Visit, dropped: list[Any], **chosen: Any) -> None:
    """Every file a draft; the place for files is emptied, so that nothing is begun twice."""
    begun = []
    for file in dropped:
        try:
            begun.append(handing.begin(people.here(), waiting.store(), name=file.name, data=file.getvalue(), **chosen))
        except MeridianError as error:
            st.session_state.setdefault("refusals", []).append(f"{file.name}: {error.finding.sentence(visit.say.code)}")
    st.session_state["drops"] = st.session_state.get("drops", 0) + 1
    if len(begun) == 1:
        st.query_params["draft"] = begun[0].id
    st.rerun()


def refusals() -> None:
    """Files that could not even become drafts."""
    for sentence in st.session_state.pop("refusals", []):
        st.error(sentence)


def listing(visit: Visit) -> None:
    """Drafts that this person may go on with."""
    say = visit.say
    mine = [draft for draft in handing.mine(people.here(), waiting.store()) if draft.stage != "published"]
    if not mine:
        markup.paragraph(say("There are no drafts. A file that is dropped is kept here until it is published, for 30 days."))
        return
    markup.paragraph(say("A draft is kept for 30 days after it was last touched, whatever happens to this window."))
    for draft in mine[:30]:
        _listed(visit, draft)


def _listed(visit: Visit, draft: DraftState) -> None:
    say = visit.say
    words = {"open": say("in work"), "proposed": say("waiting for approval"), "returned": say("given back"), "published": say("published")}
    left = max(0, (draft.until - datetime.now(UTC)).days)
    about = (dataset(draft, say), words[draft.stage], draft.by, say.moment(draft.changed), say.many("{n} day left", "{n} days left", left))
    with st.container(border=True, key=f"draft_{draft.id}", gap="xxsmall"):
        links.here(draft.name, f"open_{draft.id}", draft=draft.id)
        markup.paragraph(" · ".join(about))


def dataset(draft: DraftState, say: Language) -> str:
    """Institution, dataset and year of a draft."""
    year = say.year(draft.year) if draft.year else ""
    whose = (
        ""
        if draft.institution == "*"
        else next((i.label(say) for i in data.institutions() if i.id == draft.institution), draft.institution)
    )
    part = f"“{draft.part}”" if draft.part else ""
    return " ".join(filter(None, (whose, "–" if whose else "", say.pick(sources()[draft.source].title), year, part)))


def head(visit: Visit, draft: DraftState) -> None:
    """Which draft this is, and the way back to the list."""
    say = visit.say
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        markup.stressed(draft.name, dataset(draft, say), "m-line")
        if draft.stage in handing.CHANGEABLE:
            st.button(
                say("Discard this draft"), key="discard", type="tertiary", icon=":material/delete:", on_click=_discard, args=(draft.id,)
            )
    links.here(say("← All drafts and what is due"), "back", draft=None, step=None)
    if draft.stage == "returned":
        st.warning(say("Given back by {who}: {words}", who=draft.decided_by, words=draft.words), icon=":material/undo:")


def _discard(draft: str) -> None:
    handing.discard(people.here(), waiting.store(), draft)
    del st.query_params["draft"]


def found(visit: Visit, draft: DraftState) -> dict[str, Any] | None:
    """What the worker found; None while it is looking, and where it could not."""
    job = waiting.show(visit, draft.job)
    told = drafts.examined(waiting.store(), draft)
    if job and not job.over:
        return None
    waiting.fault(visit, job)
    if told is None or told.get("stale"):
        st.button(visit.say("Look at the file again"), key="again", type="primary", on_click=_again, args=(draft,))
        return None
    return examination.effect(people.here(), told)


def _again(draft: DraftState) -> None:
    handing.look(waiting.store(), handing.seen(people.here(), waiting.store(), draft.id))


def step(visit: Visit, draft: DraftState, told: dict[str, Any]) -> str:
    """Where the person is: the step that needs them, or an earlier one that they chose to see."""
    say, last = visit.say, examination.step(told, draft)
    names: dict[str, str] = {
        "file": say("File"), "columns": say("Columns"), "values": say("Words"), "findings": say("Check"), "effect": say("Effect"),
    }  # fmt: skip
    reached = STEPS[: STEPS.index(last) + 1] if last != "effect" else STEPS
    shown = [name for name in reached if name == last or _exists(name, told)]
    label: Callable[[str], str] = lambda name: f"{STEPS.index(name) + 1} · {names[name]}"  # noqa: E731
    return selection.choose("step", say("Step"), shown, last, label, look="segments", hide_label=True)


def _exists(name: str, told: dict[str, Any]) -> bool:
    """Steps that have something to show for this file."""
    has = {
        "columns": bool(told["pictures"]),
        "values": bool(told["values"]),
        "findings": "rows" in told,
        "effect": bool(told.get("impact")),
    }
    return has.get(name, True)


def answer(visit: Visit, draft: DraftState, **changes: Any) -> None:
    """Hands an answer to the desk and draws the page anew; a refusal is said."""
    try:
        handing.answer(people.here(), waiting.store(), draft.id, **changes)
    except MeridianError as error:
        messages.refused(visit, error)
        return
    st.query_params.pop("step", None)
    st.session_state.pop("step", None)
    st.rerun()
