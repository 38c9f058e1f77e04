"""A country's institutions together: its own number, per head, quantiles, how many have a value at all. For a ministry.

The country's number is pooled from what institutions count, never averaged: counts are added up, a rate is the sum of the numerators over
the sum of the denominators. Where counts cannot be added – the same partner country stands in many registers – there is none. Like is
compared with like, as in ``pipelines.benchmark``: one indicator, one period, one series. Missing is not zero: who has no value is counted.

A total would give back the one small number among its parts: then it is hidden too, by the same hand that hides parts in a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import quantiles
from typing import TYPE_CHECKING, Literal

from pipelines import benchmark, measure
from pipelines.benchmark import PER, Benchmark, Offer
from pipelines.catalogue import Indicator, indicators
from pipelines.figures.values import yearly
from pipelines.measuring import suppress
from pipelines.measuring.value import Value

if TYPE_CHECKING:
    from pipelines.warehouse import Version

Pooling = Literal["sum", "ratio"]
HEADS = 100_000
"""Inhabitants that a number per head of the population is of."""
SHARES = (10, 25, 50, 75, 90)
"""The quantiles, in per cent of the institutions."""
ENOUGH = 10
"""Values from which a tenth means something; the quartiles of fewer are those of ``benchmark``."""
APART = frozenset({"countries", "partners", "amount", "index", "points"})
"""Units that institutions do not add up to: what one counts another counts too, or the money is of several currencies."""
SHARED = re.compile(r"distinct (country|partner|currency)|\b(list_)?avg\(|\bmax\(")
"""Parts of a formula that hold within one institution only."""


@dataclass(frozen=True)
class Nation:
    """One indicator in one period over a country's institutions.

    ``whole`` is the country's number, with ``hidden`` set where it would give a small number back; None where it cannot be pooled or nobody
    has a value. ``pooled`` is how many institutions it is made of. ``quantiles`` are of the values that have a rank; ``asked`` is how many
    institutions there are, ``told`` how many have a value, shown or hidden.
    """

    whole: Value | None
    pooled: int
    among: Benchmark
    quantiles: dict[int, float]
    asked: int
    told: int

    @property
    def without(self) -> int:
        """Institutions of the country without a value: not zero, but not told."""
        return self.asked - self.told


OFFERS = """
    select indicator, year_from, year_to, series, count(distinct institution) as institutions
    from board.indicator_values join board.institutions using (institution)
    where "by" = '' and value is not null and year_from is not null and country = ?
    group by all having count(distinct institution) > 1
    order by indicator, year_to desc, institutions desc, series"""
HOUSES = """
    select institution from board.institutions where country = ?
    and institution in (select institution from board.indicator_values) order by 1"""


def offers(version: Version, country: str) -> list[Offer]:
    """What at least two institutions of the country have from one series: by indicator, the newest period first."""
    return [offer for offer in (Offer(*row) for row in version.query(OFFERS, [country])) if offer.indicator in indicators()]


def houses(version: Version, country: str) -> tuple[str, ...]:
    """The country's institutions of which the store has any figure."""
    return tuple(name for (name,) in version.query(HOUSES, [country]))


def members(version: Version, offer: Offer, country: str) -> list[Value]:
    """Exact values of the country's institutions in the offer's series, of all periods. For this module's own sums: nobody sees them."""
    mine = set(houses(version, country))
    found = measure.values(version, offer.indicator, every_series=True)
    return [value for value in found if value.series == offer.series and value.institution in mine]


def of_period(values: Iterable[Value], offer: Offer) -> list[Value]:
    """Those of the offer's own period."""
    return [value for value in values if (value.year_from, value.year_to) == (offer.year_from, offer.year_to)]


def pooling(indicator: Indicator) -> Pooling | None:
    """How a country's number follows from its institutions' numbers; None where it does not."""
    formula = indicator.formula
    if indicator.shape == "sum":
        return None if indicator.unit in APART or SHARED.search(formula.value or "") else "sum"
    if indicator.shape == "ratio":
        under = formula.denominator.value if formula.denominator else ""
        return None if SHARED.search(f"{formula.numerator} {under}") else "ratio"
    inputs = [pooling(indicators()[one.indicator]) for one in formula.inputs.values()]
    if not inputs or set(inputs) != {"sum"}:
        return None
    name = r"(\w+)"
    if re.fullmatch(rf"{name}( [+-] {name})*", formula.value or ""):
        return "sum"
    return "ratio" if re.fullmatch(rf"{name} / nullif\({name}, 0\)", formula.value or "") else None


def pool(indicator: Indicator, values: Iterable[Value]) -> list[Value]:
    """The values that a country's number is made of: of a rate, those whose numerator and denominator are known."""
    how, told = pooling(indicator), [value for value in values if value.value is not None]
    if how == "ratio":
        return [value for value in told if value.numerator is not None and value.denominator]
    return told if how == "sum" else []


