"""The Agreements page's sentences, figures and tables."""

from __future__ import annotations

from collections.abc import Callable

from pages.parts import data, markup, messages, pictures, register
from pages.parts.register import STATES
from pages.parts.selection import Visit
from pipelines import catalogue, figures
from pipelines.figures import Figure
from pipelines.figures import values as written

FACTS = ("E02", "E13", "D01", "E04", "E06", "E05", "E07", "E08", "E09", "E10", "E11", "E12", "E16", "E17", "E18", "E20", "E24", "E01")
AHEAD = 8
"""Half-years shown ahead."""

__all__ = [
    "STATES",
    "approved",
    "countries",
    "ending",
    "facts",
    "judged_on",
    "kinds",
    "known",
    "reciprocity",
    "sentence",
    "state",
    "units",
]


def known(visit: Visit) -> bool:
    """Whether a register of agreements was handed in for the chosen year."""
    return visit.year is not None and bool(register.agreements(visit.institution.id, visit.year))


def state(visit: Visit) -> Callable[[str], str]:
    """State → its words, with how many agreements are in it."""
    say, rows = visit.say, register.agreements(visit.institution.id, visit.year or 0)
    words = {
        "active": say("active"),
        "expiring_180": say("ends within 180 days, not renewed"),
        "expiring_365": say("ends within 365 days, not renewed"),
        "dormant": say("dormant: no mobility in three years"),
        "lapsed": say("ended this year, not renewed"),
        "domestic": say("inside the country, apart"),
        "all": say("all"),
    }
    return lambda name: f"{words[name]} ({say.number(len(register.narrowed(rows, name)))})"


def sentence(visit: Visit) -> str:
    say, rows = visit.say, register.agreements(visit.institution.id, visit.year or 0)
    count = {name: len(register.narrowed(rows, name)) for name in STATES}
    return " · ".join(
        (
            say.many("{n} active agreement", "{n} active agreements", count["active"]),
            say.many("{n} ends within a year and is not renewed", "{n} end within a year and are not renewed", count["expiring_365"]),
            say.many("{n} has had no mobility in three years", "{n} have had no mobility in three years", count["dormant"]),
        )
    )


def judged_on(visit: Visit) -> str:
    """The day on which agreements are judged: the last of the academic year, or the day of the data in the running year."""
    rows = register.agreements(visit.institution.id, visit.year or 0)
    return visit.say("State of the register on {date}", date=visit.say.date(rows[0]["reference"])) if rows else ""


def facts(visit: Visit) -> None:
    """The indicators of agreements side by side."""
    _facts(visit, FACTS)


def _facts(visit: Visit, codes: tuple[str, ...]) -> None:
    pairs = []
    for indicator in data.indicators_of(codes):
        value = data.latest(data.headline(visit.institution.id, indicator.code), visit.year)
        if value is not None and (value.value is not None or value.hidden):
            pairs.append((written.written(value, indicator, visit.say), visit.say.pick(indicator.title)))
    if pairs:
        markup.facts(pairs)


@data.kept
def ending(visit: Visit) -> Figure:
    """Active agreements by the half-year in which they end."""
    say, rows = visit.say, register.ending(visit.institution.id, visit.year or 0)
    near, later = rows[:AHEAD], sum(row["agreements"] for row in rows[AHEAD:])
    halves = {0: say("January–June"), 1: say("July–December")}
    bars = [(f"{row['year']} {'II' if row['half'] else 'I'}", row["agreements"], say.number(row["agreements"])) for row in near]
    bars += [(say("later"), later, say.number(later))] if later else []
    open_ended = sum(
        1 for row in register.narrowed(register.agreements(visit.institution.id, visit.year or 0), "active") if row["ends"] is None
    )
    most = max(near, key=lambda row: row["agreements"], default=None)
    title = say("No active agreement has an end")
    if most:
        when = f"{halves[most['half']]} {most['year']}"
        title = say("{n} agreements end in {when}, the most in any half-year ahead", n=say.number(most["agreements"]), when=when)
    note = say.many("{n} open-ended agreement is not shown", "{n} open-ended agreements are not shown", open_ended) if open_ended else ""
    subtitle = (
        f"{visit.institution.label(say)} · {say('active agreements by the half-year in which they end')} (I: {halves[0]}, II: {halves[1]})"
    )
    return figures.columns_of(
        title,
        subtitle,
        bars,
        say,
        unit="agreements",
        head=(say("Ends"), say("agreements")),
        source=_source(visit),
        note=note,
        name="agreements_ending",
        muted=frozenset({say("later")}),
    )


@data.kept
def countries(visit: Visit) -> Figure:
    return pictures.breakdown(visit, catalogue.indicators()["E02"], "country", visit.year)


@data.kept
def kinds(visit: Visit) -> Figure:
    return pictures.breakdown(visit, catalogue.indicators()["E02"], "kind", visit.year)


@data.kept
def units(visit: Visit) -> Figure:
    """Which units the agreements reach."""
    return pictures.breakdown(visit, catalogue.indicators()["E02"], "unit", visit.year)


def reciprocity(visit: Visit) -> Figure:
    """How many partners are near balance, over the years."""
    return pictures.trend(visit, catalogue.indicators()["E17"])


def approved(visit: Visit) -> Figure:
    """The share of Erasmus agreements that both sides approved in EWP, over the years."""
    return pictures.trend(visit, catalogue.indicators()["E18"])


def _source(visit: Visit) -> str:
    return messages.source_line(visit, data.files_behind(visit.institution.id, "E02"))
