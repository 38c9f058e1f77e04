"""The map of the world: which countries have a shape, where the small ones lie, and how both are drawn.

The shapes go to the browser as a file of our own server: nothing is fetched from elsewhere.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pipelines.errors import ROOT
from pipelines.figures import Figure
from pipelines.figures.model import Point
from pipelines.language import language
from pipelines.palette import ROLE, TINTS

FOLDER = ROOT / "static" / "shapes"
LAND = "#E9EDF1"
"""Countries without a value."""


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


def world(figure: Figure) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Plotly's data and layout: tints for countries that have a shape, bubbles for those too small to have one."""
    known = [point for point in figure.series[0].points if point.y is not None]
    most = max((point.y or 0 for point in known), default=1) or 1
    bare = sorted(shapes() - {str(point.x) for point in known})
    scale = [[index / (len(TINTS) - 1), colour] for index, colour in enumerate(TINTS)]
    land = _tinted(bare, [0.0] * len(bare), most) | {"colorscale": [[0, LAND], [1, LAND]], "hoverinfo": "skip"}
    tints = _tinted([str(point.x) for point in known], [point.y or 0 for point in known], most)
    words = {"colorscale": scale, "text": [point.label for point in known], "hovertemplate": "%{text}<extra></extra>"}
    words |= _scale(figure, most) if len(known) > 1 else {}
    geo = {
        "projection": {"type": "natural earth"}, "visible": False, "showframe": False, "bgcolor": "rgba(0,0,0,0)",
        "lataxis": {"range": [-56, 82]}, "lonaxis": {"range": [-170, 180]},
    }  # fmt: skip
    return [land, tints | words, _bubbles(known, most)], {"geo": geo, "height": 370, "margin": {"l": 0, "r": 0, "t": 0, "b": 40}}


def _scale(figure: Figure, most: float) -> dict[str, Any]:
    """The tints with their numbers, small, below the map; what grey and dots mean stands in the note."""
    say = language(figure.language)
    ends = [0.0, most / 2, most]
    ticks = {"tickvals": ends, "ticktext": [say.number(end, figure.unit, figure.decimals) for end in ends], "tickfont": {"size": 12}}
    place = {"orientation": "h", "thickness": 10, "len": 0.5, "x": 0.0, "xanchor": "left", "y": -0.02, "yanchor": "top", "outlinewidth": 0}
    return {"showscale": True, "colorbar": ticks | place}


def _tinted(codes: list[str], values: list[float], most: float) -> dict[str, Any]:
    edge = {"line": {"color": "#FFFFFF", "width": 0.6}}
    shape = {"type": "choropleth", "geojson": "assets/shapes/countries.json", "featureidkey": "id", "marker": edge, "showscale": False}
    return shape | {"locations": codes, "z": values, "zmin": 0, "zmax": most}


def _bubbles(known: list[Point], most: float) -> dict[str, Any]:
    dots = [(point, points()[str(point.x)]) for point in known if str(point.x) in small()]
    return {
        "type": "scattergeo", "mode": "markers", "hovertemplate": "%{text}<extra></extra>", "text": [point.label for point, _ in dots],
        "lon": [place[0] for _, place in dots], "lat": [place[1] for _, place in dots],
        "marker": {
            "size": [7 + 14 * ((point.y or 0) / most) ** 0.5 for point, _ in dots],
            "color": ROLE["fourth"], "line": {"color": "#FFFFFF", "width": 1},
        },
    }  # fmt: skip
