"""Figures that compare, as Plotly's own words: bands of a flow, two years, a curve of shares, one among its peers. Imports no plotly."""

from __future__ import annotations

from typing import Any

from pipelines.figures import Figure, Point, Series
from pipelines.figures.flow import ends
from pipelines.figures.spread import apart, swarm
from pipelines.language import language
from pipelines.palette import LINE, QUIET, ROLE, TEXT

Drawn = tuple[list[dict[str, Any]], dict[str, Any]]
NAME = 20
"""Letters of a name that a phone has room for beside a mark."""
BAND, BAND_REST = "rgba(18,67,109,0.28)", "rgba(138,150,163,0.30)"


def flow(figure: Figure) -> Drawn:
    """Bands from those who send to those who receive; what stands together as the rest is grey."""
    say, (left, right) = language(figure.language), ends(figure)
    at = {("left", name): number for number, name in enumerate(left)}
    at |= {("right", name): number for number, name in enumerate(right, len(left))}
    words = [f"{clip(name)} {say.number(amount, figure.unit, figure.decimals)}" for name, amount in (*left.items(), *right.items())]
    grouped = [name.startswith(f"{say('Others ({n})').split('(')[0]}(") for name in (*left, *right)]
    bands = figure.series[0].points
    rest = [grouped[at["left", p.y_label]] or grouped[at["right", str(p.x)]] for p in bands]
    trace = {
        "type": "sankey", "arrangement": "fixed", "orientation": "h", "textfont": {"color": TEXT, "size": 12},
        "node": {
            "label": words, "pad": 10, "thickness": 12, "line": {"width": 0},
            "color": [ROLE["rest"] if is_rest else ROLE["first"] for is_rest in grouped],
            "hovertemplate": "%{label}<extra></extra>",
        },
        "link": {
            "source": [at["left", p.y_label] for p in bands], "target": [at["right", str(p.x)] for p in bands],
            "value": [p.y for p in bands], "color": [BAND_REST if is_rest else BAND for is_rest in rest],
            "customdata": [f"{p.y_label} → {p.x}: {p.label}" for p in bands], "hovertemplate": "%{customdata}<extra></extra>",
        },
    }  # fmt: skip
    return [trace], {"height": 90 + 46 * max(len(left), len(right), 3), "margin": {"l": 4, "r": 4, "t": 16, "b": 16}}


def slope(figure: Figure) -> Drawn:
    """Two upright years and a line a part; names and numbers stand at the ends, moved apart where they would overlap."""
    years = sorted({int(p.x) for s in figure.series for p in s.points})
    tall = 420
    high = max((p.y or 0.0 for s in figure.series for p in s.points), default=1.0) or 1.0
    notes: list[dict[str, Any]] = []
    for end, year in enumerate(years):
        marks = {s.name: p for s in figure.series for p in s.points if int(p.x) == year and p.y is not None}
        places = apart([p.y or 0.0 for p in marks.values()], high * 17 / (tall - 60))
        for place, (name, point) in zip(places, marks.items(), strict=True):
            series = next(s for s in figure.series if s.name == name)
            text = f"<b>{point.label}</b>" if end == 0 else f"<b>{point.label}</b> {clip(name)}"
            notes.append(
                {
                    "x": year, "y": place, "text": text, "showarrow": False, "xanchor": "left" if end else "right",
                    "xshift": 9 if end else -9,
                    "font": {"color": ROLE[series.role] if series.role != "muted" else QUIET, "size": 12},
                }
            )  # fmt: skip
    say = language(figure.language)
    x = {
        "tickvals": years, "ticktext": [say.year(year) for year in years], "side": "top", "showgrid": True, "gridcolor": QUIET,
        "range": [years[0] - 0.22 * (years[-1] - years[0]), years[-1] + 0.75 * (years[-1] - years[0])] if len(years) > 1 else None,
        "fixedrange": True, "tickfont": {"color": TEXT, "size": 13}, "zeroline": False,
    }  # fmt: skip
    y = {"visible": False, "range": [-0.04 * high, 1.06 * high], "fixedrange": True}
    traces = [_ends(series) for series in figure.series]
    return traces, {"xaxis": x, "yaxis": y, "annotations": notes, "height": tall, "margin": {"l": 4, "r": 4, "t": 30, "b": 6}}


