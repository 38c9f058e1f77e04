"""The figure of one among its peers: a dot each, the own one highlighted, quartiles as marks, ranks in the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipelines.figures.model import Cell, Column, Figure, Point, Series, Table
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
    own, others = (
        tuple(
            Point(names[one.institution], one.value, say.number(one.value, unit, decimals))
            for one in told.standings
            if _is_own(one, told) is mine
        )
        for mine in (True, False)
    )
    series = (Series(say("peers"), others, "muted"), Series(names.get(told.own, told.own), own, "first"))
    measured = say("{title} per 1,000 students", title=say.pick(indicator.title)) if per_capita else say.pick(indicator.title)
    columns = (say("Rank"), say("Institution"), say("Country")), (measured, unit, decimals), (say("Quarter"),)
    table = Table((*map(Column, columns[0]), Column(*columns[1]), Column(*columns[2])), _rows(told, names, countries, say))
    title = _title(told, names, lambda value: say.number(value, unit, decimals), say)
    below = " · ".join(filter(None, (chosen, measured, "" if per_capita else unit_words(indicator.unit, say), when)))
    return Figure(
        "dots", title, below, tuple(one for one in series if one.points), table, unit, decimals,
        " · ".join(filter(None, (note, *_remarks(told, say)))), source, say("One dot an institution. {title}.", title=title),
        f"{indicator.code}_{indicator.id}_peers", say.code, _marks(told, unit, decimals, say),
        definition=definition(indicator, say),
    )  # fmt: skip


def _is_own(one: Standing, told: Benchmark) -> bool:
    return one.institution == told.own


def _marks(told: Benchmark, unit: str, decimals: int, say: Language) -> tuple[tuple[float, str], ...]:
    """The quartiles with their names; one that lies between two whole numbers has a decimal more."""
    words = (say("Q1"), say("median"), say("Q3"))
    finer = [decimals + (round(edge, decimals) != edge) for edge in told.quartiles or ()]
    return tuple(
        (edge, f"{word} {say.number(edge, unit, more)}") for edge, word, more in zip(told.quartiles or (), words, finer, strict=False)
    )


def _rows(told: Benchmark, names: Mapping[str, str], countries: Mapping[str, str], say: Language) -> tuple[tuple[Cell, ...], ...]:
    """A row an institution, the largest first; one alone is no comparison."""
    if len(told.standings) < 2:
        return ()
    return tuple(
        (rank(one, say), names[one.institution], countries.get(one.institution, ""), one.value, say.number(one.quarter or None))
        for one in told.standings
    )


def rank(one: Standing, say: Language) -> str:
    """A shared rank says so: “2 =”."""
    return say.number(one.rank) + (" =" if one.shared else "")


def _title(told: Benchmark, names: Mapping[str, str], write: Callable[[float], str], say: Language) -> str:
    mine, many = told.mine, len(told.standings)
    if mine is None:
        return say("{name} has no value to compare here", name=names.get(told.own, told.own))
    if many < 2:
        return say("No peer has a value to compare with")
    sentence = say("{name}: rank {rank} of {n}, shared ({value})") if mine.shared else say("{name}: rank {rank} of {n} ({value})")
    value = write(mine.value)
    return sentence.format(name=names[told.own], rank=say.number(mine.rank), n=say.number(many), value=value)


def _remarks(told: Benchmark, say: Language) -> list[str]:
    """How ranks and quartiles are made, and who was left out."""
    method = (
        say("Quartiles of all shown, interpolated between neighbours (type 7)") if told.quartiles else say("No quartiles below four values")
    )
    return [say("Rank 1 is the largest; equal values share a rank: 1, 2, 2, 4"), method, *left_out(told, say)]


def left_out(told: Benchmark, say: Language) -> list[str]:
    """How many have no rank, and why; nothing where all have one."""
    counted = [
        say.many("{n} hidden small number without a rank", "{n} hidden small numbers without a rank", told.hidden) if told.hidden else "",
        say.many("{n} inexact figure without a rank", "{n} inexact figures without a rank", told.inexact) if told.inexact else "",
        say.many("{n} institution without a known number of students", "{n} institutions without a known number of students", told.without)
        if told.without
        else "",
    ]
    return list(filter(None, counted))
