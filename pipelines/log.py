"""The log: one line per decision, numbered, each line carrying the hash of the one before. It is the truth of the store.

A line is acknowledged when it is on disk. A last line without its end was never acknowledged: the next writer cuts it off. Any
other fault is named with its line and stops whoever wants to build on it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from pipelines.errors import Finding, MeridianError, Place
from pipelines.publishing.fingerprint import canonical
from pipelines.store import Store, sync

BEGINNING = "0" * 64
KEYS = frozenset({"no", "at", "kind", "by", "facts", "previous", "hash"})


@dataclass(frozen=True)
class Event:
    """One decision: its number (1, 2, 3 …), UTC time, kind (accepted, published, rebuilt …), who, and the facts."""

    no: int
    at: str
    kind: str
    by: str
    facts: dict[str, Any]
    previous: str
    hash: str


def append(store: Store, kind: str, by: str, /, aside: dict[str, Any] | None = None, **facts: Any) -> Event:
    """Write one event and return when it is on disk. Raises S103 (disk) with the log as it was, S110 for a damaged last line.

    ``aside`` is what came out of cells or was typed by people: it is laid beside the log and the event holds its hash only, so that
    it can be erased while the chain stays whole. Whoever reads the event finds both together.
    """
    with store.log_lock():
        if aside:
            facts["told"] = _lay_aside(store, aside)
        new = not store.log_file.exists()
        with os.fdopen(os.open(store.log_file, os.O_RDWR | os.O_CREAT, 0o640), "r+b", buffering=0) as file:
            last = _mended(store, file)
            event = _following(last, kind, by, facts)
            _write(store, file, canonical(vars(event)) + b"\n")
        if new:
            sync(store.log_file.parent)
        return _whole(store, event)


def _lay_aside(store: Store, details: dict[str, Any]) -> str:
    content = canonical(details)
    digest = hashlib.sha256(content).hexdigest()
    target = store.told(digest)
    if not target.is_file():
        with store.arriving(target) as place:
            place.write_bytes(content)
    return digest


def _whole(store: Store, event: Event) -> Event:
    """The event with what lies beside the log; without it where that was erased."""
    digest = event.facts.get("told")
    if not isinstance(digest, str) or not (path := store.told(digest)).is_file():
        return event
    return replace(event, facts=_aside(path, digest) | event.facts)


@lru_cache(maxsize=4096)
def _aside(path: Path, digest: str) -> dict[str, Any]:
    """What was laid aside under a hash never changes; it is read once and nobody may change the answer. Raises S124."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise MeridianError("S124", Place(f"told/{path.name}"), file=path.name)
    return json.loads(content)


def events(store: Store) -> list[Event]:
    """All events in order. Raises the first fault of the chain (S110 to S114), naming its line."""
    found: list[Event] = []
    for fault in _walk(store, found):
        if fault.severity == "error":
            raise MeridianError(fault.code, fault.place, **fault.values)
    return found


def remembered(store: Store) -> list[Event]:
    """All events, for pages: only the lines that came since the last call are read. Raises as ``events`` does.

    Whatever builds on the log reads all of it (``events``); the chain's old lines are not looked at again here.
    """
    path = store.log_file
    with _lock:
        size = path.stat().st_size if path.exists() else 0
        known = _known.get(path)
        if known is None or known.size > size:
            known = _known[path] = _Known(size, events(store))
        elif known.size < size:
            with path.open("rb") as file:
                file.seek(known.size)
                fresh = file.read(size - known.size)
            if not _continued(store, known, fresh):
                known = _known[path] = _Known(size, events(store))
        return list(known.events)


@dataclass
class _Known:
    size: int
    events: list[Event]


_known: dict[Path, _Known] = {}
_lock = Lock()


def _continued(store: Store, known: _Known, fresh: bytes) -> bool:
    """Adds finished lines that follow on; False where one does not."""
    end = fresh.rfind(b"\n") + 1
    no, link = head(known.events)
    found = []
    for line in fresh[:end].splitlines():
        event = _parsed(line)
        if event is None or _fault(event, no + 1, link):
            return False
        found.append(_whole(store, event))
        no, link = event.no, event.hash
    known.events, known.size = [*known.events, *found], known.size + end
    return True


def verify(store: Store) -> list[Finding]:
    """Every fault of the log, each with its line: unreadable, edited, missing, out of order, not linked, cut short."""
    return list(_walk(store, []))


def head(found: list[Event]) -> tuple[int, str]:
    """Number and hash of the last event; 0 and the beginning for an empty log."""
    return (found[-1].no, found[-1].hash) if found else (0, BEGINNING)


