"""Which rows are on air: slots, supersession, and the primary series of a number. Loads ``facts.*`` and makes ``core.<source>``.

A slot is (institution, source, series, year); a period is a slot of its own, a register (no year) one slot. A file is the whole of its
slots, or a named part of them. The newest whole holds a slot, together with the newest file of every part that came after it; what is
superseded is not loaded. Of several series of one number the one with the lowest rank is primary, then the one that came first. "One
number" is told by NUMBER: staff in one series and students in another do not compete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from pipelines.log import Event
from pipelines.sources import Source, sources

NUMBER = {
    "mobility": "concat_ws('|', direction, role)",
    "country_distribution": "coalesce(\"group\", '')",
    "yearly_figures": "concat_ws('|', measure, programme is null, level is null, unit is null, country is null)",
}
SLOT = ("slot_of", "slot_from", "slot_to", "slot_number")
PLACE = "source, series, slot_of, slot_from, slot_to"
TYPES = {pa.string(): "varchar", pa.int32(): "integer", pa.float64(): "double", pa.bool_(): "boolean", pa.date32(): "date"}
SLOTS = """
create table if not exists board.slots (source varchar, series varchar, slot_of varchar, slot_from integer, slot_to integer,
  slot_number varchar, part varchar, no integer, series_rank integer, rows bigint, holder integer, prime boolean)"""
HELD = f"""
create or replace table board.slots as
with wholes as (
  select {PLACE}, min(no) as came, coalesce(max(no) filter (part = ''), 0) as whole from entered group by all
), parts as (
  select {PLACE}, part, max(no) as newest from entered group by all
), held as (
  select entered.* exclude (holder, prime), came, if(no < whole, whole, newest) as holder
  from entered join wholes using ({PLACE}) join parts using ({PLACE}, part)
)
select * exclude (came), holder = no and series = first_value(series) over (
    partition by source, slot_of, slot_from, slot_to, slot_number order by holder <> no, series_rank, came, series) as prime
