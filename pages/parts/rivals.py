"""The Benchmark page: what is compared, with whom, and how; all of it in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.parts import data, markup, messages, people, selection
from pages.parts.selection import Visit
from pipelines import benchmark, catalogue, figures
from pipelines.benchmark import Benchmark, By, Offer
from pipelines.figures import Figure
from pipelines.language import Language
from pipelines.measure import Value

FACTORS = ("1.5", "2", "3")
WAYS: tuple[By, ...] = ("country", "size", "students", "hand", "all")
SIZE = "A01"
"""An institution is as large as its outgoing total."""


@dataclass(frozen=True)
class Choice:
    """What is compared with whom. ``words``: the peers in words; ``named``: whether they are named to this person."""

    offer: Offer
    peers: tuple[str, ...]
    per_capita: bool
    words: str
    named: bool


@data.kept
def offers(institution: str) -> list[Offer]:
    """What the institution can be compared in."""
    return benchmark.offers(data.version(), institution)


@data.kept
def members(offer: Offer) -> dict[str, Value]:
    return benchmark.members(data.version(), offer, audience="public")


@data.kept
def students(year: int) -> dict[str, float]:
    return benchmark.students(data.version(), year)


@data.kept
def listed() -> dict[str, dict[str, str]]:
    """Institution → its names and country."""
    rows = data.version().rows("select institution, name_en, name_tr, country from board.institutions")
    return {row["institution"]: row for row in rows}


def names_open(offer: Offer) -> bool:
    """Whether whoever is here may read the others' names: the licence of the list and the setting let them, and so does a grant."""
    return named(offer) and people.may("names", "*")


@data.kept
def named(offer: Offer) -> bool:
    """Whether the list may be shown with names."""
    return benchmark.named(data.version(), offer)


