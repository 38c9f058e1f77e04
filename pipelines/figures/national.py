"""A country's institutions as figures: a dot each on one line with the quantiles marked, and its numbers side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.figures import values as words
from pipelines.figures.model import Cell, Column, Figure, Point, Role, Series, Table
from pipelines.figures.peers import left_out, rank
from pipelines.figures.time import definition, unit_words
from pipelines.language import Language

if TYPE_CHECKING:
    from pipelines.benchmark import Standing
    from pipelines.catalogue import Indicator
    from pipelines.measure import Value
    from pipelines.national import Nation


def nation(
    indicator: Indicator, told: Nation, names: Mapping[str, str], say: Language, *,
    when: str, who: str, per_students: bool = False, source: str = "", note: str = "",
) -> Figure:  # fmt: skip
    """``names``: institution → what it is called here, also “Institution 17”; ``who``: the country. The own one, if any, stands out."""
    unit, decimals = scale(indicator, per_students)
    mine = [one for one in told.among.standings if one.institution == told.among.own]
    others = [one for one in told.among.standings if one.institution != told.among.own]
    rest: tuple[str, list[Standing], Role] = (say("institutions"), others, "muted")
    own: tuple[str, list[Standing], Role] = (names.get(told.among.own, ""), mine, "first")
    series = tuple(Series(name, _dots(rows, names, unit, decimals, say), role) for name, rows, role in (rest, own) if rows)
    title = say.pick(indicator.title)
    measured = say("{title} per 1,000 students", title=title) if per_students else title
    columns = (Column(say("Rank")), Column(say("Institution")), Column(measured, unit, decimals), Column(say("Quarter")))
    said = _title(told, unit, decimals, say)
    below = " · ".join(filter(None, (who, measured, "" if per_students else unit_words(indicator.unit, say), when)))
    remarks = " · ".join(filter(None, (note, *_left(told, say))))
    alt, name = say("One dot an institution. {title}.", title=said), f"{indicator.code}_{indicator.id}_nation"
    return Figure(
        "dots", said, below, series, Table(columns, _rows(told, names, say)), unit, decimals, remarks, source, alt, name, say.code,
        _marks(told, unit, decimals, say), definition=definition(indicator, say),
    )  # fmt: skip


def scale(indicator: Indicator, per_head: bool) -> tuple[str, int]:
    """Unit and decimals of the numbers: those of the indicator, or of a number per head."""
    return ("ratio", 1) if per_head else (indicator.unit, indicator.decimals)


def whole(value: Value | None, indicator: Indicator, say: Language, *, per_head: bool = False) -> str:
    """The country's number as people read it; a number per head has a decimal of its own."""
    unit, decimals = scale(indicator, per_head)
    return words.written(value, indicator.model_copy(update={"unit": unit, "decimals": decimals}), say)


def shares(told: Nation, indicator: Indicator, say: Language, *, per_head: bool = False) -> list[tuple[str, str]]:
    """Each quantile written, with what it says."""
    unit, decimals = scale(indicator, per_head)
    named = {share: say("{n} % of the institutions shown have at most so much", n=share) for share in told.quantiles} | {50: say("median")}
    return [(say.number(edge, unit, _finer(edge, decimals)), named[share]) for share, edge in told.quantiles.items()]


def _finer(edge: float, decimals: int) -> int:
    """A quantile between two whole numbers has a decimal more."""
    return decimals + (round(edge, decimals) != edge)


def _dots(rows: list[Standing], names: Mapping[str, str], unit: str, decimals: int, say: Language) -> tuple[Point, ...]:
    return tuple(Point(names[one.institution], one.value, say.number(one.value, unit, decimals)) for one in rows)


def _marks(told: Nation, unit: str, decimals: int, say: Language) -> tuple[tuple[float, str], ...]:
    """The quartiles with their names, as among peers; the outer tenths as plain lines, since words would not fit beside them."""
    named = {25: say("Q1"), 50: say("median"), 75: say("Q3")}
    return tuple(
        (edge, f"{named[share]} {say.number(edge, unit, _finer(edge, decimals))}" if share in named else "")
        for share, edge in told.quantiles.items()
    )


def _rows(told: Nation, names: Mapping[str, str], say: Language) -> tuple[tuple[Cell, ...], ...]:
    return tuple((rank(one, say), names[one.institution], one.value, say.number(one.quarter or None)) for one in told.among.standings)


def _title(told: Nation, unit: str, decimals: int, say: Language) -> str:
    many = say.number(len(told.among.standings))
    if 25 not in told.quantiles:
        return say.many("{n} institution has a value to compare", "{n} institutions have a value to compare", len(told.among.standings))
    low, middle, high = (say.number(told.quantiles[share], unit, _finer(told.quantiles[share], decimals)) for share in (25, 50, 75))
    return say(
        "Half of the {n} institutions shown lie between {low} and {high}; the median is {middle}", n=many, low=low, high=high, middle=middle
    )


def _left(told: Nation, say: Language) -> list[str]:
    """How ranks and quantiles are made, and who has no dot."""
    return [
        say("Rank 1 is the largest; equal values share a rank: 1, 2, 2, 4"),
        say("Quantiles of all shown, interpolated between neighbours (type 7)") if told.quantiles else "",
        say.many("{n} institution without a value: missing, not zero", "{n} institutions without a value: missing, not zero", told.without)
        if told.without
        else "",
        *left_out(told.among, say),
    ]
