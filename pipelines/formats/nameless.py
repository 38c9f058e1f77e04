"""Whatever is kept of a file is kept without the people in it: some suppliers' exports name them beside what is counted here.

What looks like a person in a table of ours is refused (see ``personal``); here the layout knows where a supplier writes them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

from pipelines.codes.words import fold
from pipelines.formats import xml
from pipelines.formats.csv import CsvSheet
from pipelines.formats.refusal import refused
from pipelines.formats.sheet import Sheet

if TYPE_CHECKING:
    from pipelines.receive import Received

ANY_DAY = datetime(2000, 1, 1)
"""The same table gives the same bytes whenever it is handed in."""
Columns = dict[str | None, tuple[int, tuple[int, ...]]]
"""Sheet → the header's row, and the positions of the columns that name people (all from 1)."""


def copy(received: Received, folder: Path) -> Received:
    """An XML document without the elements that name people, written into ``folder``; any other file, and one without them, itself.

    Raises Refused where a document cannot be read.
    """
    return xml.without_people(received, folder) if received.kind == "xml" else received


def emptied(received: Received, sheets: Sequence[Sheet], people: Columns, folder: Path) -> Received:
    """The table with empty cells below the headers that name people, every other cell at its place; itself where they are empty.

    A workbook becomes one of plain cells. Raises Refused with E264 for a kind that cannot be written.
    """
    filled = {sheet.name for sheet in sheets if sheet.name in people and _filled(sheet, *people[sheet.name])}
    if not filled:
        return received
    if received.kind not in ("csv", "xlsx"):
        names = [sheet.peek(people[sheet.name][0])[-1][at - 1] for sheet in sheets if sheet.name in filled for at in people[sheet.name][1]]
        raise refused("E264", sheets[0].place(), columns=", ".join(names))
    path = folder / f"{received.sha256[:16]}.{received.kind}"
    (_csv if received.kind == "csv" else _xlsx)(sheets, people, path)
    data = path.read_bytes()
    return replace(received, path=path, size=len(data), sha256=sha256(data).hexdigest())


def positions(names: Sequence[str], people: Sequence[str]) -> tuple[int, ...]:
    """The columns of a header that a layout knows to name people."""
    known = {fold(word) for word in people}
    return tuple(at for at, name in enumerate(names, 1) if name and fold(name) in known)


def _filled(sheet: Sheet, header: int, columns: tuple[int, ...]) -> bool:
    return any(at <= len(row) and row[at - 1] for row in sheet.peek(sheet.rows)[header:] for at in columns)


def _rows(sheet: Sheet, people: Columns) -> Iterator[list[str]]:
    header, columns = people.get(sheet.name, (0, ()))
    for number, row in enumerate(sheet.peek(sheet.rows), 1):
        yield ["" if number > header and at in columns else word for at, word in enumerate(row, 1)]


def _csv(sheets: Sequence[Sheet], people: Columns, path: Path) -> None:
    (sheet,) = sheets
    assert isinstance(sheet, CsvSheet)
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, delimiter=sheet.delimiter, lineterminator="\n").writerows(_rows(sheet, people))


def _xlsx(sheets: Sequence[Sheet], people: Columns, path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": ANY_DAY})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for number, row in enumerate(_rows(sheet, people)):
                for column, word in enumerate(row):
                    if word:
                        page.write_string(number, column, word)
