"""Handing in, the end: what would change (rows, totals, indicators, goals, reports), and the decision: publish, or ask a second person."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts import aims_grid, data, handing, links, markup, messages, people, tables, waiting
from pages.parts.selection import Visit
from pipelines import catalogue
from pipelines.desk import examination
from pipelines.desk import handing as desk
from pipelines.desk.drafts import DraftState
from pipelines.errors import MeridianError
from pipelines.figures import Column
from pipelines.language import Language
from pipelines.measuring import judge
from pipelines.sources import sources

MOST = 60
SIGNS = {"new": "+", "changed": "≠", "removed": "−"}


def show(visit: Visit, told: dict[str, Any]) -> None:
    """The difference and its effect, from the large to the small."""
    impact = told["impact"]
    _rows(visit, impact)
    goals(visit, impact)
    aims_grid.changed(visit, impact)
    totals(visit, impact)
    indicators(visit, impact)
    _reports(visit, impact)
    _changes(visit, impact)


def _rows(visit: Visit, impact: dict[str, Any]) -> None:
    """How many rows are new, changed, removed and the same, per dataset."""
    say = visit.say
    for source, count in impact["rows"].items():
        words = {"new": say("new"), "changed": say("changed"), "removed": say("removed"), "same": say("the same")}
        markup.paragraph(say.pick(sources()[source].title), "m-title")
        markup.facts([(say.number(count.get(name, 0)), words[name]) for name in words])


def goals(visit: Visit, impact: dict[str, Any]) -> None:
    """Goals whose status changes."""
    say = visit.say
    flips = [one for one in impact["goals"] if one.get("flips")]
    st.header(say("Goals that change their status"), anchor=False)
    if not flips:
        markup.paragraph(say("None."))
        return
    columns = (Column(say("Goal")), Column(say("Year")), Column(say("Before")), Column(say("After")))
    rows = [
        (indicator(one["indicator"], say), say.year(one["year"]), _status(one, "before", say), _status(one, "after", say)) for one in flips
    ]
    tables.told(columns, rows[:MOST], say("Goals that change their status"))


def _status(one: dict[str, Any], when: str, say: Language) -> str:
    status, share = one[f"status_{when}"], one[f"attainment_{when}"]
    if not status:
        return "–"
    rule = judge.rules()[status]
    return f"{rule.icon} {say.pick(rule.label)}" + (f" ({say.percent(100 * share)})" if share is not None else "")


def totals(visit: Visit, impact: dict[str, Any]) -> None:
    """What the rows add up to, before and after."""
    say = visit.say
    changed = [one for one in impact["totals"] if one["before"] != one["after"]]
    st.header(say("Totals"), anchor=False)
    if not changed:
        markup.paragraph(say("No total changes."))
        return
    columns = (
        Column(say("Dataset")),
        Column(say("Year")),
        Column(say("Before"), "count"),
        Column(say("After"), "count"),
        Column(say("Change"), "count"),
    )
    rows = [(_total(one, say), say.year(one["year"]), *_pair(one, "people", 0, say)) for one in changed]
    tables.told(columns, rows[:MOST], say("Totals"))


def _total(one: dict[str, Any], say: Language) -> tables.Lines:
    """Which dataset and what of it is added up: rows, or one of its columns."""
    source = sources()[one["source"]]
    columns = {column.name: say.pick(column.title) for column in source.columns}
    what = str(one.get("what") or "")
    return say.pick(source.title), say("Rows") if what == "rows" else columns.get(what, what)


def indicators(visit: Visit, impact: dict[str, Any]) -> None:
    """Every indicator that changes, before and after."""
    say = visit.say
    st.header(say.many("{n} figure of an indicator changes", "{n} figures of indicators change", len(impact["indicators"])), anchor=False)
    if not impact["indicators"]:
        return
    columns = (
        Column(say("Indicator")),
        Column(say("Year")),
        Column(say("Before"), "count"),
        Column(say("After"), "count"),
        Column(say("Change"), "count"),
    )
    rows = []
    for one in impact["indicators"]:
        known = catalogue.indicators().get(one["code"])
        unit, decimals = (known.unit, known.decimals) if known else ("count", 0)
        rows.append((indicator(one["code"], say), _when(one, say), *_pair(one, unit, decimals, say)))
    tables.told(columns, rows[:MOST], say("Indicators before and after"))
    if len(rows) > MOST:
        with st.expander(say.many("{n} further figure", "{n} further figures", len(rows) - MOST)):
            tables.told(columns, rows[MOST:], say("Indicators before and after"))


def _pair(one: dict[str, Any], unit: str, decimals: int, say: Language) -> tuple[str, str, str]:
    """Before, after and the change, written."""
    before, after = one["before"], one["after"]
    change = (
        say.signed(after - before, decimals)
        if before is not None and after is not None
        else (say("new") if before is None else say("gone"))
    )
    return say.number(before, unit, decimals), say.number(after, unit, decimals), change


def _when(one: dict[str, Any], say: Language) -> str:
    return say.year(one["year_from"], one["year_to"]) if one["year_from"] is not None else "–"


def indicator(code: str, say: Language) -> str:
    """An indicator's title with its code."""
    known = catalogue.indicators().get(code)
    return f"{say.pick(known.title)} ({code})" if known else code


