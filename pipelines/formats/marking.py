"""A person's own workbook with marked cells and one more sheet in front. Runs in the child only, as the workbook may be hostile.

What is to be marked stands in ``marks.json`` of the child's folder (``reports.annotated.Plan``); the copy is ``marked.xlsx``. Formulas,
lists to choose from, formats and merged cells stay; what the library does not know (shapes, macros, slicers) is lost.
"""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

AUTHOR = "Meridian"
"""Of our comments: when a marked copy is marked once more, the old marks go."""
LIST = "meridian_findings"
"""The hidden name that leads to our own sheet, however it is called by then."""
FILL = {"error": "FFC7CE", "query": "FFE699"}
WIDTHS = (11, 9, 24, 20, 56, 50, 50, 14, 20)
LETTERS = "Calibri"
RISKY = ("=", "+", "-", "@", "\t", "\r")
BROKEN = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, SyntaxError, RecursionError, BadZipFile, InvalidFileException,
)  # fmt: skip
"""What the library raises where a part is not what the standard says. It has no family of errors of its own."""


def mark(data: bytes, folder: Path) -> None:
    """Writes ``marked.xlsx``. Raises ValueError where the library cannot open the workbook or write it back."""
    plan = json.loads((folder / "marks.json").read_text(encoding="utf-8"))
    warnings.simplefilter("ignore")  # the library tells what it drops; the first sheet says it to the person
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
        sheets = {sheet.title: sheet for sheet in book.worksheets}
    except BROKEN as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    _without_old_marks(book, sheets)
    for sheet, row, column, severity, text in plan["marks"]:
        if sheet in sheets:
            _mark(sheets[sheet], row, column, severity, text)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = False  # two chosen sheets would be typed into together
    front = book.create_sheet(plan["title"], 0)
    _list(front, plan, set(sheets))
    book.defined_names[LIST] = DefinedName(LIST, attr_text=f"{quote_sheetname(front.title)}!$A$1", hidden=True)
    book.active = 0
    book.calculation = CalcProperties(fullCalcOnLoad=True)  # the library keeps formulas and forgets their values
    try:
        book.save(folder / "marked.xlsx")
    except BROKEN as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _without_old_marks(book: openpyxl.Workbook, sheets: dict[str, Worksheet]) -> None:
    """A copy of ours that was mended and handed in: its list and its colours go."""
    old = book.defined_names.pop(LIST, None)
    for title, _ in old.destinations if old else ():
        if title in sheets:
            del book[title], sheets[title]
    for sheet in sheets.values():
        for cell in [cell for cell in sheet._cells.values() if cell.comment and cell.comment.author == AUTHOR]:
            cell.comment, cell.fill = None, PatternFill()


def _mark(sheet: Worksheet, row: int, column: int, severity: str, text: str) -> None:
    """Colour and comment; of merged cells the first carries them. What the person wrote beside a cell stays below ours."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
        cell = sheet.cell(area.min_row, area.min_col)
    cell.fill = PatternFill("solid", start_color=FILL[severity], end_color=FILL[severity])
    own = f"\n\n{cell.comment.text}" if cell.comment else ""
    cell.comment = Comment(text + own, AUTHOR, *_comment_size(text + own))


def _comment_size(text: str) -> tuple[int, int]:
    """Height and width in points that show the whole text."""
    lines = sum(1 + len(line) // 52 for line in text.split("\n"))
    return min(400, 24 + 15 * lines), 340


def _list(sheet: Worksheet, plan: dict[str, Any], known: set[str]) -> None:
    """The first sheet: some lines, and below them one row for each finding."""
    for number, line in enumerate(plan["lines"], 1):
        _text(sheet, number, 1, line).font = Font(LETTERS, 14 if number == 1 else 11, bold=number == 1)
    top = len(plan["lines"]) + 2
    for column, name in enumerate(plan["header"], 1):
        cell = _text(sheet, top, column, name)
        cell.font, cell.fill = Font(LETTERS, 11, bold=True, color="FFFFFF"), PatternFill("solid", start_color="12436D")
    for number, row in enumerate(plan["rows"], top + 1):
        for column, word in enumerate(row["words"], 1):
            cell = _text(sheet, number, column, word)
            cell.alignment, cell.font = Alignment(vertical="top", wrap_text=True), Font(LETTERS, 11)
        if row["severity"] in FILL:
            sheet.cell(number, 1).fill = PatternFill("solid", start_color=FILL[row["severity"]])
        for column, shown, title, place in row["links"]:
            _link(_text(sheet, number, column, shown), title, place, known)
        lines = (-(-len(str(word)) // (width - 4)) for word, width in zip(row["words"], WIDTHS, strict=False))
        sheet.row_dimensions[number].height = 15 * max(lines)
    _lay_out(sheet, top)


def _lay_out(sheet: Worksheet, top: int) -> None:
    """Widths, a header that stays in sight, and one page wide on paper."""
    for column, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _link(cell: Any, title: str, place: str, known: set[str]) -> None:
    """A link to a cell of the workbook; none where the sheet is not there."""
    cell.alignment = Alignment(vertical="top")
    if title in known:
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(title)}!{place}", display=str(cell.value))
        cell.font = Font(LETTERS, 11, color="0B5394", underline="single")


def _text(sheet: Worksheet, row: int, column: int, word: str | int) -> Any:
    """A cell that holds a text or a number, and never a formula."""
    cell = sheet.cell(row, column)
    cell.value = word
    if isinstance(word, str):
        cell.data_type = "s"
        cell.quotePrefix = word.startswith(RISKY)
    return cell
