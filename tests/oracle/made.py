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
SCHOOL = "School of Foreign Languages"
LEVELS = ("short_cycle", "bachelor", "master", "doctorate")
KNOWN = ("DEU", "ITA", "FRA", "JPN", "SYR", "USA", "NGA")
ABROAD = (*KNOWN, *KNOWN, "XXX", "XXA", "XXF", None)
NATIONALITIES = (*KNOWN, *KNOWN, "XXX", "XXA", "XXF", HOME)
PARTNERS = ("Politecnico", " politecnico", "Université", "Universität", "Keio", "Lagos")
FIELDS = ("0", "01", "0111", "02", "06", "061", "10", "XX", None)

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Lands = dict[str | None, str | None]
"""The country of each partner."""


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
    lands = {name: dice.choice(ABROAD[:-1]) for name in PARTNERS} | {" politecnico": None, None: None}
    lands[" politecnico"] = lands["Politecnico"]  # two spellings of one partner
    tables = {
        "mobility": [_stay(dice, years, lands) for _ in range(dice.of(0, 5, 40, 90))],
        "country_distribution": [_people(dice, years) for _ in range(dice.of(0, 6, 40, 90))],
        "agreements": _register(dice, lands),
        "yearly_figures": _published(dice, years),
        "activities": [_activity(dice) for _ in range(dice.of(0, 3, 15))],
        "joint_publications": [_paper(dice, lands, years) for _ in range(dice.of(0, 8, 60))],
        "scores": _scores(dice, years),
        "goals": _goals(dice),
    }
    rows = {name: [{"institution": who, "status": _status(dice, row), **row} for row in rows] for name, rows in tables.items()}
    return rows | _aims(dice, who)


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


def _stay(dice: Dice, years: list[int], lands: Lands) -> Row:
    partner = dice.of(*PARTNERS, None)
    programme = dice.of(
        "erasmus", "erasmus_ka131", "erasmus_ka171", "mevlana", "orhun", "bilateral", "tubitak", "free_mover", "farabi", None
    )
    return {
        "academic_year": dice.choice(years), "direction": dice.of("out", "out", "in"),
        "role": dice.of("student", "student", "student", "academic_staff", "administrative_staff", "staff"),
        "activity": dice.of("study", "traineeship", "teaching", "training", "summer_school", "research", "other", None),
        "programme": programme,
        "country": HOME if programme == "farabi" else lands[partner] or dice.choice(ABROAD), "partner": partner, "unit": dice.of(*UNITS, None),
        "level": dice.of(*LEVELS, None), "field": dice.choice(FIELDS), "gender": dice.of("female", "male", "other", "undisclosed", None),
        "mode": dice.of("physical", "blended", "virtual", None, None), "fewer_opportunities": dice.of(True, False, None),
        "special_needs": dice.of(True, False, None), "days": dice.of(None, 0, 5, 30, 60, 90, 150.5),
        "participants": dice.number(), "places": dice.of(None, None, 0, 3, 20), "grant": dice.of(None, 0, 0, 450.5),
        "nominated": dice.of(None, 0, 4, 20), "withdrawn": dice.of(None, 0, 1, 4), "ects_planned": dice.of(None, 0, 30, 55.5),
        "ects_recognised": dice.of(None, 0, 20, 30),
    }  # fmt: skip


def _people(dice: Dice, years: list[int]) -> Row:
    group = dice.of(
        "students", "students", "new_entrants", "graduates", "graduates_mobile", "academic_staff", "administrative_staff",
        "faculty_members", "returning_students",
    )  # fmt: skip
    return {
        "academic_year": dice.choice(years), "group": group, "level": dice.of(*LEVELS, None), "country": dice.choice(NATIONALITIES),
        "unit": dice.of(*UNITS, None, SCHOOL), "gender": dice.of("female", "male", None), "headcount": dice.of(None, 0, 3, 40, 400),
        "prior_education": dice.of("abroad", "home", None), "teaching_language": dice.of("national", "foreign", "mixed", None),
    }  # fmt: skip


def _agreement(dice: Dice, lands: Lands, number: int, approving: bool) -> Row:
    partner = dice.choice(PARTNERS)
    starts = dice.day(date(2013, 1, 1), 4700)
    return {
        "agreement": f"A{number}", "partner": partner, "country": lands[partner],
        "kind": dice.of("mou", "student_exchange", "erasmus_ka131", "mevlana", None), "unit": dice.of(*UNITS, None, None),
        "programme": dice.of("erasmus", "mevlana", "farabi", None), "stage": dice.of("signed", "active", None, None, "draft", "terminated", "renewed", "expired"),
        "signed": dice.of(None, starts - timedelta(dice.randrange(400)), starts + timedelta(dice.randrange(100))), "starts": starts,
        "ends": dice.of(None, dice.day(starts, 2500), date(starts.year + dice.randrange(1, 7), 8, 31), max(starts, dice.day(AS_OF, 400))),
        "quota_out": dice.of(None, 0, 2, 10), "quota_in": dice.of(None, 0, 2, 10), "months": dice.of(None, 5, 10),
        "months_out": dice.of(None, None, 0, 20), "months_in": dice.of(None, None, 0, 30.5), "blended": dice.of(None, True, False),
        "ewp_approved": dice.day(starts, 800) if approving and dice.often(0.6) else None,
        "renews": f"A{dice.randrange(20)}" if dice.often(0.15) else None,
    }  # fmt: skip


