"""Accounts: who there is, with which role and grants; passwords and one-time codes. Every change is an event of the log."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from pipelines import log
from pipelines.access import base
from pipelines.access.permissions import require
from pipelines.access.person import EVERYTHING, ROLES, Grant, Person
from pipelines.errors import MeridianError
from pipelines.store import Store

if TYPE_CHECKING:
    from argon2 import PasswordHasher

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{1,63}")
SHORTEST = 10
"""Characters of a password."""
CODE_LIVES = 3600.0
"""Seconds that a one-time code is good for."""
WINDOW = 15 * 60.0
PER_PERSON, PER_ADDRESS = 5, 50
"""Refusals within ``WINDOW`` seconds after which an account, or an address, has to wait."""
MEMORY, TIMES, LANES = 19 * 1024, 2, 1
"""OWASP's minimum for argon2id: KiB, passes, lanes. The library's default takes 64 MiB each, which twenty sign-ins at once would feel."""
AT_ONCE = BoundedSemaphore(4)
SYSTEM = "system"
"""Who an event is by when nobody signed in: the command line on the server."""


def person(store: Store, account: str) -> Person | None:
    """The person of an account; None for an unknown or disabled one."""
    row = _row(store, "id = ? and not disabled", account)
    return _person(row) if row else None


def by_subject(store: Store, issuer: str, subject: str) -> Person | None:
    """The person that an identity provider means; None where nobody is linked, or who is linked is disabled."""
    row = _row(store, "issuer = ? and subject = ? and not disabled", issuer, subject)
    return _person(row) if row else None


def linked(store: Store, issuer: str, subject: str) -> str | None:
    """The account that is tied to a person of an identity provider, shut or not; None for none."""
    row = _row(store, "issuer = ? and subject = ?", issuer, subject)
    return row["id"] if row else None


def disabled(store: Store, account: str) -> bool:
    """Whether an account is there and shut."""
    return _row(store, "id = ? and disabled", account) is not None


def everybody(store: Store) -> list[dict[str, Any]]:
    """All accounts for the administrator's page: id, name, role, grants, disabled, whether a password or a provider is set."""
    names = ("id", "name", "role", "grants", "disabled", "password", "issuer", "demo")
    found = base.connection(store).execute(f"select {', '.join(names)} from people order by id").fetchall()
    rows = (dict(zip(names, row, strict=True)) for row in found)
    return [
        row | {"grants": _grants(row["grants"]), "password": row["password"] is not None, "disabled": bool(row["disabled"])} for row in rows
    ]


def real_accounts(store: Store) -> bool:
    """Whether there is any account that is not one of the demo's."""
    return base.connection(store).execute("select 1 from people where not demo and not disabled limit 1").fetchone() is not None


def add(
    store: Store, by: str, account: str, name: str, role: str, grants: Sequence[Grant] = EVERYTHING, *, password: str | None = None,
    demo: bool = False,
) -> Person:  # fmt: skip
    """A new account. Raises P110 (name), P111 (taken), P112 (role), P113 (password)."""
    if not NAME.fullmatch(account):
        raise MeridianError("P110", account=account[:64])
    _known_role(role)
    hashed = _hash(password, account) if password is not None else None
    try:
        with base.change(store) as connection:
            connection.execute(
                "insert into people (id, name, role, grants, password, created, demo) values (?, ?, ?, ?, ?, ?, ?)",
                (
                    account,
                    name.strip() or account,
                    role,
                    json.dumps([*map(list, grants)]),
                    hashed,
                    datetime.now(UTC).isoformat(),
                    int(demo),
                ),
            )
    except sqlite3.IntegrityError as taken:
        raise MeridianError("P111", account=account) from taken
    log.append(store, "account", by, account=account, change="added", role=role, grants=[*map(list, grants)])
    return Person(account, name, role, tuple(grants))  # type: ignore[arg-type]


def change(store: Store, by: str, account: str, **told: Any) -> None:
    """Changes name, role, grants or disabled; a disabled one loses its sessions. Raises P112, P114 (nobody), P115 (the last one)."""
    before = _row(store, "id = ?", account)
    if before is None:
        raise MeridianError("P114", account=account[:64])
    if "role" in told:
        _known_role(told["role"])
    loses = told.get("disabled") or told.get("role", "administrator") != "administrator"
    if before["role"] == "administrator" and loses and _administrators(store) == {account}:
        raise MeridianError("P115")
    stored = {name: json.dumps([*map(list, value)]) if name == "grants" else value for name, value in told.items()}
    names = [name for name in stored if name in ("name", "role", "grants", "disabled")]
    with base.change(store) as connection:
        connection.execute(
            f"update people set {', '.join(f'{name} = ?' for name in names)} where id = ?", (*map(stored.get, names), account)
        )
        if told.get("disabled"):
            connection.execute("delete from sessions where person = ?", (account,))
    log.append(store, "account", by, account=account, change="changed", **{name: told[name] for name in names})


def link(store: Store, account: str, issuer: str, subject: str) -> None:
    """Ties an account to a person of an identity provider."""
    with base.change(store) as connection:
        connection.execute("update people set issuer = ?, subject = ? where id = ?", (issuer, subject, account))
    log.append(store, "account", account, account=account, change="linked", issuer=issuer)


