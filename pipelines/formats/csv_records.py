"""The structure of a CSV file on its bytes: where records end and how wide they are, by RFC 4180 and nothing looser.

The bytes are walked in pieces with numpy; a piece always begins at a record. Everything a lenient reader would repair in silence (a
stray quote, a bare carriage return, a control character) stops here with its position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

LF, CR, TAB, BLANK, QUOTE, BACKSLASH = 10, 13, 9, 32, 34, 92
PIECE = 2 * 1024**2
LONGEST = 16 * 1024**2
"""Bytes of one record. A longer one is an opening quote that nobody closed."""


Piece = tuple[int, int, np.ndarray, np.ndarray, np.ndarray]


class Broken(Exception):
    """A fault of the structure at a byte position, before it has a row and a column."""

    def __init__(self, code: str, position: int, ends: list[np.ndarray] | None = None) -> None:
        super().__init__(code)
        self.code, self.position, self.ends = code, position, ends or []


@dataclass
class Records:
    """``ends[i]`` is the byte after the last of record i (its line end, or the end of the file), ``widths[i]`` its number of cells."""

    start: int
    ends: np.ndarray
    widths: np.ndarray
    crlf: bool
    breaks_in_quotes: bool

    @property
    def starts(self) -> np.ndarray:
        return np.concatenate(([self.start], self.ends[:-1] + 1)).astype(np.int64)

    def blank(self) -> np.ndarray:
        """Which records are empty lines."""
        return self.ends - self.starts <= (1 if self.crlf else 0)


def split(data: np.ndarray, begin: int, end: int, delimiter: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions and kinds of delimiters and line ends outside quotes in ``data[begin:end]``, and the positions of all quotes."""
    piece = data[begin:end]
    marks = (piece == LF) | (piece == delimiter)
    quotes = piece == QUOTE
    if not quotes.any():
        where = np.flatnonzero(marks)
        return where + begin, piece[where], np.empty(0, np.int64)
    where = np.flatnonzero(marks | quotes)
    kinds = piece[where]
    is_quote = kinds == QUOTE
    outside = ~is_quote & (np.cumsum(is_quote) % 2 == 0)
    return where[outside] + begin, kinds[outside], where[is_quote] + begin


def widths_of(kinds: np.ndarray) -> np.ndarray:
    """Cells of each complete record, from the kinds of its marks in order."""
    line_ends = np.flatnonzero(kinds == LF)
    return np.diff(line_ends, prepend=-1)


def scan(data: np.ndarray, start: int, delimiter: int) -> Records:
    """All records of the file. Raises ``Broken`` at the first fault of a piece."""
    ends: list[np.ndarray] = []
    widths: list[np.ndarray] = []
    breaks, crlf, within = 0, None, None
    for begin, stop, where, kinds, quotes in _pieces(data, start, delimiter, ends):
        line_ends = where[kinds == LF]
        crlf, odd = _line_end_faults(data, line_ends, crlf)
        inner = _breaks_in_quotes(data, begin, stop, line_ends)
        within, strange = _inner_break_faults(data, inner, crlf, within)
        faults = [*_byte_faults(data, begin, stop), *_quote_faults(data, quotes, start, delimiter), *odd, *strange]
        if stop == len(data) and len(quotes) % 2:
            faults.append(("E207", int(quotes[-1])))
        faults = faults or _doubts(data, begin, stop, where, kinds, delimiter)
        if faults:
            raise _first([*ends, line_ends], faults)
        breaks += len(inner)
        ends.append(line_ends)
        widths.append(widths_of(kinds))
        last = int(line_ends[-1]) + 1 if len(line_ends) else begin
        if last < stop:  # the last record of the file, without a line end
            ends.append(np.array([stop]))
            widths.append(np.array([int(np.count_nonzero(where >= last)) + 1]))
    return Records(start, _join(ends, np.int64), _join(widths, np.int32), bool(crlf), breaks > 0)


def _pieces(data: np.ndarray, start: int, delimiter: int, ends: list[np.ndarray]) -> Iterator[Piece]:
    """The file in pieces that begin and end with records: begin, stop, marks and their kinds, quotes."""
    begin, size = start, PIECE
    while begin < len(data):
        end = min(begin + size, len(data))
        where, kinds, quotes = split(data, begin, end, delimiter)
        line_ends = where[kinds == LF]
        if not len(line_ends) and end < len(data):  # a record longer than the piece
            size *= 2
            if size > LONGEST:
                unclosed = ("E207", int(quotes[-1]) if len(quotes) else begin)
                raise _first(ends, [unclosed, *_byte_faults(data, begin, end), *_quote_faults(data, quotes, start, delimiter)])
            continue
        stop = int(line_ends[-1]) + 1 if end < len(data) else end
        inside = where < stop
        yield begin, stop, where[inside], kinds[inside], quotes[quotes < stop]
        begin, size = stop, PIECE


def _join(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts).astype(kind) if parts else np.empty(0, kind)


def _first(ends: list[np.ndarray], faults: list[tuple[str, int]]) -> Broken:
    code, position = min(faults, key=lambda fault: fault[1])
    return Broken(code, position, ends)


