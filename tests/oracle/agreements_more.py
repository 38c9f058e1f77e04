"""Agreements (E), the rest: months, EWP, terms, and how mobility spreads over partners."""

from __future__ import annotations

import math
from collections import defaultdict

from oracle.agreements import when, years
from oracle.mobility import heads, international
from oracle.population import figures, published
from oracle.register import running
from oracle.route import Answers, House, Number, Published, Row, Spread, Tally, divided, kept, same, soft, total


def status(rows: list[Row]) -> str:
    return "provisional" if soft(rows) else "final"


def months(house: House) -> list[Row]:
    """A partner and direction with agreed months in a year: those, and the months of its students, where all tell their days."""
    agreed: dict[tuple[int, str, str], list[Row]] = defaultdict(list)
    for row in years(house):
        for direction in ("out", "in"):
            stated, places = row[f"months_{direction}"], row[f"quota_{direction}"]
            given = stated if stated is not None else None if None in (places, row["months"]) else places * row["months"]
            if row["in_force"] and given:
                agreed[row["academic_year"], same(row["partner"]), direction].append(row | {"given": given})
    found = []
    for (year, partner, direction), rows in agreed.items():
        stays = [
            row for row in house["mobility"]
            if (row["academic_year"], row["direction"], row["role"]) == (year, direction, "student") and row["partner"]
        ]  # fmt: skip
        there = [row for row in stays if same(row["partner"]) == partner and international(row) and row["participants"] != 0]
        if heads(stays) is not None and all(None not in (row["days"], row["participants"]) for row in there):
            found.append(
                {
                    "academic_year": year, "direction": direction, "country": min(row["country"] for row in rows), "status": status(rows),
                    "agreed": sum(row["given"] for row in rows), "used": sum(row["participants"] * row["days"] / 30 for row in there),
                }
            )  # fmt: skip
    return found


def approving(house: House) -> list[Row]:
    """Active agreements of KA131, of a register that holds days of approval."""
    if not any(row["ewp_approved"] for row in house["agreements"]):
        return []
    return [row for row in when("active")(house) if row["kind"] == "erasmus_ka131"]


def approved(rows: list[Row]) -> Number:
    return divided(sum(1 for row in rows if row["ewp_approved"] and row["ewp_approved"] <= row["day"]), len(rows), 100)


def backlog(house: House, by: str | None) -> list[Row]:
    return [row for name in ("iia_waiting", "iia_waiting_us", "iia_waiting_partner") for row in figures(name)(house, by)]


def waiting(rows: list[Row]) -> Number:
    """The total where it is stated, else both parts together."""
    known = {row["measure"]: row["value"] for row in rows if row["value"] is not None}
    parts = [known.get(f"iia_waiting_{side}") for side in ("us", "partner")]
    return known.get("iia_waiting", None if None in parts else sum(parts))


def remaining(rows: list[Row]) -> Number:
    left = [(row["ends"] - row["day"]).days / 30.4375 for row in rows if row["ends"]]
    return divided(sum(left), len(left))


def blendable(house: House) -> list[Row]:
    """Active agreements with places for students that tell whether they allow blended stays."""
    return [row for row in when("active")(house) if (row["quota_out"] or row["quota_in"]) and row["blended"] is not None]


def with_partner(house: House) -> list[Row]:
    return [row for row in house["mobility"] if row["partner"] and international(row)]


def people(row: Row) -> Number:
    return row["participants"]


@kept
def partners(house: House) -> list[Row]:
    """Every institution abroad with an active agreement in a year, with its numbers and its ranks."""
    active: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in when("active")(house):
        active[row["academic_year"], same(row["partner"])].append(row)
    numbers = _numbers(house)
    ranks = _ranks(house)
    return [
        {
            "academic_year": year, "partner": partner, "country": min(row["country"] for row in rows), "status": status(rows),
            "numbers": [found.get((year, partner), 0) for found in numbers], "ranks": ranks.get((year, partner), []),
            "ranked": any(then == year for then, _ in ranks),
        }
        for (year, partner), rows in active.items()
    ]  # fmt: skip


