"""Cells that a person corrected before anything was accepted: the original stays as it is, the correction is applied on every reading."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.formats.sheet import Body, Sheet

CELL = re.compile(r"^(?:(?P<sheet>.*)!)?(?P<letters>[A-Z]{1,3})(?P<row>\d+)$")


def corrected(body: Body, sheet: Sheet, fixes: Mapping[str, str]) -> None:
    """Puts the corrected texts in place: ``Sheet!D14`` → text, an empty text for an empty cell. Cells of other sheets are left alone."""
    by_column: dict[str, dict[int, str]] = {}
    for cell, text in fixes.items():
        if (found := CELL.match(cell)) and (found["sheet"] or None) in (sheet.name, None):
            by_column.setdefault(str(number(found["letters"])), {})[int(found["row"])] = text
    for column, texts in by_column.items():
        if column in body.table.column_names:
            _put(body, column, texts)


def number(letters: str) -> int:
    """A → 1, AA → 27: the other way round from ``errors.letters``."""
    total = 0
    for one in letters:
        total = total * 26 + ord(one) - 64
    return total


def _put(body: Body, column: str, texts: dict[int, str]) -> None:
    """A corrected cell is text that somebody typed: what the workbook knew of its kind no longer counts."""
    rows = pa.array(list(texts), pa.int32())
    at = pc.index_in(body.table["row"], rows)
    hit = pc.is_valid(at).combine_chunks() if isinstance(at, pa.ChunkedArray) else pc.is_valid(at)
    fresh = pa.array([text.strip() or None for text in texts.values()], pa.string()).take(at)
    plain = pc.if_else(hit, fresh, body.table[column].cast(pa.string()))
    body.table = body.table.set_column(body.table.column_names.index(column), column, plain)
    if column in body.typed:
        body.typed[column] = pc.and_(body.typed[column], pc.invert(hit))
