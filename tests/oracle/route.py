"""The second route to a number: plain loops over rows, in the shapes that definitions have. No database, no frames, nothing of the product.

An oracle answers for one institution: (academic year, part) → ``Answer``. Without a breakdown the part is "". A number that is not known is
None: no value. Rules common to all definitions: what nobody told is not zero; an absent part of a breakdown is zero only where that year's
rows all told their part; a value is provisional when a row behind it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from pipelines.codes import countries

Row = Mapping[str, Any]


class House(dict[str, list[Row]]):
    """One institution: its tables, and rows prepared from them."""

    def __init__(self, tables: Mapping[str, list[Row]]) -> None:
        super().__init__(tables)
        self.prepared: dict[Any, list[Row]] = {}


def kept(prepare: Callable[[House], list[Row]]) -> Callable[[House], list[Row]]:
    """Rows that several definitions ask for are prepared once per institution."""

    def asked(house: House) -> list[Row]:
        if prepare not in house.prepared:
            house.prepared[prepare] = prepare(house)
        return house.prepared[prepare]

    return asked


Number = float | None
Place = tuple[int, str]
REGIONS = countries.regions("m49")
NO_COUNTRY = {None, "XXX", "XXA", "XXF"}


class Answer(NamedTuple):
    """A number of one year and part."""

    value: Number
    provisional: bool = False


Answers = dict[Place, Answer]


def part(row: Row, by: str | None) -> str:
    """The part of a breakdown that a row belongs to; "" for rows that do not tell."""
    if by is None:
        return ""
    if by == "region":
        return REGIONS.get(row.get("country") or "", "")
    if by == "field":
        return (row.get("field") or "")[:2]
    return same(row.get(by) or "") if by == "partner" else row.get(by) or ""


def academic(day: date) -> int:
    """The academic year of a day: it begins on 1 September."""
    return day.year - (day.month < 9)


def same(partner: str) -> str:
    """A partner however it is spelled: case and space around it do not tell two apart."""
    return partner.strip().lower()


def parted(rows: Iterable[Row], by: str | None) -> dict[Place, list[Row]]:
    """Rows by year and part."""
    found: dict[Place, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["academic_year"], part(row, by)].append(row)
    return found


def total(numbers: Iterable[Number]) -> Number:
    """The sum of what is known; None where nothing is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def divided(over: Number, under: Number, scale: float = 1) -> Number:
    """A ratio; None where a side is not known or nothing is divided by."""
    return None if over is None or not under else scale * over / under


def soft(rows: Iterable[Row]) -> bool:
    return any(row["status"] == "provisional" for row in rows)


Choose = Callable[[House], Iterable[Row]]
Asked = Callable[[House, str | None], Iterable[Row]]
Value = Callable[[list[Row]], Number]


@dataclass(frozen=True)
class Tally:
    """Rows of a year and part, and what they come to."""

    rows: Choose
    value: Value

    def ask(self, house: House, by: str | None = None) -> Answers:
        return {place: Answer(self.value(rows), soft(rows)) for place, rows in parted(self.rows(house), by).items()}


@dataclass(frozen=True)
class Published:
    """As ``Tally``, where the same number may stand in several tables: which rows are read depends on the breakdown asked for."""

    rows: Asked
    value: Value

    def ask(self, house: House, by: str | None = None) -> Answers:
        return {place: Answer(self.value(rows), soft(rows)) for place, rows in parted(self.rows(house, by), by).items()}


@dataclass(frozen=True)
class Quotient:
    """Two counts divided. ``whole``: breakdowns (or all) whose parts are divided by the undivided count."""

    over: Tally | Published
    under: Tally | Published
    scale: float = 1
    whole: Collection[str] = ()
    wholly: bool = False

    def ask(self, house: House, by: str | None = None) -> Answers:
        undivided = by is None or self.wholly or by in self.whole
        over, under = self.over.ask(house, by), self.under.ask(house, None if undivided else by)
        if undivided:
            pairs = {place: (one, under[place[0], ""]) for place, one in over.items() if (place[0], "") in under}
        else:
            zeros = {(year, key): Answer(0) for year, key in under if key and year in _all_told(over)}
            pairs = {place: ((zeros | over)[place], one) for place, one in under.items() if place in zeros | over}
        return {
            place: Answer(divided(one.value, other.value, self.scale), one.provisional or other.provisional)
            for place, (one, other) in pairs.items()
        }


