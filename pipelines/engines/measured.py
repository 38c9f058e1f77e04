"""A publication measured once more, on another engine, and put on air: only where it says the same as the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from duckdb import DuckDBPyConnection

from pipelines import goals
from pipelines.engines.duckdb import Engine
from pipelines.errors import MeridianError
from pipelines.log import events
from pipelines.measuring import fill
from pipelines.publish import Publication, publish
from pipelines.publishing import fingerprint, publications
from pipelines.publishing.onward import Step
from pipelines.store import Store, product_version

BOARD = ("board", "indicator_values")


def measure(store: Store, by: str, engine: Engine, name: str) -> Publication:
    """Builds the last publication anew, of the same files and day, its values measured on the engine, and puts it on air.

    Raises S106 without accepted files, M104 where the engine fails, M106 where values differ from those on air: nothing has changed then.
    """
    last = publications.last(events(store))
    if last is None:
        return publish(store, by, reason=name, steps=steps(engine, name, None), anew=True)
    facts = last.facts
    expected = facts["tables"].get(".".join(BOARD)) if facts["code"] == product_version() else None
    return publish(
        store, by, reason=name, as_of=date.fromisoformat(facts["as_of"]), files=facts["accepted"],
        steps=steps(engine, name, expected), anew=True,
    )  # fmt: skip


def steps(engine: Engine, name: str, expected: list[str] | None) -> Sequence[Step]:
    """What follows on the rows, as ``build.steps``, with the engine; then the look at whether it says the same."""

    def measured(connection: DuckDBPyConnection, as_of: date) -> None:
        fill.fill(connection, as_of, engine)

    def completed(connection: DuckDBPyConnection, as_of: date) -> None:
        fill.complete(connection, as_of, engine)

    def compared(connection: DuckDBPyConnection, as_of: date) -> None:
        found = fingerprint.of_stored(connection, *BOARD)
        if expected is not None and found != expected:
            raise MeridianError("M106", engine=name, expected=expected[0], found=found[0])

    return (measured, goals.fill, completed, compared)
