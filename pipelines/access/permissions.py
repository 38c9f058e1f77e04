"""Who may do what: the one table (``permissions.toml``), asked by every page and by every action below the pages."""

from __future__ import annotations

import logging
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.access.person import ROLES, Person
from pipelines.errors import MeridianError

TABLE = Path(__file__).with_name("permissions.toml")
told = logging.getLogger("meridian.access")
UNLIMITED = "administrator"
"""The role whose scoped actions no grants limit."""


@cache
def actions() -> dict[str, dict[str, Any]]:
    """Action → the lowest role that may, whether grants limit it, and what it is called."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def may(person: Person | None, action: str, institution: str | None = None, source: str | None = None) -> bool:
    """Whether a person may; nobody may nothing. Without an institution or dataset: whether they may for any. KeyError: no such action."""
    rule = actions()[action]
    if person is None or ROLES.index(person.role) < ROLES.index(rule["from"]):
        return False
    if not rule.get("scoped") or person.role == UNLIMITED:
        return True
    return any(
        (institution is None or whose in ("*", institution)) and (source is None or what in ("*", source)) for whose, what in person.grants
    )


def require(person: Person | None, action: str, institution: str | None = None, source: str | None = None) -> None:
    """Raises P101, naming the action and the person's role, unless they may."""
    if may(person, action, institution, source):
        return
    title, where = actions()[action]["title"], " · ".join(filter(None, (institution, source)))
    told.warning("refused: %r may not %s%s", person.id if person else None, action, f" {where!r}" if where else "")
    said = {"action_en": title["en"], "action_tr": title["tr"], "role": person.role if person else "–"}
    raise MeridianError("P101", **said, where=f" ({where})" if where else "")
