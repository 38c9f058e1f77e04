"""Where a value comes from: the files and cells behind each part of its formula."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.catalogue import Formula, Indicator
from pipelines.catalogue import indicator as named
from pipelines.measuring import formulas
from pipelines.measuring.formulas import Question
from pipelines.measuring.tables import TABLES
from pipelines.sources import sources

if TYPE_CHECKING:
    from pipelines.warehouse import Version


@dataclass(frozen=True)
class Cell:
    """A cell of a file that was handed in."""

    file: str
    name: str
    sheet: str | None
    cell: str


@dataclass(frozen=True)
class Span:
    """A range of cells that numbers were read from. ``cells`` is empty where only the file is known."""

    file: str
    name: str
    sheet: str | None
    cells: str
    rows: int


@dataclass(frozen=True)
class Provenance:
    """What stands behind one part of a value. ``part``: value, numerator, denominator, reported; ``indicator`` differs for an input.

    ``files``: (hash, name, rows). ``cells``: the first ones only. Both empty where the part is not made of rows of files.
    """

    part: str
    indicator: str
    year: int | None
    files: tuple[tuple[str, str, int], ...]
    cells: tuple[Cell, ...]

    @property
    def rows(self) -> int:
        return sum(rows for _, _, rows in self.files)


def explain(
    version: Version,
    indicator: Indicator | str,
    institution: str,
    year: int | None,
    by: str | None = None,
    key: str = "",
    *,
    limit: int = 20,
) -> list[Provenance]:
    """The files and first cells behind a value: of its formula's parts, its inputs, and the figure stated for the same place."""
    chosen = named(indicator) if isinstance(indicator, str) else indicator
    stated = _stated(version, chosen, institution, year, by or "", key)
    return _parts(version, chosen, Question(institution, year, by), key, limit) + stated


def ranges(version: Version, indicator: Indicator, institution: str, first: int, last: int) -> list[Span]:
    """The ranges of cells behind an indicator's values of the years ``first`` to ``last``: of its formula's parts, its inputs (of their
    earlier years too), and the figures stated for the same years."""
    formula = indicator.formula
    if formula.inputs:
        spans = []
        for one in formula.inputs.values():
            begin, end = (one.year, one.year) if one.year is not None else (first - one.lag, last - one.lag)
            spans += ranges(version, named(one.indicator), institution, begin, end)
        return spans
    names = dict(version.query("select file, name from board.files"))
    found: list[Span] = []
    for _, table, where, question, _ in _asked(formula, Question(institution), ""):
        placed = TABLES[table].placed
        if placed is None:
            parts = [_files_only(version, indicator, "", table, replace(question, year=year)) for year in range(first, last + 1)]
            found += [Span(file, name, None, "", rows) for part in parts if part for file, name, rows in part.files]
            continue
        statement = formulas.spans(table, placed, f"({where}) and academic_year between {first:d} and {last:d}", question)
        found += [_span(names, *row) for row in version.query(statement.sql, list(statement.bound))]
    sql = """select file, sheet, col, min("row"), max("row"), count(*) from board.indicator_values
             where indicator = ? and institution = ? and year_from between ? and ? and origin = 'reported' and prime and file is not null
             group by 1, 2, 3 order by 1, 2, 3"""
    return found + [_span(names, *row) for row in version.query(sql, [indicator.code, institution, first, last])]


def _span(names: dict[str, str], file: str, sheet: str | None, col: str | None, first: int | None, last: int | None, rows: int) -> Span:
    """A column of a sheet from its first row to its last; whole rows ("5:8") where the rows themselves are counted."""
    ends = [f"{col or ''}{row}" for row in (first, last) if row]
    ends = list(dict.fromkeys(ends)) if col else ends
    return Span(file, names.get(file, file), sheet, ":".join(ends), rows)


def _parts(version: Version, indicator: Indicator, question: Question, key: str, limit: int) -> list[Provenance]:
    formula = indicator.formula
    if formula.inputs:
        return [
            part
            for one in formula.inputs.values()
            for part in explain(
                version,
                one.indicator,
                question.institution or "",
                _year_of(question.year, one.lag, one.year),
                question.by,
                key,
                limit=limit,
            )
        ]
    if question.year is None or (question.by and question.by not in formulas.available(indicator)):
        return []
    asked = _asked(formula, question, key)
    found = [_found(version, indicator, part, table, where, one, word, limit) for part, table, where, one, word in asked]
    return [one for one in found if one]


def _asked(formula: Formula, question: Question, key: str) -> list[tuple[str, str, str, Question, str]]:
    """What must be looked at to find a value's rows: (part, table, condition, question, key) of each half of the formula."""
    asked = [("value" if not formula.denominator else "numerator", formula.table or "", formula.where, question, key)]
    under = formula.denominator
    if under and (under.table or under.where):
        whole = under.is_whole(question.by or "")
        below = Question(question.institution, question.year) if whole else question
        asked.append(("denominator", under.table or formula.table or "", under.where or "true", below, "" if whole else key))
    if formula.populations and question.by != "population":
        asked = [
            (part, table, f"({where}) and population = '{formula.populations[0]}'", one, word) for part, table, where, one, word in asked
        ]
    return asked


def _year_of(year: int | None, lag: int, fixed: int | None) -> int | None:
    return fixed if fixed is not None else None if year is None else year - lag


def _found(
    version: Version, indicator: Indicator, part: str, table: str, where: str, question: Question, key: str, limit: int
) -> Provenance | None:
    placed = TABLES[table].placed
    if placed is None:
        return _files_only(version, indicator, part, table, question)
    files, first = formulas.cells(table, placed, where, question, key, limit)
    names = dict(version.query("select file, name from board.files"))
    counted = tuple((file, names.get(file, file), rows) for file, rows in version.query(files.sql, list(files.bound)) if file)
    shown = tuple(_cell(names, *place) for place in version.query(first.sql, list(first.bound)) if place[0])
    return Provenance(part, indicator.code, question.year, counted, shown) if counted else None


def _files_only(version: Version, indicator: Indicator, part: str, table: str, question: Question) -> Provenance | None:
    """Where a prepared table knows no cells: the files of that year, or the whole register, it was made from."""
    counted: list[tuple[str, int]] = []
    for name in TABLES[table].sources:
        year = sources()[name].year
        when = f" and {year} = ?" if year else ""
        bound = [question.institution, *([question.year] if year else [])]
        sql = f"select file, count(*) from core.{name} where institution = ?{when} group by file order by 2 desc, 1"
        counted += version.query(sql, bound)
    names = dict(version.query("select file, name from board.files"))
    files = tuple((file, names.get(file, file), rows) for file, rows in counted if file)
    return Provenance(part, indicator.code, question.year, files, ()) if files else None


def _cell(names: dict[str, str], file: str, sheet: str | None, row: int | None, col: str | None) -> Cell:
    return Cell(file, names.get(file, file), sheet, f"{col or ''}{row or ''}")


def _stated(version: Version, indicator: Indicator, institution: str, year: int | None, by: str, key: str) -> list[Provenance]:
    sql = """select file, sheet, "row", col from board.indicator_values
             where indicator = ? and institution = ? and year_from is not distinct from ? and "by" = ? and key = ?
               and origin = 'reported' and prime"""
    names = dict(version.query("select file, name from board.files"))
    places = [row for row in version.query(sql, [indicator.code, institution, year, by, key]) if row[0]]
    return [
        Provenance("reported", indicator.code, year, ((row[0], names.get(row[0], row[0]), 1),), (_cell(names, *row),)) for row in places
    ]