def choose(visit: Visit) -> Choice:
    """The choices of the page, from left to right: what, of whom, as what."""
    say, known = visit.say, {offer.key: offer for offer in offers(visit.institution.id)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = selection.choose(
            "what", say("What is compared"), list(known), next(iter(known)), lambda key: _label(known[key], visit), width=420
        )
        offer = known[key]
        open_names = names_open(offer)
        ways = [way for way in WAYS if way != "hand" or open_names]
        by = selection.choose("peers", say("Peers"), ways, "country", _ways(visit).__getitem__, look="segments")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        peers, words = _peers(visit, offer, by)
        per_capita = _per_capita(visit, offer)
    return Choice(offer, tuple(peers), per_capita, words, open_names)


def _label(offer: Offer, visit: Visit) -> str:
    say = visit.say
    period = say.year(offer.year_from, offer.year_to)
    counted = say.many("{n} institution", "{n} institutions", offer.institutions)
    return f"{say.pick(catalogue.indicators()[offer.indicator].title)}, {period} · {counted}"


def _ways(visit: Visit) -> Mapping[str, str]:
    say = visit.say
    return {
        "country": say("By country"), "size": say("Of similar size"), "students": say("With as many students"), "hand": say("By hand"),
        "all": say("All"),
    }  # fmt: skip


def _peers(visit: Visit, offer: Offer, by: str) -> tuple[list[str], str]:
    """The peers and who they are in words; the choices that belong to the way they are chosen."""
    say, own, values = visit.say, visit.institution.id, members(offer)
    country = {name: listed().get(name, {}).get("country") for name in values} | {own: visit.institution.country}
    names = data.names("country", say.code)
    amounts = {name: value.value or 0.0 for name, value in values.items()}
    if by == "country":
        present = sorted({code for code in country.values() if code}, key=lambda code: names.get(code, code))
        picked = _countries(visit, present, names)
        found = benchmark.chosen(own, amounts, "country", country=country, countries=picked)
        return found, say("peers in {countries}", countries=", ".join(names.get(code, code) for code in picked))
    if by in ("size", "students"):
        factor = selection.choose(
            "factor", say("At most so many times larger or smaller"), FACTORS, "2", lambda f: f"{say.of(float(f))} ×", look="pills"
        )
        size = students(offer.year_to) if by == "students" else _sizes(offer)
        found = benchmark.chosen(own, amounts, "size", size=size, factor=float(factor))
        word = say("students") if by == "students" else say("outgoing students in the same list")
        return found, say("peers by {what}, between 1/{factor} and {factor} times our own", what=word, factor=say.of(float(factor)))
    if by == "hand":
        others = sorted((name for name in values if name != own), key=lambda name: called(name, say))
        picked = selection.several("chosen", say("Institutions"), others, lambda name: called(name, say), say("none yet"))
        return list(picked), say("peers chosen by hand")
    return benchmark.chosen(own, amounts, "all"), say("all institutions of the list")


def _countries(visit: Visit, present: list[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """The countries of the peers; our own where none is chosen."""
    own = visit.institution.country
    picked = selection.several("with", visit.say("Country"), present, lambda code: names.get(code, code), names.get(own, own))
    return picked or (own,)


def _sizes(offer: Offer) -> dict[str, float]:
    """Outgoing totals of the same list and period, whatever is compared."""
    same = Offer(SIZE, offer.year_from, offer.year_to, offer.series, 0)
    return {name: value.value for name, value in members(same).items() if value.value is not None}


def _per_capita(visit: Visit, offer: Offer) -> bool:
    """Whether values are divided by students; where that cannot be, why."""
    say = visit.say
    if catalogue.indicators()[offer.indicator].unit != "people":
        return False
    known, year = students(offer.year_to), say.year(offer.year_to)
    if not known.get(visit.institution.id):
        markup.paragraph(say("Per student cannot be told: our own number of students in {year} was not handed in.", year=year))
        return False
    if not any(name in known for name in members(offer) if name != visit.institution.id):
        markup.paragraph(say("Per student cannot be told: no peer's number of students in {year} was handed in.", year=year))
        return False
    words = {"total": say("In total"), "students": say("Per 1,000 students")}
    return selection.choose("per", say("Measured"), list(words), "total", words.__getitem__, look="segments") == "students"


def called(institution: str, say: Language) -> str:
    """An institution's name."""
    row = listed().get(institution, {})
    return row.get(f"name_{say.code}") or row.get("name_en") or institution


@data.kept
def compared(visit: Visit, chosen: Choice) -> Benchmark:
    """Rank and quartiles."""
    per = students(chosen.offer.year_to) if chosen.per_capita else None
    return benchmark.compare(visit.institution.id, members(chosen.offer), chosen.peers, per)


@data.kept
def figure(visit: Visit, chosen: Choice) -> Figure:
    """The own dot among its peers."""
    say, told = visit.say, compared(visit, chosen)
    open_names, order = chosen.named, [one.institution for one in told.standings if one.institution != told.own]
    names = {name: called(name, visit.say) if open_names else say("Peer {n}", n=at) for at, name in enumerate(order, 1)}
    countries = data.names("country", say.code)
    where = {name: countries.get(listed().get(name, {}).get("country") or "", "") for name in (*order, told.own)}
    year = say.year(chosen.offer.year_to)
    notes = [
        "" if open_names else say("Peers are not named: the licence of the list or the settings do not allow it"),
        say("students of {year}", year=year) if chosen.per_capita else "",
        say("the peers are made up, as the sample is") if visit.institution.sample else "",
    ]
    return figures.peers(
        catalogue.indicators()[chosen.offer.indicator], told, names | {told.own: visit.institution.label(say)},
        where if open_names else {}, say,
        when=say.year(chosen.offer.year_from, chosen.offer.year_to), chosen=chosen.words, per_capita=chosen.per_capita,
        source=messages.source_line(visit, _files(chosen.offer.series)), note=" · ".join(filter(None, notes)),
    )  # fmt: skip


def _files(series: str) -> list[str]:
    return list(dict.fromkeys(row["name"] for row in data.files() if row["series"] == series))
