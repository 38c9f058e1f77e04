"""What is known of every partner in the years that are compared: numbers, how they are written, which strands are alive. Small counts stay
small: a hidden one is written "<5" and weighed as two and a half."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pages.parts import data, register
from pages.parts.selection import Visit
from pipelines import scorecard
from pipelines.language import Language
from pipelines.measure import Value

FLOWS = {"students_out": ("A01",), "students_in": ("A02",), "staff": ("B13", "B03")}
PLACES = "E11"
FEW = 2.5
"""What a hidden number is weighed as: the middle of one to four."""
LEAST = 5
"""Fewer students than that, both ways, have no balance."""


@dataclass
class People:
    """A sum of shown numbers, and how many hidden ones belong to it."""

    shown: float = 0.0
    hidden: int = 0

    def add(self, value: Value) -> None:
        if value.hidden:
            self.hidden += 1
        else:
            self.shown += value.value or 0.0

    @property
    def weighed(self) -> float:
        return self.shown + FEW * self.hidden

    def written(self, say: Language) -> str:
        """12 + 2 × <5."""
        few = f"{self.hidden} × <5" if self.hidden > 1 else "<5"
        return say.number(self.shown) if not self.hidden else few if not self.shown else f"{say.number(self.shown)} + {few}"


@dataclass
class Related:
    """Everything that partners are compared in. ``numbers``: dimension → partner (by name) → number; ``alive`` strands now and ``ever``."""

    numbers: dict[str, dict[str, float | None]] = field(default_factory=dict)
    people: dict[str, dict[str, People]] = field(default_factory=dict)
    alive: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ever: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@data.kept
def related(visit: Visit) -> Related:
    """All partners abroad, in the years that end with the chosen one."""
    made = Related()
    names = [row["partner"] for row in abroad(visit)]
    span = window(visit)
    for dimension, codes in FLOWS.items():
        _flow(visit, made, names, dimension, codes, span)
    made.numbers["balance"] = _balance(made, names)
    made.numbers["places"] = _places(visit, names)
    made.numbers["agreements"] = _agreements(visit, names)
    for one in scorecard.rules().dimension:
        if one.kinds:
            _counted(made, names, one.id, _activities(visit, one.kinds), span, bool(register.activities(visit.institution.id)))
    rows = [
        (row["partner_key"], row["academic_year"], row["academic_year"], row["publications"])
        for row in register.publications(visit.institution.id)
    ]
    known = register.known_partners(visit.institution.id)
    told = ((known[key]["partner"], first, last, amount) for key, first, last, amount in rows)
    _counted(made, names, "publications", told, span, bool(rows))
    return made


def window(visit: Visit) -> range:
    """The years looked at together."""
    last = visit.year or 0
    return range(last - scorecard.rules().years + 1, last + 1)


@data.kept
def abroad(visit: Visit) -> list[data.Row]:
    """Partners in other countries than the institution's own."""
    return [row for row in register.known_partners(visit.institution.id).values() if row["country"] != visit.institution.country]


def _flow(visit: Visit, made: Related, names: list[str], dimension: str, codes: tuple[str, ...], span: range) -> None:
    """People by partner; not known where no partner of these years was told."""
    values = [v for code in codes for v in data.parts(visit.institution.id, code, None, "partner") if v.key and (v.hidden or v.value)]
    people: dict[str, People] = {}
    for value in values:
        made.ever[value.key].add(dimension)
        if value.year_from in span:
            people.setdefault(value.key, People()).add(value)
            made.alive[value.key].add(dimension)
    made.people[dimension] = people
    told = bool(people)
    made.numbers[dimension] = {name: people[name].weighed if name in people else 0.0 if told else None for name in names}


def _balance(made: Related, names: list[str]) -> dict[str, float | None]:
    """100 less the distance between out and in, in per cent of both together."""
    found: dict[str, float | None] = {}
    for name in names:
        out, into = (made.numbers[side][name] or 0.0 for side in ("students_out", "students_in"))
        found[name] = 100 * (1 - abs(out - into) / (out + into)) if out + into >= LEAST else None
    return found


def _places(visit: Visit, names: list[str]) -> dict[str, float | None]:
    found = {v.key: min(v.value, 100.0) for v in data.parts(visit.institution.id, PLACES, visit.year, "partner") if v.value is not None}
    return {name: found.get(name) for name in names}


def _agreements(visit: Visit, names: list[str]) -> dict[str, float | None]:
    rows = register.agreements(visit.institution.id, visit.year) if visit.year else []
    count = Counter(row["partner"] for row in rows if row["active"] and not row["domestic"])
    return {name: float(count[name]) if rows else None for name in names}


def _activities(visit: Visit, kinds: tuple[str, ...]) -> Iterable[tuple[str, int, int, float]]:
    """(partner, first year, last year, 1) of activities of these kinds."""
    for row in register.activities(visit.institution.id):
        if row["partner"] and row["date"] and row["kind"] in kinds:
            first = _academic(row["date"])
            lasting = row["kind"] in ("joint_programme", "project", "programme", "accreditation") and row["ends"] is None
            yield row["partner"], first, 9999 if lasting else _academic(row["ends"] or row["date"]), 1.0


def _academic(day: data.Row) -> int:
    """As ``core.academic``: the year begins on 1 September."""
    return day.year - (day.month < 9)  # type: ignore[attr-defined]


def _counted(made: Related, names: list[str], dimension: str, rows: Iterable[tuple[str, int, int, float]], span: range, told: bool) -> None:
    """What was done together in these years; not known where nothing of the kind was ever handed in."""
    sums: dict[str, float] = defaultdict(float)
    for name, first, last, amount in rows:
        if not amount or first > span[-1]:
            continue
        made.ever[name].add(dimension)
        if last >= span[0]:
            sums[name] += amount
            made.alive[name].add(dimension)
    made.numbers[dimension] = {name: sums.get(name, 0.0) if told else None for name in names}


def verdict(visit: Visit, name: str, total: float | None) -> scorecard.Verdict:
    """The word for a partner."""
    made = related(visit)
    agreements = int(made.numbers["agreements"].get(name) or 0)
    return scorecard.verdict(total, len(made.alive[name]), agreements, len(made.ever[name]))