def _all_told(answers: Answers) -> set[int]:
    """Years in which no row left its part untold."""
    return {year for year, _ in answers} - {year for (year, key), one in answers.items() if not key and one.value != 0}


@dataclass(frozen=True)
class Spread:
    """How weights spread over countries (fields …): ``value`` of the list of weights that are above zero, largest first.

    ``populations``: the headline is the first; by population each has its own answer.
    """

    rows: Choose
    weight: Callable[[Row], Number]
    value: Callable[[list[float]], Number]
    per: str = "country"
    populations: tuple[str, ...] = ()
    scale: float = 1

    def ask(self, house: House, by: str | None = None) -> Answers:
        rows = list(self.rows(house))
        if self.populations and by != "population":
            rows = [row for row in rows if row["population"] == self.populations[0]]
        if by == self.per:
            return self._shares(rows)
        found = {}
        for place, group in parted(rows, by).items():
            weights = sorted(self._weights(group).values(), reverse=True)
            found[place] = Answer(self.value(weights) if weights else None, soft(group))
        return {place: one._replace(value=one.value and one.value * self.scale) for place, one in found.items()}

    def _weights(self, rows: Iterable[Row]) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        for row in rows:
            known = self.per not in ("country", "region") or row.get("country") not in NO_COUNTRY
            if known and part(row, self.per) and self.weight(row):
                found[part(row, self.per)] += self.weight(row) or 0
        return found

    def _shares(self, rows: list[Row]) -> Answers:
        found = {}
        for (year, _), group in parted(rows, None).items():
            weights = self._weights(group)
            found |= {(year, key): Answer(100 * w / sum(weights.values()), soft(group)) for key, w in weights.items()}
        return found


@dataclass(frozen=True)
class Input:
    """Another indicator's value: of the same year, ``lag`` years before, or of one fixed ``year``."""

    oracle: Any
    lag: int = 0
    year: int | None = None


@dataclass(frozen=True)
class Derived:
    """Several indicators' values of one place, computed together."""

    inputs: tuple[Input, ...]
    value: Callable[..., Number]
    counts: tuple[bool, ...] = field(default=())  # which inputs are counts: an absent part may be zero

    def ask(self, house: House, by: str | None = None) -> Answers:
        asked = [{place: one for place, one in given.oracle.ask(house, by).items() if one.value is not None} for given in self.inputs]
        moved = [self._moved(given, answers, self._years(asked)) for given, answers in zip(self.inputs, asked, strict=True)]
        found = {}
        for place in {place for given, answers in zip(self.inputs, moved, strict=True) if given.year is None for place in answers}:
            row = [self._at(answers, place, isinstance(given.oracle, Tally)) for given, answers in zip(self.inputs, moved, strict=True)]
            if all(row):
                found[place] = Answer(self.value(*(one.value for one in row)), any(one.provisional for one in row))
        return found

    @staticmethod
    def _years(asked: list[Answers]) -> set[int]:
        return {year for answers in asked for year, _ in answers}

    @staticmethod
    def _moved(given: Input, answers: Answers, years: set[int]) -> Answers:
        if given.year is not None:
            return {(year, key): one for (told, key), one in answers.items() if told == given.year for year in years}
        return {(year + given.lag, key): one for (year, key), one in answers.items()}

    @staticmethod
    def _at(answers: Answers, place: Place, count: bool) -> Answer | None:
        if place in answers:
            return answers[place]
        return Answer(0) if count and place[1] and place[0] in _all_told(answers) else None
