"""The secret that signs short-lived cookies: set by whoever runs the server, else made at random and kept in the store."""

from __future__ import annotations

import os
import secrets

from pipelines.errors import MeridianError
from pipelines.settings import settings
from pipelines.store import PRIVATE, Store

SHORTEST = 32
WELL_KNOWN = ("changeme", "change-me", "secret", "password", "example", "default", "meridian", "insecure")
"""Words of examples: a secret that is made of one of them is none."""


def secret(store: Store) -> bytes:
    """The secret. Raises P120 for one that is set but weak."""
    given = settings().secret
    if given:
        plain = given.get_secret_value()
        if weak(plain):
            raise MeridianError("P120", shortest=SHORTEST)
        return plain.encode()
    path = store.path / "secret"
    if not path.exists():
        path.parent.mkdir(PRIVATE, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of the server was first
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def weak(word: str) -> bool:
    """Too short, too uniform, or a word of an example over and over."""
    plain = word.lower()
    return len(word) < SHORTEST or len(set(word)) < 10 or any(len(plain.replace(known, "")) < SHORTEST // 2 for known in WELL_KNOWN)
