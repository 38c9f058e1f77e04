"""One file handed in to a large store: its effect, its publication, and then the whole store rebuilt; the seconds of each.

python -m benchmarks.handed STORE FILE NUMBER SECONDS.json
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.desk import DAY, office
from pipelines import compare, path
from pipelines.publish import publish, rebuild
from pipelines.store import Store


def main(store: Store, file: Path, number: int, out: Path) -> None:
    """Leaves the seconds in ``out``. What is on air is published once more before: a worker has done so too, and is warm."""
    publish(store, by="benchmark", as_of=DAY)
    with path.drafts([file], path.Choices(institution=office(number), home="TUR")) as (made,):
        facts = path.described(made)
        seconds = {"impact": _timed(lambda: compare.impact(store, facts, made.parquets, "benchmark", DAY))}
        path.accept(store, made, by="benchmark", note="made data")
    seconds["publish"] = _timed(lambda: publish(store, by="benchmark", as_of=DAY))
    seconds["rebuild"] = _timed(lambda: rebuild(store, path.retidy(store)))
    out.write_text(json.dumps(seconds), encoding="utf-8")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(Store(Path(sys.argv[1])), Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
