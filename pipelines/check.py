"""Is it believable? Great Expectations runs every rule over every row of a file, through DuckDB, straight on the Parquet.

The import of Great Expectations takes seconds, so it happens on the first check and never for a viewer. A rule that could not be
evaluated is a bug and raises; it never passes for success.

GX takes a million rows through SQL in a third of the time and of the memory of its pandas path (benchmarks/RESULTS.md), but gives a
connection back before it has fetched from it; DuckDB's rollback then drops the rows. ``_reader`` is a connection without
transactions, as reading needs none: rows stay until they are fetched.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import ORDER, Finding, Place, Severity
from pipelines.rules import MACROS, Change, Lookups, Rule, Suite, rules, suites
from pipelines.sources import Source, sources

SHOWN = 100
"""How many places of one finding are listed; its count is always exact."""
LISTED = 10
NUMBERS = ("participants", "headcount", "value", "target")
"""The columns that ``col`` points to: where a table was unpivoted, each row's number stood in a column of its own."""
LIMITS = {"memory_limit": "600MB", "threads": "2", "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
_ONE_AT_A_TIME = Lock()


class RuleBroken(RuntimeError):
    """A rule could not be evaluated: a bug in the rule or below it, never a fault of the file."""


@dataclass(frozen=True)
class Result:
    """One rule, evaluated over all rows: how many offend, and why the rule stands."""

    source: str
    rule: str
    code: str
    severity: Severity
    ok: bool
    offending: int
    reason: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class Checked:
    """What the rules found in one file, errors first, and the result of every rule."""

    findings: list[Finding]
    results: list[Result]


def check(
    parquets: dict[str, Path],
    *,
    name: str,
    columns: dict[str, dict[str, str]] | None = None,
    published: Path | None = None,
    lookups: Lookups | None = None,
) -> Checked:
    """Every rule of every source in one file.

    ``parquets``: source → its tidy table. ``columns``: source → our column → letter in the person's file. ``published``: the version
    on air (DuckDB, ``core.*``) that totals are compared with. Raises RuleBroken when a rule could not be evaluated.
    """
    lookups = lookups or Lookups.load()
    findings: list[Finding] = []
    results: list[Result] = []
    with _ONE_AT_A_TIME, _bench(parquets, published, lookups) as connection:
        for source in (sources()[one] for one in parquets):
            asked = rules(source, lookups, pq.read_metadata(parquets[source.name]).num_rows)
            for rule, (count, rows) in _evaluate(connection, source.name, asked).items():
                one = asked[rule]
                results.append(Result(source.name, rule, one.code, one.severity, not count, count, one.reason))
                if count:
                    findings.append(_finding(one, count, rows, name, (columns or {}).get(source.name, {})))
    return Checked(sorted(findings, key=lambda found: ORDER[found.severity]), results)


@contextmanager
def _bench(parquets: dict[str, Path], published: Path | None, lookups: Lookups) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory: the file's tables as views on their Parquet, what is published, and what the suites prepare."""
    with tempfile.TemporaryDirectory() as spill, duckdb.connect(config=LIMITS | {"temp_directory": spill}) as connection:
        known = MACROS.read_text(encoding="utf-8").replace("{day}", str(lookups.today)).replace("{year}", str(lookups.year))
        connection.execute(known)
        _table(connection, "domestic_programmes", ("programme",), [(code,) for code in lookups.domestic])
        _table(connection, "measure_units", ("measure", "unit"), list(lookups.units.items()))
        if published:
            connection.execute(f"attach {_quoted(published)} as published (read_only)")
        for source in sources().values():
            _views(connection, source, parquets.get(source.name), published)
        for source in parquets:
            _prepare(connection, source, suites().get(source))
        yield connection


def _views(connection: duckdb.DuckDBPyConnection, source: Source, parquet: Path | None, published: Path | None) -> None:
    """``mobility`` is the file's table, ``published_mobility`` the published one; empty where there is none."""
    nothing = source.schema.empty_table()
    connection.register("nothing", nothing)
    connection.execute(f"create table empty_{source.name} as select * from nothing")
    mine = f"read_parquet({_quoted(parquet)})" if parquet else f"empty_{source.name}"
    connection.execute(f"create view {source.name} as select * from {mine}")
    asked = "select 1 from duckdb_columns() where database_name = 'published' and schema_name = 'core' and table_name = ?"
    there = published and connection.execute(asked, [source.name]).fetchone()
    connection.execute(
        f"create view published_{source.name} as from {f'published.core.{source.name}' if there else f'empty_{source.name}'}"
    )


def _prepare(connection: duckdb.DuckDBPyConnection, source: str, suite: Suite | None) -> None:
    for name, table in (suite.tables if suite else {}).items():
        _table(connection, name, table.columns, list(table.rows))
    for name, change in (suite.changes if suite else {}).items():
        for statement in _change(source, name, change):
            connection.execute(statement)


def _table(connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    arrays = [pa.array([row[at] for row in rows], None if rows else pa.string()) for at in range(len(columns))]
    connection.register("given", pa.table(arrays, names=list(columns)))
    connection.execute(f"create table {name} as select * from given")


def _change(source: str, name: str, change: Change) -> list[str]:
    """Totals per year, of the file and, for years that the file lacks, of what is published; then each beside the years before it.

    ``place`` is the row that adds most to its total: where one cell made the total jump, it is that cell.
    """
    by = ", ".join(f'"{one}"' for one in ("institution", *change.by))
    where = f"where ({change.where}) and {change.value} is not null group by all"
    totals = f"select {by}, {change.year} as year, sum({change.value}) as total"
    biggest = f'arg_max(struct_pack(sheet, "row", col), {change.value})'
    none = 'null::struct(sheet varchar, "row" integer, col varchar)'
    spot = 'place.sheet, place."row", place.col'
    before = f"partition by {by} order by year"
    same = " and ".join(f'm."{one}" is not distinct from t."{one}"' for one in ("institution", "year", *change.by))
    recent = f"({before} rows between 5 preceding and 1 preceding)"
    return [
        f"create table {name}_mine as {totals}, {biggest} as place from {source} {where}",
        f"create table {name}_theirs as {totals}, {none} as place from published_{source} {where}",
        f"""create table {name}_known as select *, true as here from {name}_mine union all by name
            select *, false as here from {name}_theirs where (institution, year) not in (select (institution, year) from {name}_mine)""",
        f"""create table {name}_changes as select * exclude (place), {spot} from (
            select * replace (coalesce(place, lag(place) over ({before})) as place),
                lag(total) over ({before}) as before, max(total) over {recent} as highest, count(*) over {recent} as years
            from {name}_known
            qualify (here or lag(here) over ({before})) and lag(year) over ({before}) = year - 1)""",
        f"""create table {name}_revised as select m.* exclude (place), t.total as before, {spot.replace("place", "m.place")}
            from {name}_mine m join {name}_theirs t on {same}""",
    ]


def _evaluate(connection: duckdb.DuckDBPyConnection, table: str, asked: dict[str, Rule]) -> dict[str, tuple[int, list[dict[str, Any]]]]:
    """Rule → how many rows offend, and the first of them. A cheap pass over all; a second one asks for rows where a rule failed."""
    queries = {name: rule for name, rule in asked.items() if not rule.expect}
    simple = {name: rule for name, rule in asked.items() if rule.expect}
    found: dict[str, tuple[int, list[dict[str, Any]]]] = dict.fromkeys(asked, (0, []))
    with _batch(connection, table) as batch:
        for name, outcome in _validate(batch, queries, {"result_format": "BASIC"}).items():
            if count := outcome.result["observed_value"]:
                found[name] = (count, _rows(connection, table, queries[name]))
        passed = _validate(batch, simple, {"result_format": "BOOLEAN_ONLY"})
        failed = {name: rule for name, rule in simple.items() if not passed[name].success}
        wanted = {"result_format": "SUMMARY", "partial_unexpected_count": SHOWN, "unexpected_index_column_names": ["sheet", "row", "col"]}
        for name, outcome in _validate(batch, failed, wanted).items():
            found[name] = (outcome.result.get("unexpected_count", 1), outcome.result.get("partial_unexpected_index_list") or [])
    return found


def _rows(connection: duckdb.DuckDBPyConnection, table: str, rule: Rule) -> list[dict[str, Any]]:
    """The first places that GX counted: in the order of the file for a condition, in its own order for a query."""
    found = rule.sql.replace("{batch}", table)
    if rule.where is not None:
        wanted = ", ".join(f'"{name}"' for name in dict.fromkeys(("sheet", "row", "col", *rule.shown)))
        found = f'select {wanted} from ({found}) order by sheet, "row"'
    cursor = connection.execute(f"select * from ({found}) limit {SHOWN}" if rule.where is None else f"{found} limit {SHOWN}")
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _validate(batch: Any, asked: dict[str, Rule], wanted: dict[str, Any]) -> dict[str, Any]:
    """GX's own result of every rule. Raises RuleBroken where GX met an exception or left a rule out."""
    if not asked:
        return {}
    gx, _ = _great_expectations()
    suite = gx.ExpectationSuite("rules", expectations=[rule.expectation(name) for name, rule in asked.items()])
    outcomes = {one.expectation_config.meta["rule"]: one for one in batch.validate(suite, result_format=wanted).results}
    for name in asked:
        if name not in outcomes:
            raise RuleBroken(f"{name}: Great Expectations returned no result")
        if outcomes[name].exception_info.get("raised_exception", True):
            raise RuleBroken(f"{name}: {outcomes[name].exception_info}")
    return outcomes


@contextmanager
def _batch(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[Any]:
    """All rows of a table as a batch of GX. The data source is forgotten afterwards, so that a worker can check for days."""
    _, context = _great_expectations()
    given = f"file_{uuid4().hex}"
    source = context.data_sources.add_sql(given, connection_string="duckdb://", kwargs={"creator": lambda: _reader(connection.cursor())})
    try:
        yield source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("all rows").get_batch()
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()
        context.data_sources.delete(given)


@cache
def _great_expectations() -> tuple[Any, Any]:
    """The module and one context in memory for the life of the process; nothing is sent anywhere, no progress bars."""
    import duckdb_engine

    # GX outlives the interpreter and holds DuckDB through this module: nanobind would print a page of "leaked" to the terminal.
    atexit.register(vars(duckdb_engine).clear)
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return gx, context


def _reader(cursor: duckdb.DuckDBPyConnection) -> Any:
    """A connection as SQLAlchemy wants it, which begins and ends no transaction: see the module's docstring."""
    from duckdb_engine import ConnectionWrapper, CursorWrapper

    class Reader(ConnectionWrapper):
        def begin(self) -> None: ...

        def commit(self) -> None: ...

        def rollback(self) -> None: ...

        def cursor(self) -> CursorWrapper:
            return Described(cursor, self)

    class Described(CursorWrapper):
        """Names its types in words: DuckDB's own type objects would be kept by SQLAlchemy past the end of the process."""

        @property
        def description(self) -> list[tuple[Any, ...]] | None:
            return [(name, str(kind), *rest) for name, kind, *rest in cursor.description or ()] or None

    return Reader(cursor)


def _finding(rule: Rule, count: int, rows: list[dict[str, Any]], file: str, letters: dict[str, str]) -> Finding:
    places = tuple(_place(rule, row, file, letters) for row in rows[:SHOWN])
    first = rows[0] if rows else {}
    values = rule.values | first | {"list": _listed(rule, rows, count)}
    if rule.column in first:
        values["value"] = _plain(first[rule.column])
    return Finding(rule.code, places[0] if places else Place(file), values, count, places, rule.texts, rule.severity)


def _listed(rule: Rule, rows: list[dict[str, Any]], count: int) -> str:
    shown = [
        (rule.item or "{row}").format_map({key: _plain(value) for key, value in row.items()})
        for row in rows[:LISTED]
        if rule.item or "row" in row
    ]
    return "; ".join(dict.fromkeys(shown)) + (" …" if count > LISTED else "")


def _place(rule: Rule, row: dict[str, Any], file: str, letters: dict[str, str]) -> Place:
    """The person's own cell: of the column that the rule names; ``col`` where that is the row's number itself, or nothing is known."""
    named, own = letters.get(rule.column or ""), row.get("col")
    letter = own or named if rule.column in NUMBERS else named or own
    return Place(file, row.get("sheet"), row.get("row"), _number(letter) if row.get("row") else None)


def _number(letter: str | None) -> int | None:
    """A → 1, AA → 27."""
    number = 0
    for one in letter or "":
        number = number * 26 + ord(one) - 64
    return number or None


def _plain(value: Any) -> str:
    """A value as a sentence shows it: 12, not 12.0; – for none."""
    if value is None:
        return "–"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