def _reports(visit: Visit, impact: dict[str, Any]) -> None:
    """Downloads that used a number which changes."""
    say, used = visit.say, impact["reports"]
    if used:
        st.header(say("Reports and downloads that used an old number"), anchor=False)
        rows = [(str(one["what"]), one["by"], say.moment(one["at"]), str(one["publication"] or "–")) for one in used[:MOST]]
        tables.told((Column(say("What")), Column(say("Who")), Column(say("When")), Column(say("Publication"))), rows, say("Reports"))


def _changes(visit: Visit, impact: dict[str, Any]) -> None:
    """The rows themselves, the first of them."""
    say, changes = visit.say, impact["changes"]
    if not changes:
        return
    with st.expander(say.many("{n} row in detail", "{n} rows in detail", len(changes))):
        words = {"new": say("new"), "changed": say("changed"), "removed": say("removed")}
        rows = [(f"{SIGNS[one['kind']]} {words[one['kind']]}", *_row(one, say)) for one in changes]
        columns = (Column(say("Row")), Column(say("What")), Column(say("Before")), Column(say("After")), Column(say("Cell")))
        tables.told(columns, rows, say("Rows that change"))


def _row(one: dict[str, Any], say: Language) -> tuple[str, str, str, str]:
    """What a row is about, its values before and after, and its cell."""
    return _key(one, say), _values(one["before"], say), _values(one["after"], say), one.get("cell") or ""


def _key(one: dict[str, Any], say: Language) -> str:
    return " · ".join(str(word) for word in one["key"].values() if word is not None)


def _values(told: dict[str, Any] | None, say: Language) -> str:
    columns = {column.name: say.pick(column.title) for source in sources().values() for column in source.columns}
    return ", ".join(
        f"{columns.get(name, name)}: {say.number(v) if isinstance(v, int | float) else v}"
        for name, v in (told or {}).items()
        if v is not None
    )


def decide(visit: Visit, draft: DraftState, told: dict[str, Any]) -> None:
    """The last step: a reason, and on air; or to a second person, with the reasons why."""
    say = visit.say
    st.header(say("Publish"), anchor=False)
    if told["foreign"]:
        st.error(say("The file holds rows of {names}, for which you may not hand in.", names=", ".join(told["foreign"])))
        return
    open_ones = examination.open_findings(told, draft.notes)
    if open_ones:
        st.warning(say.many("{n} point of the check still needs you.", "{n} points of the check still need you.", len(open_ones)))
        return
    why = desk.reasons_for_approval(people.here(), waiting.store(), draft)
    for one in why:
        st.info(say("A second person decides: {why}.", why=say.pick(one)), icon=":material/group:")
    with st.form("decide", border=True):
        reason = st.text_area(say("Reason (stands in the history)"), draft.reason, key="reason", height=80)
        if told["kind"] == "own":
            st.checkbox(say("Remember how this file is read, for the next one"), draft.remember, key="remember")
        label = say("Send for approval") if why else say("Publish")
        if st.form_submit_button(label, type="primary", icon=":material/send:" if why else ":material/publish:"):
            _send(visit, draft, reason, bool(why))


def _send(visit: Visit, draft: DraftState, reason: str, second: bool) -> None:
    try:
        remember = bool(st.session_state.get("remember", draft.remember))
        desk.answer(people.here(), waiting.store(), draft.id, remember=remember)
        (desk.propose if second else desk.publish)(people.here(), waiting.store(), draft.id, reason)
    except MeridianError as error:
        messages.refused(visit, error)
        return
    st.rerun()


def published(visit: Visit, draft: DraftState) -> None:
    """The end of a draft: on air, with the ways on."""
    say = visit.say
    st.success(
        say("Publication {no} is on air. It can be undone with one click in the history.", no=str(draft.publication)),
        icon=":material/check_circle:",
    )
    links.page(visit, "leadership/overview.py", say("See the overview"))
    links.page(visit, "staff/history.py", say("See the history"))
    links.here(say("Hand in another file"), "another", draft=None, step=None)


def proposed(visit: Visit, draft: DraftState, told: dict[str, Any] | None) -> None:
    """A draft that waits for a second person."""
    say = visit.say
    st.info(say("Sent for approval on {when}. Nothing is published yet.", when=say.moment(draft.changed)), icon=":material/hourglass_top:")
    if draft.by == people.here().id and st.button(say("Take it back"), key="take_back"):
        desk.take_back(people.here(), waiting.store(), draft.id)
        st.rerun()
    if told and told.get("impact"):
        show(visit, told)


def institutions(visit: Visit) -> dict[str, str]:
    """Institution → its name, for tables."""
    return {one.id: one.label(visit.say) for one in data.institutions()}


def head(visit: Visit, draft: DraftState) -> str:
    """What a draft is about, in one line."""
    return handing.dataset(draft, visit.say)
