"""What a running installation must be able to do, each with why not. ``/ready`` asks often, so each check costs milliseconds at most.

A process is ready while it shows people the right figures. Little room or an old backup is a warning: taking the pages away would help
nobody. Whether the process lives at all is Streamlit's own ``/_stcore/health``.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines import log
from pipelines.access.demo import is_demo
from pipelines.backup import BACKED_UP
from pipelines.errors import Finding, MeridianError, Place
from pipelines.log import Event
from pipelines.store import Current, Store, product_version
from pipelines.warehouse import open_version

ROOM = 2 * 10**9
"""Bytes that must be free."""
FRESH = 26 * 3600.0
"""Seconds after which a nightly backup is late."""


@dataclass(frozen=True)
class Check:
    """``needed``: without it the process is not ready; else it is a warning. ``why`` is None for one that is good."""

    name: str
    why: Finding | None
    needed: bool

    @property
    def ok(self) -> bool:
        return self.why is None


def checks(store: Store) -> list[Check]:
    """All of them, in this order."""
    return [
        Check("opens", _opens(store), True),
        Check("digest", _digest(store), True),
        Check("log", _log(store), True),
        Check("disk", _disk(store), False),
        Check("backup", _backup(store), False),
        Check("code", _code(store), False),
    ]


def ready(found: list[Check]) -> bool:
    """Whether people get the right figures from this process."""
    return all(one.ok for one in found if one.needed)


def events(store: Store) -> list[Event]:
    """The log as far as it can be read; nothing of a broken one, as no line of it can be believed then."""
    try:
        return log.remembered(store)
    except MeridianError:
        return []


def backup_age(store: Store) -> float | None:
    """Seconds since the newest backup, or since the store began where there is none; None for the demo, which a command makes anew."""
    found = events(store)
    newest = next((event for event in reversed(found) if event.kind == BACKED_UP), None)
    since = newest or (found[0] if found and not is_demo(store) else None)
    return time.time() - datetime.fromisoformat(since.at).timestamp() if since else None


def disk(store: Store) -> tuple[int, int]:
    """Bytes free for us on the store's disk, and its bytes in all."""
    told = shutil.disk_usage(next(path for path in (store.path, *store.path.parents) if path.exists()))
    return told.free, told.total


def _opens(store: Store) -> Finding | None:
    found = _on_air(store)
    return found if isinstance(found, Finding) else None


def _digest(store: Store) -> Finding | None:
    """The version that is open says of itself what the pointer says of it."""
    found = _on_air(store)
    if isinstance(found, Finding):
        return found
    told, current = found
    if current is None or told == (current.digest,):
        return None
    return Finding("S131", Place(f"versions/{current.file}"), {"file": current.file, "tables": "board.about"})


def _on_air(store: Store) -> tuple[tuple[str, ...] | None, Current | None] | Finding:
    """The digest that the version that is open says of itself, and the pointer; or why they cannot be read."""
    try:
        return open_version(store.path).one("select value from board.about where key = 'digest'"), store.current()
    except MeridianError as error:
        return error.finding
    except duckdb.Error as error:
        return Finding("S132", Place("CURRENT"), {"file": "CURRENT", "detail": str(error).splitlines()[0]})


def _log(store: Store) -> Finding | None:
    """Its newest lines follow on, and the publication on air stands on a line that is still there."""
    try:
        found, current = log.remembered(store), store.current()
    except MeridianError as error:
        return error.finding
    if current and current.log_no and (len(found) < current.log_no or found[current.log_no - 1].hash != current.log_hash):
        return Finding("S116", Place(store.log_file.name), {"no": current.log_no})
    return None


def _disk(store: Store) -> Finding | None:
    free, _ = disk(store)
    return None if free >= ROOM else Finding("O101", values={"free": f"{free / 1e9:.1f}"})


def _backup(store: Store) -> Finding | None:
    age = backup_age(store)
    if age is None or age < FRESH:
        return None
    never = not any(event.kind == BACKED_UP for event in events(store))
    return Finding("O103" if never else "O102", values={"hours": int(age // 3600)})


def _code(store: Store) -> Finding | None:
    try:
        current = store.current()
    except MeridianError:  # told by others
        return None
    if current is None or current.code_version == product_version():
        return None
    return Finding("O104", values={"then": current.code_version, "now": product_version()})
