"""The fictional university: its years, faculties, partners, and how many people move. All numbers here are invented."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).parent
SEED = 20261102
YEARS = tuple(range(2015, 2025))
HOME = "TUR"
Key = TypeVar("Key")

# people per academic year; 2019-20 and 2020-21 are the years of the travel restrictions
STUDENTS_OUT = dict(zip(YEARS, (412, 468, 561, 702, 583, 268, 655, 1010, 1342, 1482), strict=True))
STUDENTS_IN = dict(zip(YEARS, (301, 318, 352, 431, 347, 131, 372, 655, 901, 980), strict=True))
STAFF_OUT = dict(zip(YEARS, (64, 70, 79, 92, 58, 22, 48, 63, 66, 61), strict=True))
STAFF_IN = dict(zip(YEARS, (41, 44, 52, 60, 36, 14, 33, 52, 61, 70), strict=True))
FARABI_OUT = dict(zip(YEARS, (60, 55, 48, 40, 31, 12, 22, 25, 21, 18), strict=True))
FARABI_IN = dict(zip(YEARS, (44, 41, 39, 35, 27, 11, 19, 22, 20, 17), strict=True))
VIRTUAL_OUT = dict(zip(YEARS, (0, 0, 0, 0, 12, 46, 38, 24, 20, 22), strict=True))


@dataclass(frozen=True)
class Unit:
    """A faculty: its weight among those who move, the ISCED-F fields of its students, the first year it sent anyone."""

    name: str
    weight: float
    fields: tuple[str, ...]
    since: int = 2015


UNITS = (
    Unit("Mühendislik (Engineering)", 24, ("0714", "0715", "0732", "0613")),
    Unit("Fen-Edebiyat (Arts and Sciences)", 18, ("0231", "0541", "0533", "0222")),
    Unit("İktisadi ve İdari Bilimler (Economics)", 20, ("0311", "0413", "0312")),
    Unit("Eğitim (Education)", 9, ("0113", "0114")),
    Unit("Mimarlık (Architecture)", 9, ("0731", "0212")),
    Unit("Tıp (Medicine)", 5, ("0912",), 2016),
    Unit("Sağlık Bilimleri (Health Sciences)", 5, ("0913", "0915"), 2017),
    Unit("Ziraat (Agriculture)", 4, ("0811",)),
    Unit("İletişim (Communication)", 4, ("0321",), 2016),
    Unit("Hukuk (Law)", 2, ("0421",), 2018),
)
DOMESTIC = (
    "Güneyova Üniversitesi",
    "Akçapınar Üniversitesi",
    "Kızılçam Teknik Üniversitesi",
    "Beyazdere Üniversitesi",
    "Çınarönü Üniversitesi",
    "Gümüşkaya Üniversitesi",
)


@dataclass(frozen=True)
class Country:
    """A partner country: the programmes that reach it, its weight out and in, the first year of any exchange."""

    code: str
    programmes: tuple[str, ...]
    weight_out: float
    weight_in: float
    since: int


@cache
def countries() -> tuple[Country, ...]:
    """The partner countries of ``countries.csv``."""
    with (HERE / "countries.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_country(row) for row in csv.DictReader(file))


def _country(row: dict[str, str]) -> Country:
    programmes = tuple(filter(None, (row["programme"], row["also"])))
    return Country(row["country"], programmes, float(row["out"]), float(row["in"]), int(row["since"]))


@cache
def partners() -> dict[str, tuple[str, ...]]:
    """Country → its (invented) partner universities, of ``partners.csv``."""
    found: dict[str, list[str]] = {}
    with (HERE / "partners.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["country"], []).append(row["name"])
    return {code: tuple(names) for code, names in found.items()}


def stream(*parts: object) -> random.Random:
    """Chance of its own for every file, so that a change in one leaves the others as they are."""
    return random.Random(f"{SEED} {parts}")  # noqa: S311 - a sample, not a secret


def pick(chance: random.Random, weights: Mapping[Key, float]) -> Key:
    """One key, by weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


def share_out(total: int, weights: Mapping[Key, float]) -> dict[Key, int]:
    """A whole number split by weights so that the parts add up to it exactly (largest remainders)."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    rest = sorted(exact, key=lambda key: (parts[key] - exact[key], str(key)))
    for key in rest[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def written_year(year: int, style: int) -> str:
    """An academic year as offices write it: 2024-2025, 2024/2025, 2024-25."""
    return (f"{year}-{year + 1}", f"{year}/{year + 1}", f"{year}-{(year + 1) % 100:02d}")[style % 3]
