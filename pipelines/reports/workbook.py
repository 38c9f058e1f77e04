"""An outline's tables as a workbook: cover, contents, one table a sheet, definitions, sources, revisions.

Numbers are numbers, with as many decimals as the report shows; one that carries a mark ("1,482 [p]") is text, so that no sum takes it for
an exact one. Nothing becomes a formula or a link out of the workbook; heads stay in sight.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from pipelines.figures import Column, Table
from pipelines.language import Language, language
from pipelines.reports import wording
from pipelines.reports.archive import still
from pipelines.reports.downloads import grid
from pipelines.reports.outline import Exhibit, Outline

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""The date written into the file: not the clock's, so that the same outline gives the same bytes."""
LONGEST = 31
"""Letters of a sheet's name that Excel allows."""


def xlsx(outline: Outline) -> bytes:
    """The whole workbook."""
    import xlsxwriter

    say, whole = language(outline.language), io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(whole, {"in_memory": True} | plain)
    about_it = {"title": outline.title, "subject": outline.subtitle, "author": outline.institution, "comments": outline.standing}
    book.set_properties(about_it | {"created": EPOCH})
    sheets = {_sheet(one, say): one for one in outline.exhibits if _table(one) is not None}
    _cover(book, outline, say)
    _contents(book, sheets, say)
    for name, exhibit in sheets.items():
        _exhibit(book, name, exhibit, say)
    about = {
        say("Definitions"): ((say("Indicator"), say("Term"), say("Text")), _definitions(outline)),
        say("Sources"): ((say("Table"), say("File"), say("Sheet"), say("Cells"), say("Rows"), "SHA-256"), _sources(outline, say)),
        say("Evidence"): ((say("Number"), say("Title"), say("Where")), ((p.number, p.title, wording.proof(p)) for p in outline.proofs)),
    }
    for name, (heads, rows) in about.items():
        _listed(book, name, heads, rows, say)
    _revisions(book, outline, say)
    book.close()
    return still(whole.getvalue())


def _sheet(exhibit: Exhibit, say: Language) -> str:
    return f"{wording.called(exhibit, say)} {exhibit.code}"[:LONGEST]


def _table(exhibit: Exhibit) -> Table | None:
    """The numbers of an exhibit: a table's own, or those a figure was drawn from."""
    return exhibit.table if exhibit.figure is None else exhibit.figure.table


def _cover(book: Any, outline: Outline, say: Language) -> None:
    sheet = book.add_worksheet(say("Cover"))
    sheet.set_column(0, 0, 90)
    sheet.hide_gridlines(2)
    large, wrap = book.add_format({"bold": True, "font_size": 18, "font_color": "#12436D"}), book.add_format({"text_wrap": True})
    sheet.write_string(0, 0, outline.title, large)
    sheet.write_string(1, 0, outline.institution)
    for line, text in enumerate((*wording.head(outline, say), wording.watermark(outline, say)), start=2):
        sheet.write_string(line, 0, text, wrap)


def _contents(book: Any, sheets: dict[str, Exhibit], say: Language) -> None:
    sheet = book.add_worksheet(say("Contents"))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    for line, (name, exhibit) in enumerate(sheets.items()):
        sheet.write_url(line, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_string(line, 1, exhibit.caption)


def _exhibit(book: Any, name: str, exhibit: Exhibit, say: Language) -> None:
    sheet, table = book.add_worksheet(name), _table(exhibit)
    assert table is not None
    sheet.write_string(0, 0, f"{wording.called(exhibit, say)}: {exhibit.caption}", book.add_format({"bold": True, "font_size": 12}))
    grid(book, sheet, table, say, top=2)
    sheet.freeze_panes(3, 1)
    below = 4 + len(table.rows)
    for line, text in enumerate(filter(None, (exhibit.note, exhibit.source)), start=below):
        sheet.write_string(line, 0, text, book.add_format({"font_color": "#50575E", "font_size": 9}))


def _listed(book: Any, name: str, heads: Sequence[str], rows: Iterable[tuple[str, ...]], say: Language) -> None:
    """A sheet of texts, where there are any."""
    found = tuple(rows)
    if found:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        grid(book, sheet, Table(tuple(Column(head) for head in heads), found), say)


def _definitions(outline: Outline) -> Iterable[tuple[str, ...]]:
    return ((title, term, text) for title, pairs in outline.definitions for term, text in pairs[1:])


def _sources(outline: Outline, say: Language) -> Iterable[tuple[str, ...]]:
    return (
        (wording.called(exhibit, say), one.name, one.sheet or "", one.cells, say.number(one.rows), one.file)
        for exhibit in outline.exhibits
        for one in exhibit.citations
    )


def _revisions(book: Any, outline: Outline, say: Language) -> None:
    sheet = book.add_worksheet(say("Revisions"))
    if outline.revisions is None or not outline.revisions.rows:
        sheet.write_string(0, 0, say("No figure of this report has changed since the publication before."))
        return
    sheet.freeze_panes(1, 0)
    grid(book, sheet, outline.revisions, say)
