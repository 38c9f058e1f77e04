"""T11 – T14: programmes, projects and funds, memberships, grants: what was handed in as activities, and the indicators beside it."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.figures import Column, Table
from pipelines.figures.model import Amount, Cell
from pipelines.figures.names import names
from pipelines.figures.time import unit_words
from pipelines.figures.values import remarks
from pipelines.reports.exhibits import Asked, Made, exhibit, named
from pipelines.reports.exhibits.rows import day, listed, over_years, part_of, year_columns, yearly
from pipelines.reports.material import Material

ACTIVITIES = """
    select kind, title, partner, country, programme, date, ends, amount, currency
    from core.activity_years
    where institution = ? and academic_year = ? and list_contains(?, kind)
    order by kind, date, title"""


@exhibit("T11", "Joint, foreign-language and accredited programmes", "Ortak, yabancı dilde ve akredite programlar")
def programmes(material: Material, asked: Asked) -> list[Made]:
    """The numbers over the years, then the programmes themselves."""
    codes = ("F01", "F11", "F02", "F07", "F12", "F03", "F04", "F05", "F06", "F13")
    return _numbers(material, "T11", codes) + _listed(
        material, "T11", ("joint_programme", "foreign_language_programme", "accreditation"), ("F01", "F06")
    )


@exhibit("T12", "International projects and funds", "Uluslararası projeler ve fonlar")
def projects(material: Material, asked: Asked) -> list[Made]:
    """The numbers over the years, then the projects that ran in the newest."""
    codes = ("G05", "G12", "G10", "G16", "G13", "G14", "G07", "G06", "G17", "G08", "G11")
    return _numbers(material, "T12", codes) + _listed(material, "T12", ("project",), ("G05",))


@exhibit("T13", "Memberships of international networks", "Uluslararası ağ üyelikleri")
def memberships(material: Material, asked: Asked) -> list[Made]:
    """The networks the university belonged to in the newest year."""
    return _listed(material, "T13", ("membership",), ("H04",))


@exhibit("T14", "Grants and budget: awarded and spent", "Hibe ve bütçe: tahsis ve harcama")
def grants(material: Material, asked: Asked) -> list[Made]:
    """What was awarded and spent, the share of it, and the budget for internationalisation."""
    say, codes = material.say, ("H01", "H03", "H02", "H06", "C11")
    rows, shown = over_years(material, codes)
    values = {year: value for year, value in material.by_year("H01").items() if year in material.years}
    parts: list[tuple[Cell, ...]] = []
    if any(value.denominator for value in values.values()):
        for title, name in ((say("Erasmus+ grant awarded"), "denominator"), (say("Erasmus+ grant spent"), "numerator")):
            cells = (part_of(v, getattr(v, name), "eur") if (v := values.get(year)) else None for year in material.years)
            parts.append((title, unit_words("eur", say), *cells))
    table = Table(year_columns(material, say("Indicator"), say("Unit")), (*parts, *rows))
    return [Made(named("T14", say), table, note=remarks(shown, say), codes=codes)] if rows else []


def _numbers(material: Material, code: str, codes: Sequence[str]) -> list[Made]:
    table, note = yearly(material, codes)
    return [Made(named(code, material.say), table, note=note, codes=tuple(codes))] if table.rows else []


def _listed(material: Material, code: str, kinds: Sequence[str], cites: tuple[str, ...]) -> list[Made]:
    """The activities of these kinds that went on in the newest year."""
    say = material.say
    rows = material.version.rows(ACTIVITIES, [material.institution, material.year, list(kinds)])
    if not rows:
        return []
    words, countries, funds = names("kind", say), names("country", say), names("programme", say)
    texts = (say("Kind"), say("Title"), say("Partner"), say("Country"), say("Programme"), say("Begins"), say("Ends"))
    table = listed(
        [*map(Column, texts), Column(say("Amount"), "amount"), Column(say("Currency"))],
        [
            (
                words.get(row["kind"], row["kind"]) if len(kinds) > 1 else "", row["title"], row["partner"] or "",
                countries.get(row["country"], row["country"] or ""), funds.get(row["programme"], row["programme"] or ""),
                day(row["date"], say), day(row["ends"], say),
                None if row["amount"] is None else Amount(row["amount"], "amount"), row["currency"] or "",
            )
            for row in rows
        ],
    )  # fmt: skip
    caption = f"{named(code, say)}, {say.year(material.year)} ({say.number(len(rows))})"
    return [Made(caption, table, codes=cites)]
