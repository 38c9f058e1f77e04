"""The Policy page: elements with their indicators, values, goals and activities; the rules of judgement."""

from __future__ import annotations

from collections import Counter
from html import escape

import streamlit as st

from pages.parts import cards, data, diary, links, markup, messages, published, register, scores, tables
from pages.parts.cards import Goal
from pages.parts.selection import Visit
from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.codes import countries
from pipelines.figures import values as written
from pipelines.measure import Value
from pipelines.measuring import judge
from pipelines.policies import Element, Policy, policies

SIDE = ("", ' class="n"', "", ' class="n"', ' class="n"', "")
"""Columns of numbers stand on the right."""
SHOWN = 6
"""Activities listed per element; their number is always told."""


def policy(visit: Visit) -> Policy | None:
    """The policy of the institution on the page, if it has one."""
    return policies().get(visit.institution.id)


def document(visit: Visit, chosen: Policy) -> str:
    say = visit.say
    return " · ".join(
        filter(None, (say.pick(chosen.document.what), chosen.document.when, say.pick(chosen.source_note), messages.standing(visit)))
    )


def sentence(visit: Visit, chosen: Policy) -> str:
    """How many elements are measured, recorded by activities, or waiting."""
    say, done = visit.say, _counted(visit)
    states = Counter(_state(visit, element, done) for element in chosen.element)
    told = {
        "measured": say.many("{n} is measured by figures", "{n} are measured by figures", states["measured"]),
        "activities": say.many("{n} is shown by activities", "{n} are shown by activities", states["activities"]),
        "nothing": say.many("{n} has nothing recorded yet", "{n} have nothing recorded yet", states["nothing"]),
    }
    return (
        f"{say.many('{n} element', '{n} elements', len(chosen.element))}: {', '.join(text for name, text in told.items() if states[name])}."
    )


def _counted(visit: Visit) -> Counter[str]:
    return Counter(row["kind"] for row in register.activities(visit.institution.id))


def _state(visit: Visit, element: Element, done: Counter[str]) -> str:
    known = set(data.measured(visit.institution.id))
    if any(code in known for code in element.indicators):
        return "measured"
    return "activities" if any(done[kind] for kind in element.activities) else "nothing"


def element(visit: Visit, chosen: Policy, number: int, entry: Element) -> None:
    """One element: its text, its indicators as rows, its activities."""
    say = visit.say
    with st.container(border=True, key=f"element_{entry.id}", gap="small"):
        markup.paragraph(f"{number}. {say.pick(entry.title)}", "m-title")
        markup.paragraph(say.pick(entry.text))
        scores.element(visit, entry)
        indicators = data.indicators_of(entry.indicators)
        if indicators:
            _indicators(visit, indicators, entry)
        _activities(visit, entry)
        diary.of_element(visit, entry)
        if not indicators and not entry.activities:
            markup.paragraph(say("No figure and no activity is assigned to this element yet."))


def _indicators(visit: Visit, indicators: list[Indicator], entry: Element) -> None:
    say = visit.say
    judged = {goal.code: goal for goal in cards.goals(visit, visit.year)}
    heads = (say("Indicator"), say("Value"), say("Year"), say("Target"), say("On the way"), say("Status"))
    body = "".join(_row(visit, indicator, judged.get(indicator.code), heads) for indicator in indicators)
    head = "".join(f'<th scope="col"{SIDE[at]}>{escape(word)}</th>' for at, word in enumerate(heads))
    tables.drawn(head, body, say.pick(entry.title), "told aims")


