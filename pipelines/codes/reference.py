"""The reference tables of ``data/reference``: CSV whose first line, a comment, names source and date."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/reference/<name>.csv``, as text."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(line for line in file if not line.startswith("#")))


@cache
def source(name: str) -> str:
    """The first line of a table: where it comes from and when."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8") as file:
        return file.readline().removeprefix("#").strip()


def also(row: dict[str, str]) -> list[str]:
    """The further spellings of a row, divided by ``|``."""
    return [word for word in row["also"].split("|") if word]
