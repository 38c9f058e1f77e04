"""The national view's choices, numbers and figures: a country's institutions together, named to whoever may read their names."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.parts import data, markup, messages, people, rivals, selection
from pages.parts.selection import Visit
from pipelines import catalogue, figures, national
from pipelines.benchmark import Offer
from pipelines.catalogue import Indicator
from pipelines.codes.inhabitants import inhabitants
from pipelines.figures import Figure
from pipelines.figures import national as words
from pipelines.measure import Policy, Value
from pipelines.national import Nation
from pipelines.settings import settings


@dataclass(frozen=True)
class Choice:
    """What is looked at. ``own``: the institution that stands out, "" where this person may not see it named; ``named``: the others too."""

    offer: Offer
    country: str
    per_students: bool
    own: str
    named: bool

    @property
    def indicator(self) -> Indicator:
        return catalogue.indicators()[self.offer.indicator]


@data.kept
def offers(country: str) -> list[Offer]:
    """What at least two institutions of the country have."""
    return national.offers(data.version(), country)


@data.kept
def _houses(country: str) -> tuple[str, ...]:
    return national.houses(data.version(), country)


@data.kept
def _values(code: str, series: str, country: str) -> list[Value]:
    """Exact values of all periods: for pooling alone, no page shows them."""
    return national.members(data.version(), Offer(code, 0, 0, series, 0), country)


def choose(visit: Visit) -> Choice:
    """Indicator, period and measure; all of it in the address."""
    say, known = visit.say, offers(visit.institution.country)
    codes = list(dict.fromkeys(offer.indicator for offer in known))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        code = selection.choose(
            "what", say("Indicator"), codes, codes[0], lambda one: f"{one} · {say.pick(catalogue.indicators()[one].title)}", width=420
        )
        periods = {f"{one.year_from}-{one.year_to}.{one.series}": one for one in known if one.indicator == code}
        key = selection.choose("period", say("Period"), list(periods), next(iter(periods)), lambda one: _period(periods[one], visit))
        offer = periods[key]
        per = _per_students(visit, offer)
    own = visit.institution.id if people.may("names", visit.institution.id) else ""
    return Choice(offer, visit.institution.country, per, own, rivals.names_open(offer))


def _period(offer: Offer, visit: Visit) -> str:
    say = visit.say
    counted = say.many("{n} institution", "{n} institutions", offer.institutions)
    return f"{say.year(offer.year_from, offer.year_to)} · {counted}"


def _per_students(visit: Visit, offer: Offer) -> bool:
    """Whether values are of a thousand students; only counts of which some institution's students are known can be."""
    say, students = visit.say, rivals.students(offer.year_to)
    counts = national.pooling(catalogue.indicators()[offer.indicator]) == "sum"
    if not counts or not any(name in students for name in _houses(visit.institution.country)):
        return False
    words = {"total": say("In total"), "students": say("Per 1,000 students")}
    return selection.choose("per", say("Measured"), list(words), "total", words.__getitem__, look="segments") == "students"


@data.kept
def told(chosen: Choice) -> Nation:
    """The country in the chosen period."""
    return _nation(chosen, chosen.per_students)


def _nation(chosen: Choice, per_students: bool) -> Nation:
    offer, policy = chosen.offer, Policy(settings().small_numbers)
    values = national.of_period(_values(offer.indicator, offer.series, chosen.country), offer)
    per = rivals.students(offer.year_to) if per_students else None
    return national.nation(chosen.indicator, values, _houses(chosen.country), chosen.own, chosen.country, policy, per=per)


def facts(visit: Visit, chosen: Choice) -> None:
    """The country's number, per head where it is a count, the quantiles, and how many institutions have a value."""
    say, found, indicator = visit.say, told(chosen), chosen.indicator
    title, how = say.pick(indicator.title), national.pooling(indicator)
    numbers = []
    if how and not chosen.per_students:
        label = say("{title}: the country's total", title=title) if how == "sum" else say("{title}: the country as a whole", title=title)
        numbers.append((words.whole(found.whole, indicator, say), label))
        numbers += _per_inhabitants(visit, chosen)
    elif how:
        numbers.append((words.whole(found.whole, indicator, say, per_head=True), say("{title} per 1,000 students", title=title)))
    numbers += words.shares(found, indicator, say, per_head=chosen.per_students)
    numbers.append((f"{say.number(found.told)} / {say.number(found.asked)}", say("institutions with a value, of all of the country")))
    markup.facts(numbers)
    markup.paragraph(_method(visit, chosen))


def _per_inhabitants(visit: Visit, chosen: Choice) -> list[tuple[str, str]]:
    """A count of 100,000 inhabitants, where their number is known; it says of which year that is."""
    say, known = visit.say, inhabitants(chosen.country, chosen.offer.year_to)
    single = chosen.offer.year_from == chosen.offer.year_to
    made = national.per_inhabitants(told(chosen).whole, known.people) if known and single else None
    if known is None or made is None or national.pooling(chosen.indicator) != "sum":
        return []
    label = say("per 100,000 inhabitants (of {year})", year=str(known.year))
    return [(words.whole(made, chosen.indicator, say, per_head=True), label)]


def _method(visit: Visit, chosen: Choice) -> str:
    """How the country's number came about."""
    say, found = visit.say, told(chosen)
    made = say.many("of {n} institution", "of {n} institutions", found.pooled)
    how = national.pooling(chosen.indicator)
    if how is None:
        return say("Institutions cannot be added up here: what one counts, another may count too. There is no number of the country.")
    if how == "sum" and chosen.per_students:
        return say("The sum of the counts over the sum of the students, {made} that have both.", made=made)
    if how == "sum":
        return say("The sum of the counts {made}.", made=made)
    return say("The sum of the numerators over the sum of the denominators, {made}; never the mean of their rates.", made=made)


@data.kept
def spread(visit: Visit, chosen: Choice) -> Figure:
    """A dot an institution, with ranks in the table."""
    say, found, offer = visit.say, told(chosen), chosen.offer
    names = {one.institution: say("Institution {n}", n=at) for at, one in enumerate(found.among.standings, 1)}
    if chosen.named:
        names = {name: rivals.called(name, say) for name in names}
    elif chosen.own in names:
        names[chosen.own] = rivals.called(chosen.own, say)
    note = "" if chosen.named else say("Other institutions are not named: their numbers are places in this ranking alone")
    return figures.nation(
        chosen.indicator, found, names, say, when=say.year(offer.year_from, offer.year_to), who=country(visit, chosen),
        per_students=chosen.per_students, source=messages.source_line(visit, ()), note=note,
    )  # fmt: skip


@data.kept
def course(visit: Visit, chosen: Choice) -> Figure:
    """The country's number over the years."""
    values = _values(chosen.offer.indicator, chosen.offer.series, chosen.country)
    line = national.course(chosen.indicator, values, chosen.country, Policy(settings().small_numbers))
    return figures.trend(chosen.indicator, line, visit.say, who=country(visit, chosen), source=messages.source_line(visit, ()))


def country(visit: Visit, chosen: Choice) -> str:
    """The country's name."""
    return data.names("country", visit.say.code).get(chosen.country, chosen.country)
