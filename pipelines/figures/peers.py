"""The figure of one among its peers: a dot each, the own one highlighted, quartiles as marks, ranks in the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.figures.model import Column, Figure, Point, Series, Table
from pipelines.figures.time import definition, unit_words
from pipelines.language import Language

if TYPE_CHECKING:
    from pipelines.benchmark import Benchmark, Standing
    from pipelines.catalogue import Indicator


def peers(
    indicator: Indicator,
    told: Benchmark,
    names: Mapping[str, str],
    countries: Mapping[str, str],
    say: Language,
    *,
    when: str,
    chosen: str,
    per_capita: bool = False,
    source: str = "",
    note: str = "",
) -> Figure:
    """``names``: institution → what it is called here, also “Peer 1”; ``countries``: its country; ``chosen``: the peers in words."""
    unit, decimals = ("ratio", 1) if per_capita else (indicator.unit, indicator.decimals)
    write = lambda value: say.number(value, unit, decimals)  # noqa: E731
    point = lambda one: Point(names[one.institution], one.value, write(one.value))  # noqa: E731
    edged = lambda edge: say.number(edge, unit, decimals + (round(edge, decimals) != edge))  # noqa: E731
    own, others = ([one for one in told.standings if (one.institution == told.own) is mine] for mine in (True, False))
    series = [
        Series(say("peers"), tuple(point(one) for one in others), "muted"),
        Series(names.get(told.own, told.own), tuple(map(point, own)), "first"),
    ]
    marks = tuple(
        (edge, f"{word} {edged(edge)}") for edge, word in zip(told.quartiles or (), (say("Q1"), say("median"), say("Q3")), strict=False)
    )
    measured = say("{title} per 1,000 students", title=say.pick(indicator.title)) if per_capita else say.pick(indicator.title)
    columns = (
        Column(say("Rank")),
        Column(say("Institution")),
        Column(say("Country")),
        Column(measured, unit, decimals),
        Column(say("Quarter")),
    )
    rows = tuple(
        (
            _rank(one, say),
            names[one.institution],
            countries.get(one.institution, ""),
            one.value,
            say.number(one.quarter) if one.quarter else say.number(None),
        )
        for one in told.standings
    )
    title = _title(told, names, write, say)
    below = " · ".join(filter(None, (chosen, measured, "" if per_capita else unit_words(indicator.unit, say), when)))
    return Figure(
        "dots", title, below, tuple(one for one in series if one.points), Table(columns, rows if len(rows) > 1 else ()), unit, decimals,
        " · ".join(filter(None, (note, *_remarks(told, say)))), source, say("One dot an institution. {title}.", title=title),
        f"{indicator.code}_{indicator.id}_peers", say.code, marks, definition(indicator, say),
    )  # fmt: skip


def _rank(one: Standing, say: Language) -> str:
    """A shared rank says so: “2 =”."""
    return say.number(one.rank) + (" =" if one.shared else "")


def _title(told: Benchmark, names: Mapping[str, str], write: object, say: Language) -> str:
    mine, many = told.mine, len(told.standings)
    if mine is None:
        return say("{name} has no value to compare here", name=names.get(told.own, told.own))
    if many < 2:
        return say("No peer has a value to compare with")
    sentence = say("{name}: rank {rank} of {n}, shared ({value})") if mine.shared else say("{name}: rank {rank} of {n} ({value})")
    value = write(mine.value)  # type: ignore[operator]
    return sentence.format(name=names[told.own], rank=say.number(mine.rank), n=say.number(many), value=value)


def _remarks(told: Benchmark, say: Language) -> list[str]:
    """How ranks and quartiles are made, and who was left out."""
    left = [
        say.many("{n} hidden small number without a rank", "{n} hidden small numbers without a rank", told.hidden) if told.hidden else "",
        say.many("{n} inexact figure without a rank", "{n} inexact figures without a rank", told.inexact) if told.inexact else "",
        say.many("{n} institution without a known number of students", "{n} institutions without a known number of students", told.without)
        if told.without
        else "",
    ]
    method = (
        say("Quartiles of all shown, interpolated between neighbours (type 7)") if told.quartiles else say("No quartiles below four values")
    )
    return [say("Rank 1 is the largest; equal values share a rank: 1, 2, 2, 4"), method, *filter(None, left)]
