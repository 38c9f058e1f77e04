"""A country made up: institutions of real sizes, ten years each, through the real path into a store.

    python -m benchmarks.country STORE [--institutions 200] [--years 10] [--share 1.0]

Each institution hands in two files a year in our own templates, mobility and people by nationality, as an office would. Names are
invented; sizes, mixes and years follow real distributions, kept here as numbers with their source, so that no published file is needed and
the same seed writes the same bytes. ``--share`` makes every institution smaller or larger without changing the mixes.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from data.demo import sheets
from data.demo.world import pick, share_out
from pipelines import path
from pipelines.publish import publish
from pipelines.store import Store

DAY, LAST, SEED = date(2025, 10, 1), 2024, 20261126
STUDENTS = (9.019, 1.518)
"""Mean and deviation of the logarithm of an institution's students: SISE, 103 institutions, autumn 2024."""
OUT, IN = (4.892, 1.678), (2.984, 2.074)
"""The same of outgoing and incoming study exchanges over 2014/15–2019/20: European Commission, those of Türkiye's 194
universities that had any."""
NONE = (0.010, 0.155)
"""Shares of these universities that sent nobody, and that received nobody."""
TOGETHER = 0.69
"""How the logarithms of outgoing and incoming go together there (correlation)."""
YEARS_SUMMED = 6
SENT = {
    "POL": 20109, "DEU": 10435, "ITA": 5087, "ESP": 4165, "CZE": 3805, "PRT": 3185, "FRA": 3000, "LTU": 2710, "ROU": 2660, "HUN": 2515,
    "NLD": 2373, "BEL": 1339, "SVN": 1102, "LVA": 994, "GBR": 975, "SWE": 924, "AUT": 884, "SVK": 880, "GRC": 875, "FIN": 621, "DNK": 427,
    "EST": 410, "HRV": 409, "BGR": 304, "IRL": 108, "MKD": 93, "NOR": 64,
}  # fmt: skip
RECEIVED = {
    "DEU": 7085, "FRA": 2425, "NLD": 1405, "ITA": 1224, "POL": 1168, "ROU": 1030, "ESP": 966, "CZE": 644, "LTU": 552, "BEL": 409,
    "DNK": 376, "AUT": 340, "PRT": 333, "BGR": 264, "GRC": 249, "GBR": 235, "MKD": 219, "SWE": 218, "SVK": 216, "HUN": 173, "LVA": 147,
    "SVN": 116, "FIN": 89, "HRV": 69, "NOR": 50, "EST": 43, "IRL": 23,
}  # fmt: skip
"""Country → students that Türkiye sent there and received from there over the same years (European Commission, country pairs)."""
FOREIGN = 0.116
"""Share of students from abroad: SISE 2024, 207,565 of 1,787,882."""
COURSE = dict(zip(range(2015, 2025), (0.744, 0.818, 0.861, 0.862, 0.810, 0.499, 0.935, 0.953, 0.972, 1.0), strict=True))
"""Share of the newest year's mobility that a year saw. From 2019 on Zaragoza's assigned places (1,420, 873, …, 1,700, 1,749; 2021 of its
Erasmus places, 1,439 of 1,539; 2022 halfway); before, Türkiye's outgoing (11,582, 12,726, 13,393, 13,412, 12,605) joined on in 2019."""
NATIONS = {
    "SYR": 150, "AZE": 120, "TKM": 95, "IRN": 60, "IRQ": 70, "AFG": 52, "KAZ": 48, "UZB": 40, "SOM": 38, "EGY": 33, "DEU": 18, "NGA": 22,
}  # fmt: skip
"""Weights of nationalities as in the sample university (``data/demo/people.py``): invented, as no source tells them by institution."""
PROGRAMMES = {"erasmus_ka131": 80, "erasmus_ka171": 6, "mevlana": 4, "bilateral": 10}
LEVELS = {"bachelor": 68, "master": 26, "doctorate": 6}
FIELDS = ("0311", "0413", "0421", "0511", "0613", "0714", "0715", "0731", "0732", "0912", "0231", "0113")
DAYS = {"study": (120, 135, 150, 150, 165, 270), "traineeship": (60, 75, 90, 120)}

Row = dict[str, Any]


