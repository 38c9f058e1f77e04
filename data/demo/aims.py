"""The goals file of the fictional university, from the goals of its policy: one row per goal and target year."""

from __future__ import annotations

from typing import Any

from data.demo import world
from pipelines.policies import Goal, policy


def rows() -> list[dict[str, Any]]:
    """Every goal of ``policies/demo.toml``; yearly targets are rows that differ in their year and target only."""
    return [_row(goal, year, target) for goal in policy("demo").goal for year, target in sorted(goal.targets.items())]


def _row(goal: Goal, year: int, target: float) -> dict[str, Any]:
    return {
        "institution": "demo", "policy": "demo", "element": goal.element, "indicator": goal.indicator, "unit": goal.unit,
        "baseline_year": world.written_year(goal.baseline_year, 0), "baseline": goal.baseline, "target_year": world.written_year(year, 0),
        "target": target, "target_upper": goal.upper, "weight": goal.weight,
        "responsible": goal.responsible["tr"], "decided_in": goal.decided_in, "path": goal.path,
    }  # fmt: skip
