"""The small database of accounts and sessions: many little writes by several processes are what SQLite is for."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock

from pipelines.store import PRIVATE, Store

TABLES = """
create table if not exists people (
    id text primary key, name text not null, role text not null, grants text not null, password text, disabled integer not null default 0,
    issuer text, subject text, created text not null, demo integer not null default 0, unique (issuer, subject));
create table if not exists codes (digest text primary key, person text not null, until real not null);
create table if not exists sessions (
    digest text primary key, person text not null, opened real not null, seen real not null, address text not null, how text not null);
create index if not exists sessions_of on sessions (person);
create table if not exists tokens (
    digest text primary key, name text not null unique, issued_by text not null, issued real not null, until real not null, used real);
create table if not exists refusals (person text not null, address text not null, at real not null);
"""
FILE = "people.sqlite"
PASSING = ("sessions", "codes", "refusals")
"""Tables that mean something for hours only."""
_kept: dict[tuple[int, Path], tuple[int, sqlite3.Connection]] = {}
_lock = Lock()


def connection(store: Store) -> sqlite3.Connection:
    """The connection of this process for single statements; made, with its tables, when it is not there yet.

    SQLite serialises what threads ask of it; what belongs together is a ``change``.
    """
    path, key = _path(store), (os.getpid(), _path(store))
    with _lock:
        stamp = path.stat().st_ino if path.exists() else None
        if key not in _kept or _kept[key][0] != stamp:
            opened = _opened(path)
            _kept[key] = (path.stat().st_ino, opened)
        return _kept[key][1]


@contextmanager
def change(store: Store) -> Iterator[sqlite3.Connection]:
    """A transaction on a connection of its own: all of it or nothing."""
    connection(store)  # the tables are there
    with closing(sqlite3.connect(_path(store), timeout=20, isolation_level=None)) as opened, opened:
        opened.execute("pragma synchronous = full")
        opened.execute("begin immediate")
        yield opened


def copied(store: Store, place: Path) -> bool:
    """A whole copy for a backup while others write, the same bytes for the same accounts; False where there is no database.

    Nobody is signed in in it: what was signed out of or revoked since must not come back to life.
    """
    if not _path(store).is_file():
        return False
    with closing(sqlite3.connect(_path(store), timeout=20)) as source, closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        source.backup(copy)
        for table in PASSING:
            copy.execute(f"delete from {table}")
        copy.execute("vacuum into ?", (str(place),))
    return True


def there(store: Store) -> bool:
    """Whether there is a database yet: whoever only looks makes none."""
    return _path(store).is_file()


def _path(store: Store) -> Path:
    return store.path / FILE


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(PRIVATE, parents=True, exist_ok=True)
    if not path.exists():  # SQLite gives the files beside it the same rights, and they hold the same
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for end in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).chmod(0o600)
    opened = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
    opened.execute("pragma journal_mode = wal")
    opened.execute("pragma synchronous = normal")  # when a session was last seen may be lost with the current; a change is on disk
    opened.executescript(TABLES)
    return opened