from held"""
ON_AIR = f"select {PLACE}, slot_number, no, prime from {{}} where holder = no"
"""What decides which rows are loaded, and how."""


@dataclass(frozen=True)
class Arrival:
    """One source of an accepted file, with the place of its tidy table."""

    event: Event
    source: str
    parquet: Path


@dataclass
class Loaded:
    """What became of it: rows on air, whether any is primary, whose rows, and the numbers of the events around it."""

    arrival: Arrival
    rows: int = 0
    prime: bool = False
    institutions: tuple[str, ...] = ()
    supersedes: tuple[int, ...] = ()
    superseded_by: tuple[int, ...] = ()


def load(connection: DuckDBPyConnection, arrivals: Sequence[Arrival]) -> list[Loaded]:
    """Brings ``facts.*`` to these arrivals: from nothing, or from another list, of which the rows in the same slots stay as they are."""
    connection.execute("create schema if not exists facts; create schema if not exists core; create schema if not exists board")
    for source in sources().values():
        connection.execute(f"create table if not exists facts.{source.name} ({columns(source)})")
        connection.execute(f"create view if not exists core.{source.name} as select * from facts.{source.name} where prime")
    connection.execute(SLOTS)
    connection.execute("create or replace temp table before as from board.slots")
    enter(connection, arrivals)
    connection.execute(f"create or replace temp table gone as {ON_AIR.format('before')} except {ON_AIR.format('board.slots')}")
    connection.execute(f"create or replace temp table come as {ON_AIR.format('board.slots')} except {ON_AIR.format('before')}")
    _remove(connection)
    _insert(connection, arrivals)
    return _told(connection, arrivals)


def columns(source: Source) -> str:
    """The columns of ``facts.<source>``, as SQL."""
    ours = [f'"{field.name}" {TYPES[field.type]}' for field in source.schema]
    return ", ".join([*ours, "series varchar", "prime boolean", "file varchar", "publication_rank integer", "log_no integer"])


def enter(connection: DuckDBPyConnection, arrivals: Sequence[Arrival]) -> None:
    """``board.slots`` of these arrivals: who holds what. Those that are listed there already are not read again."""
    known = {no for (no,) in connection.execute("select distinct no from board.slots").fetchall()}
    listed = {one.event.no for one in arrivals}
    sql = "create or replace temp table entered as from board.slots where no in (select unnest(?::integer[]))"
    connection.execute(sql, [sorted(listed)])
    for one in arrivals:
        if one.event.no not in known:
            facts, source = one.event.facts, sources()[one.source]
            said = [facts.get("part") or "", one.event.no, facts.get("rank") or 0]
            connection.execute(
                f"insert into entered select ?, ?, {', '.join(SLOT)}, ?, ?, ?, count(*), null, null"
                f" from ({_reading(source, one.parquet)}) group by {', '.join(SLOT)}",
                [one.source, facts.get("series") or "", *said, str(one.parquet)],
            )
    connection.execute(HELD)


def _reading(source: Source, parquet: Path) -> str:
    """A select over the file bound by ``?``: SLOT, then our columns; those that the source has got since then are empty."""
    there = set(pq.read_schema(parquet).names)
    columns = (
        f"cast({name if field.name in there else 'null'} as {TYPES[field.type]}) as {name}"
        for field, name in ((field, f'"{field.name}"') for field in source.schema)
    )
    return f"select {slot(source)}, * from (select {', '.join(columns)} from read_parquet(?))"


def slot(source: Source) -> str:
    """SLOT of a row of the source, as SQL: institution, first and last year, number; never null, so that they join."""
    names = source.schema.names
    institution = "coalesce(institution, '')" if "institution" in names else "''"
    first = f"coalesce({source.year}, -1)" if source.year else "-1"
    last = f"coalesce(year_to, {source.year}, -1)" if "year_to" in names else first
    number = NUMBER.get(source.name, "''")
    return ", ".join(f"{what} as {name}" for what, name in zip((institution, first, last, number), SLOT, strict=True))


def _remove(connection: DuckDBPyConnection, database: str = "") -> None:
    """Takes the rows of slots out that are held by another file now, or in another way."""
    for name, numbers in connection.execute("select source, list(distinct no) from gone group by all").fetchall():
        connection.execute(
            f"""delete from {database}facts.{name} where rowid in (
                  select id from (select rowid as id, log_no as no, {slot(sources()[name])} from {database}facts.{name}
                                  where log_no in ({", ".join(map(str, numbers))}))
                  semi join (from gone where source = ?) using (no, {", ".join(SLOT)}))""",
            [name],
        )


def repeat(connection: DuckDBPyConnection, database: str) -> None:
    """Does to the rows of another attached database what ``load`` did to those of this one."""
    _remove(connection, f"{database}.")
    for name, numbers in connection.execute("select source, list(distinct no) from come group by all").fetchall():
        ours = ", ".join(SLOT)
        connection.execute(
            f"""insert into {database}.facts.{name} select * exclude (no, {ours})
                from (select *, log_no as no, {slot(sources()[name])} from facts.{name} where log_no in ({", ".join(map(str, numbers))}))
                semi join (from come where source = ?) using (no, {ours})""",
            [name],
        )


def _insert(connection: DuckDBPyConnection, arrivals: Sequence[Arrival]) -> None:
    """The rows of the slots that a file has come to hold. Where it holds all and in one way, nothing needs to be joined."""
    sql = """with whole as (select no, source, count(*) as slots from board.slots group by all)
        select no, source, count(*) = slots, bool_and(prime), bool_or(prime)
        from come join whole using (no, source) group by no, source, slots"""
    coming = {(no, source): told for no, source, *told in connection.execute(sql).fetchall()}
    for one in arrivals:
        no, source, facts = one.event.no, sources()[one.source], one.event.facts
        if (no, one.source) not in coming:
            continue
        whole, all_prime, any_prime = coming[no, one.source]
        ours = f"exclude ({', '.join(SLOT)})"
        bound = [facts.get("series") or "", facts["file"], facts.get("rank") or 0, no, str(one.parquet)]
        if whole and all_prime == any_prime:
            sql = f"select * {ours}, ?, {bool(all_prime)}, ?, ?, ? from ({_reading(source, one.parquet)})"
        else:
            sql = f"""select tidy.* {ours}, ?, come.prime, ?, ?, ? from ({_reading(source, one.parquet)}) tidy
                join (from come where no = ? and source = ?) come using ({", ".join(SLOT)})"""
            bound += [no, one.source]
        connection.execute(f"insert into facts.{one.source} {sql}", bound)


def _told(connection: DuckDBPyConnection, arrivals: Sequence[Arrival]) -> list[Loaded]:
    """What became of every file: its rows and institutions, the files it took slots from, the files that took slots from it."""
    on_air = """select no, source, sum(rows) filter (holder = no), bool_or(prime),
        list(distinct slot_of order by slot_of) filter (slot_of <> ''), list(distinct holder order by holder) filter (holder <> no)
        from board.slots group by all"""
    taken = f"""with once as (select distinct {PLACE}, part, no from board.slots)
        select mine.no, mine.source, list(distinct older.no order by older.no) from once as mine join once as older using ({PLACE})
        where older.no < mine.no and (mine.part = '' or mine.part = older.part) group by all"""
    said = {(no, source): more for no, source, *more in connection.execute(on_air).fetchall()}
    before = {(no, source): older for no, source, older in connection.execute(taken).fetchall()}
    loaded = []
    for one in arrivals:
        key = (one.event.no, one.source)
        rows, prime, names, after = said.get(key, (0, False, (), ()))
        loaded.append(Loaded(one, rows or 0, bool(prime), tuple(names or ()), tuple(before.get(key, ())), tuple(after or ())))
    return loaded
