"""What stands around the lines of a trend, as Plotly's own words: the range of a projection, and marks where a series breaks."""

from __future__ import annotations

from typing import Any

from pipelines.figures import Figure
from pipelines.figures.model import Series
from pipelines.palette import FAINT, QUIET, ROLE, SHADE


def estimated(figure: Figure) -> list[Series]:
    """The series whose points have a range."""
    return [series for series in figure.series if any(point.span for point in series.points)]


def around(series: Series) -> dict[str, Any]:
    """The range as one closed surface: along the upper edge and back along the lower one."""
    ranges = [(int(point.x), *point.span) for point in series.points if point.span]
    there, back = [(year, high) for year, _, high in ranges], [(year, low) for year, low, _ in reversed(ranges)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [year for year, _ in there + back],
        "y": [value for _, value in there + back],
        "fill": "toself",
        "fillcolor": SHADE,
        "line": {"width": 1, "color": ROLE["projection"], "dash": "dot"},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def marks(figure: Figure) -> list[dict[str, Any]]:
    """A grey field over the years of a circumstance, a line where the definition changed."""
    place = {"yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    field = {"type": "rect", "fillcolor": FAINT, "line": {"width": 0}}
    line = {"type": "line", "line": {"width": 2, "color": QUIET, "dash": "dash"}}
    return [place | {"x0": start, "x1": end} | (field if end > start else line) for start, end, _ in figure.breaks]


def words(figure: Figure) -> list[dict[str, Any]]:
    """The label of each mark, above the lines."""
    look = {"yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False, "font": {"size": 12, "color": QUIET}}
    return [look | {"x": (start + end) / 2, "text": text} for start, end, text in figure.breaks]


def edge(value: float, text: str) -> dict[str, Any]:
    """The label of a line across the chart, at its left."""
    return {
        "xref": "paper",
        "x": 0,
        "y": value,
        "text": text,
        "xanchor": "left",
        "yshift": 9,
        "showarrow": False,
        "bgcolor": "rgba(255,255,255,0.75)",
        "font": {"size": 12, "color": ROLE["goal"]},
    }
