"""A value in words: its number with the marks that belong to it wherever it is shown.

≈ about, > more than, < less than, [p] provisional, [s] as the institution published it, <5 and [c] hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pipelines.figures.model import Cell, Inexact
from pipelines.language import SIGNS, Language

if TYPE_CHECKING:
    from pipelines.catalogue import Indicator
    from pipelines.measure import Value

FEW, COVERED = "<5", "[c]"


def yearly(value: Value) -> bool:
    """Whether a value is of one academic year: not of a period, and not published without a year."""
    return value.year_from is not None and value.year_to in (None, value.year_from)


def latest(values: Sequence[Value], year: int | None) -> Value | None:
    """The value of the year; else a period figure that covers it; else one without a year."""
    dated = [v for v in values if v.year_from is not None and (year is None or v.year_from <= year <= (v.year_to or v.year_from))]
    exact = [v for v in dated if v.year_to in (None, v.year_from)]
    timeless = [v for v in values if v.year_from is None]
    chosen = sorted(exact or dated or timeless, key=lambda v: (v.year_from or 0, v.origin == "computed"))
    return chosen[-1] if chosen else None


def when(value: Value, say: Language) -> str:
    """The year or period of a value, or that it was not told."""
    return say("year not told") if value.year_from is None else say.year(value.year_from, value.year_to)


def hidden(value: Value) -> str:
    """What stands in place of a hidden value: ``<5`` for one to four people, ``[c]`` where the number itself is larger or no count."""
    return FEW if value.few else COVERED


def written(value: Value | None, indicator: Indicator, say: Language, *, marks: bool = True) -> str:
    """The value as people read it: ``1,482 [p]``, ``> 500 [s]``, ``<5``, ``–``."""
    if value is None:
        return say.number(None)
    if value.hidden:
        return hidden(value)
    number = say.number(value.value, indicator.unit, indicator.decimals, value.precision)
    return number + (flags(value) if marks else "")


def flags(value: Value) -> str:
    """The marks behind the number, with a leading space: " [p]", " [s]"."""
    return (" [p]" if value.provisional else "") + (" [s]" if value.origin == "reported" else "")


def cell(value: Value | None) -> Cell:
    """The value as a typed cell: a number (with its sign where it is not exact), None for missing, "<5" or "[c]" for a hidden one."""
    if value is None or value.hidden:
        return hidden(value) if value else None
    if value.value is not None and (value.precision or "exact") in SIGNS:
        return Inexact(value.value, value.precision)
    return value.value


def remarks(values: Iterable[Value], say: Language) -> str:
    """One line that explains the marks that occur, and only those."""
    values = list(values)
    found = [
        (any(v.provisional for v in values), say("[p] provisional")),
        (any(v.origin == "reported" for v in values), say("[s] as published by the institution itself")),
        (any(v.precision == "about" for v in values), say("≈ about")),
        (any(v.precision == "more_than" for v in values), say("> more than")),
        (any(v.precision == "less_than" for v in values), say("< less than")),
        (any(v.hidden and hidden(v) == FEW for v in values), say("<5 hidden: one to four people")),
        (any(v.hidden and hidden(v) == COVERED for v in values), say("[c] hidden, so that nobody can be told from a small number")),
    ]
    return " · ".join(text for occurs, text in found if occurs)


def change(now: float, before: float, indicator: Indicator, say: Language) -> str:
    """The change in words: points for per cents, per cent for counts, the difference where there was nothing before."""
    if indicator.unit == "percent":
        return say("{n} pp", n=say.signed(now - before, max(indicator.decimals, 1)))
    if indicator.unit in ("ratio", "index") or not before:
        return say.signed(now - before, indicator.decimals)
    written = say.percent(100 * (now - before) / abs(before))
    return f"{say.mark}+{written}" if now > before else written
