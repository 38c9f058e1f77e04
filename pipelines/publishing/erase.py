"""Erasing a file for good: for personal data that slipped in. A line of the log stays and says that, when, by whom and why; no row does.

The line comes first, so that nothing can bring the file back; then a version without it goes on air; then every file that holds
anything of it is removed. What a stop left undone, ``verify`` names (S161) and another call finishes.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines import log
from pipelines.errors import MeridianError
from pipelines.log import Event
from pipelines.publishing import publications
from pipelines.publishing.rebuild import kept_with
from pipelines.store import Store


def erase(store: Store, sha: str, by: str, reason: str) -> Event:
    """Erases everything that was accepted with these bytes, and the bytes; gives the event that says so.

    The publication on air is put on air again without it; files that wait go on waiting; where nothing is left, nothing is on air.
    Raises S160 where no file has these bytes.
    """
    with store.lock():
        found = publications.caught_up(store)
        event = _said(store, found, sha, by, reason)
        _take_off_air(store, log.events(store), by, event)
        for path in left(store, log.events(store)):
            path.unlink(missing_ok=True)
    return event


def _said(store: Store, found: list[Event], sha: str, by: str, reason: str) -> Event:
    """The line of the log: a new one, or the one there is where nothing was accepted since."""
    gone = publications.erased(found)
    events = [event for event in found if event.kind == "accepted" and event.facts["file"] == sha and event.no not in gone]
    before = next((event for event in reversed(found) if event.kind == "erased" and event.facts["file"] == sha), None)
    if not events:
        if before is None:
            raise MeridianError("S160", sha=sha[:12])
        return before
    return log.append(store, "erased", by, file=sha, name=events[-1].facts["name"], events=[event.no for event in events], reason=reason)


def _take_off_air(store: Store, found: list[Event], by: str, event: Event) -> None:
    """Publishes the list on air once more without what was erased, where the version or its file holds any of it; built anew."""
    from pipelines.publish import publish

    newest, gone = publications.last(found), publications.erased(found)
    if newest is None or store.current() is None or newest.facts["file"] not in _tainted(found):
        return
    rest = [no for no in newest.facts["accepted"] if no not in gone]
    if not rest:
        store.pointer.unlink(missing_ok=True)
        return
    waiting = [one.no for one in publications.since(found)]
    day = date.fromisoformat(newest.facts["as_of"])
    publish(store, by, event.facts["reason"], day, rest, anew=True, waiting=waiting)


def left(store: Store, found: list[Event]) -> list[Path]:
    """Everything in the store's folder that still holds something of an erased file."""
    gone, standing = publications.erased(found), publications.standing(found)
    events = [event for event in found if event.no in gone]
    needed = {sha for event in standing.values() for sha in kept_with(event)}
    known = {event.facts["file"] for event in standing.values()}
    said = {event.facts.get("told") for event in standing.values()}
    paths = [store.raw(sha) for event in events for sha in kept_with(event) if sha not in needed]
    paths += [store.told(event.facts["told"]) for event in events if event.facts.get("told") not in {None, *said}]
    for sha in {event.facts["file"] for event in events} - known:
        paths += sorted((store.path / "tidy").glob(f"{sha}-*"))
    paths += [store.versions / name for name in _tainted(found)]
    return [path for path in dict.fromkeys(paths) if path.exists()]


def _tainted(found: list[Event]) -> set[str]:
    """Names of the version files that hold rows of erased files.

    One that was grown from another may still hold, in parts of the file that nobody reads, what was taken out of it.
    """
    gone = publications.erased(found)
    names: set[str] = set()
    holding: set[int] = set()
    for event in found:
        if event.kind == "published" and (gone & set(event.facts["accepted"]) or event.facts.get("grown_from") in holding):
            holding.add(event.facts["no"])
        if event.kind in ("published", "rebuilt") and event.facts["no"] in holding:
            names.add(event.facts["file"])
    return names
