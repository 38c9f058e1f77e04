"""Backup and restore: an empty folder becomes the same store again, a damaged backup is refused, and the target is never written over."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from shelf import hand_in, moved
from zoo_tables import MOBILITY, as_csv, written

from pipelines import log
from pipelines.access import people, sessions
from pipelines.access.demo import PASSWORD
from pipelines.access.person import Person
from pipelines.backup.make import backup
from pipelines.backup.restore import restore
from pipelines.backup.vault import Manifest, Vault
from pipelines.desk import drafts, evidence
from pipelines.errors import MeridianError
from pipelines.frameworks import Section
from pipelines.publish import erase, verify
from pipelines.store import Store
from pipelines.warehouse import open_version

ADMIN = Person("root", "Root", "administrator")
OWN = "three quiet harbour lamps"
HERE = Section("demo", "yokak", "A.5.1")


@pytest.fixture
def small(tmp_path):
    """A store with an account, a note beside the log, a draft and a piece of evidence; nothing is on air."""
    store = Store(tmp_path / "store")
    people.add(store, people.SYSTEM, "ada", "Ada", "editor", password=OWN)
    log.append(store, "noted", "ada", {"text": "beside the log"})
    drafts.create(store, "ada", "stays.csv", b"a;b\n1;2\n", institution="demo", source="mobility", year=2024)
    evidence.attach_file(ADMIN, store, HERE, "Minutes", "minutes.txt", b"what was decided")
    return store


def refused(work, *told, **more):
    with pytest.raises(MeridianError) as fault:
        work(*told, **more)
    return fault.value.finding


def held(target: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a vault but its log and lock: bytes and when they were last changed."""
    found = {path.relative_to(target).as_posix(): path for path in target.rglob("*") if path.is_file()}
    return {name: (path.read_bytes(), path.stat().st_mtime_ns) for name, path in found.items() if name not in ("log/events.jsonl", ".lock")}


def test_the_demo_comes_back_into_an_empty_folder_with_the_same_digest_accounts_evidence_and_drafts(demo_store, tmp_path, command):
    shutil.copytree(demo_store, tmp_path / "store")
    store, back = Store(tmp_path / "store"), Store(tmp_path / "back")
    draft = drafts.create(store, "demo-editor", "half.csv", b"half done", institution="demo", source="mobility", year=2024)
    token = sessions.open_session(store, "demo-editor", "127.0.0.1", "password")
    before = store.current()

    assert command("--store", store.path, "backup", tmp_path / "vault").code == 0
    done = command("--store", back.path, "restore", tmp_path / "vault")

    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == f"on air: no. 1, digest {before.digest}, as it was"
    assert (back.current().no, back.current().digest) == (before.no, before.digest)
    assert [one for one in verify(back) + evidence.verify(back) if one.severity == "error"] == []
    assert not list((tmp_path / "vault").rglob("*.duckdb"))
    assert people.check(back, "demo-editor", PASSWORD, "127.0.0.1").role == "editor"
    assert drafts.given(back, drafts.load(back, draft.id)).read_bytes() == b"half done"
    (item,) = [one for one in evidence.items(store, "demo", "yokak") if one.digest]
    assert evidence.content(back, item) == evidence.content(store, item)
    assert sessions.person_of(store, token) and sessions.person_of(back, token) is None
    count = "select count(*), sum(value) from board.indicator_values"
    assert open_version(back.path).query(count) == open_version(store.path).query(count)
    assert [event.kind for event in log.events(back)][-2:] == ["recovered", "rebuilt"]


def test_what_is_accepted_and_waits_is_published_after_a_restore(tmp_path, command):
    store = tmp_path / "store"
    assert command("--store", store, "accept", written(tmp_path, as_csv(MOBILITY)), "--by", "office", "--no-publish").code == 0
    assert command("--store", store, "backup", tmp_path / "vault").code == 0
    assert command("--store", tmp_path / "back", "restore", tmp_path / "vault").out.endswith("nothing was on air\n")
    assert command("--store", tmp_path / "back", "publish", "--by", "office").out.startswith("published no. 1: 1 files")


def test_a_second_backup_copies_what_is_new_and_writes_over_nothing(small, tmp_path):
    target = tmp_path / "vault"
    backup(small, target)
    first, grown = held(target), (target / "log" / "events.jsonl").read_bytes()
    evidence.attach_file(ADMIN, small, HERE, "More", "more.txt", b"more")
    done = backup(small, target)
    assert done.files == 2  # the evidence, and its title beside the log
    assert {name: told for name, told in held(target).items() if name in first} == first
    assert (target / "log" / "events.jsonl").read_bytes().startswith(grown)
    assert backup(small, target).files == 0


