"""A figure's numbers as files: CSV that a spreadsheet opens right, and a workbook with typed cells, definition and source.

Text that a spreadsheet would run as a formula (= + - @ tab CR NUL at its start) gets an apostrophe in CSV; in a workbook cells are typed
and nothing becomes a formula or a link.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipelines.figures import Figure, Table
from pipelines.figures.model import Amount, Cell, Column, Inexact, write
from pipelines.language import Language, language

if TYPE_CHECKING:
    import xlsxwriter

RISKY = ("=", "+", "-", "@", "\t", "\r", "\0")


def safe(text: str) -> str:
    """Text that no spreadsheet runs."""
    return f"'{text}" if text.startswith(RISKY) else text


def to_csv(figure: Figure) -> bytes:
    """UTF-8 with BOM; semicolon and decimal comma for Turkish, comma and point for English; every number in full."""
    say = language(figure.language)
    turkish = figure.language == "tr"
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if turkish else ",", lineterminator="\r\n")
    writer.writerow([safe(_head(column, say)) for column in figure.table.columns])
    for row in figure.table.rows:
        writer.writerow([_cell(cell, column, turkish, say) for cell, column in zip(row, figure.table.columns, strict=True)])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _head(column: Column, say: Language) -> str:
    return f"{column.name} (%)" if column.unit == "percent" else column.name


def _cell(cell: Cell, column: Column, turkish: bool, say: Language) -> str:
    if cell is None:
        return ""
    if told(cell, column):
        return safe(write(cell, column, say))
    plain = repr(int(cell)) if float(cell).is_integer() else repr(float(cell))
    return plain.replace(".", ",") if turkish else plain


def to_xlsx(figure: Figure) -> bytes:
    """Three sheets: the numbers (typed), the definition, the source."""
    import xlsxwriter

    say = language(figure.language)
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(
        whole, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": figure.title, "subject": figure.subtitle, "comments": figure.source})
    _numbers(book, figure, say)
    _texts(book, say("Definition"), figure.definition or ((say("Shown"), figure.subtitle),))
    _texts(
        book,
        say("Source"),
        ((say("Title"), figure.title), (say("Shown"), figure.subtitle), (say("Source"), figure.source), (say("Remarks"), figure.note)),
    )
    book.close()
    return whole.getvalue()


def _numbers(book: xlsxwriter.Workbook, figure: Figure, say: Language) -> None:
    sheet = book.add_worksheet(say("Data"))
    sheet.freeze_panes(1, 0)
    grid(book, sheet, figure.table, say)


def grid(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, table: Table, say: Language, top: int = 0) -> None:
    """A table from line ``top`` on: numbers as numbers in their own decimals, everything else as text, nothing as a formula."""
    bold = book.add_format({"bold": True, "bg_color": "#F3F6F9", "bottom": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    looks = {
        places: book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else ""), "valign": "top"}) for places in range(5)
    }
    for place, column in enumerate(table.columns):
        sheet.write_string(top, place, _head(column, say), bold)
        longest = max((len(write(row[place], column, say)) for row in table.rows), default=0)
        sheet.set_column(place, place, max(11, min(46, max(longest, len(column.name)) + 2)))
        for line, row in enumerate(table.rows, start=top + 1):
            cell = row[place]
            if cell is None or cell == "":
                continue
            if told(cell, column):
                sheet.write_string(line, place, write(cell, column, say), wrap)
            else:
                sheet.write_number(line, place, float(cell), looks[min(getattr(cell, "decimals", column.decimals), 4)])


def told(cell: Cell, column: Column) -> bool:
    """Whether a cell must stay text: a word, a year, a number that is not exact or carries a mark ("1,482 [p]")."""
    marked = isinstance(cell, Amount) and (cell.precision != "exact" or bool(cell.marks))
    return isinstance(cell, str | Inexact) or column.unit == "year" or marked


def _texts(book: xlsxwriter.Workbook, name: str, pairs: tuple[tuple[str, str], ...]) -> None:
    sheet = book.add_worksheet(name)
    bold, wrap = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    for line, (term, text) in enumerate(pairs):
        sheet.write_string(line, 0, term, bold)
        sheet.write_string(line, 1, text, wrap)