def allow(who: Person, store: Store, action: str, account: str, **told: Any) -> str | None:
    """What an administrator does to accounts on the page: "add", "change", "code" (gives the code). Raises P101 and what these raise."""
    require(who, "people")
    if action == "add":
        add(store, who.id, account, told["name"], told["role"], told["grants"])
        return code(store, who.id, account)
    if action == "code":
        return code(store, who.id, account)
    change(store, who.id, account, **told)
    return None


def code(store: Store, by: str, account: str) -> str:
    """A code to hand over once: with it, within the hour, the person sets a password. Older codes of the account end. Raises P114."""
    if _row(store, "id = ? and not disabled", account) is None:
        raise MeridianError("P114", account=account[:64])
    word = "-".join(secrets.token_hex(3) for _ in range(4))
    with base.change(store) as connection:
        connection.execute("delete from codes where person = ? or until < ?", (account, time.time()))
        connection.execute("insert into codes values (?, ?, ?)", (_digest(word), account, time.time() + CODE_LIVES))
    log.append(store, "account", by, account=account, change="code given")
    return word


def first_administrator(store: Store, account: str) -> str:
    """The first administrator, by the command line on the server only; gives the one-time code. Raises P116 where there is one already."""
    if any(not row["demo"] and row["role"] == "administrator" for row in everybody(store)):
        raise MeridianError("P116")
    add(store, SYSTEM, account, account, "administrator")
    return code(store, SYSTEM, account)


def redeem(store: Store, account: str, word: str, password: str, address: str) -> Person:
    """Sets the password with a one-time code; the code is used up, old sessions end. Raises P102, P113."""
    _wait(store, account, address)
    row = base.connection(store).execute("select person, until from codes where digest = ?", (_digest(word.strip()),)).fetchone()
    found = person(store, account)
    if row is None or row[0] != account or row[1] < time.time() or found is None:
        raise _refuse(store, account, address)
    hashed = _hash(password, account)
    with base.change(store) as connection:
        connection.execute("update people set password = ? where id = ?", (hashed, account))
        connection.execute("delete from codes where person = ?", (account,))
        connection.execute("delete from sessions where person = ?", (account,))
    log.append(store, "account", account, account=account, change="password set")
    return found


def check(store: Store, account: str, password: str, address: str) -> Person:
    """The person who knows the password. Raises P102: wrong, unknown, disabled or too many tries – one sentence and one amount of work."""
    _wait(store, account, address)
    row = _row(store, "id = ? and not disabled", account)
    known = row["password"] if row else None
    if not _verified(known or _nobody(), password) or not known or row is None:
        raise _refuse(store, account, address)
    with base.change(store) as connection:
        connection.execute("delete from refusals where person = ?", (account,))
    return _person(row)


def _wait(store: Store, account: str, address: str) -> None:
    """Too many refusals of an account or an address: nothing is looked at, whoever it is."""
    since = time.time() - WINDOW
    connection = base.connection(store)
    of_person = connection.execute("select count(*) from refusals where person = ? and at > ?", (account, since)).fetchone()[0]
    of_address = connection.execute("select count(*) from refusals where address = ? and at > ?", (address, since)).fetchone()[0]
    if of_person >= PER_PERSON or of_address >= PER_ADDRESS:
        raise MeridianError("P103", minutes=int(WINDOW // 60))


def _refuse(store: Store, account: str, address: str) -> MeridianError:
    now = time.time()
    with base.change(store) as connection:
        connection.execute("delete from refusals where at < ?", (now - WINDOW,))
        connection.execute("insert into refusals values (?, ?, ?)", (account[:64], address, now))
    log.append(store, "sign_in_refused", SYSTEM, {"account": account[:64]}, address=address)
    return MeridianError("P102")


@cache
def _hasher() -> PasswordHasher:
    """Imported at the first sign-in: no viewer waits for it."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=TIMES, memory_cost=MEMORY, parallelism=LANES)


@cache
def _nobody() -> str:
    """The hash that an unknown person's password is held against, so that it takes as long as a known one's."""
    return _hasher().hash(secrets.token_hex(16))


def _verified(hashed: str, password: str) -> bool:
    from argon2.exceptions import VerificationError

    with AT_ONCE:
        try:
            return _hasher().verify(hashed, password[:1024])
        except VerificationError:
            return False


def _hash(password: str, account: str) -> str:
    """Raises P113 for a password that is too short, one sign over and over, or the account's own name."""
    plain = password.strip()
    if len(plain) < SHORTEST or len(set(plain)) < 4 or account.lower() in plain.lower():
        raise MeridianError("P113", shortest=SHORTEST)
    with AT_ONCE:
        return _hasher().hash(password[:1024])


def _row(store: Store, where: str, *bound: Any) -> dict[str, Any] | None:
    names = ("id", "name", "role", "grants", "password", "disabled")
    found = base.connection(store).execute(f"select {', '.join(names)} from people where {where}", bound).fetchone()
    return dict(zip(names, found, strict=True)) if found else None


def _person(row: dict[str, Any]) -> Person:
    return Person(row["id"], row["name"], row["role"], _grants(row["grants"]))


def _grants(text: str) -> tuple[Grant, ...]:
    return tuple((whose, what) for whose, what in json.loads(text))


def _known_role(role: str) -> None:
    if role not in ROLES:
        raise MeridianError("P112", role=role[:40], roles=", ".join(ROLES))


def _administrators(store: Store) -> set[str]:
    rows = base.connection(store).execute("select id from people where role = 'administrator' and not disabled").fetchall()
    return {account for (account,) in rows}


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