def _row(visit: Visit, indicator: Indicator, judged: Goal | None, heads: tuple[str, ...]) -> str:
    """An indicator as a row: its newest value, its goal and status. Cells without a word stay away from a phone."""
    say = visit.say
    value = data.latest(data.headline(visit.institution.id, indicator.code), visit.year) or _newest(visit, indicator)
    parts = "" if value else _parts(visit, indicator)
    address = escape(links.to_indicator(visit, indicator.code))
    link = f'<a href="{address}">{escape(say.pick(indicator.title))}</a> <code>{indicator.code}</code>'
    share = say.percent(100 * judged.attainment) if judged and judged.attainment is not None else ""
    when, target = written.when(value, say) if value else "", judged.target_written if judged else ""
    cells = [link, *map(escape, (parts or written.written(value, indicator, say), when, target, share))]
    cells.append(
        markup.pill(judged.status, judged.rule.tone, judged.rule.icon)
        if judged
        else ""
        if value or parts
        else markup.pill(say("no value yet"), "neutral")
    )
    told = [f'<td{SIDE[at]} data-label="{escape(heads[at])}">{f"<div>{cell}</div>" if cell else ""}</td>' for at, cell in enumerate(cells)]
    told[0] = f'<th scope="row"><div>{link}</div></th>'
    return f"<tr>{''.join(told)}</tr>"


def _parts(visit: Visit, indicator: Indicator) -> str:
    """Where the whole has no value but published parts have: how many, behind the link."""
    known = [value for value in published.values(visit) if value.indicator == indicator.code and value.by]
    return visit.say.many("{n} part published", "{n} parts published", len(known)) if known else ""


def _newest(visit: Visit, indicator: Indicator) -> Value | None:
    """A value of another year, where the chosen year has none: better than an empty place, and its year stands beside it."""
    known = [v for v in data.headline(visit.institution.id, indicator.code) if v.value is not None or v.hidden]
    return max(known, key=lambda v: v.year_to or v.year_from or 0, default=None)


def _activities(visit: Visit, entry: Element) -> None:
    say, kinds = visit.say, data.names("activity_kind", visit.say.code)
    rows = [row for row in register.activities(visit.institution.id) if row["kind"] in entry.activities]
    if not rows:
        if entry.activities:
            named = ", ".join(kinds.get(kind, kind) for kind in entry.activities)
            markup.paragraph(say("No activity of these kinds is recorded yet: {kinds}.", kinds=named))
        return
    with st.expander(say.many("{n} activity recorded", "{n} activities recorded", len(rows))):
        listed = [
            (say.date(row["date"]) if row["date"] else "", kinds.get(row["kind"], row["kind"]), row["title"] or "", row["partner"] or "")
            for row in rows
        ]
        tables.plain((say("Date"), say("Kind"), say("Title"), say("Partner")), listed, say, most=SHOWN * 5)


def programmes(visit: Visit, chosen: Policy) -> None:
    """The programmes the office runs."""
    if not chosen.programme:
        return
    say, names = visit.say, data.names("programme", visit.say.code)
    st.header(say("Programmes"), anchor=False)
    markup.definitions([(names.get(entry.code, entry.code), say.pick(entry.note)) for entry in chosen.programme])


def places(visit: Visit, chosen: Policy) -> None:
    """The countries the policy puts first, and the share of each world region that it wants; the indicators that measure both."""
    say = visit.say
    wanted = sorted(chosen.region_targets.items(), key=lambda entry: -entry[1])
    named, regions = data.names("country", say.code), countries.region_names(language=say.code)
    told = [
        (say("Priority countries"), ", ".join(sorted(named.get(code, code) for code in chosen.priority_countries))),
        (
            say("Wanted shares of the regions"),
            " · ".join(f"{regions.get(region, region)} {say.percent(share)}" for region, share in wanted),
        ),
    ]
    if not any(text for _, text in told):
        return
    st.header(say("Countries and regions"), anchor=False)
    markup.definitions(told)
    for code, text in (("A38", told[0][1]), ("D13", told[1][1])):
        if text:
            links.indicator(visit, code, say.pick(catalogue.indicators()[code].title))


def rules(visit: Visit) -> None:
    """Every status with its meaning and reason, from the rule file."""
    say = visit.say
    markup.paragraph(
        say(
            "Attainment = (value − baseline) ÷ (target − baseline). It is never cut off: 427% is shown as 427%. "
            "A target that lies ahead is judged against its path."
        )
    )
    tables.plain(
        (say("Status"), say("Meaning"), say("Why so")),
        [(f"{rule.icon} {say.pick(rule.label)}", say.pick(rule.meaning), say.pick(rule.reason)) for rule in judge.rules().values()],
        say,
    )
