"""Whether two engines measure the same: every indicator, whole and in each of its breakdowns, value by value."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from typing import Any

from pipelines.catalogue import Indicator, indicators
from pipelines.engines.asked import Asked
from pipelines.measuring.compute import compute
from pipelines.measuring.formulas import Question
from pipelines.measuring.value import Run, Value

Answers = dict[Asked, list[Value]]
RATIO, INDEX = 1e-9, 1e-6
"""How far two engines may be apart, of the larger number: shares and sums; indices, whose logarithms end differently. Counts not at all."""


def answers(run: Run, asked: Iterable[Asked]) -> Answers:
    """The known values of every question, in a fixed order; those of inputs are asked once."""
    known: Answers = {}

    def given(code: str, question: Question) -> list[Value]:
        if (code, question) not in known:
            known[code, question] = compute(run, indicators()[code], question, given)
        return known[code, question]

    return {one: sorted((value for value in given(*one) if value.value is not None), key=_spot) for one in asked}


def _spot(value: Value) -> tuple[Any, ...]:
    return value.spot


def differences(ours: Answers, theirs: Answers) -> Iterator[str]:
    """A line for every question whose answers differ, with the first value that does."""
    for (code, question), values in ours.items():
        by, others, same = question.by, theirs[code, question], _same(indicators()[code])
        if [one.spot for one in values] != [one.spot for one in others]:
            yield f"{code} by {by}: {len(values)} values and {len(others)}"
        elif unlike := next((pair for pair in zip(values, others, strict=True) if not same(*pair)), None):
            yield f"{code} by {by}: {unlike[0]} and {unlike[1]}"


def _same(indicator: Indicator) -> Callable[[Value, Value], bool]:
    near = INDEX if indicator.unit == "index" or indicator.shape == "spread" else RATIO

    def same(one: Value, other: Value) -> bool:
        pairs = zip(astuple(one), astuple(other), strict=True)
        return all(_close(a, b, near) if isinstance(a, float | int) and isinstance(b, float | int) else a == b for a, b in pairs)

    return same


def _close(one: float, other: float, near: float) -> bool:
    """Whole numbers are equal or not."""
    if float(one).is_integer() and float(other).is_integer():
        return one == other
    return math.isclose(one, other, rel_tol=near, abs_tol=0.0)
