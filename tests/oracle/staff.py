"""Staff mobility (B): stays of members of staff."""

from __future__ import annotations

from oracle.mobility import count_of, heads, international, mean_days, share
from oracle.population import census, figures, published
from oracle.route import House, Number, Published, Quotient, Row, Tally

ACADEMIC, ADMINISTRATIVE = {"academic_staff"}, {"administrative_staff"}
KNOWN = ACADEMIC | ADMINISTRATIVE
STAFF = KNOWN | {"staff"}


def stays(direction: str | None, roles: set[str] = STAFF, of=lambda row: True):
    return lambda house: [
        row for row in house["mobility"]
        if row["role"] in roles and direction in (None, row["direction"]) and international(row) and of(row)
    ]  # fmt: skip


def activity(*words: str):
    return lambda row: row["activity"] in words


def all_staff(house: House, by: str | None) -> list[Row]:
    """Academic and administrative staff."""
    return [row for group in KNOWN for row in census(group)(house, by)]


def both_kinds(rows: list[Row]) -> Number:
    """All together, where there is a figure of both kinds."""
    kinds = {row.get("group", row.get("measure")) for row in rows if row["headcount"] is not None}
    return published(rows) if kinds == KNOWN else None


ORACLES = {
    "B01": Tally(stays("out", of=activity("teaching")), heads),
    "B02": Tally(stays("out", of=activity("training")), heads),
    "B03": Tally(stays("in"), heads),
    "B04": Tally(stays("out", ACADEMIC), heads),
    "B05": Quotient(Tally(stays("out"), heads), Published(all_staff, both_kinds), 100),
    "B06": Quotient(Tally(stays("out", ACADEMIC), heads), Published(census("academic_staff"), published), 100),
    "B07": Tally(
        stays("out", KNOWN, lambda row: row["participants"] is not None),
        lambda rows: share(rows, lambda row: row["role"] == "administrative_staff"),
    ),
    "B08": Quotient(Tally(stays("in"), heads), Tally(stays("out", of=activity("teaching", "training")), heads)),
    "B09": Tally(stays("out", of=lambda row: None not in (row["days"], row["participants"])), mean_days),
    "B10": Tally(stays("in", ACADEMIC, lambda row: row["days"] is not None), lambda rows: count_of(rows, lambda row: row["days"] >= 30)),
    "B11": Tally(stays(None, of=lambda row: row["programme"] == "mevlana"), heads),
    "B12": Quotient(Published(figures("staff_language_training"), published), Published(census("academic_staff"), published), 100),
    "B13": Tally(stays("out"), heads),
}
