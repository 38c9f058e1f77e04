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
from ipaddress import ip_address, ip_network
from typing import Any

from pipelines import log
from pipelines.access import base, passwords
from pipelines.access.permissions import require
from pipelines.access.person import EVERYTHING, ROLES, Grant, Person
from pipelines.errors import MeridianError
from pipelines.store import Store

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{1,63}")
CODE_LIVES = 3600.0
"""Seconds that a one-time code is good for."""
WINDOW = 15 * 60.0
PER_PERSON, PER_ADDRESS = 5, 50
"""Refusals within ``WINDOW`` seconds after which an account, or an address, has to wait."""
SYSTEM = "system"
"""Who an event is by when nobody signed in: the command line on the server."""


def person(store: Store, account: str) -> Person | None:
    """The person of an account; None for an unknown or disabled one."""
    row = _row(store, "id = ? and not disabled", account)
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
    hashed = passwords.hashed(password, account, published=demo) if password is not None else None
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
    stored = {name: json.dumps([*map(list, value)]) if name == "grants" else value for name, value in told.items()}
    names = [name for name in stored if name in ("name", "role", "grants", "disabled")]
    with base.change(store) as connection:
        if loses and _administrators(connection) == {account}:
            raise MeridianError("P115")
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
    word = "-".join(secrets.token_hex(3) for _ in range(5))
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
    """Sets the password with a one-time code; the code is used up, old sessions end. Raises P102, P103, P113."""
    _book(store, account, address)
    found, good = person(store, account), (_digest(word.strip()), account, time.time())
    known = base.connection(store).execute("select 1 from codes where digest = ? and person = ? and until >= ?", good).fetchone()
    if known is None or found is None:
        raise _refused(store, account, address)
    hashed = passwords.hashed(password, account)  # may refuse: the code is still good then
    with base.change(store) as connection:  # of two that use one code at the same time, one finds it
        used = connection.execute("delete from codes where digest = ? and person = ? and until >= ?", good).rowcount
        if used:
            _set_password(connection, account, hashed)
    if not used:
        raise _refused(store, account, address)
    log.append(store, "account", account, account=account, change="password set")
    return found


def check(store: Store, account: str, password: str, address: str, *, near: bool = True) -> Person:
    """The person who knows the password. Raises P102 (wrong, unknown, disabled: one sentence, one amount of work), P103 (too many tries).

    ``near`` is whether the browser is on this very computer: the demo's accounts, whose password is published, are good there only.
    """
    _book(store, account, address)
    row = _row(store, "id = ? and not disabled", account)
    fits = passwords.fits(row["password"] if row else None, password)
    if not fits or row is None or (row["demo"] and not near):
        raise _refused(store, account, address)
    with base.change(store) as connection:
        connection.execute("delete from refusals where person = ?", (account,))
    return _person(row)


def new_password(store: Store, account: str, old: str, new: str, address: str, *, near: bool = True) -> None:
    """Whoever knows the old password sets another one; every session of the account ends. Raises as ``check`` does, and P113."""
    check(store, account, old, address, near=near)
    hashed = passwords.hashed(new, account)
    with base.change(store) as connection:
        _set_password(connection, account, hashed)
    log.append(store, "account", account, account=account, change="password set")


def has_password(store: Store, account: str) -> bool:
    """Whether an account signs in with a password of its own."""
    row = _row(store, "id = ?", account)
    return row is not None and row["password"] is not None


def _set_password(connection: sqlite3.Connection, account: str, hashed: str) -> None:
    """With a password that nobody else knows, an account is no longer one of the demo's."""
    connection.execute("update people set password = ?, demo = 0 where id = ?", (hashed, account))
    for what in ("codes", "sessions", "refusals"):
        connection.execute(f"delete from {what} where person = ?", (account,))


def _book(store: Store, account: str, address: str) -> None:
    """Writes a try down before anything is looked at, so that tries at the same time count as well. Who comes in takes it out again.

    Raises P103 when there were too many for the account, whether there is such a one or not, or from the address.
    """
    now = time.time()
    person, place = account[:64], _place(address)
    with base.change(store) as connection:
        connection.execute("delete from refusals where at < ?", (now - WINDOW,))
        of_person = connection.execute("select count(*) from refusals where person = ?", (person,)).fetchone()[0]
        of_place = connection.execute("select count(*) from refusals where address = ?", (place,)).fetchone()[0]
        if of_person >= PER_PERSON or of_place >= PER_ADDRESS:
            raise MeridianError("P103", minutes=int(WINDOW // 60))
        connection.execute("insert into refusals values (?, ?, ?)", (person, place, now))


def _place(address: str) -> str:
    """What counts as one address: of IPv6 the whole /64, as one household has that many."""
    try:
        told = ip_address(address)
    except ValueError:
        return address
    mapped = told.ipv4_mapped if told.version == 6 else told
    return str(mapped or ip_network((address, 64), strict=False))


def _refused(store: Store, account: str, address: str) -> MeridianError:
    log.append(store, "sign_in_refused", SYSTEM, {"account": account[:64]}, address=address)
    return MeridianError("P102")


def _row(store: Store, where: str, *bound: Any) -> dict[str, Any] | None:
    names = ("id", "name", "role", "grants", "password", "disabled", "demo")
    found = base.connection(store).execute(f"select {', '.join(names)} from people where {where}", bound).fetchone()
    return dict(zip(names, found, strict=True)) if found else None


def _person(row: dict[str, Any]) -> Person:
    return Person(row["id"], row["name"], row["role"], _grants(row["grants"]))


def _grants(text: str) -> tuple[Grant, ...]:
    return tuple((whose, what) for whose, what in json.loads(text))


def _known_role(role: str) -> None:
    if role not in ROLES:
        raise MeridianError("P112", role=role[:40], roles=", ".join(ROLES))


def _administrators(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("select id from people where role = 'administrator' and not disabled").fetchall()
    return {account for (account,) in rows}


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
