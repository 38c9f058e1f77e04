"""The tables a formula may name, and by what they can be broken down: fixed lists, so that no text of a reader ever becomes SQL.

The plain ones are the sources; the prepared ones are made by ``views.sql``, each with ``institution``, ``academic_year``, ``status``, ``series`` and
the place of its rows (``file``, ``sheet``, ``row``, ``col``), so that a value can be followed back.
"""

from __future__ import annotations

from dataclasses import dataclass

EVERYWHERE = ("institution", "academic_year")


@dataclass(frozen=True)
class Table:
    """A table of formulas: which sources feed it, its dimensions, further columns, whether its rows are people."""

    sources: tuple[str, ...]
    dimensions: tuple[str, ...]
    columns: str = ""
    people: bool = False
    grained: bool = False  # holds the same total in several breakdowns: the compiler picks the one a question needs
    placed: bool = True  # rows know their file and cell


MOBILITY = ("programme", "country", "region", "partner", "unit", "level", "field", "gender", "activity", "role", "direction", "mode")
PEOPLE = ("group", "level", "country", "region", "unit", "gender")

TABLES: dict[str, Table] = {
    "core.mobility": Table(
        ("mobility",), MOBILITY, "participants, places, days, fewer_opportunities, special_needs, domestic, detail", people=True
    ),
    # people by nationality exactly as handed in; often international people only: numerators ("international" is false for home nationals)
    "core.country_distribution": Table(("country_distribution",), PEOPLE, "headcount, international, detail", people=True),
    # whole populations: the country distribution where it holds home nationals too, else the yearly figures of the same group: denominators
    "core.population": Table(("country_distribution", "yearly_figures"), PEOPLE, "headcount", people=True, grained=True),
    # base measures of one year (code of data/reference/measures.csv in "measure", number in "value"); not indicators, not periods
    "core.measures": Table(("yearly_figures",), ("programme", "level", "unit", "country", "region"), "measure, value, currency, domestic", grained=True),
    # one row per agreement and academic year from its start on, judged at the reference date (31 August after the year, or as_of when earlier):
    # active, expiring_180, expiring_365, signed_this_year, expired_this_year, renewed, lapsed (expired_this_year and not renewed),
    # used (active and a mobility with this partner in this or the two years before), days_left
    "core.agreement_years": Table(
        ("agreements", "mobility"), ("programme", "country", "region", "partner", "unit", "kind"),
        "agreement, signed, starts, ends, stage, domestic, active, expiring_180, expiring_365, signed_this_year, expired_this_year, renewed, lapsed, "
        "used, days_left, quota_out, quota_in, months",
    ),
    # one row per institution, year, partner and direction that an active agreement gives places for: quota, and students who took part (realised;
    # 0 where that year's mobility was handed in and none went, null where it was not)
    "core.quota_use": Table(("agreements", "mobility"), ("country", "region", "partner", "direction"), "quota, realised"),
    # one row per institution, year and partner with international people in motion: outgoing, incoming (students and staff; null = none told)
    "core.partner_years": Table(("mobility",), ("country", "region", "partner"), "outgoing, incoming", people=True),
    # weights for diversity in one table: population outgoing | incoming (international students in exchange), students (international
    # students by nationality), agreements (active ones). weight = people or agreements
    "core.country_weights": Table(
        ("mobility", "country_distribution", "agreements"), ("population", "country", "region", "programme", "unit", "level", "gender"), "weight", people=True
    ),
    # one row per institution, year, population and country met in that year or the year before: newcomer, lost (booleans)
    "core.country_changes": Table(("mobility", "country_distribution", "agreements"), ("population", "country", "region"), "newcomer, lost, present"),
    # one row per institution, year and country with an active agreement or with mobility: agreements, people
    "core.country_links": Table(("agreements", "mobility"), ("country", "region"), "agreements, people"),
    # how many units the institution has: the measure “units” where it is told, else every unit met in any source of that year; sum(n)
    "core.units": Table(("yearly_figures", "mobility", "country_distribution", "agreements"), (), "unit, n"),
    # one row per activity and academic year it touches: events in the year of their date, lasting things (memberships, projects, programmes,
    # accreditations, infrastructure …) in every year until they end; begins = its first year
    "core.activity_years": Table(("activities",), ("kind", "country", "region", "partner"), "title, date, ends, begins, amount, currency, element"),
    # judged goals of the year and the indicators' values: measured after all others
    "board.goal_status": Table(("goals",), (), "policy, element, indicator, unit, target, weight, actual, attainment, attainment_path, status", placed=False),
    "board.expected_values": Table((), (), "indicator, filled (1 where the indicator has a value of that year, else 0)", placed=False),
}  # fmt: skip
