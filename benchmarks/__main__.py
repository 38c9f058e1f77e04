"""``make bench``: measures everything that was promised, prints the table and keeps it in ``benchmarks/RESULTS.md``.

    python -m benchmarks [path] [growth] [pages] [cold] [visit] [desk] [catalogue] [reports] [restore] [large]

Without a word all of them. The made files stay in the folder that MERIDIAN_BENCH names, else they go with the run.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks import desk, drop, large, pages, report, restored, visit, work
from benchmarks.meter import weigh
from benchmarks.report import Line, weight
from benchmarks.session import EMPTY

COLD = 3
Found = tuple[list[Line], list[str]]


def path(folder: Path) -> Found:
    """The whole path beside DuckDB's load and beside a plain script."""
    found = work.compare(folder)
    ours, floor, plain = found.ours, found.floor, found.plain
    slower, faster, share = ours.seconds / floor.seconds, plain.seconds / ours.seconds, ours.memory / plain.memory
    name = "1,000,000-row mobility CSV: read, tidy, check all rows, accept, publish, measure"
    lines = [
        Line(name, weight(ours), f"DuckDB loads it into a typed table: {weight(floor)}", f"≤ 6 × its time: {slower:.1f} ×", slower <= 6),
        Line("the same, memory", f"{ours.memory / 1e6:.0f} MB", "–", "≤ 1.5 GB", ours.memory <= 1.5e9),
        Line("the same", weight(ours), f"a plain pandas script: {weight(plain)}", f"≥ 1.5 × faster: {faster:.2f} ×", faster >= 1.5),
        Line("the same, memory", f"{ours.memory / 1e6:.0f} MB", f"{plain.memory / 1e6:.0f} MB", f"≤ ½: {share:.2f}", share <= 0.5),
    ]
    steps = ", ".join(f"{name} {seconds:.2f}" for name, seconds in found.seconds.items())
    return lines, [
        f"The plain script came to the same {found.values} values and counts of offending rows. Seconds of our parts: {steps}.",
        "",
    ]


def growth(folder: Path) -> Found:
    """Time per row at 0.1, 1 and 5 million rows."""
    found = work.grow(folder)
    per = {rows: one.seconds / rows * 1e6 for rows, one in found.items()}
    falling = all(after <= before * 1.05 for before, after in zip(per.values(), list(per.values())[1:], strict=False))
    told = "; ".join(
        f"{rows / 1e6:g} M: {one.seconds:.1f} s, {per[rows]:.1f} µs a row, {one.memory / 1e6:.0f} MB" for rows, one in found.items()
    )
    return [Line("growth of the whole path", told, "–", "time per row does not rise", falling)], []


def rerun_times(folder: Path) -> Found:
    """Every page's rerun, warm, with the demo and a large file in one store."""
    lines, notes = [], []
    for rows in (100_000, 1_000_000):
        with _store(folder, rows) as store:
            for institution in ("bench", "demo"):
                floor, found = pages.reruns(store, institution)
                all_pages = found.pop()
                met = all(one.median <= 80 and one.p95 <= 150 for one in found)
                slow = max(found, key=lambda one: one.median)
                told = f"median +{all_pages.median:.0f} ms, p95 +{all_pages.p95:.0f} ms"
                told += f"; slowest {slow.name} +{slow.median:.0f} ms, p95 +{slow.p95:.0f} ms"
                name = f"every page's rerun, warm, store of {rows:,} rows, pages of “{institution}”"
                lines.append(
                    Line(name, told, f"an empty Streamlit page: {floor:.0f} ms", "median ≤ +80 ms, p95 ≤ +150 ms on every page", met)
                )
                each = ", ".join(f"{one.name} +{one.median:.0f}/{one.p95:.0f} (first time +{one.first:.0f})" for one in found)
                notes += [f"{rows:,} rows, “{institution}”, ms beyond an empty page, median/p95: {each}.", ""]
    return lines, notes


def cold_start(folder: Path) -> Found:
    """From starting the process to the first page served, demo store ready."""
    with _store(folder, 0) as store:
        times = [(pages.cold(EMPTY), pages.cold(pages.APP, store)) for _ in range(COLD)]
    empty, ours = (median(column) for column in zip(*times, strict=True))
    target = f"≤ 2 ×: {ours / empty:.2f} ×"
    return [
        Line(
            "cold start to the first page served, demo store ready",
            f"{ours:.2f} s",
            f"an empty app: {empty:.2f} s",
            target,
            ours <= 2 * empty,
        )
    ], []


def visited(folder: Path) -> Found:
    """Bytes of the first visit of Overview."""
    with _store(folder, 0) as store:
        try:
            taken, outside = visit.first_visit(store)
        except visit.NoBrowser as none:
            return [Line("first visit of Overview, bytes over the wire", str(none), "–", "≤ 1.8 MB", None)], []
    told = f"{taken / 1e6:.2f} MB, {len(outside)} requests to other hosts"
    return [Line("first visit of Overview, bytes over the wire", told, "–", "≤ 1.8 MB", taken <= 1.8e6 and not outside)], []