OFTEN = {
    "students": 4000, "new_entrants": 900, "graduates": 700, "graduates_mobile": 90, "academic_staff": 300, "administrative_staff": 200,
    "faculty_members": 150, "international_patents": 5,
}  # fmt: skip
COUNTS = (
    "students_fte", "outgoing_persons", "staff_language_training", "programmes", "foreign_language_programmes", "bachelor_programmes",
    "partly_foreign_bachelor_programmes", "accreditable_programmes", "accredited_programmes", "foreign_language_courses", "courses",
    "joint_programme_students", "joint_programme_graduates", "preparatory_enrolled", "preparatory_passed", "doctorates",
    "international_doctorates", "cotutelle_doctorates", "publications", "international_publications", "lmic_publications",
    "horizon_applications", "horizon_accepted", "researchers_in_international_projects", "research_projects",
    "internationally_funded_projects",
)  # fmt: skip
ADMISSION = ("mobility_applications", "mobility_places", "international_applications", "international_admissions")
SINGLE = ("units", "iia_waiting", "iia_waiting_us", "iia_waiting_partner", "contracted_participants", "international_office_fte")
MONEY = ("erasmus_grant_awarded", "erasmus_grant_spent", "internationalisation_budget", "total_budget")
SCHOLARSHIPS = ("scholarship_budget", "scholarship_budget_international")
VALUES = {"level": LEVELS, "unit": UNITS, "programme": ("erasmus", "mevlana"), "country": ("DEU", "JPN", "XXX")}


def _published(dice: Dice, years: list[int]) -> list[Row]:
    """Of each year some base measures."""
    rows = []
    for year in years:
        rows += [row for name, most in OFTEN.items() if dice.often(0.5) for row in _tabled(dice, name, most, ("level", "unit"))]
        rows += [row for name in COUNTS if dice.often(0.2) for row in _tabled(dice, name, 40, ("level", "unit"))]
        names = dice.of(("programme", "country"), ("level", "unit"))
        rows += [row for name in ADMISSION if dice.often(0.5) for row in _tabled(dice, name, 40, names)]
        rows += [{"measure": name, "value": dice.of(None, 0, 2.5, 12)} for name in SINGLE if dice.often(0.4)]
        column = dice.of(None, "level", "unit", "country")
        rows += [row for name in SCHOLARSHIPS if dice.often(0.7) for row in _amounts(dice, name, column)]
        rows += [row for name in MONEY if dice.often(0.5) for row in _amounts(dice, name, None)]
        rows += _amounts(dice, "international_project_funds", dice.of(None, "unit", "programme"))
        rows = [{"year_from": year} | row for row in rows]
    return rows


def _tabled(dice: Dice, measure: str, most: int, names: tuple[str, str]) -> list[Row]:
    """One number as a total, by one column, by the other or by both; or several of these, which then agree. One table may have a hole."""
    first, second = (VALUES[name] for name in names)
    cells = {(one, other): dice.randrange(1, most) for one in first[: dice.randrange(1, 5)] for other in second}
    chosen = dice.sample([(), names[:1], names[1:], names], dice.randrange(1, 4))
    rows = []
    for kept in chosen:
        parts: dict[tuple[str | None, ...], int] = {}
        for cell, number in cells.items():
            key = tuple(word if name in kept else None for name, word in zip(names, cell, strict=True))
            parts[key] = parts.get(key, 0) + number
        rows += [{"measure": measure, **dict(zip(names, key, strict=True)), "value": number} for key, number in parts.items()]
    if len(chosen) == 1 and dice.often(0.2):
        dice.choice(rows)["value"] = None
    return rows


def _amounts(dice: Dice, measure: str, column: str | None) -> list[Row]:
    """Money: in one currency or in two, or none told; in all or by a column."""
    currencies = dice.of(("EUR",), ("EUR",), ("TRY",), ("EUR", "TRY"), (None,))
    words = VALUES[column] if column else (None,)
    return [
        {"measure": measure, "value": dice.of(None, 0, 1000.5, 90000), "currency": currency, column or "unit": word}
        for currency in currencies
        for word in words
    ]


