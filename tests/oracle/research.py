"""Research and funds (G)."""

from __future__ import annotations

import math
from collections import defaultdict

from oracle.money import amounts
from oracle.population import HOME, census, figures, published
from oracle.register import rate, running
from oracle.route import NO_COUNTRY, Derived, House, Input, Number, Published, Quotient, Row, Tally, academic, kept, same, total

KA2 = lambda row: row["programme"] == "erasmus_ka2"  # noqa: E731
STAFF = Published(census("academic_staff"), published)


def abroad(house: House) -> list[Row]:
    """Publications with partners abroad whose number is told."""
    return [row for row in house["joint_publications"] if row["country"] not in (HOME, *NO_COUNTRY) and row["publications"] is not None]


def countries(rows: list[Row]) -> Number:
    return len({row["country"] for row in rows if row["publications"]})


@kept
def network(house: House) -> list[Row]:
    """Partners abroad with what was written together in five years, of years for which all five were handed in."""
    named = [row for row in abroad(house) if row["partner"]]
    handed = {row["academic_year"] for row in named}
    found = []
    for year in sorted(handed):
        five = range(year - 4, year + 1)
        if not set(five) <= handed:
            continue
        together: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in named:
            if row["academic_year"] in five:
                together[same(row["partner"]), row["country"]].append(row)
        found += [
            {
                "academic_year": year, "country": country, "publications": total(row["publications"] for row in rows),
                "status": "provisional" if any(row["status"] == "provisional" for row in rows) else "final",
            }
            for (_, country), rows in together.items()
            if total(row["publications"] for row in rows) >= 3
        ]  # fmt: skip
    return found


def breadth(rows: list[Row]) -> Number:
    met = [row["country"] for row in rows]
    return len(set(met)) / math.log(len(met)) if len(met) > 1 else None


PATENTS = Published(figures("international_patents"), published)
FUNDED = Tally(
    lambda house: [row for row in running("project", of=KA2).rows(house) if row["currency"] == "EUR"],
    lambda rows: total(r["amount"] for r in rows),
)

ORACLES = {
    "G01": rate("international_publications", "publications"),
    "G02": Tally(abroad, countries),
    "G03": Tally(network, breadth),
    "G04": rate("lmic_publications", "publications"),
    "G05": running("project"),
    "G06": amounts("international_project_funds", "EUR"),
    "G07": rate("horizon_accepted", "horizon_applications"),
    "G08": Quotient(Published(figures("researchers_in_international_projects"), published), STAFF, 100),
    "G09": Derived((Input(PATENTS), Input(PATENTS, lag=1), Input(PATENTS, lag=2)), lambda *three: sum(three)),
    "G10": running("project", of=KA2),
    "G11": rate("internationally_funded_projects", "research_projects"),
    "G12": Tally(running("project").rows, lambda rows: sum(academic(row["date"]) == row["academic_year"] for row in rows)),
    "G13": Published(figures("horizon_applications"), published),
    "G14": Published(figures("horizon_accepted"), published),
    "G15": PATENTS,
    "G16": FUNDED,
    "G17": amounts("international_project_funds", "TRY"),
}
