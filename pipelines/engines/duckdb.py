"""The engine that is always there: DuckDB in this process, on the version that is being built or over Parquet partitions."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from pipelines.engines import storage
from pipelines.engines.partitions import Partitions, macros
from pipelines.measuring.value import Run

Engine = Callable[[DuckDBPyConnection, Sequence[str]], AbstractContextManager[Run]]
"""A version that is being built and the tables that will be read → what runs statements on them, for a while."""


class Building(Run):
    """Runs statements while a version is built: weights that several indicators share are added up once, emptiness is looked at once."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        super().__init__(lambda sql, bound: connection.execute(sql, list(bound)).fetchall(), self._empty)
        self._tables: dict[tuple[str, tuple[Any, ...]], str] = {}
        self._looked: dict[str, bool] = {}

    def _empty(self, table: str) -> bool:
        if table not in self._looked:
            self._looked[table] = not self(f"select 1 from {table} limit 1")
        return self._looked[table]

    def kept(self, sql: str, bound: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        name = self._tables.get((sql, bound))
        if name is None:
            name = self._tables[sql, bound] = f"weights_{len(self._tables)}"
            self(f"create or replace temp table {name} as {sql}", bound)
        return f"select * from temp.{name}", ()


@contextmanager
def here(connection: DuckDBPyConnection, tables: Sequence[str]) -> Iterator[Run]:
    """The connection itself."""
    yield Building(connection)


@contextmanager
def over(parts: Partitions) -> Iterator[DuckDBPyConnection]:
    """A database of what partitions hold, each file read once, with the macros of formulas."""
    with (
        tempfile.TemporaryDirectory(prefix="meridian-") as folder,
        duckdb.connect(f"{folder}/read.duckdb", config={"preserve_insertion_order": "false"}) as connection,
    ):
        if storage.remote(parts.root):
            connection.register_filesystem(storage.at(parts.root)[0])
        connection.execute("create schema core; create schema board")
        for table in parts.columns:
            connection.execute(f"create table {table} as {_read(parts, table)}")
        for text in macros():
            connection.execute(text)
        yield connection


def _read(parts: Partitions, table: str) -> str:
    columns = parts.columns[table]
    if not parts.rows[table]:
        return "select " + ", ".join(f'null::{kind} as "{name}"' for name, kind in columns.items()) + " limit 0"
    folder = parts.folder(table).replace("'", "''")
    typed = ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind in columns.items())
    return f"select {typed} from read_parquet('{folder}/**/*.parquet', hive_partitioning = false)"
