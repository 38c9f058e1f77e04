"""Ordinary office files, written the same every time: a workbook with title rows, or a CSV with semicolons."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.codes.words import names
from pipelines.sources import sources

Row = dict[str, Any]
WRITTEN = datetime(2026, 11, 2, 9, 0)
"""Stands in the workbook's properties, so that its bytes never change."""


def headers(source: str, columns: Sequence[str], language: str) -> list[str]:
    """What an office writes above its columns: the titles of our own template."""
    return [sources()[source].column(name).title[language] for name in columns]


def spoken(source: str, rows: Sequence[Row], language: str) -> list[Row]:
    """Codes → the words an office writes in that language; everything else stays."""
    lists = {column.name: _words(column.kind, column.vocabulary, language) for column in sources()[source].columns}
    flags = {True: {"en": "Yes", "tr": "Evet"}[language], False: {"en": "No", "tr": "Hayır"}[language]}

    def say(name: str, value: Any) -> Any:
        return flags[value] if isinstance(value, bool) else lists[name].get(value, value)

    return [{name: say(name, value) for name, value in row.items()} for row in rows]


def _words(kind: str, vocabulary: str | None, language: str) -> dict[str, str]:
    if kind == "country":
        return names("country", language)
    return names(vocabulary, language) if vocabulary and vocabulary not in ("measure", "indicator", "field") else {}


def workbook(path: Path, source: str, rows: Sequence[Row], *, language: str, title: str = "", sheet: str = "Veri") -> None:
    """One sheet; a title and an empty row above the header where the office has the habit."""
    columns = list(rows[0])
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": WRITTEN, "title": title or path.stem})
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy"})
        page = book.add_worksheet(sheet)
        top = 0
        if title:
            page.write_string(0, 0, title, bold)
            top = 2
        page.write_row(top, 0, headers(source, columns, language), bold)
        for down, row in enumerate(spoken(source, rows, language), top + 1):
            for across, name in enumerate(columns):
                _cell(page, down, across, row[name], day)


def _cell(page: Any, down: int, across: int, value: Any, day: Any) -> None:
    if isinstance(value, date):
        page.write_datetime(down, across, value, day)
    elif isinstance(value, int | float):
        page.write_number(down, across, value)
    elif value is not None and value != "":
        page.write_string(down, across, str(value))


def semicolons(path: Path, source: str, rows: Sequence[Row], *, language: str) -> None:
    """UTF-8 with a byte-order mark and semicolons, as a Turkish spreadsheet saves it."""
    columns = list(rows[0])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headers(source, columns, language))
        for row in spoken(source, rows, language):
            writer.writerow([_text(row[name], language) for name in columns])


def _text(value: Any, language: str) -> str:
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", "," if language == "tr" else ".")
    return "" if value is None else str(value)
