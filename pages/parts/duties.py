"""The board of what is due: per dataset, from whom, by when, and how far it is."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages.parts import data, handing, links, markup, people, selection, tables, waiting
from pages.parts.selection import Visit
from pipelines.desk import governance
from pipelines.desk import handing as desk
from pipelines.desk.governance import Duty
from pipelines.figures import Column
from pipelines.language import Language
from pipelines.sources import sources

YEARS = 4
"""Years that the board goes back."""
SIGN = {"published": "✔", "approval": "◔", "draft": "✎", "late": "✖", "due": "○"}


def board(visit: Visit) -> None:
    """What the institution on the page owes for a year: at first the newest one that has ended."""
    say = visit.say
    if visit.year is None:
        markup.paragraph(say("Nothing is on air yet for this institution: begin with any dataset."), "m-verdict")
    newest = governance.running(date.today()) - 1
    years = [str(newest - back) for back in range(YEARS)]
    year = int(selection.choose("due", say("Due for"), years, years[0], lambda one: say.year(int(one)), look="segments"))
    mine = desk.mine(people.here(), waiting.store())
    duties = governance.due(waiting.store(), data.version(), visit.institution.id, year, date.today(), mine)
    markup.stressed(*_sentence(duties, year, say))
    columns = (Column(say("Dataset")), Column(say("State")), Column(say("Handed in by")), Column(say("Until")), Column(say("File")))
    rows = [
        (
            say.pick(sources()[one.source].title),
            f"{SIGN[one.state]} {_state(one.state, say)}",
            handing.steward(one.source, say),
            say.date(one.deadline.isoformat()),
            (one.file or say.number(None), *_told(one, say)),
        )
        for one in duties
    ]
    tables.told(columns, rows, say("What is due"), "due")
    _ways(visit, duties, year)


def _ways(visit: Visit, duties: list[Duty], year: int) -> None:
    """To what is missing, for whoever may hand it in: dataset and year are chosen then."""
    say, mine = visit.say, visit.institution.id
    missing = [one.source for one in duties if one.state in ("late", "due") and people.may("upload", mine, one.source)]
    if missing:
        with st.container(horizontal=True, gap="small"):
            for source in missing:
                label = say("Hand in: {what}", what=say.pick(sources()[source].title))
                links.page(visit, "staff/upload.py", label, dataset=source, **{"for": str(year), "due": str(year)})


def _sentence(duties: list[Duty], year: int, say: Language) -> tuple[str, str]:
    """How much is there, and what is late."""
    there = sum(one.state == "published" for one in duties)
    late = [say.pick(sources()[one.source].title) for one in duties if one.state == "late"]
    first = say("{year}: {there} of {all} datasets are on air.", year=say.year(year), there=say.number(there), all=say.number(len(duties)))
    return first, say("Late: {names}.", names=", ".join(late)) if late else say("Nothing is late.")


def _state(name: str, say: Language) -> str:
    words = {"published": say("on air"), "approval": say("waiting for approval"), "draft": say("in work")}
    return (words | {"late": say("late"), "due": say("open")})[name]


def _told(one: Duty, say: Language) -> tuple[str, ...]:
    """Who handed it in and when; provisional figures are marked."""
    if one.state != "published":
        return (one.by,) if one.by else ()
    return (f"{one.by}, {say.moment(one.at)}", say("[p] provisional") if one.provisional else say("final"))
