"""Universities to compare the fictional one with: study exchanges of six years in the format of the Commission's totals. All invented."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from data.demo import movement, world

PERIOD = range(2014, 2020)
COLUMNS = (
    "", "university", "outgoing", "incoming", "total", "pagerank", "betweenness", "country_code", "country_name", "country_continent",
    "country_unregion",
)  # fmt: skip
TURKISH = (
    *world.DOMESTIC, "Gökçepınar Üniversitesi", "Bozyamaç Üniversitesi", "Akdereboyu Üniversitesi", "Taşlıyayla Teknik Üniversitesi",
    "Kumrulu Üniversitesi", "Elmadüzü Üniversitesi", "Sazlıova Üniversitesi", "Çamlıbelen Üniversitesi",
)  # fmt: skip
ABROAD = {"DEU": 8, "POL": 7, "ITA": 6, "ESP": 5, "FRA": 5, "CZE": 4, "PRT": 3, "HUN": 3, "ROU": 3, "NLD": 3}
"""Country → how many of its invented partners stand in the list."""
TWO_LETTERS = {
    "TUR": ("TR", "Turkey"), "DEU": ("DE", "Germany"), "POL": ("PL", "Poland"), "ITA": ("IT", "Italy"), "ESP": ("ES", "Spain"),
    "FRA": ("FR", "France"), "CZE": ("CZ", "Czechia"), "PRT": ("PT", "Portugal"), "HUN": ("HU", "Hungary"), "ROU": ("RO", "Romania"),
    "NLD": ("NL", "Netherlands"),
}  # fmt: skip
TWINS = ("Bozyamaç Üniversitesi", "Elmadüzü Üniversitesi")
"""Two with the same number of outgoing students: they share a rank."""
KNOWN = 0.75
"""Part of the others whose students are known."""


def totals() -> list[dict[str, Any]]:
    """One row a university: the fictional one as its own lists add up, the others by chance; the largest first."""
    chance = world.stream("peers")
    rows = [_row("Yıldızova University", "TUR", *_own())]
    listed = [("TUR", name) for name in TURKISH]
    listed += [(country, name) for country, many in ABROAD.items() for name in world.partners()[country][:many]]
    for country, name in listed:
        out = int(chance.lognormvariate(6.9 if country == "TUR" else 6.4, 1.0)) + 3
        rows.append(_row(name, country, out, int(out * chance.uniform(0.1, 0.5 if country == "TUR" else 1.6))))
    twin = next(row for row in rows if row["university"] == TWINS[0])
    rows = [row | {"outgoing": twin["outgoing"]} if row["university"] == TWINS[1] else row for row in rows]
    return sorted(rows, key=lambda row: (-row["outgoing"], row["university"]))


def _own() -> tuple[int, int]:
    """Erasmus study exchanges of the period, out and in."""
    stays = [row for year in world.YEARS if year in PERIOD for row in movement.year(year)]
    counted = [row for row in stays if row["programme"].startswith("erasmus") and row["activity"] == "study" and row["mode"] != "virtual"]
    out, into = (sum(row["participants"] for row in counted if row["direction"] == way) for way in ("out", "in"))
    return out, into


def _row(name: str, country: str, out: int, into: int) -> dict[str, Any]:
    code, called = TWO_LETTERS[country]
    return dict.fromkeys(COLUMNS, "") | {
        "university": name, "outgoing": out, "incoming": into, "country_code": code, "country_name": called,
    }  # fmt: skip


def write(path: Path) -> None:
    """The list as the Commission's file has it: a number before each row, amounts with a decimal point."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number, row in enumerate(totals()):
            amounts = {name: f"{row[name]:.1f}" for name in ("outgoing", "incoming")}
            told = row | amounts | {"": number, "total": f"{row['outgoing'] + row['incoming']:.1f}"}
            writer.writerow([told[name] for name in COLUMNS])


def students() -> list[dict[str, Any]]:
    """Enrolled students of most of the others in the last year of the period; the fictional one has its own list."""
    chance = world.stream("peers' students")
    rows = []
    for row in sorted(totals(), key=lambda row: str(row["university"])):
        number = int(row["outgoing"] * chance.uniform(8, 40)) + 900
        if row["university"] != "Yıldızova University" and chance.random() < KNOWN:
            rows.append({"institution": row["university"], "year_from": "2019-2020", "measure": "students", "value": number})
    return rows
