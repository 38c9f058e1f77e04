"""Workbooks made to harm whoever opens them. ``HOSTILE[name]`` is (builder, code); an empty code: it only looks dangerous and is read.

Some live in ``zoo.py``; the larger ones are built here. Each is a small file: what it does it does inside.
"""

from __future__ import annotations

import os
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from containers import MAIN, ods, text_row, xls, xlsx
from ewp import answer, iia, spec, written
from zoo import ZOO
from zoo_tables import MOBILITY

from pipelines.errors import letters

Builder = Callable[[Path], Path]
HOSTILE: dict[str, tuple[Builder, str]] = {}
TABLE = "".join(text_row(number, *row) for number, row in enumerate(MOBILITY, 1))


def _keep(code: str) -> Callable[[Builder], Builder]:
    def keep(build: Builder) -> Builder:
        HOSTILE[build.__name__] = (build, code)
        return build

    return keep


def _sheet(cells: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'


def _streamed(path: Path, part: str, head: str, piece: bytes, times: int, tail: str) -> Path:
    """A workbook one part of which is written piece by piece, as it would not fit into memory."""
    xlsx(path, TABLE)
    with zipfile.ZipFile(path) as archive:
        others = {name: archive.read(name) for name in archive.namelist() if name != part}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in others.items():
            archive.writestr(name, content)
        with archive.open(part, "w", force_zip64=True) as stream:
            stream.write(head.encode())
            for _ in range(times):
                stream.write(piece)
            stream.write(tail.encode())
    return path


@_keep("E109")
def a_string_of_a_gigabyte(folder: Path) -> Path:
    head, tail = f'<sst xmlns="{MAIN}"><si><t>', "</t></si></sst>"
    return _streamed(folder / "gigabyte.xlsx", "xl/sharedStrings.xml", head, b"a" * 2**20, 1024, tail)


@_keep("E109")
def six_million_rows(folder: Path) -> Path:
    head, tail = f'<worksheet xmlns="{MAIN}"><sheetData>{TABLE}', "</sheetData></worksheet>"
    return _streamed(folder / "rows.xlsx", "xl/worksheets/sheet1.xml", head, b"<row/>" * 60_000, 100, tail)


@_keep("E241")
def two_far_cells(folder: Path) -> Path:
    return xlsx(folder / "far.xlsx", text_row(1, "Kurum") + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


@_keep("E111")
def a_billion_laughs(folder: Path) -> Path:
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    declared = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>'
    sheet = declared + _sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row>')
    return xlsx(folder / "laughs.xlsx", "", **{"xl/worksheets/sheet1.xml": sheet})


@_keep("E241")
def fifty_thousand_columns(folder: Path) -> Path:
    """Cells without a reference stand beside each other, however many; no programme writes them so. The header is a good one."""
    numbers = random.Random(1)
    header = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in MOBILITY[0])
    rows = [header + "".join(f"<c><v>{numbers.randrange(10**6)}</v></c>" for _ in range(50_000)) for _ in range(2)]
    return xlsx(folder / "columns.xlsx", "".join(f"<row>{row}</row>" for row in rows))


@_keep("E241")
def one_long_string_in_many_cells(folder: Path) -> Path:
    """32 kB that cannot be packed, pointed at from 150,000 cells: 5 GB for whoever copies them."""
    shared = f'<sst xmlns="{MAIN}"><si><t>{os.urandom(16_000).hex()}</t></si></sst>'
    cells = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{letters(at)}{row}" t="s"><v>0</v></c>' for at in range(1, 101)) + "</row>"
        for row in range(1, 1501)
    )
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    path = xlsx(folder / "copies.xlsx", cells, **{"xl/sharedStrings.xml": shared})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
        b'Target="sharedStrings.xml"/></Relationships>',
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{types}.sharedStrings+xml"/></Types>'.encode()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@_keep("E106")
def a_size_that_is_a_lie(folder: Path) -> Path:
    """The directory says 1,000 bytes; unpacked it is 64 MB."""
    part = "xl/worksheets/sheet1.xml"
    path = _streamed(folder / "lie.xlsx", part, _sheet(TABLE)[:-30], b" " * 2**20, 64, "")
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(part.encode()))
    struct.pack_into("<I", content, entry + 24, 1000)
    path.write_bytes(content)
    return path


@_keep("E240")
def very_deep_xml(folder: Path) -> Path:
    """Within the limits of size and ratio, as its names cannot be packed."""
    names = [f"n{os.urandom(6).hex()}" for _ in range(200_000)]
    opened, closed = "".join(f"<{name}>" for name in names), "".join(f"</{name}>" for name in reversed(names))
    sheet = f'<worksheet xmlns="{MAIN}">{opened}{closed}<sheetData>{TABLE}'  # and it never ends
    return xlsx(folder / "deep.xlsx", "", **{"xl/worksheets/sheet1.xml": sheet})


@_keep("E240")
def a_cell_that_is_repeated_without_end(folder: Path) -> Path:
    word = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    return ods(folder / "repeated.ods", f'<table:table-row table:number-rows-repeated="1048576">{word}</table:table-row>')


@_keep("E240")
def an_old_workbook_that_runs_in_circles(folder: Path) -> Path:
    """Every sector of its allocation table leads to itself."""
    path = xls(folder / "circles.xls", [list(row) for row in MOBILITY] * 20)
    content = bytearray(path.read_bytes())
    for number in range(2, 126):
        struct.pack_into("<I", content, 512 + number * 4, number)
    path.write_bytes(content)
    return path


for name in (
    "external_entity",
    "truncated_workbook",
    "path_out_of_the_archive",
    "renamed_csv",
    "macros",
    "password",
    "zip_bomb",
    "many_parts",
):
    HOSTILE[name] = ZOO[name]


@_keep("")
def links_to_elsewhere(folder: Path) -> Path:
    return xlsx(folder / "links.xlsx", TABLE, **{"xl/externalLinks/externalLink1.xml": "<externalLink/>"})


@_keep("E271")
def a_laughing_document(folder: Path) -> Path:
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    declared = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>'
    return written(folder, declared + answer(iia(spec(unit="&e9;"))), "laughs.xml")


@_keep("E272")
def a_document_without_bottom(folder: Path) -> Path:
    return written(folder, "<iias-get-response>" + "<a>" * 1_000_000, "deep.xml")


@_keep("E272")
def a_document_of_two_million_elements(folder: Path) -> Path:
    """As small as an element can be, and every one an object for whoever keeps it."""
    return written(folder, "<iias-get-response><iia>" + "<a/>" * 2_400_000 + "</iia></iias-get-response>", "many.xml")
