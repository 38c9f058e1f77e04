"""One indicator counted by several rules: each rule with its number of the year, so that nobody meets one number under two names."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.parts import data, links, markup, tables
from pages.parts.selection import Visit
from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.figures import values as written

SIDE = ("", ' class="n"', "", "")


def show(visit: Visit, indicator: Indicator, year: int | None) -> None:
    """The family of an indicator as a table under its own heading; nothing where it is counted in one way only."""
    family = catalogue.family(indicator.code)
    if not family:
        return
    say = visit.say
    st.header(say("How others count it"), anchor=False)
    markup.paragraph(say("The same thing by {n} rules. Never compare a number of one rule with a number of another.", n=len(family)))
    heads = (say("Rule"), say("Value"), say("What is counted"), say("Why it differs"))
    head = "".join(f'<th scope="col"{side}>{escape(word)}</th>' for word, side in zip(heads, SIDE, strict=True))
    body = "".join(_row(visit, one, indicator, year, heads) for one in family)
    tables.drawn(head, body, say("How others count it"), "told variants")


def label(visit: Visit, indicator: Indicator) -> str:
    """By which rule: the variant's label, else the base's title."""
    return visit.say.pick(indicator.variant or indicator.title)


def below(visit: Visit, indicator: Indicator) -> None:
    """The other rules as links, for the handbook, with why each gives another number."""
    for one in catalogue.family(indicator.code):
        if one.code != indicator.code:
            links.indicator(visit, one.code, f"{one.code} {label(visit, one)}")
            markup.paragraph(visit.say.pick(one.differs or one.definition))


def _row(visit: Visit, one: Indicator, here: Indicator, year: int | None, heads: tuple[str, ...]) -> str:
    say = visit.say
    value = data.latest(data.headline(visit.institution.id, one.code), year)
    name = f'<a href="{escape(links.to_indicator(visit, one.code))}">{escape(label(visit, one))}</a>'
    if one.code == here.code:
        name = f"<strong>{escape(label(visit, one))}</strong> {markup.pill(say('this page'), 'neutral')}"
    number = written.written(value, one, say) if value else "–"
    when = f'<div class="p">{escape(written.when(value, say))}</div>' if value else ""
    differs = say.pick(one.differs) if one.differs else say("The rule that this dashboard counts by.")
    cells = (f"{escape(number)}{when}", escape(catalogue.opening(say.pick(one.definition))), escape(differs))
    told = zip(cells, heads[1:], SIDE[1:], strict=True)
    rest = "".join(f'<td{side} data-label="{escape(head)}"><div>{cell}</div></td>' for cell, head, side in told)
    return f'<tr><th scope="row"><div>{name} <code>{one.code}</code></div></th>{rest}</tr>'
