"""Two people at the same moment, and processes that are killed: exactly one wins, nothing accepted is lost, nothing half appears."""

from __future__ import annotations

import os
import time
from functools import partial

import pytest
from jobs import here_and_now, killed, moments
from test_handing import EDITOR, sheet

from pipelines import log, path
from pipelines.desk import drafts, handing, worker
from pipelines.errors import MeridianError
from pipelines.publish import publish
from pipelines.publishing import publications
from pipelines.publishing.verify import verify
from pipelines.store import Store

HARMLESS = {"S115", "S117", "S122", "S140"}
LEADS = (0, 0.001, -0.001, 0.004, -0.004, 0.02, -0.02)  # seconds; started as one, on a small machine the same one always wins


@pytest.fixture(scope="module", autouse=True)
def checker():
    from pipelines import check

    check.warm()


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store whose publications are built of rows alone: what is raced for is the slot, not the indicators."""
    here_and_now(monkeypatch)
    monkeypatch.setattr(handing, "put_on_air", partial(publish, steps=()))
    found = Store(tmp_path / "store")
    found.work.mkdir(parents=True)
    return found


def ready(store, people, year, name):
    """A draft that was looked at and may be published."""
    draft = handing.begin(EDITOR, store, "demo", "mobility", name, sheet((year, "Almanya", people)), year=year)
    handing.examine_job(store, {"draft": draft.id}, "editor", lambda stage, share: None)
    return drafts.load(store, draft.id)


def forked(work):
    """Runs ``work`` in a process of its own; gives its pid."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


@pytest.mark.fault("F11", full=100, short=30)
def test_of_two_who_publish_into_one_slot_at_once_exactly_one_wins(store, monkeypatch, tmp_path, rounds):
    """Great Expectations is no part of the race: the file was checked before, and is read and tidied anew here."""
    monkeypatch.setattr(path, "_check", lambda *_: None)
    won = []
    for turn in range(rounds):
        if turn % 10 == 0:
            store = Store(tmp_path / str(turn))  # a short list of files: the race is for the slot, not for the size of a store
            store.work.mkdir(parents=True)
        pair = [looked_at(store, f"{name}-{turn}.csv", 3 * turn + number) for number, name in enumerate("ab", 1)]
        known = len(log.events(store))
        go = time.monotonic() + 0.05
        starts = (go, go + LEADS[turn % len(LEADS)])
        pids = [forked(partial(race, store, one, start)) for one, start in zip(pair, starts, strict=True)]
        for pid in pids:
            os.waitpid(pid, 0)
        fresh = [event for event in log.events(store)[known:] if event.kind == "accepted"]
        assert len(fresh) == 1
        assert sorted(drafts.load(store, one.id).stage for one in pair) == ["open", "published"]
        won.append(fresh[0].facts["name"][0])
    assert len(won) == rounds
    assert set(won) == {"a", "b"}, "each of the two wins now and then"
    assert {finding.code for finding in verify(store)} <= HARMLESS


def looked_at(store, name, people):
    """A draft as it is when its page has shown who holds the slot."""
    draft = drafts.create(store, "editor", name, sheet((2024, "Almanya", people)), institution="demo", source="mobility", year=2024)
    holders = [event.no for event in publications.standing(log.events(store)).values()][-1:]
    drafts.put_examined(store, draft, {"holders": holders})
    return draft


def race(store, draft, start):
    time.sleep(max(0, start - time.monotonic()))
    try:
        handing.publish_job(store, {"draft": draft.id, "reason": "race"}, "editor", lambda stage, share: None)
    except MeridianError as late:
        assert late.finding.code == "H110"


@pytest.mark.fault("F2", full=100, short=25)
def test_a_draft_whose_upload_was_acknowledged_is_whole_whenever_the_web_process_is_killed(store, rounds):
    data = sheet(*((2024, "Almanya", number) for number in range(1, 400)))
    acknowledged = []

    def hand_in(acknowledge):
        for number in range(100_000):
            draft = handing.begin(EDITOR, store, "demo", "mobility", f"{number}.csv", data, year=2024)
            acknowledge([draft.id, draft.job])

    for _, seconds in moments("web", rounds, 0.01, 0.12):
        acknowledged += killed(hand_in, seconds)
    assert acknowledged
    for draft, job in acknowledged:
        kept = drafts.load(store, draft)
        assert drafts.given(store, kept).read_bytes() == data
        assert worker.state(store, job) is not None
    whole = {draft for draft, _ in acknowledged}
    assert all(drafts.given(store, one).read_bytes() == data for one in drafts.listing(store) if one.id in whole or one.files)
    assert [event for event in log.events(store) if event.kind == "accepted"] == []


@pytest.mark.fault("F1", full=50, short=15)
def test_nothing_accepted_is_lost_and_nothing_is_published_twice_whenever_the_worker_is_killed(store, rounds):
    waiting = [ready(store, number + 1, 1996 + 2 * number, f"{number}.csv") for number in range(12)]  # no year beside another: no question
    jobs = [worker.ask(store, "publish", "editor", draft=one.id, reason="killed") for one in waiting]

    def serve(acknowledge):
        acknowledge("begun")
        worker.serve(store, idle=60)

    for _, seconds in moments("worker", rounds, 0.05, 0.9):
        killed(serve, seconds)
        known = log.events(store)  # the chain holds
        drafts_accepted = [event.facts["draft"] for event in publications.standing(known).values()]
        assert len(drafts_accepted) == len(set(drafts_accepted)), "accepted twice"
        current = store.current()
        if current:
            assert (store.versions / current.file).is_file()
    for job in jobs:  # a job that was killed three times has failed by its rule; here it is asked anew
        if worker.state(store, job).state != "done":
            worker.ask(store, "publish", "editor", draft=worker.state(store, job).facts["draft"], reason="again")
    worker.serve(store, idle=0.5)
    assert [drafts.load(store, one.id).stage for one in waiting] == ["published"] * len(waiting)
    accepted = [event.facts["draft"] for event in publications.standing(log.events(store)).values()]
    assert sorted(accepted) == sorted(one.id for one in waiting)
    assert {finding.code for finding in verify(store)} <= HARMLESS


def test_the_kill_does_fall_into_the_work(store):
    """The twin: without a kill the same worker gets further."""
    one = ready(store, 3, 2024, "a.csv")
    job = worker.ask(store, "publish", "editor", draft=one.id, reason="in peace")
    killed(lambda acknowledge: worker.serve(store, idle=60), 0.02)
    assert worker.state(store, job).state != "done"
    worker.serve(store, idle=0.2)
    assert worker.state(store, job).state == "done"
