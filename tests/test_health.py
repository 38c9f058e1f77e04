"""How an installation is doing: each alarm fires on a store that has the fault, and is silent on the same store without it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from datetime import date

import pytest
from jobs import done, here_and_now
from prometheus_client.parser import text_string_to_metric_families
from shelf import hand_in, moved
from shown import closed, cookie, demo_store, serving  # noqa: F401 - fixtures
from wire import Wire, http

from pipelines import log
from pipelines.access import base, people, tokens
from pipelines.desk import handing, worker
from pipelines.errors import MeridianError
from pipelines.health import checks, figures, pulse
from pipelines.health.alarms import alarms, fired, written
from pipelines.publish import publish
from pipelines.store import Store

DAY = date(2025, 10, 1)


@pytest.fixture
def store(tmp_path):
    """One file, published."""
    found = Store(tmp_path / "store")
    hand_in(found, rows=[moved(2023, 5)])
    publish(found, "publisher", as_of=DAY, steps=())
    return found


@pytest.fixture
def later(monkeypatch):
    """A function that puts the clock on by seconds."""
    real = time.time
    return lambda seconds: monkeypatch.setattr(time, "time", lambda: real() + seconds)


def firing(store):
    """The alarms, apart from that of the machine's own disk, which may be full or not."""
    return {alarm.id for alarm in fired(figures.figures(store))} - {"disk"}


def beat(store, **told):
    known = {"process": "one-1", "at": time.time(), "runs": 0, "p50": None, "p95": None, "sessions": 0, "uploaded": 0, "rss": 1}
    pulse.beat(store, pulse.Pulse(**(known | told)))


# --- alarms -----------------------------------------------------------------------------------------------------------
def test_a_good_store_raises_no_alarm(store):
    beat(store, p95=1.9, uploaded=299_000_000)
    assert firing(store) == set()


def test_the_list_of_alarms_is_the_issues():
    assert {one.id for one in alarms()} == {"slow", "disk", "uploads", "sign_ins", "chain", "publish", "backup", "version", "worker"}
    for one in alarms():
        assert one.title.keys() == one.remedy.keys() == {"en", "tr"}


@pytest.mark.parametrize(("seconds", "alarm"), [(2.5, {"slow"}), (1.5, set())])
def test_pages_that_are_slow_for_minutes_raise_an_alarm_and_quick_ones_none(store, seconds, alarm):
    now = [1000.0]
    runs = pulse.Runs(lambda: now[0])
    for _ in range(19):
        runs.note(seconds)
    assert pulse.quantile(runs.lately(), 0.95) is None, "a handful of runs says nothing"
    runs.note(seconds)
    beat(store, p95=pulse.quantile(runs.lately(), 0.95))
    assert firing(store) == alarm
    now[0] += pulse.WINDOW + 1
    assert runs.lately() == []


def test_the_quantile_is_the_smallest_run_time_that_so_many_runs_do_not_exceed():
    ordered = [float(n) for n in range(1, 101)]
    assert (pulse.quantile(ordered, 0.5), pulse.quantile(ordered, 0.95), pulse.quantile(ordered, 1.0)) == (50.0, 95.0, 100.0)


def test_uploads_that_fill_the_memory_of_all_processes_together_raise_an_alarm(store):
    beat(store, process="one-1", uploaded=200_000_000)
    assert firing(store) == set()
    beat(store, process="two-1", uploaded=101_000_000)
    assert firing(store) == {"uploads"}
    beat(store, process="two-1", uploaded=101_000_000, at=time.time() - pulse.SILENT - 1)
    assert firing(store) == set(), "a process that is gone holds nothing"


def test_more_than_twenty_refused_sign_ins_in_ten_minutes_raise_an_alarm(store, later):
    for number in range(20):
        with pytest.raises(MeridianError):
            people.check(store, f"guess{number}", "x", f"203.0.113.{number}")
    assert firing(store) == set()
    with pytest.raises(MeridianError):
        people.check(store, "guess20", "x", "203.0.113.20")
    assert firing(store) == {"sign_ins"}
    assert figures.refused(store) == {"P102": 21}
    later(figures.SIGN_INS + 1)
    assert firing(store) == set()


def test_a_log_that_was_edited_raises_an_alarm(store):
    whole = store.log_file.read_bytes()
    assert firing(store) == set()
    store.log_file.chmod(0o640)
    store.log_file.write_bytes(whole.replace(b'"by":"publisher"', b'"by":"punisher_"', 1))
    assert "chain" in firing(store)
    store.log_file.write_bytes(whole)
    assert firing(store) == set()


def test_a_version_whose_bytes_changed_raises_an_alarm(store):
    assert firing(store) == set()
    path = store.versions / store.current().file
    whole = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert firing(store) == {"version"}
    path.write_bytes(whole)
    assert firing(store) == set()
    path.unlink()
    assert firing(store) == {"version"}


