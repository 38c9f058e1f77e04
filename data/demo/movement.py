"""Mobility of the fictional university: who went and came, one list per academic year."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from data.demo import world

Stay = dict[str, Any]
PROGRAMMES_OUT = {"erasmus_ka131": 68, "erasmus_ka171": 5, "mevlana": 5, "orhun": 3, "bilateral": 12, "summer_school": 7}
PROGRAMMES_IN = {"erasmus_ka131": 48, "erasmus_ka171": 8, "mevlana": 12, "orhun": 7, "bilateral": 12, "summer_school": 13}
LEVELS = {"bachelor": 76, "master": 17, "doctorate": 6, "short_cycle": 1}
GENDERS = {"female": 56, "male": 43, "undisclosed": 1}
TOGETHER = {1: 5, 2: 4, 3: 3, 4: 2}  # people whom the office counts in one line
DAYS = {
    "study": (120, 135, 150, 150, 165, 270),
    "traineeship": (60, 75, 90, 90, 120),
    "summer_school": (14, 21, 28),
    "research": (30, 45, 90),
    "teaching": (5, 5, 7),
    "training": (5, 5, 7),
}
MEVLANA_STAFF = (7, 7, 10, 14)  # the programme asks for at least a week
OPEN = {"summer_school": ("bilateral", "erasmus_ka131", "mevlana")}  # whose partners a programme without its own may go to
NOT_COUNTED = ("participants", "places")
GRANTS = {"study": (1950, 2400, 2700, 3150), "traineeship": (1500, 1950, 2250), "research": (900, 1350)}  # euros a person
CREDITS = {True: 30, False: 60}  # of a stay of up to a term, of a longer one
LATER = ("special_needs", "grant", "nominated", "withdrawn", "ects_planned", "ects_recognised")
LONG_VISITS = (30, 45, 60)  # Erasmus+ lets staff stay for two months


def year(start: int) -> list[dict[str, Any]]:
    """All rows of one academic year; stays that differ in nothing are one row."""
    chance = world.stream("mobility", start)
    stays = [
        *_students(chance, start, "out", world.STUDENTS_OUT[start], virtual=world.VIRTUAL_OUT[start]),
        *_students(chance, start, "in", world.STUDENTS_IN[start]),
        *_staff(chance, start, "out", world.STAFF_OUT[start]),
        *_staff(chance, start, "in", world.STAFF_IN[start]),
        *_farabi(chance, start, "out", world.FARABI_OUT[start]),
        *_farabi(chance, start, "in", world.FARABI_IN[start]),
    ]
    rows = [_row(start, key, number, chance) for key, number in _together(stays).items()]
    later = world.stream("what came of it", start)
    return [row | dict.fromkeys(LATER) | _outcome(later, row) for row in rows]


def _together(stays: list[tuple[Stay, int]]) -> Counter[tuple[tuple[str, Any], ...]]:
    counted: Counter[tuple[tuple[str, Any], ...]] = Counter()
    for stay, number in stays:
        counted[tuple(stay.items())] += number
    return counted


def _row(start: int, key: tuple[tuple[str, Any], ...], number: int, chance: random.Random) -> dict[str, Any]:
    stay = dict(key)
    offered = stay["direction"] == "out" and stay["role"] == "student" and stay["activity"] == "study" and stay["mode"] == "physical"
    places = number + world.pick(chance, {0: 11, 1: 5, 2: 1 + max(0, 2022 - start) // 2}) if offered else None
    return {"institution": "demo", "academic_year": start, **stay, "places": places, "participants": number}


def _outcome(chance: random.Random, row: dict[str, Any]) -> dict[str, Any]:
    """What an office notes later: grants, who withdrew, credits; visiting academics who stayed for a month and longer."""
    abroad = row["direction"] == "out" and row["role"] == "student" and row["programme"] != "farabi" and row["mode"] != "virtual"
    if not abroad:
        visitor = row["direction"] == "in" and row["role"] == "academic_staff" and row["participants"] == 1
        return {"days": chance.choice(LONG_VISITS)} if visitor and chance.random() < 0.28 else {}
    people, start = row["participants"], row["academic_year"]
    found: dict[str, Any] = {"special_needs": people == 1 and chance.random() < 0.03}
    if row["programme"].startswith("erasmus"):
        granted = chance.random() < 0.82 - 0.012 * (start - 2015)
        found["grant"] = chance.choice(GRANTS.get(row["activity"], (600,))) if granted else 0
    found["withdrawn"] = world.pick(chance, {0: 78, 1: 15, 2: 5, 4: 12 if start in (2019, 2020) else 1})
    found["nominated"] = people + found["withdrawn"]
    if row["activity"] == "study" and row["days"] >= 60:
        found["ects_planned"] = people * CREDITS[row["days"] <= 165]
        found["ects_recognised"] = found["ects_planned"] - chance.choice((0, 0, 0, 3, 5, 6, 12)) * people
    return found


def _groups(chance: random.Random, total: int) -> Iterator[int]:
    while total > 0:
        number = min(total, world.pick(chance, TOGETHER))
        yield number
        total -= number


def _students(chance: random.Random, start: int, direction: str, total: int, virtual: int = 0) -> Iterator[tuple[Stay, int]]:
    mix = dict(PROGRAMMES_OUT if direction == "out" else PROGRAMMES_IN)
    if start in (2020, 2021):
        mix["mevlana"] = mix["summer_school"] = 1
    for number in _groups(chance, total):
        yield _student(chance, start, direction, world.pick(chance, mix)), number
    for number in _groups(chance, virtual):
        yield _student(chance, start, direction, "erasmus_ka131") | {"mode": "virtual", "activity": "study", "days": 30}, number


def _student(chance: random.Random, start: int, direction: str, programme: str) -> Stay:
    country, partner = _place(chance, start, direction, programme)
    level = world.pick(chance, LEVELS)
    activity = _activity(chance, start, programme, level)
    unit = world.pick(chance, {unit: unit.weight for unit in world.UNITS if unit.since <= start})
    blended = start >= 2021 and programme == "erasmus_ka131" and activity == "study" and chance.random() < 0.05
    fewer = direction == "out" and chance.random() < 0.05 + 0.009 * (start - 2015)
    return {
        "direction": direction, "role": "student", "activity": activity, "programme": programme, "country": country, "partner": partner,
        "unit": unit.name, "level": level, "field": chance.choice(unit.fields), "gender": world.pick(chance, GENDERS),
        "mode": "blended" if blended else "physical", "fewer_opportunities": fewer if direction == "out" else None,
        "days": chance.choice((7, 10, 14)) if blended else chance.choice(DAYS[activity]),
    }  # fmt: skip


def _activity(chance: random.Random, start: int, programme: str, level: str) -> str:
    if programme == "summer_school":
        return "summer_school"
    if programme.startswith("erasmus") and chance.random() < 0.14 + 0.012 * (start - 2015):
        return "traineeship"
    return "research" if level == "doctorate" and chance.random() < 0.3 else "study"


def _place(chance: random.Random, start: int, direction: str, programme: str) -> tuple[str, str]:
    """Country and partner. Over the years the weights even out: exchange spreads."""
    open_to = OPEN.get(programme, (programme,))
    flatter = 1.35 - 0.05 * (start - 2015)
    weights = {
        country: (country.weight_out if direction == "out" else country.weight_in) ** flatter
        for country in world.countries()
        if country.since <= start and set(country.programmes) & set(open_to)
    }
    country = world.pick(chance, weights)
    names = world.partners()[country.code]
    names = names[: max(2, len(names) - 1 - len(names) // 4)]  # the rest are partners on paper only
    return country.code, world.pick(chance, {name: 1 / (place + 1) for place, name in enumerate(names)})


def _staff(chance: random.Random, start: int, direction: str, total: int) -> Iterator[tuple[Stay, int]]:
    for _ in range(total):
        role = world.pick(chance, {"academic_staff": 78, "administrative_staff": 22 if start >= 2017 else 10})
        activity = "training" if role == "administrative_staff" else world.pick(chance, {"teaching": 68, "training": 32})
        programme = world.pick(chance, {"erasmus_ka131": 74, "erasmus_ka171": 12, "mevlana": 9, "orhun": 5})
        country, partner = _place(chance, start, direction, programme)
        unit = world.pick(chance, {unit: unit.weight for unit in world.UNITS if unit.since <= start})
        stay = {
            "direction": direction, "role": role, "activity": activity, "programme": programme, "country": country, "partner": partner,
            "unit": "Rektörlük (Rectorate)" if role == "administrative_staff" else unit.name, "level": None, "field": None,
            "gender": world.pick(chance, GENDERS), "mode": "physical", "fewer_opportunities": None,
            "days": chance.choice(MEVLANA_STAFF if programme == "mevlana" else DAYS[activity]),
        }  # fmt: skip
        yield stay, 1


def _farabi(chance: random.Random, start: int, direction: str, total: int) -> Iterator[tuple[Stay, int]]:
    for number in _groups(chance, total):
        unit = world.pick(chance, {unit: unit.weight for unit in world.UNITS if unit.since <= start})
        stay = {
            "direction": direction, "role": "student", "activity": "study", "programme": "farabi", "country": world.HOME,
            "partner": chance.choice(world.DOMESTIC), "unit": unit.name, "level": "bachelor", "field": chance.choice(unit.fields),
            "gender": world.pick(chance, GENDERS), "mode": "physical", "fewer_opportunities": None, "days": chance.choice(DAYS["study"]),
        }  # fmt: skip
        yield stay, number
