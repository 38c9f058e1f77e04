"""The board of what is due: per dataset, from whom, by when, and how far it is."""

from __future__ import annotations

from datetime import date

from pages.parts import data, handing, markup, tables, waiting
from pages.parts.selection import Visit
from pipelines.desk import governance
from pipelines.desk.governance import Duty
from pipelines.figures import Column
from pipelines.language import Language
from pipelines.sources import sources

SIGN = {"published": "✔", "approval": "⏳", "draft": "✎", "late": "✖", "due": "○"}


def board(visit: Visit) -> None:
    """What the institution on the page owes for the year on the page."""
    say = visit.say
    if visit.year is None:
        markup.paragraph(say("Nothing is on air yet for this institution: begin with any dataset."), "m-verdict")
        return
    duties = governance.due(waiting.store(), data.version(), visit.institution.id, visit.year, date.today())
    markup.stressed(*_sentence(duties, visit))
    columns = (Column(say("State")), Column(say("Dataset")), Column(say("Handed in by")), Column(say("Until")), Column(say("File")))
    rows = [
        (
            f"{SIGN[one.state]} {_state(one.state, say)}",
            say.pick(sources()[one.source].title),
            handing.steward(one.source, say),
            say.date(one.deadline.isoformat()),
            (one.file or say.number(None), *_told(one, say)),
        )
        for one in duties
    ]
    tables.told(columns, rows, say("What is due"), "due")


def _sentence(duties: list[Duty], visit: Visit) -> tuple[str, str]:
    """How much is there, and what is late."""
    say = visit.say
    there = sum(one.state == "published" for one in duties)
    late = [say.pick(sources()[one.source].title) for one in duties if one.state == "late"]
    first = say(
        "{year}: {there} of {all} datasets are on air.", year=say.year(visit.year), there=say.number(there), all=say.number(len(duties))
    )
    return first, say("Late: {names}.", names=", ".join(late)) if late else say("Nothing is late.")


def _state(name: str, say: Language) -> str:
    words = {"published": say("on air"), "approval": say("waiting for approval"), "draft": say("in work")}
    return (words | {"late": say("late"), "due": say("open")})[name]


def _told(one: Duty, say: Language) -> tuple[str, ...]:
    """Who handed it in and when; provisional figures are marked."""
    if one.state != "published":
        return (one.by,) if one.by else ()
    return (f"{one.by}, {say.moment(one.at)}", say("[p] provisional") if one.provisional else say("final"))
