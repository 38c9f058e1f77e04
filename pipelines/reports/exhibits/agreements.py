"""T5 – T7: agreements by type, status and year; the active ones in a list; those that end soon. Agreements are no people."""

from __future__ import annotations

from pipelines.figures import Column, Table
from pipelines.figures.model import Cell
from pipelines.figures.names import names
from pipelines.figures.values import remarks
from pipelines.measure import Value
from pipelines.reports.exhibits import Asked, Made, exhibit, named
from pipelines.reports.exhibits.rows import amount, day, listed, year_columns
from pipelines.reports.material import Material, Row, indicators_of

STATES = ("E02", "E04", "E06", "E05", "E09")
"""Active, signed this year, ending within a year, ended, dormant."""

REGISTER = """
    select agreement, partner, country, kind, unit, starts, ends, quota_out, quota_in, days_left, expiring_365 and not renewed as ending
    from core.agreement_years
    where institution = ? and academic_year = ? and active and domestic is not true
    order by country, partner, kind, unit nulls first, starts, agreement"""


@exhibit("T5", "Agreements by type, status and year", "Tür, durum ve yıla göre anlaşmalar")
def by_kind(material: Material, asked: Asked) -> list[Made]:
    """For each status the sum and the kinds of agreement, year by year."""
    say, words, rows, shown = material.say, names("kind", material.say), list[tuple[Cell, ...]](), list[Value]()
    for one in indicators_of(STATES):
        whole = material.by_year(one.code)
        years = {year: {v.key: v for v in material.parts(one.code, year, "kind")} for year in material.years}
        if not any(year in whole for year in material.years):
            continue
        rows.append((say.pick(one.title), say("All"), *(amount(whole.get(year), one) for year in material.years)))
        for key in sorted({key for parts in years.values() for key in parts}, key=lambda key: words.get(key, key)):
            label = words.get(key, key) or say("not stated")
            rows.append((say.pick(one.title), label, *(amount(years[year].get(key), one) for year in material.years)))
        shown += [value for parts in years.values() for value in parts.values()]
    columns = year_columns(material, say("Status"), say("Kind"))
    return [Made(named("T5", say), Table(columns, tuple(rows)), note=remarks(shown, say), codes=STATES)] if rows else []


@exhibit("T6", "Active agreements", "Yürürlükteki anlaşmalar")
def active(material: Material, asked: Asked) -> list[Made]:
    """Every active agreement with a partner abroad: partner, country, kind, unit, term, places a year."""
    say, rows = material.say, _register(material)
    caption = f"{named('T6', say)}, {say.year(material.year)} ({say.number(len(rows))})"
    return [Made(caption, _list(material, rows), codes=("E02",))] if rows else []


@exhibit("T7", "Agreements that end within a year", "Bir yıl içinde sona erecek anlaşmalar")
def ending(material: Material, asked: Asked) -> list[Made]:
    """Those of them that end within 365 days and are not renewed, the first to end first."""
    say = material.say
    rows = sorted((row for row in _register(material) if row["ending"]), key=lambda row: (row["ends"], row["partner"] or ""))
    caption = f"{named('T7', say)}, {say.year(material.year)} ({say.number(len(rows))})"
    return [Made(caption, _list(material, rows, left=True), codes=("E06",))] if rows else []


def _register(material: Material) -> list[Row]:
    return material.version.rows(REGISTER, [material.institution, material.year])


def _list(material: Material, rows: list[Row], left: bool = False) -> Table:
    say = material.say
    countries, kinds = names("country", say), names("kind", say)
    texts = (say("Partner"), say("Country"), say("Kind"), say("Unit"), say("Begins"), say("Ends"))
    heads = [*map(Column, texts), Column(say("Places out"), "count"), Column(say("Places in"), "count")]
    heads.append(Column(say("Days left"), "count"))
    return listed(
        heads,
        [
            (
                row["partner"] or "", countries.get(row["country"], row["country"] or ""), kinds.get(row["kind"], row["kind"] or ""),
                row["unit"] or "", day(row["starts"], say), day(row["ends"], say) or say("open-ended"), row["quota_out"], row["quota_in"],
                row["days_left"] if left else None,
            )
            for row in rows
        ],
    )  # fmt: skip
