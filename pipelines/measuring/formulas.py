"""Formulas into SQL: the one place where a statement about facts is composed.

Names come from fixed lists (``tables.TABLES``, ``COLUMN``), texts of formulas from the reviewed indicator files; whatever a person chose is
bound. Every statement gives rows (institution, academic_year, key, value, …), one per institution, year and key of the breakdown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import duckdb

from pipelines.catalogue import Formula, Indicator
from pipelines.errors import MeridianError
from pipelines.measuring.tables import TABLES

COLUMN: dict[str, str] = {
    "programme": "programme", "country": "country", "region": "region", "partner": "partner", "unit": "unit", "level": "level",
    "field": "left(field, 2)", "gender": "gender", "activity": "activity", "role": "role", "direction": "direction", "mode": "mode",
    "kind": "kind", "group": '"group"', "population": "population", "days": "days", "subregion": "subregion", "criterion": "criterion",
}  # fmt: skip
GRAIN = {"programme": 1, "level": 2, "unit": 4, "country": 8, "region": 8, "gender": 16}
BETWEEN = "\x1f"
"""Parts the two keys of a cell; no cell of a file holds it."""
NOT_A_PLACE = "('XXX', 'XXA', 'XXF')"

Result = TypeVar("Result")
Where = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Question:
    """What somebody wants to know of an indicator: of whom, when, broken down by what, filtered how. Hashable."""

    institution: str | None = None
    year: int | None = None
    by: str | None = None
    where: Where = ()
    across: str | None = None
    """A second dimension, for a table of two: the key is then both, parted by ``BETWEEN``."""

    @classmethod
    def of(cls, institution: str | None, year: int | None, by: str | None, where: dict[str, Any] | None) -> Question:
        """From loose values; a filter's value may be one word or several."""
        plain = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in (where or {}).items()}
        return cls(institution, year, by or None, tuple(sorted(plain.items())))

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*filter(None, (self.by, self.across)), *(key for key, _ in self.where)]))

    def without(self, dimensions: set[str]) -> Question:
        """The same question of the whole, as far as these dimensions go."""
        kept = tuple((key, words) for key, words in self.where if key not in dimensions)
        return replace(self, by=None if self.by in dimensions else self.by, where=kept)


@dataclass(frozen=True)
class Statement:
    """SQL and what is bound to its question marks, in order."""

    sql: str
    bound: tuple[Any, ...]


def available(indicator: Indicator) -> tuple[str, ...]:
    """The dimensions an indicator without inputs can be asked by: those of its table and, unless taken whole, of its denominator's."""
    formula = indicator.formula
    dimensions = TABLES[formula.table or ""].dimensions
    if formula.shape == "ratio" and formula.denominator and formula.denominator.table:
        under = TABLES[formula.denominator.table].dimensions
        dimensions = tuple(name for name in dimensions if name in under or formula.denominator.is_whole(name))
    return tuple(name for name in dimensions if name != "population" or formula.populations)


def refuse_unknown(indicator: Indicator, question: Question, known: tuple[str, ...]) -> None:
    """M101 for a dimension that the indicator cannot be asked by."""
    for dimension in question.dimensions:
        if dimension not in known:
            raise MeridianError("M101", indicator=f"{indicator.code}", dimension=dimension, known=", ".join(known) or "–")


def run_named(indicator: Indicator, step: Callable[[], Result]) -> Result:
    """Runs a step of an indicator's formula; what the database cannot understand is a fault of the indicator's file (M102)."""
    try:
        return step()
    except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException) as error:
        raise MeridianError("M102", indicator=indicator.code, reason=str(error).split("\n")[0]) from error


def aggregate(
    table: str, where: str, value: str, question: Question, *, second: str | None = None, people: str | None = None, precise: bool = False
) -> Statement:
    """One aggregate per place: (institution, academic_year, key, value, provisional, series, precision, second, people)."""
    rows = _rows(table, where, question)
    parts = [f"coalesce({COLUMN[name]}::varchar, '')" for name in (question.by, question.across) if name] or ["''"]
    precision = """max("precision") filter ("precision" <> 'exact')""" if precise else "null"
    sql = f"""
        select institution, academic_year, {" || chr(31) || ".join(parts)} as part, {value} as value,
               bool_or(status = 'provisional') as provisional, min(series) as series, {precision} as "precision",
               {second or "null"} as second, {people or "null"} as people
        from {rows.sql} group by institution, academic_year, {", ".join(parts)}"""
    return Statement(sql, rows.bound)


