"""Grants, capacity, scores and ranks (H)."""

from __future__ import annotations

from oracle.agreements import ACTIVE
from oracle.mobility import ORACLES as MOBILITY
from oracle.mobility import heads, international
from oracle.mobility_more import ERASMUS
from oracle.money import amounts, one_currency
from oracle.population import figures, published
from oracle.register import begun, running
from oracle.route import Derived, House, Input, Number, Published, Quotient, Row, Tally, divided

QS = ("international_faculty", "international_students", "research_network")


def sent(house: House) -> list[Row]:
    """Students and staff who went abroad with Erasmus+."""
    return [row for row in house["mobility"] if row["direction"] == "out" and international(row) and row["programme"] in ERASMUS]


def own(scheme: str, *criteria: str):
    """The institution's own scores that are told; of several editions of a year the newest."""

    def rows(house: House) -> list[Row]:
        found = [
            row for row in house["scores"]
            if row["scheme"] == scheme and row["criterion"] in criteria and not row.get("partner")
        ]  # fmt: skip
        newest: dict[tuple[int, str], str] = {}
        for row in found:
            key = (row["academic_year"], row["criterion"])
            newest[key] = max(newest.get(key, ""), row.get("edition") or "")
        return [row for row in found if (row.get("edition") or "") == newest[row["academic_year"], row["criterion"]]]

    return rows


def mean(rows: list[Row]) -> Number:
    known = [row["score"] for row in rows if row["score"] is not None]
    return divided(sum(known), len(known))


def surveys(*columns: str):
    return lambda house: [
        row for row in house["scores"] if row["scheme"] == "survey" and all(row[column] is not None for column in columns)
    ]


def satisfied(rows: list[Row]) -> Number:
    return divided(sum(row["score"] * row["responses"] for row in rows), sum(row["responses"] for row in rows))


def answered(rows: list[Row]) -> Number:
    return divided(sum(row["responses"] for row in rows), sum(row["invited"] for row in rows), 100)


SENT, OFFICE = Tally(sent, heads), Published(figures("international_office_fte"), published)

ORACLES = {
    "H01": one_currency("erasmus_grant_spent", "erasmus_grant_awarded"),
    "H02": Quotient(SENT, Published(figures("contracted_participants"), published), 100),
    "H03": Quotient(amounts("erasmus_grant_spent", "EUR"), SENT),
    "H04": running("membership"),
    "H05": Derived(
        (Input(MOBILITY["A39"]), Input(ACTIVE), Input(OFFICE)), lambda people, agreements, staff: divided(people + agreements, staff)
    ),
    "H06": one_currency("internationalisation_budget", "total_budget"),
    "H07": begun("visit_hosted", "visit_made", "delegation"),
    "H08": begun("event", "fair"),
    "H09": Tally(lambda house: [row for row in surveys("score")(house) if row["responses"]], satisfied),
    "H11": Tally(own("yokak", "a51", "a52", "a53"), mean),
    "H12": Tally(own("the", "international_outlook"), mean),
    "H14": OFFICE,
    "H15": Tally(surveys("responses", "invited"), answered),
    "H16": Tally(own("qs", *QS), mean),
}
