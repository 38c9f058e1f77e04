"""The worker: one process that does the heavy work, so that the web process stays quick. It takes jobs from a folder, one after another.

A job is a file in ``work/``; its state is a file beside it. A worker that dies leaves the job where it is, and the next one begins it
anew: every kind of job can be done twice. One that was begun ``TRIES`` times without an end has failed.

The web process starts one when there is work (``python -m pipelines.desk.worker STORE``); on a server it is a service of its own
(``python -m pipelines worker``, setting ``MERIDIAN_WORKER=service``), with limits of its own.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Event, Lock
from typing import Any, Literal
from uuid import uuid4

import psutil
from filelock import FileLock, Timeout

from pipelines import journal, log
from pipelines.errors import ROOT, MeridianError, Refused
from pipelines.publishing.fingerprint import canonical
from pipelines.settings import settings
from pipelines.store import Store

LOG = logging.getLogger("meridian.worker")
JOBS = {
    "examine": "pipelines.desk.handing:examine_job",
    "publish": "pipelines.desk.handing:publish_job",
    "undo": "pipelines.desk.history:undo_job",
    "restore": "pipelines.desk.history:restore_job",
    "names": "pipelines.desk.partners:names_job",
    "compare": "pipelines.desk.history:compare_job",
    "erase": "pipelines.desk.history:erase_job",
    "report": "pipelines.desk.taking:report_job",
    "mend": "pipelines.desk.mending:mend_job",
}
"""Kind of a job → who does it: ``function(store, facts, by, tell) -> result``."""
FAILED = "job_failed"
"""The event that a job which came to no good end leaves in the log."""
TRIES = 3
IDLE = 900.0
"""Seconds without work after which the worker ends; the next job starts another."""
TICK, SLOWEST = 0.05, 0.5
"""Seconds between two looks for work: the longer there was none, the rarer, so that an idle worker costs the processor next to nothing."""
KEPT = 24 * 3600
LARGEST = 700 * 2**20
"""Bytes of memory after which it ends between two jobs: what a large file took goes back to the system."""

Tell = Callable[[str, float], None]
State = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True)
class Job:
    """A job and how far it is. ``stage`` is a word of the pages, ``share`` 0 to 1; ``error`` the finding's sentences in both languages."""

    id: str
    kind: str
    by: str
    facts: dict[str, Any]
    state: State = "waiting"
    stage: str = ""
    share: float = 0.0
    tries: int = 0
    result: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] | None = None

    @property
    def over(self) -> bool:
        return self.state in ("done", "failed")

    @property
    def asked(self) -> float:
        """When it was asked for, in seconds of Unix time."""
        return int(self.id.partition("-")[0]) / 1e9


def ask(store: Store, kind: str, by: str, **facts: Any) -> str:
    """Puts a job into the queue and sees to it that somebody works; gives its id."""
    if kind not in JOBS:
        raise KeyError(kind)
    store.work.mkdir(parents=True, exist_ok=True)
    job = Job(f"{time.time_ns()}-{uuid4().hex[:6]}", kind, by, facts)
    _put(store, job)
    start(store)
    LOG.info("job asked for", extra={"job": job.id, "kind": kind, "person": by})
    return job.id


def state(store: Store, job: str) -> Job | None:
    """How far a job is; None for one that is not known (any more)."""
    try:
        return Job(**json.loads(_file(store, job).read_bytes()))
    except (FileNotFoundError, ValueError):
        return None


def jobs(store: Store) -> list[Job]:
    """Every job that is still known, the oldest first."""
    known = (state(store, path.stem) for path in sorted(store.work.glob("[0-9]*.json")))
    return [job for job in known if job]


def unattended(store: Store) -> float:
    """Seconds that the oldest job has waited while no worker is there; 0 where one is, or where nothing waits."""
    waiting = [job for job in jobs(store) if not job.over]
    return max(time.time() - waiting[0].asked, 0.0) if waiting and not _at_work(store) else 0.0