def test_a_publication_that_failed_raises_an_alarm_until_one_works(store, monkeypatch):
    here_and_now(monkeypatch)
    monkeypatch.setattr(worker, "_warm", lambda: None)
    hand_in(store, rows=[moved(2024, 6)], name="second.csv")
    publish(store, "publisher", as_of=DAY, steps=())
    tidy = next(path for path in (store.path / "tidy").iterdir() if path.name.startswith(log.events(store)[0].facts["file"]))
    kept = tidy.read_bytes()
    tidy.unlink()
    worker.ask(store, "undo", "approver", no=1, seen=2, reason="wrong file")
    done(store)
    assert firing(store) == {"publish"}
    assert [event.facts["code"] for event in figures.failures(store)] == ["S107"]
    tidy.write_bytes(kept)
    publish(store, "publisher", as_of=DAY, steps=())
    assert firing(store) == set()


def test_what_a_person_is_asked_for_is_no_failed_publication(store, monkeypatch):
    here_and_now(monkeypatch)
    monkeypatch.setattr(worker, "_warm", lambda: None)
    worker.ask(store, "publish", "editor", draft="gone", reason="x")
    done(store)
    assert figures.refused(store) == {"H101": 1}
    assert firing(store) == set()


def test_a_backup_older_than_26_hours_raises_an_alarm_and_a_fresh_one_none(store, later):
    later(25 * 3600)
    assert firing(store) == set()
    later(27 * 3600)
    assert firing(store) == {"backup"}
    later(0)
    log.append(store, checks.BACKED_UP, "system", files=1)
    later(25 * 3600)
    assert firing(store) == set()
    later(27 * 3600)
    assert firing(store) == {"backup"}


def test_work_that_waits_without_a_worker_raises_an_alarm(store, monkeypatch, later):
    here_and_now(monkeypatch)
    worker.ask(store, "publish", "editor", draft="x", reason="y")
    assert firing(store) == set()
    later(90)
    assert firing(store) == {"worker"}
    with worker._lock(store).acquire():
        assert firing(store) == set(), "somebody works"


def test_a_full_disk_raises_an_alarm(tmp_path, store):
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("a disk of its own can be mounted by root only")
    try:
        shutil.copytree(store.path, place / "store")
        small = Store(place / "store")
        assert "disk" not in {one.id for one in fired(figures.figures(small))}
        assert "O101" in {one.why.code for one in checks.checks(small) if one.why}, "8 MB are less than 2 GB"
        (place / "fill").write_bytes(b"x" * int(checks.disk(small)[0] * 0.95))
        assert "disk" in {one.id for one in fired(figures.figures(small))}
    finally:
        subprocess.run(["umount", "-l", place], check=True)  # our handles on its version stay open until the end


def test_a_figure_is_written_as_people_write_it():
    assert [written(*told) for told in ((93600.0, "seconds"), (0.25, "seconds"), (3.1e8, "bytes"), (0.08, "share"), (None, "count"))] == [
        "26 h", "0.25 s", "310.0 MB", "8%", "–",
    ]  # fmt: skip
    assert written(300.0, "seconds", "tr") == "5 dk"


# --- the command ------------------------------------------------------------------------------------------------------
def test_the_command_ends_with_1_where_somebody_has_to_come_and_with_0_elsewhere(store, command, monkeypatch):
    monkeypatch.setattr(checks, "disk", lambda _: (50 * 10**9, 100 * 10**9))
    good = command("--store", store.path, "health")
    assert (good.code, good.out.splitlines()[0]) == (0, "Everything is in order.")
    (store.versions / store.current().file).unlink()
    bad = command("--store", store.path, "health", "--json", "--lang", "tr")
    told = json.loads(bad.out)
    assert bad.code == 1 and list(told["alarms"]) == ["version"]
    assert "rebuild" in told["alarms"]["version"]["remedy"] and "bozuk" in told["alarms"]["version"]["what"]


def test_looking_makes_nothing(tmp_path, command):
    assert command("--store", tmp_path / "none", "health").code == 1
    assert not (tmp_path / "none").exists()


# --- what was refused -------------------------------------------------------------------------------------------------
@pytest.fixture
def refused(demo_store, tmp_path, monkeypatch):  # noqa: F811
    """A store of an office with one file that is none."""
    found = closed(demo_store, tmp_path / "refused")
    here_and_now(monkeypatch)
    monkeypatch.setattr(worker, "_warm", lambda: None)
    handing.begin(people.person(found, "demo-editor"), found, "demo", "mobility", "empty.csv", b"")
    done(found)
    return found


def test_a_refused_upload_is_counted_by_its_code_once(refused):
    assert figures.refused(refused) == {"E101": 1}
    draft = next(event.facts["draft"] for event in log.events(refused) if event.kind == "refused")
    worker.ask(refused, "examine", "demo-editor", draft=draft)
    done(refused)
    assert figures.refused(refused) == {"E101": 1}


def test_the_page_of_the_administrator_shows_it_and_nobody_elses_does(refused, tmp_path):
    journal = tmp_path / "journal"
    with serving(refused.path, journal=journal) as address:
        jar = cookie(address, "demo-administrator")
        with Wire(address, jar) as wire:
            shown = wire.ask("health", "institution=demo&lang=en").text
        assert "E101" in shown and "The file is empty." in shown and "What it must be able to do" in shown
        with Wire(address, cookie(address, "demo-approver")) as wire:
            assert "E101" not in wire.ask("health", "institution=demo&lang=en").text
        _machines_are_told(address, refused, jar, journal)


