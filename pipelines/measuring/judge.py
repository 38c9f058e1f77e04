"""How a goal is judged: its path, its attainment, its status and the score of several. Pure arithmetic, no store.

Attainment is baseline-adjusted, ``(actual − baseline) / (target − baseline)``, and never clipped: 583 → 612 with 707 reached is 427 %.
It is undefined where the target equals the baseline, and missing where the actual is missing; missing is never zero. A target
that lies ahead is judged against its path: the yearly targets, and between them a straight line (``linear``) or the last target that was
due (``stepped``). The words and thresholds of the status are data: ``data/reference/status_rules.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Literal, get_args

from pipelines.errors import ROOT, Place

RULES = ROOT / "data" / "reference" / "status_rules.toml"
YEAR_ENDS = (9, 30)  # the last day of an academic year, in the calendar year after its start
CLOSE = 1e-9  # 0.1 + 0.2 is not 0.3: a target met to nine digits is met

Better = Literal["higher", "lower", "band", "context"]
Measured = Literal["attainment", "attainment_path"]
Way = Literal["linear", "stepped"]
WAYS: tuple[Way, ...] = get_args(Way)
"""How the way between two targets goes: a bit every year, or nothing until the next one is due. Where nothing is said, the first."""


@dataclass(frozen=True, slots=True)
class Step:
    """The target of one year; ``upper`` is the other edge where the target is a band."""

    year: int
    target: float
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal: several rows of the ``goals`` source that differ in their target year only. Steps are ordered by year."""

    institution: str
    policy: str
    indicator: str
    unit: str
    baseline_year: int
    baseline: float
    steps: tuple[Step, ...]
    element: str | None = None
    weight: float | None = None
    responsible: str | None = None
    decided_in: str | None = None
    path: Way = WAYS[0]
    place: Place = field(default_factory=Place)

    @property
    def final(self) -> Step:
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class Judged:
    """One goal in one year. ``attainment`` looks at the final target, ``attainment_path`` at what was due by that year."""

    expected: Step | None
    attainment: float | None
    attainment_path: float | None
    distance: float | None
    status: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One status of the rule file. ``measured`` and ``at_least`` are empty for the statuses that no threshold gives."""

    id: str
    label: dict[str, str]
    meaning: dict[str, str]
    reason: dict[str, str]
    icon: str
    material: str
    tone: str
    order: int
    good: bool
    measured: Measured | None = None
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A weighted mean of attainments, each within the cap. ``known`` of ``weight`` is measured; the rest is missing, not zero."""

    value: float | None
    known: float
    weight: float
    capped: tuple[str, ...]
    missing: tuple[str, ...]
    cap: tuple[float, float]


def distance(actual: float | None, target: float, upper: float | None = None) -> float | None:
    """Signed way from the target, in the indicator's unit: 0 inside a band, negative below it, positive above it."""
    if actual is None:
        return None
    if upper is None:
        return actual - target
    return min(actual - target, 0.0) + max(actual - upper, 0.0)


def attainment(actual: float | None, baseline: float, target: float, upper: float | None = None) -> float | None:
    """Fraction of the way from the baseline to the target, not clipped; None where it is undefined or the actual is missing.

    Lower-is-better needs no other formula: both differences are negative. Inside a band it is 1; outside, the part of the
    baseline's distance to the band that has been covered. A baseline inside the band has no distance: there the band's own width is
    the yardstick, so that leaving the band by a tenth of its width is 90 %.
    """
    if actual is None:
        return None
    if upper is None:
        return None if abs(target - baseline) < CLOSE else (actual - baseline) / (target - baseline)
    away = abs(distance(actual, target, upper) or 0.0)
    yardstick = abs(distance(baseline, target, upper) or 0.0) or upper - target
    if away < CLOSE:
        return 1.0
    return None if yardstick < CLOSE else 1 - away / yardstick


