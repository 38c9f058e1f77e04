"""International students and staff (C), the rest: other counts of the same people, who stays, who graduates, who applies."""

from __future__ import annotations

from oracle.made import SCHOOL
from oracle.mobility import evenness
from oracle.money import one_currency
from oracle.people import ORACLES as PEOPLE
from oracle.people import foreign, told
from oracle.population import census, figures, published
from oracle.route import Derived, House, Input, Number, Published, Quotient, Row, Spread, Tally, divided, total

DEGREES = ("bachelor", "master", "doctorate")


def with_word(column: str, *words: str):
    """Of 100 people of whom this is told, how many it is true of."""

    def value(rows: list[Row]) -> Number:
        return divided(total(row["headcount"] if row[column] in words else 0 for row in rows), published(rows), 100)

    return Tally(foreign("students", lambda row: row[column] is not None and told(row)), value)


def schooled_abroad(house: House) -> list[Row]:
    return [row for row in house["country_distribution"] if row["group"] == "students" and row["prior_education"] == "abroad"]


def faculty(house: House, by: str | None) -> list[Row]:
    return [row for row in census("faculty_members")(house, by) if row["unit"] != SCHOOL]


def retained(again: float, before: float, graduated: float) -> Number:
    return divided(again, before - graduated, 100) if before > graduated else None


EVENNESS = Spread(foreign("students"), lambda row: row["headcount"], evenness)
GRADUATES, AGAIN = Tally(foreign("graduates"), published), Tally(foreign("returning_students"), published)
APPLICANTS = Published(figures("international_applications"), published)

ORACLES = {
    "C06": with_word("prior_education", "abroad"),
    "C08": Derived((Input(PEOPLE["C02"]), Input(EVENNESS)), lambda ratio, evenness: ratio / 100 * evenness),
    "C09": Derived((Input(AGAIN), Input(PEOPLE["C01"], lag=1), Input(GRADUATES, lag=1)), retained),
    "C10": Quotient(GRADUATES, Published(census("graduates"), published), 100),
    "C11": one_currency("scholarship_budget_international", "scholarship_budget"),
    "C12": with_word("teaching_language", "national"),
    "C15": Quotient(Tally(foreign("faculty_members", lambda row: row["unit"] != SCHOOL), published), Published(faculty, published), 100),
    "C18": APPLICANTS,
    "C19": Quotient(Tally(schooled_abroad, published), Published(census("students"), published), 100),
    "C20": EVENNESS,
    "C21": GRADUATES,
    "C22": AGAIN,
    "C23": Quotient(Published(figures("international_admissions"), published), APPLICANTS, 100),
    "C24": Quotient(
        Tally(foreign("students", lambda row: row["level"] in DEGREES), published), Published(census("students", *DEGREES), published), 100
    ),
}
