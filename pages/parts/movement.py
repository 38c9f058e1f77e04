"""The Mobility page's choices and figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.parts import data, messages, pictures, register, selection
from pages.parts.selection import Visit
from pipelines import catalogue, figures, measure
from pipelines.catalogue import Indicator
from pipelines.figures import Figure
from pipelines.figures import values as written
from pipelines.measure import Value

PAIRS = {"students": ("A01", "A02"), "staff": ("B04", "B03")}
"""Who is looked at → the indicator of those who go and of those who come."""
DIMENSIONS = ("activity", "level", "gender", "field", "country", "mode")
UNITS, LEVELS = 12, 5


@dataclass(frozen=True)
class Choice:
    """What the page shows: who, in which direction, under which filter."""

    who: str
    direction: str
    where: data.Where
    words: tuple[str, ...]

    @property
    def indicator(self) -> Indicator:
        return catalogue.indicators()[PAIRS[self.who][0 if self.direction == "out" else 1]]


def known(visit: Visit) -> bool:
    """Whether rows of mobility were handed in at all."""
    return bool(register.words(visit.institution.id, "programme") or register.words(visit.institution.id, "country"))


def choose(visit: Visit) -> Choice:
    """The row of filters; all of them stand in the address."""
    say, here = visit.say, visit.institution.id
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        who = selection.choose(
            "who", say("Who"), list(PAIRS), "students", {"students": say("Students"), "staff": say("Staff")}.__getitem__, look="segments"
        )
        direction = selection.choose(
            "direction",
            say("Direction"),
            ("out", "in"),
            "out",
            {"out": say("Outgoing"), "in": say("Incoming")}.__getitem__,
            look="segments",
        )
    programmes, levels, countries = (data.names(word, say.code) for word in ("programme", "level", "country"))
    with st.expander(say("Filter")), st.container(horizontal=True, gap="small"):
        picked = {
            "programme": selection.several(
                "programme", say("Programme"), register.words(here, "programme"), lambda code: programmes.get(code, code)
            ),
            "unit": selection.several("unit", say("Unit"), register.words(here, "unit"), str),
            "country": selection.several(
                "country", say("Country"), register.words(here, "country"), lambda code: countries.get(code, code)
            ),
            "level": selection.several("level", say("Level"), register.words(here, "level"), lambda code: levels.get(code, code)),
        }
    where = tuple((name, words) for name, words in picked.items() if words)
    labels = {"programme": programmes, "level": levels, "country": countries}
    said = tuple(labels.get(name, {}).get(word, word) for name, words in where for word in words)
    return Choice(who, direction, where, said)


def sentence(visit: Visit, chosen: Choice) -> str:
    """Both flows of the year in one sentence."""
    say = visit.say
    numbers = []
    for code in PAIRS[chosen.who]:
        indicator = catalogue.indicators()[code]
        value = data.latest(data.parts(visit.institution.id, code, None, None, chosen.where), visit.year)
        numbers.append(f"{say.pick(indicator.title)}: {written.written(value, indicator, say)}{_elsewhen(value, visit)}")
    return f"{say.year(visit.year)} — {'; '.join(numbers)}." if visit.year else "; ".join(numbers)


def _elsewhen(value: Value | None, visit: Visit) -> str:
    """The period of a figure that is not of the chosen year."""
    same = value is None or (written.yearly(value) and value.year_from == visit.year)
    return "" if value is None or same else f" ({written.when(value, visit.say)})"


def source(visit: Visit, code: str, chosen: Choice) -> str:
    """The line below a figure: filter, files, publication."""
    said = visit.say("Filter: {words}", words=", ".join(chosen.words)) if chosen.words else ""
    return " · ".join(filter(None, (said, messages.source_line(visit, data.files_behind(visit.institution.id, code)))))


@data.kept
def flows(visit: Visit, chosen: Choice) -> Figure:
    """Those who went and those who came, over the years."""
    pairs = [
        (catalogue.indicators()[code], _known(data.parts(visit.institution.id, code, None, None, chosen.where)))
        for code in PAIRS[chosen.who]
    ]
    return figures.flows(
        pairs[0], pairs[1], visit.say, who=visit.institution.label(visit.say), source=source(visit, pairs[0][0].code, chosen)
    )


def _known(values: list[Value]) -> list[Value]:
    return [v for v in values if (v.value is not None or v.hidden) and v.year_from is not None and v.year_from == v.year_to]


@data.kept
def mix(visit: Visit, chosen: Choice) -> Figure:
    """Shares of the programmes over the years."""
    say = visit.say
    by_year, note = pictures.yearly(data.parts(visit.institution.id, chosen.indicator.code, None, "programme", chosen.where), say)
    title = f"{say.pick(chosen.indicator.title)}, {say('programme')}"
    return figures.shares(
        title,
        by_year,
        data.names("programme", say.code),
        say,
        who=visit.institution.label(say),
        source=source(visit, chosen.indicator.code, chosen),
        note=note,
        name=f"{chosen.indicator.code}_programmes",
    )


@data.kept
def units(visit: Visit, chosen: Choice) -> Figure:
    """Units down, levels across, in the chosen year."""
    say, here, code = visit.say, visit.institution.id, chosen.indicator.code
    labels = data.names("level", say.code)
    levels = [level for level in ("short_cycle", "bachelor", "master", "doctorate") if level in register.words(here, "level")][:LEVELS]
    whole = {v.key: v for v in data.parts(here, code, visit.year, "unit", chosen.where) if v.key}
    ranked = sorted(whole, key=lambda unit: (-(whole[unit].value or 0), unit))[:UNITS]
    cells: dict[tuple[str, str], Value] = {(unit, ""): whole[unit] for unit in ranked}
    for level in levels:
        if dict(chosen.where).get("level", (level,)).count(level):
            where = (*(pair for pair in chosen.where if pair[0] != "level"), ("level", (level,)))
            cells |= {(v.key, level): v for v in data.parts(here, code, visit.year, "unit", where)}
    across = {level: labels.get(level, level) for level in levels if any(key[1] == level for key in cells)} | {"": say("All")}
    return figures.heat(
        catalogue.indicators()[code],
        measure.crossed(cells),
        {unit: unit for unit in ranked},
        across,
        say,
        corner=say("Unit"),
        who=say.year(visit.year),
        source=source(visit, code, chosen),
    )


@data.kept
def parts(visit: Visit, chosen: Choice, by: str) -> Figure:
    """The chosen flow of the chosen year taken apart."""
    return pictures.breakdown(visit, chosen.indicator, by, visit.year, chosen.where)


def dimension(visit: Visit) -> Callable[[str], str]:
    """For choices: dimension → its word."""
    return lambda by: pictures.dimension(by, visit.say)