def keyed(formula: Formula, question: Question) -> Statement:
    """The first half of a spread: the weight of every key, per institution, year and part."""
    part = f"coalesce({COLUMN[question.by]}::varchar, '')" if question.by and question.by != formula.per else "''"
    rows = _rows(formula.table or "", formula.where, question, needs=(formula.per or "",))
    sql = f"""
        select institution, academic_year, {part} as part, {COLUMN[formula.per or ""]} as key, {formula.weight} as w,
               bool_or(status = 'provisional') as provisional, min(series) as series
        from {rows.sql} group by 1, 2, 3, 4"""
    return Statement(sql, rows.bound)


def spread(formula: Formula, question: Question, weights: Statement) -> Statement:
    """The second half: an expression over the weights, or the shares themselves. As ``aggregate``, then counted and whole weight."""
    counted = f"key is not null and key not in {NOT_A_PLACE}" if formula.per == "country" else "key is not null"
    shares = question.by == formula.per
    sql = f"""
        with keyed as ({weights.sql}), counted as (
          select *, sum(w) over same as n, count(*) over same as k, w / sum(w) over same as p,
                 row_number() over (partition by institution, academic_year, part order by w desc, key) as r,
                 sum(w) over (partition by institution, academic_year, part order by key) as c
          from keyed where w > 0 and {counted} window same as (partition by institution, academic_year, part)
        ), whole as (
          select institution, academic_year, part, sum(w) as whole, bool_or(provisional) as provisional, min(series) as series
          from keyed group by 1, 2, 3
        ), found as (
          select institution, academic_year, part, {"*" if shares else f"{formula.value} as value, max(n) as n, null as w"}
          from counted {"" if shares else "group by 1, 2, 3"}
        )
        select institution, academic_year, {"key::varchar" if shares else "part"} as part, {"100 * p" if shares else "value"} as value,
               whole.provisional, whole.series, null as "precision", {"w" if shares else "n"} as counted,
               {"n" if shares else "whole"} as whole
        from found join whole using (institution, academic_year, part)"""
    return Statement(sql, weights.bound)


def cells(table: str, placed: str, where: str, question: Question, key: str, limit: int) -> tuple[Statement, Statement]:
    """The rows behind one value: (file, rows) per file, and the first cells (file, sheet, row, col)."""
    rows = _rows(table, where, question, read=placed)
    part, bound = (f"where coalesce({COLUMN[question.by]}::varchar, '') = ?", (key,)) if question.by else ("", ())
    files = f"select file, count(*) from {rows.sql} {part} group by file order by 2 desc, 1"
    first = f'select file, sheet, "row", col from {rows.sql} {part} order by file, sheet, "row", col limit {limit:d}'
    return Statement(files, rows.bound + bound), Statement(first, rows.bound + bound)


def spans(table: str, placed: str, where: str, question: Question) -> Statement:
    """The rows behind values as ranges: (file, sheet, col, first row, last row, rows), one per column of a sheet that numbers stand in."""
    rows = _rows(table, where, question, read=placed)
    sql = f"""select file, sheet, col, min("row"), max("row"), count(*) from {rows.sql} where file is not null
              group by 1, 2, 3 order by 1, 2, 3"""
    return Statement(sql, rows.bound)


def _rows(table: str, where: str, question: Question, needs: tuple[str, ...] = (), read: str = "") -> Statement:
    """The rows a question is about, as something to select from: ``(select … where …) as rows``."""
    known = TABLES[table]
    asked = {*question.dimensions, *needs}
    source = known.select or f"select * from {read or table}"
    if "partner" in asked and known.written:
        source = f"""select t.* replace (coalesce(n.partner, t.partner) as partner) from ({source}) as t
                     left join core.partners as n on n.institution = t.institution and n.written = t.partner"""
    if "region" in asked:
        source = f"select * from ({source}) as t left join (select country as home, region from core.regions) as g on g.home = t.country"
    conditions, bound = _conditions(question)
    sql = f"select * from ({source}) as s where ({where}){conditions}"
    if known.grained:
        # a table without levels cannot tell of doctoral students
        asked |= {name for name in GRAIN if re.search(rf"\b{name} (=|in|is not null)", where)}
        need = sum({GRAIN[name] for name in asked if name in GRAIN})
        sql += f" and serves & {1 << need:d} <> 0"
    return Statement(f"({sql}) as rows", bound)


def _conditions(question: Question) -> tuple[str, tuple[Any, ...]]:
    """The filters of a question, with their values to bind. An empty word asks for rows that do not tell."""
    text, bound = "", []
    for name, value in (("institution", question.institution), ("academic_year", question.year)):
        if value is not None:
            text += f" and {name} = ?"
            bound.append(value)
    for dimension, words in question.where:
        if dimension == "field":
            text += f" and ({' or '.join('starts_with(field, ?)' for _ in words)})"
        else:
            text += f" and coalesce({COLUMN[dimension]}::varchar, '') in ({', '.join('?' for _ in words)})"
        bound += words
    return text, tuple(bound)