KINDS = (
    "event", "fair", "visit_hosted", "visit_made", "delegation", "membership", "project", "programme", "joint_programme",
    "foreign_language_programme", "accreditation", "orientation", "language_course", "infrastructure",
)  # fmt: skip


def _activity(dice: Dice) -> Row:
    day = dice.day(date(2015, 1, 1), 3900)
    return {
        "date": day, "ends": dice.of(None, dice.day(day, 1500)), "kind": dice.choice(KINDS), "title": dice.of("Forum", "Week", "Days"),
        "partner": dice.of(*PARTNERS, None), "country": dice.of(*ABROAD, HOME), "amount": dice.of(None, 5000), "currency": dice.of("EUR", "TRY", None),
        "programme": dice.of("erasmus_ka2", "erasmus_ka2", "horizon_europe", "cost", None),
    }  # fmt: skip


def _register(dice: Dice, lands: Lands) -> list[Row]:
    """A register of agreements; some tell when an agreement was approved in EWP."""
    approving = dice.often(0.6)
    return [_agreement(dice, lands, number, approving) for number in range(dice.of(0, 1, 8, 20))]


def _paper(dice: Dice, lands: Lands, years: list[int]) -> Row:
    """Publications written together; often of a row of years, else there would be no five years together."""
    partner = dice.of(*PARTNERS, *PARTNERS, None)
    return {
        "academic_year": dice.of(dice.choice(years), *range(2018, 2024)), "partner": partner,
        "country": lands[partner] or dice.of(*KNOWN, "XXX", HOME), "publications": dice.of(None, 0, 1, 2, 5, 30),
    }  # fmt: skip


def _scores(dice: Dice, years: list[int]) -> list[Row]:
    """Own grades, scores and surveys, and ranks of partners; a ranking may stand there in two editions."""
    rows: list[Row] = []
    for year in years:
        edition = lambda: dice.of(str(year + 1), str(year + 2))  # noqa: E731, B023
        for criterion in ("a51", "a52", "a53"):
            rows += [{"scheme": "yokak", "criterion": criterion, "score": dice.of(None, 1, 3, 5)}] * dice.often(0.3)
        for scheme, criterion in (
            ("the", "international_outlook"), ("the", "overall"), ("qs", "international_faculty"), ("qs", "international_students"),
            ("qs", "research_network"), ("qs", "overall"),
        ):  # fmt: skip
            editions = dict.fromkeys(edition() for _ in range(dice.of(0, 0, 1, 2)))
            rows += [{"scheme": scheme, "criterion": criterion, "edition": one, "score": dice.of(None, 12.5, 80)} for one in editions]
        rows += [
            {
                "scheme": "survey", "criterion": "satisfaction", "direction": dice.of("out", "in", None), "edition": str(number),
                "score": dice.of(None, 3.5, 4.25), "responses": dice.of(None, 0, 12, 40), "invited": dice.of(None, 40, 120),
            }
            for number in range(dice.of(0, 0, 1, 4))
        ]  # fmt: skip
        ranked = {(dice.of("arwu", "qs", "the"), dice.choice(PARTNERS), edition()) for _ in range(dice.of(0, 0, 8))}
        rows += [
            {"scheme": scheme, "criterion": "overall", "partner": partner, "edition": one, "rank": dice.of(None, 1, 500, 501)}
            for scheme, partner, one in sorted(ranked)
        ]
        rows = [{"academic_year": year} | row for row in rows]
    return rows


def _goals(dice: Dice) -> list[Row]:
    """What some aim for: of the whole or of a unit, with a weight or none, on a straight or a stepped path."""
    wanted = dice.sample([(code, unit) for code in ("A01", "A02", "A39", "C02", "E02") for unit in (None, "Law")], dice.of(0, 0, 3, 6))
    return [
        {
            "policy": "plan", "indicator": code, "unit": unit if code == "A01" else None, "baseline_year": (first := dice.randrange(2016, 2021)),
            "baseline": dice.of(0, 10, 150.5), "target_year": first + dice.randrange(1, 6), "target": dice.of(40, 200),
            "weight": dice.of(None, 0, 12.5, 60), "path": dice.of(None, "linear", "stepped"),
        }
        for code, unit in wanted
        if code == "A01" or unit is None
    ]  # fmt: skip


def _aims(dice: Dice, who: str) -> dict[str, list[Any]]:
    """What the policies of some name: priority countries, wanted shares of regions."""
    wanted = dice.of((), (("europe", 0.5), ("asia", 0.3), ("africa", 0.2)))
    return {
        "core.priority_countries": [{"who": who, "country": country} for country in dice.of((), ("DEU", "JPN"))],
        "core.region_targets": [{"who": who, "region": region, "share": share} for region, share in wanted],
    }
