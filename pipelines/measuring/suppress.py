"""Small numbers: what the public does not see, decided in one place, so that page, download and report obey alike.

A count of one to four people can point at a person. Published figures of an institution are public already and never hidden.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from pipelines.catalogue import Indicator
from pipelines.measuring.tables import TABLES
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
    """The values as the public may see them: of ``hidden`` ones a copy without numbers, of rounded ones a rounded copy."""
    values = list(values)
    if policy.mode == "exact":
        return values
    if policy.mode == "round5":
        return [_rounded(value, indicator, policy) for value in values]
    small = {place for place, value in enumerate(values) if _small(value, indicator, policy)}
    places = sorted(range(len(values)), key=lambda place: _table(values[place]))
    hidden = small.union(*(_one_more(values, list(group), small) for _, group in groupby(places, key=lambda place: _table(values[place]))))
    return [_hidden(value, indicator, few=place in small) if place in hidden else value for place, value in enumerate(values)]


def _hidden(value: Value, indicator: Indicator, *, few: bool) -> Value:
    return _emptied(replace(value, hidden=True, few=few and indicator.unit in COUNTS and value.value == value.people))


def few(people: float | None, policy: Policy) -> bool:
    """Whether a count of people can point at a person. A true zero cannot, nor what is not known."""
    return 0 < (people or 0) < policy.threshold


def _small(value: Value, indicator: Indicator, policy: Policy) -> bool:
    """Whether a value rests on so few people that it must not be shown."""
    if value.origin == "reported" or value.value is None:
        return False
    if value.people is None:
        return _counts_over(indicator) and few(value.numerator, policy)
    if indicator.unit in COUNTS:
        return few(value.people, policy)
    part = indicator.shape == "ratio" or value.by == indicator.formula.per  # the numerator is a count of its own
    return value.people < policy.base or (part and few(value.numerator, policy))


def _counts_over(indicator: Indicator) -> bool:
    """Whether the numerator is people while the denominator is not: students over places."""
    return indicator.shape == "ratio" and TABLES[indicator.formula.table or ""].realised


def _table(value: Value) -> tuple[str, int, int, str]:
    return (value.institution, value.year_from or 0, value.year_to or 0, value.by)


def _one_more(values: list[Value], group: list[int], small: set[int]) -> list[int]:
    """The total less the others would give back the only hidden part: the next smallest is hidden with it."""
    if not values[group[0]].by or sum(place in small for place in group) != 1:
        return []
    others = [place for place in group if place not in small and values[place].origin != "reported" and _weight(values[place])]
    return [min(others, key=lambda place: (_weight(values[place]), values[place].key))] if others else []


def _weight(value: Value) -> float:
    """How many people a value rests on."""
    return value.people if value.people is not None else value.numerator or 0.0


Cells = Mapping[tuple[str, str], Value]
"""(row, column) → value; the column "" is the whole of the row."""


def crossed(cells: Cells, known: Collection[tuple[str, str]] = ()) -> dict[tuple[str, str], Value]:
    """Cells of two dimensions, already shown one by one, so that neither a row nor a column gives back its only hidden part.

    A row or column with one hidden part loses its next smallest too, until none is left alone; where there is no other part, the whole of
    the row is hidden. ``known``: cells that are published elsewhere, which it would help nobody to hide here.
    """
    kept, alone = dict(cells), True
    while alone:
        lines = [[at for at in kept if at[0] == row and at[1]] for row in dict.fromkeys(row for row, _ in kept)]
        lines += [[at for at in kept if at[1] == column] for column in dict.fromkeys(column for _, column in kept if column)]
        alone = any(_cover(kept, line, known) for line in lines)
    for row in dict.fromkeys(row for row, _ in kept):
        hidden = [at for at in kept if at[0] == row and at[1] and kept[at].hidden]
        whole = kept.get((row, ""))
        if len(hidden) == 1 and whole is not None and not whole.hidden:
            kept[row, ""] = _emptied(replace(whole, hidden=True))
    return kept


def _cover(kept: dict[tuple[str, str], Value], line: list[tuple[str, str]], known: Collection[tuple[str, str]]) -> bool:
    """Hides one more of a line that has exactly one hidden part; whether it did."""
    others = [at for at in line if not kept[at].hidden and at not in known and kept[at].origin != "reported" and _weight(kept[at])]
    if sum(kept[at].hidden for at in line) != 1 or not others:
        return False
    least = min(others, key=lambda at: (_weight(kept[at]), at))
    kept[least] = _emptied(replace(kept[least], hidden=True))
    return True


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
