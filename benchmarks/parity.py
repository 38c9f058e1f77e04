"""Two engines asked the same: ``python -m benchmarks.parity [STORE …]``; left out, the demo store is made and asked.

Every indicator, whole and in each of its breakdowns, over the same Parquet partitions: by DuckDB, and by Spark with a master and two
workers. Writes a section of ``benchmarks/RESULTS.md`` for each; the exit code is the number of stores that differ.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.meter import ROOT
from benchmarks.report import Line, write
from pipelines.engines import duckdb as home
from pipelines.engines import parity, partitions, spark
from pipelines.engines.asked import questions, statements
from pipelines.engines.partitions import Partitions
from pipelines.engines.standalone import started
from pipelines.warehouse import current_path

TITLE = "Two engines"
SHOWN = 20


def compared(store: Path, folder: Path, master: str) -> Line:
    """One store's questions on both engines: differences are printed, the section is kept."""
    asked = questions()
    parts = laid_out(store, folder)
    with home.over(parts) as database, spark.cluster(master) as cluster:
        begun = time.perf_counter()
        ours = parity.answers(home.Building(database), asked)
        between = time.perf_counter()
        run = spark.OnSpark(cluster, parts, home.Building(database))
        run.ahead(asked)
        theirs = parity.answers(run, asked)
        ended = time.perf_counter()
    apart = list(parity.differences(ours, theirs))
    print(*apart[:SHOWN], sep="\n")
    values = sum(map(len, ours.values()))
    rows, put = max(parts.rows.values()), len(statements(asked, run.blank))
    line = Line(
        f"{len(asked):,} questions, {put:,} statements (nothing is asked of empty tables)",
        f"{len(apart)} questions differ",
        f"{values:,} values; DuckDB {between - begun:.0f} s, Spark {cluster.version} {ended - between:.0f} s",
        "0",
        not apart,
    )
    print(write({f"{TITLE}: {rows:,} rows in the largest table": ([line], [])}))
    return line


def laid_out(store: Path, folder: Path) -> Partitions:
    """The version on air as partitions."""
    with duckdb.connect(str(current_path(store)), read_only=True) as version:
        return partitions.write(version, str(folder / "partitions"), [*partitions.of_rows(), *partitions.of_board()])


def main() -> None:
    """Compares stores one after the other and keeps the table."""
    with tempfile.TemporaryDirectory(prefix="meridian-parity-") as place, started() as master:
        stores = [Path(word) for word in sys.argv[1:]] or [_demo(Path(place) / "demo")]
        lines = [compared(store, Path(place), master) for store in stores]
    raise SystemExit(sum(not line.met for line in lines))


def _demo(store: Path) -> Path:
    subprocess.run([sys.executable, "-m", "pipelines", "--store", store, "demo"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return store


if __name__ == "__main__":
    main()
