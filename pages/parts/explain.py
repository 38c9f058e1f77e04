"""An indicator in words: where it stands, how it is defined, how far published and computed values lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.parts import cards, data, links, markup, pictures, selection, tables
from pages.parts.selection import Visit
from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.figures import defined
from pipelines.figures import values as words
from pipelines.figures.model import Column, Table
from pipelines.figures.time import definition as describe
from pipelines.figures.time import unit_words
from pipelines.measure import Value


def kicker(visit: Visit, indicator: Indicator) -> str:
    """Code, theme, unit and the names that frameworks give the indicator."""
    say = visit.say
    known = catalogue.frameworks()
    named = ((known[tag.framework].publisher if tag.framework in known else tag.framework, tag.code) for tag in indicator.frameworks)
    tags = ", ".join(f"{who} {code}".strip() for who, code in named)
    return " · ".join(
        filter(
            None,
            (indicator.code, defined.theme(indicator.theme, say), unit_words(indicator.unit, say), defined.better(indicator, say), tags),
        )
    )


def answer(visit: Visit, indicator: Indicator, values: Sequence[Value]) -> None:
    """The newest value in large letters, with its goal and status."""
    say, value = visit.say, data.latest(values, visit.year)
    if value is None:
        return
    judged = next((goal for goal in cards.goals(visit, visit.year) if goal.code == indicator.code), None)
    when = words.when(value, say)
    body = f"<strong>{escape(words.written(value, indicator, say))}</strong> {escape(when)}"
    if judged:
        body += f" · {escape(say('target {target}', target=judged.target_written))}"
        body += (
            f" · {escape(say('{share} of the way', share=say.percent(100 * judged.attainment)))}" if judged.attainment is not None else ""
        )
        body += f" &nbsp;{markup.pill(judged.status, judged.rule.tone, judged.rule.icon)}"
    st.html(f'<p class="m-verdict">{body}</p>')


def by(visit: Visit, indicator: Indicator) -> str:
    """The dimension by which the indicator is taken apart: of the address or chosen before, else its first."""
    for asked in (st.query_params.get("by"), st.session_state.get("by")):
        if asked in indicator.breakdowns:
            return asked
    return indicator.breakdowns[0]


def choose_by(visit: Visit, indicator: Indicator) -> str:
    """The choice of the dimension."""
    first = indicator.breakdowns[0]
    return selection.choose(
        "by", visit.say("Break down by"), indicator.breakdowns, first, lambda name: pictures.dimension(name, visit.say), look="pills"
    )


def definition(visit: Visit, indicator: Indicator) -> None:
    """The definition as its file has it; the formula and its example on demand."""
    markup.definitions(describe(indicator, visit.say)[1:])
    with st.expander(visit.say("The formula, as it is computed")):
        formula(visit, indicator)


def definition_plain(visit: Visit, indicator: Indicator) -> None:
    """The same without the fold, for the handbook."""
    markup.definitions(describe(indicator, visit.say)[1:])
    formula(visit, indicator)


def formula(visit: Visit, indicator: Indicator) -> None:
    """The expressions of the indicator's file, its inputs as links, its worked example."""
    say = visit.say
    markup.code("\n".join(f"{term}: {text}" for term, text in defined.formula(indicator, say)))
    for code, text in defined.inputs(indicator, say):
        links.indicator(visit, code, text)
    example(visit, indicator)


def example(visit: Visit, indicator: Indicator) -> None:
    """The worked example: it is the indicator's test too."""
    say = visit.say
    markup.paragraph(say("Worked example (it runs as a test):"))
    markup.code(indicator.example.rows.strip("\n"))
    markup.paragraph(defined.expected(indicator, say))


def gap(visit: Visit, indicator: Indicator) -> None:
    """Years in which the institution published another number than its rows give, and other series of the same number."""
    say = visit.say
    rows = [
        (words.when(v, say), v.value, v.other, v.gap)
        for v in data.headline(visit.institution.id, indicator.code)
        if v.other is not None and v.value is not None
    ]
    unit, decimals = indicator.unit, indicator.decimals
    if rows:
        st.header(say("Computed and published"), anchor=False)
        columns = (
            Column(say("Year")),
            Column(say("Computed from rows"), unit, decimals),
            Column(say("As published"), unit, decimals),
            Column(say("Difference"), unit if unit != "percent" else "points", max(decimals, 0)),
        )
        tables.show(Table(columns, tuple(rows)), say, say("The computed value is shown everywhere; the published one stays visible here."))
    others = data.other_series(visit.institution.id, indicator.code)
    if others:
        st.header(say("Other series of the same number"), anchor=False)
        prime = {v.year_from: v for v in data.headline(visit.institution.id, indicator.code)}
        lines = [
            (name, words.when(v, say), v.value, _value(prime.get(v.year_from)), _apart(v, prime.get(v.year_from)))
            for name, entries in others.items()
            for v in entries
        ]
        columns = (
            Column(say("Series")),
            Column(say("Year")),
            Column(say("Value"), unit, decimals),
            Column(say("Primary series"), unit, decimals),
            Column(say("Difference"), unit if unit != "percent" else "points", decimals),
        )
        tables.show(Table(columns, tuple(lines)), say)


def _value(value: Value | None) -> float | None:
    return value.value if value else None


def _apart(value: Value, prime: Value | None) -> float | None:
    return None if prime is None or prime.value is None or value.value is None else value.value - prime.value
