"""How fast a goal has to go and how fast it goes; where a series leads if nothing changes. Pure arithmetic, no store.

The projection is an ordinary least squares line through the newest comparable years, at least ``LEAST`` and at most ``MOST`` of them,
with the interval in which a further year would lie in ``LEVEL`` of cases if the years go on scattering around the line as they did:
ŷ ± t · s · √(1 + 1/n + (x − x̄)² / Σ(x − x̄)²), with n − 2 degrees of freedom. It is a projection and not a target: nobody decided it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, linear_regression

from pipelines.catalogue import Indicator
from pipelines.measuring import breaks
from pipelines.measuring.judge import Goal, distance
from pipelines.measuring.value import Value

LEAST, MOST = 4, 5
"""Years that a projection needs, and uses at most."""
AHEAD = 5
"""Years that it reaches beyond the newest one at most."""
LEVEL = 0.8
QUANTILE = {2: 1.8856180831641267, 3: 1.6377443536962093}
"""Student's t for ``LEVEL`` on both sides by degrees of freedom (``LEAST`` − 2 to ``MOST`` − 2)."""
Known = Sequence[tuple[int, float]]
"""(year, value), in any order, each year once."""


Bounds = tuple[float | None, float | None]
"""What an indicator cannot fall below or rise above; None: not known."""


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


def comparable(values: Iterable[Value]) -> list[tuple[int, float]]:
    """Of an indicator's headline values of one institution those that a projection may rest on.

    Final and exact ones of single years, since the definition last changed, of the same origin as the newest: a published number and one
    counted from rows are not put into one line. Hidden ones are no numbers.
    """
    fit = [one for one in values if one.value is not None and not (one.hidden or one.provisional) and (one.precision or "exact") == "exact"]
    single = [one for one in fit if one.year_from is not None and one.year_to in (None, one.year_from)]
    newest = max(single, key=lambda one: (one.year_from or 0, one.origin == "computed"), default=None)
    if newest is None:
        return []
    since = breaks.comparable_since(newest.institution, newest.indicator) or 0
    return sorted((one.year_from or 0, one.value or 0.0) for one in single if one.origin == newest.origin and (one.year_from or 0) >= since)


def bounds(indicator: Indicator) -> Bounds:
    """Sums and shares of rows do not fall below nothing; parts of the same rows do not exceed the whole. Balances may be anything."""
    if indicator.shape == "derived":
        return None, None
    divided = indicator.formula.denominator
    part = indicator.shape == "spread" or (divided is not None and divided.table is None)
    return 0.0, 100.0 if indicator.unit == "percent" and part else None


def project(known: Known, until: int, within: Bounds = (None, None)) -> Projection | None:
    """The line through the newest years, on to ``until``; None with fewer than ``LEAST`` years or nothing ahead. ``within``: its bounds."""
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
        return Estimate(year, *(_within(one, within) for one in found))

    return Projection(tuple(map(estimate, ahead)), tuple(years), slope)


def _within(value: float, bounds: Bounds) -> float:
    low, high = bounds
    value = value if low is None else max(value, low)
    return value if high is None else min(value, high)
