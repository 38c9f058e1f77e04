"""Figures that compare, on paper: bands of a flow, small panels, two years, a curve of shares, one among its peers, goals by year.

Vega-Lite has no bands: they are laid out here and drawn as areas.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from pipelines.figures import Figure
from pipelines.figures.flow import ends
from pipelines.figures.spread import apart, swarm
from pipelines.language import language
from pipelines.palette import QUIET, ROLE, TEXT

WIDTH = 760
STEPS = 16
"""Points along a band."""
GAP = 2.0
"""Room between two nodes, in per cent of the height."""
Chart = dict[str, Any]


def flow(figure: Figure) -> Chart:
    """Two columns of nodes and the bands between them, in the order of the table."""
    say, (left, right) = language(figure.language), ends(figure)
    tops = {("left", name): top for name, top in _tops(left).items()} | {("right", name): top for name, top in _tops(right).items()}
    nodes = [
        {
            "x": x, "x2": x + 0.015, "y": 100 - tops[side, name], "y2": 100 - tops[side, name] - amount * _scale(column), "side": side,
            "label": f"{name}  {say.number(amount, figure.unit, figure.decimals)}", "at": 0.0 if side == "left" else 1.0,
            "middle": 100 - tops[side, name] - amount * _scale(column) / 2,
        }
        for side, x, column in (("left", 0.0, left), ("right", 0.985, right))
        for name, amount in column.items()
    ]  # fmt: skip
    x, y = _across("x", [0, 1]), _upright("y", [-1, 101])
    rect = {
        "mark": {"type": "rect", "color": ROLE["first"]},
        "data": {"values": nodes},
        "encoding": {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}},
    }
    bands = {
        "data": {"values": _bands(figure, tops, left, right)}, "mark": {"type": "area", "opacity": 0.3, "color": ROLE["first"]},
        "encoding": {"x": x, "y": y, "y2": {"field": "y2"}, "detail": {"field": "band"}},
    }  # fmt: skip
    texts = [_text([n for n in nodes if n["side"] == side], align, dx) for side, align, dx in (("left", "right", -6), ("right", "left", 6))]
    return {"width": WIDTH - 380, "height": 42 * max(len(left), len(right), 3), "layer": [bands, rect, *texts]}


def _text(nodes: list[Chart], align: str, dx: int) -> Chart:
    place = {"x": _across("at", [0, 1]), "y": _upright("middle", [-1, 101]), "text": {"field": "label"}}
    return {
        "data": {"values": nodes},
        "mark": {"type": "text", "align": align, "dx": dx, "fontSize": 12, "color": TEXT, "clip": False},
        "encoding": place,
    }


def _scale(column: dict[str, float]) -> float:
    """Per cent of the height for one of the unit."""
    return (100.0 - GAP * (len(column) - 1)) / (sum(column.values()) or 1.0)


def _tops(column: dict[str, float]) -> dict[str, float]:
    """The upper edge of each node, in per cent from the top."""
    starts = accumulate((amount * _scale(column) + GAP for amount in column.values()), initial=0.0)
    return dict(zip(column, starts, strict=False))


def _bands(figure: Figure, tops: dict[tuple[str, str], float], left: dict[str, float], right: dict[str, float]) -> list[Chart]:
    """Points along every band: it leaves its sender and reaches its receiver one below the other, with a soft turn between."""
    used = dict(tops)
    points: list[Chart] = []
    order = {name: at for at, name in enumerate(right)}
    for band, point in enumerate(sorted(figure.series[0].points, key=lambda p: (list(left).index(p.y_label), order[str(p.x)]))):
        amount, sender, receiver = point.y or 0.0, ("left", point.y_label), ("right", str(point.x))
        tall = (amount * _scale(left), amount * _scale(right))
        start, end = used[sender], used[receiver]
        used[sender], used[receiver] = start + tall[0], end + tall[1]
        for step in range(STEPS + 1):
            t = step / STEPS
            turn = t * t * (3 - 2 * t)
            top, low = start + (end - start) * turn, start + tall[0] + (end + tall[1] - start - tall[0]) * turn
            points.append({"x": 0.015 + 0.97 * t, "y": 100 - top, "y2": 100 - low, "band": band, "value": amount})
    return points


def numbers(figure: Figure) -> str:
    """Axis numbers with the marks of the language: Vega knows no Turkish numbers."""
    marks = language(figure.language).separators
    decimal, group = marks[0], marks[1]
    plain = f"replace(replace(replace(format(datum.value, ',~f'), /,/g, '§'), /\\./g, '{decimal}'), /§/g, '{group}')"
    if figure.unit != "percent":
        return plain
    return f"'%' + {plain}" if figure.language == "tr" else f"{plain} + '%'"


def _across(field: str, domain: list[float], **more: Any) -> Chart:
    return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": domain, "nice": False}} | more


_upright = _across
"""The same for the other axis."""


def multiples(figure: Figure) -> Chart:
    """Panels in three columns on one scale."""
    say = language(figure.language)
    years = sorted({int(p.x) for s in figure.series for p in s.points})
    values = [
        {"x": p.x, "y": p.y, "label": p.label, "name": s.name, "last": p is [q for q in s.points if q.y is not None][-1]}
        for s in figure.series
        for p in s.points
        if p.y is not None
    ]
    ends_of = {year: say.year(year) for year in (years[0], years[-1])} if years else {}
    axis = {"values": list(ends_of), "labelExpr": f"{_object(ends_of)}[datum.value]", "grid": False, "labelAngle": 0, "labelFontSize": 10}
    x = _across("x", [years[0] - 0.5, years[-1] + 1.5] if years else [0, 1], axis=axis)
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"zero": True},
        "axis": {"tickCount": 2, "labels": False, "ticks": False, "domain": False},
    }
    line = {
        "mark": {"type": "line", "color": ROLE["first"], "strokeWidth": 2, "point": {"size": 18, "color": ROLE["first"]}},
        "encoding": {"x": x, "y": y},
    }
    label = {
        "transform": [{"filter": "datum.last"}], "mark": {"type": "text", "dy": -9, "fontSize": 11, "fontWeight": "bold", "color": TEXT},
        "encoding": {"x": x, "y": y, "text": {"field": "label"}},
    }  # fmt: skip
    names = [s.name for s in figure.series]
    facet = {
        "field": "name",
        "type": "nominal",
        "sort": names,
        "columns": 3,
        "title": None,
        "header": {"labelFontSize": 12, "labelFontWeight": "bold"},
    }
    return {"data": {"values": values}, "facet": facet, "columns": 3, "spec": {"width": 215, "height": 90, "layer": [line, label]}}


def _object(words: dict[int, str]) -> str:
    return json.dumps(words, ensure_ascii=False)


def slope(figure: Figure) -> Chart:
    """Two years, a line a part, names and numbers at the right end."""
    say = language(figure.language)
    years = sorted({int(p.x) for s in figure.series for p in s.points})
    high = max((p.y or 0.0 for s in figure.series for p in s.points), default=1.0) or 1.0
    values = [
        {"x": say.year(int(p.x)), "y": p.y, "label": p.label, "name": s.name, "role": s.role} for s in figure.series for p in s.points
    ]
    x = {
        "field": "x",
        "type": "nominal",
        "sort": [say.year(year) for year in years],
        "axis": {"orient": "top", "labelAngle": 0},
        "scale": {"padding": 0.1},
    }
    y = _upright("y", [0, high * 1.05])
    roles = sorted({s.role for s in figure.series})
    colour = {"field": "role", "type": "nominal", "scale": {"domain": roles, "range": [ROLE[role] for role in roles]}, "legend": None}
    layers: list[Chart] = [
        {
            "data": {"values": values},
            "mark": {"type": "line", "point": True, "strokeWidth": 2},
            "encoding": {"x": x, "y": y, "color": colour, "detail": {"field": "name"}},
        }
    ]
    for end, year in enumerate(years):
        here = [record for record in values if record["x"] == say.year(year) and record["y"] is not None]
        places = apart([float(record["y"] or 0) for record in here], high * 16 / 400)
        told = [r | {"y": at, "text": f"{r['label']}  {r['name']}" if end else r["label"]} for r, at in zip(here, places, strict=True)]
        text = {"type": "text", "align": "left" if end else "right", "dx": 10 if end else -10, "fontSize": 12, "color": TEXT}
        layers.append({"data": {"values": told}, "mark": text, "encoding": {"x": x, "y": y, "text": {"field": "text"}}})
    return {"width": 380, "height": 400, "layer": layers}


def lorenz(figure: Figure) -> Chart:
    """The curves and the straight line of equal shares."""
    say = language(figure.language)
    values = [{"x": p.x, "y": p.y, "name": s.name, "at": at} for s in figure.series for at, p in enumerate(s.points)]
    percent = {"values": [0, 25, 50, 75, 100], "labelExpr": f"{_object({at: say.percent(at) for at in (0, 25, 50, 75, 100)})}[datum.value]"}
    names = [s.name for s in figure.series]
    colour = {"field": "name", "type": "nominal", "scale": {"domain": names, "range": [ROLE[s.role] for s in figure.series]}}
    dash = {
        "field": "name",
        "type": "nominal",
        "scale": {"domain": names, "range": [[1, 0], *([[6, 4]] * (len(names) - 2)), [2, 3]][: len(names)]},
    }
    across = percent | {"title": say("countries, from the smallest to the largest")}
    return {
        "width": 420, "height": 380, "data": {"values": values}, "mark": {"type": "line", "strokeWidth": 2.5},
        "encoding": {
            "x": _across("x", [0, 100], axis=across), "y": _upright("y", [0, 100], axis=percent), "color": colour, "strokeDash": dash,
            "order": {"field": "at"},
        },
    }  # fmt: skip


def dots(figure: Figure) -> Chart:
    """Named rows where the peers are few, else one strip; the own dot and the quartiles are named."""
    peers = [p for s in figure.series for p in s.points]
    high = max((p.y or 0.0 for p in peers), default=1.0) or 1.0
    own = [s.role == "first" for s in figure.series for _ in s.points]
    few = len(peers) <= 18
    lifted = [0.0] * len(peers) if few else swarm([p.y or 0.0 for p in peers], high / 60)
    values = [
        {"x": p.y, "row": str(p.x), "label": p.label, "own": mine, "lift": 0.0 if mine else lift, "told": f"{p.x}: {p.label}"}
        for p, mine, lift in zip(peers, own, lifted, strict=True)
    ]
    ranked = [r["row"] for r in sorted(values, key=lambda r: (-float(r["x"] or 0), str(r["row"])))]
    x = _across(
        "x", [0, high * (1.15 if few else 1.03)], axis=None if few else {"grid": False, "tickCount": 8, "labelExpr": numbers(figure)}
    )
    row = {"field": "row", "type": "nominal", "sort": ranked, "axis": {"labelLimit": 300, "ticks": False}}
    room = max(4.0, *(abs(lift) + 1 for lift in lifted))
    y = row if few else _upright("lift", [-room, room])
    is_own = {"condition": {"test": "datum.own", "value": ROLE["first"]}, "value": ROLE["muted"]}
    size = {"condition": {"test": "datum.own", "value": 190}, "value": 70}
    words = {"type": "text", "fontSize": 12, "color": TEXT} | ({"align": "left", "dx": 10} if few else {"dy": 26, "fontWeight": "bold"})
    text = {"mark": words, "encoding": {"x": x, "y": y, "text": {"field": "label" if few else "told"}}}
    text |= {} if few else {"transform": [{"filter": "datum.own"}]}
    rules, heads = _quartiles(figure, x)
    dot = {
        "mark": {"type": "point", "filled": True, "opacity": 1, "stroke": "#FFFFFF"},
        "encoding": {"x": x, "y": y, "color": is_own, "size": size},
    }
    return {
        "width": WIDTH - (240 if few else 20),
        "height": 24 * len(peers) if few else 240,
        "data": {"values": values},
        "layer": [rules, dot, text, *heads],
    }


def _quartiles(figure: Figure, x: Chart) -> tuple[Chart, list[Chart]]:
    """Quartiles as upright lines, their names above, each a line higher."""
    marks = [{"at": at, "text": name} for at, name in figure.marks]
    rules = {
        "data": {"values": marks},
        "mark": {"type": "rule", "strokeDash": [2, 3], "color": ROLE["goal"]},
        "encoding": {"x": x | {"field": "at"}},
    }
    named = {"type": "text", "fontSize": 11, "color": QUIET, "baseline": "bottom", "y": -4}
    heads = [
        {
            "data": {"values": [m]},
            "mark": named | {"y": -4 - 14 * at},
            "encoding": {"x": x | {"field": "at"}, "text": {"field": "text"}},
        }
        for at, m in enumerate(mark for mark in marks if mark["text"])
    ]
    return rules, heads


def cohort(figure: Figure) -> Chart:
    """Goals down, years across: the way gone and the status, as tint, icon and word."""
    down = [str(row[0]) for row in figure.table.rows]
    across = [column.name for column in figure.table.columns[1:]]
    values = [
        {"x": str(p.x), "row": p.y_label, "label": p.label, "status": f"{s.icon} {s.name}", "y": p.y, "role": s.role}
        for s in figure.series
        for p in s.points
    ]
    roles = ["good", "warning", "bad", "neutral"]
    x = {"field": "x", "type": "nominal", "sort": across, "axis": {"orient": "top", "labelAngle": 0}}
    y = {"field": "row", "type": "nominal", "sort": down, "axis": {"labelLimit": 250}}
    tone = {"field": "role", "type": "nominal", "scale": {"domain": roles, "range": [ROLE[role] for role in roles]}, "legend": None}
    layers = [{"mark": {"type": "rect", "stroke": "#FFFFFF"}, "encoding": {"x": x, "y": y, "color": tone}}]
    for field, dy, size in (("label", -7, 12), ("status", 8, 9.5)):
        layers.append(
            {"mark": {"type": "text", "dy": dy, "fontSize": size, "color": TEXT}, "encoding": {"x": x, "y": y, "text": {"field": field}}}
        )
    return {
        "width": max(300, min(WIDTH - 200, 78 * len(across))),
        "height": max(60, 36 * len(down)),
        "data": {"values": values},
        "layer": layers,
    }


KINDS: dict[str, Callable[[Figure], Chart]] = {
    "flow": flow, "multiples": multiples, "slope": slope, "lorenz": lorenz, "dots": dots, "cohort": cohort,
}  # fmt: skip
"""Kind of figure → how it is drawn."""
