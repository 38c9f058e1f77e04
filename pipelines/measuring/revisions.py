"""Goals over time: a changed target is a further row, valid from a year on. The old row stays, and the years before are judged by it.

Rows of one institution, policy, indicator and unit are one goal with several targets. Of each target year the row with the greatest
``effective_year`` up to the judged year is in force; an empty one holds from the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pipelines.errors import Place
from pipelines.measuring.judge import Goal, Step, expected

Row = dict[str, Any]
Key = tuple[str, str, str, str]
Path = list[tuple[int, float]]
"""(year, value), from the baseline to the last target."""
BEGINNING = 0
"""Stands for an empty ``effective_year``: before every academic year."""
SAID_ONCE = ("element", "weight", "responsible", "decided_in", "path")
"""What is true of the whole goal: of the rows in force, the newest that says it counts, then the first."""


def since(row: Row) -> int:
    """The year from which a row is in force."""
    return row.get("effective_year") or BEGINNING


def groups(rows: Sequence[Row]) -> dict[Key, list[Row]]:
    """The rows of each goal, by target year; of one target year the oldest first."""
    found: dict[Key, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row["target_year"], since(row))):
        found.setdefault(key(row), []).append(row)
    return found


def key(row: Row) -> Key:
    """What makes rows rows of one goal."""
    return row["institution"], row["policy"], row["indicator"], row.get("unit") or ""


def in_force(rows: Sequence[Row], year: int | None = None) -> list[Row]:
    """Of one goal's rows those that hold in ``year``, one a target year, in order; None: those that hold when all changes have come."""
    held: dict[int, Row] = {}
    for row in sorted(rows, key=since):
        if year is None or since(row) <= year:
            held[row["target_year"]] = row
    return [held[target_year] for target_year in sorted(held)]


def gather(rows: Sequence[Row], year: int | None = None) -> list[Goal]:
    """The goals as they stand in a year (None: with every change); one that comes into force later is not among them."""
    return [_goal(held) for group in groups(rows).values() if (held := in_force(group, year))]


def versions(rows: Sequence[Row]) -> list[tuple[int, Goal]]:
    """How one goal's rows changed: (from which year, the goal), the oldest first."""
    return [(year, _goal(in_force(rows, year))) for year in sorted({since(row) for row in rows})]


def valid(found: Sequence[tuple[int, Goal]], year: int) -> Goal | None:
    """The goal by which a year is judged; None before it came into force."""
    return next((goal for start, goal in reversed(found) if start <= year), None)


def course(rows: Sequence[Row], upper: bool = False) -> Path:
    """The path of one goal as (year, value), from the baseline on; ``upper``: the other edge of a band, without the baseline.

    Where a change comes into force the year stands twice, with the old value and the new one: a step; so does every target's year on a
    stepped path. Of the old targets nothing is shown after that, of the new ones nothing before.
    """
    found = _paths(rows)
    first = found[0][1]
    if upper and first.steps[0].upper is None:
        return []
    points = [] if upper else [Step(first.baseline_year, first.baseline)]
    for at, (start, goal) in enumerate(found):
        end = found[at + 1][0] if at + 1 < len(found) else None
        points += [step for step in _drawn(goal) if start < step.year and (end is None or step.year < end)]
        if end is not None:
            points += _change(goal, found[at + 1][1], end)
    return _edges(points, upper)


def given_up(rows: Sequence[Row]) -> dict[int, Path]:
    """Year of a change → the path that held until then, whole, from the baseline to its last target: an old target stays to be seen."""
    found = _paths(rows)
    return {end: _edges([Step(goal.baseline_year, goal.baseline), *_drawn(goal)], upper=False) for (_, goal), (end, _) in pairwise(found)}


def _paths(rows: Sequence[Row]) -> list[tuple[int, Goal]]:
    """The versions of which the targets differ from those before: another weight or owner leaves the path as it is."""
    found = versions(rows)
    return found[:1] + [later for earlier, later in pairwise(found) if _way(later[1]) != _way(earlier[1])]


def _way(goal: Goal) -> tuple[object, ...]:
    return goal.steps, goal.path


def _drawn(goal: Goal) -> list[Step]:
    """The targets; on a stepped path each with what was due just before it, in the same year."""
    if goal.path != "stepped":
        return list(goal.steps)
    before = [expected(goal, step.year - 1) or Step(goal.baseline_year, goal.baseline) for step in goal.steps]
    return [one for held, step in zip(before, goal.steps, strict=True) for one in (Step(step.year, held.target, held.upper), step)]


def _edges(points: Sequence[Step], upper: bool) -> Path:
    chosen = [(step.year, step.upper if upper else step.target) for step in points]
    return [(year, value) for year, value in chosen if value is not None]


def _change(old: Goal, new: Goal, year: int) -> list[Step]:
    """What was due in the year of a change by the old path and by the new one; nothing where the path has not begun."""
    both = [due for due in (expected(old, year), expected(new, year)) if due]
    return both[:1] if len(both) == 2 and both[0] == both[1] else both


def _goal(rows: Sequence[Row]) -> Goal:
    institution, policy, indicator, unit = key(rows[0])
    newest = sorted(rows, key=since, reverse=True)
    found = {name: next((row[name] for row in newest if row.get(name) is not None), None) for name in SAID_ONCE}
    said = {name: value for name, value in found.items() if value is not None}
    steps = tuple(Step(row["target_year"], row["target"], row.get("target_upper")) for row in rows)
    return Goal(institution, policy, indicator, unit, rows[0]["baseline_year"], rows[0]["baseline"], steps, **said, place=place(rows[0]))


def place(row: Row) -> Place:
    """Where a row stands in the file that was handed in."""
    return Place(row.get("file") or "", row.get("sheet"), row.get("row"))
