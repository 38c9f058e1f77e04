"""The register of activities, and curriculum (F)."""

from __future__ import annotations

from oracle.made import AS_OF
from oracle.population import figures, published
from oracle.route import House, Published, Quotient, Row, Tally, academic


def running(*kinds: str, of=lambda row: True) -> Tally:
    """How many run in a year: from the one they begin in to the one they end in; without an end they run on."""

    def rows(house: House) -> list[Row]:
        return [
            row | {"academic_year": year, "status": _status(row, year)}
            for row in house["activities"]
            if row["kind"] in kinds and of(row)
            for year in range(academic(row["date"]), min(academic(row["ends"] or AS_OF), academic(AS_OF)) + 1)
        ]

    return Tally(rows, len)


def begun(*kinds: str) -> Tally:
    """How many began in a year."""

    def rows(house: House) -> list[Row]:
        return [
            row | {"academic_year": year, "status": _status(row, year)}
            for row in house["activities"]
            if row["kind"] in kinds and (year := academic(row["date"])) <= academic(AS_OF)
        ]

    return Tally(rows, len)


def _status(row: Row, year: int) -> str:
    """A running year may still change."""
    return "provisional" if year == academic(AS_OF) else row["status"]


def count(measure: str) -> Published:
    return Published(figures(measure), published)


def rate(over: str, under: str) -> Quotient:
    return Quotient(count(over), count(under), 100)


ORACLES = {
    "F01": running("joint_programme"),
    "F02": count("joint_programme_students"),
    "F03": rate("foreign_language_programmes", "programmes"),
    "F04": rate("partly_foreign_bachelor_programmes", "bachelor_programmes"),
    "F05": rate("foreign_language_courses", "courses"),
    "F06": running("accreditation"),
    "F07": count("joint_programme_graduates"),
    "F08": rate("preparatory_passed", "preparatory_enrolled"),
    "F09": rate("international_doctorates", "doctorates"),
    "F10": rate("cotutelle_doctorates", "doctorates"),
    "F11": Quotient(running("joint_programme"), count("programmes"), 100),
    "F12": count("foreign_language_programmes"),
    "F13": rate("accredited_programmes", "accreditable_programmes"),
}
