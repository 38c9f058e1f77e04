"""The university's own Word template: tried before it is kept with the log, and used for every Word report until another comes."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from pipelines import log
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.errors import MeridianError, Place
from pipelines.log import Event
from pipelines.store import Store

KEPT = "report_template"
LARGEST = 5 * 2**20
ASKED = "{{ report }}, {{ title }}, {{ subtitle }}, {{ institution }}, {{ edition }}, {{ standing }}"
"""What a template may ask for."""


@dataclass(frozen=True)
class Letterhead:
    """A template: its name, its bytes, who brought it and when."""

    name: str
    content: bytes
    at: str
    by: str


def keep(who: Person | None, store: Store, name: str, content: bytes) -> Event:
    """Takes a template from now on; empty bytes bring Meridian's own back. Raises P101, V424 (too large), R101 (cannot be filled)."""
    require(who, "settings")
    assert who is not None
    if len(content) > LARGEST:
        raise MeridianError("V424", Place(name[:80]), name=name[:80], size=len(content), most=LARGEST // 2**20)
    if content:
        from pipelines.reports import word

        word.tried(content, name)
    kept = {"name": name, "content": base64.b64encode(content).decode("ascii")}
    return log.append(store, KEPT, who.id, kept, digest=hashlib.sha256(content).hexdigest() if content else "")


def current(store: Store) -> Letterhead | None:
    """The template in use; None where reports use Meridian's own."""
    return _replayed(store, log.tip(store))


@lru_cache(maxsize=4)
def _replayed(store: Store, head: str) -> Letterhead | None:
    """As the log has it up to ``head``, the hash of its last line."""
    for event in reversed(log.remembered(store)):
        if event.kind == KEPT:
            content = base64.b64decode(event.facts.get("content", ""))
            return Letterhead(event.facts.get("name", ""), content, event.at, event.by) if content else None
    return None
