"""Where a number comes from: the files, who accepted them and when, and the cells."""

from __future__ import annotations

from pages.parts import data, links, markup, tables
from pages.parts.selection import Visit
from pipelines.catalogue import Indicator
from pipelines.figures import values as words
from pipelines.language import Language
from pipelines.measure import Provenance, Value


def show(visit: Visit, indicator: Indicator, year: int | None) -> None:
    """Per part of the formula: the files, how many rows of each, and the first cells."""
    say = visit.say
    found = data.trace(visit.institution.id, indicator.code, year)
    named = {row["file"]: row for row in data.files()}
    stated = [value for value in data.headline(visit.institution.id, indicator.code) if value.origin == "reported" and value.file]
    periods = [_stated(value, named, say) for value in stated]
    periods += [line for part in data.trace_parts(visit.institution.id, indicator.code, "programme") for line in _inputs(part, named, say)]
    if periods:
        markup.paragraph(say("Published by the institution itself and handed in as a figure:"))
        tables.plain((say("Period"), say("File"), say("Cell"), say("Accepted"), say("Accepted by")), periods, say)
    rows = [line for part in found if part.part != "reported" for line in _lines(part, named, say)]
    if rows:
        markup.paragraph(say("Rows that make up the value of {year}:", year=say.year(year)))
        tables.plain(
            (say("Part"), say("Year"), say("File"), say("Rows"), say("First cells"), say("Accepted"), say("Accepted by")), rows, say
        )
    if not periods and not rows:
        markup.paragraph(say("This value does not rest on rows of files: it follows from other values; see the formula."))
    links.page(visit, "staff/data.py", say("All files, findings and publications →"))


def _stated(value: Value, named: dict[str, data.Row], say: Language) -> tuple[str, ...]:
    row = named.get(value.file or "", {})
    when = words.when(value, say)
    return (
        when,
        row.get("name", ""),
        place(value.sheet, f"{value.col or ''}{value.row or ''}"),
        say.moment(row.get("accepted_at")),
        row.get("by") or "",
    )


def _inputs(part: Provenance, named: dict[str, data.Row], say: Language) -> list[tuple[str, ...]]:
    """The published figures that a published ratio was made of, one line a cell."""
    return [
        (
            part.indicator,
            cell.name,
            place(cell.sheet, cell.cell),
            say.moment(named.get(cell.file, {}).get("accepted_at")),
            named.get(cell.file, {}).get("by") or "",
        )
        for cell in part.cells
    ]


def _lines(part: Provenance, named: dict[str, data.Row], say: Language) -> list[tuple[str, ...]]:
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
                say.moment(row.get("accepted_at")),
                row.get("by") or "",
            )
        )
    return lines


def _part(part: Provenance, say: Language) -> str:
    words = {"value": say("value"), "numerator": say("numerator"), "denominator": say("denominator")}
    return f"{part.indicator} {words.get(part.part, part.part)}"


def place(sheet: str | None, cell: str) -> str:
    """A cell as a spreadsheet names it: Mobility!D14."""
    return f"{sheet}!{cell}" if sheet and cell else cell
