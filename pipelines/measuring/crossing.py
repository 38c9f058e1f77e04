"""Values of a sum put together anew: countries into the regions of any scheme, two dimensions into a small table, countries by size.

What is put together is added up from exact values and only then shown to the public: hidden parts are in the sums that are large enough,
and what is hidden here is decided for the sums themselves. For indicators that add up (people, agreements); reported parts are not
used, since only the largest are ever reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines import measure
from pipelines.catalogue import Indicator
from pipelines.codes.countries import SPECIAL
from pipelines.measuring import suppress
from pipelines.measuring.formulas import BETWEEN
from pipelines.measuring.value import Value
from pipelines.settings import settings

if TYPE_CHECKING:
    from pipelines.measure import Audience
    from pipelines.warehouse import Version

REST = "\x1frest"
"""The key of what is beyond the largest."""
MOST = 8
Where = dict[str, str | list[str]]


@dataclass(frozen=True)
class Crossing:
    """A table of two dimensions with at most ``MOST`` keys each, the largest first, the rest together under ``REST``.

    ``cells`` has the whole of a row under (row, ""); ``down`` and ``across`` list the keys in order; ``beyond``: how many keys are in
    the two rests.
    """

    down: tuple[str, ...]
    across: tuple[str, ...]
    cells: dict[tuple[str, str], Value]
    beyond: tuple[int, int]


def grouped(
    version: Version, indicator: Indicator, of: Mapping[str, str], *, institution: str, year: int | None = None, where: Where | None = None,
    audience: Audience = "inside",
) -> list[Value]:  # fmt: skip
    """Countries added up by group, a value per year and group (``by`` region). Countries without a group have the key "": not stated."""
    found = measure.values(version, indicator, institution=institution, year=year, by="country", where=where)
    groups: dict[tuple[int | None, str], list[Value]] = {}
    for value in _added(found):
        groups.setdefault((value.year_from, of.get(value.key, "")), []).append(value)
    sums = [_sum(members, "region", key) for (_, key), members in sorted(groups.items(), key=lambda one: (one[0][0] or 0, one[0][1]))]
    return _shown(sums, indicator, audience)


def crossing(
    version: Version, indicator: Indicator, down: str, across: str, *, institution: str, year: int, where: Where | None = None,
    of: Mapping[str, str] | None = None, audience: Audience = "inside", most: int = MOST,
) -> Crossing:  # fmt: skip
    """A table of two dimensions of one year. "institution": every one of the publication; "region": countries by ``of``."""
    pairs = _pairs(version, indicator, down, across, institution, year, where, of)
    rows, columns = (_ranked(pairs, side, most) for side in (0, 1))
    cells: dict[tuple[str, str], list[Value]] = {}
    for row, column, value in pairs:
        at = (row if row in rows else REST, column if column in columns else REST)
        cells.setdefault(at, []).append(value)
        cells.setdefault((at[0], ""), []).append(value)
    sums = {at: _sum(members, down, BETWEEN.join(at)) for at, members in cells.items()}
    shown = {at: _shown([one], indicator, audience)[0] for at, one in sums.items()}
    beyond = tuple(len({pair[side] for pair in pairs} - set(kept)) for side, kept in enumerate((rows, columns)))
    rest = [(REST,) if many else () for many in beyond]
    return Crossing((*rows, *rest[0]), (*columns, *rest[1]), suppress.crossed(shown), (beyond[0], beyond[1]))


def _pairs(
    version: Version, indicator: Indicator, down: str, across: str, institution: str, year: int, where: Where | None,
    of: Mapping[str, str] | None,
) -> list[tuple[str, str, Value]]:  # fmt: skip
    """(row, column, value) of every pair that occurs."""
    asked = ["country" if side == "region" else side for side in (down, across)]
    if "institution" in asked:
        other = asked[1 - asked.index("institution")]
        values = [v for v in measure.values(version, indicator, year=year, by=other, where=where) if _counts(v)]
        found = [((v.institution, v.key) if asked[0] == "institution" else (v.key, v.institution), v) for v in values]
    else:
        values = [v for v in measure.cells(version, indicator, *asked, institution=institution, year=year, where=where) if _counts(v)]
        found = [(tuple(v.key.split(BETWEEN)), v) for v in values]  # type: ignore[misc]
    groups = [of or {} if side == "region" else None for side in (down, across)]
    return [(_named(row, groups[0]), _named(column, groups[1]), value) for (row, column), value in found]


def _named(key: str, groups: Mapping[str, str] | None) -> str:
    return (key if groups is None else groups.get(key, "")) or NOT_TOLD


NOT_TOLD = "\x1fnone"
"""The key of rows that do not tell; never empty, since (row, "") is the whole of a row."""


def _ranked(pairs: Sequence[tuple[str, str, Value]], side: int, most: int) -> list[str]:
    totals: dict[str, float] = {}
    for down, across, value in pairs:
        key = (down, across)[side]
        totals[key] = totals.get(key, 0.0) + (value.value or 0.0)
    ranked = sorted(totals, key=lambda key: (-totals[key], key))
    return ranked if len(ranked) <= most else ranked[: most - 1]


def amounts(
    version: Version, indicator: Indicator, *, institution: str, year: int, where: Where | None = None, audience: Audience = "inside"
) -> tuple[list[float], int]:
    """What every country has, the smallest first, and how many of them are evened out.

    To the public, countries with a hidden number all have their mean: their sum follows from the total anyway, their order does not. One
    hidden country alone has no mean to hide behind: then there is nothing to show.
    """
    exact = measure.values(version, indicator, institution=institution, year=year, by="country", where=where)
    places = [value for value in _added(exact) if value.key and value.key not in SPECIAL and value.value]
    hidden = {value.key for value in _shown(places, indicator, audience) if value.hidden}
    if len(hidden) == 1:
        return [], 1
    covered = [value.value or 0.0 for value in places if value.key in hidden]
    even = [sum(covered) / len(covered)] * len(covered) if covered else []
    return sorted([*even, *(value.value or 0.0 for value in places if value.key not in hidden)]), len(even)


def gini(sizes: Sequence[float]) -> float:
    """How unequal sizes are: 0 all the same, near 1 one has everything. ``sizes`` stand from the smallest to the largest."""
    n, whole = len(sizes), sum(sizes)
    return 2 * sum(rank * size for rank, size in enumerate(sizes, 1)) / (n * whole) - (n + 1) / n if whole else 0.0


def _counts(value: Value) -> bool:
    return value.origin == "computed" and value.value is not None and not value.domestic


def _added(values: Iterable[Value]) -> list[Value]:
    return [value for value in values if _counts(value)]


def _sum(members: Sequence[Value], by: str, key: str) -> Value:
    first = members[0]
    known = [value.people for value in members if value.people is not None]
    return replace(
        first, by=by, key=key, value=sum(value.value or 0.0 for value in members), people=sum(known) if known else None,
        provisional=any(value.provisional for value in members), numerator=None, denominator=None, other=None,
    )  # fmt: skip


def _shown(values: list[Value], indicator: Indicator, audience: Audience) -> list[Value]:
    return suppress.shown(values, indicator, suppress.Policy(settings().small_numbers)) if audience == "public" else values
