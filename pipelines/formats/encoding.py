"""Bytes into UTF-8: never a guess. What is not UTF-8, or marked as UTF-16, is shown to the person and read only when they say how."""

from __future__ import annotations

import codecs
import mmap
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines.errors import Finding, Place, Refused
from pipelines.formats.refusal import refused

ENCODINGS = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "windows-1254": "cp1254",
    "iso-8859-9": "iso8859-9",
    "windows-1252": "cp1252",
    "iso-8859-1": "latin-1",
    "windows-1250": "cp1250",
    "windows-1256": "cp1256",
}
"""What a person may say a file is written in: the code pages that office software in Türkiye, Europe and the Arab region writes."""

LARGEST_RECODED = 256 * 1024**2
"""Bytes. A file that is not UTF-8 is rewritten in memory; a larger one must be saved as UTF-8 by its sender."""

_PIECE = 64 * 1024**2
_STEP = 4 * 1024**2
_WESTERN = {0xC592, 0xC593, 0xC5A0, 0xC5A1, 0xC5B8, 0xC5BD, 0xC5BE, 0xC692, 0xCB86, 0xCB9C}  # Œ œ Š š Ÿ Ž ž ƒ ˆ ˜
_BEYOND = [pair for pair in range(0xC480, 0xE000) if pair not in _WESTERN]  # letters windows-1252 lacks: ğ ı ş č ł, Greek, Arabic
_TELLTALES = {0xC3B0: "ð", 0xC390: "Ð", 0xC3BD: "ý", 0xC39D: "Ý", 0xC3BE: "þ", 0xC39E: "Þ"}  # ğ Ğ ı İ ş Ş read as windows-1252
_SEVEN_BITS = re.compile(rb"\+A[A-Z][A-Za-z0-9+/]{1,6}-")  # UTF-7: +AMc- for Ç, +ATE- for ı
_TURKISH_WORD = re.compile("[A-Za-zöüçÖÜÇâîûÂÎÛðÐýÝþÞ]+")
_TWICE_LEADS = (0xC382, 0xC383, 0xC384, 0xC385, 0xC3A2)  # Â Ã Ä Å â
_INVISIBLE = range(0xC280, 0xC2A0)  # U+0080–U+009F: dashes and quotes of windows-1252 that were read as iso-8859-1
_TWICE = re.compile(  # UTF-8 that was read as windows-1252 and written as UTF-8 again: Ã¶, Â°, Ä±, ÄŸ, ÅŸ, â€™
    rb"\xc3(?:[\x82\x83](?:\xc2[\xa0-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]|\xe2\x80[\x90-\xba]|\xe2\x82\xac|\xe2\x84\xa2)"
    rb"|\x84(?:\xc2[\xb0\xb1]|\xc5[\xb8\xbe])|\x85(?:\xc5[\xb8\xbe])|\xa2\xe2\x82\xac)"
)


