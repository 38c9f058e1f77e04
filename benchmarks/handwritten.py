"""Spark with our compiled statements beside Spark with hand-written ones: ``python -m benchmarks.handwritten STORE``.

STORE is one of ``benchmarks.students``: it holds enrolments, and the indicators of ``handwritten.toml`` come from them. Both sides ask the
same driver of a master with two workers, over the same partitions, in turns. Writes its section of ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import math
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.asked import seconds
from benchmarks.parity import laid_out
from benchmarks.report import Line, write
from benchmarks.work import Unequal
from pipelines.engines import dialect, spark
from pipelines.engines.asked import answer, statements
from pipelines.engines.standalone import started
from pipelines.measuring.formulas import Question
from pipelines.measuring.value import Rows, Run

TITLE = "Spark beside hand-written Spark SQL"
WRITTEN = Path(__file__).with_suffix(".toml")
TURNS = 5


def measured(store: Path, folder: Path, master: str) -> Line:
    """Each indicator, asked our way and by hand, in turns; the values are the same. Raises Unequal."""
    parts = laid_out(store, folder)
    ratios: dict[str, float] = {}
    with spark.cluster(master) as cluster:
        cluster.show(parts)
        for code, sql in tomllib.loads(WRITTEN.read_text(encoding="utf-8")).items():
            asked = statements([(code, Question())])
            ours = [dialect.spark(*one) for one in asked]
            _alike(code, _values(code, dict(zip(asked, cluster.ask(ours), strict=True))), cluster.ask([sql])[0])
            ratios[code] = _ratio(lambda ours=ours: cluster.ask(ours), lambda sql=sql: cluster.ask([sql]))
            print(f"{code}: {ratios[code]:.2f} ×", flush=True)
    middle, slow = median(ratios.values()), max(ratios, key=lambda code: ratios[code])
    return Line(
        f"Spark {cluster.version}, two workers, {max(parts.rows.values()):,} rows: {len(ratios)} indicators, our statements",
        f"median {middle:.2f} ×, most {ratios[slow]:.2f} × ({slow})", "hand-written Spark SQL for the same indicator, same values",
        "≤ 1.2 ×", middle <= 1.2,
    )  # fmt: skip


def _ratio(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(TURNS)]
    return median(one for one, _ in pairs) / median(other for _, other in pairs)


def _values(code: str, answers: dict[Any, Rows]) -> Rows:
    """What our statements come to, as the hand-written ones say it."""
    run = Run(lambda sql, bound: answers[sql, tuple(bound)])
    found = answer(run, (code, Question()))
    return [(one.institution, one.year_from, one.value, one.provisional, one.series) for one in found]


def _alike(code: str, ours: Rows, theirs: Rows) -> None:
    """Raises Unequal. Missing values are left out: some are rows here and none there."""
    ours, theirs = (sorted(row for row in rows if row[2] is not None) for rows in (ours, theirs))
    same = len(ours) == len(theirs) > 0 and all(
        one[:2] + one[3:] == other[:2] + other[3:] and math.isclose(one[2], other[2], rel_tol=1e-9)
        for one, other in zip(ours, (tuple(row) for row in theirs), strict=True)
    )
    if not same:
        raise Unequal(f"{code}: {len(ours)} and {len(theirs)} values, {ours[:2]} and {theirs[:2]}")


def main() -> None:
    """Measures one store and keeps the table."""
    with tempfile.TemporaryDirectory(prefix="meridian-handwritten-") as place, started() as master:
        print(write({TITLE: ([measured(Path(sys.argv[1]), Path(place), master)], [])}))


if __name__ == "__main__":
    main()
