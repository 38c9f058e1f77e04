"""What people said about names of partners, as the log tells it: which name means which, up to a publication."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.codes.words import fold
from pipelines.log import Event

Alias = tuple[str, str, str]
"""Institution, name as written, what it means: another name, or an Erasmus code."""
KIND = "partner"


def told(found: Iterable[Event], upto: int | None = None) -> tuple[Alias, ...]:
    """The last word on every name, by the events up to a number; a name that was parted again means itself."""
    known: dict[tuple[str, str], Alias] = {}
    for event in found:
        if event.kind != KIND or (upto is not None and event.no > upto):
            continue
        who, written = event.facts["institution"], event.facts["written"]
        if event.facts["change"] == "joined":
            known[who, fold(written)] = (who, written, event.facts["means"])
        else:
            known.pop((who, fold(written)), None)
    return tuple(sorted(known.values()))
