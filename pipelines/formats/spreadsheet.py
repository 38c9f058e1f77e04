"""XLSX, XLS and ODS: opened in a child process with limits. A child that dies is a finding; this process lives."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.errors import Finding, Place
from pipelines.formats import child
from pipelines.formats.grid import GridSheet, trimmed
from pipelines.formats.refusal import refused
from pipelines.formats.sheet import Sheet

PATIENCE = 60
"""Seconds by the clock, above the child's own limit of processor time: for a machine that is busy."""


def sheets(path: Path, file: str) -> list[Sheet]:
    """Every sheet that holds cells, hidden ones included and marked. Raises E107, E240, E241, E242, E101."""
    with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
        in_child("read", path, file, Path(folder))
        read = arrived(file, Path(folder))
    filled: list[Sheet] = [sheet for sheet in read if sheet.rows]
    if not filled:
        raise refused("E101", Place(file))
    return filled


def arrived(file: str, folder: Path) -> list[GridSheet]:
    """The sheets that the child wrote into a folder."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return [_sheet(file, about, folder) for about in index]


def in_child(task: child.Task, path: Path, file: str, folder: Path) -> None:
    """One task of the child on one workbook; what it makes lies in the folder afterwards. Raises E107, E240, E241, E242."""
    command = [sys.executable, "-I", str(Path(child.__file__).resolve()), str(folder), task]
    try:
        with path.open("rb") as source:
            done = subprocess.run(command, stdin=source, capture_output=True, env={}, cwd=folder, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise refused("E242", Place(file), limit=child.SECONDS) from error
    if done.returncode == 0:
        return
    if done.returncode == child.PROTECTED:
        raise refused("E107", Place(file))
    if done.returncode == child.DAMAGED:
        raise refused("E240", Place(file), reason=done.stderr.decode("utf-8", "replace")[:300])
    if done.returncode == -signal.SIGXCPU:
        raise refused("E242", Place(file), limit=child.SECONDS)
    if done.returncode == child.TOO_LARGE or done.returncode < 0 or b"MemoryError" in done.stderr:
        raise refused("E241", Place(file), limit=child.MEMORY // 1024**2)
    raise RuntimeError(f"the child that opens workbooks failed: {done.stderr.decode('utf-8', 'replace')[-2000:]}")


def _sheet(file: str, about: dict[str, Any], folder: Path) -> GridSheet:
    content = (folder / f"{about['number']}.arrow").read_bytes()
    table = pa.ipc.open_file(pa.py_buffer(content)).read_all() if content else pa.table({})
    names = [name for name in table.column_names if not name.startswith("t")]
    typed = {name: table[f"t{name}"].combine_chunks() for name in names}
    cells, typed = trimmed(table.select(names), typed)
    merges = [tuple(merge) for merge in about["merges"]]
    sheet = GridSheet(file, str(about["name"]), cells, typed, merges=merges, hidden=bool(about["hidden"]))
    if sheet.hidden:
        sheet.findings.append(Finding("I243", sheet.place(), {"sheet": sheet.name}))
    blank = list(about["uncalculated"])
    if blank:
        sheet.findings.append(Finding("E245", sheet.place(), {"cell": f"{sheet.name}!{blank[0]}"}, count=len(blank)))
    return sheet
