"""Reading what is on air: one read-only, locked handle per version, a cursor per question, a limit of time.

A version is a file of its own name and never changes, so a handle stays good while a newer version takes over. Its bytes are compared with
what its publisher wrote down before anybody reads it; where they differ, the newest older version that is whole answers and says so.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

import duckdb
from duckdb import DuckDBPyConnection

from pipelines import log
from pipelines.errors import MeridianError, Place
from pipelines.publishing import fingerprint
from pipelines.store import Current, Store

if TYPE_CHECKING:
    import pyarrow as pa

SECONDS = 5.0
"""How long one question may take."""
TICK = 0.1
KEEP = 3
"""Handles kept for readers that are still on an older version."""
LOCKED: dict[str, Any] = {
    "enable_external_access": "false", "lock_configuration": "true", "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "memory_limit": "1GB", "threads": "2",
}  # fmt: skip
"""External access off also shuts out files, extensions, secrets and temporary folders; locked, nobody can turn it on again."""

Stamp = tuple[int, int, int]
_opened: dict[Path, Version] = {}
_seen: dict[Path, tuple[Stamp, Version]] = {}
_lock = Lock()


class Watch:
    """One thread interrupts every question that is late; a timer of its own for each would cost as much as the question."""

    def __init__(self) -> None:
        """The thread starts with the first question, and again in a forked process."""
        self._running: dict[int, tuple[float, DuckDBPyConnection]] = {}
        self._lock, self._wanted, self._over = Lock(), Event(), Event()
        self._thread: Thread | None = None

    @contextmanager
    def over(self, cursor: DuckDBPyConnection, seconds: float) -> Iterator[None]:
        """Interrupts the cursor when the block takes longer."""
        with self._lock:
            self._running[id(cursor)] = (monotonic() + seconds, cursor)
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._look, name="query limit", daemon=True)
                self._thread.start()
        self._wanted.set()
        try:
            yield
        finally:
            with self._lock:
                del self._running[id(cursor)]

    def end(self) -> None:
        """Stops the thread for good."""
        self._over.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        while self._wanted.wait() and not self._over.wait(TICK):
            self._interrupt_late()

    def _interrupt_late(self) -> None:
        with self._lock:
            if not self._running:
                self._wanted.clear()
            for deadline, cursor in self._running.values():
                if monotonic() > deadline:
                    cursor.interrupt()


_watch = Watch()


class Version:
    """A published version, open for reading by any number of threads."""

    instead_of: int | None = None
    """The publication on air, where its file is damaged and this older one answers in its place."""

    def __init__(self, path: Path, current: Current) -> None:
        """Opens the file. Raises S130 when it is not there, S132 when it is damaged: not byte for byte what was published."""
        self.path, self.no, self.digest = path, current.no, current.digest
        self.id = path.stem
        if not path.is_file():
            raise MeridianError("S130", Place("CURRENT"), file=path.name)
        if not fingerprint.holds(path, current.facts.get("bytes")):
            raise MeridianError("S132", Place(f"versions/{path.name}"), file=path.name, detail="not the bytes that were published")
        try:
            self._handle = duckdb.connect(str(path), read_only=True, config=LOCKED)
        except duckdb.Error as error:
            raise _damaged(path, error) from error

    @contextmanager
    def cursor(self, seconds: float = SECONDS) -> Iterator[DuckDBPyConnection]:
        """A cursor of its own that is interrupted after ``seconds`` (S150); read everything inside the block."""
        cursor = self._handle.cursor()
        try:
            with _watch.over(cursor, seconds):
                yield cursor
        except duckdb.InterruptException as error:
            raise MeridianError("S150", seconds=f"{seconds:g}") from error
        except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
            mistrust(self)
            raise _damaged(self.path, error) from error
        finally:
            cursor.close()

    def query(self, sql: str, params: Sequence[Any] | dict[str, Any] = (), *, seconds: float = SECONDS) -> list[tuple[Any, ...]]:
        """All rows as tuples. Values are bound (``?`` or ``$name``), never written into the text."""
        with self.cursor(seconds) as cursor:
            return cursor.execute(sql, params or None).fetchall()

    def rows(self, sql: str, params: Sequence[Any] | dict[str, Any] = (), *, seconds: float = SECONDS) -> list[dict[str, Any]]:
        """All rows by column name."""
        with self.cursor(seconds) as cursor:
            found = cursor.execute(sql, params or None)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def one(self, sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or None where there is none."""
        return next(iter(self.query(sql, params)), None)

    def table(self, sql: str, params: Sequence[Any] | dict[str, Any] = (), *, seconds: float = SECONDS) -> pa.Table:
        """All rows as an Arrow table, for large downloads."""
        with self.cursor(seconds) as cursor:
            return cursor.sql(sql, params=params or None).to_arrow_table()

    def close(self) -> None:
        """No further questions; those under way end with an error."""
        self._handle.close()

    @cached_property
    def about(self) -> dict[str, str]:
        """What the version says of itself: publication, as_of, digest, code_version, log_no, engine, small_numbers."""
        return dict(self.query("select key, value from board.about"))


