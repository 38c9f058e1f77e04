"""The register of agreements: its filters, all of them in the address, its table, and the same rows as a download."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts import data, downloads, links, markup, messages, pictures, register, selection, stages, tables
from pages.parts.selection import Visit
from pipelines.codes.words import fold
from pipelines.figures import Column, Figure, Table
from pipelines.language import Language

WORDS = {"kind": "agreement_kind", "programme": "programme", "country": "country"}
FILTERS = ("standing", "kind", "programme", "country", "region", "unit")
"""Columns that can be filtered by any of their words."""
ORDERS = ("ends", "starts", "partner", "country", "standing")


@dataclass(frozen=True)
class Choice:
    """What the register is narrowed to. ``words``: the filters in words, for whoever finds nothing left."""

    state: str
    where: data.Where = ()
    quota: str = ""
    use: str = ""
    find: str = ""
    order: str = "ends"
    words: tuple[str, ...] = ()


def choose(visit: Visit, states: Callable[[str], str]) -> Choice:
    """The row of filters, closed until somebody wants it."""
    say = visit.say
    rows = register.agreements(visit.institution.id, visit.year or 0)
    state = selection.choose("state", say("Which agreements"), register.STATES, "active", states, look="pills")
    labels = _labels(say)
    with st.expander(say("Filter and order")), st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        find = selection.typed("find", say("Search in partner, number, unit"))
        where = tuple((name, selection.several(name, labels[name], _met(rows, name), _namer(name, say))) for name in FILTERS)
        sides = {
            "": say("any"),
            "out": say("places out"),
            "in": say("places in"),
            "both": say("places both ways"),
            "none": say("no places"),
        }
        quota = selection.choose("quota", say("Places agreed"), list(sides), "", sides.__getitem__, width=180)
        uses = {"": say("any"), "used": say("used in three years"), "dormant": say("not used in three years"), "unknown": say("not known")}
        use = selection.choose("use", say("Use"), list(uses), "", uses.__getitem__, width=200)
        order = selection.choose("order", say("Order"), ORDERS, "ends", _orders(say).__getitem__, width=180)
    told = [_namer(name, say)(word) for name, picked in where for word in picked]
    told += [sides[quota]] if quota else []
    told += [uses[use]] if use else []
    told += [f"“{find}”"] if find else []
    return Choice(state, where, quota, use, find, order, tuple(told))


def _labels(say: Language) -> dict[str, str]:
    return {
        "standing": say("Stage"), "kind": say("Kind"), "programme": say("Programme"), "country": say("Country"), "region": say("Region"),
        "unit": say("Unit"),
    }  # fmt: skip


def _orders(say: Language) -> dict[str, str]:
    return {
        "ends": say("first to end"), "starts": say("newest first"), "partner": say("partner"), "country": say("country"),
        "standing": say("stage"),
    }  # fmt: skip


def _met(rows: Sequence[data.Row], name: str) -> list[str]:
    """The words of a column that occur, stages in their own order."""
    met = {row[name] for row in rows if row[name]}
    return [stage for stage in stages.STAGES if stage in met] if name == "standing" else sorted(met)


def _namer(name: str, say: Language) -> Callable[[str], str]:
    names = stages.words(say) if name == "standing" else {} if name == "unit" else pictures.names(WORDS.get(name, name), say)
    return lambda word: names.get(word, word)


def narrowed(visit: Visit, choice: Choice) -> list[data.Row]:
    """The agreements that are left, in order."""
    rows = register.narrowed(register.agreements(visit.institution.id, visit.year or 0), choice.state)
    for name, words in choice.where:
        rows = [row for row in rows if not words or row[name] in words]
    rows = [row for row in rows if _fits(row, choice)]
    names = pictures.names("country", visit.say)
    keys: dict[str, Callable[[data.Row], object]] = {
        "ends": lambda row: (row["ends"] is None, str(row["ends"])),
        "starts": lambda row: -(row["starts"].toordinal() if row["starts"] else 0),
        "partner": lambda row: fold(row["partner"] or ""),
        "country": lambda row: fold(names.get(row["country"] or "", "")),
        "standing": lambda row: stages.STAGES.index(row["standing"]),
    }
    return sorted(rows, key=keys[choice.order])  # type: ignore[arg-type]


def _fits(row: data.Row, choice: Choice) -> bool:
    """Places in the asked direction, use, and the text that is looked for."""
    out, into = bool(row["quota_out"]), bool(row["quota_in"])
    places = {"": True, "out": out, "in": into, "both": out and into, "none": not (out or into)}[choice.quota]
    used = {"": True, "used": row["used"] is True, "dormant": row["used"] is False, "unknown": row["used"] is None}[choice.use]
    said = " ".join(str(row[name] or "") for name in ("partner", "written", "agreement", "unit"))
    return places and used and (not choice.find or fold(choice.find) in fold(said))


def show(visit: Visit, choice: Choice) -> None:
    """The agreements that are left, with a download of all of them."""
    say, rows = visit.say, narrowed(visit, choice)
    if not rows:
        messages.no_rows(visit, choice.words)
        return
    if choice.words:
        markup.paragraph(say("Filter: {words}", words=", ".join(choice.words)))
    figure = listed(visit, choice)
    downloads.menu(figure, say, "register")
    table(visit, rows[: tables.MOST])
    said = say("The first {n} of {all} rows; the download holds all.", n=say.number(tables.MOST), all=say.number(len(rows)))
    markup.paragraph(" · ".join(filter(None, (said if len(rows) > tables.MOST else "", figure.source))))


def table(visit: Visit, rows: Sequence[data.Row], *, partner: bool = True) -> None:
    """Agreements as a table, each leading to its partner; without the partner's column on the partner's own page."""
    say = visit.say
    if not rows:
        markup.paragraph(say("No agreement is recorded."))
        return
    heads = (
        *((say("Partner institution"),) if partner else ()),
        say("Stage"), say("Kind"), say("Unit"), say("From – until"), say("Places out"), say("Places in"), say("Used in three years"),
    )  # fmt: skip
    numbers = (say("Places out"), say("Places in"))
    columns = [Column(head, "count" if head in numbers else "") for head in heads]
    tables.told(columns, [_told(row, visit, partner) for row in rows], say("Agreements"), "register" if partner else "register own")


def _told(row: data.Row, visit: Visit, partner: bool) -> tuple[tables.Cell, ...]:
    """A row with what belongs together in one cell: place and number, programme, days left, the agreement that follows."""
    say = visit.say
    names = {column: pictures.names(WORDS[column], say).get(row[column] or "", row[column] or "") for column in WORDS}
    kind, programme = names["kind"] or "–", names["programme"]
    days = row["days_left"]
    left = say.many("{n} day left", "{n} days left", days) if row["active"] and row["ends"] else ""
    next_one = say("followed by {number}", number=row["successor"]) if row["successor"] else ""
    head: tuple[tables.Cell, ...] = ()
    if partner:
        name = tables.Link(row["partner"] or "–", links.to_partner(visit, row["partner_key"])) if row["partner_key"] else "–"
        head = ((name, names["country"], row["agreement"] or ""),)
    return (
        *head,
        (stages.mark(row["standing"], say), next_one),
        (kind, programme if programme.split(" (")[0] not in kind else ""),
        (row["unit"] or "",) if partner else (row["unit"] or "", row["agreement"] or ""),
        (_term(row, say), left),
        say.number(row["quota_out"]),
        say.number(row["quota_in"]),
        _used(row, say),
    )


def _term(row: data.Row, say: Language) -> str:
    return f"{say.date(row['starts'])} – {say.date(row['ends']) if row['ends'] else say('open-ended')}"


def _used(row: data.Row, say: Language) -> str:
    return {True: say("yes"), False: say("no"), None: say("not known")}[row["used"]] if row["active"] else ""


@data.kept
def listed(visit: Visit, choice: Choice) -> Figure:
    """The same rows for a spreadsheet, in the same order."""
    say = visit.say
    heads = (
        (say("Agreement number"), ""), (say("Partner institution"), ""), (say("Name in the register"), ""), (say("Country"), ""),
        (say("Stage"), ""), (say("Followed by"), ""), (say("Kind"), ""), (say("Programme"), ""), (say("Unit"), ""), (say("Signed on"), ""),
        (say("Starts"), ""), (say("Ends"), ""), (say("Days left"), "days"), (say("Places out"), "count"), (say("Places in"), "count"),
        (say("Months per place"), "count"), (say("Used in three years"), ""),
    )  # fmt: skip
    rows = tuple(_line(row, say) for row in narrowed(visit, choice))
    source = messages.source_line(visit, data.files_behind(visit.institution.id, "E02"))
    title = say("Agreements: {state}", state=", ".join((choice.state, *choice.words)))
    columns = tuple(Column(*head) for head in heads)
    return Figure(
        "columns", title, visit.institution.label(say), (), Table(columns, rows), "agreements", source=source,
        name=f"agreements_{choice.state}", language=say.code,
    )  # fmt: skip


def _line(row: data.Row, say: Language) -> tuple[str | float | None, ...]:
    country, kind, programme = (
        pictures.names(WORDS[name], say).get(row[name] or "", row[name] or "") for name in ("country", "kind", "programme")
    )
    days = [say.date(row[name]) if row[name] else "" for name in ("signed", "starts")]
    ends = say.date(row["ends"]) if row["ends"] else say("open-ended")
    left = row["days_left"] if row["ends"] and row["active"] else None
    numbers = (left, row["quota_out"], row["quota_in"], row["months"])
    names = (row["agreement"] or "", row["partner"] or "", row["written"] or "", country)
    stage = (stages.words(say)[row["standing"]], row["successor"] or "")
    return (*names, *stage, kind, programme, row["unit"] or "", *days, ends, *numbers, _used(row, say))
