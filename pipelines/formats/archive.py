"""A workbook is a zip archive: its directory is read and every part is unpacked into nothing before any library may open it."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from pipelines.errors import Finding, Place
from pipelines.formats.refusal import refused

MOST_PARTS = 200
"""Parts of one workbook. The largest published one in our tests has 95 (28 sheets)."""
MOST_UNPACKED = 50 * 1024**2
"""Bytes of all parts together. Published workbooks have up to 19 MB."""
MOST_RATIO = 100
"""Unpacked to packed bytes. Published workbooks reach 17; one part below 1 MB may exceed it, for blank cells pack well."""

_PIECE = 1024**2
_DECLARATIONS = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER = {
    "xl/workbook.bin": "XLSB",
    "word/document.xml": "DOCX",
    "ppt/presentation.xml": "PPTX",
    "Index/Document.iwa": "Numbers",
    "AndroidManifest.xml": "APK",
}


def kind(path: Path, name: str) -> str:
    """ "xlsx" or "ods"; raises E106 for a broken archive, E103 for another kind of one."""
    with _opened(path, name) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return "xlsx"
        mimetype = archive.read("mimetype")[:100] if "mimetype" in names and archive.getinfo("mimetype").file_size < 200 else b""
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    found = next((what for part, what in _OTHER.items() if part in names), "OpenDocument" if mimetype else "ZIP")
    raise refused("E103", Place(name), found=found)


def check(path: Path, name: str) -> list[Finding]:
    """Refuse bombs (E109), unsafe names (E110), macros (E108), entities (E111) and damage (E106); tell links to other workbooks (I246)."""
    with _opened(path, name) as archive:
        parts = [part for part in archive.infolist() if not part.is_dir()]
        _check_size(parts, name)
        _check_names(parts, name)
        if any(part.filename == "META-INF/manifest.xml" and b"encryption-data" in archive.read(part) for part in parts):
            raise refused("E107", Place(name))
        for part in parts:
            _unpack(archive, part, name)
    linked = [part.filename for part in parts if "externalLinks/externalLink" in part.filename]
    return [Finding("I246", Place(name), {"part": linked[0]}, count=len(linked))] if linked else []


def _opened(path: Path, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refused("E106", Place(name), reason=str(error)) from error


def _check_size(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    ratios = [(part.file_size / max(part.compress_size, 1)) for part in parts if part.file_size > _PIECE]
    ratio = round(max([unpacked / max(packed, 1), *ratios]))
    found = {"parts": (len(parts), MOST_PARTS), "MB": (unpacked // 1024**2, MOST_UNPACKED // 1024**2), "×": (ratio, MOST_RATIO)}
    for measure, (has, limit) in found.items():
        if has > limit:
            raise refused("E109", Place(name), measure=measure, found=has, limit=limit)


def _check_names(parts: list[zipfile.ZipInfo], name: str) -> None:
    seen: set[str] = set()
    for part in parts:
        called = part.filename.lower().replace("\\", "/")
        pure = PurePosixPath(called)
        if pure.is_absolute() or ".." in pure.parts or ":" in called or "\0" in called or called in seen:
            raise refused("E110", Place(name), part=part.filename[:80])
        if called.endswith("vbaproject.bin") or "macrosheets/" in called or called.startswith("basic/"):
            raise refused("E108", Place(name), part=part.filename[:80])
        if part.flag_bits & 1:
            raise refused("E107", Place(name))
        seen.add(called)


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Read a part to its end, so that its checksum is compared, and look for declarations, also across the borders of pieces."""
    tail, encoded = b"", part.filename.endswith((".xml", ".rels", ".vml"))
    try:
        with archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                hidden = encoded and not tail and piece[:2] in (b"\xff\xfe", b"\xfe\xff")
                if encoded and (hidden or b"\0" in piece or _DECLARATIONS.search(tail + piece)):
                    raise refused("E111", Place(name), part=part.filename[:80])
                tail = piece[-64:]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise refused("E106", Place(name), reason=f"{part.filename[:80]}: {error}") from error
