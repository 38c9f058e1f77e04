"""The worker: a process of its own that takes jobs from a folder, tells how far it is, and may be killed at any moment."""

from __future__ import annotations

import os
import signal
import time
from types import SimpleNamespace

import pytest
from jobs import dismiss, here_and_now, workers

from pipelines.desk import worker
from pipelines.errors import MeridianError
from pipelines.store import Store


@pytest.fixture
def store(tmp_path):
    found = Store(tmp_path / "store")
    found.work.mkdir(parents=True)
    yield found
    dismiss(found)


def well(store, facts, by, tell):
    tell("read", 0.5)
    return {"told": facts["word"], "by": by}


def badly(store, facts, by, tell):
    raise MeridianError("H101", draft="x")


def broken(store, facts, by, tell):
    raise ValueError("secret of the inside")


@pytest.fixture
def inside(monkeypatch):
    """Jobs of this test, done in this process."""
    monkeypatch.setattr(worker, "JOBS", {name: f"{__name__}:{name}" for name in ("well", "badly", "broken")})
    here_and_now(monkeypatch)
    monkeypatch.setattr(worker, "_warm", lambda: None)


def test_a_job_is_done_and_its_result_is_kept(store, inside):
    job = worker.ask(store, "well", "editor", word="yes")
    assert worker.state(store, job).state == "waiting"
    worker.serve(store, idle=0.2)
    done = worker.state(store, job)
    assert (done.state, done.result) == ("done", {"told": "yes", "by": "editor"})


def test_jobs_are_done_in_the_order_in_which_they_were_asked(store, inside):
    jobs = [worker.ask(store, "well", "editor", word=str(number)) for number in range(5)]
    assert jobs == sorted(jobs)
    worker.serve(store, idle=0.2)
    assert [worker.state(store, job).result["told"] for job in jobs] == list("01234")


def test_an_expected_fault_is_told_in_both_languages(store, inside):
    job = worker.ask(store, "badly", "editor")
    worker.serve(store, idle=0.2)
    failed = worker.state(store, job)
    assert failed.state == "failed"
    assert failed.error["code"] == "H101"
    assert failed.error["tr"]["what"] != failed.error["what"]


def test_a_bug_is_a_number_for_the_person_and_the_worker_goes_on(store, inside, caplog):
    bug, next_one = worker.ask(store, "broken", "editor"), worker.ask(store, "well", "editor", word="after")
    worker.serve(store, idle=0.2)
    failed = worker.state(store, bug)
    assert failed.error["code"] == "H121"
    assert "secret" not in str(failed.error)
    assert "secret of the inside" in caplog.text
    assert worker.state(store, next_one).state == "done"


def test_a_job_that_was_begun_three_times_without_an_end_has_failed(store, inside):
    from dataclasses import replace

    job = worker.state(store, worker.ask(store, "well", "editor", word="x"))
    worker._put(store, replace(job, state="running", tries=worker.TRIES))
    worker.serve(store, idle=0.2)
    assert worker.state(store, job.id).error["code"] == "H120"


def test_a_job_that_was_begun_once_is_begun_anew(store, inside):
    from dataclasses import replace

    job = worker.state(store, worker.ask(store, "well", "editor", word="x"))
    worker._put(store, replace(job, state="running", tries=1))
    worker.serve(store, idle=0.2)
    assert worker.state(store, job.id).state == "done"


def test_a_worker_without_work_looks_ever_more_rarely_and_is_quick_again_after_some(store, inside, monkeypatch):
    clock, pauses = [100.0], []

    def sleep(seconds):
        pauses.append(seconds)
        clock[0] += seconds
        if len(pauses) == 40:
            worker.ask(store, "well", "editor", word="x")

    monkeypatch.setattr(worker, "time", SimpleNamespace(**vars(time) | {"monotonic": lambda: clock[0], "sleep": sleep}))
    worker.serve(store, idle=60)
    assert pauses[0] == pauses[40] == worker.TICK < pauses[39] < pauses[-1] == worker.SLOWEST
    assert len(pauses) < 60 / worker.TICK / 4


def test_an_unknown_kind_of_job_is_a_bug_of_the_caller(store):
    with pytest.raises(KeyError):
        worker.ask(store, "dance", "editor")


def test_a_real_worker_starts_by_itself_and_there_is_only_one(store):
    for _ in range(5):
        worker.start(store)
    job = worker.ask(store, "examine", "editor", draft="nothere")
    assert worker.wait(store, job, 60).error["code"] == "H101"
    assert len(workers(store)) == 1


def test_a_worker_that_a_large_process_starts_works_all_the_same(store):
    large = bytearray(worker.LARGEST + 2**27)
    large[::4096] = b"x" * len(large[::4096])  # a page that is not touched is not held
    job = worker.ask(store, "examine", "editor", draft="nothere")
    assert worker.wait(store, job, 60).error["code"] == "H101"


def test_a_killed_worker_is_replaced_and_its_job_is_done(store):
    worker.start(store)
    deadline = time.monotonic() + 30
    while not workers(store) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(workers(store)[0].pid, signal.SIGKILL)
    job = worker.ask(store, "examine", "editor", draft="nothere")
    assert worker.wait(store, job, 60).state == "failed"
