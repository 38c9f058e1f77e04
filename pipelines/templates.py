"""The workbook of a source to fill in, made from its definition: drop-downs, notes, and a hidden sheet that names template and version.

Empty, or with the rows of last year without their figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from pipelines.codes import fields
from pipelines.codes.words import matcher, names
from pipelines.errors import letters
from pipelines.sources import Column, Source
from pipelines.tidying.headers import META

if TYPE_CHECKING:
    from pipelines.warehouse import Version

ROWS = 5_000
"""How far down the drop-downs and rules reach."""
MOST_FILLED = 2_000
"""Rows of last year that are filled in; who has more hands in an export of their own."""
FIGURES = ("count", "number")
EMPTIED = (*FIGURES, "year")
"""Kinds of columns that are left empty in a template of last year's rows, but for the year that they are for."""

SAY = {
    "required": {"en": "Required.", "tr": "Zorunlu."},
    "optional": {"en": "May stay empty: not known is not zero.", "tr": "Boş kalabilir: bilinmeyen sıfır değildir."},
    "list": {"en": "Choose from the list.", "tr": "Listeden seçin."},
    "count": {"en": "A whole number, 0 or more.", "tr": "0 ya da daha büyük bir tam sayı."},
    "number": {"en": "A number.", "tr": "Bir sayı."},
    "date": {"en": "A date.", "tr": "Bir tarih."},
    "year": {"en": "An academic year, as 2024-2025.", "tr": "2024-2025 biçiminde bir akademik yıl."},
    "text": {"en": "Text.", "tr": "Metin."},
    "notes": {"en": "Notes", "tr": "Açıklamalar"},
    "column": {"en": "Column", "tr": "Sütun"},
    "meaning": {"en": "What goes in", "tr": "Ne yazılır"},
    "row": {"en": "One row is", "tr": "Bir satır"},
    "steward": {"en": "Handed in by", "tr": "Veriyi veren"},
    "wrong": {"en": "This value would be refused", "tr": "Bu değer kabul edilmez"},
}


def write_template(
    source: Source, language: str, path: Path, rows: Sequence[dict[str, Any]] | None = None, year: int | None = None,
    institution: str | None = None,
) -> Path:  # fmt: skip
    """Writes the workbook in a language ("en", "tr") and returns its path. The filled workbook reads back without a layout.

    ``rows`` (our column → value, as :func:`last_year` gives them) are filled in, moved to ``year`` (its first: 2024 for 2024-2025) and with
    their figures left empty, so that nobody hands in last year's. Year and institution also stand in the hidden sheet.
    """
    given = list(rows or ())
    whose = institution or next((str(row["institution"]) for row in given if row.get("institution")), "")
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": source.title[language], "comments": f"meridian {source.name} {source.version}"})
        sheet = book.add_worksheet(source.title[language][:31])
        notes = book.add_worksheet(SAY["notes"][language])
        lists = book.add_worksheet("_lists")
        meta = book.add_worksheet(META)
        _columns(book, sheet, lists, source, language)
        _rows(book, sheet, source, language, [_moved(source, row, year) for row in given])
        _notes(book, notes, source, language)
        told = [whose, spelled(year) if year is not None else ""] if whose or year is not None else []
        meta.write_row(0, 0, ["meridian", source.name, source.version, language, *told])
        lists.hide()
        meta.very_hidden()
    return path


def last_year(version: Version, source: Source, institution: str, year: int) -> list[dict[str, Any]]:
    """What an institution published for the latest year before ``year``, as rows to fill into a template: what was counted, never how many.

    At most ``MOST_FILLED`` rows. Of a register, which is handed in whole each time, the entries as they stand, and none where there are
    more: half a register handed in would withdraw the other half.
    """
    if all(column.name != "institution" for column in source.columns):
        return []
    kept = _structure(source)
    chosen = ", ".join(f'"{name}"' for name in kept)
    given: list[Any] = [institution]
    sql = f"select distinct {chosen} from core.{source.name} where institution = ?"
    if source.year:
        latest = f'select max("{source.year}") from core.{source.name} where institution = ? and "{source.year}" < ?'
        sql, given = f'{sql} and "{source.year}" = ({latest})', [institution, institution, year]
    found = version.query(f"{sql} order by all limit {MOST_FILLED + 1}", given)
    if source.year is None and len(found) > MOST_FILLED:
        return []
    return [dict(zip(kept, row, strict=True)) for row in found[:MOST_FILLED]]


def spelled(year: int) -> str:
    """2024 as people hand it in: 2024-2025."""
    return f"{year}-{year + 1}"


def _moved(source: Source, row: dict[str, Any], year: int | None) -> dict[str, Any]:
    """A row as the asked year starts: its own year replaced, figures and the ends of periods gone. A register's entry stays as it is."""
    if source.year is None:
        return row
    began = year if year is not None else row.get(source.year)
    return {name: row[name] for name in _structure(source) if name in row} | {source.year: began}


def _structure(source: Source) -> list[str]:
    """The columns that say what is counted, in the source's order; all of them in a register."""
    if source.year is None:
        return [column.name for column in source.columns]
    return [column.name for column in source.columns if column.name == source.year or (column.key and column.kind not in EMPTIED)]


