"""The proof on demand: every byte of the store is looked at, and the log remembers that somebody looked and what they found."""

from __future__ import annotations

from contextlib import suppress

from pipelines import log
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.desk import evidence
from pipelines.errors import Finding, MeridianError
from pipelines.health import checks
from pipelines.log import Event
from pipelines.publish import verify
from pipelines.store import Store

CHECKED = "checked"


def prove(who: Person | None, store: Store) -> list[Finding]:
    """Every error of the store: originals, tidy tables, log, versions, pointer, evidence. Raises P101."""
    require(who, "health")
    assert who is not None
    faults = [one for one in [*verify(store), *evidence.verify(store)] if one.severity == "error"]
    with suppress(MeridianError):  # a log that cannot be written is among the faults
        log.append(store, CHECKED, who.id, faults=len(faults))
    return faults


def last(store: Store) -> Event | None:
    """When somebody looked last."""
    return next((event for event in reversed(checks.events(store)) if event.kind == CHECKED), None)
