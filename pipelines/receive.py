"""First stage: a file is what its bytes say, not what its name says. It is weighed, hashed and looked at from outside."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.errors import Finding, Place
from pipelines.formats import archive
from pipelines.formats.refusal import refused

LARGEST = {"csv": 2048, "parquet": 2048, "xlsx": 100, "ods": 100, "xls": 50, "xml": 50}
"""MB a file may have. CSV and Parquet are walked in pieces; a workbook has to be unpacked in memory, a document built there."""

ENDINGS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xml": "xml",
}

_MAGIC = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "GZIP",
    b"7z\xbc\xaf": "7-ZIP",
    b"Rar!": "RAR",
    b"{\\rtf": "RTF",
    b"SQLite format 3": "SQLite",
    b"\x7fELF": "ELF",
    b"MZ\x90": "EXE",
}
_HTML = re.compile(r"^\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|meta|table|div|style|script|title)\b", re.IGNORECASE | re.DOTALL)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Received:
    """A file whose kind is certain. ``name`` is what the person called it, ``size`` is in bytes; nothing in it has been interpreted."""

    path: Path
    name: str
    size: int
    sha256: str
    kind: str
    findings: tuple[Finding, ...] = field(default=(), hash=False)


def receive(path: Path | str, name: str | None = None) -> Received:
    """Weigh, hash and recognise a file; ``name`` is given where the path is only a hash. Raises ``Refused`` with one of E100–E111."""
    path = Path(path)
    called = (name or path.name)[:120]
    try:
        size = path.stat().st_size
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise refused("E100", Place(called), reason=error.strerror or type(error).__name__) from error
    if not size:
        raise refused("E101", Place(called))
    kind = _recognise(path, called)
    if size > LARGEST[kind] * 1024**2:
        raise refused("E102", Place(called), size=size // 1024**2, limit=LARGEST[kind])
    _check_ending(called, kind)
    findings = archive.check(path, called) if kind in ("xlsx", "ods") else []
    return Received(path, called, size, digest, kind, tuple(findings))


def _recognise(path: Path, name: str) -> str:
    with path.open("rb") as handle:
        head = handle.read(8192)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return archive.kind(path, name)
    if head.startswith(_OLE):
        return _ole_kind(path, name)
    if head.startswith(b"PAR1"):
        return "parquet"
    found = next((what for magic, what in _MAGIC.items() if head.startswith(magic)), None)
    found = found or _text_kind(head, Path(name).suffix.lower() == ".xml")
    if found == "HTML":
        raise refused("E104", Place(name), named=Path(name).suffix or name)
    if found == "XML":
        return "xml"
    if found:
        raise refused("E103", Place(name), found=found)
    return "csv"


def _text_kind(head: bytes, called_xml: bool) -> str | None:
    """What a text is, when it is certainly no table; None for everything the CSV reader should judge."""
    marked = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = head.decode("utf-16", "ignore") if marked else head.decode("utf-8", "ignore")
    text = text.lstrip("\ufeff \t\r\n")
    if _HTML.match(text):
        return "HTML"
    if re.match(r"<[A-Za-z?!]", text) and (called_xml or text.startswith("<?xml") or "</" in text or "xmlns" in text):
        return "HTML" if "<html" in text[:2000].lower() else "XML"
    if re.match(r'\{\s*"|\[\s*[\[{]', text):
        return "JSON"
    control = sum(byte < 32 and byte not in (0, 9, 10, 13) for byte in head)
    return "binary" if not marked and control > len(head) / 4 else None


def _ole_kind(path: Path, name: str) -> str:
    """Old workbooks are told from other files of the same container by the names of their streams, which are UTF-16."""
    content = path.read_bytes() if path.stat().st_size <= LARGEST["xls"] * 1024**2 else b""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise refused("E107", Place(name))
    if content and not (holds("Workbook") or holds("Book")):
        raise refused("E103", Place(name), found="OLE (DOC, PPT, MSG …)")
    if holds("_VBA_PROJECT"):
        raise refused("E108", Place(name), part="_VBA_PROJECT")
    return "xls"


def _check_ending(name: str, kind: str) -> None:
    suffix = Path(name).suffix.lower()
    if ENDINGS.get(suffix, kind) != kind:
        raise refused("E105", Place(name), named=suffix, found=kind.upper())
