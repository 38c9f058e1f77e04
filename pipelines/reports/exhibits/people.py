"""T8 – T10: international students by nationality, level and sex; their share beside that of staff; international staff."""

from __future__ import annotations

from pipelines.catalogue import indicators
from pipelines.codes.countries import regions
from pipelines.figures import Column, Table
from pipelines.figures.model import Cell
from pipelines.figures.names import dimension, names
from pipelines.figures.time import unit_words
from pipelines.figures.values import remarks
from pipelines.language import Language
from pipelines.measure import Value
from pipelines.measuring import crossing, margins
from pipelines.measuring.crossing import NOT_TOLD, REST
from pipelines.measuring.margins import WHOLE, Margins
from pipelines.regions import OUTSIDE
from pipelines.reports.exhibits import Asked, Made, exhibit, named
from pipelines.reports.exhibits.rows import TOP, amount, capital, over_years, part_of, side_by_side, year_columns
from pipelines.reports.material import Material, indicators_of

CROSSED = (("country", "level"), ("country", "gender"), ("level", "gender"))


@exhibit("T8", "International students by nationality, level and sex", "Uyruk, düzey ve cinsiyete göre uluslararası öğrenciler")
def students(material: Material, asked: Asked) -> list[Made]:
    """Two of the three at a time, of the newest year, so that few numbers are small; nationalities alone where rows do not tell more."""
    made = [found for down, across in CROSSED if (found := _crossed(material, "T8", "C01", down, across))]
    return made or _plain(material, "T8", ("C01", "C03", "C21"))


@exhibit("T10", "International academic staff by nationality", "Uyruğa göre uluslararası öğretim elemanları")
def staff(material: Material, asked: Asked) -> list[Made]:
    """By nationality and sex. Titles are no column of the datasets: where the university counts faculty members, C15 tells their share."""
    found = _crossed(material, "T10", "C13", "country", "gender")
    return [found] if found else _plain(material, "T10", ("C13",))


def _plain(material: Material, code: str, codes: tuple[str, ...]) -> list[Made]:
    table, note = side_by_side(material, codes, "country", TOP)
    caption = f"{named(code, material.say)}, {material.say.year(material.year)}"
    return [Made(caption, table, note=note, codes=codes)] if table.rows else []


def _crossed(material: Material, exhibit_code: str, code: str, down: str, across: str) -> Made | None:
    say, indicator = material.say, indicators()[code]
    found = margins.table(material.version, indicator, down, across, institution=material.institution, year=material.year, most=TOP)
    if found is None or len(found.across) < 3:  # one column and its sum say nothing that the whole does not
        return None
    sides = f"{dimension(down, say)} × {dimension(across, say)}"
    caption = f"{named(exhibit_code, say)}: {sides}, {say.year(material.year)}"
    return Made(caption, _table(found, down, across, code, say), note=remarks(found.cells.values(), say), codes=(code,))


def _table(found: Margins, down: str, across: str, code: str, say: Language) -> Table:
    labels = [{**names(by, say), NOT_TOLD: say("not stated"), WHOLE: say("All")} for by in (down, across)]
    labels[0][REST] = say("Others ({n})", n=say.number(found.beyond))
    heads = (Column(capital(dimension(down, say), say)), *(Column(labels[1].get(key, key), "people") for key in found.across))
    rows = tuple(
        (labels[0].get(row, row), *(amount(found.cells.get((row, key)), indicators()[code]) for key in found.across)) for row in found.down
    )
    return Table(heads, rows)


@exhibit("T19", "Students and staff from Arab and other countries", "Arap ülkelerinden ve öteki ülkelerden öğrenci ve personel")
def arab_and_other(material: Material, asked: Asked) -> list[Made]:
    """International students and academic staff by the two groups that Arab statistics tell apart, year by year."""
    say, rows, shown = material.say, list[tuple[Cell, ...]](), list[Value]()
    of = {country: "other" if group == OUTSIDE else "arab" for country, group in regions("arab_league").items()}
    labels = {"arab": say("Arab countries"), "other": say("Other countries"), "": say("not stated")}
    for indicator in indicators_of(("C01", "C03", "C13")):
        found = crossing.grouped(material.version, indicator, of, institution=material.institution, audience="public")
        told = {(v.year_from, v.key): v for v in found if v.year_from in material.years}
        for group in [group for group in labels if any(key == group for _, key in told)]:
            cells = (amount(told.get((year, group)), indicator) for year in material.years)
            rows.append((say.pick(indicator.title), labels[group], *cells))
        shown += told.values()
    columns = year_columns(material, say("Indicator"), say("Region"))
    return [Made(named("T19", say), Table(columns, tuple(rows)), note=remarks(shown, say), codes=("C01", "C03", "C13"))] if rows else []


@exhibit("T9", "International students and staff beside all", "Uluslararası öğrenci ve personelin toplam içindeki yeri")
def ratios(material: Material, asked: Asked) -> list[Made]:
    """How many there are, of how many, and the share, year by year."""
    say, codes = material.say, ("C01", "C02", "C13", "C14", "C15", "C17")
    rows, shown = over_years(material, codes)
    if not rows:
        return []
    wholes = [row for row in (_whole(material, "C02", say("Students, all")), _whole(material, "C14", say("Academic staff, all"))) if row]
    columns = year_columns(material, say("Indicator"), say("Unit"))
    return [Made(named("T9", say), Table(columns, (*wholes, *rows)), note=remarks(shown, say), codes=codes)]


def _whole(material: Material, code: str, title: str) -> tuple[Cell, ...] | None:
    """The denominator of a share as a row of its own."""
    values = material.by_year(code)
    cells = tuple(_of(values.get(year)) for year in material.years)
    return (title, unit_words("people", material.say), *cells) if any(cell is not None for cell in cells) else None


def _of(value: Value | None) -> Cell:
    return part_of(value, value.denominator, "people") if value else None
