"""T2 – T4: mobility by programme, direction, role and year; by unit; by country."""

from __future__ import annotations

from pipelines.catalogue import Indicator
from pipelines.figures import Table
from pipelines.figures.model import Cell
from pipelines.figures.names import names
from pipelines.figures.values import remarks
from pipelines.measure import Value
from pipelines.reports.exhibits import Asked, Made, exhibit, named
from pipelines.reports.exhibits.rows import amount, side_by_side, year_columns
from pipelines.reports.material import Material, indicators_of

MOVES = ("A01", "A02", "B13", "B03", "A36")
"""Students out and in, staff out and in; exchange inside the country apart."""
ABROAD = MOVES[:4]


@exhibit("T2", "Mobility by programme, direction, role and year", "Program, yön, rol ve yıla göre hareketlilik")
def by_programme(material: Material, asked: Asked) -> list[Made]:
    """Rows of a programme for each of students and staff, out and in, under their sum. Each number is one that is published alone."""
    say, rows, shown = material.say, [], []
    for indicator in indicators_of(MOVES):
        years = {year: {v.key: v for v in material.parts(indicator.code, year, "programme")} for year in material.years}
        whole = material.by_year(indicator.code)
        if any(year in whole for year in material.years):
            rows += _rows(material, indicator, whole, years)
            shown += [value for parts in years.values() for value in parts.values()]
    columns = year_columns(material, say("Direction and role"), say("Programme"))
    return [Made(named("T2", say), Table(columns, tuple(rows)), note=remarks(shown, say), codes=MOVES)] if rows else []


def _rows(material: Material, indicator: Indicator, whole: dict[int, Value], years: dict[int, dict[str, Value]]) -> list[tuple[Cell, ...]]:
    """The sum, then its programmes, the largest of the newest year first."""
    say, words = material.say, names("programme", material.say)
    newest = years[material.year]
    keys = sorted({key for parts in years.values() for key in parts}, key=lambda key: (-_size(newest.get(key)), words.get(key, key)))
    title = say.pick(indicator.title)
    rows: list[tuple[Cell, ...]] = [(title, say("All"), *(amount(whole.get(year), indicator) for year in material.years))]
    for key in keys:
        cells = tuple(amount(years[year].get(key), indicator) for year in material.years)
        rows.append((title, words.get(key, key) or say("not stated"), *cells))
    return rows


def _size(value: Value | None) -> float:
    return value.value or 0.0 if value else 0.0


@exhibit("T3", "Mobility by faculty or department", "Fakülte ya da bölüme göre hareketlilik")
def by_unit(material: Material, asked: Asked) -> list[Made]:
    """Students and staff, out and in, of the newest year; every unit."""
    return _parts(material, "T3", "unit", 60)


@exhibit("T4", "Mobility by country", "Ülkeye göre hareketlilik")
def by_country(material: Material, asked: Asked) -> list[Made]:
    """The same by country: the twenty largest, the others together."""
    return _parts(material, "T4", "country", 20)


def _parts(material: Material, code: str, by: str, top: int) -> list[Made]:
    table, note = side_by_side(material, ABROAD, by, top)
    caption = f"{named(code, material.say)}, {material.say.year(material.year)}"
    return [Made(caption, table, note=note, codes=ABROAD)] if table.rows else []
