"""Passwords: argon2id with OWASP's minimum, and no more than four at work at once. Nothing here knows whose they are."""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from pipelines.errors import MeridianError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 1024
"""Characters of a password."""
MEMORY, TIMES, LANES = 19 * 1024, 2, 1
"""OWASP's minimum for argon2id: KiB, passes, lanes. The library's default takes 64 MiB each, which twenty sign-ins at once would feel."""
AT_ONCE = BoundedSemaphore(4)


def hashed(password: str, account: str) -> str:
    """What is stored of a password. Raises P113 for one that is too short, one sign over and over, or the account's own name."""
    plain = password.strip()
    if len(plain) < SHORTEST or len(set(plain)) < 4 or account.lower() in plain.lower():
        raise MeridianError("P113", shortest=SHORTEST)
    with AT_ONCE:
        return _hasher().hash(password[:LONGEST])


def fits(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one. Nothing stored never fits, after the same work."""
    nobody = _nobody()  # made at the first call whoever is asked for: else the first unknown person would take longer
    return verified(stored or nobody, password) and stored is not None


def verified(stored: str, password: str) -> bool:
    """One verification."""
    from argon2.exceptions import VerificationError

    with AT_ONCE:
        try:
            return _hasher().verify(stored, password[:LONGEST])
        except VerificationError:
            return False


@cache
def _hasher() -> PasswordHasher:
    """Imported at the first sign-in: no viewer waits for it."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=TIMES, memory_cost=MEMORY, parallelism=LANES)


@cache
def _nobody() -> str:
    """The hash that an unknown person's password is held against."""
    return _hasher().hash(secrets.token_hex(16))
