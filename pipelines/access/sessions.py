"""Sessions live on the server: a random token in the browser, its hash here. What is ended here has ended everywhere."""

from __future__ import annotations

import hashlib
import secrets
import time

from pipelines import log
from pipelines.access import base, people
from pipelines.access.person import Person
from pipelines.store import Store

IDLE = 20 * 60.0
ABSOLUTE = 8 * 3600.0
"""Seconds without a message, and seconds in all, after which a session has ended."""
TOUCH = 30.0
"""A session is written at most so often; its idle time is that exact."""
REMEMBERED = 3 * 24 * 3600.0
"""Seconds that a session which ended by itself is remembered: whoever comes back to an open page is led to the sign-in."""


def open_session(store: Store, account: str, address: str, how: str) -> str:
    """A new session; gives its token (256 bit), which is stored nowhere."""
    token, now = secrets.token_urlsafe(32), time.time()
    with base.change(store) as connection:
        connection.execute("delete from sessions where opened < ?", (now - REMEMBERED,))
        connection.execute("insert into sessions values (?, ?, ?, ?, ?, ?)", (digest(token), account, now, now, address, how))
    log.append(store, "signed_in", account, address=address, how=how)
    return token


def digest(token: str) -> str:
    """What stands for a token on the server."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_of(store: Store, token: str) -> Person | None:
    """The person of a token; None for one that has ended, whose account is disabled, or that never was."""
    return person_behind(store, digest(token))


def person_behind(store: Store, hashed: str, *, touch: bool = True) -> Person | None:
    """The person of a token's digest, with the role of this moment. ``touch`` says that the person is there; looking alone does not."""
    row = base.connection(store).execute("select person, opened, seen from sessions where digest = ?", (hashed,)).fetchone()
    now = time.time()
    if row is None or now - row[1] > ABSOLUTE or now - row[2] > IDLE:
        return None
    if touch and now - row[2] > TOUCH:
        base.connection(store).execute("update sessions set seen = ? where digest = ?", (now, hashed))
    return people.person(store, row[0])


def alive(store: Store) -> int:
    """How many people have a session that has not ended."""
    if not base.there(store):
        return 0
    earliest = (time.time() - IDLE, time.time() - ABSOLUTE)
    found = base.connection(store).execute("select count(distinct person) from sessions where seen > ? and opened > ?", earliest).fetchone()
    return int(found[0])


def lapsed(store: Store, token: str) -> bool:
    """Whether a session was there and ended by itself; one that was signed out of, or revoked, never was."""
    known = base.connection(store).execute("select 1 from sessions where digest = ?", (digest(token),)).fetchone()
    return known is not None and person_of(store, token) is None


def close_session(store: Store, token: str) -> str | None:
    """Ends a session for good; gives how it was opened, None where there was none."""
    row = base.connection(store).execute("select person, how from sessions where digest = ?", (digest(token),)).fetchone()
    if row:
        with base.change(store) as connection:
            connection.execute("delete from sessions where digest = ?", (digest(token),))
        log.append(store, "signed_out", row[0])
    return row[1] if row else None


def end_all(store: Store, account: str) -> None:
    """Ends every session of an account."""
    with base.change(store) as connection:
        connection.execute("delete from sessions where person = ?", (account,))
