"""The empty workbook of a source, made from its definition: drop-downs, notes, and a hidden sheet that names template and version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.codes.words import names
from pipelines.errors import letters
from pipelines.sources import Column, Source
from pipelines.tidying.headers import META

ROWS = 5_000
"""How far down the drop-downs and rules reach."""

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


def write_template(source: Source, language: str, path: Path) -> Path:
    """Writes the workbook in a language ("en", "tr") and returns its path. The filled workbook reads back without a layout."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": source.title[language], "comments": f"meridian {source.name} {source.version}"})
        sheet = book.add_worksheet(source.title[language][:31])
        notes = book.add_worksheet(SAY["notes"][language])
        lists = book.add_worksheet("_lists")
        meta = book.add_worksheet(META)
        _columns(book, sheet, lists, source, language)
        _notes(book, notes, source, language)
        meta.write_row(0, 0, ["meridian", source.name, source.version, language])
        lists.hide()
        meta.very_hidden()
    return path


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
        form = day if column.kind == "date" else None if column.kind in ("count", "number") else text
        sheet.set_column(at, at, max(14, min(28, len(column.title[language]) + 4)), form)
        if rule := _rule(book, lists, column, at, language):
            sheet.data_validation(1, at, ROWS, at, rule | _message(column, language))


def _rule(book: Any, lists: Any, column: Column, at: int, language: str) -> dict[str, Any] | None:
    """The cell rule of a column: a list by defined name, a whole number, a number, a date."""
    if column.kind in ("word", "country", "flag"):
        kind = {"word": column.vocabulary, "country": "country", "flag": "flag"}[column.kind]
        entries = sorted(names(str(kind), language).values())
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
