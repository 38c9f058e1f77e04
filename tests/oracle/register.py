"""What stands in the register of activities and in published numbers (F, G, H)."""

from __future__ import annotations

from oracle.agreements import academic
from oracle.made import AS_OF
from oracle.population import figures, published
from oracle.route import House, Published, Quotient, Row, Tally, total

LASTING = {
    "membership", "project", "programme", "joint_programme", "foreign_language_programme", "accreditation", "infrastructure", "digitalisation",
}  # fmt: skip


def running(*kinds: str) -> Tally:
    """How many run in a year: from the one they begin in to the one they end in; without an end they run on."""

    def rows(house: House) -> list[Row]:
        return [
            row | {"academic_year": year, "status": "provisional" if year == academic(AS_OF) else row["status"]}
            for row in house["activities"]
            if row["kind"] in kinds
            for year in range(academic(row["date"]), min(academic(row["ends"] or AS_OF), academic(AS_OF)) + 1)
        ]

    return Tally(rows, len)


def begun(*kinds: str) -> Tally:
    """How many began in a year."""

    def rows(house: House) -> list[Row]:
        return [
            row | {"academic_year": year, "status": "provisional" if year == academic(AS_OF) else row["status"]}
            for row in house["activities"]
            if row["kind"] in kinds and (year := academic(row["date"])) <= academic(AS_OF)
        ]

    return Tally(rows, len)


def euros(house: House, by: str | None) -> list[Row]:
    return [row for row in figures("international_project_funds")(house, by) if row["currency"] == "EUR"]


ORACLES = {
    "F01": running("joint_programme"),
    "F03": Quotient(Published(figures("foreign_language_programmes"), published), Published(figures("programmes"), published), 100),
    "F06": running("accreditation"),
    "G05": running("project"),
    "G06": Published(euros, lambda rows: total(row["value"] for row in rows)),
    "H04": running("membership"),
    "H07": begun("visit_hosted", "visit_made", "delegation"),
    "H08": begun("event", "fair"),
}
