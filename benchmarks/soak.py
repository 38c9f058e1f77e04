"""``make soak``: the product under load, beside an empty page under the same load; kept in ``docs/trust.md``.

    python -m benchmarks.soak [load[=MINUTES]] [idle[=MINUTES]] [publications] [soak[=MINUTES]]

Without a word all of them, as long as was promised; each has a section of its own, which says how long it was measured.
``load`` takes twice its minutes: the empty page is measured as long as ours. ``publications`` lasts as long as twenty publications do.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from scipy.stats import theilslopes

from benchmarks.made import mobility_csv
from benchmarks.meter import ROOT, weigh
from benchmarks.pages import APP, listed
from benchmarks.report import TRUST, Line, write
from benchmarks.session import EMPTY, SPARED, Server, serving
from benchmarks.viewers import Address, Clicks, Crowd, click

PAUSE, VIEWERS, TURNS = 3.0, 50, 4
IDLE, ACTIVE = 200, 10
COME, FOREVER = 30.0, 1e6
"""Seconds within which the idle ones come, and how long they do nothing."""
PUBLICATIONS = 20
COMING = 25
STAY = 60.0
SHOWN = 15
"""A page of ours comes in more messages than that; in fewer, it says that there is nothing to show."""
LOOK = 5.0
"""Seconds between two looks at the memory."""
Part = Callable[[Path, float], list[Line]]


def load(store: Path, minutes: float) -> list[Line]:
    """Fifty viewers on our pages and on an empty one, in turns of a quarter of the time each, so that both meet the same machine.

    A third server, for a quarter as long, has the empty page and looks through its memory as rarely as ours: what is left is our own.
    """
    turn, nothing = minutes * 60 / TURNS, [("", "")]
    ours, empty, spared = Clicks(), Clicks(), Clicks()
    with serving(EMPTY) as bare, serving(SPARED) as floor, serving(APP, store) as server:
        for one, pages in ((bare, nothing), (floor, nothing), (server, addresses())):
            click(one, Crowd(10, 20, 0.5, pages))
        served = clicked = 0.0
        for _ in range(TURNS):
            _add(empty, click(bare, Crowd(VIEWERS, turn, PAUSE, nothing)))
            _add(spared, click(floor, Crowd(VIEWERS, turn / 4, PAUSE, nothing)))
            before = _processor(server.process), _processor()
            _add(ours, click(server, Crowd(VIEWERS, turn, PAUSE, addresses(), least=SHOWN)))
            served, clicked = served + _processor(server.process) - before[0], clicked + _processor() - before[1]
    middle, late = ours.share(0.5) / empty.share(0.5), ours.share(0.95) / empty.share(0.95)
    told = f"{minutes:g} min each in {TURNS} turns, {len(ours.seconds):,} clicks and {len(empty.seconds):,}"
    return [
        Line(f"{VIEWERS} viewers, a click every {PAUSE:g} s ({told}): median", _ms(ours.share(0.5)),
             f"an empty page: {_ms(empty.share(0.5))}", f"≤ 2 ×: {middle:.2f} ×", middle <= 2),
        Line("the same, 95 of 100 clicks", _ms(ours.share(0.95)), f"an empty page: {_ms(empty.share(0.95))}", f"≤ 1.5 ×: {late:.2f} ×",
             late <= 1.5),
        _faultless("the same, errors", ours),
        Line("the same, median and 95 of 100", f"{_ms(ours.share(0.5))}, {_ms(ours.share(0.95))}",
             "an empty page whose server looks through its memory as rarely as ours: "
             f"{_ms(spared.share(0.5))}, {_ms(spared.share(0.95))}", "–", None),
        Line("the same, processor time of our server",
             f"{1000 * served / len(ours.seconds):.0f} ms a click, {served / minutes / 60:.0%} of a core",
             f"the visitors' own process: {clicked / minutes / 60:.0%} of a core", "–", None),
    ]  # fmt: skip


def idle(store: Path, minutes: float) -> list[Line]:
    """Two hundred open pages that nobody touches, and ten people at work once all are open."""
    with serving(APP, store) as server, _watched(server) as memory:
        work = Crowd(ACTIVE, minutes * 60, PAUSE, addresses(), least=SHOWN)
        later: list[Clicks] = []
        stay = Crowd(IDLE, 0, FOREVER, addresses(), within=COME, least=SHOWN)
        open_pages = click(server, stay, lambda: (time.sleep(2 * COME), later.append(click(server, work))))
    found, most = later[0], max(weight for _, weight in memory) / 1e6
    told = f"{most:.0f} MB; median {_ms(found.share(0.5))}, 95 of 100 {_ms(found.share(0.95))}"
    both = Clicks(errors=open_pages.errors + found.errors)
    return [
        Line(f"{len(open_pages.seconds)} idle sessions and {ACTIVE} viewers, memory ({minutes:g} min)", told, "–", "≤ 1 GB",
             most <= 1000 and len(open_pages.seconds) == IDLE),
        _faultless("the same, errors", both),
    ]  # fmt: skip


def publications(store: Path, minutes: float) -> list[Line]:
    """Twenty publications meanwhile, each of a file whose rows carry its number: no run may show two of them."""
    with tempfile.TemporaryDirectory() as place:
        _publish(store, Path(place), 0)
        asked = [
            (page, "institution=bench&lang=en&" + more)
            for page, more in (("mobility", "by=unit"), ("data", ""), ("indicator", "code=A01&by=unit"))
        ]
        with serving(APP, store) as server:
            crowd = Crowd(VIEWERS // 2, 0, PAUSE, asked, least=SHOWN)
            found = click(server, crowd, lambda: [_publish(store, Path(place), number) for number in range(1, PUBLICATIONS + 1)])
    told = f"{found.whole:,} runs showed one edition, {found.mixed} two; {len(found.editions)} editions were seen"
    told += f"; {len(found.errors)} errors{_first(found)}"
    met = found.mixed == 0 and not found.errors and len(found.editions) > PUBLICATIONS / 2
    return [Line(f"{PUBLICATIONS} publications while {VIEWERS // 2} viewers click", told, "–", "no run shows two, 0 errors", met)]


def soak(store: Path, minutes: float) -> list[Line]:
    """Viewers who come and go; how fast memory grows once it is warm: the median of the slopes between any two later looks (Theil–Sen)."""
    with serving(APP, store) as server, _watched(server) as memory:
        found = click(server, Crowd(COMING, minutes * 60, PAUSE, addresses(), stays=STAY, least=SHOWN))
    start = memory[0][0]
    warm = [(at / 3600, weight / 1e6) for at, weight in memory if at - start > minutes * 60 / 3]
    slope, _, low, high = theilslopes([weight for _, weight in warm], [at for at, _ in warm], 0.95)
    told = f"{slope:+.1f} MB an hour (95 of 100: {low:+.1f} to {high:+.1f}), {warm[0][1]:.0f} → {warm[-1][1]:.0f} MB"
    name = f"{minutes:g} min with {COMING} viewers who come and go, growth of memory after the first third, a look every {LOOK:g} s"
    return [
        Line(name, told, "–", "≤ 5 MB an hour", slope <= 5),
        _faultless(f"the same, errors of {len(found.seconds):,} clicks", found),
    ]


PARTS: dict[str, tuple[str, Part, float]] = {
    "load": ("Under load: people at work", load, 15), "idle": ("Under load: people who only look", idle, 3),
    "publications": ("Under load: publications meanwhile", publications, 0), "soak": ("Under load: half an hour", soak, 30),
}  # fmt: skip
"""Part → its section, what it does, and its minutes."""


def addresses() -> list[Address]:
    """The pages that everybody may see, of two institutions, some of them filtered."""
    plain = [(page, f"institution={who}&lang={code}") for page in listed().values() for who, code in (("demo", "en"), ("metu", "tr"))]
    filtered = [("mobility", f"institution=demo&lang=en&direction={word}") for word in ("in", "out")]
    return [one for one in plain if one[0] not in STAFF] + filtered


STAFF = frozenset({"upload", "approve", "goals", "history", "people", "settings", "health"})


def _faultless(name: str, found: Clicks) -> Line:
    return Line(name, f"{len(found.errors)}{_first(found)}", "–", "0", not found.errors)


def _first(found: Clicks) -> str:
    """The first error, where there is one."""
    return f": {found.errors[0]}" if found.errors else ""


def _processor(process: int | None = None) -> float:
    """Seconds of processor time that a process (None: this one) has taken."""
    taken = psutil.Process(process).cpu_times()
    return taken.user + taken.system


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def _add(to: Clicks, more: Clicks) -> None:
    to.seconds += more.seconds
    to.errors += more.errors


@contextmanager
def _watched(server: Server) -> Iterator[list[tuple[float, int]]]:
    """Time and resident bytes of the server and its children, looked at until the block ends."""
    seen: list[tuple[float, int]] = []
    over, process = threading.Event(), psutil.Process(server.process)

    def look() -> None:
        while not over.wait(LOOK):
            family = (process, *process.children(recursive=True))
            seen.append((time.perf_counter(), sum(one.memory_info().rss for one in family)))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _publish(store: Path, folder: Path, number: int) -> None:
    """One more edition of the same file, accepted and published by a process of its own."""
    rows = mobility_csv(2000, folder, seed=1).read_bytes().replace(b"Faculty ", b"Edition-%d Faculty " % number)
    file = folder / f"edition_{number}.csv"
    file.write_bytes(rows)
    told = ("--institution", "bench", "--home", "TUR", "--by", "load", "--note", "made data", "--reason", "made data")
    weigh("pipelines", "--store", store, "accept", file, *told)


def main(asked: list[str]) -> None:
    """Runs the parts that were asked for, each ``name`` or ``name=minutes``, and keeps the table of each."""
    wanted = [name.partition("=") for name in asked or PARTS]
    with tempfile.TemporaryDirectory(prefix="meridian-soak-") as place:
        store = Path(place) / "store"
        subprocess.run([sys.executable, "-m", "pipelines", "--store", store, "demo"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        for name, _, minutes in wanted:
            title, work, own = PARTS[name]
            print(f"measuring: {name}", flush=True)
            print(write({title: (work(store, float(minutes or own)), [])}, TRUST), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
