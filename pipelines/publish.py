"""Putting on air: a publication is a list of accepted files. Its version is built aside, then one atomic write shows it to everybody.

Whatever fails leaves the last publication on air. Undo is publishing the list of an earlier one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines import log
from pipelines.log import Event
from pipelines.publishing import aliases, board, build, onward, publications
from pipelines.publishing.erase import erase
from pipelines.publishing.rebuild import rebuild
from pipelines.publishing.verify import on_air, status, verify
from pipelines.store import Store, product_version, settle

__all__ = ["Publication", "erase", "on_air", "publish", "rebuild", "status", "verify", "waiting"]

KEEP = 10
YOUNG = 24 * 3600
"""Versions kept, and the seconds within which none is deleted: a reader may hold its name."""


@dataclass(frozen=True)
class Publication:
    """What was put on air: number, time, who, the accepted events it is made of, its digest and file, and how long each step took."""

    no: int
    at: str
    by: str
    reason: str
    accepted: tuple[int, ...]
    digest: str
    file: Path
    as_of: date
    seconds: dict[str, float]

    @property
    def files(self) -> int:
        """How many accepted files it is made of."""
        return len(self.accepted)


def publish(
    store: Store, by: str, reason: str = "", as_of: date | None = None, files: Iterable[int] | None = None,
    steps: Sequence[build.Step] | None = None, *, anew: bool = False, waiting: Sequence[int] = (),
) -> Publication:  # fmt: skip
    """Build a version and put it on air.

    ``files`` are numbers of ``accepted`` events; left out, those of the last publication and all accepted since; erased ones are left out
    and named in the event. ``as_of`` is the day on which "active" and "due" are judged (default today); it is written down, so that a
    rebuild gives the same figures. ``steps`` replace what follows on the rows. ``anew`` builds from the tidy tables alone; else the version
    goes on from the one on air where it can. ``waiting`` are accepted files that the next publication takes up.

    Raises S105, S106, S107, a fault of the log, or what a step raises; nothing has changed then.
    """
    with store.lock():
        found = publications.caught_up(store)
        asked = None if files is None else set(files)
        accepted = publications.listed(found, asked)
        day = as_of or date.today()
        facts = _facts(found, _next(store, found), day, reason, accepted)
        if left_out := sorted((asked or set()) & publications.erased(found)):
            facts["left_out"] = left_out
        if waiting:
            facts["waiting"] = sorted(waiting)
        base = None if anew or steps is not None else onward.base(store, found)
        arrivals = build.arrivals(store, accepted, build.hashes(found))
        plan = build.Plan(arrivals, day, build.steps() if steps is None else steps, base, aliases.told(found))
        return _put_on_air(store, plan, facts, by, found)


def _put_on_air(store: Store, plan: build.Plan, facts: dict[str, Any], by: str, found: list[Event]) -> Publication:
    def told(digest: str) -> tuple[list[board.Row], board.Row]:
        now = board.publication(facts["no"], datetime.now(UTC).isoformat(), by, facts | {"digest": digest})
        return [*publications.rows(found), now], publications.about(facts, digest)

    with build.built(store, plan, told) as made:
        facts |= {"digest": made.digest, "tables": made.tables, "bytes": made.bytes, "file": f"{facts['no']}-{made.digest[:12]}.duckdb"}
        facts["seconds"] = round(sum(made.seconds.values()), 3)
        if plan.base:
            facts["grown_from"] = plan.base.facts["no"]  # its bytes may still hold rows that are gone
        settle(made.path, store.versions / facts["file"])
        store.put_current(publications.pointer(facts, by, found))
    event = log.append(store, "published", by, **facts)
    _collect(store, facts["file"])
    path = store.versions / facts["file"]
    return Publication(facts["no"], event.at, by, facts["reason"], tuple(facts["accepted"]), made.digest, path, plan.as_of, made.seconds)


def waiting(store: Store) -> list[Event]:
    """Files that were accepted after the last publication was put together."""
    return publications.since(log.events(store))


def _next(store: Store, found: list[Event]) -> int:
    """Numbers are never used twice, not even that of a version whose publisher died before the pointer was written."""
    files = (path.name.partition("-")[0] for path in store.versions.glob("*.duckdb"))
    return max([publications.last_number(found), *(int(number) for number in files if number.isdigit())]) + 1


def _facts(found: list[Event], no: int, as_of: date, reason: str, accepted: list[Event]) -> dict[str, Any]:
    return {
        "no": no, "reason": reason, "accepted": [event.no for event in accepted], "as_of": as_of.isoformat(), "code": product_version(),
        "engine": duckdb.__version__, "log_no": log.head(found)[0],
    }  # fmt: skip


def _collect(store: Store, on_air: str) -> None:
    """Deletes old versions: never one of the last ten, never a young one, never the one on air."""
    paths = sorted(store.versions.glob("*.duckdb"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in paths[KEEP:]:
        if path.name != on_air and time.time() - path.stat().st_mtime > YOUNG:
            path.unlink(missing_ok=True)
