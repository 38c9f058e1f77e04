"""The store: raw bytes, tidy tables, the log, versions, and the pointer to the version on air.

Whatever is written arrives under a temporary name, is synced to disk and renamed: there is no half file. One lock for all who write;
readers need none.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from filelock import BaseFileLock, FileLock, Timeout

from pipelines.errors import MeridianError, Place
from pipelines.publishing import fingerprint
from pipelines.publishing.fingerprint import code_version, product_version

__all__ = ["Current", "Store", "code_version", "product_version"]

WAIT = 600.0
"""Seconds to wait for another writer; publishing millions of rows takes a minute or two."""
TEMPORARY = ".arriving-"
PRIVATE = 0o750
"""Whoever is neither the server's account nor of its group does not look into a store."""
FOLDERS = ("raw", "tidy", "log", "told", "versions", "evidence")


class Received(Protocol):
    """What ``receive`` hands on, as far as the store needs it."""

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        ...

    @property
    def sha256(self) -> str:
        """What they must hash to."""
        ...


@dataclass(frozen=True)
class Current:
    """The pointer: which version is on air, what it holds and up to which event of the log it knows.

    ``facts`` are those of its ``published`` event, so that a crash between pointer and log loses nothing.
    """

    no: int
    file: str
    digest: str
    log_no: int
    log_hash: str
    code_version: str
    built_at: str
    by: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Store:
    """A folder. Nothing is created before something is written."""

    path: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path).absolute())

    @property
    def log_file(self) -> Path:
        """One event a line."""
        return self.path / "log" / "events.jsonl"

    @property
    def versions(self) -> Path:
        """The folder of published versions."""
        return self.path / "versions"

    @property
    def pointer(self) -> Path:
        """The file that says which version is on air."""
        return self.path / "CURRENT"

    def raw(self, sha256: str) -> Path:
        """Where a file's original bytes lie."""
        return self.path / "raw" / sha256

    def tidy_parquet(self, sha256: str, source: str, version: str) -> Path:
        """Where the tidy table of a file and source lies, made by that version of the code and choices."""
        return self.path / "tidy" / f"{sha256}-{source}-{version}.parquet"

    def told(self, digest: str) -> Path:
        """Where the details of an event lie that came out of cells or were typed by people; the event holds their hash only."""
        return self.path / "told" / f"{digest}.json"

    def evidence(self, sha256: str) -> Path:
        """Where a file of the locker of evidence lies; the locker itself for ""."""
        return self.path / "evidence" / sha256

    @property
    def drafts(self) -> Path:
        """The folder of drafts: files on their way, accepted by nobody yet."""
        return self.path / "drafts"

    @property
    def work(self) -> Path:
        """The queue of the worker: one file a job."""
        return self.path / "work"

    @property
    def made(self) -> Path:
        """Reports that the worker has made, until somebody takes them; for a day."""
        return self.work / "reports"

    @property
    def layouts(self) -> Path:
        """Layouts that people of this installation have made by their answers."""
        return self.path / "layouts"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """The one lock of all who write facts, between processes and threads; may be taken again inside. Raises S102 after ten minutes."""
        self._prepare()
        lock = FileLock(self.path / ".lock", timeout=WAIT, is_singleton=True)
        first = not lock.is_locked
        with self._held(lock):
            if first:
                self._sweep()
            yield

    @contextmanager
    def log_lock(self) -> Iterator[None]:
        """The short lock of the log alone: a sign-in is written down while a publication is being built. Raises S102."""
        self._prepare()
        with self._held(FileLock(self.path / ".log.lock", timeout=WAIT, is_singleton=True)):
            yield

    @contextmanager
    def _held(self, lock: BaseFileLock) -> Iterator[None]:
        try:
            lock.acquire()
        except Timeout as busy:
            raise MeridianError("S102", Place(str(self.path)), seconds=int(WAIT)) from busy
        except OSError as error:  # a disk that may only be read
            raise MeridianError("S103", Place(str(self.path)), detail=error.strerror or str(error)) from error
        try:
            yield
        finally:
            lock.release()

    def _prepare(self) -> None:
        try:
            self.path.mkdir(PRIVATE, parents=True, exist_ok=True)
            for folder in FOLDERS:
                (self.path / folder).mkdir(exist_ok=True)
        except OSError as error:
            raise MeridianError("S103", Place(str(self.path)), detail=error.strerror or str(error)) from error

    def temporary(self) -> list[Path]:
        """What a writer that died left behind: never complete, never referred to."""
        return [path for folder in (".", *FOLDERS) for path in sorted((self.path / folder).glob(f"{TEMPORARY}*"))]

    def _sweep(self) -> None:
        """Whoever holds the lock is the only writer, so nothing temporary belongs to anybody."""
        for path in self.temporary():
            if path.is_dir():
                shutil.rmtree(path)  # where DuckDB laid aside what did not fit into memory
            else:
                path.unlink(missing_ok=True)

    @contextmanager
    def arriving(self, target: Path, mode: int = 0o440) -> Iterator[Path]:
        """A temporary place beside ``target``; what is written there takes the target's name when the block ends well."""
        temporary = target.with_name(f"{TEMPORARY}{os.getpid()}-{target.name}")
        try:
            yield temporary
            settle(temporary, target, mode)
        except OSError as error:
            raise MeridianError("S103", Place(str(target)), detail=error.strerror or str(error)) from error
        finally:
            temporary.unlink(missing_ok=True)

    def put_raw(self, received: Received) -> str:
        """Keep the bytes, read-only, under their hash. Raises S104 when they changed since they were received."""
        target = self.raw(received.sha256)
        with self.lock():
            if not (target.is_file() and fingerprint.of_file(target) == received.sha256):
                with self.arriving(target) as place:
                    if copied(received.path, place) != received.sha256:
                        raise MeridianError("S104", Place(received.path.name))
        return received.sha256

    def put_tidy(self, sha256: str, source: str, version: str, parquet: Path) -> dict[str, str]:
        """Keep a tidy table; gives its name and the hash of its bytes, for the event that accepts it."""
        target = self.tidy_parquet(sha256, source, version)
        with self.lock(), self.arriving(target) as place:
            kept = copied(parquet, place)
        return {"parquet": target.name, "bytes": kept}

    def current(self) -> Current | None:
        """What is on air; None before the first publication. Raises S134 for a pointer that cannot be read."""
        try:
            return Current(**json.loads(self.pointer.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, OSError) as error:
            raise MeridianError("S134", Place(str(self.pointer))) from error

    def put_current(self, current: Current) -> None:
        """The one atomic write that puts a version on air."""
        with self.arriving(self.pointer, 0o644) as place:
            place.write_bytes(fingerprint.canonical(asdict(current)) + b"\n")


def copied(source: Path, target: Path) -> str:
    """Copies bytes and gives the hash (SHA-256) of what was written."""
    total = hashlib.sha256()
    with source.open("rb") as incoming, target.open("wb") as out:
        while block := incoming.read(fingerprint.BLOCK):
            total.update(block)
            out.write(block)
    return total.hexdigest()


def settle(temporary: Path, target: Path, mode: int = 0o440) -> None:
    """Sync a finished file, give it its name, sync the folder: after that a power cut cannot undo it."""
    temporary.chmod(mode)
    sync(temporary)
    temporary.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Make the system write a file or folder to disk now."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
