"""A table of two dimensions with the sums of its rows and columns, as the public may see it.

The sums are those that are published alone (``measure.values`` by either dimension), so that no table shows one that another hides. A
line – a row or a column with its sum – never has exactly one hidden number: the others would give it back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipelines import measure
from pipelines.catalogue import Indicator
from pipelines.measuring import suppress
from pipelines.measuring.crossing import NOT_TOLD, REST
from pipelines.measuring.formulas import BETWEEN
from pipelines.measuring.suppress import Cells
from pipelines.measuring.value import Value
from pipelines.settings import settings

if TYPE_CHECKING:
    from pipelines.warehouse import Version

WHOLE = "\x1fwhole"
"""The key of a sum, down and across."""


@dataclass(frozen=True)
class Margins:
    """``cells``: (row, column) → value, with ``WHOLE`` on either side; ``beyond``: how many rows stand together under ``REST``."""

    down: tuple[str, ...]
    across: tuple[str, ...]
    cells: dict[tuple[str, str], Value]
    beyond: int


def table(version: Version, indicator: Indicator, down: str, across: str, *, institution: str, year: int, most: int = 20) -> Margins | None:
    """The ``most`` largest rows and the others together, every column; None where rows do not tell both or the whole is hidden.

    Only rows whose sum is shown stand alone: the hidden ones are among the others.
    """
    asked: dict[str, Any] = {"institution": institution, "year": year}
    whole = next((v for v in measure.values(version, indicator, **asked, audience="public") if v.prime), None)
    sides = [measure.values(version, indicator, **asked, by=by, audience="public") for by in (down, across)]
    pairs = [v for v in measure.cells(version, indicator, down, across, **asked) if v.value is not None and not v.domestic]
    if whole is None or whole.hidden or not pairs or any(v.origin == "reported" for v in (whole, *sides[0], *sides[1])):
        return None
    ranked = sorted((v for v in sides[0] if not v.hidden and v.value), key=lambda v: (-(v.value or 0.0), v.key))
    rows = [_key(v) for v in (ranked if len(ranked) == len(sides[0]) and len(ranked) <= most else ranked[:most])]
    exact = _added([([key or NOT_TOLD for key in v.key.split(BETWEEN)], v) for v in pairs], set(rows))
    cells = {at: _shown(value, indicator) for at, value in exact.items() if at[1] != WHOLE or at[0] == REST}
    cells |= {(_key(v), WHOLE): v for v in sides[0] if _key(v) in rows} | {(WHOLE, _key(v)): v for v in sides[1]}
    cells[WHOLE, WHOLE] = whole
    beyond = len({_key(v) for v in sides[0]} - set(rows))
    shown = suppress.crossed(cells, _known(cells))
    if any(_told(shown, side, key) for side in (0, 1) for key in {at[side] for at in shown}):
        return None
    return Margins((*rows, *([REST] if beyond else []), WHOLE), (*sorted(_key(v) for v in sides[1]), WHOLE), shown, beyond)


def _key(value: Value) -> str:
    return value.key or NOT_TOLD


def _known(cells: Cells) -> set[tuple[str, str]]:
    """What is published elsewhere: sums, and the only part of a row or column, which is its sum."""
    sums = {at for at, value in cells.items() if WHOLE in at and not value.hidden}
    parts = [at for at in cells if WHOLE not in at]
    alone = {
        at
        for side, total in ((0, lambda key: (key, WHOLE)), (1, lambda key: (WHOLE, key)))
        for at in parts
        if total(at[side]) in sums and sum(other[side] == at[side] for other in parts) == 1
    }
    return sums | alone


def _told(cells: Cells, side: int, key: str) -> bool:
    """Whether a line would give its only hidden number back: then the table is not shown at all."""
    line = [value for at, value in cells.items() if at[side] == key]
    return sum(value.hidden for value in line) == 1


def _added(pairs: list[tuple[list[str], Value]], rows: set[str]) -> dict[tuple[str, str], Value]:
    """The exact sums of cells, those beyond ``rows`` under ``REST``, which has a sum of its own."""
    found: dict[tuple[str, str], Value] = {}
    for (row, column), value in pairs:
        at = row if row in rows else REST
        for place in ((at, column), (at, WHOLE)):
            found[place] = _plus(found[place], value) if place in found else value
    return found


def _plus(one: Value, other: Value) -> Value:
    people = None if one.people is None or other.people is None else one.people + other.people
    total = (one.value or 0.0) + (other.value or 0.0)
    return replace(one, value=total, people=people, provisional=one.provisional or other.provisional, numerator=None, denominator=None)


def _shown(value: Value, indicator: Indicator) -> Value:
    return suppress.shown([replace(value, by="", key="")], indicator, suppress.Policy(settings().small_numbers))[0]
