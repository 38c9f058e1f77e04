"""The work of handing in, in a large store: a file's effect, its publication, a full rebuild beside them.

The store: ten institutions, each with ten years of 10,000 rows, accepted and published through the real path.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.made import mobility_csv
from benchmarks.meter import weigh
from pipelines.path import Choices, accept
from pipelines.path import drafts as read
from pipelines.publish import publish
from pipelines.store import Store

OFFICES, YEARLY, YEARS, TIMES = 10, 10_000, range(2015, 2025), 3
YEAR = range(2018, 2019)
"""The year that is handed in once more."""
DAY = date.today()


@dataclass(frozen=True)
class Seconds:
    """Medians of one file's effect on all indicators, its publication, and the rebuild of the whole from original files."""

    impact: float
    publish: float
    rebuild: float


def large_store(folder: Path) -> Store:
    """The store, built anew."""
    store = Store(folder / "large")
    for number in range(OFFICES):
        hand_in(store, mobility_csv(YEARLY * len(YEARS), folder, seed=number, institution=office(number), years=YEARS), number)
    publish(store, by="benchmark", as_of=DAY)
    return store


def office(number: int) -> str:
    """The institution's short name."""
    return f"office-{number}"


def hand_in(store: Store, file: Path, number: int) -> None:
    """Accepts a made file."""
    with read([file], Choices(institution=office(number), home="TUR")) as (made,):
        accept(store, made, by="benchmark", note="made data")


def one_file(store: Store, folder: Path) -> Seconds:
    """Each round in a process of its own, with a file of 10,000 rows that takes the place of a year's; the rebuild is proven equal."""
    rounds = []
    for number in range(TIMES):
        file = mobility_csv(YEARLY, folder, seed=100 + number, institution=office(number), years=YEAR)
        weigh("benchmarks.handed", store.path, file, folder / "handed.json", office(number))
        rounds.append(json.loads((folder / "handed.json").read_text(encoding="utf-8")))
    return Seconds(*(median(one[name] for one in rounds) for name in ("impact", "publish", "rebuild")))