def _byte_faults(data: np.ndarray, begin: int, stop: int) -> list[tuple[str, int]]:
    """NUL, other control characters and bare carriage returns, inside quotes as well."""
    piece = data[begin:stop]
    faults: list[tuple[str, int]] = []
    returns = np.flatnonzero(piece == CR)
    if len(returns):
        bare = returns[(returns + begin + 1 >= len(data)) | (data[np.minimum(returns + begin + 1, len(data) - 1)] != LF)]
        faults += [("E205", int(bare[0]) + begin)] if len(bare) else []
    allowed = len(returns) + int(np.count_nonzero(piece == LF)) + int(np.count_nonzero(piece == TAB))
    if int(np.count_nonzero(piece < BLANK)) != allowed or (piece == 127).any():
        control = ((piece < BLANK) & (piece != CR) & (piece != LF) & (piece != TAB)) | (piece == 127)
        position = int(np.flatnonzero(control)[0])
        faults.append(("E203" if piece[position] == 0 else "E204", position + begin))
    return faults


def _line_end_faults(data: np.ndarray, line_ends: np.ndarray, crlf: bool | None) -> tuple[bool | None, list[tuple[str, int]]]:
    if not len(line_ends):
        return crlf, []
    returns = data[line_ends - 1] == CR
    if line_ends[0] == 0:
        returns[0] = False
    expected = bool(returns[0]) if crlf is None else crlf
    odd = line_ends[returns != expected]
    return expected, [("E206", int(odd[0]))] if len(odd) else []


def _breaks_in_quotes(data: np.ndarray, begin: int, stop: int, line_ends: np.ndarray) -> np.ndarray:
    piece = data[begin:stop] == LF
    if int(np.count_nonzero(piece)) == len(line_ends):
        return line_ends[:0]
    return np.setdiff1d(np.flatnonzero(piece) + begin, line_ends, assume_unique=True)


def _inner_break_faults(
    data: np.ndarray, inner: np.ndarray, crlf: bool | None, before: bool | None
) -> tuple[bool | None, list[tuple[str, int]]]:
    """Line breaks within quotes: all of one kind, and never CRLF where records end with LF. Excel writes LF within and CRLF without."""
    if not len(inner):
        return before, []
    returns = data[inner - 1] == CR
    expected = False if crlf is False else bool(returns[0]) if before is None else before
    odd = inner[returns != expected]
    return expected, [("E206", int(odd[0]))] if len(odd) else []


def _quote_faults(data: np.ndarray, quotes: np.ndarray, start: int, delimiter: int) -> list[tuple[str, int]]:
    """Quotes that neither begin nor end a cell. ``quotes`` starts outside of any; a bad closing is told at its opening."""
    if not len(quotes):
        return []
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[np.maximum(opening - 1, 0)]
    good_open = (opening == start) | (before == delimiter) | (before == LF) | (before == QUOTE)
    faults = [("E208", int(opening[~good_open][0]))] if not good_open.all() else []
    if not len(closing):
        return faults
    last = len(data) - 1
    after = data[np.minimum(closing + 1, last)]
    line_end = (after == CR) & (data[np.minimum(closing + 2, last)] == LF)
    good_close = (closing == last) | (after == delimiter) | (after == LF) | (after == QUOTE) | line_end
    if not good_close.all():
        bad = int(np.flatnonzero(~good_close)[0])
        faults.append(("E209" if data[closing[bad] - 1] == BACKSLASH else "E208", int(opening[bad])))
    escaped = closing[data[closing - 1] == BACKSLASH]
    return faults + ([("E209", int(escaped[0]))] if len(escaped) else [])


def _doubts(data: np.ndarray, begin: int, stop: int, where: np.ndarray, kinds: np.ndarray, delimiter: int) -> list[tuple[str, int]]:
    """What a correct file could hold, but a file with another dialect holds far more often: refused, because nobody would notice."""
    piece = data[begin:stop]
    faults: list[tuple[str, int]] = []
    touching = piece[:-1] == delimiter
    if ((touching & (piece[1:] == BLANK)).any()) or ((piece[:-1] == BLANK) & (piece[1:] == delimiter)).any():
        faults += _padded(data, where, kinds, delimiter)
    if (piece == 39).any() or (piece == 96).any():
        faults += _other_quotes(data, begin, stop, where, kinds)
    return faults


def _padded(data: np.ndarray, where: np.ndarray, kinds: np.ndarray, delimiter: int) -> list[tuple[str, int]]:
    """Records in which every delimiter has exactly one blank on the same side: the delimiter was ", " or " ,"."""
    last = len(data) - 1
    line_ends = np.flatnonzero(kinds == LF)
    widths = np.diff(line_ends, prepend=-1)
    is_delimiter = kinds == delimiter
    found: list[tuple[str, int]] = []
    for side in (1, -1):
        next_to = data[np.clip(where + side, 0, last)] == BLANK
        single = next_to & (data[np.clip(where + 2 * side, 0, last)] != BLANK) & is_delimiter
        total = np.cumsum(single)[line_ends]
        all_of_them = (np.diff(total, prepend=0) == widths - 1) & (widths > 1)
        if all_of_them.any() and (int(widths.max()) > 2 or all_of_them.all()):
            found.append(("E214", int(where[line_ends[all_of_them][0]]) - 1))
    return found


def _other_quotes(data: np.ndarray, begin: int, stop: int, where: np.ndarray, kinds: np.ndarray) -> list[tuple[str, int]]:
    """Cells wrapped in ' or `: signs that some programs use as quotes."""
    ends = np.append(where, stop) if not len(where) or where[-1] < stop - 1 else where
    starts = np.concatenate(([begin], ends[:-1] + 1))
    lasts = ends - 1
    lasts = lasts - ((data[np.maximum(lasts, 0)] == CR) & (lasts > starts))
    first = data[np.minimum(starts, len(data) - 1)]
    wrapped = (lasts > starts) & ((first == 39) | (first == 96)) & (first == data[np.maximum(lasts, 0)])
    return [("E215", int(starts[wrapped][0]))] if wrapped.any() else []
