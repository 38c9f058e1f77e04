"""One value of one indicator, whichever way it came about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

Rows = list[tuple[Any, ...]]
Spot = tuple[str, int | None, int | None, str, str]
"""Where a value stands: institution, first year, last year, dimension, key."""


class Run:
    """Runs statements with bound values; gives their rows. ``blank`` tells of which tables it is known that they have none: nothing need be
    asked of them."""

    def __init__(self, execute: Callable[[str, Sequence[Any]], Rows], blank: Callable[[str], bool] = lambda table: False) -> None:
        self._execute, self.blank = execute, blank

    def __call__(self, sql: str, bound: Sequence[Any] = ()) -> Rows:
        return self._execute(sql, bound)

    def kept(self, sql: str, bound: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        """A statement that several indicators share. Here as it is; where the database may be written to, its result is kept."""
        return sql, bound


@dataclass(slots=True)
class Value:
    """An indicator's value of a year (academic start year) or period; a figure published without a year has none. Not to be changed.

    ``by``/``key`` are empty for the whole; ``by`` with an empty key: the part of rows that do not tell. ``people`` is how many people the
    value rests on (None: it is not about people). ``other`` is the value its institution reported, where the computed one is shown instead.
    ``hidden``: the number is kept from the public, as it is itself a count of one to four people (``few``) or would give such a count away.
    For a spread, numerator and denominator are the weight that counted and the whole weight. Percentages are 0–100.
    """

    institution: str
    indicator: str
    year_from: int | None
    year_to: int | None
    by: str = ""
    key: str = ""
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    people: float | None = None
    origin: str = "computed"
    precision: str = "exact"
    provisional: bool = False
    hidden: bool = False
    few: bool = False
    domestic: bool = False
    series: str = ""
    prime: bool = True
    other: float | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    col: str | None = None

    @property
    def spot(self) -> Spot:
        return (self.institution, self.year_from, self.year_to, self.by, self.key)

    @property
    def number(self) -> float:
        """The value, where there is one. ValueError where it is missing, which is not zero."""
        if self.value is None:
            raise ValueError(f"{self.indicator} has no value")
        return self.value

    @property
    def year(self) -> int:
        """The first year. ValueError for a figure that was published without one."""
        if self.year_from is None:
            raise ValueError(f"{self.indicator} has no year")
        return self.year_from

    @property
    def gap(self) -> float | None:
        """Computed less reported, where both are known."""
        return None if self.other is None or self.value is None else self.value - self.other


STORED = tuple(field.name for field in fields(Value) if field.name not in ("hidden", "few", "other"))
"""What the board keeps of a value: all but what depends on who asks."""


def winners(values: Iterable[Value]) -> list[Value]:
    """One value per spot: computed from rows wins over reported, an earlier one over a later one; the reported is kept as ``other``."""
    best: dict[Spot, Value] = {}
    for value in values:
        known = best.get(value.spot)
        if known is None or (known.origin == "reported" and value.origin == "computed"):
            best[value.spot], loser = value, known
        else:
            loser = value
        if loser is not None and loser.origin == "reported" and best[value.spot].origin == "computed":
            best[value.spot].other = loser.value
    return list(best.values())


FLIPPED = {"more_than": "less_than", "less_than": "more_than"}


def flipped(precision: str) -> str:
    """The precision of what falls while the inexact number grows: more than → less than."""
    return FLIPPED.get(precision, precision)


def scaled(number: float | None, scale: float) -> float | None:
    """A missing number stays missing."""
    return None if number is None else float(number) * scale
