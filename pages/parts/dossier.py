"""What the page of one country and the page of one partner have in common: people both ways, shares, units, activities."""

from __future__ import annotations

from collections.abc import Sequence

from pages.parts import data, markup, messages, register, tables
from pages.parts.selection import Visit
from pipelines import catalogue, figures
from pipelines.figures import Column, Figure, Table
from pipelines.figures import values as written
from pipelines.measure import Value

STUDENTS, STAFF = ("A01", "A02"), ("B13", "B03")
"""Indicators of who goes and of who comes."""
SHARE = "D10"
"""Asked by country, it gives every country's share of its population."""
MOST = 40
"""Activities shown at once, the newest first."""


@data.kept
def series(visit: Visit, code: str, where: data.Where) -> list[Value]:
    """What is known of an indicator under a filter, year by year, small numbers hidden."""
    found = data.parts(visit.institution.id, code, None, None, where)
    return [v for v in found if (v.value is not None or v.hidden) and written.yearly(v)]


def now(visit: Visit, code: str, where: data.Where) -> Value | None:
    """The value of the chosen year."""
    return next((v for v in series(visit, code, where) if v.year_from == visit.year), None)


@data.kept
def flows(visit: Visit, pair: tuple[str, str], where: data.Where, name: str, names: tuple[str, str] | None = None) -> Figure:
    """Who goes and who comes over the years."""
    first, second = ((catalogue.indicators()[code], series(visit, code, where)) for code in pair)
    source = messages.source_line(visit, data.files_behind(visit.institution.id, pair[0]))
    who = f"{visit.institution.label(visit.say)}, {name}"
    return figures.flows(first, second, visit.say, who=who, source=source, names=names)


@data.kept
def shares(visit: Visit, country: str, name: str) -> Figure:
    """The country's share of all who go and of all who come, over the years."""
    say, indicator = visit.say, catalogue.indicators()[SHARE]
    first, second = ((indicator, share(visit, country, population)) for population in ("outgoing", "incoming"))
    source = messages.source_line(visit, data.files_behind(visit.institution.id, SHARE))
    who = f"{visit.institution.label(say)}, {name} · {say('share of all whose country is known')}"
    return figures.flows(first, second, say, who=who, source=source, names=(say("Outgoing students"), say("Incoming students")))


@data.kept
def share(visit: Visit, country: str, population: str) -> list[Value]:
    """A country's share of a population, year by year."""
    found = data.parts(visit.institution.id, SHARE, None, "country", (("population", (population,)),))
    return [v for v in found if v.key == country and (v.value is not None or v.hidden)]


def facts(visit: Visit, codes: Sequence[str], where: data.Where) -> list[tuple[str, str]]:
    """Numbers of the chosen year with what they count."""
    say, told = visit.say, []
    for indicator in data.indicators_of(codes):
        value = now(visit, indicator.code, where)
        if value is not None:
            told.append((written.written(value, indicator, say), say.pick(indicator.title)))
    return told


def units(visit: Visit, where: data.Where) -> None:
    """Which units send there and receive from there in the year."""
    say = visit.say
    out, into = ({v.key: v for v in data.parts(visit.institution.id, code, visit.year, "unit", where)} for code in STUDENTS)
    if not (out or into) or visit.year is None:
        return
    keys = sorted({*out, *into}, key=lambda key: (-sum(side[key].value or 0 for side in (out, into) if key in side), key))
    columns = (Column(say("Unit")), Column(say("Outgoing students"), "people"), Column(say("Incoming students"), "people"))
    rows = tuple((key or say("not stated"), written.cell(out.get(key)), written.cell(into.get(key))) for key in keys)
    markup.paragraph(f"{say('Units')}, {say.year(visit.year)}", "m-title")
    tables.show(Table(columns, rows), say, written.remarks([*out.values(), *into.values()], say))


def activities(visit: Visit, rows: Sequence[data.Row], *, partner: bool = False) -> None:
    """What was done together, the newest first; with the partner's name where it is not the page's own."""
    say = visit.say
    if not rows:
        markup.paragraph(say("No activity is recorded."))
        return
    kinds = data.names("activity_kind", say.code)
    heads = (say("Activity"), say("Kind"), say("Date"), *((say("Partner institution"),) if partner else ()))
    told = [
        (row["title"] or "", kinds.get(row["kind"], row["kind"] or ""), _when(row, visit), *((row["partner"] or "",) if partner else ()))
        for row in rows[:MOST]
    ]
    tables.told([Column(head) for head in heads], told, say("Activities"), "together")
    if len(rows) > MOST:
        markup.paragraph(say("The newest {n} of {all} activities.", n=say.number(MOST), all=say.number(len(rows))))


def _when(row: data.Row, visit: Visit) -> tables.Lines:
    say = visit.say
    lasting = row["ends"] and row["ends"] != row["date"]
    begins = say.date(row["date"]) if row["date"] else say("not known")
    return (begins, say("until {date}", date=say.date(row["ends"]))) if lasting else begins


def agreed(visit: Visit, column: str, word: str) -> list[data.Row]:
    """The agreements of one country or partner known in the chosen year, domestic ones too."""
    rows = register.agreements(visit.institution.id, visit.year) if visit.year else []
    return [row for row in rows if row[column] == word]
