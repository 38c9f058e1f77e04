"""What is counted of an installation, from its store and from the pulses of its web processes. Missing is not zero: it is None.

Reading the whole log, or hashing the version on air, is done when these files have changed, not each time somebody asks.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from pipelines import log
from pipelines.access import sessions
from pipelines.desk import worker
from pipelines.errors import Finding, MeridianError
from pipelines.health import checks, pulse
from pipelines.log import Event
from pipelines.store import Current, Store

Figures = dict[str, float | None]
FIGURES = {
    "publication_number": "Number of the publication on air",
    "publication_age_seconds": "Seconds since it was put on air",
    "data_age_seconds": "Seconds since a file was last accepted",
    "build_seconds": "Seconds that building the last publication took",
    "publications_failed": "Publications that failed since the last one that was put on air",
    "disk_free_bytes": "Bytes free on the disk of the store",
    "disk_free_ratio": "Share of that disk that is free, 0 to 1",
    "backup_age_seconds": "Seconds since the newest backup; where there is none, since the store began",
    "log_faults": "Faults in the chain of the log",
    "version_faults": "Faults of the pointer and of the version on air",
    "sign_ins_failed": "Sign-ins refused in the last ten minutes",
    "people_signed_in": "People with a session that has not ended",
    "jobs_waiting": "Jobs of the worker that are not over",
    "jobs_unattended_seconds": "Seconds that the oldest job has waited while no worker is there",
    "web_processes": "Web processes that told of themselves within a minute",
    "browsers": "Browsers connected to them",
    "uploaded_bytes": "Bytes of uploaded files that they hold in memory",
    "runs_recent": "Runs of pages in the last five minutes",
    "run_seconds_p50": "Run time of a page over five minutes that half of all runs stay below, in the slowest web process",
    "run_seconds_p95": "Run time of a page over five minutes that 95 of 100 runs stay below, in the slowest web process",
}
"""Name → what it is. ``/metrics`` puts "meridian_" before the name."""
SIGN_INS = 600.0
"""Seconds over which refused sign-ins are counted."""
MONTH = 30 * 86400.0
PUBLISHING = frozenset({"publish", "undo", "restore", "names", "erase"})
"""Jobs that end in a publication."""
TOLD = ("H1", "P1")
"""How codes begin that tell a person what to do first; nothing is broken then. ``BROKEN`` are those among them that do say so."""
BROKEN = frozenset({"H120", "H121"})


def figures(store: Store) -> Figures:
    """Every figure of ``FIGURES``."""
    return _publication(store) | _store(store) | _people(store) | _jobs(store) | _processes(pulse.heard(store))


def since(store: Store, seconds: float, *kinds: str) -> list[Event]:
    """Events of these kinds within the last seconds, the newest first."""
    earliest, found = datetime.fromtimestamp(time.time() - seconds, UTC), []
    for event in reversed(checks.events(store)):
        if datetime.fromisoformat(event.at) < earliest:
            break
        if event.kind in kinds:
            found.append(event)
    return found


def refused(store: Store, seconds: float = MONTH) -> dict[str, int]:
    """Code → how often it kept something out: files (each once), sign-ins, jobs. The most frequent first."""
    files: defaultdict[str, set[str]] = defaultdict(set)
    counted: Counter[str] = Counter()
    for event in since(store, seconds, "refused", "sign_in_refused", worker.FAILED):
        if event.kind == "refused":
            for code in event.facts["codes"]:
                files[code].add(event.facts["draft"])
        else:
            counted[event.facts.get("code") or "P102"] += 1
    counted.update({code: len(drafts) for code, drafts in files.items()})
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def failures(store: Store) -> list[Event]:
    """Publications that failed, though nobody was asked for anything, since the last one that worked; the newest first."""
    found = []
    for event in reversed(checks.events(store)):
        if event.kind in ("published", "rebuilt"):
            break
        if event.kind == worker.FAILED and event.facts["work"] in PUBLISHING and _is_broken(event.facts["code"]):
            found.append(event)
    return found


def log_faults(store: Store) -> list[Finding]:
    """What is wrong with the chain of the log: all of it is read when the file has changed."""
    return _known("log", store.log_file, lambda: [one for one in log.verify(store) if one.severity == "error"])


def version_faults(store: Store) -> list[Finding]:
    """What is wrong with the version on air, by its bytes: they are read when the file, or the pointer, has changed."""
    from pipelines.publish import on_air  # with all that publishing imports, which no page waits for

    current = current_of(store)
    path = store.versions / current.file if current else store.pointer
    return _known(f"version {_stamp(store.pointer)}", path, lambda: [one for one in on_air(store) if one.severity == "error"])


def current_of(store: Store) -> Current | None:
    """The pointer; None where there is none, or where it cannot be read."""
    try:
        return store.current()
    except MeridianError:
        return None


def _is_broken(code: str) -> bool:
    return code in BROKEN or not code.startswith(TOLD)


def _publication(store: Store) -> Figures:
    current = current_of(store)
    published = next((event for event in reversed(checks.events(store)) if event.kind == "published"), None)
    accepted = next((event for event in reversed(checks.events(store)) if event.kind == "accepted"), None)
    return {
        "publication_number": current.no if current else None,
        "publication_age_seconds": _age(published.at) if published else None,
        "data_age_seconds": _age(accepted.at) if accepted else None,
        "build_seconds": published.facts.get("seconds") if published else None,
        "publications_failed": len(failures(store)),
    }


def _store(store: Store) -> Figures:
    free, total = checks.disk(store)
    return {
        "disk_free_bytes": free,
        "disk_free_ratio": free / total,
        "backup_age_seconds": checks.backup_age(store),
        "log_faults": len(log_faults(store)),
        "version_faults": len(version_faults(store)),
    }


def _people(store: Store) -> Figures:
    return {"sign_ins_failed": len(since(store, SIGN_INS, "sign_in_refused")), "people_signed_in": sessions.alive(store)}


def _jobs(store: Store) -> Figures:
    waiting = sum(not job.over for job in worker.jobs(store))
    return {"jobs_waiting": waiting, "jobs_unattended_seconds": worker.unattended(store)}


def _processes(found: list[pulse.Pulse]) -> Figures:
    def slowest(times: list[float | None]) -> float | None:
        return max((seconds for seconds in times if seconds is not None), default=None)

    return {
        "web_processes": len(found),
        "browsers": sum(one.sessions for one in found) if found else None,
        "uploaded_bytes": sum(one.uploaded for one in found) if found else None,
        "runs_recent": sum(one.runs for one in found) if found else None,
        "run_seconds_p50": slowest([one.p50 for one in found]),
        "run_seconds_p95": slowest([one.p95 for one in found]),
    }


def _age(moment: str | date) -> float:
    return time.time() - datetime.fromisoformat(str(moment)).timestamp()


_looked: dict[tuple[str, Path], tuple[Any, list[Finding]]] = {}
_lock = Lock()


def _known(what: str, path: Path, look: Callable[[], list[Finding]]) -> list[Finding]:
    """What a look at a file found, as long as the file has not changed since."""
    stamp, key = _stamp(path), (what.partition(" ")[0], path)
    with _lock:
        if key not in _looked or _looked[key][0] != (what, stamp):
            _looked[key] = ((what, stamp), look())
        return _looked[key][1]


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    return told.st_mtime_ns, told.st_ino, told.st_size
