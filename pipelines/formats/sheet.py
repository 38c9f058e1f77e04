"""What every format gives: sheets of text cells, and below a chosen header row a table whose rows know their place."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import Finding, Place
from pipelines.formats.refusal import refused

Merge = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column; all count from 1."""

WIDEST = 2_000
"""Columns. Spreadsheets of offices have tens; thousands are a damaged or hostile file."""


@dataclass
class Body:
    """The records below a header.

    ``table`` has the columns "1", "2", … (text, dictionary-encoded where it pays; an empty cell is null) and "row", the 1-based row in the
    person's own file. ``typed`` tells per column which cells were numbers, dates or booleans in a workbook; it is empty for CSV.
    """

    names: list[str]
    table: pa.Table
    typed: dict[str, pa.BooleanArray] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class Sheet(ABC):
    """One sheet of a workbook, or the whole of a CSV or Parquet file (then without a name)."""

    def __init__(self, file: str, name: str | None, rows: int, *, hidden: bool = False) -> None:
        self.file = file
        self.name = name
        self.rows = rows
        self.hidden = hidden
        self.findings: list[Finding] = []

    @abstractmethod
    def peek(self, n: int = 60) -> list[list[str]]:
        """The first ``n`` records as text, ragged where the file is; an empty cell is ""."""

    @abstractmethod
    def body(self, header: int, header_rows: int = 1) -> Body:
        """The records below the header, whose first row is ``header`` (1-based). Raises ``MeridianError`` where rows do not fit it."""

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """A place in this sheet."""
        return Place(self.file, self.name, row, column)

    def _check_header(self, header: int, header_rows: int) -> None:
        if header < 1 or header_rows < 1 or header + header_rows - 1 > self.rows:
            raise refused("E226", self.place(), header=header, rows=self.rows)
        if header + header_rows - 1 == self.rows:
            raise refused("E201", self.place(header), header=header)


def join_header(rows: list[list[str]], merges: list[Merge], first_row: int) -> list[str]:
    """One name per column out of one or more header rows: merged cells are filled right, rows are joined by " / ".

    Where a format does not tell what is merged, a label above filled cells is carried on to the blanks at its right.
    """
    filled = [list(row) for row in rows]
    inside = [merge for merge in merges if first_row <= merge[0] < first_row + len(rows)]
    for top, left, _bottom, right in inside:
        line = filled[top - first_row]
        line[left - 1 : right] = [line[left - 1]] * (min(right, len(line)) - left + 1)
    if not inside:
        _carry_labels(filled)
    if len(filled) == 1:
        return filled[0]
    return [" / ".join(dict.fromkeys(part.strip() for part in column if part.strip())) for column in zip(*filled, strict=True)]


def _carry_labels(rows: list[list[str]]) -> None:
    for upper, lower in itertools.pairwise(rows):
        label = ""
        for column, below in enumerate(lower):
            if upper[column].strip():
                label = upper[column] if below.strip() else ""
            elif below.strip() and label:
                upper[column] = label
            else:
                label = ""


def drop_blank_rows(
    table: pa.Table, typed: dict[str, pa.BooleanArray], place: Place
) -> tuple[pa.Table, dict[str, pa.BooleanArray], list[Finding]]:
    """The table without rows that hold no cell at all, and one note that says which they were."""
    columns = [table[name] for name in table.column_names if name != "row"]
    if not table.num_rows or any(column.null_count == 0 for column in columns):
        return table, typed, []
    empty = columns[0].is_null()
    for column in columns[1:]:
        empty = pc.and_(empty, column.is_null())
    blank = table["row"].filter(empty).to_pylist()
    if not blank:
        return table, typed, []
    kept = pc.invert(empty)
    places = tuple(Place(place.file, place.sheet, row) for row in blank[:20])
    note = Finding("I224", places[0], {"row": blank[0]}, count=len(blank), places=places)
    mask = kept.combine_chunks() if isinstance(kept, pa.ChunkedArray) else kept
    return table.filter(kept), {name: cells.filter(mask) for name, cells in typed.items()}, [note]
