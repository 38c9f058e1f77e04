"""What goes wrong outside of the product: full disks, damaged files, clocks, races, folders that nobody may write to.

Each test is one fault, as often as ``rounds`` says: a few times here, in full by ``make faults``, which keeps the counts in
``docs/trust.md``. The oracle is the same everywhere: what was acknowledged is there, what is on air is whole, the next writer starts clean.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from jobs import done, here_and_now
from shelf import hand_in, moved

from pipelines import log, warehouse
from pipelines.errors import MeridianError, Refused
from pipelines.publish import publish, rebuild
from pipelines.publishing import fingerprint
from pipelines.publishing.verify import verify
from pipelines.store import Store
from pipelines.warehouse import open_version

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 1)
HARMLESS = {"S115", "S117", "S122", "S140"}
COUNTED = "select sum(participants) from core.mobility"


@pytest.fixture
def shelf(tmp_path):
    """A store with two publications, of 1 and of 2 people."""
    return filled(Store(tmp_path / "store"))


def filled(store):
    for people in (1, 2):
        hand_in(store, rows=[moved(2023, people)], name=f"{people}.csv")
        put_on_air(store)
    return store


def put_on_air(store):
    return publish(store, "publisher", as_of=DAY, steps=())


def again(event, path):
    """Reads a file of the shelf once more, for a rebuild."""
    import json

    from shelf import table

    told = json.loads(path.read_bytes())
    return {told["source"]: table(told["source"], told["rows"])}


def people(store):
    """The figure on air."""
    return open_version(store.path).one(COUNTED)[0]


def faults(store):
    return {finding.code for finding in verify(store)} - HARMLESS


@contextmanager
def small_disk(place, kilobytes):
    """A disk of its own. Skipped where this account may not mount."""
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield place
    finally:
        warehouse.close_all()
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill_up(place, free):
    """Leaves so many bytes free on the disk."""
    ballast = place / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(max(0, shutil.disk_usage(place).free - free)))
    return ballast


@pytest.mark.fault("F4", full=20, short=2)
@pytest.mark.parametrize("where", ["original", "log", "build", "pointer"])
def test_a_full_disk_leaves_the_old_version_on_air_says_so_and_loses_nothing(tmp_path, rounds, where, monkeypatch):
    with small_disk(tmp_path / "disk", 64_000) as disk:
        store = filled(Store(disk / "store"))
        for turn in range(rounds):
            before, events = people(store), log.events(store)
            room = {"original": 0, "log": 0, "build": 4096 * (1 + turn % 60), "pointer": 0}[where]
            if where in ("build", "pointer"):
                hand_in(store, rows=[moved(2023, 100 + turn)], name=f"{turn}.csv")
                events = log.events(store)
            ballast = None
            if where == "pointer":  # the version is built, and the disk fills up before it is named
                put = Store.put_current
                monkeypatch.setattr(Store, "put_current", lambda own, told, put=put: (fill_up(disk, 0), put(own, told))[1])
            else:
                ballast = fill_up(disk, room)
            with pytest.raises((MeridianError, OSError)) as refused:
                if where == "original":
                    hand_in(store, rows=[moved(2023, 7)] * 50, name=f"x{turn}.csv")
                elif where == "log":
                    log.append(store, "accepted", "editor", name="x" * 9000)
                else:
                    put_on_air(store)
            monkeypatch.undo()
            assert isinstance(refused.value, OSError) or refused.value.finding.code == "S103"
            (ballast or disk / "ballast").unlink()
            assert people(store) == before
            assert log.events(store)[: len(events)] == events
            assert faults(store) == set()
        hand_in(store, rows=[moved(2023, 5)], name="after.csv")
        put_on_air(store)
        assert people(store) == 5


def spoil(path, chance):
    """One damage of three kinds to a file."""
    content = bytearray(path.read_bytes())
    kind = chance.choice(["bit", "cut", "gone"])
    path.chmod(0o640)
    if kind == "gone":
        path.unlink()
    elif kind == "cut":
        path.write_bytes(content[: chance.randrange(len(content))])
    else:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
    return kind


@pytest.mark.fault("F7", full=200, short=12)
def test_a_damaged_version_gives_way_to_the_one_before_and_is_made_anew(shelf, rounds):
    digest = shelf.current().digest
    for turn in range(rounds):
        warehouse.close_all()
        kind = spoil(shelf.versions / shelf.current().file, random.Random(turn))
        version = open_version(shelf.path)
        assert (version.instead_of, version.no, version.one(COUNTED)) == (2, 1, (1,)), kind
        assert version.digest != shelf.current().digest  # which /ready and the alarm on the page of health say
        rebuild(shelf, again, steps=())
        version = open_version(shelf.path)
        assert (version.instead_of, version.no, version.one(COUNTED), version.digest) == (None, 2, (2,), digest)
        for path in shelf.versions.glob("2-*"):
            if path.name != shelf.current().file:
                path.unlink()


def test_a_version_that_is_damaged_while_it_is_open_is_looked_at_again(shelf):
    version = open_version(shelf.path)
    assert version.instead_of is None
    warehouse.mistrust(version)
    assert open_version(shelf.path).no == 2  # it is whole, so it stays
    path = shelf.versions / shelf.current().file
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-4096])
    warehouse.mistrust(open_version(shelf.path))
    assert open_version(shelf.path).instead_of == 2


def test_where_no_version_is_whole_that_is_said(shelf):
    for path in shelf.versions.glob("*.duckdb"):
        path.unlink()
    with pytest.raises(MeridianError) as refused:
        open_version(shelf.path)
    assert refused.value.finding.code == "S130"


def test_the_worker_makes_a_damaged_version_anew(shelf, monkeypatch):
    from pipelines.desk import mending

    here_and_now(monkeypatch)
    monkeypatch.setattr(mending, "rebuild", lambda store, _: rebuild(store, again, steps=()))
    digest = shelf.current().digest
    (shelf.versions / shelf.current().file).unlink()
    job = mending.ask(shelf, open_version(shelf.path))
    assert mending.ask(shelf, open_version(shelf.path)) == job  # asked once, whoever looks
    done(shelf)
    assert (open_version(shelf.path).instead_of, shelf.current().digest) == (None, digest)
    assert mending.ask(shelf, open_version(shelf.path)) is None


@pytest.mark.fault("F8", full=50, short=5)
def test_an_altered_original_stops_the_build_and_is_named(shelf, rounds):
    sha = next(event.facts["file"] for event in reversed(log.events(shelf)) if event.kind == "accepted")
    original = shelf.raw(sha)
    whole = original.read_bytes()
    for turn in range(rounds):
        chance = random.Random(turn)
        at = chance.randrange(len(whole))
        original.chmod(0o640)
        original.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        with pytest.raises(Refused) as refused:
            rebuild(shelf, again, steps=())
        (finding,) = refused.value.findings
        assert finding.code in ("S120", "S121")
        assert sha in str(finding.place) or "2.csv" in str(finding.values) + str(finding.place)
        assert people(shelf) == 2
    original.write_bytes(whole)
    assert rebuild(shelf, again, steps=()).digest == shelf.current().digest


@pytest.mark.fault("F9", full=50, short=9)
def test_a_line_of_the_log_that_was_altered_removed_or_moved_is_named(shelf, rounds):
    for number in range(6):
        log.append(shelf, "settings", "administrator", name=str(number))
    whole = shelf.log_file.read_bytes()
    lines = whole.splitlines(keepends=True)
    for turn in range(rounds):
        chance = random.Random(turn)
        at = chance.randrange(len(lines) - 1)
        if turn % 3 == 0:
            spot = chance.randrange(len(lines[at]) - 1)
            changed = [*lines[:at], lines[at][:spot] + bytes([lines[at][spot] ^ 1]) + lines[at][spot + 1 :], *lines[at + 1 :]]
        elif turn % 3 == 1:
            changed = [*lines[:at], *lines[at + 1 :]]
        else:
            changed = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
        shelf.log_file.write_bytes(b"".join(changed))
        named = [finding for finding in log.verify(shelf) if finding.severity == "error"]
        assert named
        assert abs(named[0].place.row - (at + 1)) <= 1
        with pytest.raises(MeridianError):
            put_on_air(shelf)
    shelf.log_file.write_bytes(whole)
    assert log.verify(shelf) == []
    put_on_air(shelf)


@pytest.mark.fault("F10", full=10, short=3)
def test_the_clock_may_go_back_and_the_zone_may_change_order_is_by_number(shelf, rounds):
    known = shutil.which("faketime")
    zones = ["Europe/Istanbul", "UTC", "Europe/Berlin", "Asia/Riyadh"]
    nights = ["2026-10-25 02:59:50", "2026-03-29 01:59:55", "2026-08-31 23:59:55", "2026-09-01 00:00:05", "2026-11-25 12:00:00"]
    if not known:
        pytest.skip("faketime is not installed here (Debian: faketime)")
    for turn in range(rounds):
        before = log.events(shelf)
        told = subprocess.run(
            [known, nights[turn % 5], sys.executable, "-c", APPEND, str(shelf.path), str(turn)], env=os.environ | {"TZ": zones[turn % 4]},
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr[-900:]
        newest = log.events(shelf)[-1]
        assert newest.no == before[-1].no + 1
        assert newest.at.endswith("+00:00")
        assert newest.at < before[-1].at or turn  # the clock did go back
        assert told.stdout.strip() == "2022 2023"
        assert faults(shelf) == set()
    put_on_air(shelf)
    assert people(shelf) == 2


APPEND = """
import re, sys
from pathlib import Path
import duckdb
from pipelines import log
from pipelines.store import Store
log.append(Store(Path(sys.argv[1])), "settings", "administrator", name=sys.argv[2])
said = re.search("create or replace macro core.academic.*?;", Path("pipelines/measuring/views.sql").read_text()).group()
with duckdb.connect() as c:
    c.execute("create schema core; " + said)
    print(*c.execute("select core.academic(date '2023-08-31'), core.academic(date '2023-09-01')").fetchone())