def _ends(series: Series) -> dict[str, Any]:
    colour = ROLE[series.role]
    return {
        "type": "scatter", "mode": "lines+markers", "name": series.name, "x": [p.x for p in series.points],
        "y": [p.y for p in series.points],
        "line": {"color": colour, "width": 3 if series.role != "muted" else 1.5, "dash": "dash" if series.role == "third" else "solid"},
        "marker": {"size": 9, "color": colour, "symbol": "diamond" if series.role == "third" else "circle"},
        "customdata": [f"{series.name}: {p.label}" for p in series.points], "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }  # fmt: skip


def lorenz(figure: Figure) -> Drawn:
    """Curves from corner to corner, the straight line of equal shares between them; the first curve is the newest year."""
    traces, notes = [], []
    for series in figure.series:
        first = series.role == "first"
        dash = "solid" if first else "dot" if series.role == "muted" else "dash"
        traces.append(
            {
                "type": "scatter", "mode": "lines", "name": series.name, "x": [p.x for p in series.points],
                "y": [p.y for p in series.points],
                "line": {"color": ROLE[series.role], "width": 3 if first else 2, "dash": dash},
                "customdata": [f"{series.name}: {p.label}" for p in series.points],
                "hovertemplate": "%{customdata}<extra></extra>" if series.role != "muted" else None,
                "hoverinfo": "skip" if series.role == "muted" else None,
            }
        )  # fmt: skip
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}}
    axis = {
        "automargin": True,
        "range": [0, 100],
        "fixedrange": True,
        "dtick": 25,
        "gridcolor": LINE,
        "zeroline": False,
        "tickfont": {"color": TEXT, "size": 12},
    }
    say = language(figure.language)
    ticks = {"tickmode": "array", "tickvals": [0, 25, 50, 75, 100], "ticktext": [say.percent(at) for at in (0, 25, 50, 75, 100)]}
    across = {"title": {"text": say("countries, from the smallest to the largest"), "font": {"size": 12}, "standoff": 8}}
    return traces, {
        "xaxis": axis | ticks | across, "yaxis": axis | ticks, "height": 400, "showlegend": True, "legend": legend, "annotations": notes,
        "margin": {"l": 8, "r": 20, "t": 34, "b": 40},
    }  # fmt: skip


def dots(figure: Figure) -> Drawn:
    """One among its peers: named rows where they are few, else one strip with every peer as a dot; the own one stands out."""
    peers = [p for s in figure.series for p in s.points]
    return _rows(figure) if len(peers) <= ROWS else _strip(figure)


ROWS = 18
"""Peers that still have a row with a name."""


def _rows(figure: Figure) -> Drawn:
    order = sorted((p for s in figure.series for p in s.points), key=lambda p: (-(p.y or 0.0), str(p.x)))
    own = {str(p.x) for s in figure.series if s.role == "first" for p in s.points}
    labels = [str(p.x) for p in order]
    most = max((p.y or 0.0 for p in order), default=1.0) or 1.0
    traces = [
        {
            "type": "scatter", "mode": "markers+text", "x": [p.y for p in s.points], "y": [str(p.x) for p in s.points],
            "marker": {"color": ROLE[s.role]} | ({"size": 15, "symbol": "diamond"} if s.role == "first" else {"size": 10}),
            "text": [f"<b>{p.label}</b>" if s.role == "first" else p.label for p in s.points], "textposition": "middle right",
            "textfont": {"color": TEXT, "size": 12}, "hovertemplate": "%{y}: %{text}<extra></extra>", "cliponaxis": False,
        }
        for s in figure.series
    ]  # fmt: skip
    named = [f"<b>{clip(label, 28)}</b>" if label in own else clip(label, 24) for label in labels]
    y = {
        "type": "category", "categoryorder": "array", "categoryarray": labels[::-1], "tickvals": labels, "ticktext": named,
        "automargin": True,
        "fixedrange": True, "gridcolor": LINE, "showgrid": True, "tickfont": {"color": TEXT, "size": 12},
    }  # fmt: skip
    x = {
        "range": [0, most * 1.32],
        "showticklabels": False,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": True,
        "zerolinecolor": QUIET,
    }
    shapes, notes = _quartiles(figure)
    return traces, {
        "xaxis": x, "yaxis": y, "shapes": shapes, "annotations": notes, "height": 90 + 27 * len(labels),
        "margin": {"l": 8, "r": 8, "t": 52, "b": 8},
    }  # fmt: skip


