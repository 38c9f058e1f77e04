"""How many people live in a country: ``data/reference/inhabitants.csv``, a line for each country and year that is known."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.codes import reference


class Inhabitants(NamedTuple):
    """So many people, in that year."""

    year: int
    people: float


def inhabitants(country: str, year: int) -> Inhabitants | None:
    """Of the newest year that is not later than the one asked for, else of the first that is known; None for a country without a line."""
    known = sorted(
        Inhabitants(int(row["year"]), float(row["inhabitants"])) for row in reference.table("inhabitants") if row["country"] == country
    )
    return next((one for one in reversed(known) if one.year <= year), known[0] if known else None)
