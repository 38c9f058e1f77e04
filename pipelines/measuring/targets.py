"""Targets that were changed: which of them hold in a year, the path with its step, and the one that was left. Plain rows, no store.

A changed target is a further row of the same goal and target year, valid from its ``effective_year``; nothing is written over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Row = Mapping[str, Any]
Path = list[tuple[int, float]]
"""(year, value), from the baseline to the last target."""
ALWAYS = -10_000
"""An effective year that is left empty: from the beginning."""


def in_force(rows: Sequence[Row], year: int) -> list[Row]:
    """The rows of one goal that hold in a year, one a target year, in order."""
    chosen: dict[int, Row] = {}
    for row in sorted(rows, key=since):
        if since(row) <= year:
            chosen[row["target_year"]] = row
    return [chosen[target] for target in sorted(chosen)]


def changes(rows: Sequence[Row]) -> list[int]:
    """The years from which other targets hold, in order."""
    return sorted({since(row) for row in rows} - {ALWAYS})


def path(rows: Sequence[Row], upper: bool = False) -> Path:
    """The path of a goal: in the year of a change it steps from what was due before to what is due since."""
    turns = [ALWAYS, *changes(rows)]
    found: Path = []
    for begin, until in zip(turns, [*turns[1:], None], strict=True):
        held = _path(in_force(rows, begin), upper)
        if not held or (until is not None and until <= held[0][0]):
            continue
        found += [(begin, _at(held, begin))] if found else []
        found += [point for point in held if point[0] > (found[-1][0] if found else ALWAYS) and (until is None or point[0] < until)]
        found += [(until, _at(held, until))] if until is not None else []
    return found


def former(rows: Sequence[Row]) -> dict[int, Path]:
    """Year of a change → the path that held until then, whole: an old target stays to be seen."""
    turns = [ALWAYS, *changes(rows)]
    held = {until: _path(in_force(rows, begin), upper=False) for begin, until in pairwise(turns)}
    return {until: points for until, points in held.items() if len(points) > 1}


def since(row: Row) -> int:
    """The year from which a row holds."""
    told = row.get("effective_year")
    return ALWAYS if told is None else int(told)


def _path(rows: Sequence[Row], upper: bool) -> Path:
    if not rows or (upper and rows[0].get("target_upper") is None):
        return []
    start = [] if upper else [(rows[0]["baseline_year"], rows[0]["baseline"])]
    return start + [(row["target_year"], row["target_upper"] if upper else row["target"]) for row in rows]


def _at(points: Path, year: int) -> float:
    """The value of a path in a year: straight lines between its points, level before and after."""
    if year <= points[0][0]:
        return points[0][1]
    for (first, low), (second, high) in pairwise(points):
        if first <= year <= second:
            return low + (high - low) * (year - first) / (second - first)
    return points[-1][1]
