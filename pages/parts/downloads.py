"""The download menu of a figure: PNG, SVG, CSV, XLSX. Files are made when somebody asks for them, from the figure on the screen.

Whoever may not download sees no menu; and the making asks once more, as a button can be pressed by a forged message. Each download is a
line of the log: which number left the house with whom.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.parts import data, people
from pipelines import log
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.figures import Figure
from pipelines.language import Language
from pipelines.settings import settings
from pipelines.store import Store

MIME = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def menu(figure: Figure, say: Language, key: str) -> None:
    """A small button that opens the formats. A figure of table kind only has no picture."""
    who = people.here()
    if not people.may("export"):
        return
    kinds = ("png", "svg", "csv", "xlsx") if not figure.empty else ("csv", "xlsx")
    words = {"png": say("Picture (PNG)"), "svg": say("Drawing (SVG)"), "csv": say("Table (CSV)"), "xlsx": say("Workbook (XLSX)")}
    institution, publication = st.session_state["visit"].institution.id, data.publication()
    with st.popover(say("Download"), icon=":material/download:", key=f"downloads_{key}", width="content"):
        for kind in kinds:
            st.download_button(
                words[kind],
                partial(taken, who, figure, kind, institution, publication),
                f"{figure.name}_{figure.language}.{kind}",
                MIME[kind],
                key=f"download_{key}_{kind}",
                on_click="ignore",
                width="stretch",
            )


def taken(who: Person | None, figure: Figure, kind: str, institution: str, publication: int) -> bytes:
    """The file's bytes for whoever may have them, written down: figure, format, whose numbers, of which publication."""
    code = figure.name.partition("_")[0]
    noted(who, figure.name, kind, institution, publication, [code] if code[:1].isupper() else [])
    return make(figure, kind)


def noted(who: Person | None, what: str, kind: str, institution: str, publication: int, codes: list[str]) -> None:
    """Writes down what leaves the house, with whom. Raises P101 for whoever may not have it now."""
    who = people.again(who)
    require(who, "export")
    assert who is not None
    told = {"what": what, "format": kind, "institution": institution, "publication": publication}
    log.append(Store(settings().store), "exported", who.id, **told, indicators=codes)


def make(figure: Figure, kind: str) -> bytes:
    """The file's bytes."""
    from pipelines.reports import downloads, paper

    return {"png": paper.png, "svg": paper.svg, "csv": downloads.to_csv, "xlsx": downloads.to_xlsx}[kind](figure)
