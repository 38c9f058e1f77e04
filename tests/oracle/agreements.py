"""Agreements (E): a register, looked at on the last day of each academic year, or on the day of the figures in the running one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from oracle.made import AS_OF
from oracle.mobility import DOMESTIC, heads, international, units
from oracle.mobility import ORACLES as MOBILITY
from oracle.route import NO_COUNTRY, Derived, House, Input, Number, Quotient, Row, Spread, Tally, academic, divided, kept, same, total

OVER = {"terminated", "expired"}
STALE = timedelta(180)


def renewed(old: Row, register: list[Row]) -> bool:
    """Another one names it, its stage says so, or a later one of its kind and unit with its partner follows within 180 days."""
    others = [new for new in register if new is not old]
    if old["stage"] == "renewed" or any(new["renews"] == old["agreement"] for new in others):
        return True
    return old["ends"] is not None and any(
        same(new["partner"]) == same(old["partner"]) and (new["kind"], new["unit"]) == (old["kind"], old["unit"])
        and old["starts"] < new["starts"] <= old["ends"] + STALE and (new["ends"] is None or new["ends"] > old["ends"])
        for new in others
    )  # fmt: skip


@kept
def years(house: House) -> list[Row]:
    """Each international agreement in each year from the one it was signed or began in."""
    register = [row for row in house["agreements"] if row["stage"] != "draft"]
    partners = _partners(house)
    return [
        _judged(row, year, renewed(row, register), partners)
        for row in register
        if row["programme"] not in DOMESTIC
        for year in range(academic(_first(row)), academic(AS_OF) + 1)
        if _first(row) <= AS_OF
    ]


def _first(row: Row) -> date:
    """The day an agreement is there: signed, or begun where that comes first or no day of signature is recorded."""
    return min(row["signed"] or row["starts"], row["starts"])


def _judged(row: Row, year: int, followed: bool, partners: dict[int, set[str]]) -> Row:
    first, last = date(year, 9, 1), date(year + 1, 8, 31)
    day = min(last, AS_OF)
    ended = row["ends"] is not None
    open_end = not ended and row["stage"] not in OVER
    ended_early = row["stage"] == "terminated" and day == AS_OF  # whatever end was agreed
    active = row["starts"] <= day and (open_end or (ended and row["ends"] >= day)) and not ended_early
    left = (row["ends"] - day).days if active and ended else None
    met = [partners[then] for then in range(year - 2, year + 1) if then in partners]
    return row | {
        "academic_year": year, "status": "provisional" if day < last else row["status"], "active": active, "day": day,
        "in_force": row["starts"] <= day and (open_end or (ended and row["ends"] >= first)),
        "ended": ended and first <= row["ends"] <= last and row["ends"] < max(day, AS_OF), "renewed": followed, "left": left,
        "new": academic(row["signed"] or row["starts"]) == year and (row["signed"] or row["starts"]) <= day,
        "used": any(same(row["partner"]) in names for names in met) if met else None,
    }  # fmt: skip


def _partners(house: House) -> dict[int, set[str]]:
    """Years in which a stay names its partner → the partners with somebody in motion."""
    found: dict[int, set[str]] = defaultdict(set)
    for row in house["mobility"]:
        if row["partner"]:
            found[row["academic_year"]] |= {same(row["partner"])} if row["participants"] != 0 else set()
    return found


def when(*flags: str):
    return lambda house: [row for row in years(house) if all(row[flag] for flag in flags)]


def count(within) -> Tally:
    """How many agreements of the register lie within: none is zero from its first year on."""
    return Tally(years, lambda rows: sum(1 for row in rows if within(row)))


def expiring(days: int) -> Tally:
    return count(lambda row: row["left"] is not None and row["left"] <= days and not row["renewed"])


def used(rows: list[Row]) -> Number:
    told = [row["used"] for row in rows if row["used"] is not None]
    return divided(sum(told), len(told), 100)


def dormant(rows: list[Row]) -> Number:
    active = [row["used"] for row in rows if row["active"]]
    return sum(not used for used in active) if None not in active else None


def partners(rows: list[Row]) -> int:
    return len({same(row["partner"]) for row in rows if row["active"]})


def per_country(rows: list[Row]) -> Number:
    """Active agreements per country that has one."""
    return divided(len(rows), len({row["country"] for row in rows}))


def covered(rows: list[Row]) -> int:
    return len({row["unit"] for row in rows if row["active"] and row["unit"]})


def places(house: House) -> list[Row]:
    """A partner and direction with places in a year: the places, and the students who used them."""
    offered: dict[tuple[int, str, str], list[Row]] = defaultdict(list)
    for row in years(house):
        for direction in ("out", "in"):
            if row["in_force"] and row[f"quota_{direction}"]:
                offered[row["academic_year"], same(row["partner"]), direction].append(row)
    found = []
    for (year, partner, direction), rows in offered.items():
        stays = [
            row for row in house["mobility"]
            if (row["academic_year"], row["direction"], row["role"]) == (year, direction, "student") and row["partner"]
        ]  # fmt: skip
        there = [row for row in stays if same(row["partner"]) == partner and international(row)]
        told = heads(stays) is not None
        found.append(
            {
                "academic_year": year, "direction": direction, "partner": min(row["partner"] for row in rows),
                "country": min(row["country"] for row in rows), "places": sum(row[f"quota_{direction}"] for row in rows),
                "people": heads(there) or 0 if told else None,
                "status": "provisional" if any(row["status"] == "provisional" for row in rows) else "final",
            }
        )  # fmt: skip
    return found


def filled(rows: list[Row]) -> Number:
    return divided(total(row["people"] for row in rows), total(row["places"] for row in rows), 100)


def balances(house: House) -> list[Row]:
    """A partner in a year with students in motion, and whether what came is near what went. All its stays tell its country and status."""
    met: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in house["mobility"]:
        if row["partner"] and international(row):
            met[row["academic_year"], same(row["partner"])].append(row)
    found = []
    for (year, _), rows in met.items():
        came, went = (heads([r for r in rows if (r["direction"], r["role"]) == (way, "student")]) or 0 for way in ("in", "out"))
        known = [row["country"] for row in rows if row["country"]]
        if came + went:
            found.append(
                {
                    "academic_year": year, "country": min(known, default=None), "near": abs(came - went) / (came + went) <= 0.33,
                    "status": "provisional" if any(row["status"] == "provisional" for row in rows) else "final",
                }
            )  # fmt: skip
    return found


ACTIVE = count(lambda row: row["active"])
PARTNERS = Tally(years, partners)

ORACLES = {
    "E01": Tally(years, len),
    "E02": ACTIVE,
    "E03": Spread(when("active"), lambda row: 1, len, per="kind"),
    "E04": count(lambda row: row["new"]),
    "E05": count(lambda row: row["ended"] and not row["renewed"]),
    "E06": expiring(365),
    "E07": Tally(when("ended"), lambda rows: divided(sum(row["renewed"] for row in rows), len(rows), 100)),
    "E08": Tally(when("active"), used),
    "E09": Tally(years, dormant),
    "E10": Derived((Input(MOBILITY["A39"]), Input(ACTIVE)), divided),
    "E11": Tally(lambda house: [row for row in places(house) if row["people"] is not None], filled),
    "E13": PARTNERS,
    "E14": Tally(when("active"), lambda rows: divided(len(rows), partners(rows))),
    "E15": Tally(lambda house: [row for row in when("active")(house) if row["country"] not in NO_COUNTRY], per_country),
    "E16": Quotient(Tally(years, covered), Tally(units, lambda rows: total(row["n"] for row in rows)), 100, wholly=True),
    "E17": Tally(balances, lambda rows: divided(sum(row["near"] for row in rows), len(rows), 100)),
    "E25": expiring(180),
}
