"""Weighted scores of the plan and of its elements: what counted, what was cut off, and of how much of the weight anything is known."""

from __future__ import annotations

import streamlit as st

from pages.parts import data, downloads, markup, messages, tables
from pages.parts.selection import Visit
from pipelines.catalogue import indicators
from pipelines.figures import Column, Figure, Table
from pipelines.language import Language
from pipelines.measuring.judge import Score, counted, score
from pipelines.policies import Element


def plan(visit: Visit) -> None:
    """The score of the whole plan in one sentence, and how it is made: every goal with its share, cut and uncut."""
    rows = _judged(visit)
    if not rows:
        return
    say, found = visit.say, score(rows)
    markup.stressed(
        say("Score of the plan in {year}: {score}.", year=say.year(visit.year), score=_share(found.value, say)), _told(found, say)
    )
    with st.expander(say("How the score is made")):
        figure = _figure(visit, rows, found)
        downloads.menu(figure, say, "scores")
        tables.show(figure.table, say, figure.subtitle)


def element(visit: Visit, entry: Element) -> None:
    """The score of one element; nothing where no goal belongs to it."""
    rows = [row for row in _judged(visit) if row["element"] == entry.id]
    if rows:
        say, found = visit.say, score(rows)
        markup.paragraph(f"{say('Score of the element: {score}.', score=_share(found.value, say))} {_told(found, say, short=True)}")


def _judged(visit: Visit) -> list[data.Row]:
    """The institution's own goals in the chosen year that something could be due of."""
    return [row for row in data.statuses(visit.institution.id) if row["year"] == visit.year and not row["unit"]]


def _told(found: Score, say: Language, short: bool = False) -> str:
    """Of how much of the weight something is known, and what was cut off. ``short``: what goes without saying is left out."""
    share = 100 * found.known / found.weight if found.weight else None
    known = say("Known: {share} of the weight; what is missing does not count as zero.", share=say.percent(share))
    cut = say.many(
        "{n} goal beyond its limits counts 0% or 100% only.", "{n} goals beyond their limits count 0% or 100% only.", len(found.capped)
    )
    return " ".join([known] * (not short or found.known < found.weight) + [cut] * bool(found.capped))


def _figure(visit: Visit, rows: list[data.Row], found: Score) -> Figure:
    """A row a goal: weight, how far on its path (uncut), what of it counts, what it adds to the score."""
    say, known = visit.say, indicators()
    heads = (say("Weight"), say("On its path, uncut"), say("Counts as"), say("Adds to the score"))
    columns = (Column(say("Goal")), Column(heads[0], "points", 0), *(Column(head, "percent", 1) for head in heads[1:]), Column(say("Note")))
    lines = []
    for row in sorted(rows, key=lambda row: -(row["weight"] or 0)):
        kept, weight = counted(row["attainment_path"], found.cap), row["weight"] or 0
        adds = 100 * kept * weight / found.known if kept is not None and weight and found.known else None
        note = say("no value: left out") if kept is None else say("no weight: left out") if not weight else ""
        note = say("cut off") if row["indicator"] in found.capped and weight else note
        uncut = None if row["attainment_path"] is None else 100 * row["attainment_path"]
        title = say.pick(known[row["indicator"]].title)
        lines.append((title, row["weight"], uncut, None if kept is None else 100 * kept, adds, note))
    subtitle = f"{visit.institution.label(say)} · {say.year(visit.year)}"
    title = say("Score of the plan in {year}: {score}.", year=say.year(visit.year), score=_share(found.value, say))
    source = messages.source_line(visit, ())
    return Figure("bars", title, subtitle, (), Table(columns, tuple(lines)), source=source, name="plan_score", language=say.code)


def _share(value: float | None, say: Language) -> str:
    return say.percent(None if value is None else 100 * value)
