"""A goal on its way, in words: how its path goes, what is due, the pace needed and kept, where the series leads."""

from __future__ import annotations

import streamlit as st

from pages.parts import cards, data, markup, pictures
from pages.parts.selection import Visit
from pipelines.catalogue import Indicator
from pipelines.figures import values as written
from pipelines.goals import Goal, expected
from pipelines.language import Language
from pipelines.measuring import breaks, outlook, revisions

NAMED = 4
"""Targets that are listed one by one; of more, the first and the last."""


def show(visit: Visit, indicator: Indicator) -> None:
    """The way to the target in the chosen year, and the projection; nothing where there is neither."""
    goal, told = _goal(visit, indicator), []
    if goal is not None:
        told += _aimed(visit, indicator, goal)
    told += _projected(visit, indicator, aimed=goal is not None)
    if told:
        st.header(visit.say("The way ahead"), anchor=False)
        markup.definitions(told)


def _goal(visit: Visit, indicator: Indicator) -> Goal | None:
    """The goal as it stands in the chosen year; of several policies, the first one's, as in the chart."""
    rows = data.goals(visit.institution.id, indicator.code)
    mine = [row for row in rows if row["policy"] == rows[0]["policy"]]
    return revisions.valid(revisions.versions(mine), visit.year) if mine and visit.year is not None else None


def _aimed(visit: Visit, indicator: Indicator, goal: Goal) -> list[tuple[str, str]]:
    say, year = visit.say, visit.year
    assert year is not None
    value = data.latest(data.headline(visit.institution.id, indicator.code), year)
    known = value is not None and written.yearly(value) and not value.hidden
    actual = value.value if value is not None and known else None
    judged = next((one for one in cards.goals(visit, year) if one.code == indicator.code), None)
    due = expected(goal, year)
    reached = say("reached: {value}", value=written.written(value, indicator, say)) if known else say("no value for this year")
    standing = [_edges(due.target, due.upper, indicator, say), reached] if due else [say("Nothing is due yet.")]
    standing += [judged.status] if judged else []
    told = [(say("How the path goes"), path(goal, indicator, say)), (say("Due in {year}", year=say.year(year)), " · ".join(standing))]
    return [*told, (say("Pace"), pace(outlook.pace(goal, year, actual), goal, indicator, say))]


def path(goal: Goal, indicator: Indicator, say: Language) -> str:
    """The path in words: from where, over which targets, straight or in steps."""
    shown = goal.steps if len(goal.steps) <= NAMED else (goal.steps[0], goal.final)
    targets = " → ".join(f"{_edges(step.target, step.upper, indicator, say)} ({say.year(step.year)})" for step in shown)
    start = f"{_edges(goal.baseline, None, indicator, say)} ({say.year(goal.baseline_year)})"
    if goal.path == "stepped":
        kind = say("In steps: until a target's year the one before it holds")
    elif len(goal.steps) > NAMED:
        kind = say("A value of its own for {n} years, straight lines between", n=say.number(len(goal.steps)))
    else:
        kind = say("Straight lines between the targets: a part of the way every year")
    return f"{start} → {targets}. {kind}."


def pace(found: outlook.Pace, goal: Goal, indicator: Indicator, say: Language) -> str:
    """What is needed each year from now on, beside what was gained each year so far."""
    decimals = max(indicator.decimals, 1)

    def yearly(change: float) -> str:
        return say("{n} pp", n=say.signed(change, decimals)) if indicator.unit == "percent" else say.signed(change, decimals)

    so_far = (
        say("so far {change} a year since {year}", change=yearly(found.so_far), year=say.year(goal.baseline_year))
        if found.so_far is not None
        else ""
    )
    if found.needed is None:
        needed = say("the last target's year has come") if not found.years_left else say("what is needed cannot be told without a value")
    else:
        needed = say.many(
            "needed {change} a year for {n} year", "needed {change} a year for {n} years", found.years_left, change=yearly(found.needed)
        )
    return " · ".join(filter(None, (needed, so_far)))


def _edges(target: float, upper: float | None, indicator: Indicator, say: Language) -> str:
    low = say.number(target, indicator.unit, indicator.decimals)
    return low if upper is None else f"{low} – {say.number(upper, indicator.unit, indicator.decimals)}"


def _projected(visit: Visit, indicator: Indicator, aimed: bool) -> list[tuple[str, str]]:
    """The last projected year with its range and how it was made; with a goal also why there is none."""
    say, found = visit.say, pictures.projection(visit, indicator)
    term = say("Projection, not a target")
    if found is None:
        least = say("None: it needs {n} final and comparable years, and years ahead.", n=say.number(outlook.LEAST))
        return [(term, least)] if aimed else []
    last = found.ahead[-1]
    value, low, high = (say.number(number, indicator.unit, indicator.decimals) for number in (last.value, last.low, last.high))
    led = say(
        "{value} in {year}, in four of five cases between {low} and {high}.", value=value, year=say.year(last.year), low=low, high=high
    )
    slope = say("A straight line through {n} years.", n=say.number(len(found.years)))
    return [(term, " ".join((led, slope, *_touched(visit, indicator, found))))]


def _touched(visit: Visit, indicator: Indicator, found: outlook.Projection) -> list[str]:
    """Circumstances in the years that it rests on."""
    met = [one for one in breaks.of(visit.institution.id, indicator.code) if one.kind == "circumstance"]
    named = [visit.say.pick(one.title) for one in met if any(one.since <= year <= (one.until or year) for year in found.years)]
    return [visit.say("These years include: {names}.", names=", ".join(named))] if named else []
