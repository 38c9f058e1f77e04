"""What a page costs the server: every page's rerun, warm, beside an empty page; and the time from a cold start to the first page served."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from benchmarks.meter import ROOT
from benchmarks.session import EMPTY, rerun, serving, visiting
from pipelines.access.sessions import open_session
from pipelines.store import Store

APP = ROOT / "app.py"
TIMES = 15
WARM = 3


@dataclass(frozen=True)
class Page:
    """Milliseconds that a rerun takes beyond an empty page's median; ``first``: when nobody had asked before, which is not a rerun."""

    name: str
    median: float
    p95: float
    first: float


def listed() -> dict[str, str]:
    """Every page that the frame lists: name → address, which is empty for the first page."""
    frame = (ROOT / "pages" / "frame.py").read_text(encoding="utf-8")
    return {name: "" if first else name for name, first in re.findall(r'url_path="([a-z_-]+)"(, default=True)?', frame)}


def reruns(store: Path, institution: str) -> tuple[float, list[Page]]:
    """The empty page's median in milliseconds, and every page beyond it, for the demo's administrator, who sees all of them.

    The servers run side by side, and take turns.
    """
    token = open_session(Store(store), "demo-administrator", "127.0.0.1", "password")
    with serving(EMPTY) as bare, serving(APP, store) as ours, visiting(bare) as nobody, visiting(ours, token) as somebody:
        query, pages = urlencode({"institution": institution, "lang": "en"}), listed()
        first = {page: 1000 * rerun(somebody, address, query) for page, address in pages.items()}
        for _ in range(WARM):
            for address in pages.values():
                rerun(somebody, address, query)
                rerun(nobody)
        empty: list[float] = []
        times: dict[str, list[float]] = {page: [] for page in pages}
        for _ in range(TIMES):
            for page, address in pages.items():
                empty.append(1000 * rerun(nobody))
                times[page].append(1000 * rerun(somebody, address, query))
    floor = median(empty)
    found = [Page(name, median(taken) - floor, _p95(taken) - floor, first[name] - floor) for name, taken in times.items()]
    together = [*chain(*times.values())]
    return floor, [*found, Page("all pages", median(together) - floor, _p95(together) - floor, max(first.values()) - floor)]


def _p95(taken: list[float]) -> float:
    return sorted(taken)[round(0.95 * (len(taken) - 1))]


def cold(script: Path, store: Path | None = None, page: str = "") -> float:
    """Seconds from starting the server's process until the first page has been served to the first visitor."""
    with serving(script, store) as server, visiting(server) as session:
        rerun(session, page)
        return time.perf_counter() - server.started
