"""The person's own workbook given back with its findings: red and amber cells with a comment each, and a list in front that links to them.

A workbook (XLSX) is marked as it stands. Of any other file – CSV, XLS, ODS, Parquet, or a workbook that cannot be written back – a workbook
is made whose cells are the texts that were read, at the same places. Mended and saved, either copy can be handed in.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.errors import ORDER, MeridianError, letters
from pipelines.formats import archive
from pipelines.formats.sheet import Sheet
from pipelines.formats.spreadsheet import in_child
from pipelines.language import Language
from pipelines.language import language as spoken
from pipelines.read import read
from pipelines.receive import Received

MOST_MARKED = 5_000
"""Cells that are coloured; a file with more faults is mended at its source."""
MOST_ROWS, MOST_CELLS = 20_000, 200_000
"""Of a copy made from texts: a workbook that opens within seconds."""
FURTHER = 10
"""Further cells of one finding that are linked beside its first."""
_CELL = re.compile(r"([A-Z]{0,3})(\d{0,7})")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

Target = tuple[str, int, int]
"""Sheet, row, column (both from 1)."""


def annotate(
    path: Path, kind: str, findings: list[dict[str, Any]], language: str, out: Path, *, name: str | None = None,
    delimiter: str | None = None, encoding: str | None = None,
) -> Path:  # fmt: skip
    """Writes the marked copy of a file to ``out`` (.xlsx) and returns it.

    ``kind`` is ``Received.kind``, ``findings`` are made by ``Finding.as_dict(language)``; ``name`` is what the person called the file
    (the path may be a hash), ``delimiter`` and ``encoding`` are their answers about a CSV. Raises ``Refused`` where no table can be read
    from the file at all, so that it has no cells to mark, or where it is a danger.
    """
    received = Received(path, name or path.name, path.stat().st_size, "", kind)
    say = spoken(language)
    if kind in ("xlsx", "ods"):
        archive.check(path, received.name)
    with tempfile.TemporaryDirectory(prefix="meridian-") as name_of:
        folder = Path(name_of)
        if kind != "xlsx" or not _kept(received, findings, folder, say):
            texts, titles, remarks = _texts(read(received, delimiter=delimiter, encoding=encoding), folder, say)
            _mark(texts, received.name, folder, _plan(findings, received.name, say, titles, remarks))
        shutil.move(folder / "marked.xlsx", out)
    return out


def _kept(received: Received, findings: list[dict[str, Any]], folder: Path, say: Language) -> bool:
    """Whether the child could mark the workbook as it stands, within its limits."""
    remark = say("Pictures, shapes, charts and macros may be missing from this copy. Your own file was not changed.")
    try:
        _mark(received.path, received.name, folder, _plan(findings, received.name, say, {}, [remark]))
    except MeridianError as error:
        if error.finding.code not in ("E240", "E241", "E242"):
            raise
        return False
    return True


def _mark(path: Path, name: str, folder: Path, plan: dict[str, Any]) -> None:
    (folder / "marks.json").write_text(json.dumps(plan), encoding="utf-8")
    in_child("mark", path, name, folder)


# --- what is marked and said ------------------------------------------------------------------------------------------
def _plan(findings: list[dict[str, Any]], name: str, say: Language, titles: dict[str | None, str], remarks: list[str]) -> dict[str, Any]:
    """All that the child needs, as plain data: the lines above the list, the list with its links, the cells with their comments."""
    marks = _marks(findings, say, titles)
    if any(finding["cells"] and finding["count"] > len(finding["cells"]) for finding in findings):
        many = say("Where a fault stands in very many cells only the first of them are marked; the list says how many there are.")
        remarks = [*remarks, many]
    if len(marks) > MOST_MARKED:
        remarks = [*remarks, say("Only the first {n} cells are marked.", n=say.number(MOST_MARKED))]
    return {
        "title": say("Findings"),
        "lines": [_fit(say("Findings in {file}", file=name)), _counts(findings, say), _advice(say), *remarks],
        "header": [
            say("Severity"), say("Code"), say("File"), say("Cell"), say("What"), say("Why"), say("What to do"), say("Cells in all"),
            say("Further cells"),
        ],
        "rows": [_row(finding, name, say, titles) for finding in sorted(findings, key=lambda one: ORDER[one["severity"]])],
        "marks": [[*target, severity, _fit(text)[:8000]] for target, (severity, text) in list(marks.items())[:MOST_MARKED]],
    }  # fmt: skip


def _counts(findings: list[dict[str, Any]], say: Language) -> str:
    counted = Counter(finding["severity"] for finding in findings)
    said = {
        "error": say.many("{n} error to mend", "{n} errors to mend", counted["error"]),
        "query": say.many("{n} query to mend or to explain", "{n} queries to mend or to explain", counted["query"]),
        "info": say.many("{n} note", "{n} notes", counted["info"]),
    }
    return " · ".join(words for severity, words in said.items() if counted[severity]) or say("No findings")


def _advice(say: Language) -> str:
    return say("Red cells are errors, amber cells are queries; their comments say what to do. Mend, save, and hand in this workbook.")


def _severity(severity: str, say: Language) -> str:
    """Error, query or note, in words: colour is never the only sign."""
    return {"error": say("Error"), "query": say("Query"), "info": say("Note")}[severity]


def _row(finding: dict[str, Any], name: str, say: Language, titles: dict[str | None, str]) -> dict[str, Any]:
    """One line of the list; the first cell and some further ones are links."""
    shown = list(dict.fromkeys([finding["cell"], *finding["cells"]] if finding["cell"] else finding["cells"]))[: FURTHER + 1]
    words = [
        _severity(finding["severity"], say), finding["code"], finding["file"] or name, shown[0] if shown else "", finding["what"],
        finding["cause"], finding["remedy"], finding["count"],
    ]  # fmt: skip
    links = []
    for at, cell in enumerate(shown):
        if target := _target(cell, finding, titles):
            title, row, column = target
            links.append([4 if not at else 8 + at, _fit(cell), title, f"{letters(column)}{row}"])
    return {
        "severity": finding["severity"],
        "words": [_fit(word) if isinstance(word, str) else word for word in words],
        "links": links,
    }


def _marks(findings: list[dict[str, Any]], say: Language, titles: dict[str | None, str]) -> dict[Target, tuple[str, str]]:
    """Severity and comment by cell; a cell of several findings has the colour of the worst and all their sentences."""
    marks: dict[Target, tuple[str, str]] = {}
    for finding in sorted(findings, key=lambda one: ORDER[one["severity"]]):
        if finding["severity"] == "info":
            continue
        text = f"{finding['code']} · {_severity(finding['severity'], say)}\n{finding['what']}\n{say('What to do')}: {finding['remedy']}"
        for target in dict.fromkeys(_targets(finding, titles)):
            severity, before = marks.get(target, (finding["severity"], ""))
            marks[target] = (severity, f"{before}\n\n{text}" if before else text)
    return marks


def _targets(finding: dict[str, Any], titles: dict[str | None, str]) -> Iterator[Target]:
    for cell in [finding["cell"], *finding["cells"]]:
        if target := _target(cell, finding, titles):
            yield target


def _target(cell: str, finding: dict[str, Any], titles: dict[str | None, str]) -> Target | None:
    """``Sheet!D14`` as sheet, row and column. A place that is a whole row is its first cell; None for what is no cell."""
    sheet, _, place = cell.rpartition("!")
    found = _CELL.fullmatch(place)
    title = titles.get(sheet or None, sheet)
    if not found or not title or not found[2] or (not sheet and finding.get("sheet")):
        return None
    column = 0
    for letter in found[1] or "A":
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (title, row, column) if 1 <= row <= 1_048_576 and column <= 16_384 else None


def _fit(text: str) -> str:
    """Without the signs that no workbook can hold."""
    return _UNFIT.sub("�", text)[:32_000]


# --- a copy made from texts -------------------------------------------------------------------------------------------
def _texts(sheets: list[Sheet], folder: Path, say: Language) -> tuple[Path, dict[str | None, str], list[str]]:
    """A workbook of the cells as they were read, its sheets' titles by the file's own names, and what is to be said about it."""
    path = folder / "texts.xlsx"
    titles: dict[str | None, str] = {}
    remarks = [say("This copy holds the cells as they were read: as text, without formats and formulas. Your own file was not changed.")]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        text = book.add_format({"num_format": "@"})
        for sheet in sheets:
            titles[sheet.name] = _title(sheet, set(titles.values()))
            page = book.add_worksheet(titles[sheet.name])
            if _filled(page, sheet, text) < sheet.rows:
                shown = say.number(_rows(sheet))
                remarks.append(say("Of {sheet} this copy holds the first {n} rows.", sheet=titles[sheet.name], n=shown))
            if sheet.hidden:
                page.hide()
    return path, titles, remarks


def _filled(page: Any, sheet: Sheet, text: Any) -> int:
    """Writes the rows; every cell is a text, whatever it looks like. Returns how many rows were written."""
    rows = sheet.peek(_rows(sheet))
    page.set_column(0, max(map(len, rows), default=1) - 1, 18, text)
    for number, row in enumerate(rows):
        for column, word in enumerate(row):
            if word:
                page.write_string(number, column, _fit(word), text)
    return len(rows)


def _rows(sheet: Sheet) -> int:
    width = max(map(len, sheet.peek(50)), default=1)
    return min(sheet.rows, MOST_ROWS, max(1, MOST_CELLS // max(1, width)))


def _title(sheet: Sheet, taken: set[str]) -> str:
    """What a workbook allows as the title of a sheet: 31 letters, none of ``[]:*?/\\``, no title twice."""
    plain = _NOT_IN_TITLES.sub(" ", sheet.name or Path(sheet.file).stem).strip(" '")[:31] or "1"
    folded = {title.casefold() for title in taken}
    numbered = (plain, *(f"{plain[:27]} {number}" for number in range(2, len(taken) + 3)))
    return next(title for title in numbered if title.casefold() not in folded)
