"""Cards and bullets: an indicator's newest value with its trend and goal, and how far each goal is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.parts import data, links, markup, messages
from pages.parts.selection import Visit
from pipelines import figures
from pipelines.catalogue import Indicator
from pipelines.figures import aims, verdict
from pipelines.figures import values as words
from pipelines.figures.aims import Goal
from pipelines.figures.time import filled
from pipelines.language import Language
from pipelines.measure import Value

SPARK_YEARS = 6
SCALE = 125.0
"""Per cent at the right edge of a bullet; a longer bar is broken off and says its number."""


def goals(visit: Visit, year: int | None) -> list[Goal]:
    """The goals of the chosen year, the one furthest behind its path first; goals without a value last."""
    rows = [row for row in data.statuses(visit.institution.id) if row["year"] == year and not row["unit"]]
    known = {indicator.code: indicator for indicator in data.indicators_of([row["indicator"] for row in rows])}
    return aims.goals(rows, year, known, visit.say)


def grid(visit: Visit, codes: Sequence[str], judged: Sequence[Goal]) -> None:
    """Cards side by side: six on a laptop, two on a phone."""
    by_code = {entry.code: entry for entry in judged}
    with st.container(key="cards"), st.grid(6, min_column_width=150, gap="small"):
        for indicator in data.indicators_of(codes):
            card(visit, indicator, by_code.get(indicator.code))


def card(visit: Visit, indicator: Indicator, judged: Goal | None) -> None:
    """One indicator: value, change on the year before, six years, goal."""
    say, every = visit.say, data.headline(visit.institution.id, indicator.code)
    value = data.latest(every, visit.year)
    yearly = {v.year: v for v in filled([v for v in every if words.yearly(v)])}
    number = words.written(value, indicator, say, marks=False)
    with st.container(border=True, height="stretch", gap="xxsmall"):
        links.indicator(visit, indicator.code, say.pick(indicator.title))
        marks = f" <small>{escape(words.flags(value).strip())}</small>" if value else ""
        body = f'<div class="v{" long" if len(number) > 7 else ""}">{escape(number)}{marks}</div>'
        body += f'<div class="d">{_change(value, yearly, indicator, say)}</div>'
        body += _spark(visit, indicator, yearly) + (markup.pill(judged.status, judged.rule.tone, judged.rule.icon) if judged else "")
        body += f'<div class="t">{escape(say("target {target}", target=judged.target_written)) if judged else ""}</div>'
        st.html(f'<div class="m-card">{body}</div>')


def _change(value: Value | None, yearly: dict[int, Value], indicator: Indicator, say: Language) -> str:
    strong, rest = verdict.moved(value, yearly, indicator, say)
    return " ".join(filter(None, (f"<b>{escape(strong)}</b>" if strong else "", escape(rest))))


def _spark(visit: Visit, indicator: Indicator, yearly: dict[int, Value]) -> str:
    last = visit.year or max(yearly, default=0)
    span = range(last - SPARK_YEARS + 1, last + 1)
    values = tuple(None if (v := yearly.get(year)) is None or v.hidden else v.value for year in span)
    say = visit.say
    listed = "; ".join(f"{say.year(year)} {words.written(yearly[year], indicator, say)}" for year in span if year in yearly)
    return markup.sparkline(values, None, f"{say.pick(indicator.title)}: {listed}")


def figure(visit: Visit, judged: Sequence[Goal]) -> figures.Figure:
    """The same goals as a figure: for the table, the downloads and paper."""
    say = visit.say
    return figures.attainment(
        judged, say, who=visit.institution.label(say), year=say.year(visit.year), source=messages.source_line(visit, ())
    )


def bullets(visit: Visit, judged: Sequence[Goal]) -> None:
    """Every goal as a bar on the way to its target: 0 is the baseline, the dark tick is 100 %, the tint is what was due by now."""
    for entry in judged:
        with st.container(key=f"goalrow_{entry.code}", horizontal=True, vertical_alignment="top", gap="small"):
            with st.container(key=f"goalname_{entry.code}", width=200):
                links.indicator(visit, entry.code, entry.title)
            st.html(_bar(entry, visit.say), width="stretch")


def _bar(entry: Goal, say: Language) -> str:
    status = markup.pill(entry.status, entry.rule.tone, entry.rule.icon)
    way = say("{value} of {target}", value=entry.written, target=entry.target_written)
    under = markup.element("span", way) + markup.element("span", entry.responsible)
    return f'<div class="m-goal">{_track(entry, say)}{status}<div class="m-under">{under}</div></div>'


def _track(entry: Goal, say: Language) -> str:
    if entry.attainment is None:
        return f'<div class="m-bullet"><em>{escape(say("cannot be judged"))}</em></div>'
    percent = 100 * entry.attainment
    wide = min(max(percent, 0.0), SCALE) / SCALE * 100
    due = min(max(100 * (entry.due or 0.0), 0.0), SCALE) / SCALE * 100
    alt = escape(say("{share} of the way from baseline to target", share=say.percent(percent)))
    bar = f'<i style="width:{wide:.1f}%"></i><u style="left:{100 / SCALE * 100:.1f}%"></u><span>{escape(say.percent(percent))}</span>'
    return f'<div class="m-bullet{" below" if percent < 0 else ""}" style="--due:{due:.1f}%" role="img" aria-label="{alt}">{bar}</div>'
