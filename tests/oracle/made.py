"""Random institutions with every gap that real files have. One random number generator per institution: it can be made again alone.

Numbers are missing, zero and large; every text is sometimes missing; countries are unknown, stateless or "foreign, not told which"; domestic
and virtual stays, drafts, open ends, renewals and half-known dates stand among the others. A published number may stand there as a total, by
level, by unit, or several of these at once; then they agree with each other, as in an honest table.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

HOME = "TUR"
AS_OF = date(2025, 10, 1)
YEARS = range(2018, 2026)
UNITS = ("Law", "Arts", "Medicine")
LEVELS = ("short_cycle", "bachelor", "master", "doctorate")
KNOWN = ("DEU", "ITA", "FRA", "JPN", "SYR", "USA", "NGA")
ABROAD = (*KNOWN, *KNOWN, "XXX", "XXA", "XXF", None)
NATIONALITIES = (*KNOWN, *KNOWN, "XXX", "XXA", "XXF", HOME)
PARTNERS = ("Politecnico", " politecnico", "Université", "Universität", "Keio", "Lagos")
FIELDS = ("0", "01", "0111", "02", "06", "061", "10", "XX", None)

Row = dict[str, Any]
Tables = dict[str, list[Row]]


class Dice(random.Random):
    """Chance with the words of tables."""

    def of(self, *words: Any) -> Any:
        return self.choice(words)

    def often(self, chance: float) -> bool:
        return self.random() < chance

    def day(self, first: date, days: int) -> date:
        return first + timedelta(self.randrange(days))

    def number(self) -> int | None:
        return self.of(None, 0, 1, 2, 3, 17, 140)


def institution(number: int) -> Tables:
    """All tables of one institution; some have none of a kind."""
    dice = Dice(number)
    who = f"u{number:03}"
    years = dice.sample(YEARS, dice.randrange(1, len(YEARS)))
    tables = {
        "mobility": [_stay(dice, years) for _ in range(dice.of(0, 5, 40, 90))],
        "country_distribution": [_people(dice, years) for _ in range(dice.of(0, 6, 40, 90))],
        "agreements": [_agreement(dice, n) for n in range(dice.of(0, 1, 8, 20))],
        "yearly_figures": _published(dice, years),
        "activities": [_activity(dice) for _ in range(dice.of(0, 3, 15))],
    }
    return {name: [{"institution": who, "status": _status(dice, row), **row} for row in rows] for name, rows in tables.items()}


def several(count: int) -> Tables:
    """Many institutions in one set of tables."""
    together: Tables = {}
    for number in range(count):
        for name, rows in institution(number).items():
            together.setdefault(name, []).extend(rows)
    return together


def _status(dice: Dice, row: Row) -> str:
    """Some are provisional; of rows without their number it would say nothing."""
    silent = any(name in row and row[name] is None for name in ("participants", "headcount", "value"))
    return "provisional" if dice.often(0.04) and not silent else "final"


def _stay(dice: Dice, years: list[int]) -> Row:
    programme = dice.of("erasmus", "erasmus_ka131", "erasmus_ka171", "mevlana", "orhun", "bilateral", "farabi", None)
    return {
        "academic_year": dice.choice(years), "direction": dice.of("out", "out", "in"),
        "role": dice.of("student", "student", "student", "academic_staff", "administrative_staff", "staff"),
        "activity": dice.of("study", "traineeship", "teaching", "training", "summer_school", "research", "other", None),
        "programme": programme,
        "country": HOME if programme == "farabi" else dice.choice(ABROAD), "partner": dice.of(*PARTNERS, None), "unit": dice.of(*UNITS, None),
        "level": dice.of(*LEVELS, None), "field": dice.choice(FIELDS), "gender": dice.of("female", "male", "other", "undisclosed", None),
        "mode": dice.of("physical", "blended", "virtual", None, None), "fewer_opportunities": dice.of(True, False, None),
        "special_needs": dice.of(True, False, None), "days": dice.of(None, 0, 5, 30, 60, 90, 150.5),
        "participants": dice.number(), "places": dice.of(None, None, 0, 3, 20),
    }  # fmt: skip


def _people(dice: Dice, years: list[int]) -> Row:
    group = dice.of("students", "students", "new_entrants", "graduates", "graduates_mobile", "academic_staff", "administrative_staff")
    return {
        "academic_year": dice.choice(years), "group": group, "level": dice.of(*LEVELS, None), "country": dice.choice(NATIONALITIES),
        "unit": dice.of(*UNITS, None), "gender": dice.of("female", "male", None), "headcount": dice.of(None, 0, 3, 40, 400),
    }  # fmt: skip


def _agreement(dice: Dice, number: int) -> Row:
    starts = dice.day(date(2013, 1, 1), 4700)
    return {
        "agreement": f"A{number}", "partner": dice.choice(PARTNERS), "country": dice.of(*KNOWN, *KNOWN, "XXX"),
        "kind": dice.of("mou", "student_exchange", "erasmus_ka131", "mevlana", None), "unit": dice.of(*UNITS, None, None),
        "programme": dice.of("erasmus", "mevlana", "farabi", None), "stage": dice.of("signed", "active", None, None, "draft", "terminated", "renewed", "expired"),
        "signed": dice.of(None, starts - timedelta(dice.randrange(400)), starts + timedelta(dice.randrange(100))), "starts": starts,
        "ends": dice.of(None, dice.day(starts, 2500), date(starts.year + dice.randrange(1, 7), 8, 31), max(starts, dice.day(AS_OF, 400))),
        "quota_out": dice.of(None, 0, 2, 10), "quota_in": dice.of(None, 0, 2, 10), "months": dice.of(None, 5, 10),
        "renews": f"A{dice.randrange(20)}" if dice.often(0.15) else None,
    }  # fmt: skip


MEASURES = {
    "students": 4000, "new_entrants": 900, "graduates": 700, "graduates_mobile": 90, "academic_staff": 300, "administrative_staff": 200,
    "units": 12, "programmes": 80, "foreign_language_programmes": 20, "international_project_funds": 90000,
}  # fmt: skip
TABLED = {(), ("level",), ("unit",), ("level", "unit")}


def _published(dice: Dice, years: list[int]) -> list[Row]:
    """Of each year some base measures, each as a total, by level, by unit or by both."""
    return [row for year in years for measure in MEASURES if dice.often(0.6) for row in _figures(dice, year, measure)]


def _figures(dice: Dice, year: int, measure: str) -> list[Row]:
    """One number and its parts. Money is of several currencies; a count of units has no parts."""
    cells = {(level, unit): dice.randrange(1, MEASURES[measure]) for level in LEVELS[: dice.randrange(1, 5)] for unit in UNITS}
    if measure == "units":
        return [{"year_from": year, "measure": measure, "value": dice.of(None, 3, 12)}]
    if measure == "international_project_funds":
        return [
            {
                "year_from": year,
                "measure": measure,
                "value": dice.of(None, 0, 1000.5, 90000),
                "currency": dice.of("EUR", "TRY", None),
                "unit": unit,
                "programme": dice.of("horizon_europe", "cost"),
            }
            for unit in dice.of((None,), UNITS)
        ]
    chosen = dice.sample(sorted(TABLED), dice.randrange(1, 4))
    rows = []
    for names in chosen:
        parts: dict[tuple[str | None, str | None], int] = {}
        for (level, unit), number in cells.items():
            key = (level if "level" in names else None, unit if "unit" in names else None)
            parts[key] = parts.get(key, 0) + number
        rows += [{"year_from": year, "measure": measure, "level": level, "unit": unit, "value": n} for (level, unit), n in parts.items()]
    if len(chosen) == 1 and dice.often(0.2):
        dice.choice(rows)["value"] = None
    return rows


KINDS = (
    "event", "fair", "visit_hosted", "visit_made", "delegation", "membership", "project", "programme", "joint_programme",
    "foreign_language_programme", "accreditation", "orientation", "language_course", "infrastructure",
)  # fmt: skip


def _activity(dice: Dice) -> Row:
    day = dice.day(date(2015, 1, 1), 3900)
    return {
        "date": day, "ends": dice.of(None, dice.day(day, 1500)), "kind": dice.choice(KINDS), "title": dice.of("Forum", "Week", "Days"),
        "partner": dice.of(*PARTNERS, None), "country": dice.of(*ABROAD, HOME), "amount": dice.of(None, 5000), "currency": dice.of("EUR", None),
    }  # fmt: skip