def pooled(indicator: Indicator, values: Sequence[Value], country: str) -> Value | None:
    """The country's exact number from the values of one period; None where there is nothing to pool."""
    parts = pool(indicator, values)
    if not parts:
        return None
    people = [one.people for one in parts if one.people is not None]
    made = replace(
        parts[0], institution=country, origin="computed", precision=_precision(parts), people=sum(people) if people else None,
        provisional=any(one.provisional for one in parts), numerator=None, denominator=None, other=None, file=None,
    )  # fmt: skip
    if pooling(indicator) == "sum":
        return replace(made, value=sum(one.value or 0.0 for one in parts))
    over, under = sum(one.numerator or 0.0 for one in parts), sum(one.denominator or 0.0 for one in parts)
    return replace(made, value=indicator.formula.scale * over / under if under else None, numerator=over, denominator=under)


def _precision(parts: Sequence[Value]) -> str:
    """Exact where all are; a bound where all inexact ones are the same bound; else about."""
    inexact = {one.precision for one in parts} - {"exact", None, ""}
    return "exact" if not inexact else inexact.pop() if len(inexact) == 1 else "about"


def whole(indicator: Indicator, values: Sequence[Value], country: str, policy: suppress.Policy) -> Value | None:
    """The country's number of one period as it may be shown: hidden where it is small itself or tells the only small part."""
    made = pooled(indicator, values, country)
    if made is None:
        return None
    cells = {("", one.institution): one for one in suppress.shown(pool(indicator, values), indicator, policy)}
    (total,) = suppress.shown([made], indicator, policy)
    return suppress.crossed({**cells, ("", ""): total}, known=cells)["", ""]


def course(indicator: Indicator, values: Iterable[Value], country: str, policy: suppress.Policy) -> list[Value]:
    """The country's number of every year, as it may be shown. How many institutions it is made of changes with the years."""
    years: dict[int, list[Value]] = {}
    for value in values:
        if yearly(value):
            years.setdefault(value.year_from or 0, []).append(value)
    found = [whole(indicator, years[year], country, policy) for year in sorted(years)]
    return [value for value in found if value is not None]


def nation(
    indicator: Indicator, values: Sequence[Value], houses: Sequence[str], own: str, country: str, policy: suppress.Policy, *,
    per: Mapping[str, float] | None = None,
) -> Nation:  # fmt: skip
    """The country in one period, from exact values of it. ``per``: students of each institution; then all numbers are of a thousand."""
    shown = {value.institution: value for value in suppress.shown(values, indicator, policy)}
    among = benchmark.compare(own, shown, [name for name in shown if name != own], per)
    made = whole(indicator, values, country, policy)
    parts = pool(indicator, values)
    if per is not None:
        parts = [value for value in parts if per.get(value.institution)]
        made = per_students(indicator, values, country, policy, per)
    told = {value.institution for value in values if value.value is not None}
    return Nation(made, len(parts), among, spread([one.value for one in among.standings]), len(houses), len(told & set(houses)))


def spread(values: Sequence[float]) -> dict[int, float]:
    """Share of the institutions in per cent → the value that so many do not exceed (type 7, as the quartiles of ``benchmark``)."""
    if len(values) < ENOUGH:
        edges = benchmark.quartiles(values)
        return dict(zip((25, 50, 75), edges, strict=True)) if edges else {}
    twentieths = quantiles(values, n=20, method="inclusive")
    return {share: twentieths[share // 5 - 1] for share in SHARES}


def per_students(
    indicator: Indicator, values: Sequence[Value], country: str, policy: suppress.Policy, students: Mapping[str, float]
) -> Value | None:
    """The country's count of a thousand of its students: of the institutions that have both. Hidden where the number, or what the whole
    has more than it, would give the only small number back."""
    if pooling(indicator) != "sum":
        return None
    both = [value for value in values if students.get(value.institution)]
    rest = [value for value in values if not students.get(value.institution)]
    made = whole(indicator, both, country, policy)
    if made is None:
        return None
    beyond = whole(indicator, rest, country, policy)
    if made.hidden or (beyond is not None and beyond.hidden):
        return replace(made, hidden=True, few=False, value=None, people=None)
    return _divided(made, PER, sum(students[one.institution] for one in pool(indicator, both)))


def per_inhabitants(count: Value | None, inhabitants: float | None) -> Value | None:
    """A country's count of 100,000 inhabitants; None where either is not known."""
    return None if count is None or not inhabitants else count if count.hidden else _divided(count, HEADS, inhabitants)


def _divided(count: Value, per: float, by: float) -> Value:
    return replace(count, value=None if count.value is None or not by else per * count.value / by, numerator=count.value, denominator=by)
