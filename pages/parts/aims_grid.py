"""The Goals page: the grid, and the draft that its changes become."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from pages.parts import data, links, markup, people, tables, waiting
from pages.parts.selection import Visit
from pipelines.catalogue import indicators
from pipelines.desk import governance, targets
from pipelines.errors import Finding, MeridianError, Refused
from pipelines.figures import Column
from pipelines.measuring.judge import WAYS

MOST = 10
BACK, AHEAD = 6, 6
"""Years from which a change may hold, around the running one."""
ORDER = (
    "indicator", "target_year", "target", "target_upper", "effective_year", "path", "unit", "baseline_year", "baseline", "weight",
    "responsible", "decided_in", "policy", "element",
)  # fmt: skip
"""What changes most stands first."""


def sentence(visit: Visit) -> str:
    """How many targets there are, and how many were changed on the way."""
    say, rows = visit.say, targets.grid(data.version(), visit.institution.id)
    if not rows:
        return say("There are no goals yet; a first row makes one.")
    goals = {(row["policy"], row["indicator"], row["unit"]) for row in rows}
    first = say.many("{n} goal", "{n} goals", len(goals))
    changed = len([row for row in rows if row["effective_year"] is not None])
    rest = say.many("{n} target was changed.", "{n} targets were changed.", changed) if changed else say("No target was changed.")
    return f"{first}. {rest}"


def edit(visit: Visit) -> None:
    """The grid in a form: nothing happens before it is sent."""
    say, before = visit.say, targets.grid(data.version(), visit.institution.id)
    with st.form("goals", border=True):
        after = st.data_editor(
            before or [dict.fromkeys(targets.SHOWN)], column_config=_columns(visit), column_order=ORDER, num_rows="dynamic",
            hide_index=True, placeholder="–", key=f"goals_{data.version().id}_{visit.institution.id}_{say.code}", width="stretch",
            alt=say("Goals, one target year a row"),
        )  # fmt: skip
        markup.paragraph(
            say("A changed target holds from the year below; the one before stays visible as a step. Removing a row takes the goal out.")
        )
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            now = governance.running(date.today())
            years = list(range(now - BACK, now + AHEAD))
            effective = st.selectbox(say("Changes hold from"), years, index=BACK, format_func=say.year, width=180)
            reason = st.text_input(say("Reason"), key="why_goals", width=420)
        if st.form_submit_button(say("Show what would change"), type="primary"):
            _save(visit, before, after, reason, effective)


def _columns(visit: Visit) -> dict[str, Any]:
    """Heads, kinds and lists of the grid."""
    say = visit.say
    column = st.column_config
    names = {"policy": say("Policy"), "element": say("Policy element"), "unit": say("Unit of the institution")}
    numbers = {"baseline": say("Baseline"), "target": say("Target"), "target_upper": say("Upper edge"), "weight": say("Weight")}
    years = {"baseline_year": say("Baseline year"), "target_year": say("Target year"), "effective_year": say("Valid from")}
    texts = {"responsible": say("Responsible"), "decided_in": say("Decided in")}
    codes, ways = list(indicators()), data.names("goal_path", say.code)
    return (
        {name: column.TextColumn(label, required=name in targets.NEEDED) for name, label in (names | texts).items()}
        | {name: column.NumberColumn(label, required=name in targets.NEEDED) for name, label in numbers.items()}
        | {name: _year(label, name) for name, label in years.items()}
        | {"path": column.SelectboxColumn(say("Way to the target"), options=list(WAYS), format_func=lambda way: ways.get(way, way))}
        | {"indicator": column.SelectboxColumn(say("Indicator"), options=codes, format_func=lambda code: _named(code, visit), width=240,
                                               required=True, pinned=True)}
    )  # fmt: skip


def _year(label: str, name: str) -> Any:
    """Years are written as their first half, as a number; from when a change holds is told below the grid."""
    fixed = name == "effective_year"
    return st.column_config.NumberColumn(
        label, format="%d", step=1, min_value=1950, max_value=2100, disabled=fixed, required=name in targets.NEEDED
    )


def _named(code: str, visit: Visit) -> str:
    return f"{code} {visit.say.pick(indicators()[code].title)}" if code in indicators() else code


def _save(visit: Visit, before: list[dict[str, Any]], after: list[dict[str, Any]], reason: str, effective: int) -> None:
    """The changes as a draft; its page shows the difference, the goals that flip, and publishes or asks a second person."""
    who, institution = people.require("goals", visit.institution.id, "goals"), visit.institution.id
    try:
        draft = targets.save(who, waiting.store(), institution, before, list(after), reason, effective)
    except MeridianError as error:
        _refused(visit, error.findings if isinstance(error, Refused) else [error.finding])
        return
    links.go(visit, "staff/upload.py", draft=draft.id)


def _refused(visit: Visit, faults: list[Finding]) -> None:
    """Every fault in words, with its row of the grid."""
    say = visit.say
    for one in faults[:MOST]:
        where = say("Row {n}:", n=say.number(one.place.row)) + " " if one.place.row else ""
        st.error(f"{where}{one.sentence(say.code)}")


def changed(visit: Visit, told: dict[str, Any]) -> None:
    """Goals with another target than before, each in the newest year in which it differs. ``told``: what differs between publications."""
    say = visit.say
    newest = {(one["indicator"], one["unit"]): one for one in told["goals"] if one["target_before"] != one["target_after"]}
    if not newest:
        return
    st.header(say("Targets that change"), anchor=False)
    columns = (Column(say("Goal")), Column(say("Year")), Column(say("Before"), "count"), Column(say("After"), "count"))
    rows = [
        (
            (_named(one["indicator"], visit), one["unit"] or ""),
            say.year(one["year"]),
            _written(one, "target_before", visit),
            _written(one, "target_after", visit),
        )
        for one in newest.values()
    ]
    tables.told(columns, rows, say("Targets that change"))


def _written(one: dict[str, Any], name: str, visit: Visit) -> str:
    known = indicators().get(one["indicator"])
    return visit.say.number(one[name], known.unit if known else "count", known.decimals if known else 0)