def handing_in(folder: Path) -> Found:
    """One more file in a large store, and a workbook from its drop to the findings."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        store = desk.large_store(Path(place))
        dropped = drop.dropped(store, Path(place))
        one = desk.one_file(store, Path(place))
    share, name = one.publish / one.rebuild, "publish 10,000 rows into a store of 1,000,000"
    told, floor = f"{dropped.seconds:.2f} s, {dropped.memory / 1e6:.0f} MB", f"python-calamine alone: {dropped.floor:.2f} s"
    target = f"≤ 5 s and ≤ 1 GB; {dropped.seconds / dropped.floor:.1f} × calamine"
    met = dropped.seconds <= 5 and dropped.memory <= 1e9
    effect = f"≤ 1 × its time: {one.impact / one.publish:.2f} ×"
    return [
        Line("10,000-row workbook, drop → findings, in the worker", told, floor, target, met),
        Line(name, f"{one.publish:.2f} s", f"full rebuild: {one.rebuild:.2f} s", f"≤ 1/5 of it: 1/{1 / share:.1f}", share <= 0.2),
        Line(
            "the file's effect on all indicators", f"{one.impact:.2f} s", f"publish: {one.publish:.2f} s", effect, one.impact <= one.publish
        ),
    ], []


def whole_catalogue(folder: Path) -> Found:
    """Every indicator and breakdown, filters at a million rows, and an answer of Erasmus Without Paper."""
    result = folder / "asked.json"
    with _store(folder, 0) as demo, _store(folder, work.MILLION) as large:
        weigh("benchmarks.asked", demo, large, result)
    told = json.loads(result.read_text(encoding="utf-8"))
    weigh("benchmarks.exchanged", folder, result)
    ewp = json.loads(result.read_text(encoding="utf-8"))["seconds"]
    ratios, filters = told["from rows"], told["filtered"]
    middle, slow = median(ratios.values()), max(ratios, key=lambda code: ratios[code])
    worst = max(filters)
    return [
        Line(
            f"all indicators × all breakdowns of the demo ({told['questions']} questions)", f"{told['everything']:.1f} s", "–", "≤ 10 s",
            told["everything"] <= 10,
        ),
        Line(
            "an indicator from 1,000,000 mobility rows, all years", f"median {middle:.1f} ×, most {ratios[slow]:.1f} × ({slow})",
            "one count(*) group by", "median ≤ 30 ×", middle <= 30,
        ),
        Line(
            "a filter set for the first time, 1,000,000 rows", f"median {median(filters):.0f} ms, most {worst:.0f} ms", "–",
            "≤ 150 ms", worst <= 150,
        ),
        Line("EWP answer with 2,000 agreements, read and tidied", f"{ewp:.2f} s", "–", "≤ 2 s", ewp <= 2),
    ], []  # fmt: skip


def printed_reports(folder: Path) -> Found:
    """A whole section of a framework in each format, the brief, and the floors of the tools."""
    result = folder / "printed.json"
    with _store(folder, 0) as store:
        taken = weigh("benchmarks.printed", store, result)
    found = json.loads(result.read_text(encoding="utf-8"))
    floors = {"pdf": "empty page", "brief": "empty page", "docx": "empty template"}
    names = {"docx": "YÖKAK A.5 with all tables, Word", "pdf": "the same, PDF", "xlsx": "the same, workbook", "brief": "one-page brief"}
    lines = []
    for (form, name), limit in zip(names.items(), (2, 3, 2, 1), strict=True):
        floor = f"{floors[form]}: {found[floors[form]]:.2f} s" if form in floors else "–"
        lines.append(Line(name, f"{found[form]:.2f} s", floor, f"≤ {limit} s", found[form] <= limit))
    memory = f"{taken.memory / 1e6:.0f} MB"
    return [*lines, Line("all of them in one process, memory", memory, "–", "≤ 500 MB", taken.memory <= 500e6)], []


def backed_up(folder: Path) -> Found:
    """Backup and restore of the demo."""
    with _store(folder, 0) as store, tempfile.TemporaryDirectory(dir=folder) as place:
        found = restored.keep(store, Path(place))
    most = {"first": "–", "again": "–", "restore": "≤ 60 s"}
    names = {"first": "backup of the demo store, the first", "again": "the next, nothing changed"}
    names["restore"] = "restore into an empty folder: every byte looked at, originals read anew, built anew, same digest"
    return [
        Line(names[name], weight(one), "–", most[name], one.seconds <= 60 if name == "restore" else None) for name, one in found.items()
    ], []


@contextmanager
def _store(folder: Path, rows: int):
    """A store with the demo and, where rows are asked for, a made file of so many, accepted and published through the command line."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        store = Path(place) / "store"
        weigh("pipelines", "--store", store, "demo")
        if rows:
            made = work.mobility_csv(rows, folder)
            told = ("--institution", "bench", "--home", "TUR", "--by", "benchmark", "--note", "made data")
            weigh("pipelines", "--store", store, "accept", made, *told)
        yield store


PARTS: dict[str, tuple[str, Callable[[Path], Found]]] = {
    "path": ("The path of a file", path), "growth": ("Growth", growth), "pages": ("Pages", rerun_times), "cold": ("Cold start", cold_start),
    "visit": ("First visit", visited), "desk": ("Handing in", handing_in), "catalogue": ("The whole catalogue", whole_catalogue),
    "reports": ("Reports", printed_reports), "restore": ("Backup and restore", backed_up), "large": ("22,000,000 rows", large.measured),
}  # fmt: skip


def main(asked: list[str], folder: Path) -> None:
    """Measures the parts asked for, in order; each is written down when it is done."""
    for name in asked or list(PARTS):
        title, part = PARTS[name]
        print(f"measuring: {name}", flush=True)
        print(report.write({title: part(folder)}), flush=True)


if __name__ == "__main__":
    kept = os.environ.get("MERIDIAN_BENCH")
    with tempfile.TemporaryDirectory(prefix="meridian-bench-") as passing:
        chosen = Path(kept) if kept else Path(passing)
        chosen.mkdir(parents=True, exist_ok=True)
        main(sys.argv[1:], chosen)
