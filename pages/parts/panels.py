"""Figures drawn as HTML: small trends side by side as many as fit, and goals by year as a table of statuses. They load no chart library."""

from __future__ import annotations

import base64
from html import escape

import streamlit as st

from pages.parts import markup, tables
from pipelines.figures import Figure, Point, Series
from pipelines.language import Language, language
from pipelines.palette import LINE, ROLE

WIDE, TALL, EDGE = 200.0, 84.0, 5.0


def multiples(figure: Figure) -> None:
    """A panel a part: name, line on the common scale, first and last value in words."""
    say = language(figure.language)
    top = max((p.y for s in figure.series for p in s.points if p.y is not None), default=1.0) or 1.0
    panels = "".join(_panel(series, top, say) for series in figure.series)
    st.html(f'<div class="m-panels" role="group" aria-label="{escape(figure.alt)}">{panels}</div>')


def _panel(series: Series, top: float, say: Language) -> str:
    known = [p for p in series.points if p.y is not None]
    listed = "; ".join(f"{say.year(int(p.x))} {p.label}" for p in series.points)
    told = ""
    if known:
        first, last = known[0], known[-1]
        told = f"{say.year(int(first.x))}: {first.label}" + (f" → {say.year(int(last.x))}: {last.label}" if last is not first else "")
    image = base64.b64encode(drawn(series, top).encode()).decode()
    picture = f'<img alt="{escape(f"{series.name}: {listed}")}" src="data:image/svg+xml;base64,{image}">'
    return f'<div class="m-panel"><div class="k">{escape(series.name)}</div>{picture}<div class="p">{escape(told)}</div></div>'


def drawn(series: Series, top: float) -> str:
    """The line as SVG on the common scale; gaps stay gaps, a lone point is a dot, a provisional one hollow."""
    count = len(series.points)
    at = {
        place: (EDGE + place * (WIDE - 2 * EDGE) / max(count - 1, 1), TALL - EDGE - (point.y / top) * (TALL - 2 * EDGE))
        for place, point in enumerate(series.points)
        if point.y is not None
    }
    lines = [(at[place], at[place + 1]) for place in at if place + 1 in at]
    stroke = f'stroke="{ROLE["first"]}" stroke-width="2.5" vector-effect="non-scaling-stroke"'
    body = "".join(f'<line x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}" {stroke}/>' for a, b in lines)
    marked = {max(at)} if at else set()
    marked |= {place for place in at if place - 1 not in at and place + 1 not in at}
    body += "".join(_dot(*at[place], series.points[place]) for place in sorted(marked))
    rule = f'stroke="{LINE}" stroke-width="1" vector-effect="non-scaling-stroke"'
    scale = "".join(f'<line x1="0" x2="{WIDE:.0f}" y1="{y:.1f}" y2="{y:.1f}" {rule}/>' for y in (EDGE, TALL / 2, TALL - EDGE))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {TALL:.0f}" preserveAspectRatio="none">{scale}{body}</svg>'


def _dot(x: float, y: float, point: Point) -> str:
    fill = "#FFFFFF" if point.open else ROLE["first"]
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="3" ry="3.6" fill="{fill}" stroke="{ROLE["first"]}" stroke-width="1.5"/>'


def cohort(figure: Figure) -> None:
    """Goals down, years across: in every cell the way that was gone, its status as icon and word."""
    head = "".join(f'<th scope="col">{escape(column.name)}</th>' for column in figure.table.columns)
    cells = {(p.y_label, str(p.x)): (series, p) for series in figure.series for p in series.points}
    body = ""
    for row in figure.table.rows:
        told = "".join(_status(cells.get((str(row[0]), column.name))) for column in figure.table.columns[1:])
        body += f'<tr><th scope="row">{escape(str(row[0]))}</th>{told}</tr>'
    tables.drawn(head, body, figure.title, "cohort")


def _status(cell: tuple[Series, Point] | None) -> str:
    if cell is None:
        return "<td>–</td>"
    series, point = cell
    return f"<td>{markup.element('div', point.label)}{markup.pill(series.name, series.role, series.icon)}</td>"
