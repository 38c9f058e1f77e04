"""Amounts: only those of one currency are ever put beside each other."""

from __future__ import annotations

from oracle.population import figures
from oracle.route import House, Number, Published, Row, divided, total


def amounts(measure: str, currency: str) -> Published:
    """The money of a measure that is stated in this currency."""
    return Published(
        lambda house, by: [row for row in figures(measure)(house, by) if row["currency"] == currency],
        lambda rows: total(row["value"] for row in rows),
    )


def one_currency(over: str, under: str) -> Published:
    """Two amounts of a year divided, where all that is known of them is stated in one and the same currency."""

    def rows(house: House, by: str | None) -> list[Row]:
        return [row | {"over": name == over} for name in (over, under) for row in figures(name)(house, by) if row["value"] is not None]

    def value(rows: list[Row]) -> Number:
        if len({row["currency"] for row in rows} - {None}) != 1 or any(row["currency"] is None for row in rows):
            return None
        sides = (total(row["value"] for row in rows if row["over"] is side) for side in (True, False))
        return divided(*sides, 100)

    return Published(rows, value)