def open_version(store: Path | str) -> Version:
    """The version on air. The pointer is looked at each time (one stat); a handle is opened once per version.

    Raises S101 before the first publication, S130, S132 or S134 for a damaged store.
    """
    folder = Path(store).absolute()
    stamp = _stamp(folder)
    with _lock:
        known = _seen.get(folder)
        if known and known[0] == stamp:
            return known[1]
        version = _open(folder)
        _seen[folder] = (stamp, version)
        return version


current_version = open_version


def mistrust(version: Version) -> None:
    """Whoever opens the store next looks at the file again: it was damaged while it was open."""
    with _lock:
        _opened.pop(version.path, None)
        for folder in [folder for folder, (_, known) in _seen.items() if known is version]:
            del _seen[folder]


@atexit.register
def close() -> None:
    """At the end of a process: DuckDB complains of handles left open, and of threads that still know it."""
    _watch.end()
    close_all()


def close_all() -> None:
    """Lets go of every version that this process has open; the next question opens what is on air then."""
    with _lock:
        for version in _opened.values():
            version.close()
        _opened.clear()
        _seen.clear()


def current_path(store: Path | str) -> Path | None:
    """The file of the version on air; None before the first publication."""
    current = Store(Path(store)).current()
    return Store(Path(store)).versions / current.file if current else None


def _stamp(folder: Path) -> Stamp:
    try:
        told = Store(folder).pointer.stat()
    except FileNotFoundError as error:
        raise MeridianError("S101", Place(str(folder)), store=folder) from error
    return told.st_mtime_ns, told.st_ino, told.st_size


def _open(folder: Path) -> Version:
    """Under the lock. Handles of versions that are no longer on air close when their last reader lets go of them."""
    store = Store(folder)
    current = store.current()
    if current is None:
        raise MeridianError("S101", Place(str(folder)), store=folder)
    path = store.versions / current.file
    if path not in _opened or _opened[path].instead_of is not None:  # a name that was mended since
        _opened[path] = _whole(store, current)
        while len(_opened) > KEEP:
            _opened.pop(next(iter(_opened)))
    return _opened[path]


def _whole(store: Store, current: Current) -> Version:
    """What is on air, or the newest older publication that is whole. Raises what is wrong with the one on air where there is none."""
    try:
        return Version(store.versions / current.file, current)
    except MeridianError as damaged:
        for older in _older(store, current):
            try:
                found = Version(store.versions / older.file, older)
            except MeridianError:
                continue
            found.instead_of = current.no
            return found
        raise damaged


def _older(store: Store, current: Current) -> Iterator[Current]:
    """Earlier publications, the newest first, as the log tells them; none where the log cannot be believed."""
    try:
        told = [event.facts for event in log.remembered(store) if event.kind == "published"]
    except MeridianError:
        return
    for facts in sorted(told, key=lambda facts: facts["no"], reverse=True):
        if facts["no"] < current.no and facts.get("bytes"):
            yield replace(current, no=facts["no"], file=facts["file"], digest=facts["digest"], facts=facts)


def _damaged(path: Path, error: Exception) -> MeridianError:
    return MeridianError("S132", Place(f"versions/{path.name}"), file=path.name, detail=str(error).splitlines()[0])
