"""The Policy page's panel of all goals over the years."""

from __future__ import annotations

import streamlit as st

from pages.parts import charts, data, messages
from pages.parts.selection import Visit
from pipelines import figures
from pipelines.figures import Figure
from pipelines.figures.cohort import Judged
from pipelines.measuring import judge


def show(visit: Visit) -> None:
    """All goals by year, where there are any."""
    made = figure(visit)
    if made.told:
        st.header(visit.say("All goals over the years"), anchor=False)
        charts.show(made, visit, key="cohort")


@data.kept
def figure(visit: Visit) -> Figure:
    """Every goal of the whole institution in every year up to the chosen one."""
    say, rules = visit.say, judge.rules()
    rows = [row for row in data.statuses(visit.institution.id) if not row["unit"] and (visit.year is None or row["year"] <= visit.year)]
    known = {one.code: one for one in data.indicators_of(sorted({row["indicator"] for row in rows}))}
    several = len({row["policy"] for row in rows}) > 1
    judged = []
    for row in (row for row in rows if row["indicator"] in known):
        rule = rules[row["status"]]
        goal = say.pick(known[row["indicator"]].title) + (f" ({row['policy']})" if several else "")
        judged.append(Judged(goal, row["year"], row["attainment"], say.pick(rule.label), rule.tone, rule.icon, rule.good))
    return figures.cohort(judged, say, who=visit.institution.label(say), source=messages.source_line(visit, ()))