def test_the_log_says_when_the_last_backup_was_made_and_what_it_holds(small, tmp_path):
    done = backup(small, tmp_path / "vault")
    event = log.events(small)[-1]
    assert (event.kind, event.by) == ("backed_up", "system")
    assert event.facts["seal"] == done.manifest.seal == Vault(tmp_path / "vault").manifest().seal
    assert event.facts["files"] == len(done.manifest.files) and event.facts["copied"] == done.bytes > 0


def test_whoever_writes_meanwhile_is_not_waited_for_and_every_backup_is_whole(small, tmp_path):
    target, over = tmp_path / "vault", threading.Event()

    def write():
        number = 0
        while not over.is_set():
            number += 1
            log.append(small, "noted", "ada", {"text": f"note {number}"})
            draft = drafts.create(small, "ada", "new.csv", b"%d" % number, institution="demo", source="mobility", year=2024)
            drafts.remove(small, draft.id) if number % 2 else None

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup(small, target).manifest for _ in range(6)]
    finally:
        over.set()
        writer.join()
    assert [one.events for one in made] == sorted({one.events for one in made})
    for at, one in enumerate(made):
        back = Store(tmp_path / f"back{at}")
        restore(back, target, one.name)
        assert log.verify(back) == []
        for draft in drafts.listing(back):
            assert drafts.given(back, draft).is_file()


def spoil_content(target):
    path = next(path for path in sorted(target.glob("content/*/*")) if path.read_bytes() == b"what was decided")
    path.chmod(0o600)
    path.write_bytes(b"what was decidet")
    return path


def lose_content(target):
    path = spoil_content(target)
    path.unlink()
    return path


def edit_manifest(target):
    (path,) = target.glob("manifests/*.json")
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b'"events":', b'"events":1'))
    return path


def cut_manifest(target):
    path = edit_manifest(target)
    path.write_bytes(path.read_bytes()[:-20])
    return path


def cut_log(target):
    path = target / "log" / "events.jsonl"
    os.truncate(path, path.stat().st_size - 1)
    return path


@pytest.mark.parametrize("spoil", [spoil_content, lose_content, edit_manifest, cut_manifest, cut_log])
def test_a_damaged_backup_is_refused_by_the_name_of_the_file_and_leaves_the_store_empty(small, tmp_path, spoil):
    backup(small, tmp_path / "vault")
    path = spoil(tmp_path / "vault")
    fault = refused(restore, Store(tmp_path / "back"), tmp_path / "vault")
    assert (fault.code, fault.values["file"]) == ("S173", path.relative_to(tmp_path / "vault").as_posix())
    assert not (tmp_path / "back").exists() or list((tmp_path / "back").iterdir()) == []


def test_the_same_backup_undamaged_is_restored(small, tmp_path):
    backup(small, tmp_path / "vault")
    restore(Store(tmp_path / "back"), tmp_path / "vault")
    assert people.check(Store(tmp_path / "back"), "ada", OWN, "127.0.0.1").id == "ada"


def test_a_log_that_a_stopped_backup_left_half_written_is_gone_on_with(small, tmp_path):
    backup(small, tmp_path / "vault")
    copied = tmp_path / "vault" / "log" / "events.jsonl"
    rest = small.log_file.read_bytes()[copied.stat().st_size :]
    with copied.open("ab") as file:
        file.write(rest[:40])
    assert len(rest) > 40
    backup(small, tmp_path / "vault")
    restore(Store(tmp_path / "back"), tmp_path / "vault")
    assert log.verify(Store(tmp_path / "back")) == []


def test_an_earlier_backup_gives_the_accounts_of_then(small, tmp_path):
    first = backup(small, tmp_path / "vault").manifest
    people.change(small, people.SYSTEM, "ada", role="viewer")
    backup(small, tmp_path / "vault")
    restore(Store(tmp_path / "then"), tmp_path / "vault", first.name)
    restore(Store(tmp_path / "now"), tmp_path / "vault")
    assert [people.person(Store(tmp_path / name), "ada").role for name in ("then", "now")] == ["editor", "viewer"]


@pytest.mark.parametrize("target", ["store/vault", ".", "store"])
def test_a_target_inside_the_store_or_around_it_is_refused(small, tmp_path, target):
    assert refused(backup, small, tmp_path / target).code == "S170"


