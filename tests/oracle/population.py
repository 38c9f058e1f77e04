"""Whole populations and published numbers: the same count may stand as a total and in its parts, and is never added to itself."""

from __future__ import annotations

from collections import defaultdict

from oracle.route import Asked, House, Number, Row, total

HOME = "TUR"
COLUMNS = ("programme", "level", "unit", "country")


def census(group: str, *levels: str) -> Asked:
    """The people of a group, or of some levels of it.

    A distribution by nationality is whole only where it holds home nationals, else the published figure counts.
    """

    def rows(house: House, by: str | None) -> list[Row]:
        needed = _needed(by) | ({"level"} if levels else set())
        return [row for row in _people(house, group, needed) if not levels or row.get("level") in levels]

    return rows


def _needed(by: str | None) -> set[str]:
    """The columns that a breakdown asks for."""
    return {"country" if by == "region" else by} - {None}


def published(rows: list[Row]) -> Number:
    return total(row["headcount"] for row in rows)


def figures(measure: str) -> Asked:
    """The rows of a published number that answer a question."""
    return lambda house, by: [row for rows in _by_year(house, measure).values() for row in _telling(rows, _needed(by))]


def _people(house: House, group: str, needed: set[str]) -> list[Row]:
    listed: dict[int, list[Row]] = defaultdict(list)
    for row in house["country_distribution"]:
        if row["group"] == group:
            listed[row["academic_year"]].append(row)
    whole = {
        year: rows for year, rows in listed.items()
        if any(row["country"] == HOME for row in rows) and all(any(row.get(name) for row in rows) for name in needed)
    }  # fmt: skip
    found = [row for rows in whole.values() for row in rows]
    for year, rows in _by_year(house, group).items():
        if year not in whole:
            found += _telling(rows, needed)
    return found


def _by_year(house: House, measure: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in house["yearly_figures"]:
        if row["measure"] == measure:
            found[row["year_from"]].append({**row, "academic_year": row["year_from"], "headcount": row["value"]})
    return found


def _telling(rows: list[Row], needed: set[str]) -> list[Row]:
    """Of the tables that give one number the total, or else the one with the fewest columns that has all columns asked for."""
    tables: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        tables[tuple(name for name in COLUMNS if row.get(name))].append(row)
    best = min(
        (names for names in tables if needed <= set(names)), key=lambda names: (len(names), *map(COLUMNS.index, names)), default=None
    )
    return [] if best is None else tables[best]
