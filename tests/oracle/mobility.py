"""Student mobility (A): students who went and came."""

from __future__ import annotations

import math

from oracle.population import census, published
from oracle.route import Derived, House, Input, Number, Published, Quotient, Row, Spread, Tally, divided, total

DOMESTIC = {"farabi", "sicue"}


def international(row: Row) -> bool:
    """A journey with an international programme; one that is not named is taken for one."""
    return row["programme"] not in DOMESTIC and row["mode"] != "virtual"


def heads(rows: list[Row]) -> Number:
    return total(row["participants"] for row in rows)


def students(direction: str | None, of=lambda row: True):
    """The stays of students of a direction (None: both)."""
    return lambda house: [
        row for row in house["mobility"]
        if row["role"] == "student" and direction in (None, row["direction"]) and international(row) and of(row)
    ]  # fmt: skip


def count_of(rows: list[Row], within) -> Number:
    """How many people lie within, where it is told of all: none is zero."""
    return total(row["participants"] if within(row) else 0 for row in rows)


def share(rows: list[Row], within) -> Number:
    """Of 100 people, how many lie within."""
    return divided(count_of(rows, within), heads(rows), 100)


def told(*columns: str):
    """Outgoing students whose number and all this is told."""
    return students("out", lambda row: all(row[column] is not None for column in ("participants", *columns)))


def days(rows: list[Row]) -> Number:
    """All days of all people, where both are known."""
    return total(row["days"] * row["participants"] for row in rows if None not in (row["days"], row["participants"]))


def mean_days(rows: list[Row]) -> Number:
    return divided(days(rows), heads(rows))


def median_days(rows: list[Row]) -> Number:
    """People in a line by the length of their stay; the first at or beyond the middle."""
    line = sorted(row["days"] for row in rows if row["days"] is not None for _ in range(row["participants"] or 0))
    return line[(len(line) + 1) // 2 - 1] if line else None


def evenness(weights: list[float]) -> Number:
    shares = [weight / sum(weights) for weight in weights]
    return -sum(p * math.log(p) for p in shares) / math.log(len(shares)) if len(shares) > 1 else None


def placed(rows: list[Row]) -> Number:
    return divided(heads(rows), total(row["places"] for row in rows), 100)


def units(house: House) -> list[Row]:
    """The institution's units, one row each year: as stated, else every unit met in a file of that year."""
    stated = [
        {"academic_year": row["year_from"], "n": row["value"], "status": row["status"]}
        for row in house["yearly_figures"]
        if row["measure"] == "units" and row["value"] is not None
    ]
    known = {row["academic_year"] for row in stated}
    met: dict[tuple[int, str], list[Row]] = {}
    for source in ("mobility", "country_distribution", "yearly_figures"):
        for row in house[source]:
            year = row.get("academic_year", row.get("year_from"))
            if row.get("unit") and year not in known:
                met.setdefault((year, row["unit"]), []).append(row)
    return stated + [
        {"academic_year": year, "n": 1, "status": "provisional" if any(r["status"] == "provisional" for r in rows) else "final"}
        for (year, _), rows in met.items()
    ]


def sending(rows: list[Row]) -> Number:
    """Units that sent somebody."""
    return len({row["unit"] for row in rows if row["participants"]}) if heads(rows) is not None else None


OUT, IN = Tally(students("out"), heads), Tally(students("in"), heads)
ENROLLED = Published(census("students"), published)


def balance(incoming: float, outgoing: float) -> Number:
    return divided(incoming - outgoing, incoming + outgoing)


def yearly(now: float, before: float) -> Number:
    """The steady yearly growth over three years, in per cent."""
    return 100 * ((now / before) ** (1 / 3) - 1) if before else None


ORACLES = {
    "A01": OUT,
    "A02": IN,
    "A05": Quotient(OUT, ENROLLED, 100, whole=("programme", "country", "region")),
    "A06": Quotient(IN, ENROLLED, 100, whole=("programme", "country", "region")),
    "A09": Quotient(Published(census("graduates_mobile"), published), Published(census("graduates"), published), 100),
    "A11": Derived((Input(IN), Input(OUT)), divided),
    "A12": Derived((Input(IN), Input(OUT)), lambda incoming, outgoing: incoming - outgoing),
    "A13": Derived((Input(IN), Input(OUT)), balance),
    "A14": Tally(students("out", lambda row: row["activity"] == "traineeship"), heads),
    "A15": Tally(told("activity"), lambda rows: share(rows, lambda row: row["activity"] == "traineeship")),
    "A16": Tally(students(None, lambda row: row["activity"] == "summer_school"), heads),
    "A19": Tally(told("level"), lambda rows: share(rows, lambda row: row["level"] == "doctorate")),
    "A20": Tally(told("days"), mean_days),
    "A21": Tally(students("out"), lambda rows: divided(days(rows), 30)),
    "A22": Tally(told("days"), lambda rows: share(rows, lambda row: row["days"] >= 60)),
    "A23": Quotient(Tally(told("unit"), sending), Tally(units, lambda rows: total(row["n"] for row in rows)), 100, wholly=True),
    "A24": Spread(told("field"), lambda row: row["participants"], evenness, per="field"),
    "A25": Tally(told("fewer_opportunities"), lambda rows: share(rows, lambda row: row["fewer_opportunities"])),
    "A26": Tally(
        students("out", lambda row: row["special_needs"] is not None), lambda rows: count_of(rows, lambda row: row["special_needs"])
    ),
    "A27": Tally(
        students("out", lambda row: row["gender"] in ("female", "male")), lambda rows: share(rows, lambda row: row["gender"] == "female")
    ),
    "A30": Tally(told("places"), placed),
    "A33": Derived((Input(OUT), Input(OUT, lag=1)), lambda now, before: divided(now - before, before, 100)),
    "A34": Derived((Input(OUT), Input(OUT, lag=3)), yearly),
    "A35": Derived((Input(OUT), Input(OUT, year=2018)), lambda now, before: divided(now, before, 100)),
    "A36": Tally(lambda house: [row for row in house["mobility"] if row["role"] == "student" and row["programme"] in DOMESTIC], heads),
    "A39": Tally(lambda house: [row for row in house["mobility"] if international(row)], heads),
    "A40": Tally(students("out"), median_days),
}
