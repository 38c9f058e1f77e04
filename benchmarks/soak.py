"""``make soak``: the product under load, beside an empty page under the same load; kept in ``docs/trust.md``.

    python -m benchmarks.soak [load] [idle] [publications] [soak] [--minutes N]

Without a word all of them. ``--minutes`` shortens the parts that take long: the table says how long each was measured.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil

from benchmarks.made import mobility_csv
from benchmarks.meter import ROOT, held, weigh
from benchmarks.pages import APP, listed
from benchmarks.report import TRUST, Line, write
from benchmarks.session import EMPTY, Server, serving
from benchmarks.viewers import Address, Clicks, Crowd, click

TITLE = "Under load"
PAUSE, VIEWERS = 3.0, 50
IDLE, ACTIVE = 200, 10
PUBLICATIONS = 20
COMING = 25
STAY = 60.0
LOOK = 5.0
"""Seconds between two looks at the memory."""
Part = Callable[[Path, float], list[Line]]


def load(store: Path, minutes: float) -> list[Line]:
    """Fifty viewers on our pages and on an empty one, in turns of a quarter of the time each, so that both meet the same machine."""
    pieces, turn = 4, minutes * 60 / 4
    ours, empty = Clicks(), Clicks()
    with serving(EMPTY) as bare, serving(APP, store) as server:
        click(server, Crowd(5, 20, 0.5, addresses()))
        for _ in range(pieces):
            _add(empty, click(bare, Crowd(VIEWERS, turn, PAUSE, [("", "")])))
            _add(ours, click(server, Crowd(VIEWERS, turn, PAUSE, addresses())))
    middle, late = ours.share(0.5) / empty.share(0.5), ours.share(0.95) / empty.share(0.95)
    told = f"{minutes:g} min each, {len(ours.seconds):,} clicks and {len(empty.seconds):,}"
    return [
        Line(f"{VIEWERS} viewers, a click every {PAUSE:g} s ({told}): median", _ms(ours.share(0.5)),
             f"an empty page: {_ms(empty.share(0.5))}", f"≤ 2 ×: {middle:.2f} ×", middle <= 2),
        Line("the same, 95 of 100 clicks", _ms(ours.share(0.95)), f"an empty page: {_ms(empty.share(0.95))}", f"≤ 1.5 ×: {late:.2f} ×",
             late <= 1.5),
        _faultless(ours),
    ]  # fmt: skip


def idle(store: Path, minutes: float) -> list[Line]:
    """Two hundred open pages that nobody touches, and ten people at work."""
    seconds = min(minutes, 3) * 60
    with serving(APP, store) as server, _watched(server) as memory, _open(server, IDLE):
        found = click(server, Crowd(ACTIVE, seconds, PAUSE, addresses()))
    most = max(weight for _, weight in memory) / 1e6
    told = f"{most:.0f} MB; median {_ms(found.share(0.5))}, 95 of 100 {_ms(found.share(0.95))}"
    return [Line(f"{IDLE} idle sessions and {ACTIVE} viewers, memory ({seconds / 60:g} min)", told, "–", "≤ 1 GB", most <= 1000)]


def publications(store: Path, minutes: float) -> list[Line]:
    """Twenty publications meanwhile, each of a file whose rows carry its number: no run may show two of them."""
    with tempfile.TemporaryDirectory() as place:
        _publish(store, Path(place), 0)
        asked = [
            (page, "institution=bench&lang=en&" + more)
            for page, more in (("mobility", "by=unit"), ("data", ""), ("indicator", "code=A01&by=unit"))
        ]
        with serving(APP, store) as server:
            crowd = Crowd(VIEWERS // 2, 0, PAUSE, asked)
            found = click(server, crowd, lambda: [_publish(store, Path(place), number) for number in range(1, PUBLICATIONS + 1)])
    told = (
        f"{found.whole:,} runs showed one edition, {found.mixed} two; {len(found.editions)} editions were seen, {len(found.errors)} errors"
    )
    met = found.mixed == 0 and not found.errors and len(found.editions) > PUBLICATIONS / 2
    return [Line(f"{PUBLICATIONS} publications while {VIEWERS // 2} viewers click", told, "–", "no run shows two, 0 errors", met)]


def soak(store: Path, minutes: float) -> list[Line]:
    """Viewers who come and go; how fast memory grows once it is warm: the slope of a straight line through all later looks."""
    with serving(APP, store) as server, _watched(server) as memory:
        found = click(server, Crowd(COMING, minutes * 60, PAUSE, addresses(), stays=STAY))
    start = memory[0][0]
    warm = np.array([(at / 3600, weight / 1e6) for at, weight in memory if at - start > minutes * 60 / 3])
    slope, error = _line(warm)
    told = (
        f"{slope:+.1f} ± {error:.1f} MB an hour, {warm[-1, 1]:.0f} MB at the end; {len(found.seconds):,} clicks, {len(found.errors)} errors"
    )
    name = f"{minutes:g} min with {COMING} viewers who come and go, growth of memory after the first third"
    return [Line(name, told, "–", "≤ 5 MB an hour", slope <= 5 and not found.errors)]


PARTS: dict[str, tuple[Part, float]] = {"load": (load, 15), "idle": (idle, 3), "publications": (publications, 0), "soak": (soak, 30)}
"""Part → what it does, and its minutes."""


def addresses() -> list[Address]:
    """The pages that everybody may see, of two institutions, some of them filtered."""
    plain = [(page, f"institution={who}&lang={code}") for page in listed().values() for who, code in (("demo", "en"), ("metu", "tr"))]
    filtered = [("mobility", f"institution=demo&lang=en&direction={word}") for word in ("in", "out")]
    return [one for one in plain if one[0] not in STAFF] + filtered


STAFF = frozenset({"upload", "approve", "goals", "history", "people", "settings", "health"})


def _faultless(found: Clicks) -> Line:
    return Line("the same, errors", f"{len(found.errors)}{': ' + found.errors[0] if found.errors else ''}", "–", "0", not found.errors)


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def _add(to: Clicks, more: Clicks) -> None:
    to.seconds += more.seconds
    to.errors += more.errors


def _line(points: np.ndarray) -> tuple[float, float]:
    """Slope of the least-squares line, and its standard error."""
    (slope, _), spread = np.polyfit(points[:, 0], points[:, 1], 1, cov=True)
    return float(slope), float(np.sqrt(spread[0, 0]))


@contextmanager
def _watched(server: Server) -> Iterator[list[tuple[float, int]]]:
    """Time and bytes that the server and its children hold, looked at until the block ends."""
    seen: list[tuple[float, int]] = []
    over, process = threading.Event(), psutil.Process(server.process)

    def look() -> None:
        while not over.wait(LOOK):
            seen.append((time.perf_counter(), held(process)))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


@contextmanager
def _open(server: Server, sessions: int) -> Iterator[None]:
    """Sessions that looked at a page once and stay open."""
    over = threading.Event()
    quiet = threading.Thread(target=lambda: click(server, Crowd(sessions, 0, 1e6, addresses()), over.wait))
    quiet.start()
    try:
        yield
    finally:
        over.set()
        quiet.join()


def _publish(store: Path, folder: Path, number: int) -> None:
    """One more edition of the same file, accepted and published by a process of its own."""
    rows = mobility_csv(2000, folder, seed=1).read_bytes().replace(b"Faculty ", b"Edition-%d Faculty " % number)
    file = folder / f"edition_{number}.csv"
    file.write_bytes(rows)
    told = ("--institution", "bench", "--home", "TUR", "--by", "load", "--note", "made data", "--reason", "made data")
    weigh("pipelines", "--store", store, "accept", file, *told)


def main() -> None:
    """Runs the parts that were asked for and keeps their table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts; left out: all")
    asked.add_argument("--minutes", type=float, help="instead of each part's own")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="meridian-soak-") as place:
        subprocess.run([sys.executable, "-m", "pipelines", "--store", place, "demo"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        lines = []
        for name in given.parts or PARTS:
            work, own = PARTS[name]
            lines += work(Path(place), given.minutes or own)
            print(*lines[-3:], sep="\n", flush=True)
    print(write({TITLE: (lines, [])}, TRUST))


if __name__ == "__main__":
    main()
