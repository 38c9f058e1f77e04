"""A version is built: a new DuckDB file from accepted files, filled step by step, read back, given its name. Knows nothing of the log."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from pipelines.errors import MeridianError, Place
from pipelines.log import Event
from pipelines.publishing import board, fingerprint, onward
from pipelines.publishing.board import Row
from pipelines.publishing.onward import LIMITS, Plan, Step
from pipelines.publishing.slots import Arrival, load

__all__ = ["LIMITS", "Built", "Plan", "Step", "arrivals", "built", "filling", "hashes", "intact", "kept", "place_of", "steps"]
from pipelines.store import TEMPORARY, Store, sync

UNWRITTEN = (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException)
"""How DuckDB says that the disk failed: nobody else writes to the file, so a commit or a checkpoint fails for no other reason."""


def steps() -> tuple[Step, ...]:
    """What follows on the rows, in this order. Imported late: reading a store needs none of it."""
    from pipelines import goals, measure

    return (measure.fill, goals.fill, measure.complete)


@dataclass
class Built:
    """A finished file under its temporary name, with the fingerprints of its tables and of its bytes."""

    path: Path
    tables: dict[str, list[str]]
    bytes: str
    seconds: dict[str, float]

    @property
    def digest(self) -> str:
        """The logical digest: equal for equal content, whenever and wherever it was built."""
        return fingerprint.digest(self.tables)


Told = Callable[[str], tuple[list[Row], Row]]
"""Digest → rows of ``board.publications`` and of ``board.about``."""


@contextmanager
def built(store: Store, plan: Plan, told: Told) -> Iterator[Built]:
    """Builds under a temporary name, which is gone after the block unless it was given another. Raises S108, or what a step raises."""
    place = store.versions / f"{TEMPORARY}{os.getpid()}.duckdb"
    try:
        made = _made(place, plan, told)
        _read_back(place, made.tables)
        sync(place)
        yield made
    finally:
        for left in (place, place.with_name(place.name + ".wal")):
            left.unlink(missing_ok=True)


def _made(place: Path, plan: Plan, told: Told) -> Built:
    seconds: dict[str, float] = {}
    try:
        fill = filling(plan, seconds)
        done = plan.base is not None and _grown(place, plan, plan.base, fill)
        with duckdb.connect(str(place), config=LIMITS) as connection:
            if not done:
                fill(connection)
            start = time.perf_counter()
            tables = fingerprint.of_version(connection)
            board.announce(connection, *told(fingerprint.digest(tables)))
            connection.execute("checkpoint")
        seconds["write"] = round(time.perf_counter() - start, 3)
    except (*UNWRITTEN, OSError) as error:
        raise MeridianError("S103", Place(place.parent.name), detail=str(error).splitlines()[0]) from error
    return Built(place, tables, fingerprint.of_file(place), seconds)


def _grown(place: Path, plan: Plan, base: onward.Base, fill: onward.Fill) -> bool:
    """Whether the copy of the base is finished; else it still has to be filled, from what it holds."""
    onward.copy(base, place)
    return onward.grow(place, plan, base.as_of, fill)


def filling(plan: Plan, seconds: dict[str, float] | None = None) -> onward.Fill:
    """Fills a database, empty or with what an earlier list left in it; tells how long each part took."""

    def fill(connection: DuckDBPyConnection) -> None:
        laps = [("", time.perf_counter())]
        board.fill(connection, load(connection, plan.arrivals), plan.aliases)
        laps.append(("load", time.perf_counter()))
        for step in plan.follow:
            step(connection, plan.as_of)
            laps.append((f"{step.__module__.rpartition('.')[2]}.{step.__name__}", time.perf_counter()))
        if seconds is not None:
            seconds.update({name: round(end - start, 3) for (_, start), (name, end) in pairwise(laps)})

    return fill


def _read_back(place: Path, tables: dict[str, list[str]]) -> None:
    """The closed file, opened as readers will, holds the rows that were written."""
    with duckdb.connect(str(place), read_only=True, config=LIMITS) as connection:
        for name, (rows, *_) in tables.items():
            counted = "duckdb_views() where schema_name in ('core', 'board') and not internal" if name == "views" else name
            found = connection.execute(f"select count(*) from {counted}").fetchone()
            if found is None or str(found[0]) != rows:
                raise MeridianError("S108", Place(place.name), table=name, expected=rows, found=found and found[0])


def arrivals(store: Store, accepted: Sequence[Event], hashes: dict[str, str]) -> list[Arrival]:
    """Every source of every accepted file, with its kept tidy table. Raises S107 for one that is missing or was changed."""
    return [Arrival(event, source, kept(store, event, source, hashes)) for event in accepted for source in event.facts["sources"]]


def kept(store: Store, event: Event, source: str, hashes: dict[str, str]) -> Path:
    """The tidy table of an accepted file. Raises S107."""
    path = place_of(store, event, source)
    if not intact(path, hashes):
        raise MeridianError("S107", Place(event.facts["name"]), parquet=path.name, name=event.facts["name"])
    return path


def place_of(store: Store, event: Event, source: str) -> Path:
    """Where the tidy table should lie."""
    return store.tidy_parquet(event.facts["file"], source, event.facts["code"])


def intact(path: Path, hashes: dict[str, str]) -> bool:
    """Whether a tidy table is there and is what the log says."""
    return fingerprint.holds(path, hashes.get(path.name))


def hashes(found: Sequence[Event]) -> dict[str, str]:
    """Name of a tidy table → hash of its bytes, as the log last said: when it was accepted, or made anew by a rebuild or an upgrade."""
    said: dict[str, str] = {}
    for event in found:
        if event.kind == "accepted":
            said |= {own["parquet"]: own["bytes"] for own in event.facts["sources"].values() if own.get("bytes")}
        elif event.kind in ("rebuilt", "reread"):
            said |= event.facts.get("tidy", {})
    return said
