"""Fingerprints: of bytes, of a table's content, of the code that read a file, of the product, of a published version.

Two builds of the same facts differ in their bytes; their fingerprints of content are equal: a version's
tables are hashed by DuckDB itself, in any order of rows (31 ms per million); for a single table see ``contents``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from pipelines.errors import ROOT

BLOCK = 1 << 20
TIDY_CODE = ("receive", "read", "formats", "sources", "layouts", "layout_parts", "tidying", "codes", "tidy")
TIDY_KNOWLEDGE = ("data/reference", "policies")
PRODUCT = ("pipelines", "indicators", "policies", "frameworks", "expectations", "layouts", "data/reference")
KINDS = frozenset({".py", ".sql", ".toml", ".csv", ".json"})
BESIDE = frozenset({"publications", "about"})
"""Tables of the board that tell about the publication itself: two equal publications differ in them."""
PASSING = {
    "files": {"accepted_at", "by", "reason", "log_no", "supersedes", "superseded_by"}, "findings": {"log_no"}, "checks": {"log_no"},
    "slots": {"no", "holder"},
}  # fmt: skip
"""Columns that say when and by whom, not what."""


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value: sorted keys, no blanks, ASCII only, so that nobody's text can look like a line of ours."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False, default=_plain).encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return value.name
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be written into the log")


def of_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def holds(path: Path, told: str | None) -> bool:
    """Whether a file is there and its bytes are what was told of them; where nothing was told, that it is there is all that is known."""
    return path.is_file() and told in (None, of_file(path))


def code_version(params: dict[str, Any] | None = None) -> str:
    """Twelve letters for everything that turns one file's bytes into tables: code, reference data, layout, what the person said."""
    params = params or {}
    layout = ROOT / "layouts" / f"{params.get('layout', '')}.toml"
    told = [_tidy_code(), of_file(layout) if layout.is_file() else "", params]
    return hashlib.sha256(canonical(told)).hexdigest()[:12]


@cache
def product_version() -> str:
    """Version and twelve letters for all code and knowledge of the product: a version built by other code may hold other figures."""
    return f"{_number()}+{_of_files(ROOT / part for part in PRODUCT)[:12]}"


@cache
def _tidy_code() -> str:
    stages = [found for name in TIDY_CODE for found in (ROOT / "pipelines" / name, ROOT / "pipelines" / f"{name}.py")]
    return _of_files([*stages, *(ROOT / name for name in TIDY_KNOWLEDGE)])


def _number() -> str:
    import tomllib

    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def _of_files(places: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for place in places:
        for path in sorted([place] if place.is_file() else place.rglob("*")):
            if path.suffix in KINDS and "__pycache__" not in path.parts and path.is_file():
                total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def of_version(connection: DuckDBPyConnection) -> dict[str, list[str]]:
    """Content of every table in ``facts``, ``core`` and ``board``: name → [rows, columns, sum of the rows' hashes].

    Order, times and people are left out. Computed numbers are compared to nine digits: sums of fractions differ in the last ones with the
    order of adding.
    """
    tables = {f"{schema}.{name}": of_stored(connection, schema, name) for schema, name in _stored(connection)}
    return tables | {"views": _of_views(connection)}


def _of_views(connection: DuckDBPyConnection) -> list[str]:
    """A view that was changed shows other figures from the same rows."""
    where = "database_name = current_database() and schema_name in ('core', 'board') and not internal"
    texts = connection.execute(f"select sql from duckdb_views() where {where} order by 1").fetchall()
    return [str(len(texts)), "", hashlib.sha256(canonical(texts)).hexdigest()]


def _stored(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    where = "database_name = current_database() and schema_name in ('facts', 'core', 'board') and not temporary"
    sql = f"select schema_name, table_name from duckdb_tables() where {where} order by 1, 2"
    return [(schema, name) for schema, name in connection.execute(sql).fetchall() if not (schema == "board" and name in BESIDE)]


def of_stored(connection: DuckDBPyConnection, schema: str, name: str) -> list[str]:
    """Content of one table, as ``of_version`` tells it."""
    where = "database_name = current_database() and schema_name = ? and table_name = ?"
    sql = f"select column_name, data_type from duckdb_columns() where {where} order by column_index"
    passing = PASSING.get(name, set()) if schema == "board" else {"log_no"}
    columns = [(column, kind) for column, kind in connection.execute(sql, [schema, name]).fetchall() if column not in passing]
    shown = ", ".join(_comparable(column, kind, schema) for column, kind in columns)
    rows, total = connection.execute(f"select count(*), coalesce(sum(hash({shown})), 0) from {schema}.{name}").fetchone() or (0, 0)
    return [str(rows), hashlib.sha256(canonical(columns)).hexdigest()[:12], str(total)]


def _comparable(column: str, kind: str, schema: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    return f"format('{{:.9g}}', {quoted} + 0.0)" if kind in ("DOUBLE", "FLOAT") and schema != "facts" else quoted


def digest(tables: dict[str, list[str]]) -> str:
    """The logical digest of a version: one SHA-256 over the fingerprints of its tables."""
    return hashlib.sha256(canonical(tables)).hexdigest()