@dataclass
class Text:
    """A file as UTF-8. ``data[start:]`` is its text without byte-order marks."""

    file: str
    data: bytes | mmap.mmap
    start: int
    encoding: str
    findings: list[Finding] = field(default_factory=list)
    path: Path | None = None
    """Where the very same bytes lie on disk; None for a text that was rewritten."""

    def stream(self, begin: int, end: int) -> pa.NativeFile:
        """A part of the text to be read once: from the disk where it lies there, so that it never lies in memory as a whole."""
        if self.path:
            return pa.OSFile(str(self.path)).get_stream(begin, end - begin)
        return pa.BufferReader(pa.py_buffer(self.data).slice(begin, end - begin))

    def row_of(self, position: int) -> int:
        """The 1-based line of a byte."""
        return self.data[self.start : position].count(b"\n") + 1

    def release(self) -> None:
        """Give the file's pages back to the system; they come again when they are asked for."""
        if isinstance(self.data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self.data.madvise(mmap.MADV_DONTNEED)


def decode(path: Path, file: str, encoding: str | None = None) -> Text:
    """The file as UTF-8; raises ``Refused`` (E202, E216, E221, E222 …) where its bytes cannot be trusted to be what they seem."""
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise refused("E223", Place(file), encoding=encoding, known=", ".join(ENCODINGS))
    with path.open("rb") as handle:
        data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
    marked = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    chosen = ENCODINGS[encoding.lower()] if encoding else ("utf-16" if marked else "utf-8")
    text = _keep(data, file, path) if chosen == "utf-8" else _recode(data, file, chosen)
    letters = _Letters(np.frombuffer(text.data, np.uint8), text.start)
    _look_for_damage(text, letters)
    text.findings += _telltales(text, letters) + _invisible(text, letters)
    return text


class _Letters:
    """Which two-byte beginnings of signs beyond ASCII a text holds, counted in one walk."""

    def __init__(self, data: np.ndarray, start: int) -> None:
        self.data, self.start = data, start
        self.counts = np.zeros(65536, np.int64)
        for begin in range(start, len(data), _STEP):
            leads, pairs = self._pairs(begin)
            if len(leads):
                self.counts += np.bincount(pairs, minlength=65536)

    def _pairs(self, begin: int) -> tuple[np.ndarray, np.ndarray]:
        leads = np.flatnonzero(self.data[begin : begin + _STEP] >= 0xC0) + begin
        following = self.data[np.minimum(leads + 1, len(self.data) - 1)]
        return leads, self.data[leads].astype(np.int64) * 256 + following

    def count(self, pairs: Iterable[int]) -> int:
        """How often any of these stands in the text."""
        return int(self.counts[list(pairs)].sum())

    def where(self, wanted: Iterable[int], most: int) -> list[int]:
        """The first positions of any of these."""
        found: list[int] = []
        for begin in range(self.start, len(self.data), _STEP):
            leads, pairs = self._pairs(begin)
            found += leads[np.isin(pairs, list(wanted))].tolist() if len(leads) else []
            if len(found) >= most:
                break
        return found[:most]


def _keep(data: mmap.mmap, file: str, path: Path) -> Text:
    text = Text(file, data, _after_marks(data), "utf-8", path=path)
    if not valid_utf8(data, text.start):
        raise _not_utf8(text)
    return text


def _after_marks(data: bytes | mmap.mmap) -> int:
    start = 0
    while data[start : start + 3] == codecs.BOM_UTF8:  # files with two marks are published (HESA)
        start += 3
    return start


def valid_utf8(data: bytes | mmap.mmap, start: int) -> bool:
    """Whether all bytes are strict UTF-8, checked by Arrow without building Python text."""
    whole = pa.py_buffer(data)
    while start < len(data):
        end = min(start + _PIECE, len(data))
        while end < len(data) and end > start and data[end] & 0xC0 == 0x80:
            end -= 1
        end = end if end > start else len(data)
        offsets = pa.array([0, end - start], pa.int32()).buffers()[1]
        piece = pa.Array.from_buffers(pa.string(), 1, [None, offsets, whole.slice(start, end - start)])
        try:
            piece.validate(full=True)
        except pa.ArrowInvalid:
            return False
        start = end
    return True


def _not_utf8(text: Text) -> Refused:
    try:
        text.data[text.start :].decode("utf-8")
    except UnicodeDecodeError as error:
        position = text.start + error.start
    zero = text.data.find(b"\0")
    if zero >= 0:
        return refused("E203", Place(text.file, row=text.row_of(zero)), row=text.row_of(zero))
    place = Place(text.file, row=text.row_of(position))
    values = {"row": place.row, "byte": f"0x{text.data[position]:02X}"}
    excerpt = _line_around(text.data, position)
    try:
        return Refused([Finding("E202", place, values | {"turkish": excerpt.decode("cp1254"), "western": excerpt.decode("cp1252")})])
    except UnicodeDecodeError:
        return refused("E230", place, **values)


def _line_around(data: bytes | mmap.mmap, position: int) -> bytes:
    begin = max(data.rfind(b"\n", 0, position) + 1, position - 30)
    end = data.find(b"\n", position)
    return data[begin : min(end if end >= 0 else len(data), position + 30)].strip(b"\r")


def _recode(data: mmap.mmap, file: str, encoding: str) -> Text:
    if len(data) > LARGEST_RECODED:
        raise refused("E102", Place(file), size=len(data) // 1024**2, limit=LARGEST_RECODED // 1024**2)
    try:
        written = data[:].decode(encoding).encode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        row = data[: error.start].count(b"\n") + 1
        raise refused("E227", Place(file, row=row), row=row, encoding=encoding) from error
    return Text(file, written, _after_marks(written), encoding)


def _look_for_damage(text: Text, letters: _Letters) -> None:
    for code, mark, pair in (("E221", b"\xef\xbf\xbd", 0xEFBF), ("E222", codecs.BOM_UTF8, 0xEFBB)):
        position = text.data.find(mark, text.start) if letters.count([pair]) else -1
        if position >= 0:
            row = text.row_of(position)
            raise refused(code, Place(text.file, row=row), row=row, excerpt=_line_around(text.data, position).decode("utf-8", "ignore"))
    twice = _TWICE.search(text.data, text.start) if letters.count(_TWICE_LEADS) else None
    twice = twice or (None if letters.counts.any() else _SEVEN_BITS.search(text.data, text.start))
    if twice:
        row = text.row_of(twice.start())
        excerpt = _line_around(text.data, twice.start()).decode("utf-8", "ignore")
        raise refused("E216", Place(text.file, row=row), row=row, excerpt=excerpt, meant=_undo(excerpt))


def _undo(excerpt: str) -> str:
    if excerpt.isascii():
        return excerpt.encode().decode("utf-7", "ignore")
    return excerpt.encode("cp1252", "ignore").decode("utf-8", "ignore")


def _telltales(text: Text, letters: _Letters) -> list[Finding]:
    """Turkish letters read with the Western code page: a question, because Icelandic and Czech have some of these letters too."""
    if letters.count(_BEYOND) or not letters.count(_TELLTALES):
        return []
    words: dict[str, int] = {}
    for position in letters.where(_TELLTALES, 2_000):
        word = _word_around(text.data, position)
        if _TURKISH_WORD.fullmatch(word):
            words.setdefault(word, position)
    kinds = {letter for word in words for letter in word if letter in _TELLTALES.values()}
    if len(words) < 2 or len(kinds) < 2:
        return []
    shown = ", ".join(list(words)[:5])
    row = text.row_of(min(words.values()))
    meant = shown.encode("cp1252", "replace").decode("cp1254", "replace")
    return [Finding("Q217", Place(text.file, row=row), {"excerpt": shown, "meant": meant}, count=len(words))]


def _word_around(data: bytes | mmap.mmap, position: int) -> str:
    before = re.search(rb"[A-Za-z\x80-\xff]*$", data[max(position - 40, 0) : position])
    after = re.match(rb"[A-Za-z\x80-\xff]*", data[position : position + 40])
    return ((before.group() if before else b"") + (after.group() if after else b"")).decode("utf-8", "ignore")


def _invisible(text: Text, letters: _Letters) -> list[Finding]:
    """Signs nobody can see, as real exports hold them (a dash that became U+0096): told, kept as they are."""
    count = letters.count(_INVISIBLE)
    if not count:
        return []
    positions = letters.where(_INVISIBLE, 20)
    places = tuple(Place(text.file, row=text.row_of(position)) for position in positions)
    excerpt = _line_around(text.data, positions[0]).decode("utf-8", "ignore")
    meant = re.sub(r"[\x80-\x9f]", lambda sign: sign.group().encode("latin-1").decode("cp1252", "replace"), excerpt)
    return [Finding("I229", places[0], {"row": places[0].row, "meant": meant}, count=count, places=places)]