"""


@pytest.mark.fault("F12", full=100, short=5)
def test_three_processes_that_accept_at_once_leave_no_gap_and_no_double_number(shelf, rounds):
    for turn in range(rounds):
        start, go = len(log.events(shelf)), time.monotonic() + 0.02
        children = []
        for child in range(3):
            pid = os.fork()
            if pid == 0:
                code = 99
                try:
                    while time.monotonic() < go:
                        pass
                    hand_in(shelf, rows=[moved(2000 + child, turn)], name=f"{child}-{turn}.csv")
                    code = 0
                finally:
                    os._exit(code)
            children.append(pid)
        assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0, 0, 0]
        fresh = log.events(shelf)[start:]
        assert [event.no for event in fresh] == list(range(start + 1, start + 4))
        assert sorted(event.facts["name"] for event in fresh) == [f"{child}-{turn}.csv" for child in range(3)]
    assert faults(shelf) == set()


SYSTEM_CALLS = "openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,close,mkdir"
OPENED = re.compile(r'openat\(AT_FDCWD, "([^"]+)", [^)]*\) = (\d+)')
WRITTEN = re.compile(r"p?write(?:64)?\((\d+)[,<]")
SYNCED = re.compile(r"f(?:data)?sync\((\d+)")
RENAMED = re.compile(r'rename(?:at2?)?\((?:AT_FDCWD, )?"([^"]+)", (?:AT_FDCWD, )?"([^"]+)"')
CLOSED = re.compile(r"close\((\d+)")


@pytest.mark.fault("F16", full=50, short=1)
def test_whatever_gets_its_name_was_synced_before_and_its_folder_after(shelf, tmp_path, rounds):
    """Power loss, by the calls of the system: a name stands only for bytes that are on disk, and the name itself is, too."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed here (Debian: strace)")
    place = tmp_path / "calls"
    subprocess.run(
        ["strace", "-f", "-y", "-e", f"trace={SYSTEM_CALLS}", "-o", str(place), sys.executable, "-c", WORK, str(shelf.path), str(rounds)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": "tests:."}, check=True, capture_output=True,
    )  # fmt: skip
    renamed, unsynced, folders = 0, set(), {}
    for line in place.read_text(errors="replace").splitlines():
        path = re.search(r"\d+<([^>]+)>", line)
        name = path.group(1) if path else ""
        if not name.startswith(str(shelf.path)) and "rename" not in line:
            continue
        if re.search(r"\b(?:p?write(?:64)?)\(", line):
            unsynced.add(name)
        elif re.search(r"\bf(?:data)?sync\(", line):
            unsynced.discard(name)
            folders.pop(name, None)
        elif found := RENAMED.search(line):
            source, target = found.groups()
            if target.startswith(str(shelf.path)) and "/.lock" not in target and "/work/" not in target:
                assert source not in unsynced, f"{target} was named before its bytes were on disk"
                folders[str(Path(target).parent)] = target
                renamed += 1
    assert renamed >= 4 * rounds
    assert not {target for target in folders.values() if "/versions/" in target or target.endswith("CURRENT")}, folders


WORK = """
import sys
from datetime import date
from pathlib import Path
from pathlib import Path
from shelf import hand_in, moved
from pipelines.publish import publish
from pipelines.store import Store
store = Store(Path(sys.argv[1]))
for turn in range(int(sys.argv[2])):
    hand_in(store, rows=[moved(2023, 50 + turn)], name=f"{turn}.csv")
    publish(store, "publisher", as_of=date(2026, 11, 1), steps=())
"""


@pytest.mark.fault("F17", full=10, short=2)
def test_a_disk_that_may_only_be_read_is_said_in_one_sentence_and_still_shows_what_is_on_air(tmp_path, rounds):
    with small_disk(tmp_path / "disk", 32_000) as disk:
        store = filled(Store(disk / "store"))
        for turn in range(rounds):
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            with pytest.raises((MeridianError, OSError)) as refused:
                hand_in(store, rows=[moved(2023, turn)], name=f"{turn}.csv")
            assert people(store) == 2
            told = subprocess.run(
                [sys.executable, "-m", "pipelines", "--store", str(store.path), "publish", "--by", "editor"], capture_output=True, text=True,
                cwd=ROOT, check=False,
            )  # fmt: skip
            assert told.returncode != 0
            assert "Traceback" not in told.stderr, told.stderr[-800:]
            assert "S103" in told.stderr + str(getattr(refused.value, "finding", ""))
            subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        hand_in(store, rows=[moved(2023, 5)], name="after.csv")
        put_on_air(store)
        assert people(store) == 5
        assert fingerprint.of_file(store.versions / store.current().file) == store.current().facts["bytes"]
