"""Parquet: typed columns become the same text cells as everything else, with the mark that they were typed. Row 1 is the header."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import Place, letters
from pipelines.formats.child import cell_text
from pipelines.formats.grid import GridSheet
from pipelines.formats.refusal import refused
from pipelines.formats.sheet import WIDEST, Body, Sheet

LARGEST_UNPACKED = 4 * 1024**3
"""Bytes of all columns, as the file's own footer states them."""


def sheets(path: Path, file: str) -> list[Sheet]:
    """The one table of a Parquet file. Raises E250 (damaged), E251 (nested or binary column), E102, E219."""
    try:
        source = pq.ParquetFile(path)
        _check_size(source.metadata, file)
        table = source.read()
    except (pa.ArrowException, OSError) as error:
        raise refused("E250", Place(file), reason=str(error)[:200]) from error
    cells: dict[str, pa.ChunkedArray] = {}
    typed: dict[str, pa.BooleanArray] = {}
    for number, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True), 1):
        cells[str(number)], is_typed = _as_text(column, Place(file, None, 1, number), name)
        typed[str(number)] = (column.is_valid() if is_typed else pa.chunked_array([pa.array([False] * len(column))])).combine_chunks()
    return [ParquetSheet(file, table.column_names, pa.table(cells), typed)]


def _check_size(metadata: pq.FileMetaData, file: str) -> None:
    unpacked = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    if unpacked > LARGEST_UNPACKED:
        raise refused("E102", Place(file), size=unpacked // 1024**2, limit=LARGEST_UNPACKED // 1024**2)
    if metadata.num_columns > WIDEST:
        raise refused("E219", Place(file), width=metadata.num_columns, limit=WIDEST)
    if not metadata.num_rows:
        raise refused("E201", Place(file, None, 1), header=1)


def _as_text(column: pa.ChunkedArray, place: Place, name: str) -> tuple[pa.ChunkedArray, bool]:
    """The column as a dictionary of texts; each different value is written once."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        raise refused("E251", place, column=f"{letters(place.column or 1)} ({name})", kind=str(kind))
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    coded = coded.unify_dictionaries().combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.chunk(0) if coded.num_chunks else pa.array([], pa.dictionary(pa.int32(), kind))
    words = [_text(value) for value in coded.dictionary.to_pylist()]
    texts = pa.DictionaryArray.from_arrays(coded.indices.cast(pa.int32()), pa.array(words, pa.string()))
    if None in words:  # an empty text is an empty cell
        texts = texts.cast(pa.string()).dictionary_encode()
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind)
    return pa.chunked_array([texts]), not is_text


def _text(value: object) -> str | None:
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    if isinstance(value, dt.datetime) and value.tzinfo:
        value = value.replace(tzinfo=None)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return cell_text(value)[0]


class ParquetSheet(GridSheet):
    """A grid whose header is not among its cells: it counts as row 1, the first record as row 2."""

    def __init__(self, file: str, names: list[str], cells: pa.Table, typed: dict[str, pa.BooleanArray]) -> None:
        super().__init__(file, None, cells, typed)
        self._names = names
        self.rows = cells.num_rows + 1

    def peek(self, n: int = 60) -> list[list[str]]:
        """The names of the columns, then the first records."""
        return [list(self._names), *(self._rows(1, min(n - 1, self.rows - 1)) if n > 1 else [])]

    def body(self, header: int = 1, header_rows: int = 1) -> Body:
        """All records. Raises E226 where another header than the file's own is asked for."""
        if header != 1 or header_rows != 1:
            raise refused("E226", self.place(), header=header, rows=self.rows)
        rows = pa.array(range(2, self.rows + 1), pa.int32())
        return Body(list(self._names), self._cells.append_column("row", rows), dict(self._typed))
