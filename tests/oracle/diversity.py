"""Spread over countries (D): one definition each, four populations."""

from __future__ import annotations

import math
from collections import defaultdict

from oracle import agreements
from oracle.mobility import international, students
from oracle.people import foreign
from oracle.route import NO_COUNTRY, House, Number, Row, Spread, Tally, kept

POPULATIONS = ("outgoing", "incoming", "students", "agreements")


@kept
def everybody(house: House) -> list[Row]:
    """The rows of all populations, each with its weight."""
    chosen = {
        "outgoing": [(row, row["participants"]) for row in students("out")(house)],
        "incoming": [(row, row["participants"]) for row in students("in")(house)],
        "students": [(row, row["headcount"]) for row in foreign("students")(house)],
        "agreements": [({**row, "level": None}, 1) for row in agreements.years(house) if row["active"]],
    }
    return [{**row, "population": name, "weight": weight} for name, rows in chosen.items() for row, weight in rows]


def spread(value, per: str = "country", scale: float = 1) -> Spread:
    return Spread(everybody, lambda row: row["weight"], value, per, POPULATIONS, scale)


def parts(weights: list[float]) -> list[float]:
    return [weight / sum(weights) for weight in weights]


def hhi(weights: list[float]) -> float:
    return sum(p * p for p in parts(weights))


def rescaled(weights: list[float]) -> Number:
    k = len(weights)
    return (hhi(weights) - 1 / k) / (1 - 1 / k) if k > 1 else None


def entropy(weights: list[float]) -> float:
    return -sum(p * math.log(p) for p in parts(weights))


def richness(weights: list[float]) -> Number:
    return (len(weights) - 1) / math.log(sum(weights)) if sum(weights) >= 2 else None


def largest(count: int):
    return spread(lambda weights: sum(weights[:count]) / sum(weights), scale=100)


@kept
def changes(house: House) -> list[Row]:
    """Each country of a population in this year or the one before, where both years tell somebody's number."""
    present: dict[tuple[str, int], set[str]] = defaultdict(set)
    soft: set[tuple[str, int, str]] = set()
    for row in everybody(house):
        year, population, country = row["academic_year"], row["population"], row["country"]
        if row["weight"] is not None:
            present[population, year] |= {country} if row["weight"] and country not in NO_COUNTRY else set()
        if row["status"] == "provisional" and row["weight"]:
            soft.add((population, year, country))
    return [
        {
            "academic_year": year, "population": population, "country": country, "new": country in now - before,
            "lost": country in before - now,
            "status": "provisional" if {(population, then, country) for then in (year, year - 1)} & soft else "final",
        }
        for (population, year), now in list(present.items())
        if (before := present.get((population, year - 1))) is not None
        for country in now | before
    ]  # fmt: skip


class Headline(Tally):
    """Of several populations the headline is of outgoing students."""

    def ask(self, house: House, by: str | None = None):
        if by == "population":
            return super().ask(house, by)
        return Tally(lambda h: [row for row in self.rows(h) if row["population"] == "outgoing"], self.value).ask(house, by)


def countries(rows: list[Row]) -> Number:
    """Different countries with somebody in motion."""
    return len({row["country"] for row in rows if row["participants"] and row["country"] not in NO_COUNTRY})


def moving(house: House) -> list[Row]:
    return [row for row in house["mobility"] if international(row) and row["participants"] is not None]


ORACLES = {
    "D01": Tally(
        agreements.years, lambda rows: len({row["country"] for row in rows if row["active"] and row["country"] not in NO_COUNTRY})
    ),
    "D02": Tally(moving, countries),
    "D03": spread(hhi),
    "D04": spread(rescaled),
    "D05": spread(lambda weights: 1 / hhi(weights)),
    "D06": spread(entropy),
    "D07": spread(lambda weights: math.exp(entropy(weights))),
    "D08": spread(lambda weights: entropy(weights) / math.log(len(weights)) if len(weights) > 1 else None),
    "D09": spread(lambda weights: 1 - hhi(weights)),
    "D10": largest(1),
    "D11": spread(richness),
    "D12": spread(lambda weights: weights[0] / sum(weights), per="region", scale=100),
    "D17": Headline(changes, lambda rows: sum(row["new"] for row in rows)),
    "D19": largest(3),
    "D20": largest(5),
    "D21": Headline(changes, lambda rows: sum(row["lost"] for row in rows)),
}