def wait(store: Store, job: str, seconds: float = 120.0) -> Job:
    """Waits for the end of a job, for the command line and for tests. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = state(store, job)
        if found and found.over:
            return found
        start(store)
        time.sleep(TICK)
    raise TimeoutError(job)


_children: list[subprocess.Popen[bytes]] = []
_starting = Lock()


def start(store: Store) -> None:
    """A worker for this store, unless one is there or the system starts it. Whoever comes second finds the lock taken and ends."""
    if settings().worker == "service":
        return
    with _starting:
        _children[:] = [child for child in _children if child.poll() is None]
        if _at_work(store):
            return
        store.work.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", __name__, str(store.path)]
        with (store.work / "worker.log").open("ab") as out:
            _children.append(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True))


def _at_work(store: Store) -> bool:
    """Whether a worker is there, or one of ours is just starting."""
    if any(child.args[-1] == str(store.path) for child in _children):  # type: ignore[index]
        return True
    lock = _lock(store)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # the folder is not there yet
        return False
    lock.release()
    return False


def _lock(store: Store) -> FileLock:
    return FileLock(store.work / ".worker.lock")


def serve(store: Store, idle: float = IDLE, patience: float = 2.0, over: Callable[[], bool] = lambda: False) -> None:
    """Works until there has been nothing to do for a while, or until it is told that it is ``over`` between two jobs.

    Where another worker is there it waits so many seconds (-1: as long as it takes) for its turn: whoever only looks whether somebody
    works holds the lock for a moment. Ends when it is too large.
    """
    store.work.mkdir(parents=True, exist_ok=True)
    try:
        with _lock(store).acquire(timeout=patience):
            _warm()
            last = time.monotonic()
            while time.monotonic() - last < idle and not _too_large() and not over():
                if job := _next(store):
                    _do(store, job)
                    last = time.monotonic()
                else:
                    time.sleep(min(max(TICK * (time.monotonic() - last), TICK), SLOWEST))
    except Timeout:
        return


def stay(store: Store) -> None:
    """The worker as a service: a signal to end lets it finish its job; when it has grown too large, the system starts it anew."""
    journal.begin(settings().log)
    told = Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda number, frame: told.set())
    serve(store, idle=float("inf"), patience=-1, over=told.is_set)


def forget(store: Store) -> None:
    """Removes what finished jobs have told and made: after an erasure nothing quotes a cell any more."""
    for path in store.work.glob("[0-9]*.json"):
        job = state(store, path.stem)
        if job and job.over:
            path.unlink(missing_ok=True)
    for path in store.made.glob("*"):
        path.unlink(missing_ok=True)


def _warm() -> None:
    """The import of Great Expectations takes seconds; here it happens before anybody waits for it."""
    from pipelines import check

    check.warm()


def _too_large() -> bool:
    """What it holds now. Its peak would not do: the system lets that begin with the peak of the process that started it."""
    return psutil.Process().memory_info().rss > LARGEST


def _next(store: Store) -> Job | None:
    """The oldest job that is not over; states that are a day old are swept away."""
    for path in sorted(store.work.glob("[0-9]*.json")):
        job = state(store, path.stem)
        if job and not job.over:
            return job
        if time.time() - path.stat().st_mtime > KEPT:
            path.unlink(missing_ok=True)
    return None


def _do(store: Store, job: Job) -> None:
    """One job to its end. An expected fault is the job's; anything else is a bug with a number, its traceback in the worker's journal."""
    journal.anew(job=job.id, kind=job.kind, person=job.by)
    began, tried = time.perf_counter(), replace(job, state="running", tries=job.tries + 1)
    try:
        if job.tries >= TRIES:
            raise MeridianError("H120", kind=job.kind)
        _put(store, tried)
        result = _function(JOBS[job.kind])(
            store, job.facts, job.by, lambda stage, share: _put(store, replace(tried, stage=stage, share=share))
        )
    except MeridianError as error:
        _end_badly(store, tried, error)
    except Exception as bug:
        number = uuid4().hex[:8]
        LOG.exception("a job broke", exc_info=bug, extra={"error": number})
        _end_badly(store, tried, MeridianError("H121", number=number))
    else:
        _put(store, replace(tried, state="done", share=1.0, result=result))
        LOG.info("job done", extra={"ms": round((time.perf_counter() - began) * 1000)})


def _end_badly(store: Store, job: Job, error: MeridianError) -> None:
    """The job tells why; the log of the store remembers it longer than the job lives, where it can still be written."""
    code = error.finding.code
    _put(store, _failed(job, error))
    LOG.warning("job failed", extra={"code": code})
    try:
        log.append(store, FAILED, job.by, job=job.id, work=job.kind, code=code)
    except MeridianError as unwritten:
        LOG.error("the log could not be written", extra={"code": unwritten.finding.code})


def _failed(job: Job, error: MeridianError) -> Job:
    findings = error.findings if isinstance(error, Refused) else [error.finding]
    told = error.finding.as_dict("en") | {"tr": error.finding.as_dict("tr"), "values": {k: str(v) for k, v in error.finding.values.items()}}
    return replace(job, state="failed", error=told | {"findings": len(findings)})


def _function(name: str) -> Callable[[Store, dict[str, Any], str, Tell], dict[str, Any]]:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def _file(store: Store, job: str) -> Path:
    return store.work / f"{job}.json"


def _put(store: Store, job: Job) -> None:
    """Whole or not at all; a state that a power cut takes back is begun anew, so nothing is synced here."""
    place = _file(store, job.id)
    arriving = place.with_name(f".{os.getpid()}-{place.name}")
    arriving.write_bytes(canonical(asdict(job)))
    arriving.replace(place)


if __name__ == "__main__":
    journal.begin(settings().log)
    serve(Store(Path(sys.argv[1])))
    os._exit(0)  # nothing is open; taking a hundred modules apart would only take time
