"""The History page: publications and their files, undo and restore with a reason, comparing, originals, erasing."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from pages.parts import aims_grid, effect, markup, messages, people, tables, waiting
from pages.parts.selection import Visit
from pipelines.catalogue import indicators
from pipelines.desk import history
from pipelines.errors import MeridianError
from pipelines.figures import Column
from pipelines.language import Language
from pipelines.measuring import suppress
from pipelines.settings import settings
from pipelines.sources import sources

MOST = 30
WHEN = ("before", "after")
JOB, COMPARED = "history_job", "compared"
"""In the session: the work that is under way, and the comparison that is shown."""
LONG = "shown_"
"""In the session: how much of a long list is shown."""


def sentence(visit: Visit) -> str:
    """Which publication is on air, since when, by whom."""
    say, told = visit.say, history.shown(people.here(), waiting.store())
    if not told:
        return say("Nothing has been published yet.")
    newest = told[0]
    if not newest["by"]:
        return say("Publication {no} is on air, since {when}.", no=str(newest["no"]), when=say.moment(newest["at"]))
    when, number = say.moment(newest["at"]), str(newest["no"])
    return say("Publication {no} is on air, since {when}, by {who}.", no=number, when=when, who=newest["by"])


def running(visit: Visit) -> None:
    """Work of this page that is under way, and how it ended."""
    job = waiting.show(visit, st.session_state.get(JOB, ""))
    if job is None or not job.over:
        return
    del st.session_state[JOB]
    if not waiting.fault(visit, job):
        say = visit.say
        number = job.result.get("publication")
        st.success(say("Publication {no} is on air.", no=str(number)) if number else say("Done."), icon=":material/check_circle:")


def undo(visit: Visit) -> None:
    """One click: the list before the one on air."""
    say, told = visit.say, history.shown(people.here(), waiting.store())
    if len(told) < 2 or not people.may("undo"):
        return
    label, before = say("Undo publication {no}", no=str(told[0]["no"])), str(told[1]["no"])
    if st.button(label, key="undo", icon=":material/undo:"):
        what = say("The files of publication {no} are shown again, as a new publication. Nothing is deleted.", no=before)
        _ask(visit, label, what, partial(history.undo, seen=told[0]["no"]))


def _ask(visit: Visit, title: str, what: str, act: Any) -> None:
    """A dialog that says what will happen and asks why."""
    say = visit.say

    def inside() -> None:
        markup.paragraph(what)
        reason = st.text_area(say("Reason"), key="why", height=80)
        if st.button(title, key="do_it", type="primary") and _begun(visit, act, reason):
            st.rerun()

    st.dialog(title)(inside)()


def _begun(visit: Visit, act: Any, reason: str) -> bool:
    try:
        st.session_state[JOB] = act(people.require("history"), waiting.store(), reason=reason)
    except MeridianError as error:
        messages.refused(visit, error)
        return False
    return True


def publications(visit: Visit) -> None:
    """Each publication with what came in and what left."""
    say, told = visit.say, history.shown(people.here(), waiting.store())
    for at, one in enumerate(_first(told, "publications")):
        label = " · ".join(filter(None, (say("No. {no}", no=str(one["no"])), say.moment(one["at"]), one["by"], one["reason"])))
        with st.expander(label, expanded=at == 0):
            _publication(visit, one, told[0]["no"])
    _more(told, "publications", say("Older publications"))


def _first(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """As much of a long list as is shown so far."""
    return rows[: st.session_state.get(LONG + key, MOST)]


def _more(rows: list[dict[str, Any]], key: str, label: str) -> None:
    """A button for the next of a long list, where there are any."""
    shown = len(_first(rows, key))
    if shown < len(rows) and st.button(label, key=f"more_{key}", icon=":material/expand_more:"):
        st.session_state[LONG + key] = shown + MOST
        st.rerun()


def _publication(visit: Visit, one: dict[str, Any], on_air: int) -> None:
    """One publication; ``on_air`` is the number of the one that is."""
    say = visit.say
    markup.paragraph(say.many("It is made of {n} file.", "It is made of {n} files.", one["files"]) + f" {one['digest'][:12]}")
    if one["came"]:
        markup.paragraph(say("New in it"), "m-title")
    for file in _first(one["came"], f"files_{one['no']}"):
        _file(visit, file, one["no"])
    _more(one["came"], f"files_{one['no']}", say("Further files"))
    if one["left"]:
        markup.paragraph(say("No longer in it"), "m-title")
        markup.paragraph(", ".join(_named(file, say) for file in one["left"]))
    if one["no"] != on_air and people.may("undo"):
        label = say("Show publication {no} again", no=str(one["no"]))
        if st.button(label, key=f"again_{one['no']}", icon=":material/history:"):
            what = say("Its files are published again, as a new publication. Nothing is deleted.")
            _ask(visit, label, what, partial(history.restore, no=one["no"], seen=on_air))


def _named(file: dict[str, Any], say: Language) -> str:
    return say("{name} (erased)", name=file["name"]) if file["erased"] else file["name"]


def _file(visit: Visit, file: dict[str, Any], no: int) -> None:
    """One file: what it feeds, who answers for it, what was found and said, and the original."""
    say = visit.say
    with st.container(border=True, key=f"file_{no}_{file['event']}", gap="xxsmall"):
        markup.stressed(_named(file, say), "; ".join(_feeds(name, own, say) for name, own in file["sources"].items()), "m-line")
        markup.paragraph(_people(file, say))
        if file["findings"]:
            rows = [(one["cell"] or "–", one[say.code], one["note"] or "–") for one in file["findings"]]
            tables.told((Column(say("Cell")), Column(say("What")), Column(say("Note"))), rows, say("Findings"))
        if file["fixes"]:
            fixed = ", ".join(f"{cell} → {text or '–'}" for cell, text in list(file["fixes"].items())[:MOST])
            markup.paragraph(say("Corrected cells: {cells}", cells=fixed))
        _take(visit, file, no)


def _feeds(source: str, own: dict[str, Any], say: Language) -> str:
    """Which dataset and years, and how many rows."""
    years = f" {_years(own['years'], say)}" if own["years"] else ""
    return f"{say.pick(sources()[source].title)}{years}, {say.many('{n} row', '{n} rows', own['rows'])}"


def _people(file: dict[str, Any], say: Language) -> str:
    """Who handed it in, who approved it, why, final or provisional."""
    kind = say("[p] provisional") if file["status"] == "provisional" else say("final")
    part = say("part “{name}”", name=file["part"]) if file["part"] else ""
    second = say("approved by {who}", who=file["approved_by"]) if file["approved_by"] else ""
    instead = say("in place of {file}", file=", ".join(dict.fromkeys(file["supersedes"]))) if file["supersedes"] else ""
    return " · ".join(filter(None, (file["by"], say.moment(file["at"]), second, kind, part, instead, file["reason"])))


def _years(years: list[int], say: Language) -> str:
    if not years:
        return ""
    return say.year(years[0]) if len(years) == 1 else f"{say.year(years[0])} – {say.year(years[-1])}"


def _take(visit: Visit, file: dict[str, Any], no: int) -> None:
    """The original, for whoever may have it; and its end, for an administrator."""
    say, key = visit.say, f"{no}_{file['event']}"
    if file["erased"]:
        return
    with st.container(horizontal=True, gap="small"):
        if all(people.may("originals", file["institution"], source) for source in file["sources"]):
            making, label = partial(_original, people.here(), file["event"]), say("The original file")
            st.download_button(label, making, file["name"], key=f"original_{key}", on_click="ignore", icon=":material/download:")
        if people.may("erase") and st.button(say("Erase"), key=f"erase_{key}", type="tertiary", icon=":material/delete_forever:"):
            what = say("The file, its tables and every old publication that holds its rows are removed; only a line of the log stays.")
            _ask(visit, say("Erase {name} for good", name=file["name"]), what, partial(history.erase, sha=file["sha"]))


def _original(who: Any, event: int) -> bytes:
    return history.original(people.again(who), waiting.store(), event)[1]


def compare(visit: Visit) -> None:
    """Two publications chosen, and what differs between them."""
    say, numbers = visit.say, [one["no"] for one in history.shown(people.here(), waiting.store())]
    if len(numbers) < 2:
        markup.paragraph(say("There is only one so far."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        first = st.selectbox(say("From"), numbers, index=1, key="first", width=140)
        second = st.selectbox(say("To"), numbers, index=0, key="second", width=140)
        if st.button(say("Compare"), key="compare", type="primary"):
            st.session_state[COMPARED] = history.compare(people.require("history"), waiting.store(), first, second)
    job = waiting.show(visit, st.session_state.get(COMPARED, ""))
    if job and (job.facts["first"], job.facts["second"]) != (first, second):
        return  # other numbers are chosen now: what was told is not about them
    if job and job.state == "done":
        told = _told(visit, job.result)
        effect.goals(visit, told)
        aims_grid.changed(visit, told)
        effect.totals(visit, told)
        effect.indicators(visit, told)
    else:
        waiting.fault(visit, job)


def _told(visit: Visit, told: dict[str, Any]) -> dict[str, Any]:
    """What differs, as this person may see it: whoever hands in nothing sees no number of so few people that it would point at them."""
    if settings().small_numbers == "exact":
        return told
    kept = {
        name: [one for one in told[name] if not _small(one) or people.may("upload", one.get("institution") or "*")]
        for name in ("totals", "indicators")
    }
    if any(len(kept[name]) < len(told[name]) for name in kept):
        markup.paragraph(visit.say("Small numbers are left out here."))
    return told | kept


def _small(one: dict[str, Any]) -> bool:
    """Whether one of the two numbers is a count of one to four people."""
    known = indicators().get(one.get("code", ""))
    people_counted = known.unit in suppress.COUNTS if known else one.get("what") != "rows"
    return people_counted and any(suppress.few(one[when], suppress.Policy()) for when in WHEN)
