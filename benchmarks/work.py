"""The work of an ingest: a made file through the whole path, beside DuckDB's bare load and beside a plain script; and its growth."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.made import mobility_csv
from benchmarks.meter import Weight, middle, weigh

MILLION = 1_000_000
SIZES = (100_000, 1_000_000, 5_000_000)
TIMES = 3


class Unequal(AssertionError):
    """The plain script and we disagree: then times may not be compared, and one of the two is wrong."""


@dataclass(frozen=True)
class Compared:
    """Medians of runs that took turns on the same file."""

    floor: Weight
    ours: Weight
    plain: Weight
    seconds: dict[str, float]
    values: int


def compare(folder: Path, rows: int = MILLION, times: int = TIMES) -> Compared:
    """DuckDB's load, our path and the plain script, turn by turn. Raises Unequal."""
    file = mobility_csv(rows, folder)
    floor, ours, plain, laps = [], [], [], []
    for _ in range(times):
        floor.append(weigh("benchmarks.duck", file, folder))
        ours.append(weigh("benchmarks.ours", file, folder))
        laps.append(json.loads((folder / "seconds.json").read_text(encoding="utf-8")))
        plain.append(weigh("benchmarks.plain", file, folder))
    values = _equal(folder)
    seconds = {name: sorted(lap[name] for lap in laps)[len(laps) // 2] for name in laps[0]}
    return Compared(middle(floor), middle(ours), middle(plain), seconds, values)


def grow(folder: Path, sizes: tuple[int, ...] = SIZES) -> dict[int, Weight]:
    """The whole path at every size: the median of three runs, of one for the largest."""
    found = {}
    for rows in sizes:
        file = mobility_csv(rows, folder)
        times = TIMES if rows <= MILLION else 1
        found[rows] = middle([weigh("benchmarks.ours", file, folder) for _ in range(times)])
    return found


def _equal(folder: Path) -> int:
    """How many values and counts of offending rows were the same in both. Raises Unequal with the first ones that were not."""
    told = json.loads((folder / "plain.json").read_text(encoding="utf-8"))
    theirs = {(code, key, year): value for code, key, year, value in told["values"]}
    (version,) = (folder / "store" / "versions").glob("*.duckdb")
    with duckdb.connect(str(version), read_only=True) as connection:
        rows = connection.execute("select indicator, key, year_from, value from board.indicator_values where value is not null").fetchall()
        checks = dict(connection.execute("select rule, offending from board.checks").fetchall())
        loaded = connection.execute("select count(*) from core.mobility").fetchone()
    computed = {code for code, _, _ in theirs}  # the script knows the indicators that there were when it was written
    ours = {(code, key, year): value for code, key, year, value in rows if code in computed}
    places = ours.keys() | theirs.keys()
    off = [
        place for place in places if not math.isclose(ours.get(place, math.nan), theirs.get(place, math.nan), rel_tol=1e-9, abs_tol=1e-9)
    ]
    if off or loaded != (told["rows"],) or checks != told["offending"]:
        rules = [name for name in checks if checks[name] != told["offending"].get(name)]
        raise Unequal(f"values {sorted(off)[:5]}, rules {rules}, rows {loaded} and {told['rows']}")
    return len(places) + len(checks)
