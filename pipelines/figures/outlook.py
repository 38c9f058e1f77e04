"""What lies beside the line of a trend: the projection with its range, marks where a series breaks, and their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.figures.model import Cell, Column, Point, Series
from pipelines.language import Language

if TYPE_CHECKING:
    from pipelines.catalogue import Indicator
    from pipelines.measuring.breaks import Break
    from pipelines.measuring.outlook import Estimate, Projection


def series(projection: Projection | None, indicator: Indicator, say: Language) -> list[Series]:
    """The projected years, each with its range; nothing without a projection."""
    if projection is None:
        return []
    points = (Point(one.year, one.value, ranged(one, indicator, say), span=(one.low, one.high)) for one in projection.ahead)
    return [Series(say("Projection, not a target"), tuple(points), "projection")]


def ranged(one: Estimate, indicator: Indicator, say: Language) -> str:
    """An estimate with its range: ``1,902 (1,142 – 2,661)``."""
    value, low, high = (say.number(number, indicator.unit, indicator.decimals) for number in (one.value, one.low, one.high))
    return f"{value} ({low} – {high})"


def method(projection: Projection | None, say: Language) -> str:
    """How the projection was made, in one sentence."""
    if projection is None:
        return ""
    first, last = say.year(projection.years[0]), say.year(projection.years[-1])
    return say(
        "Projection, not a target: a straight line (least squares) through {n} years, {first} to {last}; "
        "four of five values would lie in its range",
        n=say.number(len(projection.years)),
        first=first,
        last=last,
    )


def columns(projection: Projection | None, indicator: Indicator, say: Language) -> list[Column]:
    """Three columns of the table twin: the estimate and the ends of its range."""
    heads = (say("Projection, not a target"), say("Range from"), say("Range to"))
    return [Column(head, indicator.unit, indicator.decimals) for head in heads] if projection else []


def cells(projection: Projection | None, year: int | None) -> tuple[Cell, ...]:
    """The three cells of a year."""
    if projection is None:
        return ()
    found = next((one for one in projection.ahead if one.year == year), None)
    return (found.value, found.low, found.high) if found else (None, None, None)


def marks(found: Sequence[Break], years: Sequence[int], say: Language) -> tuple[tuple[float, float, str], ...]:
    """Breaks inside the years shown. A changed definition stands between two years; a circumstance covers the years it touched."""
    placed = []
    for one in found:
        if one.kind == "definition" and any(year < one.since for year in years) and any(year >= one.since for year in years):
            placed.append((one.since - 0.5, one.since - 0.5, say.pick(one.title)))
        elif one.kind == "circumstance" and any(one.since <= year <= (one.until or year) for year in years):
            placed.append((one.since - 0.5, (one.until or max(years)) + 0.5, say.pick(one.title)))
    return tuple(placed)


def notes(found: Sequence[Break], placed: Sequence[tuple[float, float, str]], say: Language) -> list[str]:
    """What is to be known about each break that is drawn."""
    drawn = {text for _, _, text in placed}
    return [say.pick(one.note) for one in found if say.pick(one.title) in drawn]


def alt(projection: Projection | None, indicator: Indicator, say: Language) -> str:
    """The last projected year, for people who cannot see the chart."""
    if projection is None:
        return ""
    last = projection.ahead[-1]
    return say(" Projection, not a target: {value} in {year}.", value=ranged(last, indicator, say), year=say.year(last.year))