def expected(goal: Goal, year: int) -> Step | None:
    """What was due by ``year``: the year's own target, the way between two, the last one afterwards; None up to the baseline.

    On a stepped path the target before holds until the next one's year, and the baseline until the first one's.

    A band is approached from the side on which the baseline lies; its other edge holds from the start.
    """
    if year <= goal.baseline_year:
        return None
    after = next((step for step in goal.steps if step.year >= year), None)
    if after is None:
        return Step(year, goal.final.target, goal.final.upper)
    before = next((step for step in reversed(goal.steps) if step.year < year), None) or _start(goal, after)
    part = 0.0 if goal.path == "stepped" and year < after.year else (year - before.year) / (after.year - before.year)
    return Step(year, _between(before.target, after.target, part), _edge(before, after, part))


def _start(goal: Goal, first: Step) -> Step:
    if first.upper is None:
        return Step(goal.baseline_year, goal.baseline)
    return Step(goal.baseline_year, min(goal.baseline, first.target), max(goal.baseline, first.upper))


def _edge(before: Step, after: Step, part: float) -> float | None:
    if after.upper is None:
        return None
    return _between(after.upper if before.upper is None else before.upper, after.upper, part)


def _between(start: float, end: float, part: float) -> float:
    return start + (end - start) * part


def judge(goal: Goal, year: int, actual: float | None, *, better: Better = "higher", as_of: date | None = None) -> Judged:
    """Path, attainment and status of a goal in a year. ``better`` matters only where the attainment is undefined."""
    due = expected(goal, year)
    final = goal.final
    toward_final = attainment(actual, goal.baseline, final.target, final.upper)
    toward_path = attainment(actual, goal.baseline, due.target, due.upper) if due else None
    found = status(goal, year, actual, better=better, as_of=as_of)
    return Judged(due, toward_final, toward_path, distance(actual, final.target, final.upper), found)


def status(goal: Goal, year: int, actual: float | None, *, better: Better = "higher", as_of: date | None = None) -> str:
    """The id of the status rule: the first one, in the order of the file, whose threshold is met."""
    due = expected(goal, year)
    if due is None or (actual is None and as_of is not None and as_of <= date(year + 1, *YEAR_ENDS)):
        return "not_due"
    if actual is None:
        return "no_data"
    measured = {
        "attainment": _reaches(actual, goal, goal.final, better),
        "attainment_path": _reaches(actual, goal, due, better),
    }
    ladder = [(rule.id, rule.measured, rule.at_least or 0) for rule in rules().values() if rule.measured]
    return next((name for name, which, least in ladder if measured[which] >= least - CLOSE), ladder[-1][0])


def _reaches(actual: float, goal: Goal, step: Step, better: Better) -> float:
    """The attainment, and where it is undefined (a value to be kept) 1 or 0: met or not, by the indicator's own direction."""
    known = attainment(actual, goal.baseline, step.target, step.upper)
    if known is not None:
        return known
    away = distance(actual, step.target, step.upper) or 0.0
    met = {"higher": away >= -CLOSE, "lower": away <= CLOSE}.get(better, abs(away) <= CLOSE)
    return 1.0 if met else 0.0


def score(judged: Iterable[dict[str, Any]], cap: tuple[float, float] = (0.0, 1.0), measured: Measured = "attainment_path") -> Score:
    """Weighted attainment of several goals of one year (rows of ``board.goal_status``): Σ weight · capped ÷ Σ weight, known ones only."""
    rows = [(row["indicator"], float(row["weight"] or 0), row[measured]) for row in judged]
    known = [(name, weight, value) for name, weight, value in rows if value is not None and weight > 0]
    weight = sum(part for _, part, _ in known)
    total = sum(part * (counted(value, cap) or 0.0) for _, part, value in known)
    return Score(
        value=total / weight if weight else None,
        known=weight,
        weight=sum(part for _, part, _ in rows),
        capped=tuple(name for name, _, value in known if not cap[0] - CLOSE <= value <= cap[1] + CLOSE),
        missing=tuple(name for name, _, value in rows if value is None),
        cap=cap,
    )


def counted(value: float | None, cap: tuple[float, float]) -> float | None:
    """What of an attainment counts in a score: within the cap; nothing known stays nothing known."""
    return None if value is None else min(max(value, cap[0]), cap[1])


@cache
def rules() -> dict[str, Rule]:
    """The statuses by id, in the order in which they are tried."""
    entries = tomllib.loads(RULES.read_text(encoding="utf-8"))["status"]
    return {entry["id"]: Rule(**entry, order=order) for order, entry in enumerate(entries)}