def _machines_are_told(address, store, jar, journal):
    """On the same server: /metrics, ids of requests, /ready; starting another one would take its seconds."""
    status, _, body = http(address, "/metrics")
    known = {one.name: one for one in text_string_to_metric_families(body.decode())}
    assert status == 200
    assert {f"meridian_{name}" for name in ("publication_number", "disk_free_bytes", "log_faults", "uploaded_bytes")} <= known.keys()
    counts = {one.labels["page"]: one.value for one in known["meridian_run_seconds"].samples if one.name.endswith("_count")}
    assert counts == {"health": 1, "overview": 1}, "an approver who asks for it sees the first page"
    assert {one.labels["id"] for one in known["meridian_alarm"].samples} == {alarm.id for alarm in alarms()}
    assert [(one.labels["code"], one.value) for one in known["meridian_refused_month"].samples] == [("E101", 1.0)]
    assert known["process_resident_memory_bytes"].samples[0].value > 1e7

    assert http(address, "/metrics", X_Forwarded_For="203.0.113.5")[0] == 404
    assert http(address, "/metrics", jar, X_Forwarded_For="203.0.113.5")[0] == 404
    chief = people.person(store, "demo-administrator")
    token, other = (tokens.issue(store, chief, name) for name in ("metrics", "analyst"))
    assert http(address, "/metrics", X_Forwarded_For="203.0.113.5", Authorization=f"Bearer {token}")[0] == 200
    assert http(address, "/metrics", X_Forwarded_For="203.0.113.5", Authorization=f"Bearer {other}")[0] == 404

    answer = http(address, "/nowhere%0a%7Bforged", jar, X_Request_ID="abcdef12-3456", X_Forwarded_For="203.0.113.5", Accept="text/html")
    assert answer[1]["x-request-id"] == "abcdef12-3456"
    lines = _lines(journal, "abcdef12-3456")
    (line,) = [one for one in lines if one.get("request_id") == "abcdef12-3456"]
    assert (line["path"], line["person"]) == ("/nowhere\\u000a{forged", "demo-administrator")
    text = journal.read_text(encoding="utf-8")
    assert not [word for word in (jar.partition("=")[2], token, "meridian-demo", "empty.csv") if word in text]
    shown = next(one for one in lines if one["message"] == "page shown" and one.get("person") == "demo-administrator")
    assert any(one["message"] == "socket closed" and one["request_id"] == shown["request_id"] for one in lines)

    good = {"opens": True, "digest": True, "log": True, "backup": True, "code": True}
    status, _, body = http(address, "/ready")
    told = json.loads(body)
    assert (status, told["ready"], told["publication"]) == (200, True, 1)
    assert {name: told["checks"][name] for name in good} == good
    assert told.keys() == {"ready", "publication", "checks"}, "strangers learn nothing of the inside"
    whole = store.pointer.read_bytes()
    store.pointer.write_bytes(whole.replace(store.current().digest.encode(), b"0" * 64, 1))
    status, _, body = http(address, "/ready")
    assert (status, json.loads(body)["checks"]["digest"]) == (503, False)
    store.pointer.write_bytes(whole)
    assert http(address, "/ready")[0] == 200


def _lines(journal, request):
    """The journal's lines, once it tells of a request: it does so when the answer is on its way."""
    for _ in range(100):
        text = journal.read_text(encoding="utf-8")
        if request in text:
            break
        time.sleep(0.05)
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


# --- checks -----------------------------------------------------------------------------------------------------------
def test_a_store_of_another_version_of_the_code_says_that_a_rebuild_is_due_and_stays_ready(store, monkeypatch):
    assert {one.name: one.ok for one in checks.checks(store)}["code"]
    monkeypatch.setattr(checks, "product_version", lambda: "9.9.9+other")
    found = {one.name: one for one in checks.checks(store)}
    assert "rebuild" in found["code"].why.say("remedy")
    assert checks.ready([*found.values()])


def test_a_log_that_lost_its_end_is_not_ready(store):
    assert checks.ready(checks.checks(store))
    lines = store.log_file.read_bytes().splitlines(keepends=True)
    store.log_file.write_bytes(b"")
    assert {one.name: one.why.code for one in checks.checks(store) if one.needed and one.why} == {"log": "S116"}
    store.log_file.write_bytes(b"".join(lines))
    assert checks.ready(checks.checks(store))


def test_an_empty_store_is_not_ready(tmp_path):
    found = checks.checks(Store(tmp_path))
    assert {one.name for one in found if one.needed and not one.ok} == {"opens", "digest"}


def test_who_is_signed_in_is_counted_once(store):
    from pipelines.access import sessions

    people.add(store, "test", "ali", "Ali", "viewer", password="a good long word")
    for _ in range(2):
        sessions.open_session(store, "ali", "::1", "password")
    assert figures.figures(store)["people_signed_in"] == 1
    with base.change(store) as connection:
        connection.execute("update sessions set seen = seen - 3000")
    assert figures.figures(store)["people_signed_in"] == 0
