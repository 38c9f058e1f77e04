"""What the workbook library leaves out: the words of error cells, and formulas that were never calculated. Runs in the child only.

Without this an error cell would arrive as an empty one, and missing is not an error. XLSX and ODS are walked with expat (declarations of
entities have been refused before), XLS by its records (MS-XLS 2.4: BOUNDSHEET8, BOOLERR, FORMULA).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any
from xml.parsers import expat

MOST = 100_000
"""Marks kept of one sheet; more errors than that are no table."""
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#GETTING_DATA"}
_SUSPECT = re.compile(rb"<f[ >/]|:f[ >/]|t=.e.")  # a formula or an error; sheets without any need no second walk
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass
class Marks:
    """``errors`` by (row, column), both from 1; ``uncalculated`` the names of cells whose formula has no value."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: list[str] = field(default_factory=list)


def kind(data: bytes) -> str:
    """ "xlsx", "ods" or "xls"; that it is one of them has been seen before."""
    if not data.startswith(b"PK"):
        return "xls"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "ods" if "content.xml" in archive.namelist() else "xlsx"


def read(data: bytes) -> dict[str, Marks]:
    """The marks of every sheet by its name."""
    if kind(data) == "xls":
        return _xls(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _ods(archive) if kind(data) == "ods" else _xlsx(archive)


def _parse(content: bytes, start: Any, end: Any = None, text: Any = None) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], {_local(k): v for k, v in attributes.items()})
    parser.EndElementHandler = (lambda name: end(name.rpartition(" ")[2])) if end else None
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error


def _local(name: str) -> str:
    """The name without its namespace; LibreOffice's own value type keeps a prefix, as the standard's stands beside it."""
    space, _, local = name.rpartition(" ")
    return f"own-{local}" if "calcext" in space else local


def _xlsx(archive: zipfile.ZipFile) -> dict[str, Marks]:
    targets: dict[str, str] = {}
    found: dict[str, Marks] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes["Id"]] = normpath(join("/xl", attributes["Target"])).lstrip("/")

    def sheet(name: str, attributes: dict[str, str]) -> None:
        part = targets.get(attributes.get("id", ""))
        if name == "sheet" and part in names:
            content = archive.read(part)
            found[attributes["name"]] = _xlsx_sheet(content) if _SUSPECT.search(content) else Marks()

    names = set(archive.namelist())
    _parse(archive.read("xl/_rels/workbook.xml.rels"), relation)
    _parse(archive.read("xl/workbook.xml"), sheet)
    return found


