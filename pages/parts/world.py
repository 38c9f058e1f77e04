"""The Countries page's choices and figures, and the sheet of one country."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.parts import charts, data, markup, messages, pictures, register, selection, tables
from pages.parts.selection import Visit
from pipelines import catalogue, figures
from pipelines.figures import Column, Figure, Table
from pipelines.figures import values as written
from pipelines.measure import Value

MEASURES = ("outgoing", "incoming", "students", "agreements")
INDICATOR = {"outgoing": "A01", "incoming": "A02", "students": "C01", "agreements": "E02"}
POPULATIONS = {"outgoing": "outgoing", "incoming": "incoming", "students": "students", "agreements": "agreements"}
VIEWS = ("ranking", "map", "regions", "balance")
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
    return {"ranking": say("Ranking"), "map": say("Map"), "regions": say("Regions"), "balance": say("Out and in")}.__getitem__


def choose_country(visit: Visit) -> str:
    """A country for its sheet; empty: none."""
    say, names = visit.say, data.names("country", visit.say.code)
    codes = sorted(register.words(visit.institution.id, "country"), key=lambda code: names.get(code, code))
    return selection.choose("country", say("Country sheet"), [NONE, *codes], NONE, lambda code: names.get(code, code) if code else "–")


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
def regions(visit: Visit, what: str) -> Figure:
    """Shares of the regions over the years."""
    say, indicator = visit.say, catalogue.indicators()[INDICATOR[what]]
    by_year, note = pictures.yearly(data.parts(visit.institution.id, indicator.code, None, "region"), say)
    source = messages.source_line(visit, data.files_behind(visit.institution.id, indicator.code))
    names = {**pictures.names("region", say), "": say("not stated")}
    return figures.shares(
        f"{say.pick(indicator.title)}, {say('region')}",
        by_year,
        names,
        say,
        who=visit.institution.label(say),
        source=source,
        note=note,
        name=f"{indicator.code}_regions",
    )


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


def sheet(visit: Visit, country: str) -> None:
    """A drawer with one country: flows over the years, agreements. It has its own address (?country=DEU)."""
    say = visit.say
    name = data.names("country", say.code).get(country, country)

    @st.dialog(name, width="large", position="right", on_dismiss=_close)
    def drawer() -> None:
        charts.show(sheet_flows(visit, country), visit, key="sheet")
        _units(visit, country)
        year = visit.year
        rows = (
            [row for row in register.agreements(visit.institution.id, year) if row["country"] == country and row["active"]] if year else []
        )
        markup.paragraph(say.many("{n} active agreement", "{n} active agreements", len(rows)), "m-title")
        kinds = data.names("agreement_kind", say.code)
        tables.plain(
            (say("Partner institution"), say("Kind"), say("Ends")),
            [
                (
                    row["partner"] or "",
                    kinds.get(row["kind"], row["kind"] or ""),
                    say.date(row["ends"]) if row["ends"] else say("open-ended"),
                )
                for row in rows
            ],
            say,
        )

    drawer()


def _units(visit: Visit, country: str) -> None:
    """Which units send to the country and receive from it in the year."""
    say, where = visit.say, (("country", (country,)),)
    out, into = ({v.key: v for v in data.parts(visit.institution.id, code, visit.year, "unit", where)} for code in ("A01", "A02"))
    if not (out or into) or visit.year is None:
        return
    keys = sorted({*out, *into}, key=lambda key: (-sum(side[key].value or 0 for side in (out, into) if key in side), key))
    columns = (Column(say("Unit")), Column(say("Outgoing students"), "people"), Column(say("Incoming students"), "people"))
    rows = tuple((key or say("not stated"), written.cell(out.get(key)), written.cell(into.get(key))) for key in keys)
    markup.paragraph(f"{say('Units')}, {say.year(visit.year)}", "m-title")
    tables.show(Table(columns, rows), say, written.remarks([*out.values(), *into.values()], say))


def _close() -> None:
    st.session_state["country"] = NONE
    st.query_params.pop("country", None)


@data.kept
def sheet_flows(visit: Visit, country: str) -> Figure:
    """Students out and in of one country over the years."""
    where = (("country", (country,)),)
    pairs = [
        (
            catalogue.indicators()[INDICATOR[what]],
            [
                v
                for v in data.parts(visit.institution.id, INDICATOR[what], None, None, where)
                if (v.value is not None or v.hidden) and v.year_from is not None
            ],
        )
        for what in ("outgoing", "incoming")
    ]
    source = messages.source_line(visit, data.files_behind(visit.institution.id, "A01"))
    return figures.flows(
        pairs[0],
        pairs[1],
        visit.say,
        who=f"{visit.institution.label(visit.say)}, {data.names('country', visit.say.code).get(country, country)}",
        source=source,
    )
