"""Small versions for tests: tables of text become facts, as the publisher would lay them, in a database in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from pipelines import goals
from pipelines.codes import programmes
from pipelines.measuring import fill
from pipelines.sources import sources

HOME = "TUR"
AS_OF = date(2025, 10, 1)
AIMS = {"core.priority_countries": "who varchar, country varchar", "core.region_targets": "who varchar, region varchar, share double"}
EXTRA = (("series", pa.string()), ("prime", pa.bool_()), ("file", pa.string()), ("publication_rank", pa.int32()))
Rows = Iterable[Mapping[str, Any]]


class Direct:
    """A version that is a connection: what ``measure.values`` and ``measure.explain`` ask for."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def query(self, sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
        return self.connection.cursor().execute(sql, list(params)).fetchall()


def facts(tables: Mapping[str, Rows]) -> duckdb.DuckDBPyConnection:
    """A connection with ``facts.*`` and ``core.<source>`` of every source, and ``board.files``. Cells may be text or values."""
    connection = duckdb.connect()
    connection.execute(
        "create schema facts; create schema core; create schema board; create table board.files (file varchar, name varchar)"
    )
    for name, source in sources().items():
        schema = pa.schema([*source.schema, *(pa.field(*extra) for extra in EXTRA)])
        rows = [_completed(name, dict(row), number) for number, row in enumerate(tables.get(name, ()), 2)]
        columns = [pa.array([_cell(row.get(field.name), field.type) for row in rows], field.type) for field in schema]
        arriving = pa.table(columns, schema)  # noqa: F841
        connection.execute(f"create table facts.{name} as select * from arriving")
        connection.execute(f"create view core.{name} as select * from facts.{name} where prime")
        connection.execute(f"insert into board.files select distinct file, file || '.csv' from facts.{name}")
    return connection


def version(tables: Mapping[str, Rows], as_of: date = AS_OF) -> Direct:
    """A filled version: indicators measured, goals judged, the board's own indicators added."""
    connection = facts(tables)
    for name, columns in AIMS.items():
        connection.execute(f"create table {name} ({columns})")
        for row in tables.get(name, ()):
            connection.execute(f"insert into {name} values ({', '.join('?' for _ in row)})", list(row.values()))
    fill.fill(connection, as_of)
    goals.fill(connection, as_of)
    for name in (table for table in tables if table.startswith("board.")):
        for row in tables[name]:
            names = ", ".join(f'"{column}"' for column in row)
            connection.execute(f"insert into {name} ({names}) values ({', '.join('?' for _ in row)})", list(row.values()))
    fill.complete(connection, as_of)
    return Direct(connection)


def _completed(source: str, row: dict[str, Any], number: int) -> dict[str, Any]:
    """What the pipeline fills in: institution, home, domestic, international, status, precision, place."""
    given = {
        "institution": "example",
        "status": "final",
        "series": "first",
        "prime": True,
        "file": f"file_{source}",
        "row": number,
        "col": "D",
    }
    row = given | row
    if source in ("mobility", "agreements", "yearly_figures"):
        row.setdefault("domestic", row.get("programme") in programmes.domestic())
    if source in ("country_distribution", "joint_publications") and row.get("country") != "XXX":
        row.setdefault("international", row.get("country") != HOME)
    if source == "yearly_figures":
        row.setdefault("precision", "exact")
        row.setdefault("year_to", row.get("year_from"))
    return row


def _cell(value: Any, kind: pa.DataType) -> Any:
    if value is None or not isinstance(value, str) or pa.types.is_string(kind):
        return value
    if pa.types.is_boolean(kind):
        return value.lower() in ("yes", "true", "1")
    return date.fromisoformat(value) if pa.types.is_date(kind) else int(value) if pa.types.is_integer(kind) else float(value)