class _Cells:
    """Walks ``<row><c r t><f/><v/></c></row>``; a cell without a reference stands right of the one before."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.row = self.column = 0
        self.kind, self.formula, self.value, self.inside = "", False, "", False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif name == "c":
            reference = _REFERENCE.fullmatch(attributes.get("r", ""))
            self.column = _number(reference[1]) if reference else self.column + 1
            self.kind, self.formula, self.value = attributes.get("t", "n"), False, ""
        elif name == "f":
            self.formula = True
        self.inside = name == "v"

    def text(self, piece: str) -> None:
        if self.inside:
            self.value += piece

    def end(self, name: str) -> None:
        self.inside = False
        if name != "c" or len(self.marks.errors) + len(self.marks.uncalculated) >= MOST:
            return
        if self.kind == "e":
            self.marks.errors[self.row, self.column] = self.value or "#N/A"
        elif self.formula and not self.value and self.kind != "str":
            self.marks.uncalculated.append(f"{_letters(self.column)}{self.row}")


def _xlsx_sheet(content: bytes) -> Marks:
    cells = _Cells()
    _parse(content, cells.start, cells.end, cells.text)
    return cells.marks


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _ods(archive: zipfile.ZipFile) -> dict[str, Marks]:
    content = archive.read("content.xml")
    found: dict[str, Marks] = {}
    at: dict[str, Any] = {"sheet": "", "row": 0, "column": 0, "rows": 1, "error": False, "text": ""}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            at.update(sheet=attributes.get("name", ""), row=0, rows=1)
            found[at["sheet"]] = Marks()
        elif name == "table-row":
            at.update(row=at["row"] + at["rows"], column=0, rows=int(attributes.get("number-rows-repeated", 1)))
        elif name in ("table-cell", "covered-table-cell"):
            at.update(column=at["column"] + 1, repeated=int(attributes.get("number-columns-repeated", 1)), text="")
            at["error"] = "error" in (attributes.get("own-value-type"), attributes.get("value-type"))

    def end(name: str) -> None:
        if name in ("table-cell", "covered-table-cell"):
            if at["error"] and len(found[at["sheet"]].errors) < MOST:
                found[at["sheet"]].errors[at["row"] or 1, at["column"]] = at["text"].strip() or "#N/A"
            at["column"] += at["repeated"] - 1

    def text(piece: str) -> None:
        at["text"] += piece if at["error"] else ""

    if b'"error"' in content:
        _parse(content, start, end, text)
    return found


def _xls(data: bytes) -> dict[str, Marks]:
    try:
        stream = _stream(data, ("Workbook", "Book"))
    except (struct.error, IndexError, ValueError):
        return {}  # the library judges whether the file is damaged
    sheets: dict[int, Marks] = {}
    names: list[tuple[int, str]] = []
    current, position, begin = Marks(), 0, 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        body = stream[position + 4 : position + 4 + length]
        if kind == 0x0809:  # BOF
            begin, current = position, Marks()
            sheets[begin] = current
        elif kind == 0x0085 and len(body) > 8:  # BOUNDSHEET8
            names.append((struct.unpack_from("<I", body)[0], _short_text(body[6:])))
        elif kind == 0x0205 and len(body) >= 8 and body[7] == 1:  # BOOLERR
            _keep_error(current, body, body[6])
        elif kind == 0x0006 and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:  # FORMULA whose value is an error
            _keep_error(current, body, body[8])
        position += 4 + length
    return {name: sheets[offset] for offset, name in names if offset in sheets}


def _keep_error(marks: Marks, body: bytes, error: int) -> None:
    row, column = struct.unpack_from("<HH", body)
    if len(marks.errors) < MOST:
        marks.errors[row + 1, column + 1] = _ERRORS.get(error, "#N/A")


def _short_text(body: bytes) -> str:
    count, wide = body[0], body[1] & 1
    return body[2 : 2 + count * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "ignore")


def _stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """A stream of a compound file (MS-CFB): sector chains by way of its allocation table; small streams lie in the root's own."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    table_sectors = [number for number in struct.unpack_from("<109I", data, 76) if number < 0xFFFFFFFC]
    following, more = struct.unpack_from("<I", data, 68)[0], struct.unpack_from("<I", data, 72)[0]
    for _ in range(min(more, len(data) // size)):
        numbers = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        table_sectors += [number for number in numbers[:-1] if number < 0xFFFFFFFC]
        following = numbers[-1]
    table = b"".join(data[(number + 1) * size : (number + 2) * size] for number in table_sectors)
    entries = _chain(data, table, struct.unpack_from("<I", data, 48)[0], size)
    for at in range(0, len(entries) - 127, 128):
        entry = entries[at : at + 128]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "ignore")
        first, length = struct.unpack_from("<IQ", entry, 116)
        if name in names and length & 0xFFFFFFFF >= 4096:
            return _chain(data, table, first, size)[: length & 0xFFFFFFFF]
        if name in names:
            return _small(data, table, entries, size, first)[: length & 0xFFFFFFFF]
    raise ValueError("no workbook stream")


def _chain(data: bytes, table: bytes, sector: int, size: int) -> bytes:
    """The sectors of a chain. Raises OSError where it runs in circles: the library would read the same rows again and lose the others."""
    pieces: list[bytes] = []
    while sector < 0xFFFFFFFC:
        if len(pieces) > len(data) // size:
            raise OSError("a chain of sectors runs in circles")
        pieces.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = struct.unpack_from("<I", table, sector * 4)[0]
    return b"".join(pieces)


def _small(data: bytes, table: bytes, entries: bytes, size: int, sector: int) -> bytes:
    mini = _chain(data, table, struct.unpack_from("<I", entries, 116)[0], size)
    links = _chain(data, table, struct.unpack_from("<I", data, 60)[0], size)
    pieces: list[bytes] = []
    while sector < 0xFFFFFFFC and len(pieces) <= len(mini) // 64:
        pieces.append(mini[sector * 64 : sector * 64 + 64])
        sector = struct.unpack_from("<I", links, sector * 4)[0]
    return b"".join(pieces)
