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
TRUST = Path(__file__).resolve().parent.parent / "docs" / "trust.md"
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


HEAD = """# What was measured

Written by `make bench`; a run of single parts replaces their sections only. Within a section everything was measured in one run, in fresh
processes that took turns; medians. Memory is the most that a process and its children held at one moment, shared pages counted once. Take
the ratios: seconds are the machine's.
"""


def write(sections: dict[str, tuple[list[Line], list[str]]], file: Path = RESULTS) -> str:
    """Sections by title, with their lines and notes; gives their text. The file keeps the sections that were not measured now."""
    made = {title: section(title, lines, notes) for title, (lines, notes) in sections.items()}
    return keep(made, file)


def keep(made: dict[str, str], file: Path) -> str:
    """Puts sections, each with its heading, in the place of those of the same title; gives their text."""
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    head = HEAD if file == RESULTS else before.split("\n## ")[0].rstrip() + "\n"
    file.write_text("\n".join([head, *(_sections(before) | made).values()]), encoding="utf-8")
    return "\n".join(made.values())


def section(title: str, lines: list[Line], notes: list[str]) -> str:
    """One section: when and where, the table, the remarks."""
    mark = {True: "yes", False: "**no**", None: "–"}
    table = ["| work | measured | against | to reach | reached |", "|---|---|---|---|---|"]
    table += [f"| {one.work} | {one.found} | {one.against} | {one.target} | {mark[one.met]} |" for one in lines]
    return "\n".join([f"## {title}", "", *machine(), "", *table, "", *notes])


def _sections(text: str) -> dict[str, str]:
    """Title → section of what was written before."""
    parts = text.split("\n## ")[1:]
    return {part.split("\n", 1)[0].strip(): f"## {part.rstrip()}\n" for part in parts}
