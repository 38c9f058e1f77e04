"""Which countries have a shape on our map, and where the others lie. The shapes themselves go to the browser as a file."""

from __future__ import annotations

import json
from functools import cache

from pipelines.errors import ROOT

FOLDER = ROOT / "static" / "shapes"


@cache
def points() -> dict[str, list[float]]:
    """Country (alpha-3) → longitude and latitude of the middle of its largest part."""
    return json.loads((FOLDER / "points.json").read_text(encoding="utf-8"))["points"]


@cache
def small() -> frozenset[str]:
    """Countries too small to have a shape at this scale: Malta, Singapore, Bahrain …"""
    return frozenset(json.loads((FOLDER / "points.json").read_text(encoding="utf-8"))["small"])


@cache
def shapes() -> frozenset[str]:
    """Countries that have a shape."""
    return frozenset(points()) - small()
