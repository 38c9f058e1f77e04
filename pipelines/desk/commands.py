"""The worker on the command line."""

from __future__ import annotations

import os

import typer

from pipelines.store import Store

app = typer.Typer()


@app.command()
def worker(context: typer.Context) -> None:
    """Work as a service: take jobs until the system says that it is over (set MERIDIAN_WORKER=service)."""
    from pipelines.desk.worker import stay

    stay(Store(context.obj["store"]))
    os._exit(0)  # nothing is open; taking a hundred modules apart would only take time
