"""The fingerprint of a table's content, however it is stored. In a file of its own, because readers never need Arrow."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.publishing.fingerprint import canonical

How = Literal["same", "grown", "apart"]
"""How a table read anew stands to the one of then: the same, the same with further columns, or something else."""


def of_table(table: pa.Table) -> str:
    """SHA-256 of a table's content: names, values and gaps, rows in order; not of its encoding."""
    total = hashlib.sha256(canonical([len(table), table.column_names]))
    for column in table.columns:
        for part in _parts(_whole(column)):
            total.update(part)
    return total.hexdigest()


def of_parquet(path: Path, columns: Sequence[str] | None = None) -> str:
    """``of_table`` of a Parquet file, or of these columns of it; words stay encoded on the way. Raises KeyError for one it has not."""
    schema = pq.read_schema(path)
    words = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]
    table = pq.read_table(path, read_dictionary=words)
    return of_table(table.select(columns) if columns is not None else table)


def compared(before: Path, anew: Path) -> How:
    """Two Parquet files, column by column of the former: a later product adds columns."""
    then, now = pq.read_schema(before).names, pq.read_schema(anew).names
    if not set(then) <= set(now) or of_parquet(before) != of_parquet(anew, then):
        return "apart"
    return "grown" if len(now) > len(then) else "same"


def _whole(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    array = column.combine_chunks()
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _parts(array: pa.Array) -> Iterable[bytes | memoryview]:
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        array = array.dictionary_encode()
    if pa.types.is_dictionary(array.type):
        yield from _words(array)
        return
    yield np.packbits(pc.is_null(array).to_numpy(zero_copy_only=False)).data
    if pa.types.is_date32(array.type):
        array = array.cast(pa.int32())
    if not pa.types.is_null(array.type):
        numbers = pc.fill_null(array.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
        yield np.ascontiguousarray((numbers + 0.0).astype("<f8")).data


def _words(array: pa.DictionaryArray) -> Iterable[bytes | memoryview]:
    """The distinct words in order of appearance, then each row's number among them (-1: none)."""
    once = array.dictionary.dictionary_encode()  # a dictionary may hold a word twice, or words that no row has
    rows = once.indices.take(array.indices.cast(pa.int32()))
    seen = pc.unique(rows).drop_null()
    place = np.full(len(once.dictionary) + 1, -1, "<i4")
    place[seen.to_numpy()] = np.arange(len(seen), dtype="<i4")
    yield canonical(once.dictionary.take(seen).to_pylist())
    yield place[pc.fill_null(rows, len(once.dictionary)).to_numpy()].data
