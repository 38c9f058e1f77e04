"""Activities of the fictional university: events, visits, memberships, projects, programmes, services."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from data.demo import world

Row = dict[str, Any]
# kind, title, policy element, how many in an ordinary year, days
YEARLY = (
    ("information", "Erasmus+ bilgilendirme günü (information day)", "demo-1", 3, 1),
    ("orientation", "Gelen öğrenci oryantasyonu (orientation for incoming students)", "demo-2", 2, 5),
    ("language_course", "Gelen öğrenciler için Türkçe kursu (Turkish for incoming students)", "demo-2", 1, 42),
    ("fair", "Yurt dışı eğitim fuarı (education fair abroad)", "demo-6", 1, 3),
    ("event", "Kültürler günü (day of cultures)", "demo-5", 2, 1),
    ("delegation", "Rektörlük düzeyinde heyet (delegation at rectorate level)", "demo-4", 1, 2),
    ("visit_hosted", "Ortak üniversiteden ziyaret (visit by a partner)", "demo-3", 2, 1),
    ("visit_made", "Ortak üniversiteye ziyaret (visit to a partner)", "demo-3", 1, 3),
)
HERE = Path(__file__).parent


def rows() -> list[Row]:
    """All activities by date. In the years of the restrictions half of the yearly ones did not take place."""
    chance = world.stream("activities")
    return sorted([*_yearly(chance), *_lasting()], key=lambda row: (row["date"], row["kind"], row["title"]))


def _yearly(chance: random.Random) -> Iterator[Row]:
    for year in world.YEARS:
        for kind, title, element, often, days in YEARLY:
            for number in range(often if year not in (2019, 2020) else often // 2):
                day = date(year, 10, 1) + timedelta(days=chance.randrange(15 + number * 110, 120 + number * 110))
                yield _row(kind, f"{title} {day.year}", element, day, day + timedelta(days=days - 1)) | _abroad(chance, year, kind)


def _abroad(chance: random.Random, year: int, kind: str) -> Row:
    """Where the kinds that have another side took place or came from; a fair is in a country, at no university."""
    if kind not in ("delegation", "visit_hosted", "visit_made", "fair"):
        return {}
    country = world.pick(chance, {one: one.weight_in for one in world.countries() if one.since <= year})
    return {"country": country.code, "partner": None if kind == "fair" else chance.choice(world.partners()[country.code])}


def _lasting() -> Iterator[Row]:
    """Memberships, projects, programmes and services of ``lasting.csv``; an empty end: still running."""
    with (HERE / "lasting.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ends = date.fromisoformat(row["ends"]) if row["ends"] else None
            amount = float(row["amount"]) if row["amount"] else None
            told = {name: row[name] or None for name in ("partner", "country", "programme")}
            yield _row(row["kind"], row["title"], row["element"], date.fromisoformat(row["begins"]), ends, amount) | told


def _row(kind: str, title: str, element: str, begins: date, ends: date | None, amount: float | None = None) -> Row:
    return {
        "institution": "demo", "date": begins, "ends": ends, "kind": kind, "title": title, "partner": None, "country": None,
        "programme": None, "amount": amount, "currency": "EUR" if amount else None, "element": element,
    }  # fmt: skip
