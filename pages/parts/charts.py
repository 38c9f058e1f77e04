"""Figures on the screen. The only module that imports plotly, and only when a page has such a chart.

Every chart comes with title, subtitle, source, table twin, definition and downloads, from the same ``Figure``; what is drawn is said in
``drawing``.
"""

from __future__ import annotations

import streamlit as st

from pages.parts import downloads, drawing, markup, messages, panels, tables
from pages.parts.selection import Visit, choose
from pipelines.figures import Figure
from pipelines.language import Language

CONFIG = {"displayModeBar": False, "topojsonURL": "assets/shapes/", "responsive": True, "scrollZoom": False, "showTips": False}

HTML = {"multiples": panels.multiples, "cohort": panels.cohort}
"""Kinds that need no chart library."""


def show(figure: Figure, visit: Visit, *, key: str) -> None:
    """A figure with all that belongs to it. The view (chart, table, definition) stands in the address."""
    say = visit.say
    views = (
        ({} if figure.empty else {"chart": say("Chart")})
        | {"table": say("Table")}
        | ({"definition": say("Definition")} if figure.definition else {})
    )
    with st.container(border=True, key=f"figure_{key}", gap="small"):
        with st.container(gap="xxsmall"):
            markup.paragraph(figure.title, "m-title")
            markup.paragraph(figure.subtitle)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
            chosen = choose(f"view_{key}", say("View"), list(views), next(iter(views)), views.__getitem__, look="segments", hide_label=True)
            downloads.menu(figure, say, key)
        _body(figure, say, key, chosen)
        markup.paragraph(" · ".join(filter(None, (figure.note, figure.source))))


def show_or_say(figure: Figure, visit: Visit, *, key: str, filters: tuple[str, ...] = ()) -> None:
    """The figure, or which filter left nothing of it."""
    if figure.told:
        show(figure, visit, key=key)
    else:
        messages.no_rows(visit, filters)


def show_map(figure: Figure, visit: Visit, *, key: str) -> None:
    """A map, drawn apart from the page: its shapes need not travel when something else changes."""
    st.fragment(show_or_say)(figure, visit, key=key)


def _body(figure: Figure, say: Language, key: str, view: str) -> None:
    if view == "definition":
        markup.definitions(figure.definition)
    elif view == "table" or figure.empty:
        tables.show(figure.table, say, figure.subtitle)
    elif figure.kind == "heat":
        tables.heat(figure, say)
    elif figure.kind in HTML:
        HTML[figure.kind](figure)
    else:
        draw(figure, key)


def draw(figure: Figure, key: str) -> None:
    """The chart alone."""
    import plotly.graph_objects as go

    spec = drawing.plain(figure)
    chart = go.Figure(spec, _validate=False)
    st.plotly_chart(chart, key=f"plot_{key}", config=CONFIG, alt=figure.alt or figure.title, height=spec["layout"]["height"], theme=None)
