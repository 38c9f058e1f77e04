"""A sheet that lies in memory as a grid of text cells: workbooks and Parquet files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from pipelines.errors import Finding, letters
from pipelines.formats.refusal import refused
from pipelines.formats.sheet import WIDEST, Body, Merge, Sheet, drop_blank_rows, join_header


class GridSheet(Sheet):
    """``cells`` has one text column per column of the sheet, ``typed`` one mask each; row 1 of the sheet is its first row."""

    def __init__(
        self,
        file: str,
        name: str | None,
        cells: pa.Table,
        typed: dict[str, pa.BooleanArray],
        *,
        merges: Sequence[Merge] = (),
        hidden: bool = False,
    ) -> None:
        super().__init__(file, name, cells.num_rows, hidden=hidden)
        self._cells, self._typed, self._merges = cells, typed, list(merges)

    def peek(self, n: int = 60) -> list[list[str]]:
        """The first ``n`` rows; all have the width of the sheet."""
        return self._rows(1, min(n, self.rows))

    def body(self, header: int, header_rows: int = 1) -> Body:
        """The rows below the header, whole blank rows left out. Raises E201, E219, E226."""
        self._check_header(header, header_rows)
        if self._cells.num_columns > WIDEST:
            raise refused("E219", self.place(header), width=self._cells.num_columns, limit=WIDEST)
        names = join_header(self._rows(header, header + header_rows - 1), self._merges, header)
        above = header + header_rows - 1
        table = self._cells.slice(above)
        rows = pa.array(np.arange(above + 1, self.rows + 1, dtype=np.int32))
        typed = {name: marks.slice(above) for name, marks in self._typed.items()}
        table, typed, notes = drop_blank_rows(table.append_column("row", rows), typed, self.place())
        if not table.num_rows:
            raise refused("E201", self.place(header), header=header)
        return Body(names, table, typed, [*self._merged_below(above), *notes])

    def _rows(self, first: int, last: int) -> list[list[str]]:
        columns = [column.to_pylist() for column in self._cells.slice(first - 1, last - first + 1).columns]
        return [[cell or "" for cell in row] for row in zip(*columns, strict=True)]

    def _merged_below(self, above: int) -> list[Finding]:
        """Merged ranges that go down over rows of the body, by their columns: all but the first of those rows are blank."""
        down: dict[tuple[int, int], list[Merge]] = {}
        for merge in self._merges:
            if merge[0] > above and merge[2] > merge[0]:
                down.setdefault((merge[1], merge[3]), []).append(merge)
        return [self._merged(merges) for merges in down.values()]

    def _merged(self, merges: list[Merge]) -> Finding:
        places = tuple(self.place(merge[0], merge[1]) for merge in merges[:20])
        first = f"{places[0].cell}:{letters(merges[0][3])}{merges[0][2]}"
        return Finding("Q244", places[0], {"cell": first, "width": merges[0][3] - merges[0][1] + 1}, count=len(merges), places=places)


def trimmed(cells: pa.Table, typed: dict[str, pa.BooleanArray]) -> tuple[pa.Table, dict[str, pa.BooleanArray]]:
    """Without the blank rows and columns at the end, which formatting leaves behind."""
    width = max((number for number, column in enumerate(cells.columns, 1) if column.null_count < len(column)), default=0)
    kept = cells.select([str(number) for number in range(1, width + 1)])
    height = 0
    for column in kept.columns:
        filled = np.flatnonzero(column.is_valid().to_numpy())
        height = max(height, int(filled[-1]) + 1 if len(filled) else 0)
    return kept.slice(0, height), {str(number): typed[str(number)].slice(0, height) for number in range(1, width + 1)}
