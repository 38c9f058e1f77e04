"""One A4 page about one country or one partner: people both ways by year, shares, agreements, activities; small numbers stay hidden."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines import answers, catalogue, figures, measure, registers
from pipelines.errors import MeridianError
from pipelines.figures import Figure
from pipelines.figures import names as words
from pipelines.figures import values as written
from pipelines.knowledge import unknown
from pipelines.language import Language, language
from pipelines.measure import Value
from pipelines.reports.material import Material
from pipelines.warehouse import Version, open_version

FACTS = {"country": ("A01", "A02", "B13", "B03", "C01", "E02", "E13", "E11"), "partner": ("A01", "A02", "A13", "B13", "B03", "E02", "E11")}
STUDENTS, STAFF, SHARE = ("A01", "A02"), ("B13", "B03"), "D10"
SMALL = (290, 150)
"""Width and height of a chart in half a page."""
AGREEMENTS, ACTIVITIES = 10, 6
"""Rows on the page; of more, the rest is counted."""


@dataclass(frozen=True)
class Sheet:
    """What is asked: ``by`` country (``key``: alpha-3) or partner (``key``: its name)."""

    version: Version
    institution: str
    say: Language
    year: int
    by: str
    key: str

    @property
    def material(self) -> Material:
        return Material(self.version, self.institution, self.say, (self.year,))

    @property
    def title(self) -> str:
        return words.names("country", self.say).get(self.key, self.key) if self.by == "country" else self.key

    def series(self, code: str) -> list[Value]:
        """An indicator under the filter, year by year, small numbers hidden; empty where its rows lack the dimension."""
        try:
            found = measure.values(self.version, code, institution=self.institution, where={self.by: [self.key]}, audience="public")
        except MeridianError as error:
            if error.finding.code == "M101":
                return []
            raise
        return [v for v in found if (v.value is not None or v.hidden) and written.yearly(v)]

    def share(self, population: str) -> list[Value]:
        """The country's share of a population, year by year."""
        found = self.material.parts(SHARE, None, "country", {"population": population})
        return [v for v in found if v.key == self.key and (v.value is not None or v.hidden)]


def pdf(sheet: Sheet) -> bytes:
    """The page: PDF/UA-1 and PDF/A-2a, exactly one A4 page; the same publication gives the same bytes."""
    from pipelines.reports.pdf import compiled

    return compiled("factsheet.typ", page(sheet))


def page(sheet: Sheet) -> dict[str, Any]:
    """Everything on the page, written in its language."""
    from pipelines.reports import paper

    say, material = sheet.say, sheet.material
    values = {code: sheet.series(code) for code in dict.fromkeys((*FACTS[sheet.by], *STUDENTS, *STAFF))}
    now = {code: next((v for v in found if v.year_from == sheet.year), None) for code, found in values.items()}
    every = catalogue.indicators()
    facts = [(written.written(now[code], every[code], say), say.pick(every[code].title)) for code in FACTS[sheet.by] if now[code]]
    charts = [figure for figure in _figures(sheet, values) if not figure.empty]
    return {
        "language": say.code, "title": sheet.title, "institution": material.who, "year": say.year(sheet.year),
        "standing": material.standing,
        "sample": say("Sample: this institution and all its figures are made up.") if material.profile.get("sample") else "",
        "facts": [list(pair) for pair in facts],
        "charts": [
            {"title": one.title, "svg": paper.svg(one, bare=True, size=SMALL).decode(), "alt": one.alt or one.title} for one in charts
        ],
        "agreements": _agreements(sheet), "activities": _activities(sheet),
        "marks": written.remarks([v for found in values.values() for v in found], say),
        "nothing": "" if facts or charts else say("No value for this selection"), "words": {"year": say("Year")},
    }  # fmt: skip


