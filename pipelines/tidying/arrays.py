"""Columns of words as Arrow holds them best: each distinct word once, the rows as numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 122_880
"""Rows; DuckDB's own size."""


def encoded(column: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    """One dictionary for the whole column, blank words null."""
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        column = column.combine_chunks()
        column = column if isinstance(column, pa.Array) else pa.chunked_array(column).combine_chunks()
    array = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = [word if word and word.strip() else None for word in array.dictionary.to_pylist()]
    if None not in words:
        return array
    return recoded(array, dict(zip(array.dictionary.to_pylist(), words, strict=True)), pa.string())


def constant(word: str | None, length: int) -> pa.DictionaryArray:
    """One word (or nothing) for every row."""
    indices = pa.nulls(length, pa.int32()) if word is None else pa.array([0], pa.int32()).take(pa.array(bytearray(length), pa.uint8()))
    return pa.DictionaryArray.from_arrays(indices, pa.array([word or ""], pa.string()))


def recoded(array: pa.DictionaryArray, values: dict[str, Any], kind: pa.DataType) -> pa.Array:
    """The words replaced by their values: text stays dictionary-encoded, anything else becomes plain."""
    words = array.dictionary.to_pylist()
    if kind != pa.string():
        return pa.array([values.get(word) for word in words], kind).take(array.indices)
    codes: dict[str, int] = {}
    numbers = [None if values.get(word) is None else codes.setdefault(values[word], len(codes)) for word in words]
    return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()).take(array.indices), pa.array(list(codes), pa.string()))


def write_tidy(table: pa.Table, path: Path) -> None:
    """A tidy table as Parquet, in pieces that DuckDB reads side by side: it gives each of its threads whole row groups."""
    pq.write_table(table, path, row_group_size=ROW_GROUP, compression="zstd", store_schema=False, write_statistics=False)
