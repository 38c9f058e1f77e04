"""Is it believable? Great Expectations runs every rule over every row of a file, through DuckDB, straight on the Parquet.

The import of Great Expectations takes seconds, so it happens on the first check and never for a viewer. A rule that could not be
evaluated is a bug and raises; it never passes for success.

GX's SQL path was chosen by measuring: a million rows take a quarter of the time of its pandas path and an eighth of the memory; ten
thousand rows take 0.1 s either way. But GX gives a connection back before it has fetched from it, and DuckDB's rollback then drops
the rows. ``_reader`` is a connection without transactions, as reading needs none: rows stay until they are fetched.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow.parquet as pq

from pipelines.checking.prepare import prepared
from pipelines.checking.rules import Lookups, Rule, rules, suites
from pipelines.errors import ORDER, Finding, Place, Severity
from pipelines.sources import sources

SHOWN = 100
"""How many places of one finding are listed; its count is always exact."""
LISTED = 10
NUMBERS = ("participants", "headcount", "value", "target")
"""The columns that ``col`` points to: where a table was unpivoted, each row's number stood in a column of its own."""
UNUSED = ("scipy.stats", "altair")
"""GX imports them for a test of distributions and its chart, which no rule of ours is: half of its import, unless it is put off."""
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


def warm() -> None:
    """Takes the seconds of the imports now, before there is anything to check."""
    _great_expectations()
    suites()
    Lookups.load()


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
    with _ONE_AT_A_TIME, prepared(parquets, published, lookups) as connection:
        for source in (sources()[one] for one in parquets):
            asked = rules(source, lookups, pq.read_metadata(parquets[source.name]).num_rows)
            asked = {rule: _met(connection, source.name, one) for rule, one in asked.items()}
            for rule, (count, rows) in _evaluate(connection, source.name, asked).items():
                one = asked[rule]
                results.append(Result(source.name, rule, one.code, one.severity, not count, count, one.reason))
                if count:
                    findings.append(_finding(one, count, rows, name, (columns or {}).get(source.name, {})))
    return Checked(sorted(findings, key=lambda found: ORDER[found.severity]), results)


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


def _met(connection: duckdb.DuckDBPyConnection, table: str, rule: Rule) -> Rule:
    """The same rule with the words of its list that occur in the rows: for every row the database walks the list, and lists are long."""
    if not (listed := rule.kwargs.get("value_set")):
        return rule
    occurring = {word for (word,) in connection.execute(f'select distinct "{rule.kwargs["column"]}" from {table}').fetchall()}
    met = [word for word in listed if word in occurring]
    return rule.model_copy(update={"kwargs": rule.kwargs | {"value_set": met or listed}})


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
    for name in UNUSED:
        _put_off(name)
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]  # what its own documentation says
    return gx, context


def _put_off(name: str) -> None:
    """A stand-in that imports the module when somebody first asks it for anything."""
    if name in sys.modules:
        return
    stand_in = ModuleType(name)

    def first_use(attribute: str) -> Any:
        if sys.modules.get(name) is stand_in:
            del sys.modules[name]
        return getattr(import_module(name), attribute)

    stand_in.__getattr__ = first_use  # type: ignore[method-assign]
    sys.modules[name] = stand_in


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
    item = rule.item or "{row}"
    known = [{name: _plain(value) for name, value in row.items()} for row in rows[:LISTED]]
    shown = dict.fromkeys(item.format_map(row) for row in known if rule.item or "row" in row)
    return "; ".join(shown) + (" …" if count > LISTED else "")


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
