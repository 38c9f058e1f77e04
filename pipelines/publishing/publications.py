"""What the log tells of publications: the last one, the files since, what the pointer and ``board.publications`` say of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pipelines import log
from pipelines.errors import MeridianError
from pipelines.log import Event
from pipelines.publishing.board import Row, publication
from pipelines.settings import settings
from pipelines.store import Current, Store


def caught_up(store: Store) -> list[Event]:
    """All events, under the lock; a publication that a crash kept out of the log is written down first."""
    found, current = log.events(store), store.current()
    if current and current.no > last_number(found):
        found.append(log.append(store, "published", current.by, **current.facts))
    return found


def last(found: list[Event]) -> Event | None:
    """The newest publication."""
    return next((event for event in reversed(found) if event.kind == "published"), None)


def last_number(found: list[Event]) -> int:
    """Its number; 0 where there is none."""
    newest = last(found)
    return newest.facts["no"] if newest else 0


def erased(found: list[Event]) -> set[int]:
    """Numbers of the accepted events that were erased: they take part in no publication any more."""
    return {no for event in found if event.kind == "erased" for no in event.facts["events"]}


def withdrawn(found: list[Event]) -> set[int]:
    """Numbers of the accepted events that could not be published: whoever handed them in has them as a draft again."""
    return {no for event in found if event.kind == "withdrawn" for no in event.facts["events"]}


def standing(found: list[Event]) -> dict[int, Event]:
    """Number → accepted event, without the erased and the withdrawn."""
    gone = erased(found) | withdrawn(found)
    return {event.no: event for event in found if event.kind == "accepted" and event.no not in gone}


def since(found: list[Event]) -> list[Event]:
    """Files accepted after the list of the newest publication was made, and those it left waiting."""
    newest = last(found)
    known, left = (newest.facts["log_no"], set(newest.facts.get("waiting", ()))) if newest else (0, set())
    return [event for event in standing(found).values() if event.no > known or event.no in left]


def due(found: list[Event]) -> list[Event]:
    """What the next publication is made of, unless somebody chooses: the files of the newest one and all since. May be nothing."""
    newest, known = last(found), standing(found)
    numbers = {*(newest.facts["accepted"] if newest else ()), *(event.no for event in since(found))}
    return [known[no] for no in sorted(numbers & known.keys())]


def listed(found: list[Event], files: Iterable[int] | None) -> list[Event]:
    """The accepted events of a list of numbers, without the erased; None: those of the newest publication and all since.

    Raises S105 for numbers that nobody accepted, S106 where nothing is left.
    """
    gone, known = erased(found), standing(found)
    asked = {event.no for event in due(found)} if files is None else set(files)
    if lost := sorted(asked - known.keys() - gone):
        raise MeridianError("S105", numbers=", ".join(map(str, lost)))
    if not asked - gone:
        raise MeridianError("S106")
    return [known[no] for no in sorted(asked - gone)]


def rows(found: list[Event], until: int | None = None) -> list[Row]:
    """Rows of ``board.publications``, up to a number."""
    published = [event for event in found if event.kind == "published" and (until is None or event.facts["no"] <= until)]
    return [publication(event.facts["no"], event.at, event.by, event.facts) for event in published]


def about(facts: dict[str, Any], digest: str) -> Row:
    """The rows of ``board.about``."""
    named = {"publication": facts["no"], "code_version": facts["code"], "digest": digest, "small_numbers": settings().small_numbers}
    return named | {name: facts[name] for name in ("as_of", "log_no", "engine")}


def pointer(facts: dict[str, Any], by: str, found: list[Event]) -> Current:
    """The pointer to a publication's version."""
    known, said = facts["log_no"], {event.no: event.hash for event in found}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Current(facts["no"], facts["file"], facts["digest"], known, said.get(known, log.BEGINNING), facts["code"], now, by, facts)
