"""The figure of all goals of a policy over the years: how much of its way each had gone, and what that was called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.figures.model import Cell, Column, Figure, Point, Role, Series, Table
from pipelines.language import Language

YEARS = 10
"""Years shown, the newest ones."""


@dataclass(frozen=True)
class Judged:
    """A goal in a year: part of the way from baseline to target (not clipped, None: cannot be told), its status in words and as icon."""

    goal: str
    year: int
    attainment: float | None
    status: str
    tone: Role
    icon: str
    good: bool


def cohort(goals: Sequence[Judged], say: Language, *, who: str = "", source: str = "") -> Figure:
    """Goals down, the one furthest behind in the newest year first; years across; attainment and status in every cell."""
    years = sorted({one.year for one in goals})[-YEARS:]
    cells = {(one.goal, one.year): one for one in goals if one.year in years}
    names = sorted({goal for goal, _ in cells}, key=lambda goal: (_way(cells.get((goal, years[-1]))), goal))
    kinds = dict.fromkeys((one.status, one.tone, one.icon) for one in cells.values())
    series = tuple(
        Series(status, tuple(_point(one, say) for one in cells.values() if one.status == status), tone, icon)
        for status, tone, icon in kinds
    )
    rows = tuple((goal, *(_written(cells.get((goal, year)), say) for year in years)) for goal in names)
    columns = (Column(say("Goal")), *(Column(say.year(year)) for year in years))
    title = _title(list(cells.values()), years, say)
    span = f"{say.year(years[0])} – {say.year(years[-1])}" if years else ""
    return Figure(
        "cohort", title, " · ".join(filter(None, (who, say("per cent of the way from baseline to target"), span))), series,
        Table(columns, rows), "percent", 0, "", source, say("Goals by year, a status in each cell. {title}.", title=title), "goals_by_year",
        say.code,
    )  # fmt: skip


def _way(one: Judged | None) -> tuple[bool, float]:
    """For sorting: goals that cannot be told come last."""
    known = one is not None and one.attainment is not None
    return (not known, one.attainment or 0.0 if one else 0.0)


def _point(one: Judged, say: Language) -> Point:
    share = None if one.attainment is None else 100 * one.attainment
    label = say.number(None) if share is None else say.percent(0.0 if abs(share) < 0.5 else share)  # never “−0%”
    return Point(say.year(one.year), share, label, y_label=one.goal)


def _written(one: Judged | None, say: Language) -> Cell:
    """As people read it: “93% ▲ At risk”."""
    return f"{_point(one, say).label} {one.icon} {one.status}" if one else None


def _title(goals: Sequence[Judged], years: Sequence[int], say: Language) -> str:
    """How many were reached or on track in the newest year, and in the first."""
    told = {year: [one for one in goals if one.year == year and one.attainment is not None] for year in years}
    judged = [year for year in years if told[year]]
    if not judged:
        return say("No goal can be judged yet")
    first, last = judged[0], judged[-1]
    good = {year: len([one for one in told[year] if one.good]) for year in (first, last)}
    now = say("{good} of {all} goals reached or on track in {year}", good=good[last], all=len(told[last]), year=say.year(last))
    if first == last:
        return now
    return f"{now}; {say('{good} of {all} in {year}', good=good[first], all=len(told[first]), year=say.year(first))}"
