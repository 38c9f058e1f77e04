"""22,000,000 rows on one machine, one a student: all indicators, one more file, a page, each beside its floor.

``MERIDIAN_STUDENTS`` names the ministry's table (see ``benchmarks.students``). With ``MERIDIAN_BENCH`` the stores stay for the next run.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from benchmarks import pages, students
from benchmarks.meter import Weight, weigh
from benchmarks.report import Line
from pipelines.store import Store, product_version
from pipelines.warehouse import open_version

ROWS, FEW, FILE, MOST = 22_154_973, 100_000, 10_000, 500_000
"""Students of the whole table and of the small store; rows of the one file, and the most of the institution whose year it replaces."""
GB = 1e9


def measured(folder: Path) -> tuple[list[Line], list[str]]:
    """The lines of the section, and its notes."""
    table = students.source()
    if table is None:
        return [Line("22,000,000 rows", f"{students.SOURCE} names no table", "–", "–", None)], []
    large, small = kept(ROWS, table, folder), kept(FEW, table, folder)
    lines, notes = indicators(large, folder)
    for more in (one_file(large, folder), reruns(large, small)):
        lines += more[0]
        notes += more[1]
    return lines, notes


def kept(rows: int, table: Path, folder: Path) -> Store:
    """The store of so many students, as an earlier run left it, else made now; published anew where this product is another one."""
    place = folder / f"students-{rows}"
    made = Store(place / "store")
    current = made.current()
    if current is None:
        return students.store(rows, table, place)
    if current.code_version != product_version():
        weigh("benchmarks.students", "publish", made.path)
    return made


def indicators(large: Store, folder: Path) -> tuple[list[Line], list[str]]:
    """All indicators from the rows, in a fresh process; and a version built from the tidy tables alone, with its memory."""
    result = folder / "measured.json"
    asking = weigh("benchmarks.measured", large.path, large.path.parent, result)
    found = json.loads(result.read_text(encoding="utf-8"))
    building, steps = built(large, folder)
    ratios = found["ratios"]
    middle, slow = median(ratios.values()), max(ratios, key=lambda code: ratios[code])
    peak = max(asking.memory, building.memory)
    lines = [
        Line(
            f"{found['rows']:,} rows: each of {len(ratios)} indicators from them, all institutions and years",
            f"median {middle:.1f} ×, most {ratios[slow]:.1f} × ({slow})", f"one group by over the same Parquet: {found['floor']:.2f} s",
            "median ≤ 10 ×", middle <= 10,
        ),
        Line(
            "the same, and a version built with all of them: memory", f"{asking.memory / GB:.2f} GB, {building.memory / GB:.2f} GB", "–",
            "≤ 4 GB", peak <= 4 * GB,
        ),
    ]  # fmt: skip
    told = ", ".join(f"{name} {seconds:.1f}" for name, seconds in steps.items())
    whole = "the ministry's own totals hold" if found["whole"] else "**the ministry's own totals do not hold**"
    return lines, [f"{found['equal']} values are those of a plain script over the files; {whole}. Seconds of the building: {told}.", ""]


def built(large: Store, folder: Path) -> tuple[Weight, dict[str, float]]:
    """A version of the large store built from its tidy tables alone: its weight, and the seconds of its steps."""
    with aside(large, folder) as other:
        told = other.parent / "steps.json"
        return weigh("benchmarks.students", "anew", other, told), json.loads(told.read_text(encoding="utf-8"))


def one_file(large: Store, folder: Path) -> tuple[list[Line], list[str]]:
    """A year of one institution handed in once more with 10,000 rows, published, and everything rebuilt from the original files."""
    with aside(large, folder) as other:
        file, whose = year_of_one(large, other.parent)
        weight = weigh("benchmarks.handed", other, file, other.parent / "handed.json")
        found: dict[str, Any] = json.loads((other.parent / "handed.json").read_text(encoding="utf-8"))
    share = found["publish"] / found["rebuild"]
    return [
        Line(
            f"publish after one file of {FILE:,} rows in that store",
            f"{found['publish']:.1f} s",
            f"full rebuild: {found['rebuild']:.0f} s",
            f"≤ 1/20 of it: 1/{1 / share:.1f}", share <= 1 / 20,
        )
    ], [
        f"The file is a year of {whose}. Its effect on all indicators, told before: {found['impact']:.1f} s. "
        f"Publishing and rebuilding held {weight.memory / GB:.2f} GB; the rebuilt version was proven equal.", "",
    ]  # fmt: skip


def year_of_one(large: Store, folder: Path) -> tuple[Path, str]:
    """A file of the first 10,000 students of an institution in a year in which it had little more of them, and its name."""
    file, given = folder / "one.parquet", [str(one) for one in large.path.parent.glob("students-*.parquet")]
    with duckdb.connect() as connection:
        sizes = """with sizes as (
              select "Etablissement" as who, "Rentrée" as year, count(*) as students from read_parquet(?) group by who, year
            ) from sizes qualify students >= ? and sum(students) over (partition by who) <= ? order by students, who, year limit 1"""
        whose, year, *_ = connection.execute(sizes, [given, FILE, MOST]).fetchone() or ("", 0, 0)
        connection.execute(
            f"""copy (from read_parquet($given) where "Etablissement" = $whose and "Rentrée" = $year and "Numéro" <= {FILE})
                to '{file}' (format parquet)""",
            {"given": given, "whose": whose, "year": year},
        )
    return file, whose


def reruns(large: Store, small: Store) -> tuple[list[Line], list[str]]:
    """Every page's rerun, warm, for the largest institution of the small store, which is in both."""
    ((institution,),) = open_version(small.path).query(
        "select institution from core.country_distribution group by 1 order by count(*) desc limit 1"
    )
    floors, found = zip(*(pages.reruns(one.path, institution) for one in (small, large)), strict=True)
    few, many = ({page.name: page.median + floor for page in one} for floor, one in zip(floors, found, strict=True))
    ratios = {name: many[name] / few[name] for name in few}
    slow = max(ratios, key=lambda name: ratios[name])
    told = f"{many['all pages']:.0f} ms, all pages; most {ratios[slow]:.2f} × ({slow}: {many[slow]:.0f} and {few[slow]:.0f} ms)"
    line = Line(
        f"page rerun, warm, at {ROWS:,} rows", told, f"the same at {FEW:,} rows: {few['all pages']:.0f} ms",
        f"≤ 1.3 ×: {ratios['all pages']:.2f} ×", max(ratios.values()) <= 1.3,
    )  # fmt: skip
    first = ", ".join(f"{page.name} {page.first:.0f}" for page in found[1])
    return [line], [f"Pages of “{institution}”, each the first time anybody asks, ms: {first}.", ""]


class aside(tempfile.TemporaryDirectory[str]):
    """A second store that may be written to: what never changes is linked, the rest copied."""

    def __init__(self, store: Store, folder: Path) -> None:
        """Nothing is there before the block."""
        super().__init__(prefix="aside-", dir=folder)
        self._store = store

    def __enter__(self) -> Path:
        """Gives the second store's folder."""
        place = Path(super().__enter__()) / "store"
        shutil.copytree(self._store.path, place, copy_function=_taken)
        return place


def _taken(source: str, target: str) -> None:
    if Path(source).parent.name in ("raw", "tidy", "versions"):
        os.link(source, target)
    else:
        shutil.copy2(source, target)
