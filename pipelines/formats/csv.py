"""CSV: the bytes are held to RFC 4180 first, then parsed by Arrow as text, and the rows are counted twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from pipelines.errors import Finding, MeridianError, Place, Refused, letters
from pipelines.formats import doubts
from pipelines.formats.csv_records import CR, Broken, Records, scan, split
from pipelines.formats.delimiter import find_delimiter, likely_delimiter
from pipelines.formats.encoding import Text, decode
from pipelines.formats.refusal import refused
from pipelines.formats.sheet import WIDEST, Body, Sheet, drop_blank_rows, join_header

SAMPLE_ROWS = 4_000
NAMED_PLACES = 20
ABOVE = 60
"""Rows that may stand above a header: titles, notes, metadata."""
BLOCK = 4 * 1024**2


def sheets(path: Path, file: str, *, delimiter: str | None = None, encoding: str | None = None) -> list[Sheet]:
    """The one sheet of a CSV file. Raises ``MeridianError``/``Refused`` with the place where its structure is broken."""
    text = decode(path, file, encoding)
    if not text.data[text.start : text.start + 1024].strip() and not text.data[text.start :].strip():
        raise refused("E101", Place(file))
    data = np.frombuffer(text.data, np.uint8)
    sign = _given(delimiter, file) if delimiter else _find(text, data)
    try:
        sheet = CsvSheet(text, data, scan(data, text.start, sign), sign)
    except Broken as broken:
        raise _located(broken, text, data, sign) from broken
    sheet.check_certain_rows()
    return [sheet]


def _given(delimiter: str, file: str) -> int:
    sign = "\t" if delimiter.upper() == "TAB" else delimiter
    if len(sign) != 1 or not sign.isascii() or sign in '"\r\n':
        raise refused("E228", Place(file), delimiter=delimiter)
    return ord(sign)


def _find(text: Text, data: np.ndarray) -> int:
    """The delimiter; where none can be told because the structure is broken, the fault of the structure is the one that is raised."""
    try:
        return find_delimiter(data, text.start, text.file)
    except MeridianError as unclear:
        sign = likely_delimiter(data, text.start)
        try:
            scan(data, text.start, sign)
        except Broken as broken:
            if unclear.finding.code == "E211" or broken.code <= "E207":
                raise _located(broken, text, data, sign) from broken
        raise


def _located(broken: Broken, text: Text, data: np.ndarray, sign: int) -> Refused:
    """The fault of a byte position with its row, its column and a few signs around it."""
    ends = np.concatenate(broken.ends) if broken.ends else np.empty(0, np.int64)
    before = ends[ends < broken.position]
    begin = int(before[-1]) + 1 if len(before) else text.start
    _, kinds, _ = split(data, begin, broken.position, sign)
    place = Place(text.file, None, len(before) + 1, int(np.count_nonzero(kinds == sign)) + 1)
    around = bytes(data[max(broken.position - 20, begin) : broken.position + 20]).decode("utf-8", "ignore")
    values = {"row": place.row, "column": letters(place.column or 1), "byte": f"0x{data[broken.position]:02X}"}
    return refused(broken.code, place, **values, excerpt=around.translate(_SHOWN))


_SHOWN = {code: 0x2400 + code for code in range(32)}  # control pictures: ␀ ␉ ␊ ␍


class CsvSheet(Sheet):
    """A CSV file whose quotes, line ends and characters have been found in order; widths are held to the header in ``body``."""

    def __init__(self, text: Text, data: np.ndarray, records: Records, delimiter: int) -> None:
        filled = np.flatnonzero(~records.blank())
        super().__init__(text.file, None, int(filled[-1]) + 1)
        self.findings = list(text.findings)
        self.delimiter = chr(delimiter)
        self.encoding = text.encoding
        self._text, self._data, self._records = text, data, records
        self._starts = records.starts
        sign = re.escape(self.delimiter)
        self._cell = re.compile(rf'{sign}(?:"((?:[^"]|"")*)"|([^{sign}]*))')

    def peek(self, n: int = 60) -> list[list[str]]:
        """The first ``n`` records as they stand, ragged where the file is."""
        return [self._cells(row) for row in range(1, min(n, self.rows) + 1)]

    def body(self, header: int, header_rows: int = 1) -> Body:
        """The records below the header. Raises E212 (ragged), E213 (empty line), E220 … with every place."""
        self._check_header(header, header_rows)
        width = self._check_widths(header)
        names = [name.strip(" ") for name in join_header([self._cells(row) for row in range(header, header + header_rows)], [], header)]
        first = header + header_rows  # the first row of the body, 1-based
        table = self._parse(first, width)
        if table.num_rows != self.rows - first + 1:
            raise refused("E218", self.place(), ours=self.rows - first + 1, theirs=table.num_rows)
        self._check_repeated(table, self._cells(header), first)
        doubts.check_header(names, self.place(header))
        names, table, more = doubts.without_empty_columns(names, table, self.place(header))
        table = table.append_column("row", pa.array(np.arange(first, self.rows + 1, dtype=np.int32)))
        table, _, notes = drop_blank_rows(table, {}, self.place())
        if not table.num_rows:
            raise refused("E201", self.place(header), header=header)
        return Body(names, table, {}, [*notes, *more, *doubts.blanks(table, self.place())])

    def _record(self, row: int) -> bytes:
        end = int(self._records.ends[row - 1])
        start = int(self._starts[row - 1])
        return bytes(self._data[start : end - 1 if end > start and self._data[end - 1] == CR else end])

    def _cells(self, row: int) -> list[str]:
        found = self._cell.findall(self.delimiter + self._record(row).decode("utf-8"))
        return [quoted.replace('""', '"') if quoted else plain for quoted, plain in found]

    def check_certain_rows(self) -> None:
        """Refuse ragged rows (E212) and empty lines (E213) that no header can have above it: before anybody asks what the file is.

        Where the first row is as wide as the table there is nothing above the table; else lines above it end within ``ABOVE`` rows.
        """
        widths = self._records.widths[: self.rows]
        usual = int(np.argmax(np.bincount(widths)))
        first = 1 if widths[0] == usual else ABOVE + 1
        if first < self.rows:
            self._check_widths(first)

    def _check_widths(self, header: int) -> int:
        widths = self._records.widths[header - 1 : self.rows]
        blank = self._records.blank()[header - 1 : self.rows]
        if blank.any():
            raise self._refused("E213", np.flatnonzero(blank) + header, {})
        expected = int(np.argmax(np.bincount(widths)))
        odd = np.flatnonzero(widths != expected)
        if len(odd):
            values = {"expected": expected, "found": int(widths[odd[0]])}
            raise self._refused("E212", odd + header, values)
        if expected > WIDEST:
            raise refused("E219", self.place(header), width=expected, limit=WIDEST)
        return expected

    def _refused(self, code: str, rows: np.ndarray, values: dict[str, Any]) -> Refused:
        places = tuple(self.place(int(row)) for row in rows[:NAMED_PLACES])
        listed = ", ".join(str(int(row)) for row in rows[:NAMED_PLACES]) + (" …" if len(rows) > NAMED_PLACES else "")
        return Refused([Finding(code, places[0], values | {"row": int(rows[0]), "rows": listed}, count=len(rows), places=places)])

    def _check_repeated(self, table: pa.Table, names: list[str], first: int) -> None:
        """A header that stands again among the rows: two tables in one file."""
        if not names[0]:
            return
        rows = np.flatnonzero(pc.equal(table["1"], names[0]).to_numpy(zero_copy_only=False) == True)  # noqa: E712 - null is not True
        again = [int(row) + first for row in rows[:1000] if self._cells(int(row) + first) == names]
        if again:
            raise self._refused("E220", np.array(again), {})

    def _parse(self, first: int, width: int) -> pa.Table:
        """All cells as text: no inference, no words for missing, an empty cell is null."""
        begin, end = int(self._starts[first - 1]), int(self._records.ends[self.rows - 1])
        self._text.release()
        few = int(self._records.ends[min(first + SAMPLE_ROWS, self.rows) - 1])
        columns = [str(number) for number in range(1, width + 1)]
        sample = self._arrow(self._text.stream(begin, few), dict.fromkeys(columns, pa.string()))
        types = {name: _type_for(sample[name]) for name in columns}
        table = sample if few == end else self._arrow(self._text.stream(begin, end), types).unify_dictionaries()
        self._text.release()
        return table

    def _arrow(self, part: pa.NativeFile, types: dict[str, pa.DataType]) -> pa.Table:
        longest = int((self._records.ends - self._starts).max())
        return arrow_csv.read_csv(
            part,
            read_options=arrow_csv.ReadOptions(column_names=list(types), block_size=max(BLOCK, 2 * longest)),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=self._records.breaks_in_quotes, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True, check_utf8=False
            ),
        )


def _type_for(cells: pa.ChunkedArray) -> pa.DataType:
    """A dictionary where the words repeat: later stages then look at each word once."""
    repeats = len(pc.unique(cells)) <= len(cells) // 2
    return pa.dictionary(pa.int32(), pa.string()) if repeats else pa.string()
