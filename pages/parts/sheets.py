"""Pages on paper: a button makes the PDF when somebody asks for it. Rights are asked again at that moment, and each copy is logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from pages.parts import data, downloads, people, waiting
from pages.parts.selection import Visit
from pipelines.access.person import Person

Maker = Callable[[], bytes]
MIME = {"pdf": "application/pdf", "html": "text/html"}


def button(visit: Visit, label: str, name: str, make: Maker, kind: str = "pdf") -> None:
    """A download for whoever may export. ``name``: of the file, ASCII, without its ending."""
    if not people.may("export"):
        return
    taking = partial(taken, people.here(), name, kind, visit.institution.id, data.publication(), make)
    st.download_button(
        label, taking, f"{name}.{kind}", MIME[kind], key=f"take_{kind}_{name}", on_click="ignore", icon=":material/description:"
    )  # fmt: skip


def taken(who: Person | None, name: str, kind: str, institution: str, publication: int, make: Maker) -> bytes:
    """The file's bytes for whoever may have them now, written down before they are made. Raises P101."""
    downloads.noted(who, name, kind, institution, publication, [])
    return make()


def brief(visit: Visit) -> None:
    """The Overview as one page."""
    from pipelines.reports import brief as paper

    if not people.may("read", visit.institution.id):
        return  # it tells the actions of check-ins
    read = paper.Read(data.version(), visit.institution.id, visit.say, visit.year, waiting.store(), date.today())
    button(visit, visit.say("One page (PDF)"), f"brief_{visit.institution.id}_{visit.say.code}", partial(paper.pdf, read))


def handbook(visit: Visit) -> None:
    """Every definition as PDF and as one page of HTML."""
    from pipelines.reports import handbook as paper

    say = visit.say
    with st.container(horizontal=True, gap="small"):
        button(visit, say("All of it (PDF)"), f"handbook_{say.code}", partial(paper.pdf, say))
        button(visit, say("All of it (HTML)"), f"handbook_{say.code}", partial(paper.html, say), "html")


def about(visit: Visit, by: str, key: str) -> None:
    """One country (alpha-3) or one partner (its name) on one page. ``by``: country or partner."""
    from pipelines.reports import factsheet as paper

    if visit.year is None:
        return
    sheet = paper.Sheet(data.version(), visit.institution.id, visit.say, visit.year, by, key)
    button(visit, visit.say("Fact sheet (PDF)"), paper.name(sheet), partial(paper.pdf, sheet))
