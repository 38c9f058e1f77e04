"""A workbook from its drop to the findings, through the worker as the pages use it, beside python-calamine reading the same file alone."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from python_calamine import CalamineWorkbook

from benchmarks.desk import TIMES, YEAR, YEARLY, office
from benchmarks.made import mobility_workbook
from benchmarks.meter import EVERY, held
from pipelines.access.person import Person
from pipelines.desk import drafts, handing, worker
from pipelines.store import Store

SOMEBODY = Person("benchmark", "Benchmark", "administrator")


@dataclass(frozen=True)
class Drop:
    """Seconds from a workbook's bytes to findings, of python-calamine alone, and the worker's most bytes."""

    seconds: float
    floor: float
    memory: int


def dropped(store: Store, folder: Path) -> Drop:
    """A workbook of 10,000 rows, handed to a worker that is running and has seen a file before."""
    ours, floors, most = [], [], 0
    for number in range(TIMES + 1):  # the first one warms the worker
        file = mobility_workbook(YEARLY, folder, seed=200 + number, institution=office(number), years=YEAR)
        start = time.perf_counter()
        for sheet in (book := CalamineWorkbook.from_path(file)).sheet_names:
            book.get_sheet_by_name(sheet).to_python()
        floors.append(time.perf_counter() - start)
        seconds, memory = _drop(store, file, number)
        ours.append(seconds)
        most = max(most, memory)
    _stop_worker()
    return Drop(median(ours[1:]), median(floors[1:]), most)


def _drop(store: Store, file: Path, number: int) -> tuple[float, int]:
    data, over, seen = file.read_bytes(), threading.Event(), [0]

    def look() -> None:
        while not over.wait(EVERY):
            seen.append(sum(held(child) for child in psutil.Process().children() if "pipelines.desk.worker" in child.cmdline()))

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    start = time.perf_counter()
    draft = handing.begin(SOMEBODY, store, office(number), "mobility", file.name, data, year=YEAR[0], home="TUR")
    job = worker.wait(store, draft.job)
    seconds = time.perf_counter() - start
    over.set()
    watch.join()
    found = drafts.examined(store, draft) or {}
    if job.state != "done" or found.get("step") not in ("findings", "effect"):
        raise RuntimeError(f"the draft was not examined to its end: {job}, {found.get('step')}, {found.get('findings')}")
    return seconds, max(seen)


def _stop_worker() -> None:
    for child in psutil.Process().children():
        if "pipelines.desk.worker" in child.cmdline():
            child.terminate()
