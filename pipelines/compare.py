"""What a file would change, before anybody decides: the next publication is made aside and held against the one on air.

Nothing of it is ever put on air or kept. The same differences are told between any two publications.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from pipelines import log
from pipelines.errors import MeridianError
from pipelines.log import Event
from pipelines.publishing import aliases, build, differences, onward
from pipelines.publishing import publications as published
from pipelines.publishing.slots import PLACE, SLOTS, Arrival, enter
from pipelines.store import Store

__all__ = ["holders", "impact", "publications"]

Row = dict[str, Any]


def impact(store: Store, facts: Row, parquets: dict[str, Path], by: str, as_of: date | None = None) -> Row:
    """What would change if this file were accepted and published now, with whatever waits already. Plain values, for JSON.

    ``facts`` are those of its event to be (``path.described``), ``parquets`` its tidy tables by source. Raises what publishing would.
    """
    start = time.perf_counter()
    found, current = log.events(store), store.current()
    coming, due = _coming(found, facts, parquets, by), _due(store, found)
    base = onward.base(store, found)
    on_air = store.versions / current.file if current else None
    with _candidate(_plan(found, [*due, *coming], as_of or date.today(), base), on_air) as connection:
        told = differences.tell(connection)
        told["slots"] = differences.slots_of(connection, coming[0].event.no) if coming else []
    told |= {"publication": current.no if current else None, "holders": _holders(base, due, coming)}
    return told | {"reports": _reports(found, told["indicators"]), "seconds": round(time.perf_counter() - start, 3)}


def _plan(found: Sequence[Event], arrivals: Sequence[Arrival], as_of: date, base: onward.Base | None) -> build.Plan:
    return build.Plan(arrivals, as_of, build.steps(), base, aliases.told(found))


def holders(store: Store, facts: Row, parquets: dict[str, Path]) -> list[int]:
    """Numbers of the accepted events, on air or waiting, that now hold slots this file would take, or parts beside it.

    The same as long as nobody else's file has come into one of its slots: whoever decides can compare before and after.
    """
    found = log.events(store)
    return _holders(onward.base(store, found), _due(store, found), _coming(found, facts, parquets, ""))


def _holders(base: onward.Base | None, due: list[Arrival], coming: list[Arrival]) -> list[int]:
    with onward.opened(base.path if base else None) as connection:
        connection.execute(f"create schema board; {SLOTS}")
        if base:
            connection.execute(f"insert into board.slots from {onward.BEFORE}.board.slots")
        enter(connection, due)
        connection.execute("create temp table now as from board.slots where holder = no")
        enter(connection, [*due, *coming])
        sql = f"select distinct now.no from now join board.slots as mine using ({PLACE}) where mine.no = ? order by 1"
        return [no for one in coming[:1] for (no,) in connection.execute(sql, [one.event.no]).fetchall()]


def publications(store: Store, a: int, b: int) -> Row:
    """What differs between two publications, as ``impact`` tells it, with the files added and removed. Raises S162 for unknown numbers."""
    start = time.perf_counter()
    found = log.events(store)
    first, second = _publication(found, a), _publication(found, b)
    with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
        paths = [_version(store, found, one, Path(folder)) for one in (first, second)]
        with onward.opened(paths[0]) as connection:
            onward.attach(connection, paths[1], "after")
            connection.execute("use after")
            differences.look_back(connection, onward.BEFORE, only=False)
            told = differences.tell(connection)
    lists = set(first.facts["accepted"]), set(second.facts["accepted"])
    files = {"added": sorted(lists[1] - lists[0]), "removed": sorted(lists[0] - lists[1])}
    told |= {"publication": a, "files": files, "holders": [], "slots": []}
    return told | {"reports": _reports(found, told["indicators"]), "seconds": round(time.perf_counter() - start, 3)}


def _coming(found: list[Event], facts: Row, parquets: dict[str, Path], by: str) -> list[Arrival]:
    """The tidy tables of the event that would accept the file."""
    no, now = log.head(found)[0] + 1, datetime.now(UTC).isoformat(timespec="milliseconds")
    event = Event(no, now, "accepted", by, facts, "", "")
    return [Arrival(event, source, path) for source, path in parquets.items()]


def _due(store: Store, found: list[Event]) -> list[Arrival]:
    return build.arrivals(store, published.due(found), build.hashes(found))


@contextmanager
def _candidate(plan: build.Plan, on_air: Path | None) -> Iterator[DuckDBPyConnection]:
    """A database with the next version, or with those of its institutions that may change; the version on air beside it."""
    fill = build.filling(plan)
    if plan.base:
        with onward.opened(plan.base.path) as connection:
            whose = onward.affected(connection, plan, plan.base.as_of)
            if whose is not None:
                onward.set_apart(connection, whose)
                fill(connection)
                differences.look_back(connection, onward.BEFORE, only=True)
                yield connection
                return
    with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
        place = Path(folder) / "next.duckdb"
        if plan.base:
            onward.copy(plan.base, place)
        with duckdb.connect(str(place), config=onward.LIMITS) as connection:
            fill(connection)
            differences.look_back(connection, _attached(connection, on_air), only=False)
            yield connection


def _attached(connection: DuckDBPyConnection, on_air: Path | None) -> str | None:
    if on_air is None or not on_air.is_file():
        return None
    onward.attach(connection, on_air)
    return onward.BEFORE


def _publication(found: list[Event], no: int) -> Event:
    event = next((one for one in found if one.kind == "published" and one.facts["no"] == no), None)
    if event is None:
        raise MeridianError("S162", no=no)
    return event


def _version(store: Store, found: list[Event], event: Event, folder: Path) -> Path:
    """The file of a publication; one that was deleted is made again from its list, without what was erased since."""
    no = event.facts["no"]
    names = [one.facts["file"] for one in found if one.kind in ("published", "rebuilt") and one.facts["no"] == no]
    kept = next((path for path in map(store.versions.joinpath, names) if path.is_file()), None)
    if kept:
        return kept
    accepted = published.listed(found, event.facts["accepted"])
    day = date.fromisoformat(event.facts["as_of"])
    place = folder / f"{no}.duckdb"
    said = aliases.told(found, event.facts["log_no"])
    plan = build.Plan(build.arrivals(store, accepted, build.hashes(found)), day, build.steps(), aliases=said)
    with duckdb.connect(str(place), config=onward.LIMITS) as connection:
        build.filling(plan)(connection)
    return place


def _reports(found: Sequence[Event], changed: list[Row]) -> list[Row]:
    """Exports that people took away with a number that changes: of an institution and, where they name indicators, of one of those."""
    codes: dict[str, set[str]] = {}
    for one in changed:
        codes.setdefault(one["institution"], set()).add(one["code"])
    everybody = set().union(*codes.values())
    told = []
    for event in found:
        if event.kind != "exported" or event.facts.get("what") == "original":
            continue  # an original file holds its own numbers, not those of a publication
        whose, named = event.facts.get("institution"), set(event.facts.get("indicators") or ())
        touched = codes.get(whose, set()) if whose and whose != "*" else everybody
        if touched and (not named or named & touched):
            said = {name: event.facts.get(name) for name in ("what", "publication")}
            told.append({"no": event.no, "at": event.at, "by": event.by} | said)
    return told
