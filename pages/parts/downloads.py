"""The download menu of a figure: PNG, SVG, CSV, XLSX. Files are made when somebody asks for them, from the figure on the screen."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pipelines.figures import Figure
from pipelines.language import Language

MIME = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def menu(figure: Figure, say: Language, key: str) -> None:
    """A small button that opens the formats. A figure of table kind only has no picture."""
    kinds = ("png", "svg", "csv", "xlsx") if not figure.empty else ("csv", "xlsx")
    words = {"png": say("Picture (PNG)"), "svg": say("Drawing (SVG)"), "csv": say("Table (CSV)"), "xlsx": say("Workbook (XLSX)")}
    with st.popover(say("Download"), icon=":material/download:", key=f"downloads_{key}", width="content"):
        for kind in kinds:
            st.download_button(
                words[kind],
                partial(make, figure, kind),
                f"{figure.name}_{figure.language}.{kind}",
                MIME[kind],
                key=f"download_{key}_{kind}",
                on_click="ignore",
                width="stretch",
            )


def make(figure: Figure, kind: str) -> bytes:
    """The file's bytes."""
    from pipelines.reports import downloads, paper

    return {"png": paper.png, "svg": paper.svg, "csv": downloads.to_csv, "xlsx": downloads.to_xlsx}[kind](figure)