def test_a_folder_of_somebody_else_is_refused_and_an_empty_one_is_not(small, tmp_path):
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "theirs.txt").write_text("theirs")
    assert refused(backup, small, tmp_path / "vault").code == "S171"
    assert [path.name for path in (tmp_path / "vault").iterdir()] == ["theirs.txt"]
    (tmp_path / "vault" / "theirs.txt").unlink()
    assert backup(small, tmp_path / "vault").manifest.damaged == []


def test_another_stores_backups_are_not_mixed_with_ones_own(small, tmp_path):
    backup(small, tmp_path / "vault")
    other = Store(tmp_path / "other")
    for text in ("one", "two", "three", "four", "five", "six"):
        log.append(other, "noted", "bob", {"text": text})
    before = held(tmp_path / "vault")
    assert refused(backup, other, tmp_path / "vault").code == "S172"
    assert held(tmp_path / "vault") == before
    assert backup(other, tmp_path / "another vault").manifest.events == 6


def test_a_store_that_was_restored_goes_on_in_the_same_backup(small, tmp_path):
    backup(small, tmp_path / "vault")
    back = Store(tmp_path / "back")
    restore(back, tmp_path / "vault")
    assert backup(back, tmp_path / "vault").manifest.events == len(log.events(small))
    assert refused(backup, small, tmp_path / "vault").code == "S172"  # the two histories have parted


def test_a_store_with_something_in_it_is_never_restored_into(small, tmp_path, command):
    backup(small, tmp_path / "vault")
    before = small.log_file.read_bytes()
    done = command("--store", small.path, "restore", tmp_path / "vault")
    assert (done.code, done.err.splitlines()[0]) == (1, f"{small.path}: error S174: The store is not empty.")
    assert small.log_file.read_bytes() == before


def test_no_backup_and_no_store_are_sentences(small, tmp_path):
    assert refused(restore, Store(tmp_path / "back"), tmp_path / "nothing").code == "S175"
    assert refused(backup, Store(tmp_path / "no store"), tmp_path / "vault").code == "S101"
    assert not (tmp_path / "vault").exists()


def test_a_file_lost_from_the_store_stays_in_the_backup_and_comes_back(small, tmp_path):
    backup(small, tmp_path / "vault")
    (path,) = [path for path in (small.path / "evidence").iterdir() if not path.name.startswith(".")]
    path.unlink()
    assert backup(small, tmp_path / "vault").manifest.damaged == []
    restore(Store(tmp_path / "back"), tmp_path / "vault")
    assert (tmp_path / "back" / "evidence" / path.name).read_bytes() == b"what was decided"


def test_a_file_lost_before_it_was_ever_copied_is_named_and_all_else_is_backed_up(small, tmp_path):
    (path,) = [path for path in (small.path / "evidence").iterdir() if not path.name.startswith(".")]
    path.chmod(0o600)
    path.write_bytes(b"something else")
    fault = refused(backup, small, tmp_path / "vault")
    assert (fault.code, fault.values["files"]) == ("S176", f"evidence/{path.name}")
    assert restore(Store(tmp_path / "back"), tmp_path / "vault").manifest.damaged == [f"evidence/{path.name}"]


def test_what_was_erased_is_in_no_backup_any_more(tmp_path):
    store, target, word = Store(tmp_path / "store"), tmp_path / "vault", b"Gertrude Unmistakable"
    event = hand_in(store, rows=[moved(2024, 6, detail=word.decode())])
    backup(store, target)
    assert [path for path in target.glob("content/*/*") if word in path.read_bytes()]
    erase(store, event.facts["file"], "root", "a name in a cell")
    backup(store, target)
    assert [path for path in target.rglob("*") if path.is_file() and word in path.read_bytes()] == []
    assert len(Vault(target).manifests()) == 1
    restore(Store(tmp_path / "back"), target)
    assert log.verify(Store(tmp_path / "back")) == []


def test_what_somebody_adds_to_a_store_is_kept_and_what_belongs_to_processes_is_not(small, tmp_path):
    (small.path / "layouts").mkdir()
    (small.path / "layouts" / "ours.toml").write_text("id = 1")
    (small.path / "of tomorrow").mkdir()
    (small.path / "of tomorrow" / "new.json").write_text("{}")
    (small.path / "secret").write_text("only here")
    (small.path / "work").mkdir(exist_ok=True)
    (small.path / "work" / "1.json").write_text("{}")
    made: Manifest = backup(small, tmp_path / "vault").manifest
    assert {name.partition("/")[0] for name in made.files} == {"told", "drafts", "evidence", "layouts", "of tomorrow", "people.sqlite"}