class House:
    """One institution: its name, its size, how many it sends and receives in its newest year. The same number makes the same one."""

    def __init__(self, number: int, share: float = 1.0) -> None:
        self.number, self.id, self.chance = number, f"country-university-{number:03}", random.Random(f"{SEED} {number}")
        size, sends, receives = self._three()
        self.students = max(40, round(share * math.exp(STUDENTS[0] + STUDENTS[1] * size)))
        self.out = 0 if self.chance.random() < NONE[0] else round(share * math.exp(OUT[0] + OUT[1] * sends) / YEARS_SUMMED)
        self.incoming = 0 if self.chance.random() < NONE[1] else round(share * math.exp(IN[0] + IN[1] * receives) / YEARS_SUMMED)

    def _three(self) -> tuple[float, float, float]:
        """Standard normal numbers of size, sending and receiving that go together; nobody is further out than the largest of 200."""
        a, b, c = (max(-2.6, min(2.6, self.chance.gauss(0, 1))) for _ in range(3))
        rest = math.sqrt(1 - TOGETHER**2)
        return a, TOGETHER * a + rest * b, TOGETHER * a + rest * c

    def mobility(self, year: int) -> list[Row]:
        """Who went and came in a year, alike stays in one row; a year in which nobody moved hands in nothing."""
        chance = random.Random(f"{SEED} {self.number} {year}")
        stays: Counter[tuple[Any, ...]] = Counter()
        for way, most, lands in (("out", self.out, SENT), ("in", self.incoming, RECEIVED)):
            for _ in range(round(most * COURSE[year] * chance.uniform(0.85, 1.15))):
                what = pick(chance, {"study": 80, "traineeship": 20})
                stays[way, what, pick(chance, PROGRAMMES), pick(chance, lands), pick(chance, LEVELS), chance.choice(FIELDS),
                      pick(chance, {"female": 56, "male": 44}), chance.choice(DAYS[what])] += 1  # fmt: skip
        names = ("direction", "activity", "programme", "country", "level", "field", "gender", "days")
        head = {"institution": self.id, "academic_year": f"{year}-{year + 1}"}
        return [head | {"role": "student"} | dict(zip(names, stay, strict=True)) | {"participants": n} for stay, n in sorted(stays.items())]

    def people(self, year: int) -> list[Row]:
        """Students by nationality and level: those from abroad around the country's share, more of them in each year."""
        grown = 0.85 + 0.15 * (year - LAST + 9) / 9
        everybody = round(self.students * grown)
        foreign = round(everybody * min(0.5, FOREIGN * grown * random.Random(f"{SEED} {self.number}").uniform(0.2, 1.8)))
        nations = {"TUR": everybody - foreign} | share_out(foreign, NATIONS)
        return [
            {
                "institution": self.id, "academic_year": f"{year}-{year + 1}", "group": "students", "level": level, "country": land,
                "headcount": number,
            }
            for land, many in nations.items()
            for level, number in share_out(many, LEVELS).items()
            if number
        ]  # fmt: skip


def files(house: House, years: int, folder: Path) -> Iterator[tuple[Path, str]]:
    """The files of an institution with their source, one of each source for all its years; one in ten years was never handed in."""
    for source, rows_of in (("mobility", house.mobility), ("country_distribution", house.people)):
        asked = [
            year for year in range(LAST - years + 1, LAST + 1) if random.Random(f"{SEED} {house.number} {source} {year}").random() > 0.1
        ]
        rows = [row for year in asked for row in rows_of(year)]
        if rows:
            place = folder / f"{house.id}_{source}.csv"
            sheets.semicolons(place, source, rows, language="en")
            yield place, source


def accepted(store: Store, numbers: Iterable[int], years: int = 10, share: float = 1.0) -> tuple[int, int]:
    """Hands the files of these institutions in; how many files and rows."""
    count = rows = 0
    for number in numbers:
        with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
            for file, source in files(House(number, share), years, Path(folder)):
                count, rows = count + 1, rows + file.read_bytes().count(b"\n") - 1
                with path.drafts([file], path.Choices(layout=source, home="TUR")) as (made,):
                    path.accept(store, made, by="country", note="made data")
    return count, rows


def build(store: Store, institutions: int = 200, years: int = 10, share: float = 1.0) -> int:
    """Accepts every file and publishes once; gives how many rows there are."""
    _, rows = accepted(store, range(1, institutions + 1), years, share)
    publish(store, by="country", reason="made data", as_of=DAY)
    return rows


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.country")
    asked.add_argument("store", type=Path)
    for name, default in (("institutions", 200), ("years", 10), ("share", 1.0)):
        asked.add_argument(f"--{name}", type=type(default), default=default)
    given = asked.parse_args()
    print(f"{build(Store(given.store), given.institutions, given.years, given.share):,} rows")


if __name__ == "__main__":
    main()
