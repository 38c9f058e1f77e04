"""What an identity provider says of a person, as an account of ours with a role. The provider proves who it is; roles are ours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from threading import Lock
from typing import Any

from pipelines import log
from pipelines.access import people
from pipelines.access.person import ROLES, VISITOR, Person, Role
from pipelines.errors import MeridianError
from pipelines.settings import settings
from pipelines.store import Store

OURS = (people.SYSTEM, VISITOR.id, "meridian")
"""Names that events carry for nobody's account."""
_one_at_a_time = Lock()


def settle(store: Store, issuer: str, claims: dict[str, Any], address: str) -> Person:
    """The person behind proven claims; made at the first sign-in, with the role of the claim at every one.

    Raises P132 (the account is shut), P133 (no role here), P115 (the claim would take the last administrator away).
    """
    subject, role = str(claims["sub"]), role_of(claims)
    with _one_at_a_time:  # two windows of one new person make one account
        account = people.linked(store, issuer, subject)
        known = people.person(store, account) if account else None
        if account and not known:
            raise _refuse(store, "P132", account, address)
        if known and not (settings().openid_roles and settings().openid_role_claim):
            return known  # without a table of roles, administrators give them
        if role is None:
            raise _refuse(store, "P133", account or subject, address)
        if known is None:
            return _made(store, issuer, claims, role)
        try:
            people.change(store, people.SYSTEM, known.id, role=role) if known.role != role else None
        except MeridianError as last:
            raise _refuse(store, last.finding.code, known.id, address) from last
        return Person(known.id, known.name, role, known.grants)


def role_of(claims: dict[str, Any]) -> Role | None:
    """The highest role that the claim stands for, else the one for everybody else; None when that is nobody's."""
    told = claim(claims, settings().openid_role_claim)
    words = told if isinstance(told, list) else [told]
    given = [settings().openid_roles[word] for word in words if isinstance(word, str) and word in settings().openid_roles]
    return max(given, key=ROLES.index, default=settings().openid_default_role or None)


def claim(claims: dict[str, Any], name: str) -> Any:
    """A claim by its name, or by its way with dots through claims within claims; None where there is none."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _made(store: Store, issuer: str, claims: dict[str, Any], role: Role) -> Person:
    """A new account. Never one that is there already: a name of the provider's proves nothing about an account of ours."""
    name = str(claims.get("name") or "")[:200]
    for account in _names(issuer, claims):
        try:
            made = people.add(store, people.SYSTEM, account, name, role)
        except MeridianError as taken:
            if taken.finding.code != "P111":
                raise
            continue
        people.link(store, made.id, issuer, str(claims["sub"]))
        return people.person(store, made.id) or made
    raise MeridianError("P131", detail="the account's name is taken")


def _names(issuer: str, claims: dict[str, Any]) -> Iterator[str]:
    """What the account may be called, best first; the last one is always possible."""
    for told in (claims.get("preferred_username"), claims.get("email")):
        if isinstance(told, str) and people.NAME.fullmatch(told) and told.lower() not in OURS:
            yield told
    yield "person-" + hashlib.sha256(f"{issuer}\n{claims['sub']}".encode()).hexdigest()[:16]


def _refuse(store: Store, code: str, whom: str, address: str) -> MeridianError:
    log.append(store, "sign_in_refused", people.SYSTEM, {"account": whom[:64]}, address=address, how="openid")
    return MeridianError(code)
