"""A publication that follows on another: the version on air is copied, and only the institutions whose files change are built again.

They are built apart, by the very steps that build a whole version, as a small version of their own; then its rows take the place of
theirs in the copy. That needs every step to judge an institution by its own rows alone. Where all or many may change, all steps run in
the copy itself, which only saves loading; where the copy is doubtful, nothing of it is used.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from pipelines import log
from pipelines.errors import MeridianError, Place
from pipelines.log import Event
from pipelines.publishing import fingerprint
from pipelines.publishing.aliases import Alias
from pipelines.publishing.slots import Arrival, columns, repeat
from pipelines.sources import sources
from pipelines.store import Current, Store, product_version

LIMITS: dict[str, Any] = {
    "threads": "2", "memory_limit": "1GB", "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
}  # fmt: skip
BEFORE = "before"
"""The name under which the earlier version is attached to the small one."""
DAILY = ("agreements", "activities", "goals")
"""Sources whose rows are judged on a day; all others look at the academic year only."""
LISTS = frozenset({"files", "findings", "checks", "slots", "partner_aliases"})
"""Tables of the board that tell of the whole list: written anew each time."""
SHARE, MOST = 0.5, 500_000
"""A larger share of the rows, or more rows, are not set apart: it would not be faster, or take too much memory."""

Fill = Callable[[DuckDBPyConnection], None]
"""Fills a database from the arrivals, as for a whole version."""


Step = Callable[[DuckDBPyConnection, date], None]
"""Fills tables of the board: indicator values, goals and their status, what is measured on the board itself."""


@dataclass(frozen=True)
class Base:
    """A version to go on from: its file and the facts of its publication."""

    path: Path
    facts: dict[str, Any]

    @property
    def as_of(self) -> date:
        """The day it was judged on."""
        return date.fromisoformat(self.facts["as_of"])


@dataclass(frozen=True)
class Plan:
    """What a version is made of: the tidy tables, the day, what follows on the rows, what names of partners mean; and, where there is one,
    a version to go on from."""

    arrivals: Sequence[Arrival]
    as_of: date
    follow: Sequence[Step]
    base: Base | None = None
    aliases: tuple[Alias, ...] = ()


def base(store: Store, found: Sequence[Event]) -> Base | None:
    """The version on air, where it was made by this very product from this very log and is byte for byte what was published; else None."""
    current = store.current()
    if current is None or not _ours(current, found):
        return None
    path = store.versions / current.file
    whole = path.is_file() and fingerprint.of_file(path) == current.facts.get("bytes")
    return Base(path, current.facts) if whole else None


def _ours(current: Current, found: Sequence[Event]) -> bool:
    linked = {event.no: event.hash for event in found}.get(current.log_no, log.BEGINNING) == current.log_hash
    return linked and current.code_version == product_version() and current.facts.get("engine") == duckdb.__version__


def copy(base: Base, place: Path) -> None:
    """Copies the base to a place where it may be written to."""
    shutil.copyfile(base.path, place)
    place.chmod(0o640)


def grow(place: Path, plan: Plan, before: date, fill: Fill) -> bool:
    """Brings the copy at ``place``, judged on the day ``before``, to the plan. False, and nothing done, where all may change."""
    with opened(place, writing=True) as connection:
        whose = affected(connection, plan, before)
        if whose is None:
            return False
        set_apart(connection, whose)
        fill(connection)
        repeat(connection, BEFORE)
        for schema, name in _tables(connection):
            _replace(connection, schema, name)
        connection.execute(f"checkpoint {BEFORE}")
    return True


@contextmanager
def opened(before: Path | None, *, writing: bool = False) -> Iterator[DuckDBPyConnection]:
    """An empty database in memory; an earlier version is attached to it as BEFORE. Raises S132 for a damaged one."""
    with (
        tempfile.TemporaryDirectory(prefix="meridian-") as spill,
        duckdb.connect(":memory:", config=LIMITS | {"temp_directory": spill}) as connection,
    ):
        if before is not None:
            attach(connection, before, writing=writing)
        yield connection


def attach(connection: DuckDBPyConnection, version: Path, name: str = BEFORE, *, writing: bool = False) -> None:
    """Attaches a version under a name. Raises S132 for a damaged one."""
    named = str(version).replace("'", "''")
    try:
        connection.execute(f"attach '{named}' as {name} {'' if writing else '(read_only)'}")
    except duckdb.Error as error:
        raise MeridianError("S132", Place(f"versions/{version.name}"), file=version.name, detail=str(error).splitlines()[0]) from error


def affected(connection: DuckDBPyConnection, plan: Plan, before: date) -> list[str] | None:
    """The institutions whose rows or values may change. None where all may, or so many that setting them apart does not pay."""
    known = {no for (no,) in connection.execute(f"select distinct no from {BEFORE}.board.slots").fetchall()}
    fresh = [one for one in plan.arrivals if one.event.no not in known]
    left = sorted(known - {one.event.no for one in plan.arrivals})
    if _academic(plan.as_of) != _academic(before) or any("institution" not in sources()[one.source].schema.names for one in fresh):
        return None
    whose: set[str] = set()
    for one in fresh:
        whose |= _column(connection, "select distinct coalesce(institution, '') from read_parquet(?)", str(one.parquet))
    whose |= _column(connection, f"select distinct slot_of from {BEFORE}.board.slots where no in (select unnest(?::integer[]))", left)
    known_aliases = set(connection.execute(f"select institution, written, means from {BEFORE}.board.partner_aliases").fetchall())
    whose |= {who for who, _, _ in known_aliases ^ set(plan.aliases)}
    if plan.as_of != before:
        for name in DAILY:
            whose |= _column(connection, f"select distinct institution from {BEFORE}.facts.{name}")
    return None if "" in whose or _too_many(connection, whose) else sorted(whose)


def _academic(day: date) -> int:
    """As ``core.academic``: the year begins on 1 September."""
    return day.year - (day.month < 9)


def _column(connection: DuckDBPyConnection, sql: str, *bound: Any) -> set[Any]:
    return {value for (value,) in connection.execute(sql, list(bound)).fetchall()}


def _too_many(connection: DuckDBPyConnection, whose: set[str]) -> bool:
    sql = f"""select coalesce(sum(rows) filter (slot_of in (select unnest(?::varchar[]))), 0), coalesce(sum(rows), 0)
        from {BEFORE}.board.slots where holder = no"""
    theirs, everybody = connection.execute(sql, [sorted(whose)]).fetchone() or (0, 0)
    return theirs > MOST or theirs > SHARE * everybody


def set_apart(connection: DuckDBPyConnection, whose: Sequence[str]) -> None:
    """Copies the rows of these institutions, and what belongs to nobody, out of the earlier version; all its slots."""
    connection.execute("create schema facts; create schema core; create schema board")
    connection.execute("create table affected as select unnest(?::varchar[]) as institution", [list(whose)])
    for source in sources().values():
        only = "semi join affected using (institution)" if "institution" in source.schema.names else ""
        connection.execute(f"create table facts.{source.name} ({columns(source)})")
        connection.execute(f"insert into facts.{source.name} by name select * from {BEFORE}.facts.{source.name} {only}")
    connection.execute(f"create table board.slots as from {BEFORE}.board.slots")


def _tables(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    """The tables that were made apart, without the rows, which ``repeat`` has brought over."""
    where = "database_name = 'memory' and schema_name in ('core', 'board')"
    return connection.execute(f"select schema_name, table_name from duckdb_tables() where {where} order by all").fetchall()


def _replace(connection: DuckDBPyConnection, schema: str, name: str) -> None:
    """The rows of the institutions set apart take the place of theirs; a table that knows no institution is taken whole."""
    known = connection.execute(f"select column_name from (describe memory.{schema}.{name})").fetchall()
    if ("institution",) not in known or (schema == "board" and name in LISTS):
        connection.execute(f"create or replace table {BEFORE}.{schema}.{name} as from memory.{schema}.{name}")
        return
    connection.execute(f"delete from {BEFORE}.{schema}.{name} where institution in (select institution from memory.affected)")
    connection.execute(f"insert into {BEFORE}.{schema}.{name} by name from memory.{schema}.{name}")
