"""An indicator in words: where it stands, how it is defined, how far published and computed values lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.parts import cards, data, links, markup, pictures, selection, tables
from pages.parts.selection import Visit
from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.figures import values as words
from pipelines.figures.model import Column, Table
from pipelines.figures.time import definition as describe
from pipelines.figures.time import unit_words
from pipelines.language import Language
from pipelines.measure import Value


def theme(letter: str, say: Language) -> str:
    """The name of a theme of the catalogue."""
    return {
        "A": say("Student mobility"),
        "B": say("Staff mobility"),
        "C": say("International students and staff"),
        "D": say("Countries and diversity"),
        "E": say("Agreements"),
        "F": say("Curriculum"),
        "G": say("Research and funds"),
        "H": say("Capacity and governance"),
    }.get(letter, letter)


def kicker(visit: Visit, indicator: Indicator) -> str:
    """Code, theme, unit and the names that frameworks give the indicator."""
    say = visit.say
    known = catalogue.frameworks()
    named = ((known[tag.framework].publisher if tag.framework in known else tag.framework, tag.code) for tag in indicator.frameworks)
    tags = ", ".join(f"{who} {code}".strip() for who, code in named)
    return " · ".join(
        filter(None, (indicator.code, theme(indicator.theme, say), unit_words(indicator.unit, say), better(indicator, say), tags))
    )


def better(indicator: Indicator, say: Language) -> str:
    """Which way is up."""
    if indicator.band:
        low, high = (say.number(edge, indicator.unit, 2 if edge % 1 else 0) for edge in indicator.band)
        return say("between {low} and {high} is good", low=low, high=high)
    return {"higher": say("more is better"), "lower": say("less is better"), "context": say("tells the setting, neither good nor bad")}[
        indicator.better
    ]


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
    say, said = visit.say, indicator.formula
    under = said.denominator
    below = (
        f"{under.value}" + (f"  ← {under.table}" if under.table else "") + (f"  [{under.where}]" if under.where else "") if under else None
    )
    parts = (
        (say("Rows of"), said.table),
        (say("Which rows"), said.where if said.where != "true" else None),
        (say("Value"), said.value),
        (say("Numerator"), said.numerator),
        (say("Divided by"), below),
        (say("Added up per"), said.per),
        (say("Weight"), said.weight),
        (say("Times"), f"{said.scale:g}" if said.scale != 1 else None),
    )
    markup.code("\n".join(f"{term}: {text}" for term, text in parts if text))
    for name, given in said.inputs.items():
        other = catalogue.indicators()[given.indicator]
        when = say("{n} years before", n=given.lag) if given.lag else say.year(given.year) if given.year else ""
        links.indicator(visit, other.code, f"{name} = {other.code} {say.pick(other.title)} {when}".strip())
    example(visit, indicator)


def example(visit: Visit, indicator: Indicator) -> None:
    """The worked example: it is the indicator's test too."""
    say = visit.say
    markup.paragraph(say("Worked example (it runs as a test):"))
    markup.code(indicator.example.rows.strip("\n"))
    expected = ", ".join(
        f"{say.year(year)}: {say.number(value, indicator.unit, indicator.decimals)}" for year, value in indicator.example.expected.items()
    )
    missing = ", ".join(say.year(year) for year in indicator.example.missing)
    markup.paragraph(" · ".join(filter(None, (expected, say("no value: {years}", years=missing) if missing else ""))))


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
