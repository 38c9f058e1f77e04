"""Is the store whole? Every byte that matters is looked at: originals, log, tidy tables, versions, pointer. And what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipelines import log
from pipelines.errors import Finding, MeridianError, Place
from pipelines.log import Event
from pipelines.publishing import build, erase, fingerprint, publications
from pipelines.publishing.rebuild import kept_with, originals
from pipelines.store import Current, Store, product_version
from pipelines.warehouse import LOCKED


def verify(store: Store) -> list[Finding]:
    """Everything that is wrong, each named with its file or line; an empty list, or information only, for a whole store."""
    findings = log.verify(store)
    broken = any(finding.severity == "error" for finding in findings)
    events = [] if broken else log.events(store)
    accepted = list(publications.standing(events).values())
    findings += originals(store, accepted)
    findings += _tidy(store, accepted, build.hashes(events))
    findings += _pointer(store, None if broken else events)
    findings += _versions(store, events)
    findings += _left_over(store, None if broken else events)
    return findings


def on_air(store: Store) -> list[Finding]:
    """What is wrong with the pointer and with the bytes of the version on air: the part of ``verify`` that people would see first."""
    try:
        events = log.remembered(store)
    except MeridianError:  # a fault of the log, not of the version
        events = None
    found, current = list(_pointer(store, events)), _current(store)
    path = store.versions / current.file if current else None
    if current and path and path.is_file() and not fingerprint.holds(path, current.facts.get("bytes")):
        found.append(Finding("S131", Place(f"versions/{path.name}"), {"file": path.name, "tables": "–"}))
    return found


def _tidy(store: Store, accepted: list[Event], hashes: dict[str, str]) -> Iterator[Finding]:
    for event in accepted:
        for source in event.facts["sources"]:
            path = build.place_of(store, event, source)
            if not build.intact(path, hashes):
                yield Finding("S123", Place(f"tidy/{path.name}"), {"parquet": path.name, "name": event.facts["name"]})


def _pointer(store: Store, events: list[Event] | None) -> Iterator[Finding]:
    """The pointer names a version that is there, made from events that are in the log."""
    try:
        current = store.current()
    except MeridianError as error:
        yield error.finding
        return
    if current is None:
        published = publications.last(events or [])
        if published and set(published.facts["accepted"]) - publications.erased(events or []):
            yield Finding("S130", Place("CURRENT"), {"file": published.facts["file"]})
        return
    if not (store.versions / current.file).is_file():
        yield Finding("S130", Place("CURRENT"), {"file": current.file})
    if events is None:
        return
    if {event.no: event.hash for event in events}.get(current.log_no, log.BEGINNING) != current.log_hash:
        yield Finding("S116", Place(store.log_file.name), {"no": current.log_no})
    elif current.no > publications.last_number(events):
        yield Finding("S117", Place(store.log_file.name), {"no": current.no})


def _versions(store: Store, events: list[Event]) -> Iterator[Finding]:
    """Every version that is still there holds what was published."""
    said = {event.facts["file"]: event.facts for event in events if event.kind in ("published", "rebuilt")}
    current = _current(store)
    if current:
        said.setdefault(current.file, current.facts)
    for path in sorted(store.versions.glob("[!.]*.duckdb")):
        if path.name in said:
            yield from _version(path, said[path.name])
        else:
            yield Finding("S140", Place(f"versions/{path.name}"), {"file": path.name})


def _current(store: Store) -> Current | None:
    try:
        return store.current()
    except MeridianError:  # already a finding
        return None


def _version(path: Path, facts: dict[str, Any]) -> Iterator[Finding]:
    place = Place(f"versions/{path.name}")
    try:
        with duckdb.connect(str(path), read_only=True, config=LOCKED) as connection:
            tables = fingerprint.of_version(connection)
            told = connection.execute("select value from board.about where key = 'digest'").fetchone()
    except duckdb.Error as error:
        yield Finding("S132", place, {"file": path.name, "detail": str(error).splitlines()[0]})
        return
    if facts["engine"] != duckdb.__version__:
        yield Finding("S133", place, {"file": path.name, "engine": facts["engine"]})
        return
    before: dict[str, list[str]] = facts["tables"]
    changed = sorted(name for name in before.keys() | tables.keys() if before.get(name) != tables.get(name))
    if changed or told != (facts["digest"],) or fingerprint.digest(before) != facts["digest"]:
        yield Finding("S131", place, {"file": path.name, "tables": ", ".join(changed) or "board.about"})


def _left_over(store: Store, events: list[Event] | None) -> Iterator[Finding]:
    """What a stopped process left, what nobody accepted, and what should have been erased."""
    for path in store.temporary():
        yield Finding("S140", Place(path.relative_to(store.path).as_posix()), {"file": path.name})
    if events is None:
        return
    erasable = erase.left(store, events)
    for path in erasable:
        named = path.relative_to(store.path).as_posix()
        yield Finding("S161", Place(named), {"left": named})
    known = {sha for event in publications.standing(events).values() for sha in kept_with(event)}
    for path in sorted((store.path / "raw").glob("[!.]*")):
        if path.name not in known and path not in erasable:
            yield Finding("S122", Place(f"raw/{path.name}"), {"sha": path.name})


def status(store: Store) -> dict[str, Any]:
    """What is on air and what is in the store, as plain values. Raises a fault of the log or of the pointer."""
    events, current = log.events(store), store.current()
    number, head = log.head(events)
    facts = current.facts if current else {}
    raw = [path.stat().st_size for path in (store.path / "raw").glob("[!.]*")]
    return {
        "store": str(store.path), "publication": current.no if current else None, "digest": current.digest if current else None,
        "file": current.file if current else None, "built_at": current.built_at if current else None, "by": current.by if current else None,
        "as_of": facts.get("as_of"), "files_on_air": len(facts.get("accepted", [])), "files_accepted": len(publications.standing(events)),
        "waiting": [event.no for event in publications.since(events)], "code_version": current.code_version if current else None,
        "code_changed": current is not None and current.code_version != product_version(), "events": number, "log_head": head,
        "raw_files": len(raw), "raw_bytes": sum(raw), "versions": len(list(store.versions.glob("[!.]*.duckdb"))),
    }  # fmt: skip