def tip(store: Store) -> str:
    """The hash of the newest event, which names all that came before it: what is made of the log can be kept under it."""
    return head(remembered(store))[1]


def _following(last: Event | None, kind: str, by: str, facts: dict[str, Any]) -> Event:
    plain = json.loads(canonical(facts))  # as it will be read: keys are text, then sorted
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    no, previous = (last.no + 1, last.hash) if last else (1, BEGINNING)
    said = {"no": no, "at": at, "kind": kind, "by": by, "facts": plain, "previous": previous}
    return Event(**said, hash=_hash(said))


def _hash(said: dict[str, Any]) -> str:
    return hashlib.sha256(canonical({name: value for name, value in said.items() if name != "hash"})).hexdigest()


def _write(store: Store, file: BinaryIO, line: bytes) -> None:
    """The whole line or none of it."""
    start = file.seek(0, os.SEEK_END)
    try:
        written = 0
        while written < len(line):
            written += file.write(line[written:]) or 0
        os.fsync(file.fileno())
    except OSError as error:
        file.truncate(start)
        raise MeridianError("S103", Place(str(store.log_file)), detail=error.strerror or str(error)) from error


def _mended(store: Store, file: BinaryIO) -> Event | None:
    """Cuts off a line that was never finished; gives the last whole one. Raises S110 or S111 when that one is damaged."""
    lines, torn = _last_line(file)
    if torn:
        file.truncate(file.seek(0, os.SEEK_END) - torn)
        os.fsync(file.fileno())
    if lines is None:
        return None
    event = _parsed(lines)
    if event is None or _hash(vars(event)) != event.hash:
        raise MeridianError("S110" if event is None else "S111", Place(store.log_file.name, row=_count(file)))
    return event


def _last_line(file: BinaryIO) -> tuple[bytes | None, int]:
    """The last finished line (None: there is none) and the number of bytes after it."""
    size = file.seek(0, os.SEEK_END)
    reach = 1 << 16
    while True:
        start = max(0, size - reach)
        file.seek(start)
        tail = file.read(size - start)
        end = tail.rfind(b"\n")
        begin = tail.rfind(b"\n", 0, end) if end >= 0 else -1
        if begin >= 0 or start == 0:
            return (tail[begin + 1 : end] if end >= 0 else None), len(tail) - end - 1
        reach *= 4


def _count(file: BinaryIO) -> int:
    file.seek(0)
    return file.read().count(b"\n")


def _parsed(line: bytes) -> Event | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return Event(**said) if isinstance(said, dict) and said.keys() == KEYS and canonical(said) == line else None


def _walk(store: Store, found: list[Event]) -> Iterator[Finding]:
    """Goes through the log, yields its faults and collects its events."""
    lines, torn = _lines(store)
    expected, link = 1, BEGINNING
    for at, line in enumerate(lines, 1):
        event = _parsed(line)
        fault = _fault(event, expected, link)
        if fault == "S113" and event and event.no > expected and not _holds(lines, expected):
            fault = "S112"
        if fault:
            yield Finding(fault, Place(store.log_file.name, row=at), {"expected": expected, "no": event.no if event else "?"})
        if event:
            yield from _take(store, event, found)
        if event is None or event.no >= expected:  # a line that came late must not upset those after it
            expected, link = (event.no + 1, event.hash) if event else (expected + 1, "")
    erased = {no for event in found if event.kind == "erased" for no in event.facts["events"]}
    for at, event in enumerate(found, 1):
        if (told := event.facts.get("told")) and event.no not in erased and not store.told(told).is_file():
            yield Finding("S125", Place(store.log_file.name, row=at), {"no": event.no, "file": f"told/{told}.json"})
    if torn:
        yield Finding("S115", Place(store.log_file.name, row=len(lines) + 1))


def _take(store: Store, event: Event, found: list[Event]) -> Iterator[Finding]:
    """Collects an event together with what lies beside the log."""
    try:
        found.append(_whole(store, event))
    except MeridianError as changed:
        found.append(event)
        yield changed.finding


def _lines(store: Store) -> tuple[list[bytes], bool]:
    if not store.log_file.exists():
        return [], False
    *lines, rest = store.log_file.read_bytes().split(b"\n")
    return lines, bool(rest)


def _fault(event: Event | None, expected: int, link: str) -> str | None:
    """The code of what is wrong with a line; ``link`` is the hash before it, empty where that line could not be read."""
    if event is None:
        return "S110"
    if _hash(vars(event)) != event.hash:
        return "S111"
    if event.no != expected:
        return "S113"
    return "S114" if link and event.previous != link else None


def _holds(lines: list[bytes], number: int) -> bool:
    return any(event.no == number for event in map(_parsed, lines) if event)
