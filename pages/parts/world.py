"""The Countries page's choices and figures, and the way to the page of one country."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.parts import country, data, links, markup, messages, pictures
from pages.parts.selection import Visit
from pipelines import catalogue, figures
from pipelines.figures import Figure
from pipelines.figures import values as written
from pipelines.measure import Value

MEASURES = ("outgoing", "incoming", "students", "agreements")
INDICATOR = {"outgoing": "A01", "incoming": "A02", "students": "C01", "agreements": "E02"}
POPULATIONS = {"outgoing": "outgoing", "incoming": "incoming", "students": "students", "agreements": "agreements"}
VIEWS = ("ranking", "map", "regions", "panels", "change", "inequality", "balance")
SPREAD = ("D02", "D05", "D08", "D10", "D03", "D12")
NONE = ""


def measure(visit: Visit) -> Callable[[str], str]:
    say = visit.say
    return {
        "outgoing": say("Outgoing students"),
        "incoming": say("Incoming students"),
        "students": say("International students"),
        "agreements": say("Active agreements"),
    }.__getitem__


def first(visit: Visit) -> str:
    """What is counted at first: the first that this institution knows countries of."""
    return next((what for what in MEASURES if _parts(visit, what)), MEASURES[0])


def view(visit: Visit) -> Callable[[str], str]:
    say = visit.say
    return {
        "ranking": say("Ranking"), "map": say("Map"), "regions": say("Regions"), "panels": say("Regions, each"), "change": say("Change"),
        "inequality": say("Inequality"), "balance": say("Out and in"),
    }.__getitem__  # fmt: skip


def to_country(visit: Visit) -> None:
    """Leads to the page of a chosen country; an address of earlier days (?country=DEU) leads there too."""
    say, names = visit.say, data.names("country", visit.say.code)
    codes = country.known(visit)
    asked = st.query_params.get("country", NONE)
    label = say("Page of a country")
    picked = st.selectbox(
        label, [NONE, *codes], key="to_country", format_func=lambda code: names.get(code, code) if code else "–", width=260
    )
    if chosen := picked or (asked if asked in codes else NONE):
        links.go(visit, "explore/country.py", country=chosen)


def _parts(visit: Visit, what: str) -> list[Value]:
    found = data.parts(visit.institution.id, INDICATOR[what], year_of(visit, INDICATOR[what]), "country")
    return [v for v in found if v.value is not None or v.hidden]


def year_of(visit: Visit, code: str) -> int | None:
    """The chosen year where the indicator has a value, else its newest."""
    return pictures.values(visit, catalogue.indicators()[code])[1]


@data.kept
def ranking(visit: Visit, what: str) -> Figure:
    """Countries, the largest first."""
    indicator = catalogue.indicators()[INDICATOR[what]]
    return pictures.breakdown(visit, indicator, "country", year_of(visit, indicator.code))


@data.kept
def map_of(visit: Visit, what: str) -> Figure:
    """The same on a map."""
    indicator = catalogue.indicators()[INDICATOR[what]]
    by_country = {v.key: v for v in _parts(visit, what) if v.key}
    return figures.world(ranking(visit, what), by_country, data.names("country", visit.say.code), indicator, visit.say)


@data.kept
def balance(visit: Visit) -> Figure:
    """Out and in per country, side by side."""
    say = visit.say
    sides = [
        (catalogue.indicators()[INDICATOR[what]], {v.key: v for v in _parts(visit, what) if v.key}) for what in ("outgoing", "incoming")
    ]
    source = messages.source_line(visit, data.files_behind(visit.institution.id, "A01"))
    return figures.balance(
        sides[0], sides[1], data.names("country", say.code), say, who=visit.institution.label(say), source=source, by=say("Country")
    )


def diversity(visit: Visit, what: str) -> None:
    """How many countries, how concentrated: the measures of the catalogue for the chosen population."""
    say, facts = visit.say, []
    for indicator in data.indicators_of(SPREAD):
        by = "population" if indicator.formula.populations else None
        found = data.parts(visit.institution.id, indicator.code, year_of(visit, INDICATOR[what]), by)
        value = next((v for v in found if not by or v.key == POPULATIONS[what]), None)
        if value is not None and (by or what in ("outgoing", "incoming")) and (value.value is not None or value.hidden):
            facts.append((written.written(value, indicator, say), say.pick(indicator.title)))
    if facts:
        markup.facts(facts)
