"""Runs a command in a fresh process and weighs it: wall time, processor time, and the most memory it and its children held at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

ROOT = Path(__file__).resolve().parent.parent
EVERY = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Weight:
    """``seconds`` of wall time, ``cpu`` seconds of all processes, ``memory`` in bytes: the peak of the sum over processes."""

    seconds: float
    cpu: float
    memory: int


class Failed(RuntimeError):
    """The command ended with an error: then there is nothing to measure."""


def weigh(module: str, *given: object) -> Weight:
    """Runs ``python -m module …`` from the project's folder. Raises Failed."""
    before = os.times()
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", module, *map(str, given)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as child:
        process, peak = psutil.Process(child.pid), 0
        while child.poll() is None:
            peak = max(peak, held(process))
            time.sleep(EVERY)
        seconds, said = time.perf_counter() - start, child.stderr.read() if child.stderr else b""
    if child.returncode:
        raise Failed(f"{module} {given}: exit code {child.returncode}\n{said.decode()[-3000:]}")
    after = os.times()
    return Weight(seconds, after.children_user + after.children_system - before.children_user - before.children_system, peak)


def held(process: psutil.Process) -> int:
    """Bytes that a process and all its children hold now; a page that several share is counted once (PSS)."""
    total = 0
    try:
        for one in (process, *process.children(recursive=True)):
            total += proportional(one)
    except (psutil.NoSuchProcess, ProcessLookupError, FileNotFoundError):
        pass  # it ended while we looked
    return total


def proportional(process: psutil.Process) -> int:
    """PSS where the system tells it (Linux), else the resident size."""
    rollup = Path(f"/proc/{process.pid}/smaps_rollup")
    if not rollup.exists():
        return process.memory_info().rss
    for line in rollup.read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def middle(weights: list[Weight]) -> Weight:
    """The median of several runs, each number by itself."""
    return Weight(median(w.seconds for w in weights), median(w.cpu for w in weights), int(median(w.memory for w in weights)))
