"""Yearly figures of the fictional university: base measures, and two indicators as its annual report printed them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.demo import world

MEASURES: dict[str, tuple[float, ...]] = {
    "units": (11, 11, 11, 12, 12, 12, 12, 12, 12, 12),
    "programmes": (96, 98, 101, 103, 106, 107, 109, 112, 115, 118),
    "foreign_language_programmes": (12, 13, 15, 17, 18, 20, 22, 25, 28, 30),
    "joint_programmes": (1, 1, 2, 2, 3, 3, 4, 5, 6, 7),
    "mobility_applications": (980, 1105, 1290, 1560, 1480, 720, 1390, 1985, 2410, 2630),
    "mobility_places": (518, 548, 620, 776, 594, 268, 627, 896, 1146, 1310),
    "outgoing_persons": (404, 457, 549, 684, 569, 265, 641, 984, 1304, 1437),
    "students_fte": (11420, 11790, 12230, 12640, 13010, 13320, 13720, 14230, 14800, 15330),
    "staff_language_training": (21, 24, 30, 34, 33, 41, 46, 52, 57, 63),
    "international_applications": (1310, 1480, 1690, 1910, 2080, 1960, 2350, 2890, 3420, 3870),
    "international_admissions": (420, 455, 510, 560, 590, 575, 660, 790, 905, 1010),
    "scholarship_budget": (2100000, 2300000, 2600000, 3100000, 3700000, 4300000, 5600000, 8900000, 13400000, 19800000),
    "scholarship_budget_international": (126000, 150000, 182000, 232000, 296000, 353000, 487000, 810000, 1300000, 1980000),
    "international_project_funds": (1120000, 1245000, 1380000, 1610000, 1755000, 1690000, 2140000, 2875000, 3660000, 4310000),
}
CURRENCIES = {"international_project_funds": "EUR", "scholarship_budget": "TRY", "scholarship_budget_international": "TRY"}
REPORT = "Faaliyet raporu (annual report)"
REPORTED = {"A01": {2022: 1016, 2023: 1342}, "A02": {2023: 893}}
"""What the annual report said. Two of the three differ from the rows that were handed in later: the gap is meant to be seen."""


def rows() -> list[dict[str, Any]]:
    """One row per measure and year; the newest year is provisional."""
    base = [_row(measure, year, value) for measure, values in MEASURES.items() for year, value in zip(world.YEARS, values, strict=True)]
    printed = [_row(code, year, value, REPORT) for code, years in REPORTED.items() for year, value in years.items()]
    return [*base, *printed, *_further()]


def _further() -> Iterator[dict[str, Any]]:
    """The measures of ``yearly.csv``, a line each; an empty cell: not counted yet in that year."""
    with (Path(__file__).parent / "yearly.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            for year in world.YEARS:
                if line[str(year)]:
                    yield _row(line["measure"], year, float(line[str(year)])) | {"currency": line["currency"] or None}


def _row(measure: str, year: int, value: float, detail: str | None = None) -> dict[str, Any]:
    return {
        "institution": "demo", "year_from": world.written_year(year, 0), "measure": measure, "detail": detail, "value": value,
        "precision": "exact",
        "currency": CURRENCIES.get(measure),
        "status": "provisional" if year == world.YEARS[-1] else "final",
    }  # fmt: skip
