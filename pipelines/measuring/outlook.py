"""How fast a goal has to go and how fast it goes; where a series leads if nothing changes. Pure arithmetic, no store.

The projection is an ordinary least squares line through the newest comparable years, at most ``MOST`` and at least ``LEAST`` of them, with the
interval in which a further year would lie in ``LEVEL`` of cases if the years scattered around the line as they did:
ŷ ± t · s · √(1 + 1/n + (x − x̄)² / Σ(x − x̄)²), with n − 2 degrees of freedom. It is a projection and not a target: nobody decided it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, linear_regression

from pipelines.measuring.judge import Goal, distance

LEAST, MOST = 4, 5
"""Years that a projection needs, and uses at most."""
AHEAD = 5
"""Years that it reaches beyond the newest one at most."""
LEVEL = 0.8
QUANTILE = {2: 1.8856180831641267, 3: 1.6377443536962093}
"""Student's t for ``LEVEL`` on both sides by degrees of freedom (``LEAST`` − 2 to ``MOST`` − 2)."""
Known = Sequence[tuple[int, float]]
"""(year, value), in any order, each year once."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Change a year in the indicator's unit. ``needed``: from the year looked at to the last target; None when that year has come."""

    needed: float | None
    so_far: float | None
    years_left: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A projected year with the range around it."""

    year: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Projection:
    """The years ahead, the years they rest on, and the change a year."""

    ahead: tuple[Estimate, ...]
    years: tuple[int, ...]
    slope: float


def pace(goal: Goal, year: int, actual: float | None) -> Pace:
    """What has to be gained each year from ``year`` to the last target, and what was gained each year since the baseline.

    Nothing is needed inside a band or where the target is behind; the direction is that from the baseline to the target.
    """
    left = max(goal.final.year - year, 0)
    if actual is None:
        return Pace(None, None, left)
    gone = year - goal.baseline_year
    return Pace(_missing(goal, actual) / left if left else None, (actual - goal.baseline) / gone if gone > 0 else None, left)


def _missing(goal: Goal, actual: float) -> float:
    """The way to the last target; 0 where it has been gone."""
    final = goal.final
    away = -(distance(actual, final.target, final.upper) or 0.0)
    upward = final.target >= goal.baseline
    return away if final.upper is not None or (away > 0) == upward else 0.0


def project(known: Known, until: int, floor: float | None = None) -> Projection | None:
    """The line through the newest years, on to ``until``; None with fewer than ``LEAST`` years or nothing ahead. ``floor``: a bound from below."""
    used = sorted(known)[-MOST:]
    last = used[-1][0] if used else until
    ahead = range(last + 1, min(until, last + AHEAD) + 1)
    if len(used) < LEAST or not ahead:
        return None
    years, values = [year for year, _ in used], [value for _, value in used]
    slope, intercept = linear_regression(years, values)
    middle, spread = fmean(years), sum((year - fmean(years)) ** 2 for year in years)
    scatter = sqrt(sum((value - intercept - slope * year) ** 2 for year, value in used) / (len(used) - 2))

    def estimate(year: int) -> Estimate:
        away = QUANTILE[len(used) - 2] * scatter * sqrt(1 + 1 / len(used) + (year - middle) ** 2 / spread)
        found = (intercept + slope * year + side * away for side in (0, -1, 1))
        return Estimate(year, *(one if floor is None else max(one, floor) for one in found))

    return Projection(tuple(map(estimate, ahead)), tuple(years), slope)
