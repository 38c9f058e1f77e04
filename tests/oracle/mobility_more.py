"""Student mobility (A), the rest: programmes, rules of others, places and credits, what policies name."""

from __future__ import annotations

from oracle.mobility import DOMESTIC, ENROLLED, OUT, count_of, divided, heads, international, share, students, told
from oracle.population import census, figures, published
from oracle.route import NO_COUNTRY, House, Number, Published, Quotient, Row, Spread, Tally, total

ERASMUS = {"erasmus", "erasmus_ka131", "erasmus_ka171"}
AGENCIES = ERASMUS | {"tubitak"}
WHOLE = ("programme", "country", "region")


def semester(row: Row) -> bool:
    """An academic exchange of at least ninety days under a programme or agreement."""
    return row["activity"] == "study" and row["days"] >= 90


def of_told(direction: str, within, *columns: str) -> Tally:
    """How many lie within, of those of whom these columns tell: none is zero. Free movers have no programme that could tell."""
    rows = students(direction, lambda row: all(row[column] not in (None, "free_mover") for column in columns))
    return Tally(rows, lambda rows: count_of(rows, within))


def blended_or_short(row: Row) -> bool:
    return row["mode"] == "blended" or (row["level"] == "doctorate" and row["days"] is not None and 5 <= row["days"] <= 30)


def both(over: str, under: str):
    """Rows that tell both numbers, and the one in per cent of the other."""
    return Tally(
        students("out", lambda row: None not in (row[over], row[under])),
        lambda rows: divided(total(row[over] for row in rows), total(row[under] for row in rows), 100),
    )


def virtual(house: House) -> list[Row]:
    return [row for row in house["mobility"] if row["role"] == "student" and row["mode"] == "virtual" and row["programme"] not in DOMESTIC]


def towards(house: House) -> list[Row]:
    """Outgoing students of a known country, each with whether the policy names it; nobody where it names none."""
    named = {row["country"] for row in house["core.priority_countries"]}
    rows = students("out", lambda row: row["participants"] is not None and row["country"] not in NO_COUNTRY)(house)
    return [row | {"named": row["country"] in named} for row in rows] if named else []


def parity(rows: list[Row]) -> Number:
    return divided(*(count_of(rows, lambda row, wanted=wanted: row["gender"] == wanted) for wanted in ("female", "male")))


FULL_TIME = Published(figures("students_fte"), published)

ORACLES = {
    "A03": Spread(students("out"), lambda row: row["participants"], len, per="programme"),
    "A04": Spread(students("in"), lambda row: row["participants"], len, per="programme"),
    "A07": Quotient(of_told("in", semester, "programme", "activity", "days"), FULL_TIME, 100, whole=WHOLE),
    "A08": Quotient(of_told("out", semester, "programme", "activity", "days"), FULL_TIME, 100, whole=WHOLE),
    "A10": Quotient(OUT, ENROLLED, 100, whole=WHOLE),
    "A17": Tally(told("mode"), lambda rows: share(rows, blended_or_short)),
    "A18": Tally(virtual, heads),
    "A28": Tally(
        students("out", lambda row: row["programme"] in ERASMUS and None not in (row["grant"], row["participants"])),
        lambda rows: share(rows, lambda row: row["grant"] == 0),
    ),
    "A29": Quotient(Published(figures("mobility_applications"), published), Published(figures("mobility_places"), published)),
    "A31": both("withdrawn", "nominated"),
    "A32": both("ects_recognised", "ects_planned"),
    "A37": Tally(lambda house: [row for row in house["mobility"] if international(row) and row["programme"] in AGENCIES], heads),
    "A38": Tally(towards, lambda rows: share(rows, lambda row: row["named"])),
    "A41": Tally(told("days"), lambda rows: share(rows, lambda row: row["days"] >= 90)),
    "A42": Tally(students("out", lambda row: row["participants"] is not None and row["gender"] in ("female", "male")), parity),
    "A43": Quotient(of_told("out", lambda row: row["days"] >= 30, "days"), ENROLLED, 100, whole=WHOLE),
    "A44": Quotient(of_told("out", lambda row: row["days"] < 30, "days"), ENROLLED, 100, whole=WHOLE),
    "A45": Quotient(Published(figures("outgoing_persons"), published), Published(census("students"), published), 100),
}
