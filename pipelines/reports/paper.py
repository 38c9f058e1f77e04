"""Figures on paper: a ``Figure`` becomes a Vega-Lite chart and, without any browser, SVG or PNG (vl-convert).

The same points and labels as on the screen; title, subtitle, note and source stand in the picture, so that it can be pasted anywhere.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from pipelines.errors import ROOT
from pipelines.figures import Figure, Point, Series
from pipelines.language import language
from pipelines.palette import FONT, LINE, QUIET, ROLE, TEXT, TINTS
from pipelines.reports import compared

WIDTH = 760
KEPT = 64
"""Pictures that are remembered: one figure is drawn once for all the reports that carry it."""


@lru_cache(maxsize=KEPT)
def svg(figure: Figure, *, bare: bool = False, size: tuple[int, int] | None = None) -> bytes:
    """The figure as SVG, letters as letters. ``bare``: without title, note and source, which stand around it in a report.

    ``size``: width and height of a bare line chart that stands in a narrow column, so that its letters can be read there.
    """
    drawn = _bare(figure) if bare else chart(figure)
    if size:
        drawn["vconcat"][0] |= {"width": size[0], "height": size[1]}
    return _converter().vegalite_to_svg(drawn, show_warnings=False).encode()


@lru_cache(maxsize=KEPT)
def png(figure: Figure, scale: float = 2.0, *, bare: bool = False) -> bytes:
    """The figure as PNG, about 1,600 pixels wide; ``bare`` as in ``svg``."""
    return _converter().vegalite_to_png(_bare(figure) if bare else chart(figure), scale=scale, show_warnings=False)


@lru_cache(maxsize=1)
def _converter() -> Any:
    """The converter, loaded at the first picture: it is large and no page needs it."""
    import vl_convert

    return vl_convert


def _bare(figure: Figure) -> dict[str, Any]:
    """The drawing alone."""
    whole = chart(figure)
    return {key: whole[key] for key in ("$schema", "background", "config")} | {"padding": 2, "vconcat": whole["vconcat"][:1]}


def chart(figure: Figure) -> dict[str, Any]:
    """The Vega-Lite chart of a figure."""
    own = {"trend": _trend, "shares": _shares, "columns": _columns, "heat": _heat, "map": _map}
    drawn = (own | compared.KINDS).get(figure.kind, _bars)(figure)
    below = _wrapped(" · ".join(filter(None, (figure.note, figure.source))), 120)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "#FFFFFF",
        "padding": 16,
        "title": {
            "text": _wrapped(figure.title, 78),
            "subtitle": _wrapped(figure.subtitle, 110),
            "anchor": "start",
            "fontSize": 17,
            "subtitleFontSize": 12.5,
            "subtitleColor": QUIET,
            "color": TEXT,
            "offset": 14,
        },
        "vconcat": [
            drawn,
            {
                "data": {"values": [{}]},
                "mark": {"type": "text", "align": "left", "baseline": "top", "text": below, "fontSize": 11, "color": QUIET, "x": 0, "y": 0},
                "height": 14 * max(len(below), 1),
                "width": WIDTH,
                "view": {"stroke": None},
            },
        ],
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelColor": TEXT, "labelFontSize": 12, "gridColor": LINE, "domainColor": QUIET, "title": None},
            "legend": {"labelFontSize": 12, "title": None, "orient": "top"},
        },
    }


def _wrapped(text: str, most: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) + 1 > most:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else []


def _records(series: Series) -> list[dict[str, Any]]:
    return [
        {"x": p.x, "y": p.y, "label": p.label, "open": p.open, "row": p.y_label, "name": series.name}
        for p in series.points
        if p.y is not None
    ]


def _trend(figure: Figure) -> dict[str, Any]:
    say = language(figure.language)
    years = sorted({int(p.x) for s in figure.series for p in s.points})
    labels = json.dumps({year: say.year(year) for year in years})
    axis = {"labelExpr": f"{labels}[datum.value]", "values": years[:: max(1, len(years) // 9)], "grid": False, "labelAngle": 0}
    domain = [years[0] - 0.3, years[-1] + 0.9] if years else [0, 1]
    x = {"field": "x", "type": "quantitative", "axis": axis, "scale": {"domain": domain, "nice": False}}
    zero = figure.unit not in ("index", "ratio")
    y = {"field": "y", "type": "quantitative", "scale": {"zero": zero}, "axis": {"labelExpr": compared.numbers(figure)}}
    layers = [_mark(figure, x, one) for one in figure.breaks]
    layers += [layer for series in figure.series for layer in _line(series, {"x": x, "y": y}, len(figure.series) > 1)]
    return {"width": WIDTH, "height": 300, "layer": layers}


def _mark(figure: Figure, x: dict[str, Any], one: tuple[float, float, str]) -> dict[str, Any]:
    """A break: a field over its years or a line where the definition changed, its words on top."""
    start, end, text = one
    data = {"values": [{"x": start, "end": end, "middle": (start + end) / 2, "text": text}]}
    field = (
        {"type": "rect", "color": LINE, "opacity": 0.6}
        if end > start
        else {"type": "rule", "color": QUIET, "strokeDash": [5, 4], "strokeWidth": 2}
    )
    across = {"x": x, "x2": {"field": "end"}} if end > start else {"x": x}
    above = {"type": "text", "y": -6, "baseline": "bottom", "fontSize": 11, "color": QUIET}
    return {
        "data": data,
        "layer": [
            {"mark": field, "encoding": across},
            {"mark": above, "encoding": {"x": x | {"field": "middle"}, "text": {"field": "text"}}},
        ],
    }


def _line(series: Series, place: dict[str, Any], named: bool) -> list[dict[str, Any]]:
    """A line, its points and the words at its end."""
    colour, data = ROLE[series.role], {"values": _records(series)}
    dash = {"strokeDash": [6, 4]} if series.role in ("goal", "muted", "projection") else {}
    line = {"type": "line", "color": colour, "strokeWidth": 3 if series.role == "first" else 2, **dash}
    point = {"type": "point", "size": 70, "filled": True, "opacity": 1, "stroke": colour, "strokeWidth": 2}
    hollow = {"color": {"condition": {"test": "datum.open", "value": "#FFFFFF"}, "value": colour}}
    end = {"type": "text", "align": "left", "dx": 9, "color": colour}
    tail = {"values": _records(series)[-1:]}
    ranged = [{"x": p.x, "y": p.span[0], "to": p.span[1]} for p in series.points if p.span]
    area = {
        "data": {"values": ranged},
        "mark": {"type": "area", "color": colour, "opacity": 0.13},
        "encoding": place | {"y2": {"field": "to"}},
    }
    layers = [
        *([area] if ranged else []),
        {"data": data, "mark": line, "encoding": place},
        {"data": data, "mark": point, "encoding": place | hollow},
        {"data": tail, "mark": end | {"fontSize": 12, "fontWeight": "bold"}, "encoding": place | {"text": {"field": "label"}}},
    ]
    return layers + (
        [{"data": tail, "mark": end | {"dy": 14, "fontSize": 11}, "encoding": place | {"text": {"field": "name"}}}] if named else []
    )


def _bars(figure: Figure) -> dict[str, Any]:
    labels = [str(p.x) for p in figure.series[0].points]
    names = [s.name for s in figure.series]
    y = {"field": "x", "type": "nominal", "sort": labels, "axis": {"labelLimit": 260, "ticks": False, "domain": False}}
    x = {"field": "y", "type": "quantitative", "axis": None}
    colour = {
        "field": "name",
        "type": "nominal",
        "scale": {"domain": names, "range": [ROLE[s.role] for s in figure.series]},
        "legend": {} if len(names) > 1 else None,
    }
    shift = {"yOffset": {"field": "name", "sort": names}} if len(names) > 1 else {}
    data = {"values": [record for s in figure.series for record in _records(s)]}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "height": {"band": 0.72}}, "encoding": {"x": x, "y": y, "color": colour, **shift}},
        {
            "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": TEXT},
            "encoding": {"x": x, "y": y, "text": {"field": "label"}, **shift},
        },
    ]
    layers += [
        {
            "data": {"values": [{"v": value}]},
            "mark": {"type": "rule", "strokeWidth": 3, "color": ROLE["goal"]},
            "encoding": {"x": {"field": "v", "type": "quantitative"}},
        }
        for value, _ in figure.marks
    ]
    return {"width": WIDTH - 180, "height": max(60, len(labels) * (24 if len(names) == 1 else 40)), "data": data, "layer": layers}


def _columns(figure: Figure) -> dict[str, Any]:
    x = {"field": "x", "type": "nominal", "sort": None, "axis": {"labelAngle": 0}}
    y = {"field": "y", "type": "quantitative", "axis": None}
    return {
        "width": WIDTH,
        "height": 240,
        "data": {"values": _records(figure.series[0])},
        "layer": [
            {
                "mark": {"type": "bar"},
                "encoding": {"x": x, "y": y, "color": {"condition": {"test": "datum.open", "value": ROLE["rest"]}, "value": ROLE["first"]}},
            },
            {"mark": {"type": "text", "dy": -8, "fontSize": 12, "color": TEXT}, "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
        ],
    }


def _shares(figure: Figure) -> dict[str, Any]:
    say = language(figure.language)
    names = [s.name for s in figure.series]
    values = [record | {"year": say.year(record["x"]), "order": index} for index, s in enumerate(figure.series) for record in _records(s)]
    colour = {
        "field": "name",
        "type": "nominal",
        "sort": names,
        "scale": {"domain": names, "range": [ROLE[s.role] for s in figure.series]},
        "legend": {"columns": 3, "labelLimit": 260},
    }
    return {
        "width": WIDTH,
        "height": 300,
        "data": {"values": values},
        "mark": {"type": "bar", "stroke": "#FFFFFF"},
        "encoding": {
            "x": {"field": "year", "type": "nominal", "sort": None, "axis": {"labelAngle": 0}},
            "y": {"field": "y", "type": "quantitative", "scale": {"domain": [0, 100]}, "axis": {"labelExpr": compared.numbers(figure)}},
            "color": colour,
            "order": {"field": "order"},
        },
    }


def _heat(figure: Figure) -> dict[str, Any]:
    down = list(dict.fromkeys(str(row[0]) for row in figure.table.rows))
    across = [column.name for column in figure.table.columns[1:]]
    points: list[Point] = list(figure.series[0].points)
    most = max((p.y or 0 for p in points), default=1) or 1
    values = [{"x": p.x, "row": p.y_label, "label": p.label, "y": p.y or 0, "dark": (p.y or 0) / most >= 0.6} for p in points]
    x = {"field": "x", "type": "nominal", "sort": across, "axis": {"orient": "top", "labelAngle": 0, "labelLimit": 150}}
    y = {"field": "row", "type": "nominal", "sort": down, "axis": {"labelLimit": 260}}
    return {
        "width": WIDTH - 180,
        "height": max(60, 26 * len(down)),
        "data": {"values": values},
        "layer": [
            {
                "mark": "rect",
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {"field": "y", "type": "quantitative", "scale": {"range": list(TINTS), "domain": [0, most]}, "legend": None},
                },
            },
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {
                    "x": x,
                    "y": y,
                    "text": {"field": "label"},
                    "color": {"condition": {"test": "datum.dark", "value": "#FFFFFF"}, "value": TEXT},
                },
            },
        ],
    }


def _map(figure: Figure) -> dict[str, Any]:
    shapes = json.loads((ROOT / "static" / "shapes" / "countries.json").read_text(encoding="utf-8"))["features"]
    known = {str(p.x): p.y for p in figure.series[0].points if p.y is not None}
    most = max(known.values(), default=1) or 1
    tinted = [feature | {"v": known[feature["id"]]} for feature in shapes if feature["id"] in known]
    line = {"type": "geoshape", "stroke": "#FFFFFF", "strokeWidth": 0.5}
    fill = {"field": "v", "type": "quantitative", "scale": {"range": list(TINTS), "domain": [0, most]}, "legend": None}
    layers = [{"data": {"values": shapes}, "mark": line | {"fill": "#E9EDF1"}}]
    layers += [{"data": {"values": tinted}, "mark": line, "encoding": {"color": fill}}] if tinted else []
    return {"width": WIDTH, "height": 400, "projection": {"type": "naturalEarth1"}, "layer": layers}
