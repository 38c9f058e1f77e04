"""Formulas on Apache Spark: statements are translated here and run by a driver in Spark's own environment.

pyspark is not in the product's environment: Great Expectations, imported beside it, ends the process without a word. So the driver
(``driver.py``) is a process of its own, run by the Python of ``.venv-spark`` (``make spark``); orders and rows go over its pipes.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from pipelines.engines import dialect, partitions, storage
from pipelines.engines.asked import Asked, Bound, questions, statements
from pipelines.engines.duckdb import Building, Engine
from pipelines.engines.partitions import Partitions
from pipelines.errors import ROOT, MeridianError
from pipelines.measuring.formulas import Question
from pipelines.measuring.value import Rows, Run

PYTHON = ROOT / ".venv-spark" / "bin" / "python"
DRIVER = Path(__file__).with_name("driver.py")
TYPES = {"VARCHAR": "string", "INTEGER": "int", "BIGINT": "bigint", "BOOLEAN": "boolean", "DATE": "date", "HUGEINT": "double"}
"""DuckDB's types as Spark names what Parquet holds of them; those not listed have the same name."""
FEW = 500_000
"""Up to so many rows altogether, statements are interpreted: compiled code would be ready after the answer."""
KEPT = 50_000_000
"""Tables with at most so many rows stay with the workers once read, in memory and what does not fit there on disk: opening thousands of
small partitions for each statement takes longer than the statement."""


class Cluster:
    """A driver at a Spark master (``spark://host:port`` or ``local[2]``). Raises M104 where there is none, or for what Spark refuses."""

    def __init__(self, master: str) -> None:
        if not PYTHON.exists():
            raise MeridianError("M104", reason=f"{PYTHON.relative_to(ROOT)}: make spark")
        environment = os.environ | {"PYSPARK_PYTHON": str(PYTHON), "SPARK_LOCAL_IP": "127.0.0.1"}
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed with the driver)
        self._driver = subprocess.Popen(
            [str(PYTHON), "-P", str(DRIVER), master], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, text=True,
            env=environment, cwd=tempfile.gettempdir(),
        )  # fmt: skip
        self.version: str = self._told()["version"]

    def show(self, parts: Partitions) -> None:
        """Shows partitions under their names in Spark."""
        size = "few" if sum(parts.rows.values()) <= FEW else "many"
        self._ordered(show={dialect.named(table): _view(parts, table) for table in parts.columns}, size=size)

    def ask(self, texts: Sequence[str]) -> list[Rows]:
        """The rows of statements in Spark's SQL, several at a time."""
        return [[tuple(row) for row in rows] for rows in self._ordered(ask=list(texts))] if texts else []

    def close(self) -> None:
        """Ends the driver."""
        if self._driver.stdin:
            self._driver.stdin.close()
        try:
            self._driver.wait(30)
        except subprocess.TimeoutExpired:
            self._driver.kill()
        self._said.close()

    def _ordered(self, **order: Any) -> Any:
        assert self._driver.stdin is not None
        self._driver.stdin.write(json.dumps(order) + "\n")
        self._driver.stdin.flush()
        return self._told()["rows"]

    def _told(self) -> dict[str, Any]:
        assert self._driver.stdout is not None
        line = self._driver.stdout.readline()
        if not line:
            self._said.seek(0)
            raise MeridianError("M104", reason=self._said.read().strip().rpartition("\n")[2][:300] or "–")
        said: dict[str, Any] = json.loads(line)
        if "fault" in said:
            raise MeridianError("M104", reason=said["fault"].strip().split("\n")[0])
        return said


class OnSpark(Run):
    """Runs what reads partitions on Spark, each statement once; whatever reads none of them (a few inputs, reported figures) at home."""

    def __init__(self, cluster: Cluster, parts: Partitions, home: Run) -> None:
        super().__init__(self._run, self._empty)
        self._cluster, self._rows, self._home = cluster, parts.rows, home
        self._known: dict[tuple[str, Bound], Rows] = {}
        cluster.show(parts)

    def ahead(self, asked: Iterable[Asked]) -> None:
        """Asks all that these questions lead to at once, so that no answer is waited for alone."""
        todo = [one for one in statements(asked, self.blank) if one not in self._known and self._reads(one[0])]
        answers = self._cluster.ask([dialect.spark(*one) for one in todo])
        self._known.update(zip(todo, answers, strict=True))

    def _empty(self, table: str) -> bool:
        return self._rows[table] == 0 if table in self._rows else self._home.blank(table)

    def _run(self, sql: str, bound: Sequence[Any]) -> Rows:
        if not self._reads(sql):
            return self._home(sql, bound)
        one = (sql, tuple(bound))
        if one not in self._known:
            (self._known[one],) = self._cluster.ask([dialect.spark(*one)])
        return self._known[one]

    def _reads(self, sql: str) -> bool:
        tables = dialect.tables(sql)
        return bool(tables) and tables <= self._rows.keys()


def _view(parts: Partitions, table: str) -> dict[str, Any]:
    columns = ", ".join(f"`{name}` {TYPES.get(kind, kind)}" for name, kind in parts.columns[table].items())
    view = {"columns": columns, "at": "", "files": [], "kept": parts.rows[table] <= KEPT}
    if not parts.rows[table]:
        return view
    files, path = storage.at(parts.folder(table))
    if storage.remote(parts.root):
        scheme = parts.root.partition("://")[0]
        return view | {"files": [f"{scheme}://{one}" for one in files.find(path)]}
    return view | {"at": path}


@contextmanager
def cluster(master: str) -> Iterator[Cluster]:
    """A driver for a while. Raises M104."""
    made = Cluster(master)
    try:
        yield made
    finally:
        made.close()


def engine(cluster: Cluster, root: str) -> Engine:
    """Measures a version that is being built on Spark: its tables are written as partitions to the root, then read by the workers."""

    @contextmanager
    def there(connection: DuckDBPyConnection, tables: Sequence[str]) -> Iterator[Run]:
        run = OnSpark(cluster, partitions.write(connection, root, tables), Building(connection))
        run.ahead(one for one in questions() if one[1] in (Question(), Question(by="population")))
        yield run

    return there
