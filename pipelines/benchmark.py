"""One institution among its peers: which figures can be compared, who the peers are, rank and quartiles.

Like is compared with like: values of one indicator, one period and one series – one list of one supplier. An institution's own rows are
never set against somebody else's list; where both exist, its value in that list counts. Hidden and inexact values have no rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING, Literal

from pipelines import layouts, measure
from pipelines.catalogue import indicators
from pipelines.measuring.formulas import Question, aggregate
from pipelines.measuring.value import Value
from pipelines.settings import settings

if TYPE_CHECKING:
    from pipelines.measure import Audience
    from pipelines.warehouse import Version

By = Literal["country", "size", "students", "hand", "all"]
PER = 1000.0
"""A per-capita value is of a thousand enrolled students."""


@dataclass(frozen=True)
class Offer:
    """Something that can be compared: an indicator in a period, from one series, which so many institutions have."""

    indicator: str
    year_from: int
    year_to: int
    series: str
    institutions: int

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"{self.indicator}.{self.year_from}-{self.year_to}.{self.series}"


@dataclass(frozen=True)
class Standing:
    """An institution in the comparison. ``rank`` 1 is the largest; equal values share it, the next is counted on: 1, 2, 2, 4.

    ``quarter``: 4 above the third quartile … 1 up to the first.
    """

    institution: str
    value: float
    rank: int
    shared: bool
    quarter: int


@dataclass(frozen=True)
class Benchmark:
    """The own institution and its peers, the largest first; quartiles of all of them; how many were left out and why."""

    own: str
    standings: tuple[Standing, ...]
    quartiles: tuple[float, float, float] | None
    hidden: int = 0
    inexact: int = 0
    without: int = 0
    """Peers without the number of students that a per-capita value needs."""

    @property
    def mine(self) -> Standing | None:
        """Where the own institution stands; None where it has no value to compare."""
        return next((one for one in self.standings if one.institution == self.own), None)


OFFERS = """
    select indicator, year_from, year_to, series, count(distinct institution) as institutions
    from board.indicator_values
    where "by" = '' and value is not null and year_from is not null
    group by all having count(distinct institution) > 1 and bool_or(institution = ?)
    order by institutions desc, indicator, year_to desc, series"""


def offers(version: Version, institution: str) -> list[Offer]:
    """What the institution can be compared in; that which most others have first."""
    found = [Offer(*row) for row in version.query(OFFERS, [institution])]
    return [offer for offer in found if offer.indicator in indicators()]


def members(version: Version, offer: Offer, audience: Audience = "inside") -> dict[str, Value]:
    """Institution → its value in the series and period of the offer; small numbers hidden from the public."""
    found = measure.values(version, offer.indicator, audience=audience, every_series=True)
    return {v.institution: v for v in found if (v.year_from, v.year_to, v.series) == (offer.year_from, offer.year_to, offer.series)}


def students(version: Version, year: int) -> dict[str, float]:
    """Institution → enrolled students of an academic year, as the rates of the catalogue divide by."""
    asked = aggregate("core.population", "\"group\" = 'students'", "sum(headcount)", Question(year=year), precise=True)
    return {row[0]: row[3] for row in version.query(asked.sql, list(asked.bound)) if row[3] and row[6] in (None, "exact")}


def named(version: Version, offer: Offer) -> bool:
    """Whether the peers may be named: the setting lets them, and so does the licence of every list of the series."""
    if settings().peer_names == "never":
        return False
    rows = version.query("select distinct layout from board.files where series = ? and layout is not null", [offer.series])
    known = [layouts.layout(name) for (name,) in rows if name in layouts.layouts() or name in layouts.sources()]
    return len(known) == len(rows) and all(one.names_shown for one in known)


def chosen(
    own: str, values: Mapping[str, float], by: By, *, country: Mapping[str, str | None] = {}, countries: Iterable[str] = (),
    size: Mapping[str, float] = {}, factor: float = 2.0, hand: Iterable[str] = (),
) -> list[str]:  # fmt: skip
    """The peers among those that have a value, without the own institution.

    By country: of the ``countries``, or of the own one. By size or students: whose ``size`` is between the own ÷ ``factor`` and the
    own × ``factor``; nobody where the own size is not known.
    """
    others = [name for name in values if name != own]
    if by == "country":
        wanted = set(countries) or {country.get(own)} - {None}
        return [name for name in others if country.get(name) in wanted]
    if by in ("size", "students"):
        mine = size.get(own)
        return [name for name in others if mine and name in size and mine / factor <= size[name] <= mine * factor]
    return [name for name in others if by == "all" or name in set(hand)]


def compare(own: str, values: Mapping[str, Value], peers: Sequence[str], per: Mapping[str, float] | None = None) -> Benchmark:
    """Rank and quartiles of the own institution and its peers. ``per``: students to divide by, for values of a thousand of them."""
    asked = [values[name] for name in (own, *peers) if name in values]
    hidden = [value for value in asked if value.hidden]
    inexact = [value for value in asked if not value.hidden and (value.precision or "exact") != "exact"]
    known = {v.institution: float(v.value) for v in asked if v.value is not None and v not in hidden and v not in inexact}
    if per is not None:
        without = len([name for name in known if not per.get(name)])
        known = {name: PER * value / per[name] for name, value in known.items() if per.get(name)}
    else:
        without = 0
    edges = quartiles(list(known.values()))
    ranks = ranked(known)
    shared = {rank for rank in ranks.values() if list(ranks.values()).count(rank) > 1}
    order = sorted(known, key=lambda name: (ranks[name], name != own, name))
    standings = tuple(Standing(name, known[name], ranks[name], ranks[name] in shared, _quarter(known[name], edges)) for name in order)
    return Benchmark(own, standings, edges, len(hidden), len(inexact), without)


def ranked(values: Mapping[str, float]) -> dict[str, int]:
    """Competition ranks, the largest first: 1, 2, 2, 4."""
    ordered = sorted(values.values(), reverse=True)
    first: dict[float, int] = {}
    for place, value in enumerate(ordered, 1):
        first.setdefault(value, place)
    return {name: first[value] for name, value in values.items()}


def quartiles(values: Sequence[float]) -> tuple[float, float, float] | None:
    """The three quartiles, interpolated on a straight line between neighbours (Hyndman–Fan type 7); None below four values."""
    return tuple(quantiles(values, n=4, method="inclusive")) if len(values) >= 4 else None  # type: ignore[return-value]


def _quarter(value: float, edges: tuple[float, float, float] | None) -> int:
    """Which quarter a value is in: 1 up to the first quartile … 4 above the third; 0 where there are none."""
    return 1 + sum(value > edge for edge in edges) if edges else 0
