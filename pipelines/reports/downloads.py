"""A figure's numbers as files: CSV that a spreadsheet opens right, and a workbook with typed cells, definition and source.

Text that a spreadsheet would run as a formula (= + - @ tab CR NUL at its start) gets an apostrophe in CSV; in a workbook cells are typed
and nothing becomes a formula or a link.
"""

from __future__ import annotations

import csv
import io

from pipelines.figures import Figure
from pipelines.figures.model import Cell, Column, Inexact, write
from pipelines.language import Language, language

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
    if isinstance(cell, str | Inexact) or column.unit == "year":
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


def _numbers(book: xlsxwriter.Workbook, figure: Figure, say: Language) -> None:  # noqa: F821
    sheet = book.add_worksheet(say("Data"))
    bold = book.add_format({"bold": True, "bg_color": "#F3F6F9", "bottom": 1, "text_wrap": True})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(figure.table.columns):
        sheet.write_string(0, place, _head(column, say), bold)
        look = book.add_format({"num_format": "#,##0" + ("." + "0" * column.decimals if column.decimals else "")})
        sheet.set_column(place, place, max(14, min(46, len(column.name) + 2)))
        for line, row in enumerate(figure.table.rows, start=1):
            cell = row[place]
            if cell is None:
                continue
            if isinstance(cell, str | Inexact) or column.unit == "year":
                sheet.write_string(line, place, write(cell, column, say))
            else:
                sheet.write_number(line, place, cell, look)


def _texts(book: xlsxwriter.Workbook, name: str, pairs: tuple[tuple[str, str], ...]) -> None:  # noqa: F821
    sheet = book.add_worksheet(name)
    bold, wrap = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    for line, (term, text) in enumerate(pairs):
        sheet.write_string(line, 0, term, bold)
        sheet.write_string(line, 1, text, wrap)
