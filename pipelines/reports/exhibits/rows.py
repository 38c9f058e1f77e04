"""Tables that several exhibits are made of: indicators by year, parts side by side, lists of agreements and activities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipelines.catalogue import Indicator
from pipelines.figures import Column, Table
from pipelines.figures.model import Amount, Cell
from pipelines.figures.names import dimension, names
from pipelines.figures.time import unit_words
from pipelines.figures.values import COVERED, cell, flags, hidden, remarks
from pipelines.language import Language
from pipelines.measure import Value
from pipelines.reports.material import Material, indicators_of

TOP = 20
"""Rows of a ranking that stand alone; the others stand together."""


def amount(value: Value | None, indicator: Indicator) -> Cell:
    """A value as a cell of a table whose rows have units of their own."""
    if value is None or (value.value is None and not value.hidden):
        return None
    if value.hidden:
        return hidden(value)
    return Amount(value.value or 0.0, indicator.unit, indicator.decimals, value.precision or "exact", flags(value).strip())


def part_of(value: Value | None, part: float | None, unit: str) -> Cell:
    """A numerator or denominator, with the marks of the value that it belongs to."""
    if value is None or value.hidden:
        return hidden(value) if value else None
    return None if part is None else Amount(part, unit, marks=flags(value).strip())


def over_years(material: Material, codes: Sequence[str]) -> tuple[list[tuple[Cell, ...]], list[Value]]:
    """A row an indicator that has a value – name, unit, a cell a year –, and the values for the remarks."""
    rows, shown = [], []
    for one in indicators_of(codes):
        values = {year: v for year, v in material.by_year(one.code).items() if year in material.years}
        if any(v.value is not None or v.hidden for v in values.values()):
            years = tuple(amount(values.get(year), one) for year in material.years)
            rows.append((f"{one.code} {material.say.pick(one.title)}", unit_words(one.unit, material.say), *years))
            shown += list(values.values())
    return rows, shown


def year_columns(material: Material, *before: str) -> tuple[Column, ...]:
    """Columns of text, then one a year."""
    return (*(Column(name) for name in before), *(Column(material.say.year(year), "count") for year in material.years))


def yearly(material: Material, codes: Sequence[str]) -> tuple[Table, str]:
    """Indicators × years, with what the marks mean."""
    rows, shown = over_years(material, codes)
    return Table(year_columns(material, material.say("Indicator"), material.say("Unit")), tuple(rows)), remarks(shown, material.say)


def side_by_side(material: Material, codes: Sequence[str], by: str, top: int = TOP) -> tuple[Table, str]:
    """Parts of the newest year, the largest sums first: a column an indicator; the others, and all.

    Every number is one that is published alone, or follows from such numbers, so nothing hidden can be told from the table.
    """
    say, chosen = material.say, indicators_of(codes)
    found = {one.code: {v.key: v for v in material.parts(one.code, material.year, by) if not v.domestic} for one in chosen}
    chosen = [one for one in chosen if any(v.value for v in found[one.code].values())]
    sizes: dict[str, float] = {}
    for one in chosen:
        for key, value in found[one.code].items():
            sizes[key] = sizes.get(key, 0.0) + (value.value or 0.0)
    ranked = sorted(sizes, key=lambda key: (-sizes[key], key))
    kept = ranked if len(ranked) <= top + 1 else ranked[:top]
    named = names(by, say)
    rows = [(named.get(key, key) or say("not stated"), *(cell(found[one.code].get(key)) for one in chosen)) for key in kept]
    if len(ranked) > len(kept):
        others = say("Others ({n})", n=say.number(len(ranked) - len(kept)))
        rows.append((others, *(_others(material, one, found[one.code], kept) for one in chosen)))
    if rows:
        rows.append((say("All"), *(cell(material.by_year(one.code).get(material.year)) for one in chosen)))
    heads = (Column(capital(dimension(by, say), say)), *(Column(say.pick(one.title), one.unit) for one in chosen))
    values = [value for one in chosen for value in found[one.code].values()]
    return Table(heads, tuple(rows)), remarks(values, say)


def _others(material: Material, indicator: Indicator, parts: dict[str, Value], kept: Sequence[str]) -> Cell:
    """The whole less what is shown: known to everybody. Where something shown is hidden, it is hidden too."""
    whole, shown = material.by_year(indicator.code).get(material.year), [parts[key] for key in kept if key in parts]
    if whole is None or whole.value is None:
        return None
    if any(v.hidden for v in shown):
        return COVERED
    return whole.value - sum(v.value or 0.0 for v in shown)


def capital(word: str, say: Language) -> str:
    """With a large first letter; the Turkish i keeps its dot."""
    first = "İ" if say.code == "tr" and word.startswith("i") else word[:1].upper()
    return first + word[1:]


def listed(heads: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Table:
    """A list whose columns that nobody filled are left out."""
    found = [tuple(row) for row in rows]
    kept = [at for at in range(len(heads)) if any(row[at] not in (None, "") for row in found)]
    return Table(tuple(heads[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in found))


def day(value: Any, say: Language) -> str:
    """A day in a list; nothing where there is none."""
    return say.date(value) if value else ""
