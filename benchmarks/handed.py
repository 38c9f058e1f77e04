"""One file handed in to a large store: its effect, its publication, and then the whole store rebuilt; the seconds of each.

python -m benchmarks.handed STORE FILE SECONDS.json [INSTITUTION]; without a name the file is one of ``benchmarks.students``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks.students import numbered
from pipelines import compare, path
from pipelines.publish import publish, rebuild
from pipelines.store import Store
from pipelines.warehouse import open_version


def main(store: Store, file: Path, out: Path, choices: path.Choices) -> None:
    """Leaves the seconds in ``out``. What is on air is published once more before: a worker has done so too, and is warm."""
    day = date.fromisoformat(open_version(store.path).about["as_of"])
    publish(store, by="benchmark", as_of=day)
    with path.drafts([file], choices) as (made,):
        facts = path.described(made)
        seconds = {"impact": _timed(lambda: compare.impact(store, facts, made.parquets, "benchmark", day))}
        path.accept(store, made, by="benchmark", note="made data")
    seconds["publish"] = _timed(lambda: publish(store, by="benchmark", as_of=day))
    seconds["rebuild"] = _timed(lambda: rebuild(store, path.retidy(store)))
    out.write_text(json.dumps(seconds), encoding="utf-8")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    place, handed, seconds, *whose = sys.argv[1:]
    said = path.Choices(institution=whose[0], home="TUR") if whose else path.Choices(given=numbered())
    main(Store(Path(place)), Path(handed), Path(seconds), said)
