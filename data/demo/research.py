"""Joint publications of the fictional university, as its library counts them: per partner and year, earlier years than the others have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data.demo import world

Row = dict[str, Any]
YEARS = tuple(range(2011, world.YEARS[-1] + 1))
"""A window of five years ends with the first year of the other files."""
ELSEWHERE = {  # countries of co-authors without an exchange, counted as a whole, and the year of the first publication
    "CHE": 2012, "NOR": 2013, "AUS": 2014, "BRA": 2015, "IND": 2015, "EGY": 2013, "ZAF": 2017, "SAU": 2018, "NGA": 2019,
    "VNM": 2021, "KEN": 2022,
}  # fmt: skip


def rows() -> list[Row]:
    """All rows by year and partner. A partner without a joint publication in a year has no row in it."""
    found = [*_partners(), *_countries()]
    return sorted(found, key=lambda row: (row["academic_year"], row["country"], row["partner"] or ""))


def _partners() -> Iterator[Row]:
    chance = world.stream("joint publications")
    for country in world.countries():
        for partner in world.partners()[country.code]:
            writes, weight = chance.random() < 0.6, chance.choice((0.3, 0.5, 0.8, 1.2, 2.0, 3.5))
            for year in YEARS:
                number = round(weight * (0.4 + 0.12 * (year - YEARS[0])) * chance.uniform(0.5, 1.6))
                if writes and number:
                    yield _row(year, partner, country.code, number)


def _countries() -> Iterator[Row]:
    chance = world.stream("joint publications", "countries")
    for country, since in ELSEWHERE.items():
        for year in range(since, YEARS[-1] + 1):
            yield _row(year, None, country, 1 + chance.randrange(1 + year - since))


def _row(year: int, partner: str | None, country: str, publications: int) -> Row:
    return {"institution": "demo", "academic_year": year, "partner": partner, "country": country, "publications": publications}
