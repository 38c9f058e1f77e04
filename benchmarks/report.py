"""The table that people read: what was measured, against what, to reach what. Printed and kept in ``benchmarks/RESULTS.md``."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.meter import Weight

RESULTS = Path(__file__).with_name("RESULTS.md")
LIBRARIES = ("duckdb", "pyarrow", "great-expectations", "pandas", "streamlit", "plotly")


@dataclass(frozen=True)
class Line:
    """One measured ratio or number. ``met`` is None where nothing was to be reached, or nothing could be measured."""

    work: str
    found: str
    against: str
    target: str
    met: bool | None


def weight(one: Weight) -> str:
    """12.3 s, 10.4 s of processor time, 512 MB."""
    return f"{one.seconds:.2f} s (processor {one.cpu:.2f} s), {one.memory / 1e6:.0f} MB"


def machine() -> list[str]:
    """What it was measured on."""
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    named = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return [
        f"- {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC, load averages at the end {load}",
        f"- {os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()} {platform.release()}",
        f"- Python {platform.python_version()}, {named}",
    ]


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def write(lines: list[Line], notes: list[str]) -> str:
    """The whole report; also written to ``RESULTS.md``."""
    mark = {True: "yes", False: "**no**", None: "–"}
    table = ["| work | measured | against | to reach | reached |", "|---|---|---|---|---|"]
    table += [f"| {one.work} | {one.found} | {one.against} | {one.target} | {mark[one.met]} |" for one in lines]
    head = [
        "# What was measured",
        "",
        "Written by `make bench`. Everything was measured in one run, in fresh processes that took turns; medians. Memory is the most",
        "that a process and its children held at one moment, shared pages counted once. Take the ratios: seconds are this machine's.",
        "",
    ]
    text = "\n".join([*head, *machine(), "", *table, "", *notes, ""])
    RESULTS.write_text(text, encoding="utf-8")
    return text
