"""Tokens for programmes: what reads the data interface without a browser. A token reads there and can do nothing else anywhere."""

from __future__ import annotations

import re
import secrets
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines import log
from pipelines.access import base
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.access.sessions import digest
from pipelines.errors import MeridianError
from pipelines.store import Store

PREFIX = "meridian_"
"""So that a token that strayed into a text is known for one."""
LIVES = 365
"""Days, unless it is revoked before."""
NAME = re.compile(r"[\w][\w .@-]{0,59}")
TOUCH = 60.0
"""When a token was last used is written at most so often, in seconds."""


def issue(store: Store, who: Person | None, name: str, days: int = LIVES) -> str:
    """A new token (256 bit), told this once and stored nowhere. Raises P101, P135 (name), P136 (taken)."""
    require(who, "people")
    assert who is not None
    if not NAME.fullmatch(name) or not 1 <= days <= 5 * LIVES:
        raise MeridianError("P135", name=name[:60], days=days)
    token, until = PREFIX + secrets.token_urlsafe(32), (datetime.now(UTC) + timedelta(days=days)).timestamp()
    try:
        with base.change(store) as connection:
            connection.execute("insert into tokens values (?, ?, ?, ?, ?, null)", (digest(token), name, who.id, time.time(), until))
    except sqlite3.IntegrityError as taken:
        raise MeridianError("P136", name=name) from taken
    log.append(store, "token", who.id, name=name, change="issued", days=days)
    return token


def revoke(store: Store, who: Person | None, name: str) -> None:
    """Ends a token at once and for good. Raises P101, P137."""
    require(who, "people")
    assert who is not None
    with base.change(store) as connection:
        gone = connection.execute("delete from tokens where name = ?", (name,)).rowcount
    if not gone:
        raise MeridianError("P137", name=name[:60])
    log.append(store, "token", who.id, name=name, change="revoked")


def listing(store: Store) -> list[dict[str, Any]]:
    """Every token by name: who issued it, when, until when, when it was last used; never the token itself."""
    rows = base.connection(store).execute("select name, issued_by, issued, until, used from tokens order by name").fetchall()
    return [
        dict(zip(("name", "by", "issued", "until", "used"), (name, by, *map(_moment, times)), strict=True)) for name, by, *times in rows
    ]


def person_of(store: Store, token: str) -> Person | None:
    """Whoever a token stands for; None for one that has ended, was revoked, or never was."""
    row = base.connection(store).execute("select name, until, used from tokens where digest = ?", (digest(token),)).fetchone()
    now = time.time()
    if row is None or now > row[1]:
        return None
    if row[2] is None or now - row[2] > TOUCH:
        base.connection(store).execute("update tokens set used = ? where digest = ?", (now, digest(token)))
    return Person(f"token:{row[0]}", row[0], "reporter")


def _moment(at: float | None) -> datetime | None:
    return datetime.fromtimestamp(at, UTC) if at is not None else None