def _numbers(house: House) -> list[dict[tuple[int, str], float]]:
    stays = Tally(with_partner, heads).ask(house, "partner")
    papers = Tally(
        lambda house: [row for row in house["joint_publications"] if row["partner"]],
        lambda rows: total(row["publications"] for row in rows),
    ).ask(house, "partner")
    shared = [running(kind).ask(house, "partner") for kind in ("project", "joint_programme")]
    return [{place: one.value or 0 for place, one in answers.items()} for answers in (stays, papers, *shared)]


def _ranks(house: House) -> dict[tuple[int, str], list[int]]:
    """Overall ranks of partners, of the newest edition of each ranking."""
    rows = [row for row in house["scores"] if row.get("partner") and row["criterion"] == "overall" and row["rank"] is not None]
    newest: dict[tuple[int, str], str] = {}
    for row in rows:
        key = (row["academic_year"], row["scheme"])
        newest[key] = max(newest.get(key, ""), row["edition"])
    found: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for row in rows:
        year, scheme = row["academic_year"], row["scheme"]
        if row["edition"] == newest[year, scheme]:
            best = found[year, same(row["partner"])]
            best[scheme] = min(best.get(scheme, row["rank"]), row["rank"])
    return {place: list(ranks.values()) for place, ranks in found.items()}


class Scores(Tally):
    """Partners' scores of a year are made from all partners of that year, whatever they are broken down by."""

    def ask(self, house: House, by: str | None = None) -> Answers:
        scored = [row for rows in _by_year(partners(house)).values() for row in _scored(rows)]
        return Tally(lambda _: scored, lambda rows: _mean(sorted((row["score"] for row in rows), reverse=True)[:10])).ask(house, by)


def _by_year(rows: list[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["academic_year"]].append(row)
    return found


def _scored(rows: list[Row]) -> list[Row]:
    kinds = list(zip(*(row["numbers"] for row in rows), strict=True))
    telling = [column for column in kinds if len(set(column)) > 1]
    if len(telling) < 2 or not any(kinds[0]):
        return []
    scores = [_mean([_z(column, number) for column in telling]) for number in range(len(rows))]
    return [row | {"score": _one_decimal(score)} for row, score in zip(rows, scores, strict=True)]


def _z(column: tuple[float, ...], number: int) -> float:
    mean = _mean(column)
    return (column[number] - mean) / _mean([(one - mean) ** 2 for one in column]) ** 0.5


def _one_decimal(number: float) -> float:
    """Rounded half away from zero."""
    return math.copysign(math.floor(abs(round(number, 9)) * 10 + 0.5) / 10, number)


def _mean(numbers) -> float:
    return sum(numbers) / len(numbers)


def placed(rows: list[Row]) -> Number:
    return divided(sum(1 for row in rows if sum(rank <= 500 for rank in row["ranks"]) >= 2), len(rows), 100)


def shares_squared(weights: list[float]) -> float:
    return sum((weight / sum(weights)) ** 2 for weight in weights)


ORACLES = {
    "E12": Tally(months, lambda rows: divided(sum(row["used"] for row in rows), sum(row["agreed"] for row in rows), 100)),
    "E18": Tally(approving, approved),
    "E19": Published(backlog, waiting),
    "E20": Tally(lambda house: [row for row in when("active")(house) if row["ends"]], remaining),
    "E21": Spread(with_partner, people, shares_squared, per="partner"),
    "E22": Scores(partners, len),
    "E23": Tally(lambda house: [row for row in partners(house) if row["ranked"]], placed),
    "E24": Tally(blendable, lambda rows: divided(sum(row["blended"] for row in rows), len(rows), 100)),
    "E26": Spread(when("active"), lambda row: 1, max, per="country"),
    "E27": Spread(with_partner, people, lambda weights: sum(weights[:5]) / sum(weights), per="partner", scale=100),
    "E28": Published(figures("iia_waiting_us"), published),
}
