"""Reads of single rows: agreements, activities, the words of a column. Filters are bound; people are never listed, only counted."""

from __future__ import annotations

from collections.abc import Callable

from pages.parts.data import Row, kept, version
from pipelines.registers import ACTIVITIES, AGREEMENTS, KNOWN

STATES = ("active", "expiring_180", "expiring_365", "dormant", "lapsed", "domestic", "all")
"""What the list of agreements can be narrowed to."""

ENDING = """
    select year(ends) as year, (month(ends) > 6)::int as half, count(*) as agreements
    from core.agreement_years
    where institution = ? and academic_year = ? and active and domestic is not true and ends is not null group by 1, 2 order by 1, 2"""
PARTNERS = """
    select partner, any_value(partner_key) as partner_key, any_value(country) as country,
           count(*) as agreements, bool_or(used) as used, min(ends) as first_end
    from core.agreement_years
    where institution = ? and academic_year = ? and active and domestic is not true group by partner order by agreements desc, partner"""


PUBLICATIONS = """
    select partner_key, academic_year, sum(publications) as publications
    from core.joint_publications as j join core.partners as p on p.institution = j.institution and written = j.partner
    where j.institution = ? and publications is not null group by all order by all"""


@kept
def known_partners(institution: str) -> dict[str, Row]:
    """Every partner that any file names, by key: its name, codes, country and the spellings met."""
    return {row["partner_key"]: row for row in version().rows(KNOWN, [institution])}


@kept
def publications(institution: str) -> list[Row]:
    """Joint publications by partner and year; empty where none were handed in. They are no people."""
    return version().rows(PUBLICATIONS, [institution])


@kept
def agreements(institution: str, year: int) -> list[Row]:
    """Every agreement known in an academic year, drafts too, judged at its reference date; the first to end first."""
    return version().rows(AGREEMENTS, [institution, year])


@kept
def ending(institution: str, year: int) -> list[Row]:
    """Active agreements by the half-year in which they end; open-ended ones are left out."""
    return version().rows(ENDING, [institution, year])


@kept
def partners(institution: str, year: int) -> list[Row]:
    """Partners with active agreements, the most agreements first."""
    return version().rows(PARTNERS, [institution, year])


@kept
def activities(institution: str) -> list[Row]:
    """Events, memberships, projects, visits …, the newest first."""
    return version().rows(ACTIVITIES, [institution])


@kept
def countries(institution: str) -> list[str]:
    """Countries that any row names here: of people, agreements or activities. Words for “unknown” are none."""
    tables = ("mobility", "country_distribution", "agreements", "activities")
    every = " union ".join(f"select country from core.{name} where institution = $who and core.is_place(country)" for name in tables)
    return [code for (code,) in version().query(every, {"who": institution})]


def narrowed(rows: list[Row], state: str) -> list[Row]:
    """The agreements of a state, as the indicators count them: E02 active, E06 ending and not renewed, E09 dormant, E05 lapsed."""
    tests: dict[str, Callable[[Row], bool | None]] = {
        "active": lambda row: row["active"],
        "expiring_180": lambda row: row["expiring_180"] and not row["renewed"],
        "expiring_365": lambda row: row["expiring_365"] and not row["renewed"],
        "dormant": lambda row: row["active"] and row["used"] is False,
        "lapsed": lambda row: row["lapsed"],
        "all": lambda row: True,
    }
    if state == "domestic":
        return [row for row in rows if row["domestic"] and row["active"]]
    return [row for row in rows if not row["domestic"] and tests[state](row)]


@kept
def words(institution: str, column: str) -> list[str]:
    """The words of a column of mobility that occur here, the commonest first. ``column`` is one of ours, checked against the fixed list."""
    if column not in ("programme", "unit", "level", "activity", "country"):
        raise ValueError(column)
    sql = f"select {column} from core.mobility where institution = ? and {column} is not null group by 1 order by count(*) desc, 1"
    return [word for (word,) in version().query(sql, [institution])]
