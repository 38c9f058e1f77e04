"""International students and staff (C): people by citizenship."""

from __future__ import annotations

from oracle.population import HOME, census, published
from oracle.route import NO_COUNTRY, Number, Published, Quotient, Row, Tally, divided, total

GRADUATE = {"master", "doctorate"}


def foreign(group: str, of=lambda row: True):
    """People of another citizenship; stateless and "foreign, not told which" are, an unknown citizenship is not."""
    return lambda house: [
        row for row in house["country_distribution"] if row["group"] == group and row["country"] not in (HOME, "XXX") and of(row)
    ]


def told(row: Row) -> bool:
    return row["headcount"] is not None


def nationalities(rows: list[Row]) -> Number:
    """Different countries of which somebody is there."""
    return len({row["country"] for row in rows if row["headcount"] and row["country"] not in NO_COUNTRY})


def graduate_share(rows: list[Row]) -> Number:
    return divided(total(row["headcount"] if row["level"] in GRADUATE else 0 for row in rows), published(rows), 100)


STUDENTS, STAFF = Tally(foreign("students"), published), Tally(foreign("academic_staff"), published)

ORACLES = {
    "C01": STUDENTS,
    "C02": Quotient(STUDENTS, Published(census("students"), published), 100),
    "C03": Tally(foreign("new_entrants"), published),
    "C04": Quotient(
        Tally(foreign("students", lambda row: row["level"] == "doctorate"), published),
        Published(census("students", "doctorate"), published),
        100,
    ),
    "C05": Tally(foreign("students", lambda row: row["level"] and told(row)), graduate_share),
    "C07": Tally(foreign("students", told), nationalities),
    "C13": STAFF,
    "C14": Quotient(STAFF, Published(census("academic_staff"), published), 100),
    "C16": Tally(foreign("academic_staff", told), nationalities),
    "C17": Quotient(STUDENTS, STAFF),
}
