"""Figures that compare parts: a small trend each on one scale, two years side by side, how unequal countries are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.figures import values as words
from pipelines.figures.model import Column, Figure, Point, Role, Series, Table
from pipelines.figures.rank import label
from pipelines.figures.time import filled, point, unit_words
from pipelines.language import Language
from pipelines.measuring.crossing import gini

if TYPE_CHECKING:
    from pipelines.catalogue import Indicator
    from pipelines.measure import Value

PANELS, SLOPES = 12, 8


def multiples(
    indicator: Indicator,
    values: Sequence[Value],
    names: Mapping[str, str],
    say: Language,
    *,
    by: str,
    who: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """A small trend for each part, all on one scale, the largest of the newest year first; at most twelve, the rest is in the table."""
    parts: dict[str, list[Value]] = {}
    for value in (one for one in values if words.yearly(one)):
        parts.setdefault(value.key, []).append(value)
    years = sorted({v.year for members in parts.values() for v in members})
    lines = {key: filled(members) for key, members in parts.items()}
    size = {key: sum(v.value or 0.0 for v in line if v.year_from == years[-1]) for key, line in lines.items()}
    ranked = sorted(lines, key=lambda key: (-size[key], -max((v.value or 0.0 for v in lines[key]), default=0.0), key))
    called = {key: label(lines[key][0], names, say) for key in ranked}
    series = tuple(Series(called[key], _whole(lines[key], years, indicator, say)) for key in ranked[:PANELS])
    cells = {(v.year_from, key): words.cell(v) for key in ranked for v in lines[key]}
    columns = (Column(say("Year"), "year"), *(Column(called[key], indicator.unit, indicator.decimals) for key in ranked))
    rows = tuple((year, *(cells.get((year, key)) for key in ranked)) for year in years)
    more = say.many("{n} more in the table", "{n} more in the table", len(ranked) - PANELS) if len(ranked) > PANELS else ""
    top = max((p.y for s in series for p in s.points if p.y is not None), default=0.0)
    scale = (
        say("Every panel has the same scale, from 0 to {top}", top=say.number(top, indicator.unit, indicator.decimals)) if series else ""
    )
    title = _growth(lines, called, years, indicator, say)
    below = " · ".join(filter(None, (who, f"{say.pick(indicator.title)}, {by}", unit_words(indicator.unit, say), _span(years, say))))
    return Figure(
        "multiples", title, below, series, Table(columns, rows), indicator.unit, indicator.decimals,
        " · ".join(filter(None, (scale, more, note, words.remarks(values, say)))), source,
        say("Small line charts on one scale. {title}.", title=title), f"{indicator.code}_{indicator.id}_panels", say.code,
    )  # fmt: skip


def _whole(line: Sequence[Value], years: Sequence[int], indicator: Indicator, say: Language) -> tuple[Point, ...]:
    """A point for every year of the chart; a year without a value is a gap."""
    known = {value.year_from: point(value, indicator, say) for value in line}
    return tuple(known.get(year, Point(year, None, say.number(None))) for year in years)


def _span(years: Sequence[int], say: Language) -> str:
    return f"{say.year(years[0])} – {say.year(years[-1])}" if years else ""


def _growth(
    lines: Mapping[str, Sequence[Value]], names: Mapping[str, str], years: Sequence[int], indicator: Indicator, say: Language
) -> str:
    """The part that changed most between the first and the newest year."""
    first, last = (
        {key: v for key, line in lines.items() for v in line if v.year_from == year} for year in (*(years[:1] or [0]), *years[-1:])
    )
    gained = {key: (last[key].value or 0.0) - (first[key].value or 0.0) for key in last if key in first and _told(first[key], last[key])}
    if not gained or len(years) < 2:
        return say("No value for this selection") if not lines else f"{say.pick(indicator.title)}, {_span(years, say)}"
    most = max(gained, key=lambda key: (abs(gained[key]), key))
    before, now = (words.written(side[most], indicator, say, marks=False) for side in (first, last))
    return say("{name} changed most: from {before} to {now}", name=names[most], before=before, now=now)


def _told(*values: Value) -> bool:
    return all(value.value is not None and not value.hidden for value in values)


def slope(
    indicator: Indicator,
    before: Mapping[str, Value],
    now: Mapping[str, Value],
    names: Mapping[str, str],
    say: Language,
    *,
    years: tuple[int, int],
    by: str,
    who: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """Two years side by side: the eight largest of either year that both years tell; the table has all of them."""
    keys = sorted({*before, *now}, key=lambda key: (-max(side[key].value or 0.0 for side in (before, now) if key in side), key))
    both = [key for key in keys if key in before and key in now and _told(before[key], now[key])]
    shown = both[:SLOPES]
    change = {key: (now[key].value or 0.0) - (before[key].value or 0.0) for key in shown}
    roles = _ends_of(change)
    called = {key: label((now.get(key) or before[key]), names, say) for key in keys}
    series = tuple(
        Series(called[key], tuple(point(side[key], indicator, say) for side in (before, now)), roles.get(key, "muted")) for key in shown
    )
    head = [Column(say.year(year), indicator.unit, indicator.decimals) for year in years]
    rows = tuple(
        (called[key], words.cell(before.get(key)), words.cell(now.get(key)), _change(before.get(key), now.get(key), indicator, say))
        for key in keys
    )
    table = Table((Column(by.capitalize()), *head, Column(say("Change"))), rows)
    left = len(keys) - len(shown)
    more = say.many("{n} more in the table", "{n} more in the table", left) if left else ""
    title = _moved(change, called, indicator, say)
    below = " · ".join(filter(None, (who, f"{say.pick(indicator.title)}, {by}", unit_words(indicator.unit, say), _span(years, say))))
    remarks = words.remarks([*before.values(), *now.values()], say)
    return Figure(
        "slope", title, below, series, table, indicator.unit, indicator.decimals,
        " · ".join(filter(None, (more, note, remarks))), source, say("Lines between two years. {title}.", title=title),
        f"{indicator.code}_{indicator.id}_change", say.code,
    )  # fmt: skip


def _ends_of(change: Mapping[str, float]) -> dict[str, Role]:
    """The one that gained most and the one that lost most stand out; the others are quiet."""
    ranked = sorted(change, key=lambda key: (change[key], key))
    most: dict[str, Role] = {ranked[-1]: "first"} if ranked and change[ranked[-1]] > 0 else {}
    return most | ({ranked[0]: "third"} if ranked and change[ranked[0]] < 0 else {})


def _change(before: Value | None, now: Value | None, indicator: Indicator, say: Language) -> str:
    if before is None or now is None or not _told(before, now) or {before.precision, now.precision} - {None, "exact"}:
        return say.number(None)
    return words.change(now.value or 0.0, before.value or 0.0, indicator, say)


def _moved(change: Mapping[str, float], names: Mapping[str, str], indicator: Indicator, say: Language) -> str:
    """Who gained most and who lost most."""
    if not change:
        return say("No value for this selection")
    ranked = sorted(change, key=lambda key: (change[key], key))
    rise, fall = say("Largest rise: {name} ({change})"), say("Largest fall: {name} ({change})")
    told = [(rise, ranked[-1])] if change[ranked[-1]] > 0 else []
    told += [(fall, ranked[0])] if change[ranked[0]] < 0 else []
    sentences = [text.format(name=names[key], change=say.signed(change[key], indicator.decimals)) for text, key in told]
    return "; ".join(sentences) or say("Nothing changed between the two years")


def lorenz(
    indicator: Indicator,
    sizes: Mapping[int, Sequence[float]],
    say: Language,
    *,
    who: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """How unequally countries share: from the smallest to the largest, what part of the countries has what part of the whole.

    ``sizes``: year → what each country has, the smallest first; the newest year is told in words, an earlier one drawn beside it.
    """
    years = sorted((year for year in sizes if sizes[year]), reverse=True)[:2]
    curves = {year: _curve(sizes[year]) for year in years}
    roles: tuple[Role, ...] = ("first", "second")
    series = [Series(say.year(year), _points(curves[year], say), role) for year, role in zip(years, roles, strict=False)]
    even = Series(say("every country the same"), (Point(0.0, 0.0), Point(100.0, 100.0)), "muted")
    steps = range(10, 101, 10)
    columns = (Column(say("Smallest countries, share of all"), "percent"), *(Column(say.year(year), "percent", 1) for year in years))
    rows = tuple((float(step), *(share_at(curves[year], step) for year in years)) for step in steps) if years else ()
    title, reading = _reading(indicator, sizes[years[0]], curves[years[0]], say) if years else (say("No value for this selection"), "")
    before = _compared(sizes, years, say) if len(years) > 1 else ""
    span = " · ".join(say.year(year) for year in years)
    below = " · ".join(filter(None, (who, say.pick(indicator.title), say("share in per cent"), span)))
    return Figure(
        "lorenz", title, below, (*series, even) if years else (), Table(columns, rows), "percent", 0,
        " · ".join(filter(None, (reading, before, note))), source,
        say("Curve of countries from the smallest to the largest. {title}.", title=title),
        f"{indicator.code}_{indicator.id}_lorenz", say.code,
    )  # fmt: skip


Curve = list[tuple[float, float]]


def _curve(sizes: Sequence[float]) -> Curve:
    """(per cent of the countries, per cent of the whole), from (0, 0) to (100, 100)."""
    whole, sofar, found = sum(sizes), 0.0, [(0.0, 0.0)]
    for rank, size in enumerate(sizes, 1):
        sofar += size
        found.append((100 * rank / len(sizes), 100 * sofar / whole))
    return found


def share_at(curve: Curve, at: float) -> float:
    """What the smallest ``at`` per cent of the countries have, in per cent; between two countries on the straight line."""
    for (x0, y0), (x1, y1) in pairwise(curve):
        if x0 <= at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return 100.0


def _points(curve: Curve, say: Language) -> tuple[Point, ...]:
    sentence = say("the smallest {countries} of the countries have {share}")
    return tuple(Point(x, y, sentence.format(countries=say.percent(x), share=say.percent(y, 1))) for x, y in curve)


def _reading(indicator: Indicator, sizes: Sequence[float], curve: Curve, say: Language) -> tuple[str, str]:
    """The finding, and how to read the rest: the coefficient, and how few countries make up half."""
    half, largest, sofar = sum(sizes) / 2, 0, 0.0
    for size in reversed(sizes):
        if sofar >= half:
            break
        sofar, largest = sofar + size, largest + 1
    share = say.percent(share_at(curve, 50.0), 1)
    title = say("The smaller half of {n} countries has {share}", n=say.number(len(sizes)), share=share)
    most = say.many("{n} country alone makes up half of all", "the largest {n} countries make up half of all", largest)
    coefficient = say.number(gini(sizes), "ratio", 2)
    return title, say("Gini coefficient {n} (0: every country the same, 1: one has all); {most}", n=coefficient, most=most)


def _compared(sizes: Mapping[int, Sequence[float]], years: Sequence[int], say: Language) -> str:
    """Whether the countries have become more alike, in words."""
    now, then = (gini(sizes[year]) for year in years)
    known = {"year": say.year(years[1]), "n": say.number(then, "ratio", 2)}
    if abs(now - then) < 0.005:
        return say("as unequal as in {year} ({n})", **known)
    return say("more unequal than in {year} ({n})", **known) if now > then else say("more even than in {year} ({n})", **known)


def apart(places: Sequence[float], gap: float) -> list[float]:
    """Places moved so far that no two are closer than ``gap``, in the order given: labels that can be read."""
    order = sorted(range(len(places)), key=lambda at: (places[at], at))
    moved = list(places)
    for lower, higher in pairwise(order):
        moved[higher] = max(moved[higher], moved[lower] + gap)
    over = sum(moved[at] - places[at] for at in order) / len(order) if order else 0.0
    return [place - over for place in moved]


def swarm(places: Sequence[float], wide: float) -> list[float]:
    """How far each dot is lifted off the line, in dots: 0, 1, −1, 2 …, so that those closer than ``wide`` do not cover each other."""
    lifted = [0.0] * len(places)
    last: dict[float, float] = {}
    for at in sorted(range(len(places)), key=lambda at: (places[at], at)):
        tries = (sign * step for step in range(len(places) + 1) for sign in ((1, -1) if step else (1,)))
        lifted[at] = next(float(lift) for lift in tries if places[at] - last.get(float(lift), -1e300) >= wide)
        last[lifted[at]] = places[at]
    return lifted
