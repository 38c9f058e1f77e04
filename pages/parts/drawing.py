"""Figures as Plotly's own words: plain dictionaries, without its template (7 of 7.5 KB). Nothing here imports plotly.

Lines carry their names at their ends instead of a legend; hollow marks are provisional or not exact; numbers are written by the server.
"""

from __future__ import annotations

from typing import Any

from pages.parts import atlas, compared, timeline
from pipelines.figures import Figure
from pipelines.figures.model import Series
from pipelines.language import Language, language
from pipelines.palette import FONT, LINE, ON, QUIET, ROLE, TEXT

DASH = {"goal": "dash", "muted": "dot", "projection": "dashdot"}
SYMBOL = {
    "first": "circle",
    "second": "square",
    "third": "diamond",
    "fourth": "triangle-up",
    "fifth": "cross",
    "muted": "circle",
    "goal": "line-ew",
}
LABELS = 5
"""Years named below a line: as many as a phone has room for."""


def plain(figure: Figure) -> dict[str, Any]:
    """The chart as Plotly's data and layout."""
    traces, layout = {
        "trend": _trend,
        "bars": _bars,
        "columns": _columns,
        "shares": _shares,
        "map": atlas.world,
        "bullets": _bullets,
        "heat": _bars,
        "flow": compared.flow,
        "slope": compared.slope,
        "lorenz": compared.lorenz,
        "dots": compared.dots,
    }[figure.kind](figure)
    return {"data": traces, "layout": _layout(figure) | layout}


def _layout(figure: Figure) -> dict[str, Any]:
    axis = {
        "gridcolor": LINE,
        "zerolinecolor": QUIET,
        "linecolor": QUIET,
        "automargin": True,
        "fixedrange": True,
        "tickfont": {"color": TEXT, "size": 13},
    }
    suffix = (
        {"ticksuffix": "%"}
        if figure.unit == "percent" and figure.language != "tr"
        else {"tickprefix": "%"}
        if figure.unit == "percent"
        else {}
    )
    return {
        "template": None,
        "font": {"family": FONT, "size": 13, "color": TEXT},
        "separators": language(figure.language).separators,
        "height": 360,
        "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "hoverlabel": {"bgcolor": "#FFFFFF", "bordercolor": QUIET, "font": {"color": TEXT, "family": FONT, "size": 13}},
        "xaxis": dict(axis, showgrid=False),
        "yaxis": dict(axis, tickformat=",~f", **suffix),
    }


def _trend(figure: Figure) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    say = language(figure.language)
    traces = [*map(timeline.around, timeline.estimated(figure)), *(_line(series, say) for series in figure.series)]
    years = sorted({point.x for series in figure.series for point in series.points})
    step = max(1, -(-len(years) // LABELS))
    ticks = [year for index, year in enumerate(reversed(years)) if index % step == 0]
    notes = _ends(figure) + [timeline.edge(value, text) for value, text in figure.marks if text] + timeline.words(figure)
    shapes = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": value,
            "y1": value,
            "line": {"color": ROLE["goal"], "width": 1, "dash": "dot"},
        }
        for value, _ in figure.marks
    ] + timeline.marks(figure)
    x = {
        "tickvals": ticks,
        "ticktext": [say.year(int(year)) for year in ticks],
        "showgrid": False,
        "fixedrange": True,
        "automargin": True,
        "tickangle": 0,
        "linecolor": QUIET,
        "tickfont": {"color": TEXT, "size": 12},
        "range": [years[0] - 0.35, years[-1] + 0.35] if years else None,
    }
    zero = {"rangemode": "tozero"} if figure.unit not in ("index", "ratio") and not _negative(figure) else {}
    return traces, {
        "xaxis": x,
        "yaxis": _layout(figure)["yaxis"] | zero,
        "annotations": notes,
        "shapes": shapes,
        "margin": {"l": 8, "r": 20, "t": 44 if figure.breaks else 28, "b": 8},
    }


def _negative(figure: Figure) -> bool:
    return any((point.y or 0) < 0 for series in figure.series for point in series.points)


def _line(series: Series, say: Language) -> dict[str, Any]:
    colour = ROLE[series.role]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": series.name,
        "x": [p.x for p in series.points],
        "y": [p.y for p in series.points],
        "connectgaps": False,
        "line": {"color": colour, "width": 3 if series.role == "first" else 2, "dash": DASH.get(series.role, "solid")},
        "marker": {
            "size": 6 if series.role == "goal" else 9,
            "symbol": [SYMBOL.get(series.role, "circle") + ("-open" if p.open else "") for p in series.points],
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        "customdata": [f"{say.year(int(p.x))}: {p.label}" for p in series.points],
        "hovertemplate": f"{series.name}<br>%{{customdata}}<extra></extra>",
        "cliponaxis": False,
    }


