"""The pulse: each web process writes down every few seconds how it is doing, so that any other process, and the command line, can tell.

Web processes know nothing of each other; a file of a few numbers in the store's folder of work is all that they share.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from pipelines.publishing.fingerprint import canonical
from pipelines.store import Store

EVERY = 15.0
"""Seconds between two beats."""
SILENT = 4 * EVERY
"""Seconds without a beat after which a process counts as gone."""
WINDOW = 300.0
"""Seconds over which run times are told."""
LEAST = 20
"""Runs below which their quantiles say nothing: the first page after a start is always slow."""
Seconds = float


class Runs:
    """Run times of pages in this process over the last ``WINDOW`` seconds; for any number of threads."""

    def __init__(self, clock: Callable[[], Seconds] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._runs: deque[tuple[Seconds, Seconds]] = deque(maxlen=50_000)

    def note(self, seconds: Seconds) -> None:
        """A run that has just ended."""
        with self._lock:
            self._runs.append((self._clock(), seconds))

    def lately(self) -> list[Seconds]:
        """The run times of the window, the shortest first."""
        with self._lock:
            while self._runs and self._runs[0][0] < self._clock() - WINDOW:
                self._runs.popleft()
            return sorted(seconds for _, seconds in self._runs)


def quantile(ordered: list[Seconds], share: float) -> Seconds | None:
    """The smallest run time that ``share`` of all runs do not exceed; None below ``LEAST`` runs."""
    return ordered[max(-int(-len(ordered) * share // 1), 1) - 1] if len(ordered) >= LEAST else None


@dataclass(frozen=True)
class Pulse:
    """A web process at a moment: seconds (Unix time, run times) and bytes. ``runs`` are those of the window."""

    process: str
    at: Seconds
    runs: int
    p50: Seconds | None
    p95: Seconds | None
    sessions: int
    uploaded: int
    rss: int


def process() -> str:
    """What this process is called: its machine (or container) and number."""
    return f"{socket.gethostname()}-{os.getpid()}"


def beat(store: Store, pulse: Pulse) -> None:
    """Writes one down, whole or not at all; sweeps away processes that have been silent for a day."""
    place = _folder(store)
    place.mkdir(parents=True, exist_ok=True)
    arriving = place / f".{pulse.process}"
    arriving.write_bytes(canonical(asdict(pulse)))
    arriving.replace(place / f"{pulse.process}.json")
    for path in place.glob("*.json"):
        if time.time() - path.stat().st_mtime > 86400:
            path.unlink(missing_ok=True)


def end(store: Store) -> None:
    """This process says that it goes."""
    (_folder(store) / f"{process()}.json").unlink(missing_ok=True)


def heard(store: Store) -> list[Pulse]:
    """The web processes that are there, by name."""
    found = (_read(path) for path in sorted(_folder(store).glob("*.json")))
    return [pulse for pulse in found if pulse and time.time() - pulse.at < SILENT]


def _read(path: Path) -> Pulse | None:
    try:
        return Pulse(**json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):  # it went meanwhile, or another version of us wrote it
        return None


def _folder(store: Store) -> Path:
    return store.work / "pulses"
