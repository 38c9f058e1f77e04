"""Jobs in a test: done here and now, or in a process that is killed at a moment."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress

import psutil

from pipelines.desk import worker


def workers(store) -> list[psutil.Process]:
    """The worker processes of a store."""
    told = ((process, process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
    return [process for process, command in told if command[-2:] == [worker.__name__, str(store.path)]]


def dismiss(store) -> None:
    """Ends the workers of a store, which stay for as long as there might be work."""
    for process in workers(store):
        with suppress(psutil.NoSuchProcess):
            process.kill()
            process.wait(20)


def here_and_now(monkeypatch) -> None:
    """No process beside this one takes the jobs; ``worker.serve`` does them here, however large other tests have made this process."""
    monkeypatch.setattr(worker, "start", lambda store: None)
    monkeypatch.setattr(worker, "LARGEST", 1 << 40)


def done(store) -> None:
    """Does every job that waits."""
    worker.serve(store, idle=0.0)
    while any(not worker.state(store, one.stem).over for one in store.work.glob("[0-9]*.json")):
        worker.serve(store, idle=0.01)


def moments(seed, times, earliest, latest):
    """The same moments in each run, spread over the work: (turn, seconds)."""
    return [(turn, random.Random(f"{seed} {turn}").uniform(earliest, latest)) for turn in range(times)]


def killed(work, seconds):
    """Runs ``work(acknowledge)`` in a forked process and kills it; gives what it acknowledged."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            work(lambda said: os.write(writing, json.dumps(said).encode() + b"\n"))
        finally:
            sys.stderr.flush()
            os._exit(1)
    os.close(writing)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL, "the work ended by itself, before it was killed"
    with os.fdopen(reading, "rb") as file:
        return [json.loads(line) for line in file if line.endswith(b"\n")]