def _strip(figure: Figure) -> Drawn:
    own = [p for s in figure.series if s.role == "first" for p in s.points]
    others = [p for s in figure.series if s.role != "first" for p in s.points]
    high = max((p.y or 0.0 for p in (*own, *others)), default=1.0) or 1.0
    lifted = swarm([p.y or 0.0 for p in others], high / 55)
    room = max(3.0, *(abs(lift) + 1 for lift in lifted))
    peers = {
        "type": "scatter", "mode": "markers", "x": [p.y for p in others], "y": lifted, "customdata": [f"{p.x}: {p.label}" for p in others],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"size": 9, "color": ROLE["muted"], "line": {"color": "#FFFFFF", "width": 1}},
    }  # fmt: skip
    mine = {
        "type": "scatter", "mode": "markers", "x": [p.y for p in own], "y": [0.0] * len(own),
        "customdata": [f"{p.x}: {p.label}" for p in own],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"size": 17, "color": ROLE["first"], "symbol": "diamond", "line": {"color": "#FFFFFF", "width": 2}},
    }  # fmt: skip
    shapes, notes = _quartiles(figure)
    _named(own, high, room, shapes, notes)
    x = {
        "range": [-0.02 * high, 1.04 * high],
        "fixedrange": True,
        "showgrid": False,
        "tickfont": {"color": TEXT, "size": 12},
        "tickformat": ",~f",
    }
    y = {"visible": False, "range": [-room, room], "fixedrange": True}
    return [peers, mine], {
        "xaxis": x,
        "yaxis": y,
        "shapes": shapes,
        "annotations": notes,
        "height": 300,
        "margin": {"l": 8, "r": 12, "t": 52, "b": 28},
    }


def _named(own: list[Point], high: float, room: float, shapes: list[dict[str, Any]], notes: list[dict[str, Any]]) -> None:
    """Adds the name and number of the own dot below the strip, with a line up to it."""
    for point in own:
        late = (point.y or 0.0) > 0.6 * high
        notes.append(
            {
                "x": point.y, "y": -room + 0.6, "text": f"<b>{clip(str(point.x), 26)}: {point.label}</b>", "showarrow": True, "ax": 0,
                "ay": 0,
                "axref": "pixel", "xanchor": "right" if late else "left", "font": {"color": ROLE["first"], "size": 13},
                "bgcolor": "rgba(255,255,255,0.85)",
            }
        )  # fmt: skip
        shapes.append(
            {"type": "line", "x0": point.y, "x1": point.y, "y0": -room + 0.6, "y1": 0, "line": {"color": ROLE["first"], "width": 1}}
        )


def _quartiles(figure: Figure) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Quartiles as upright lines with their names above, each a line higher, so that close ones can be read."""
    line = {"color": ROLE["goal"], "width": 1, "dash": "dot"}
    shapes = [
        {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at, "line": line, "layer": "below"} for at, _ in figure.marks
    ]
    named, most = [mark for mark in figure.marks if mark[1]], max((p.y or 0.0 for s in figure.series for p in s.points), default=0.0)
    notes = [
        {
            "x": at, "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 14 * number, "text": text, "showarrow": False,
            "font": {"size": 11, "color": TEXT}, "xanchor": "left" if number == 0 or at < most / 4 else "center",
        }
        for number, (at, text) in enumerate(named)
    ]  # fmt: skip
    return shapes, notes


def clip(text: str, most: int = NAME) -> str:
    """A name on one line, cut where need be."""
    return text if len(text) <= most else text[: most - 1] + "…"
