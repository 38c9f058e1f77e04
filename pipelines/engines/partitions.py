"""The prepared tables of a version as Parquet, ``<root>/<table>/institution=…/academic_year=…/*.parquet``: what every engine reads.

On a disk that every worker sees, or in object storage (``storage``). Preparation stays DuckDB's: a prepared row looks at rows of its own
institution only, so that institutions can be prepared on as many machines as there are, one after the other.
``tables.json`` tells what was written, last of all: partitions without it are not whole.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from pipelines.engines import storage
from pipelines.errors import MeridianError, Place
from pipelines.measuring.tables import TABLES

BESIDE = ("core.regions", "core.partners", "core.priority_countries", "core.region_targets", "core.agreements")
"""Tables that formulas look something up in."""
KEYS = ("institution", "academic_year")
TOLD = "tables.json"
VIEWS = Path(__file__).parent.parent / "measuring" / "views.sql"
MACRO = re.compile(r"create or replace macro .*?;\n", re.DOTALL)


@dataclass(frozen=True)
class Partitions:
    """What lies at a root: table → its columns with DuckDB's types, and how many rows it has."""

    root: str
    columns: dict[str, dict[str, str]]
    rows: dict[str, int]

    def folder(self, table: str) -> str:
        """Where a table's partitions begin."""
        return f"{self.root}/{table.replace('.', '/')}"

    def keys(self, table: str) -> list[str]:
        """What a table is parted by."""
        return [name for name in KEYS if name in self.columns[table]]


def of_rows() -> list[str]:
    """The tables that are there before anything is measured."""
    return [*(name for name in TABLES if not name.startswith("board.")), *BESIDE]


def of_board() -> list[str]:
    """The tables that are there once goals have been judged."""
    return [name for name in TABLES if name.startswith("board.")]


def macros() -> list[str]:
    """What formulas may call, as DuckDB defines it."""
    return MACRO.findall(VIEWS.read_text(encoding="utf-8"))


def write(connection: DuckDBPyConnection, root: str, tables: Iterable[str]) -> Partitions:
    """Writes tables of a version in place of what lies at the root. Raises M105 where it cannot be written."""
    try:
        files, path = storage.at(root)
        if files.exists(path):
            _refuse_foreign(files.exists(f"{path}/{TOLD}") or not files.ls(path), root)
            files.rm(path, recursive=True)
        if not storage.remote(root):
            return _written(connection, Path(path), root, tables)
        with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
            made = _written(connection, Path(folder) / "tables", root, tables)
            files.put(f"{folder}/tables/", f"{path}/", recursive=True)
        return made
    except (OSError, ValueError) as error:
        raise MeridianError("M105", Place(root), reason=str(error).split("\n")[0]) from error


def _refuse_foreign(ours: bool, root: str) -> None:
    if not ours:
        raise MeridianError("M105", Place(root), reason=f"no {TOLD}")


def _written(connection: DuckDBPyConnection, folder: Path, root: str, tables: Iterable[str]) -> Partitions:
    made = Partitions(root.rstrip("/"), {}, {})
    for table in tables:
        described = connection.execute(f"select column_name, column_type from (describe {table})").fetchall()
        made.columns[table] = dict(described)
        (made.rows[table],) = connection.execute(f"select count(*) from {table}").fetchone() or (0,)
        place = folder / table.replace(".", "/")
        place.mkdir(parents=True)
        if made.rows[table]:
            _copy(connection, table, place, made.keys(table))
    (folder / TOLD).write_text(json.dumps({"columns": made.columns, "rows": made.rows}, indent=1), encoding="utf-8")
    return made


def _copy(connection: DuckDBPyConnection, table: str, place: Path, keys: list[str]) -> None:
    target = str(place).replace("'", "''")
    if keys:
        parted = f"partition_by ({', '.join(keys)}), write_partition_columns true, overwrite_or_ignore true"
        connection.execute(f"copy (from {table} order by {', '.join(keys)}) to '{target}' (format parquet, {parted})")
    else:
        connection.execute(f"copy {table} to '{target}/all.parquet' (format parquet)")


def read(root: str) -> Partitions:
    """What lies at a root. Raises M105 where nothing was written."""
    try:
        files, path = storage.at(root)
        told = json.loads(files.cat_file(f"{path}/{TOLD}"))
    except (OSError, ValueError) as error:
        raise MeridianError("M105", Place(root), reason=str(error).split("\n")[0]) from error
    return Partitions(root.rstrip("/"), told["columns"], told["rows"])