def _rows(book: Any, sheet: Any, source: Source, language: str, rows: Sequence[dict[str, Any]]) -> None:
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows, 1):
        for at, column in enumerate(source.columns):
            value = row.get(column.name)
            if value is None or value == "":
                continue
            if column.kind == "date":
                sheet.write_datetime(number, at, datetime.combine(value, time()), day)
            elif column.kind in FIGURES:
                sheet.write_number(number, at, value)
            else:
                sheet.write_string(number, at, _word(column, value, language), text)


def _word(column: Column, value: Any, language: str) -> str:
    """A value as somebody types it who speaks the language; the code itself where its label would not be read back as the same."""
    if column.kind == "year":
        return spelled(value)
    kind = "institution" if column.kind == "institution" else _vocabulary(column)
    if kind is None:
        return str(value)
    code = ("yes" if value else "no") if column.kind == "flag" else str(value)
    label = _labels(kind, language).get(code, code)
    return label if matcher(kind)(label).code == code else code


def _vocabulary(column: Column) -> str | None:
    """The vocabulary from which a column's words are chosen."""
    return {"word": column.vocabulary, "country": "country", "flag": "flag"}.get(column.kind)


def _labels(kind: str, language: str) -> dict[str, str]:
    """code → what is chosen or typed; fields of education with their code, as some names stand at two levels."""
    return fields.choices(language) if kind == "field" else names(kind, language)


def _columns(book: Any, sheet: Any, lists: Any, source: Source, language: str) -> None:
    plain = book.add_format({"bold": True, "bg_color": "#E7ECF1", "font_color": "#12436D", "border": 1, "text_wrap": True, "valign": "top"})
    needed = book.add_format(
        {"bold": True, "bg_color": "#12436D", "font_color": "#FFFFFF", "border": 1, "text_wrap": True, "valign": "top"}
    )
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)
    for at, column in enumerate(source.columns):
        sheet.write_string(0, at, column.title[language], needed if column.required else plain)
        sheet.write_comment(0, at, explain(column, language), {"width": 260, "height": 110})
        form = day if column.kind == "date" else None if column.kind in FIGURES else text
        sheet.set_column(at, at, max(14, min(28, len(column.title[language]) + 4)), form)
        if rule := _rule(book, lists, column, at, language):
            sheet.data_validation(1, at, ROWS, at, rule | _message(column, language))


def _rule(book: Any, lists: Any, column: Column, at: int, language: str) -> dict[str, Any] | None:
    """The cell rule of a column: a list by defined name, a whole number, a number, a date."""
    if kind := _vocabulary(column):
        entries = sorted(_labels(kind, language).values())
        lists.write_column(0, at, entries)
        book.define_name(f"list_{column.name}", f"=_lists!${letters(at + 1)}$1:${letters(at + 1)}${max(1, len(entries))}")
        # A suggestion list, not a lock: an office's own words are matched when the file is read.
        return {"validate": "list", "source": f"=list_{column.name}", "error_type": "warning"}
    if column.kind == "count":
        return {"validate": "integer", "criteria": ">=", "value": 0}
    if column.kind == "number":
        return {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15}
    return None


def _message(column: Column, language: str) -> dict[str, Any]:
    return {
        "ignore_blank": True,
        "input_title": column.title[language][:32],
        "input_message": explain(column, language)[:255],
        "error_title": SAY["wrong"][language][:32],
        "error_message": explain(column, language)[:255],
    }


def explain(column: Column, language: str) -> str:
    """What goes into a column, in one or two sentences."""
    shape = {"word": "list", "country": "list", "flag": "list", "institution": "text", "erasmus_code": "text"}.get(column.kind, column.kind)
    parts = [SAY["required" if column.required else "optional"][language], SAY[shape][language], column.note[language]]
    return " ".join(part for part in parts if part)


def _notes(book: Any, sheet: Any, source: Source, language: str) -> None:
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90, wrap)
    sheet.write_row(0, 0, [SAY["row"][language], source.row[language]])
    sheet.write_row(1, 0, [SAY["steward"][language], {"en": source.steward_en, "tr": source.steward_tr}[language]])
    sheet.write_row(3, 0, [SAY["column"][language], SAY["meaning"][language]], bold)
    for at, column in enumerate(source.columns, 4):
        sheet.write_row(at, 0, [column.title[language], explain(column, language)])


def dictionary(language: str) -> str:
    """The data dictionary of all sources as Markdown, generated, so that it cannot differ from what is read."""
    from pipelines.sources import sources

    lines = [f"# {({'en': 'Data dictionary', 'tr': 'Veri sözlüğü'})[language]}", ""]
    for source in sources().values():
        lines += [f"## {source.title[language]} (`{source.name}`)", "", source.row[language], ""]
        head = ["column", "type", "en / tr", "what goes in", "key", "values"]
        lines += ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
        lines += ["| " + " | ".join(_entry(column, language)) + " |" for column in source.columns] + [""]
    return "\n".join(lines)


def _entry(column: Column, language: str) -> list[str]:
    words = ""
    if column.vocabulary and column.vocabulary not in ("measure", "indicator", "field"):
        words = ", ".join(f"`{code}` {label}" for code, label in names(column.vocabulary, language).items())
    headers = f"{column.en} / {column.tr}"
    return [f"`{column.name}`", column.kind, headers, explain(column, language), "✓" if column.key else "", words]
