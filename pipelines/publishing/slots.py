"""Which rows are on air: slots, supersession, and the primary series of a number. Loads ``facts.*`` and makes ``core.<source>``.

A slot is (institution, source, series, year); a period is a slot of its own, a register (no year) one slot. The newest accepted file
holds a slot; what it supersedes is not loaded. Of several series of one number the one with the lowest rank is primary, then the
one that came first. "One number" is told by NUMBER: staff in one series and students in another do not compete.
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
TYPES = {pa.string(): "varchar", pa.int32(): "integer", pa.float64(): "double", pa.bool_(): "boolean", pa.date32(): "date"}
HELD = """
create or replace temp table held as
with newest as (select series, slot_of, slot_from, slot_to, max(no) as holder, min(no) as came from slots group by all)
select slots.*, holder, came,
  holder = no and series = first_value(series) over (
    partition by slot_of, slot_from, slot_to, slot_number order by holder <> no, series_rank, came, series) as prime
from slots join newest using (series, slot_of, slot_from, slot_to)"""


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
    """Fills ``facts.*`` from the tidy tables, empty where nothing came in, and makes the views ``core.<source>``."""
    connection.execute("create schema if not exists facts; create schema if not exists core; create schema if not exists board")
    loaded: list[Loaded] = []
    for source in sources().values():
        connection.execute(f"create table facts.{source.name} ({_columns(source)})")
        loaded += _load_source(connection, source, [one for one in arrivals if one.source == source.name])
        connection.execute(f"create view core.{source.name} as select * from facts.{source.name} where prime")
    return loaded


def _columns(source: Source) -> str:
    ours = [f'"{field.name}" {TYPES[field.type]}' for field in source.schema]
    return ", ".join([*ours, "series varchar", "prime boolean", "file varchar", "publication_rank integer", "log_no integer"])


def _load_source(connection: DuckDBPyConnection, source: Source, arrivals: list[Arrival]) -> list[Loaded]:
    connection.execute(
        "create or replace temp table slots (slot_of varchar, slot_from integer, slot_to integer, slot_number varchar, no integer,"
        " series varchar, series_rank integer)"
    )
    for one in arrivals:
        facts = one.event.facts
        bound = [one.event.no, facts.get("series") or "", facts.get("rank") or 0, str(one.parquet)]
        connection.execute(f"insert into slots select distinct {', '.join(SLOT)}, ?, ?, ? from ({_reading(source, one.parquet)})", bound)
    connection.execute(HELD)
    return [_insert(connection, source, one) for one in arrivals]


def _reading(source: Source, parquet: Path) -> str:
    """A select over the file bound by ``?``: SLOT, then our columns; those that the source has got since then are empty."""
    there = set(pq.read_schema(parquet).names)
    columns = (
        f"cast({name if field.name in there else 'null'} as {TYPES[field.type]}) as {name}"
        for field, name in ((field, f'"{field.name}"') for field in source.schema)
    )
    return f"select {_slot(source)}, * from (select {', '.join(columns)} from read_parquet(?))"


def _slot(source: Source) -> str:
    """Institution, first and last year, number: never null, so that they join."""
    names = source.schema.names
    institution = "coalesce(institution, '')" if "institution" in names else "''"
    first = f"coalesce({source.year}, -1)" if source.year else "-1"
    last = f"coalesce(year_to, {source.year}, -1)" if "year_to" in names else first
    number = NUMBER.get(source.name, "''")
    return ", ".join(f"{what} as {name}" for what, name in zip((institution, first, last, number), SLOT, strict=True))


def _insert(connection: DuckDBPyConnection, source: Source, one: Arrival) -> Loaded:
    """The rows of the slots that the file holds. Where it holds all and in one way, nothing needs to be joined."""
    no, facts = one.event.no, one.event.facts
    sql = "select bool_and(holder = no), bool_or(holder = no), bool_and(prime), bool_or(prime) from held where no = ?"
    whole, some, all_prime, any_prime = connection.execute(sql, [no]).fetchone() or (None, None, None, None)
    told = Loaded(one, 0, bool(any_prime), *_around(connection, no))
    if not some:
        return told
    ours, bound = f"exclude ({', '.join(SLOT)})", [facts.get("series") or "", facts["file"], facts.get("rank") or 0, no, str(one.parquet)]
    if whole and all_prime == any_prime:
        sql = f"select * {ours}, ?, {bool(all_prime)}, ?, ?, ? from ({_reading(source, one.parquet)})"
    else:
        sql = f"""select tidy.* {ours}, ?, held.prime, ?, ?, ? from ({_reading(source, one.parquet)}) tidy
            join (select * from held where no = ? and holder = no) held on {" and ".join(f"tidy.{name} = held.{name}" for name in SLOT)}"""
        bound.append(no)
    told.rows = (connection.execute(f"insert into facts.{source.name} {sql}", bound).fetchone() or (0,))[0]
    return told


def _around(connection: DuckDBPyConnection, no: int) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]:
    """Institutions of a file, the files it took slots from, the files that took slots from it."""
    lists = (
        "select distinct slot_of from held where no = $no and slot_of <> '' order by 1",
        """select distinct older.no from held older join held mine using (series, slot_of, slot_from, slot_to)
           where mine.no = $no and older.no < $no order by 1""",
        "select distinct holder from held where no = $no and holder <> $no order by 1",
    )
    names, before, after = (tuple(row[0] for row in connection.execute(sql, {"no": no}).fetchall()) for sql in lists)
    return names, before, after
