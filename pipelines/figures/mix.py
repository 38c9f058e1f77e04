"""Figures of several series over the years: two flows side by side, the mix of a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipelines.figures import values as words
from pipelines.figures.model import Column, Figure, Point, Role, Series, Table
from pipelines.figures.time import filled, point, unit_words
from pipelines.language import Language

if TYPE_CHECKING:
    from pipelines.catalogue import Indicator
    from pipelines.measure import Value

ROLES: tuple[Role, ...] = ("first", "second", "third", "fourth", "fifth")
ByYear = Mapping[int, Mapping[str, float]]
"""Year → key → amount."""


def flows(
    first: tuple[Indicator, Sequence[Value]],
    second: tuple[Indicator, Sequence[Value]],
    say: Language,
    *,
    who: str = "",
    source: str = "",
    names: tuple[str, str] | None = None,
) -> Figure:
    """Two indicators of one unit over the same years: out and in. ``names`` for what they are called, where not by their titles."""
    pairs = [(indicator, filled([v for v in values if words.yearly(v)])) for indicator, values in (first, second)]
    called = names or tuple(say.pick(indicator.title) for indicator, _ in pairs)
    series = tuple(
        Series(name, tuple(point(v, i, say) for v in values), role) for name, (i, values), role in zip(called, pairs, ROLES, strict=False)
    )
    years = sorted({v.year for _, values in pairs for v in values})
    found = [{v.year_from: v for v in values} for _, values in pairs]
    head = [Column(say("Year"), "year"), *(Column(name, i.unit, i.decimals) for name, (i, _) in zip(called, pairs, strict=True))]
    rows = tuple((year, *(words.cell(by_year.get(year)) for by_year in found)) for year in years)
    last = " · ".join(f"{name} {words.written(v[-1], i, say, marks=False)}" for name, (i, v) in zip(called, pairs, strict=True) if v)
    span = f"{say.year(years[0])} – {say.year(years[-1])}" if years else ""
    title = f"{last} ({say.year(years[-1])})" if years else say("No value yet")
    below = " · ".join(filter(None, (who, unit_words(pairs[0][0].unit, say), span)))
    unit, decimals = pairs[0][0].unit, pairs[0][0].decimals
    remarks = words.remarks([v for _, values in pairs for v in values], say)
    alt = say("Line chart. {title}.", title=title)
    return Figure("trend", title, below, series, Table(tuple(head), rows), unit, decimals, remarks, source, alt, "flows", say.code)


def shares(
    title: str,
    by_year: ByYear,
    names: Mapping[str, str],
    say: Language,
    *,
    who: str = "",
    source: str = "",
    note: str = "",
    name: str = "mix",
) -> Figure:
    """The mix of a whole over the years as shares of 100 %: the four largest groups of all years, the others together."""
    groups = _groups(by_year, names, say)
    years = sorted(by_year)
    amounts = {group: [sum(by_year[year].get(key, 0.0) for key in keys) for year in years] for group, keys in groups.items()}
    sums = [sum(column) for column in zip(*amounts.values(), strict=True)]
    roles: list[Role] = ["rest" if group == say("Others") else ROLES[at % 5] for at, group in enumerate(groups)]
    points = {group: tuple(_share(*entry, say) for entry in zip(years, amounts[group], sums, strict=True)) for group in groups}
    series = tuple(Series(group, points[group], role) for group, role in zip(groups, roles, strict=True))
    table = Table(
        (Column(say("Year"), "year"), *(Column(group, "people") for group in groups)),
        tuple((year, *(amounts[group][at] for group in groups)) for at, year in enumerate(years)),
    )
    heading = _leader(title, years, amounts, sums, say)
    span = f"{say.year(years[0])} – {say.year(years[-1])}" if len(years) > 1 else ""
    below = " · ".join(filter(None, (who, say("share in per cent"), span)))
    alt = say("Stacked bars. {title}.", title=heading)
    return Figure("shares", heading, below, series, table, "percent", 0, note, source, alt, name, say.code)


def _groups(by_year: ByYear, names: Mapping[str, str], say: Language, most: int = 5) -> dict[str, list[str]]:
    """Name of a group → its keys; what is beyond the largest goes into one."""
    totals: dict[str, float] = {}
    for parts in by_year.values():
        for key, value in parts.items():
            totals[key] = totals.get(key, 0.0) + value
    ranked = sorted(totals, key=lambda key: (-totals[key], key))
    kept = ranked if len(ranked) <= most else ranked[: most - 1]
    groups = {names.get(key, key): [key] for key in kept}
    return groups | ({say("Others"): ranked[len(kept) :]} if len(kept) < len(ranked) else {})


def _share(year: int, amount: float, whole: float, say: Language) -> Point:
    if not whole:
        return Point(year, None)
    return Point(year, 100 * amount / whole, f"{say.percent(100 * amount / whole)} · {say.number(amount)}")


def _leader(title: str, years: Sequence[int], amounts: Mapping[str, Sequence[float]], sums: Sequence[float], say: Language) -> str:
    if not years or not sums or not sums[-1]:
        return say("{title}: no value yet", title=title)
    leader = max(amounts, key=lambda group: amounts[group][-1])
    share = say.percent(100 * amounts[leader][-1] / sums[-1])
    return say("{title}: {leader} has {share} in {year}", title=title, leader=leader, share=share, year=say.year(years[-1]))
