"""The database that the rules of a file look at: in memory, gone with the check."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.checking.rules import MACROS, Change, Lookups, Suite, repeated, suites
from pipelines.sources import Source, sources

LIMITS: dict[str, Any] = {
    "memory_limit": "600MB",
    "threads": "2",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


@contextmanager
def prepared(parquets: dict[str, Path], published: Path | None, lookups: Lookups) -> Iterator[duckdb.DuckDBPyConnection]:
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
        for name in parquets:
            _prepare(connection, name, suites().get(name))
            if sources()[name].key:
                connection.execute(f"create table {name}_repeated as {repeated(sources()[name])}")
        yield connection


def _views(connection: duckdb.DuckDBPyConnection, source: Source, parquet: Path | None, published: Path | None) -> None:
    """``mobility`` is the file's table, ``published_mobility`` the published one; empty where there is none."""
    connection.register("nothing", source.schema.empty_table())
    connection.execute(f"create table empty_{source.name} as select * from nothing")
    mine = f"read_parquet({_quoted(parquet)})" if parquet else f"empty_{source.name}"
    connection.execute(f"create view {source.name} as select * from {mine}")
    theirs = f"published.core.{source.name}" if published and _holds(connection, source.name) else f"empty_{source.name}"
    connection.execute(f"create view published_{source.name} as from {theirs}")


def _holds(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    asked = "select 1 from duckdb_columns() where database_name = 'published' and schema_name = 'core' and table_name = ?"
    return connection.execute(asked, [table]).fetchone() is not None


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


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
