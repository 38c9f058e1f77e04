"""The Agreements page's sentences, figures and tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pages.parts import data, downloads, markup, messages, pictures, register, tables
from pages.parts.register import STATES
from pages.parts.selection import Visit
from pipelines import catalogue, figures
from pipelines.figures import Column, Figure, Table
from pipelines.figures import values as written
from pipelines.figures.model import Cell
from pipelines.language import Language

FACTS = ("E02", "E13", "D01", "E04", "E06", "E05", "E08", "E09", "E10", "E11", "E01")
AHEAD = 8
"""Half-years shown ahead."""

__all__ = [
    "STATES",
    "countries",
    "ending",
    "facts",
    "judged_on",
    "kinds",
    "known",
    "rows",
    "sentence",
    "state",
    "table",
]


def known(visit: Visit) -> bool:
    """Whether a register of agreements was handed in for the chosen year."""
    return visit.year is not None and bool(register.agreements(visit.institution.id, visit.year))


def state(visit: Visit) -> Callable[[str], str]:
    """State → its words, with how many agreements are in it."""
    say, rows = visit.say, register.agreements(visit.institution.id, visit.year or 0)
    words = {
        "active": say("active"),
        "expiring_180": say("ends within 180 days, not renewed"),
        "expiring_365": say("ends within 365 days, not renewed"),
        "dormant": say("dormant: no mobility in three years"),
        "lapsed": say("ended this year, not renewed"),
        "domestic": say("inside the country, apart"),
        "all": say("all"),
    }
    return lambda name: f"{words[name]} ({say.number(len(register.narrowed(rows, name)))})"


def sentence(visit: Visit) -> str:
    say, rows = visit.say, register.agreements(visit.institution.id, visit.year or 0)
    count = {name: len(register.narrowed(rows, name)) for name in STATES}
    return " · ".join(
        (
            say.many("{n} active agreement", "{n} active agreements", count["active"]),
            say.many("{n} ends within a year and is not renewed", "{n} end within a year and are not renewed", count["expiring_365"]),
            say.many("{n} has had no mobility in three years", "{n} have had no mobility in three years", count["dormant"]),
        )
    )


def judged_on(visit: Visit) -> str:
    """The day on which agreements are judged: the last of the academic year, or the day of the data in the running year."""
    rows = register.agreements(visit.institution.id, visit.year or 0)
    return visit.say("State of the register on {date}", date=visit.say.date(rows[0]["reference"])) if rows else ""


def facts(visit: Visit) -> None:
    """The indicators of agreements side by side."""
    _facts(visit, FACTS)


def _facts(visit: Visit, codes: tuple[str, ...]) -> None:
    pairs = []
    for indicator in data.indicators_of(codes):
        value = data.latest(data.headline(visit.institution.id, indicator.code), visit.year)
        if value is not None and (value.value is not None or value.hidden):
            pairs.append((written.written(value, indicator, visit.say), visit.say.pick(indicator.title)))
    if pairs:
        markup.facts(pairs)


@data.kept
def ending(visit: Visit) -> Figure:
    """Active agreements by the half-year in which they end."""
    say, rows = visit.say, register.ending(visit.institution.id, visit.year or 0)
    near, later = rows[:AHEAD], sum(row["agreements"] for row in rows[AHEAD:])
    halves = {0: say("January–June"), 1: say("July–December")}
    bars = [(f"{row['year']} {'II' if row['half'] else 'I'}", row["agreements"], say.number(row["agreements"])) for row in near]
    bars += [(say("later"), later, say.number(later))] if later else []
    open_ended = sum(
        1 for row in register.narrowed(register.agreements(visit.institution.id, visit.year or 0), "active") if row["ends"] is None
    )
    most = max(near, key=lambda row: row["agreements"], default=None)
    title = say("No active agreement has an end")
    if most:
        when = f"{halves[most['half']]} {most['year']}"
        title = say("{n} agreements end in {when}, the most in any half-year ahead", n=say.number(most["agreements"]), when=when)
    note = say.many("{n} open-ended agreement is not shown", "{n} open-ended agreements are not shown", open_ended) if open_ended else ""
    subtitle = (
        f"{visit.institution.label(say)} · {say('active agreements by the half-year in which they end')} (I: {halves[0]}, II: {halves[1]})"
    )
    return figures.columns_of(
        title,
        subtitle,
        bars,
        say,
        unit="agreements",
        head=(say("Ends"), say("agreements")),
        source=_source(visit),
        note=note,
        name="agreements_ending",
        muted=frozenset({say("later")}),
    )


@data.kept
def countries(visit: Visit) -> Figure:
    return pictures.breakdown(visit, catalogue.indicators()["E02"], "country", visit.year)


@data.kept
def kinds(visit: Visit) -> Figure:
    return pictures.breakdown(visit, catalogue.indicators()["E02"], "programme", visit.year)


def table(visit: Visit, name: str) -> None:
    """The agreements of a state, with a download of all of them."""
    say = visit.say
    figure = listed(visit, name)
    if not figure.told:
        messages.no_rows(visit, ())
        return
    downloads.menu(figure, say, "register")
    columns = [Column(head, "count" if at in (4, 5) else "") for at, head in enumerate(_heads(say))]
    tables.told(columns, [_told(row, say) for row in figure.table.rows[: tables.MOST]], figure.title, "register")
    more = len(figure.table.rows) > tables.MOST
    said = say("The first {n} of {all} rows; the download holds all.", n=say.number(tables.MOST), all=say.number(len(figure.table.rows)))
    markup.paragraph(" · ".join(filter(None, (said if more else "", figure.source))))


def _heads(say: Language) -> tuple[str, ...]:
    return (
        say("Partner institution"),
        say("Kind"),
        say("Unit"),
        say("Term"),
        say("Places out"),
        say("Places in"),
        say("Used in three years"),
    )


def _words(say: Language) -> dict[str, dict[str, str]]:
    """Code → name for the columns of words."""
    vocabularies = {"country": "country", "kind": "agreement_kind", "programme": "programme"}
    return {column: data.names(vocabulary, say.code) for column, vocabulary in vocabularies.items()}


def rows(visit: Visit, agreed: Sequence[data.Row]) -> None:
    """Some agreements as a table."""
    say = visit.say
    if not agreed:
        markup.paragraph(say("No agreement is recorded."))
        return
    columns = [Column(head, "count" if at in (4, 5) else "") for at, head in enumerate(_heads(say))]
    tables.told(columns, [_told(_line(row, _words(say), visit), say) for row in agreed], say("Agreements"), "register")


def _told(row: tuple[Cell, ...], say: Language) -> tuple[tables.Lines, ...]:
    """A row of the register with what belongs together in one cell: place, programme and days left in small print."""
    partner, country, kind, programme, unit, starts, ends, *_ = map(str, row)
    left, out, into, used = row[7:]
    days = say.many("{n} day left", "{n} days left", int(left)) if isinstance(left, int | float) else ""
    programme = programme if programme.split(" (")[0] not in kind else ""
    return (partner, country), (kind, programme), unit, (f"{starts} – {ends}", days), say.number(out), say.number(into), str(used)


@data.kept
def listed(visit: Visit, name: str) -> Figure:
    """The register as a table: partner, country, kind, unit, dates, places, whether it is used."""
    say = visit.say
    words = _words(say)
    columns = (
        Column(say("Partner institution")),
        Column(say("Country")),
        Column(say("Kind")),
        Column(say("Programme")),
        Column(say("Unit")),
        Column(say("Starts")),
        Column(say("Ends")),
        Column(say("Days left"), "days"),
        Column(say("Places out"), "count"),
        Column(say("Places in"), "count"),
        Column(say("Used in three years")),
    )
    rows = tuple(_line(row, words, visit) for row in register.narrowed(register.agreements(visit.institution.id, visit.year or 0), name))
    return Figure(
        "columns",
        say("Agreements: {state}", state=name),
        visit.institution.label(say),
        (),
        Table(columns, rows),
        "agreements",
        source=_source(visit),
        name=f"agreements_{name}",
        language=say.code,
    )


def _line(row: data.Row, words: dict[str, dict[str, str]], visit: Visit) -> tuple[str | float | None, ...]:
    say = visit.say
    named = [words[column].get(row[column] or "", row[column] or "") for column in ("country", "kind", "programme")]
    used = {True: say("yes"), False: say("no"), None: say("not known")}[row["used"]]
    ends = say.date(row["ends"]) if row["ends"] else say("open-ended")
    left = row["days_left"] if row["ends"] and row["active"] else None
    return (row["partner"] or "", *named, row["unit"] or "", say.date(row["starts"]), ends, left, row["quota_out"], row["quota_in"], used)


def _source(visit: Visit) -> str:
    return messages.source_line(visit, data.files_behind(visit.institution.id, "E02"))
