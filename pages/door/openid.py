"""Signing in through the university's identity provider (OpenID Connect)."""

from __future__ import annotations

from starlette.routing import Route


def configured() -> bool:
    """Whether an identity provider is set."""
    return False


def label() -> str:
    """What the provider is called on the button."""
    return ""


def routes() -> list[Route]:
    """Its addresses."""
    return []
