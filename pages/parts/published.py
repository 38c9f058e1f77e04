"""What an institution has published about itself: every value with its sign, its period and the page that explains it.

An office without goals is known by these figures: they are its Overview.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape

import streamlit as st

from pages.parts import data, downloads, links, markup, messages, pictures, tables
from pages.parts.selection import Visit
from pipelines import answers, catalogue
from pipelines.figures import Column, Figure, Table, verdict
from pipelines.figures import values as written
from pipelines.figures.model import Cell
from pipelines.language import Language
from pipelines.measure import Value

Period = tuple[int | None, int | None]
Group = tuple[str, Period]
"""A dimension and a period: the parts that stand in one table."""


@data.kept
def stated(institution: str) -> list[tuple[Value, str, bool]]:
    """Every published value, its remark in the file, and whether it follows from others instead of standing
    in a cell itself; the newest first."""
    return answers.stated(data.version(), institution)


def behind(visit: Visit, code: str) -> list[Value]:
    """The published values in cells behind the published values of an indicator: its own, or those of its inputs there."""
    every = stated(visit.institution.id)
    wanted = {(code, value.spot) for value, _, derived in every if value.indicator == code and not derived}
    for value, _, derived in every:
        if value.indicator == code and derived:
            wanted |= {(given, value.spot) for given in _inputs(code)}
    found = [value for value, _, derived in every if not derived and (value.indicator, value.spot) in wanted]
    return sorted(found, key=lambda one: (-(one.year_to or 9999), one.by, one.domestic, one.key, one.indicator))


@cache
def _inputs(code: str) -> frozenset[str]:
    """The indicators that an indicator is made of, down to those that are made of none."""
    given = [one.indicator for one in catalogue.indicators()[code].formula.inputs.values()]
    return frozenset(given).union(*(_inputs(one) for one in given))


def values(visit: Visit) -> list[Value]:
    """Every published value, the worked out ones included."""
    return [value for value, _, _ in stated(visit.institution.id)]


def sentence(visit: Visit, counted: bool) -> tuple[str, str]:
    """What is known where no goals are. ``counted``: whether figures were computed from rows."""
    return verdict.unjudged(visit.say, counted, sum(not derived for _, _, derived in stated(visit.institution.id)))


def show(visit: Visit, themes: str = "ABCDEFGH", also: tuple[str, ...] = ()) -> None:
    """Published figures: those of the whole as tiles, those of parts as tables, and the list of all with file and cell.

    ``themes`` and ``also`` (codes) narrow them to what a page is about.
    """
    say = visit.say
    every = [one for one in stated(visit.institution.id) if one[0].indicator[0] in themes or one[0].indicator in also]
    if not every:
        return
    st.header(say("Published figures"), anchor=False)
    groups: dict[Group, list[Value]] = {}
    for value, _, _ in every:
        if value.by:
            groups.setdefault((value.by, (value.year_from, value.year_to)), []).append(value)
    ranked = sorted(groups.items(), key=lambda one: (one[0][0] != "programme", str(one[0])))
    for (by, _), members in ranked[:1]:
        _parts(visit, by, members)
    whole = [(value, detail) for value, detail, derived in every if not value.by and not derived]
    if whole:
        markup.tiles([_tile(visit, *one) for one in whole])
    for (by, _), members in ranked[1:]:
        _parts(visit, by, members)
    follows = [value for value, _, derived in every if derived and not value.by]
    if follows:
        _follows(visit, follows)
    markup.paragraph(written.remarks([value for value, _, _ in every], say))
    _list(visit)


def _tile(visit: Visit, value: Value, detail: str) -> markup.Tile:
    """One figure: its number and mark, what it counts (a link), its period, what the file says beside it."""
    indicator = catalogue.indicators()[value.indicator]
    shown = written.written(value, indicator, visit.say)
    return markup.Tile(shown, visit.say.pick(indicator.title), links.to_indicator(visit, indicator.code), (_when(visit, value), detail))


def _when(visit: Visit, value: Value) -> str:
    return visit.say("published without a year") if value.year_from is None else written.when(value, visit.say)


def _parts(visit: Visit, by: str, members: Sequence[Value]) -> None:
    """One table a dimension and period: a row a part, a column an indicator; domestic parts last and named so."""
    say, names = visit.say, pictures.names(by, visit.say)
    codes = sorted({value.indicator for value in members}, key=lambda code: (catalogue.indicators()[code].shape == "derived", code))
    cells = {(value.key, value.indicator): value for value in members}
    domestic = {value.key for value in members if value.domestic}
    order = {key: at for at, key in enumerate(dict.fromkeys(value.key for value in members))}
    head = markup.element("th", pictures.dimension(by, say).capitalize()) + "".join(_head(visit, code) for code in codes)
    body = ""
    for key in sorted(order, key=lambda key: (key in domestic, order[key])):
        apart = markup.element("div", say("domestic: shown apart, never added"), "p") if key in domestic else ""
        name = f'<th scope="row">{escape(names.get(key, key))}{apart}</th>'
        body += f"<tr>{name}{''.join(_cell(visit, cells.get((key, code)), code) for code in codes)}</tr>"
    title = say("By {dimension}, {period}", dimension=pictures.dimension(by, say), period=_when(visit, members[0]))
    _titled(title, head, body)


def _head(visit: Visit, code: str) -> str:
    title = escape(visit.say.pick(catalogue.indicators()[code].title))
    return f'<th scope="col" class="n"><a href="{escape(links.to_indicator(visit, code))}">{title}</a></th>'


def _cell(visit: Visit, value: Value | None, code: str) -> str:
    return markup.element("td", number(value, visit.say) if value else visit.say.number(None), "n")


def number(value: Value, say: Language) -> str:
    """The number with its sign; a stated "none" is a dash with the word: it is not zero."""
    if value.precision == "none":
        return f"– {say('none')}"
    return written.written(value, catalogue.indicators()[value.indicator], say, marks=False)


def _follows(visit: Visit, follows: Sequence[Value]) -> None:
    """Indicators that two published figures give."""
    say, body = visit.say, ""
    for value in follows:
        indicator = catalogue.indicators()[value.indicator]
        name = f'<a href="{escape(links.to_indicator(visit, indicator.code))}">{escape(say.pick(indicator.title))}</a>'
        cell = markup.element("td", number(value, say), "n")
        body += f'<tr><th scope="row">{name}</th>{cell}{markup.element("td", _when(visit, value))}</tr>'
    head = markup.element("th", say("Indicator")) + markup.element("th", say("Value"), "n") + markup.element("th", say("Period"))
    title = say("What follows from them")
    _titled(title, head, body)


def _titled(title: str, head: str, body: str) -> None:
    with st.container(gap="xsmall"):
        markup.paragraph(title, "m-title")
        tables.drawn(head, body, title, "tight")


def _list(visit: Visit) -> None:
    """Every published figure with its file and cell, on demand and as a download."""
    say, figure = visit.say, listed(visit)
    with st.expander(say("Every published figure with its file and cell")):
        downloads.menu(figure, say, "published")
        tables.show(figure.table, say, figure.source)


@data.kept
def listed(visit: Visit) -> Figure:
    """All published figures as one table, for reading and for download; a worked out one has no cell."""
    say, files = visit.say, {row["file"]: row["name"] for row in data.files()}
    texts = (say("Code"), say("Figure"), say("Part"), say("Period"), say("Value"), say("Remark in the file"), say("File"), say("Cell"))
    rows = tuple(_line(visit, value, detail, derived, files) for value, detail, derived in stated(visit.institution.id))
    source = messages.source_line(visit, sorted({name for row in rows if (name := str(row[6] or ""))}))
    title = f"{say('Published figures')}: {visit.institution.label(say)}"
    return Figure(
        "columns", title, visit.institution.label(say), (), Table(tuple(Column(text) for text in texts), rows),
        source=source, name="published_figures", language=say.code,
    )  # fmt: skip


def _line(visit: Visit, value: Value, detail: str, derived: bool, files: dict[str, str]) -> tuple[Cell, ...]:
    say, indicator = visit.say, catalogue.indicators()[value.indicator]
    part = pictures.names(value.by, say).get(value.key, value.key) if value.by else ""
    place = f"{value.sheet or ''}{'!' if value.sheet else ''}{value.col or ''}{value.row or ''}"
    where = (say("follows from other figures"), "") if derived else (files.get(value.file or "", ""), place)
    return (indicator.code, say.pick(indicator.title), part, _when(visit, value), number(value, say), detail, *where)
