"""People of the fictional university by nationality: students, new entrants, graduates, staff."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from data.demo import world

Row = dict[str, Any]
STUDENTS = dict(zip(world.YEARS, (12050, 12420, 12880, 13310, 13720, 14060, 14480, 15010, 15620, 16180), strict=True))
INTERNATIONAL = dict(zip(world.YEARS, (0.041, 0.045, 0.050, 0.054, 0.058, 0.060, 0.065, 0.073, 0.082, 0.090), strict=True))
ACADEMIC = dict(zip(world.YEARS, (640, 652, 668, 680, 694, 699, 712, 735, 758, 781), strict=True))
ADMINISTRATIVE = dict(zip(world.YEARS, (520, 524, 529, 533, 536, 537, 541, 548, 554, 560), strict=True))
LEVELS = {"bachelor": 70, "master": 19, "doctorate": 8, "short_cycle": 3}
GENDERS = {"female": 49, "male": 51}
# nationality, weight, first year; the order is the order of arrival
NATIONS = (
    ("SYR", 150, 2015), ("AZE", 120, 2015), ("TKM", 95, 2015), ("IRN", 60, 2015), ("AFG", 52, 2015), ("IRQ", 70, 2015), ("KAZ", 48, 2015),
    ("UZB", 40, 2015), ("PAK", 34, 2015), ("SOM", 38, 2015), ("YEM", 30, 2015), ("EGY", 33, 2015), ("JOR", 26, 2015), ("PSE", 26, 2015),
    ("KGZ", 24, 2015), ("IDN", 34, 2015), ("DEU", 18, 2015), ("MAR", 20, 2015), ("NGA", 22, 2015), ("RUS", 20, 2015), ("GEO", 12, 2015),
    ("MNG", 11, 2015), ("BIH", 10, 2015), ("ALB", 10, 2015), ("XKX", 8, 2015), ("LBY", 14, 2015), ("SDN", 14, 2015), ("TUN", 9, 2015),
    ("DZA", 9, 2015), ("BGD", 15, 2015), ("IND", 9, 2015), ("CHN", 9, 2015), ("UKR", 9, 2015), ("BGR", 8, 2015), ("GRC", 7, 2015),
    ("TCD", 9, 2015), ("ETH", 8, 2015), ("KEN", 7, 2015), ("TZA", 6, 2015), ("GHA", 6, 2015), ("MKD", 6, 2015), ("SRB", 5, 2015),
    ("FRA", 5, 2015), ("USA", 5, 2015), ("TJK", 10, 2015), ("LBN", 8, 2015), ("SAU", 6, 2016), ("MLI", 5, 2016), ("CMR", 6, 2016),
    ("SEN", 5, 2016), ("UGA", 5, 2017), ("GBR", 4, 2017), ("MYS", 4, 2017), ("COL", 4, 2018), ("BRA", 4, 2018), ("KOR", 5, 2018),
    ("JPN", 3, 2018), ("ZMB", 3, 2019), ("RWA", 4, 2019), ("MEX", 3, 2019), ("VNM", 4, 2021), ("PHL", 4, 2021), ("NPL", 4, 2021),
    ("ITA", 3, 2021), ("POL", 3, 2022), ("ARG", 3, 2022), ("CIV", 4, 2022), ("GIN", 4, 2022), ("BDI", 4, 2023), ("PER", 3, 2023),
    ("CHL", 3, 2023), ("LKA", 4, 2024), ("KHM", 3, 2024), ("MUS", 3, 2024),
)  # fmt: skip
SCHOOLED_HERE = {"SYR": 0.62, "IRQ": 0.3, "AFG": 0.22, "DEU": 0.05, "BGR": 0.1, "AZE": 0.08}  # of those with this passport
STAFF_NATIONS = (
    "AZE", "DEU", "GBR", "USA", "IRN", "SYR", "KAZ", "ITA", "RUS", "PAK", "EGY", "CAN", "FRA", "UKR", "JPN", "ESP", "KGZ", "NGA",
)  # fmt: skip


def year(start: int) -> list[Row]:
    """All rows of one academic year. Nationals of the home country are in it too: they are the denominator."""
    chance = world.stream("people", start)
    weights = {nation: weight * chance.uniform(0.94, 1.06) for nation, weight, since in NATIONS if since <= start}
    international = round(STUDENTS[start] * INTERNATIONAL[start])
    abroad = world.share_out(international, weights)
    home = STUDENTS[start] - international
    later = world.stream("schooling and language", start)
    return [
        *(row | _schooling(later, row) for row in _students(start, home, abroad)),
        *_plain(start, "returning_students", {world.HOME: round(home * 0.74), **_part(abroad, 0.66)}),
        *_plain(start, "new_entrants", {world.HOME: round(home * 0.245), **_part(abroad, 0.27)}),
        *_plain(start, "graduates", {world.HOME: round(home * 0.178), **_part(abroad, 0.13)}),
        *_plain(start, "graduates_mobile", {world.HOME: round(home * 0.178 * (0.088 + 0.0095 * (start - 2015)))}),
        *_staff(start, "academic_staff", ACADEMIC[start], 0.026 + 0.003 * (start - 2015)),
        *_staff(start, "faculty_members", round(ACADEMIC[start] * 0.64), 0.024 + 0.003 * (start - 2015)),
        *_staff(start, "administrative_staff", ADMINISTRATIVE[start], 0.004),
    ]


def _part(people: dict[str, int], share: float) -> dict[str, int]:
    parts = world.share_out(round(sum(people.values()) * share), people)
    return {nation: number for nation, number in parts.items() if number}


def _line(start: int, group: str, country: str, headcount: int, level: str | None = None, gender: str | None = None) -> Row:
    return {
        "institution": "demo", "academic_year": start, "group": group, "level": level, "country": country, "gender": gender,
        "headcount": headcount, "prior_education": None, "teaching_language": None,
    }  # fmt: skip


def _students(start: int, home: int, abroad: dict[str, int]) -> Iterator[Row]:
    """Large nationalities by level and gender; small ones at the commonest level, as few people as they are."""
    for country, number in {world.HOME: home, **abroad}.items():
        levels = LEVELS if number >= 40 else {"bachelor": 7, "master": 3} if number >= 12 else {"bachelor": 1}
        for level, part in world.share_out(number, levels).items():
            for gender, people in world.share_out(part, GENDERS).items():
                if people:
                    yield _line(start, "students", country, people, level, gender)


def _schooling(chance: random.Random, row: Row) -> Row:
    """Where they went to school before, and in which language they are taught now; rows are small enough to be told whole."""
    here = 0.99 if row["country"] == world.HOME else SCHOOLED_HERE.get(row["country"], 0.04)
    foreign = 0.2 if row["country"] == world.HOME else 0.38
    return {
        "prior_education": "home" if chance.random() < here else "abroad",
        "teaching_language": world.pick(chance, {"foreign": foreign, "mixed": 0.1, "national": 0.9 - foreign}),
    }


def _plain(start: int, group: str, people: dict[str, int]) -> Iterator[Row]:
    for country, number in people.items():
        yield _line(start, group, country, number)


def _staff(start: int, group: str, total: int, share: float) -> Iterator[Row]:
    reach = len(STAFF_NATIONS) if group != "administrative_staff" else 2
    nations = {nation: 1 / (place + 2) for place, nation in enumerate(STAFF_NATIONS[: min(reach, 9 + start - 2015)])}
    international = round(total * share)
    people = {world.HOME: total - international, **world.share_out(international, nations)}
    for country, number in people.items():
        for gender, part in world.share_out(number, {"female": 46, "male": 54}).items():
            if part:
                yield _line(start, group, country, part, None, gender)