def _figures(sheet: Sheet, values: dict[str, list[Value]]) -> list[Figure]:
    """People both ways, and for a country its share of all who go and come."""
    every, say = catalogue.indicators(), sheet.say
    made = [figures.flows((every[out], values[out]), (every[into], values[into]), say) for out, into in (STUDENTS, STAFF)]
    if sheet.by == "country":
        called = (say("Outgoing students"), say("Incoming students"))
        both = [(every[SHARE], sheet.share(population)) for population in ("outgoing", "incoming")]
        drawn = figures.flows(both[0], both[1], say, names=called)
        made.append(replace(drawn, title=f"{say('Share')}: {drawn.title}"))
    return made


def _rows(sheet: Sheet, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row[sheet.by] == sheet.key]


def _agreements(sheet: Sheet) -> dict[str, Any]:
    """Agreements in force in the year, the first to end first; of more than find room, how many."""
    say = sheet.say
    rows = _rows(sheet, sheet.version.rows(registers.AGREEMENTS, [sheet.institution, sheet.year]))
    live = [row for row in rows if row["active"]]
    kinds = words.names("kind", say)
    heads = [say("Partner"), say("Kind"), say("Unit"), say("Begins"), say("Ends"), say("Places out"), say("Places in")]
    told = [
        [
            row["partner"] or "", kinds.get(row["kind"], row["kind"] or ""), row["unit"] or "", say.date(row["starts"]),
            say.date(row["ends"]) if row["ends"] else say("open-ended"), say.number(row["quota_out"]), say.number(row["quota_in"]),
        ]
        for row in live[:AGREEMENTS]
    ]  # fmt: skip
    return _listed(say.many("{n} active agreement", "{n} active agreements", len(live)), heads, told, len(live), say)


def _activities(sheet: Sheet) -> dict[str, Any]:
    """What was done together, the newest first."""
    say, kinds = sheet.say, words.names("kind", sheet.say)
    rows = _rows(sheet, sheet.version.rows(registers.ACTIVITIES, [sheet.institution]))
    told = [[say.date(row["date"]), kinds.get(row["kind"], row["kind"] or ""), row["title"] or ""] for row in rows[:ACTIVITIES]]
    return _listed(say.many("{n} activity", "{n} activities", len(rows)), [say("Date"), say("Kind"), say("Activity")], told, len(rows), say)


def _listed(title: str, heads: list[str], rows: list[list[str]], count: int, say: Language) -> dict[str, Any]:
    more = say.many("{n} more is not shown here.", "{n} more are not shown here.", count - len(rows)) if count > len(rows) else ""
    return {"title": title, "heads": heads, "rows": rows, "more": more}


def name(sheet: Sheet) -> str:
    """For file names: ASCII, no spaces."""
    plain = unicodedata.normalize("NFKD", sheet.key.replace("ı", "i")).encode("ascii", "ignore").decode()
    return f"factsheet_{sheet.institution}_{re.sub(r'[^A-Za-z0-9]+', '-', plain).strip('-')[:60]}_{sheet.say.code}"


def write(store: Path, institution: str | None, lang: str, by: str, key: str, folder: Path) -> Path:
    """The sheet of the newest full year as a file. Raises K101 for an unknown country or partner, R102 without a year."""
    version = open_version(store)
    who = answers.resolve(version, institution)
    year = answers.full_year(version, who)
    if year is None:
        raise MeridianError("R102", institution=who)
    sheet = Sheet(version, who, language(lang), year, by, _known(version, who, by, key))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name(sheet)}.pdf"
    path.write_bytes(pdf(sheet))
    return path


def _known(version: Version, who: str, by: str, key: str) -> str:
    """The country's code or the partner's name as this institution has it."""
    if by == "country":
        known = [code for code in words.names("country", language("en")) if len(code) == 3]
    else:
        known = [row["partner"] for row in version.rows(registers.KNOWN, [who]) if row["partner"]]
    found = next((one for one in known if one.casefold() == key.casefold()), None)
    if found is None:
        raise unknown(by, key, known)
    return found