def _ends(figure: Figure) -> list[dict[str, Any]]:
    """Names beside the last points instead of a legend, right-aligned so that a phone has room; the lower of two close ones goes below."""
    last = {s.name: next((p for p in reversed(s.points) if p.y is not None), None) for s in figure.series}
    ends = [(int(p.x), p.y or 0.0) for p in last.values() if p]
    top = max((abs(p.y) for s in figure.series for p in s.points if p.y is not None), default=1.0) or 1.0
    notes = []
    for series in figure.series:
        point = last[series.name]
        if point is None:
            continue
        higher = [y for x, y in ends if abs(x - int(point.x)) <= 2 and (point.y or 0) < y < (point.y or 0) + 0.2 * top]
        said = point.label.partition(" (")[0] if point.span else point.label
        text = f"<b>{said}</b>" if len(figure.series) == 1 else f"<b>{said}</b> {_clip(series.name, 26)}"
        place = {"xanchor": "right", "xshift": 8, "yshift": -18 if higher else 18, "bgcolor": "rgba(255,255,255,0.75)"}
        notes.append(
            {
                "x": point.x,
                "y": point.y,
                "text": text,
                "showarrow": False,
                "align": "right",
                "font": {"color": ROLE[series.role], "size": 13},
                **place,
            }
        )
    return notes


def _short(text: str, most: int = 22, lines: int = 3) -> str:
    """A long label on up to three lines, the last cut where need be."""
    if len(text) <= most:
        return text
    if lines == 1:
        return _clip(text, most)
    cut = text.rfind(" ", 0, most + 1)
    cut = cut if cut > most // 2 else most
    return f"{text[:cut].strip()}<br>{_short(text[cut:].strip(), most, lines - 1)}"


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _bars(figure: Figure) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    labels = [str(point.x) for point in figure.series[0].points]
    traces = [_bar(series, len(figure.series) > 1) for series in figure.series]
    lines = max((_short(label).count("<br>") + 1 for label in labels), default=1)
    tall = max(160, len(labels) * max(44 if len(figure.series) > 1 else 27, {1: 0, 2: 36}.get(lines, 50)) + 50)
    y = {
        "autorange": "reversed",
        "automargin": True,
        "fixedrange": True,
        "tickvals": labels,
        "ticktext": [_short(label) for label in labels],
        "tickfont": {"color": TEXT},
        "ticks": "",
    }
    legend = (
        {"showlegend": True, "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"}}
        if len(figure.series) > 1
        else {}
    )
    x = {"showticklabels": False, "showgrid": False, "zeroline": True, "zerolinecolor": QUIET, "fixedrange": True}
    return traces, {
        "yaxis": y,
        "xaxis": x,
        "height": tall,
        "bargap": 0.28,
        "margin": {"l": 8, "r": 64, "t": 28 if legend else 6, "b": 6},
        **legend,
    }


def _bar(series: Series, paired: bool) -> dict[str, Any]:
    colour = ROLE[series.role]
    return {
        "type": "bar",
        "orientation": "h",
        "name": series.name,
        "y": [str(p.x) for p in series.points],
        "x": [p.y for p in series.points],
        "text": [p.label for p in series.points],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {
            "color": [colour if not p.open or paired else "#FFFFFF" for p in series.points],
            "line": {"color": colour, "width": [2 if p.open and not paired else 0 for p in series.points]},
        },
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "textfont": {"color": TEXT},
    }


def _columns(figure: Figure) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    points = figure.series[0].points
    trace = {
        "type": "bar",
        "x": [str(p.x) for p in points],
        "y": [p.y for p in points],
        "text": [p.label for p in points],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": [ROLE["rest"] if p.open else ROLE["first"] for p in points]},
        "hovertemplate": "%{x}: %{text}<extra></extra>",
        "textfont": {"color": TEXT},
    }
    return [trace], {
        "yaxis": {"showticklabels": False, "showgrid": False, "fixedrange": True, "zerolinecolor": QUIET},
        "xaxis": {
            "type": "category",
            "fixedrange": True,
            "automargin": True,
            "tickangle": 0,
            "tickfont": {"color": TEXT, "size": 12},
            "tickvals": [str(p.x) for p in points],
            "ticktext": [str(p.x).replace(" ", "<br>") for p in points],
        },
        "height": 300,
        "margin": {"l": 8, "r": 8, "t": 26, "b": 8},
    }


def _shares(figure: Figure) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    say = language(figure.language)
    traces = [
        {
            "type": "bar",
            "name": s.name,
            "x": [say.year(int(p.x)) for p in s.points],
            "y": [p.y for p in s.points],
            "text": [p.label.split(" · ")[0] if (p.y or 0) >= 7 else "" for p in s.points],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "textfont": {"color": ON[s.role], "size": 12},
            "marker": {"color": ROLE[s.role], "line": {"color": "#FFFFFF", "width": 1}},
            "customdata": [p.label for p in s.points],
            "hovertemplate": f"{s.name}<br>%{{x}}: %{{customdata}}<extra></extra>",
        }
        for s in figure.series
    ]
    years = [int(p.x) for p in figure.series[0].points] if figure.series else []
    step = max(1, -(-len(years) // LABELS))
    named = [say.year(year) for index, year in enumerate(reversed(years)) if index % step == 0]
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal", "font": {"size": 12}}
    return traces, {
        "barmode": "stack",
        "bargap": 0.25,
        "showlegend": True,
        "legend": legend,
        "yaxis": {"visible": False, "range": [0, 100], "fixedrange": True},
        "xaxis": {
            "type": "category",
            "fixedrange": True,
            "automargin": True,
            "tickangle": 0,
            "tickvals": named,
            "tickfont": {"color": TEXT, "size": 12},
        },
        "margin": {"l": 8, "r": 8, "t": 40, "b": 8},
    }


def _bullets(figure: Figure) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    traces, layout = _bars(figure)
    shapes = [
        {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": value, "x1": value, "line": {"color": ROLE["goal"], "width": 3}}
        for value, _ in figure.marks
    ]
    return traces, layout | {"shapes": shapes}
