"""Where a number comes from: the files, who accepted them and when, and the cells."""

from __future__ import annotations

from pages.parts import data, links, markup, pictures, published, tables
from pages.parts.selection import Visit
from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.figures import Column
from pipelines.figures import values as words
from pipelines.language import Language
from pipelines.measure import Provenance, Value


def show(visit: Visit, indicator: Indicator, year: int | None) -> None:
    """Per part of the formula: the files, how many rows of each, and the first cells."""
    say = visit.say
    found = data.trace(visit.institution.id, indicator.code, year)
    named = {row["file"]: row for row in data.files()}
    told = [_stated(value, named, visit) for value in published.behind(visit, indicator.code)]
    if told:
        markup.paragraph(say("Published by the institution itself and handed in as a figure:"))
        heads = (say("Part"), say("Figure"), say("Period"), say("File"), say("Cell"), say("Accepted"))
        tables.told([Column(head) for head in heads], told, say("Where the numbers come from"), "cells")
    rows = [line for part in found if part.part != "reported" for line in _lines(part, named, say)]
    if rows:
        markup.paragraph(say("Rows that make up the value of {year}:", year=say.year(year)))
        heads = (say("Part"), say("Year"), say("File"), say("Rows"), say("First cells"), say("Accepted"))
        tables.told([Column(head, "count" if head == say("Rows") else "") for head in heads], rows, say("Where the numbers come from"))
    if not told and not rows:
        markup.paragraph(say("This value does not rest on rows of files: it follows from other values; see the formula."))
    links.page(visit, "staff/data.py", say("All files, findings and publications →"))


def _stated(value: Value, named: dict[str, data.Row], visit: Visit) -> tuple[tables.Lines, ...]:
    """One published figure: of which part, which number, of when, in which cell of which file, accepted when and by whom."""
    say, row = visit.say, named.get(value.file or "", {})
    indicator = catalogue.indicators()[value.indicator]
    names = pictures.names(value.by, say) if value.by else {}
    part: tables.Lines = (names.get(value.key, value.key), pictures.dimension(value.by, say)) if value.by else say("whole")
    return (
        part,
        f"{indicator.code} {say.pick(indicator.title)} = {published.number(value, say)}",
        words.when(value, say),
        row.get("name", ""),
        place(value.sheet, f"{value.col or ''}{value.row or ''}"),
        (say.moment(row.get("accepted_at")), row.get("by") or ""),
    )


def _lines(part: Provenance, named: dict[str, data.Row], say: Language) -> list[tuple[tables.Lines, ...]]:
    """One line per file. Cells are places, never contents: a row may be one person."""
    lines = []
    for file, name, count in part.files:
        cells = [place(cell.sheet, cell.cell) for cell in part.cells if cell.file == file]
        row = named.get(file, {})
        more = ", …" if count > len(cells) else ""
        lines.append(
            (
                _part(part, say),
                say.year(part.year),
                name,
                say.number(count),
                ", ".join(cells[:4]) + more,
                (say.moment(row.get("accepted_at")), row.get("by") or ""),
            )
        )
    return lines


def _part(part: Provenance, say: Language) -> str:
    words = {"value": say("value"), "numerator": say("numerator"), "denominator": say("denominator")}
    return f"{part.indicator} {words.get(part.part, part.part)}"


def place(sheet: str | None, cell: str) -> str:
    """A cell as a spreadsheet names it: Mobility!D14."""
    return f"{sheet}!{cell}" if sheet and cell else cell
