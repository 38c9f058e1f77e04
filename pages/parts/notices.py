"""What asks for attention: the most urgent lines on the Overview, all of them on their page, as a list and as a calendar to take along."""

from __future__ import annotations

from datetime import date
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from pages.parts import data, downloads, markup, messages, people, tables, waiting
from pages.parts.selection import Visit
from pipelines import alerts
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.alerts import Alert
from pipelines.figures import Column, Figure, Table

ACTIONS = ("late_action", "action_soon")
"""Kinds of alerts that tell what was written in a check-in."""


def found(visit: Visit) -> tuple[Alert, ...]:
    """Every alert of the institution today; its actions for those who may read its check-ins."""
    every = alerts.alerts(waiting.store(), data.version(), visit.institution.id, date.today())
    return every if people.may("read", visit.institution.id) else tuple(one for one in every if one.kind.id not in ACTIONS)


def sentence(visit: Visit) -> tuple[str, str]:
    """How many there are, and how many of them are urgent."""
    say, every = visit.say, found(visit)
    if not every:
        return say("Nothing asks for attention today."), ""
    urgent = sum(one.kind.severity == "high" for one in every)
    return say.many("{n} alert.", "{n} alerts.", len(every)), say.many("{n} is urgent.", "{n} are urgent.", urgent)


def listed(visit: Visit) -> Figure:
    """All alerts as a table, for the page and its downloads."""
    say, words = visit.say, _severities(visit)
    columns = (Column(say("Urgency")), Column(say("Kind")), Column(say("What")), Column(say("Day")))
    rows = tuple(
        (words[one.kind.severity], say.pick(one.kind.title), say.pick(one.text), one.day.isoformat() if one.day else "")
        for one in found(visit)
    )
    title, source = say("What asks for attention"), messages.source_line(visit, ())
    return Figure("bars", title, visit.institution.label(say), (), Table(columns, rows), source=source, name="alerts", language=say.code)


def _severities(visit: Visit) -> dict[str, str]:
    say = visit.say
    return {"high": say("urgent"), "medium": say("soon"), "low": say("to know")}


def show(visit: Visit) -> None:
    """All alerts by kind, each a way to where something can be done."""
    say, words = visit.say, _severities(visit)
    for same in alerts.grouped(found(visit)):
        kind = same[0].kind
        sign, tone = alerts.SIGN[kind.severity]
        with st.container(border=True, key=f"alerts_{kind.id}", gap="xsmall"):
            markup.paragraph(f"{say.pick(kind.title)} ({say.number(len(same))})", "m-title")
            markup.status((words[kind.severity], tone, sign))
            markup.ways([(_address(visit, one), say.pick(one.text)) for one in same[: tables.MOST]])
            if len(same) > tables.MOST:
                all_of = say.number(len(same))
                markup.paragraph(say("The first {n} of {all} rows; the download holds all.", n=say.number(tables.MOST), all=all_of))


def _address(visit: Visit, one: Alert) -> str:
    """The page's own address is the name of its file."""
    return f"{one.page.rpartition('/')[2].removesuffix('.py')}?{urlencode(dict(one.about) | visit.address)}"


def take(visit: Visit) -> None:
    """The list as CSV and workbook, the deadlines as a calendar file; for whoever may take things along."""
    if not people.may("export"):
        return
    say = visit.say
    with st.container(horizontal=True, gap="small"):
        downloads.menu(listed(visit), say, "alerts")
        if not people.may("export", visit.institution.id):
            return
        st.download_button(
            say("Calendar (.ics)"), partial(taken, people.here(), visit, data.publication()), f"meridian_{visit.institution.id}.ics",
            "text/calendar", key="calendar", on_click="ignore", icon=":material/event:",
        )  # fmt: skip


def taken(who: Person | None, visit: Visit, publication: int) -> bytes:
    """The calendar's bytes for whoever may have them, written down like every download."""
    from pipelines.reports.calendar import calendar

    require(people.again(who), "export", visit.institution.id)
    downloads.noted(who, "calendar", "ics", visit.institution.id, publication, [])
    name = visit.say("Deadlines: {who}", who=visit.institution.label(visit.say))
    return calendar(waiting.store(), data.version(), visit.institution.id, name, date.today(), visit.say.code)
