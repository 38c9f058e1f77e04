"""Runs inside Spark's own environment (``.venv-spark``), where nothing of the product is installed: takes orders, answers with rows.

One JSON object a line. In: ``{"show": {view: {"at", "columns", "files", "kept"}}, "size": "few" | "many"}`` shows tables,
``{"ask": [sql, …]}`` asks, several at a time. Out: ``{"rows": [[…], …]}``, one list a statement in the order asked, or
``{"fault": text}``. Logs of Spark go to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

SETTINGS = {
    "spark.sql.ansi.enabled": "false",  # a division by zero is missing, as in DuckDB
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.adaptive.enabled": "false",  # results are small: planning again costs more than it saves
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",  # listing folders is no work for a cluster
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",  # a code of digits stays a text
    "spark.sql.files.openCostInBytes": "65536",  # many small partitions share a task
    "spark.scheduler.mode": "FAIR",
    "spark.executor.memory": "1800m",  # of the 2 GB that a worker gives
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
SIZES = {  # of few rows, compiling each statement to Java costs more than it saves
    "few": {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN", "spark.sql.shuffle.partitions": "1"},
    "many": {"spark.sql.codegen.wholeStage": "true", "spark.sql.codegen.factoryMode": "FALLBACK", "spark.sql.shuffle.partitions": "4"},
}
AT_ONCE = 4
STORAGE = "AWS_ENDPOINT_URL"
"""Where object storage is, if not with its inventor; keys are each machine's own."""
View = dict[str, Any]


def show(spark: SparkSession, views: dict[str, View], size: str) -> None:
    """Each table as a temporary view; ``kept`` ones stay with the workers once they have been read."""
    for name, value in SIZES[size].items():
        spark.conf.set(name, value)
    for name, view in views.items():
        frame = _frame(spark, view)
        if view["kept"]:
            frame = frame.coalesce(1 if size == "few" else 4).persist()
        frame.createOrReplaceTempView(name)


def _frame(spark: SparkSession, view: View) -> DataFrame:
    if view["files"]:
        return _fetched(spark, view)
    if view["at"]:
        return spark.read.schema(view["columns"]).parquet(view["at"])
    return spark.createDataFrame([], view["columns"])


def _fetched(spark: SparkSession, view: View) -> DataFrame:
    """From object storage without Hadoop's own jars: every worker opens its share of the files with Arrow's client."""

    def fetch(batches: Any) -> Any:
        import pyarrow.parquet as pq
        from pyarrow.fs import FileSystem

        for batch in batches:
            for name in batch.column("file").to_pylist():
                files, path = FileSystem.from_uri(name)
                with files.open_input_file(path) as file:
                    yield from pq.ParquetFile(file).iter_batches()

    names = spark.createDataFrame([(name,) for name in view["files"]], "file string")
    return names.repartition(min(len(view["files"]), 16)).mapInArrow(fetch, view["columns"])


def ask(spark: SparkSession, statements: list[str]) -> list[list[list[Any]]]:
    """The rows of every statement."""

    def rows(sql: str) -> list[list[Any]]:
        return [[_plain(cell) for cell in row] for row in spark.sql(sql).collect()]

    with ThreadPoolExecutor(AT_ONCE) as several:
        return list(several.map(rows, statements))


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _tell(**said: Any) -> None:
    sys.stdout.write(json.dumps(said, default=str) + "\n")
    sys.stdout.flush()


def main(master: str) -> None:
    """Serves orders until standard input ends."""
    builder = SparkSession.builder.master(master).appName("Meridian")
    endpoint = {f"spark.executorEnv.{STORAGE}": os.environ[STORAGE]} if STORAGE in os.environ else {}
    for name, value in (SETTINGS | endpoint).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    _tell(version=spark.version)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            if "show" in order:
                show(spark, order["show"], order["size"])
            _tell(rows=ask(spark, order.get("ask", [])))
        except (PySparkException, Py4JError) as error:
            _tell(fault=str(error)[:2000])
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1])
