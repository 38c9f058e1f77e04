"""A person as every page and action sees one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["viewer", "reporter", "editor", "approver", "administrator"]
ROLES: tuple[Role, ...] = ("viewer", "reporter", "editor", "approver", "administrator")
"""In this order: each may do what those before it may."""
Grant = tuple[str, str]
"""Institution and dataset, "*" for all of them."""
EVERYTHING: tuple[Grant, ...] = (("*", "*"),)


@dataclass(frozen=True)
class Person:
    """``id`` is the account, ASCII; ``grants`` limit what they do to institutions and datasets."""

    id: str
    name: str
    role: Role
    grants: tuple[Grant, ...] = EVERYTHING


VISITOR = Person("visitor", "", "viewer")
"""Whoever looks at the open demo without signing in."""
