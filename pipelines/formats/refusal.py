"""The shortest way to refuse a file with one fault at one place."""

from __future__ import annotations

from typing import Any

from pipelines.errors import Finding, Place, Refused


def refused(code: str, place: Place, **values: Any) -> Refused:
    """To be raised: the file cannot go on because of this one fault."""
    return Refused([Finding(code, place, values)])
