"""Measuring on the command line: ``python -m pipelines measure --engine spark://host:port``."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from typing import Annotated

import typer

from pipelines.store import Store

app = typer.Typer()


@app.command()
def measure(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="Who measures.")],
    engine: Annotated[str, typer.Option(help="duckdb, or the address of a Spark master: spark://host:port, local[2].")] = "duckdb",
    partitions: Annotated[str, typer.Option(help="Where Spark's workers read: a folder or s3://bucket/prefix all of them see.")] = "",
) -> None:
    """Measure the last publication anew on an engine and put it on air: of the same files and day, with the same values."""
    from pipelines.engines import measured, spark
    from pipelines.engines.duckdb import here

    store = Store(context.obj["store"])
    with ExitStack() as open_things:
        if engine == "duckdb":
            done = measured.measure(store, by, here, "DuckDB")
        else:
            folder = partitions or open_things.enter_context(tempfile.TemporaryDirectory(prefix="meridian-"))
            cluster = open_things.enter_context(spark.cluster(engine))
            done = measured.measure(store, by, spark.engine(cluster, f"{folder}/partitions"), f"Spark {cluster.version}")
    typer.echo(f"published no. {done.no}: {done.reason}, digest {done.digest}")
