"""How a country's store grows: ``python -m benchmarks.slopes FOLDER [INSTITUTIONS …]``; writes the measured section of ``docs/scale.md``.

One store grows to 20, 50, 100 and 200 institutions. At each mark, in fresh processes: accepting, publishing all that is new, then one more
institution's file published alone, the whole measured anew, what lies on disk, the national view and the memory of the web process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psutil

from benchmarks import country, report
from benchmarks.meter import ROOT, proportional, weigh
from benchmarks.pages import APP
from benchmarks.session import EMPTY, rerun, serving, visiting
from pipelines.access.demo import MARK
from pipelines.store import Store
from pipelines.warehouse import current_path, open_version

SCALE = ROOT / "docs" / "scale.md"
MARKS = (20, 50, 100, 200)
TIMES = 9
COLUMNS = (
    "institutions × years", "rows", "accept a file", "publish all that is new", "one file more, published", "build anew, memory",
    "publication", "the rest of the store", "national view beyond an empty page, first / again", "web process",
)  # fmt: skip
HEAD = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"


def main(folder: Path, marks: tuple[int, ...]) -> None:
    """Every mark in turn, each written down when it is there."""
    store, rows, before, lines = Store(folder / "store"), 0, 0, []
    for mark in marks:
        made, accepting = _timed(lambda: country.accepted(store, range(before + 1, mark)))  # noqa: B023
        files, new = made
        publishing = weigh("pipelines", "--store", store.path, "publish", "--by", "country").seconds
        (_, last), _ = _timed(lambda: country.accepted(store, [mark]))  # noqa: B023
        alone = weigh("pipelines", "--store", store.path, "publish", "--by", "country").seconds
        anew = weigh("pipelines", "--store", store.path, "rebuild")
        rows, before = rows + new + last, mark
        (store.path / MARK).write_text("{}", encoding="utf-8")  # made data: open for looking at on this computer
        first, again, memory = _looked(store)
        current = current_path(store.path)
        kept = sum(path.stat().st_size for path in store.path.rglob("*") if path.is_file() and "versions" not in path.parts)
        lines.append(
            f"| {mark} × 10 | {rows:,} | {accepting / max(files, 1):.2f} s | {publishing:.1f} s | {alone:.1f} s "
            f"| {anew.seconds:.1f} s, {anew.memory / 1e6:.0f} MB | {(current.stat().st_size if current else 0) / 1e6:.1f} MB "
            f"| {kept / 1e6:.1f} MB | {first:+.0f} / {again:+.0f} ms | {memory / 1e6:.0f} MB |"
        )
        print(lines[-1], flush=True)
        report.keep({"Measured": "\n".join(["## Measured", "", *report.machine(), "", HEAD, *lines, ""])}, SCALE)


def _looked(store: Store) -> tuple[float, float, int]:
    """The national view's first showing and its rerun in milliseconds beyond an empty page, and the server's bytes afterwards."""
    who = open_version(store.path).query("select min(institution) from board.institutions where country = 'TUR'")[0][0]
    query = f"institution={who}&lang=en&what=A01"
    with serving(EMPTY) as bare, serving(APP, store.path) as ours, visiting(bare) as nobody, visiting(ours) as somebody:
        first = rerun(somebody, "national", query)
        taken = [(rerun(somebody, "national", query), rerun(nobody)) for _ in range(TIMES)]
        floor = median(empty for _, empty in taken)
        memory = proportional(psutil.Process(ours.process))
    return 1000 * (first - floor), 1000 * (median(full for full, _ in taken) - floor), memory


def _timed(work: Callable[[], tuple[int, int]]) -> tuple[tuple[int, int], float]:
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="meridian-country-") as passing:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(passing), tuple(map(int, sys.argv[2:])) or MARKS)
