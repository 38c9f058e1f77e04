"""Spread over countries (D), the rest: regions, groups of countries, what policies want, agreements and mobility held together."""

from __future__ import annotations

from collections import defaultdict

from oracle import agreements
from oracle.diversity import Headline, everybody, moving, spread
from oracle.mobility import evenness, heads
from oracle.route import NO_COUNTRY, REGIONS, House, Number, Row, Tally, divided, total
from pipelines.codes import countries

SUBREGIONS = countries.regions("m49_sub")


def members(scheme: str) -> Headline:
    """Of 100 whose country is known, how many are of a country of a group."""
    inside = {country for country, group in countries.regions(scheme).items() if group != "outside"}

    def rows(house: House) -> list[Row]:
        return [row for row in everybody(house) if row["country"] not in NO_COUNTRY and row["weight"] is not None]

    def value(rows: list[Row]) -> Number:
        weight = total(row["weight"] if row["country"] in inside else 0 for row in rows)
        return divided(weight, total(row["weight"] for row in rows), 100)

    return Headline(rows, value)


def wanted(house: House) -> list[Row]:
    """Everybody of a known region, each row with the shares that the policy wants; nobody where it wants none."""
    targets = {row["region"]: row["share"] for row in house["core.region_targets"]}
    return [row | {"targets": targets} for row in everybody(house) if row["country"] not in NO_COUNTRY] if targets else []


def balance(rows: list[Row]) -> Number:
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        found[REGIONS[row["country"]]] += row["weight"] or 0
    whole, targets = sum(found.values()), rows[0]["targets"]
    if not whole:
        return None
    return 1 - sum(abs(found[region] / whole - targets.get(region, 0)) for region in {*found, *targets}) / 2


def largest_subregion(rows: list[Row]) -> Number:
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        if row["country"] in SUBREGIONS:
            found[SUBREGIONS[row["country"]]] += row["weight"] or 0
    return divided(max(found.values(), default=None), sum(found.values()), 100)


def links(house: House) -> list[Row]:
    """A country with an active agreement or people in motion, in years that know both."""
    agreed: dict[tuple[int, str], int] = defaultdict(int)
    moved: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in agreements.when("active")(house):
        agreed[row["academic_year"], row["country"]] += 1
    for row in moving(house):
        moved[row["academic_year"], row["country"]].append(row)
    places = {place for place in {*agreed, *moved} if place[1] not in NO_COUNTRY}
    both = {year for year, _ in places & set(agreed)} & {year for year, _ in places & set(moved)}
    return [
        {
            "academic_year": year, "country": country, "agreed": agreed.get((year, country), 0),
            "moved": heads(moved.get((year, country), [])) or 0, "status": "final",
        }
        for year, country in sorted(places)
        if year in both
    ]  # fmt: skip


def agreed(house: House) -> list[Row]:
    return [row for row in links(house) if row["agreed"]]


def alone(rows: list[Row]) -> Number:
    return divided(sum(row["moved"] for row in rows if not row["agreed"]), sum(row["moved"] for row in rows), 100)


ORACLES = {
    "D13": Headline(wanted, balance),
    "D14": members("erasmus"),
    "D15": Headline(everybody, largest_subregion),
    "D16": members("ldc"),
    "D18": Tally(agreed, lambda rows: divided(sum(1 for row in rows if row["moved"]), len(rows), 100)),
    "D22": spread(evenness, per="region"),
    "D23": members("lmic"),
    "D24": Tally(links, alone),
}
