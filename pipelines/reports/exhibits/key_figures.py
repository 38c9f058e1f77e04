"""T1, every report's first table: indicators × years with target, attainment, status, responsible unit and source; F1, their trends."""

from __future__ import annotations

from pipelines.catalogue import Indicator
from pipelines.figures import Column
from pipelines.figures.model import Amount, Cell
from pipelines.figures.time import unit_words
from pipelines.figures.values import remarks
from pipelines.language import Language
from pipelines.measuring import judge
from pipelines.reports.exhibits import Asked, Made, exhibit
from pipelines.reports.exhibits.rows import amount, listed
from pipelines.reports.material import Material, indicators_of

MOST = 4
"""Trends of one criterion that are drawn; the table has all."""


@exhibit("T1", "Key figures and goals", "Temel göstergeler ve hedefler")
def key_figures(material: Material, asked: Asked) -> list[Made]:
    """One row an indicator; numbers carry their own unit and marks. Without any goal there are no columns for it."""
    say, chosen = material.say, indicators_of(asked.codes)
    if not chosen:
        return []
    heads = [Column(say("Indicator")), Column(say("Unit"))]
    heads += [Column(say.year(year), "count") for year in material.years]
    heads += [Column(say("Target"), "count"), Column(say("Target year"), "year"), Column(say("Attainment"), "percent", 1)]
    heads += [Column(say("Status")), Column(say("Responsible unit")), Column(say("Source"))]
    rows = tuple(_row(material, indicator) for indicator in chosen)
    shown = [value for one in chosen for year, value in material.by_year(one.code).items() if year in material.years]
    caption = say("Key figures {from_year} – {year}", from_year=say.year(material.years[0]), year=say.year(material.year))
    return [Made(caption, listed(heads, rows), note=remarks(shown, say), codes=tuple(one.code for one in chosen))]


def _row(material: Material, indicator: Indicator) -> tuple[Cell, ...]:
    say, values, goal = material.say, material.by_year(indicator.code), material.judged(indicator.code)
    target: Cell = Amount(goal["target"], indicator.unit, indicator.decimals) if goal else None
    if goal and goal["target_upper"] is not None:
        target = _band(goal["target"], goal["target_upper"], indicator, say)
    reached = 100 * goal["attainment"] if goal and goal["attainment"] is not None else None
    status = say.pick(judge.rules()[goal["status"]].label) if goal else ""
    responsible = (goal["responsible"] if goal else None) or say.pick(indicator.steward)
    files = list(dict.fromkeys(one.name for one in material.citations([indicator.code])))
    source = ", ".join(files[:2]) + (" …" if len(files) > 2 else "")
    years = tuple(amount(values.get(year), indicator) for year in material.years)
    name, unit = f"{indicator.code} {say.pick(indicator.title)}", unit_words(indicator.unit, say)
    return (name, unit, *years, target, goal["target_year"] if goal else None, reached, status, responsible, source)


def _band(low: float, high: float, indicator: Indicator, say: Language) -> str:
    return f"{say.number(low, indicator.unit, indicator.decimals)} – {say.number(high, indicator.unit, indicator.decimals)}"


@exhibit("F1", "Trend against the goal", "Hedefe karşı gelişim")
def trends(material: Material, asked: Asked) -> list[Made]:
    """A figure for each of the first indicators of the criterion that have a goal and two values; where none has one, for the first."""
    told = [one for one in indicators_of(asked.codes) if len([v for v in material.by_year(one.code).values() if v.value is not None]) > 1]
    chosen = [one for one in told if material.goals(one.code)][:MOST] or told[:1]
    drawn = [(one, material.trend(one.code)) for one in chosen]
    return [Made(figure.title, figure=figure, note=figure.note, codes=(one.code,)) for one, figure in drawn if not figure.empty]
