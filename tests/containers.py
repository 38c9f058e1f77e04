"""Containers written by hand, as no library writes broken ones: compound files (XLS, encrypted XLSX), XLSX part by part, ODS."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    "</Types>"
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(path: Path, cells: str, **parts: str | bytes) -> Path:
    """A workbook with one sheet "Data" whose ``<sheetData>`` is given; ``parts`` adds or replaces parts (``__`` for ``/``)."""
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS.format(f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELATIONS.format(
            f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
    }
    content |= {name.replace("__", "/"): part for name, part in parts.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return path


def text_row(number: int, *words: str) -> str:
    """One ``<row>`` of inline texts."""
    cells = "".join(f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{word}</t></is></c>' for at, word in enumerate(words))
    return f'<row r="{number}">{cells}</row>'


def ods(path: Path, rows: str) -> Path:
    """A LibreOffice workbook with one sheet "Veri"."""
    spaces = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }
    names = " ".join(f'xmlns:{short}="{long}"' for short, long in spaces.items())
    body = f'<office:body><office:spreadsheet><table:table table:name="Veri">{rows}</table:table></office:spreadsheet></office:body>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml", f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}>{body}</office:document-content>'
        )
    return path


def compound(path: Path, streams: dict[str, bytes]) -> Path:
    """A compound file (MS-CFB, version 3); streams are filled up to 4,096 bytes so that none is a small one."""
    sectors: list[bytes] = []
    table: list[int] = [TABLE, END]  # sector 0 is the table itself, sector 1 the directory
    entries = [_entry("Root Entry", 5, child=1, first=END, size=0)]
    for number, (name, content) in enumerate(streams.items(), 1):
        content = content.ljust(4096, b"\0")
        content += b"\0" * (-len(content) % 512)
        first, count = len(table), len(content) // 512
        table += [*range(first + 1, first + count), END]
        sectors += [content[at * 512 : at * 512 + 512] for at in range(count)]
        right = number + 1 if number < len(streams) else FREE
        entries.append(_entry(name, 2, first=first, size=len(content), right=right))
    table += [FREE] * (128 - len(table))
    directory = b"".join(entries).ljust(512, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    path.write_bytes(head + struct.pack("<128I", *table) + directory + b"".join(sectors))
    return path


def _entry(name: str, kind: int, first: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", FREE, right, child)
    return letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters), kind, 1) + links + bytes(36) + struct.pack("<IQ", first, size)


def xls(path: Path, rows: list[list[object]], *, protected: bool = False) -> Path:
    """An old workbook (BIFF8) with one sheet "Data": texts, numbers, and errors given as their code in bytes (``b"\\x17"`` = #REF!)."""
    cells = b""
    for row, line in enumerate(rows):
        for column, cell in enumerate(line):
            at = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, bytes):
                cells += _record(0x0205, at + cell + b"\x01")
            elif isinstance(cell, str):
                cells += _record(0x0204, at + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
            elif cell is not None:
                cells += _record(0x0203, at + struct.pack("<d", cell))
    lock = _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if protected else b""
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6)) + lock
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 6)) + cells + _record(0x000A, b"")
    offset = len(begin) + 4 + 8 + 4 + 4
    about = _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, 4, 0) + b"Data")
    return compound(path, {"Workbook": begin + about + _record(0x000A, b"") + sheet})


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body
