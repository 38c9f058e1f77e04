"""Rows written down: JSON with its head, CSV that no spreadsheet runs, Parquet with types. The same rows give the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from pipelines.interface.questions import Format
from pipelines.interface.resources import Column, Row
from pipelines.reports.downloads import safe

MEDIA: dict[Format, str] = {"json": "application/json", "csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


def to_json(head: dict[str, Any], rows: Sequence[Row]) -> bytes:
    """``{…head, "data": [rows]}`` in UTF-8; a number that is none is null."""
    return json.dumps(head | {"data": list(rows)}, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


def to_csv(columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    """UTF-8 without a mark, comma, decimal point, true and false; an empty cell is missing. RFC 4180."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([_cell(row[column.name], column) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8")


def _cell(cell: Any, column: Column) -> str:
    if cell is None:
        return ""
    if column.kind == "boolean":
        return "true" if cell else "false"
    if column.kind == "integer":
        return str(int(cell))
    return repr(float(cell)).removesuffix(".0") if column.kind == "number" else safe(str(cell))


def to_parquet(columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    """One row group with the columns' own types; what a column means lies in its metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32()}
    schema = pa.schema([pa.field(one.name, kinds[one.kind], not one.must, {"description": one.says}) for one in columns])
    cells = {one.name: [_typed(row[one.name], one) for row in rows] for one in columns}
    out = io.BytesIO()
    pq.write_table(pa.table(cells, schema), out, compression="zstd")
    return out.getvalue()


def _typed(cell: Any, column: Column) -> Any:
    return date.fromisoformat(cell) if column.kind == "date" and cell is not None else cell
