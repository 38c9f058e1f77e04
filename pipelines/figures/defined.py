"""Definitions in words that page, paper and HTML share: themes, which way is up, the formula, its example, the rules of computation."""

from __future__ import annotations

from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.language import Language


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


def better(indicator: Indicator, say: Language) -> str:
    """Which way is up."""
    if indicator.band:
        low, high = (say.number(edge, indicator.unit, 2 if edge % 1 else 0) for edge in indicator.band)
        return say("between {low} and {high} is good", low=low, high=high)
    return {"higher": say("more is better"), "lower": say("less is better"), "context": say("tells the setting, neither good nor bad")}[
        indicator.better
    ]


def formula(indicator: Indicator, say: Language) -> tuple[tuple[str, str], ...]:
    """The expressions of the indicator's file, each with what it does."""
    said = indicator.formula
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
    return tuple((term, text) for term, text in parts if text)


def inputs(indicator: Indicator, say: Language) -> tuple[tuple[str, str], ...]:
    """The indicators that a derived one is made of: code, and "a = A01 Outgoing students (1 years before)"."""
    found = []
    for name, given in indicator.formula.inputs.items():
        other = catalogue.indicators()[given.indicator]
        when = say("{n} years before", n=given.lag) if given.lag else say.year(given.year) if given.year else ""
        found.append((other.code, f"{name} = {other.code} {say.pick(other.title)} {when}".strip()))
    return tuple(found)


def expected(indicator: Indicator, say: Language) -> str:
    """What must come of the worked example: the value of each year, the years that must have none."""
    one = indicator.example
    told = ", ".join(f"{say.year(year)}: {say.number(value, indicator.unit, indicator.decimals)}" for year, value in one.expected.items())
    missing = ", ".join(say.year(year) for year in one.missing)
    return " · ".join(filter(None, (told, say("no value: {years}", years=missing) if missing else "")))


def rules(say: Language) -> tuple[tuple[str, str], ...]:
    """The rules that every figure obeys."""
    return (
        (say("Missing is not zero"), say("A figure that was not handed in stays empty; it is never counted as 0.")),
        (say("Participations, not persons"), say("Somebody who goes twice is counted twice, as the programmes count.")),
        (say("Domestic exchange"), say("Farabi and the like are shown apart and never added to international figures.")),
        (
            say("Computed and published"),
            say(
                "A figure computed from rows is shown; the one the institution published stands beside it, marked [s]. "
                "Where only the published one exists, it is shown with its mark."
            ),
        ),
        (say("About and more than"), say("≈ and > stand wherever such a figure is shown; no change is computed from it.")),
        (say("Provisional"), say("[p] stands beside every figure whose rows are provisional.")),
        (
            say("Small numbers"),
            say("One to four people are hidden, and one more part where the total would tell; percentages on fewer than 20 people too."),
        ),
        (say("Diversity"), say("Unknown and stateless are left out of the shares of countries; their number is kept beside.")),
    )
