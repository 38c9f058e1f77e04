"""Small numbers: what the public does not see, decided in one place, so that page, download and report obey alike.

A count of one to four people can point at a person. Published figures of an institution are public already and never hidden.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from pipelines.catalogue import Indicator
from pipelines.measuring.value import Value

COUNTS = frozenset({"people"})


@dataclass(frozen=True)
class Policy:
    """``exact`` shows all; ``suppress`` hides counts below ``threshold``, and one more part where one alone would be told by its total;
    ``round5`` rounds counts to five. Neither shows a percentage, ratio or index on fewer than ``base`` people. A true zero is shown."""

    mode: Literal["exact", "suppress", "round5"] = "suppress"
    threshold: int = 5
    base: int = 20


def shown(values: Iterable[Value], indicator: Indicator, policy: Policy) -> list[Value]:
    """Copies of the values as the public may see them: ``hidden`` ones have no numbers."""
    values = [replace(value) for value in values]
    if policy.mode == "exact":
        return values
    if policy.mode == "round5":
        return [_rounded(value, indicator, policy) for value in values]
    for value in values:
        value.hidden = _small(value, indicator, policy)
    for _, group in groupby(sorted(values, key=_table), key=_table):
        _hide_one_more(list(group))
    return [_emptied(value) if value.hidden else value for value in values]


def _small(value: Value, indicator: Indicator, policy: Policy) -> bool:
    """Whether a value rests on so few people that it must not be shown."""
    if value.origin == "reported" or value.people is None or value.value is None:
        return False
    if indicator.unit in COUNTS:
        return 0 < value.people < policy.threshold
    part = indicator.shape == "ratio" or value.by == indicator.formula.per  # the numerator is a count of its own
    few = part and value.numerator is not None and 0 < value.numerator < policy.threshold
    return value.people < policy.base or few


def _table(value: Value) -> tuple[str, int, int, str]:
    return (value.institution, value.year_from or 0, value.year_to or 0, value.by)


def _hide_one_more(group: list[Value]) -> None:
    """The total less the others would give back the only hidden part: the next smallest is hidden with it."""
    if group[0].by and sum(value.hidden for value in group) == 1:
        others = [value for value in group if not value.hidden and value.origin != "reported" and value.people]
        if others:
            min(others, key=lambda value: (value.people, value.key)).hidden = True


def _emptied(value: Value) -> Value:
    return replace(value, value=None, numerator=None, denominator=None, people=None)


def _rounded(value: Value, indicator: Indicator, policy: Policy) -> Value:
    if value.origin == "reported" or value.people is None or value.value is None:
        return value
    if indicator.unit in COUNTS:
        return replace(value, value=_to_five(value.value), people=_to_five(value.people))
    if value.people < policy.base:
        return _emptied(replace(value, hidden=True))
    return replace(value, numerator=None, denominator=None, people=_to_five(value.people))


def _to_five(number: float) -> float:
    """To the nearest five, halves up (2.5 → 5, 2 → 0)."""
    return math.copysign(5.0 * math.floor(abs(number) / 5 + 0.5), number) if number else 0.0
