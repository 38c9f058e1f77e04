"""The log is the truth: numbered, chained, whole lines only; any touch is named with its line."""

import os
import resource
import signal
from threading import Thread

import pytest
from shelf import in_child

from pipelines import log
from pipelines.errors import MeridianError
from pipelines.store import Store


@pytest.fixture
def shelf(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def five(shelf):
    for number in range(1, 6):
        log.append(shelf, "accepted", "editor", name=f"file {number}")
    return shelf


def lines(shelf):
    return shelf.log_file.read_bytes().splitlines(keepends=True)


def rewrite(shelf, kept):
    shelf.log_file.write_bytes(b"".join(kept))


def faults(shelf):
    return [(finding.code, finding.place.row) for finding in log.verify(shelf)]


def test_events_are_numbered_and_each_carries_the_hash_of_the_one_before(five):
    events = log.events(five)
    assert [event.no for event in events] == [1, 2, 3, 4, 5]
    assert [event.previous for event in events[1:]] == [event.hash for event in events[:-1]]
    assert events[0].previous == log.BEGINNING
    assert log.verify(five) == []


def test_what_append_returns_is_what_is_read(shelf):
    written = log.append(shelf, "accepted", "Ayşe", years={2023: 1, 9: 2}, name="ölçü.csv", parts=("a", "b"), note=None)
    assert log.events(shelf) == [written]
    assert written.facts == {"years": {"2023": 1, "9": 2}, "name": "ölçü.csv", "parts": ["a", "b"], "note": None}


def test_a_fact_may_be_called_like_an_argument(shelf):
    assert log.append(shelf, "accepted", "me", kind="csv", by="somebody else", store="S").facts["by"] == "somebody else"


def test_text_of_a_person_cannot_look_like_a_line_of_the_log(shelf):
    forged = 'x"}\n{"no":2,"kind":"published"}\u2028\u202e\x00'
    log.append(shelf, "accepted", forged, name=forged)
    assert len(lines(shelf)) == 1
    assert shelf.log_file.read_bytes().isascii()
    assert log.events(shelf)[0].by == forged


def test_a_value_that_json_cannot_hold_is_a_bug_and_writes_nothing(shelf):
    with pytest.raises(TypeError):
        log.append(shelf, "accepted", "me", thing=object())
    with pytest.raises(ValueError, match="JSON"):
        log.append(shelf, "accepted", "me", number=float("nan"))
    assert log.events(shelf) == []


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_a_last_line_that_was_never_finished_is_left_out_and_cut_off_by_the_next_writer(five, kept):
    *whole, last = lines(five)
    rewrite(five, [*whole, last[:kept]])
    assert [event.no for event in log.events(five)] == [1, 2, 3, 4]
    assert faults(five) == [("S115", 5)]
    assert log.append(five, "accepted", "editor", name="again").no == 5
    assert faults(five) == []


def test_a_torn_first_line_leaves_an_empty_log(shelf):
    log.append(shelf, "accepted", "editor")
    rewrite(shelf, [lines(shelf)[0][:30]])
    assert log.append(shelf, "accepted", "editor").no == 1
    assert faults(shelf) == []


def test_a_long_last_line_is_found(shelf):
    log.append(shelf, "accepted", "editor", text="x" * 500_000)
    assert log.append(shelf, "accepted", "editor").no == 2
    assert faults(shelf) == []


def edited(kept):
    return [*kept[:2], kept[2].replace(b"file 3", b"file 9"), *kept[3:]]


def forged(kept):
    """Line 3 rewritten with a hash of its own that is right."""
    event = log._parsed(kept[2].rstrip(b"\n"))
    said = {name: value for name, value in vars(event).items() if name != "hash"} | {"by": "nobody"}
    return [*kept[:2], log.canonical(said | {"hash": log._hash(said)}) + b"\n", *kept[3:]]


TOUCHED = {
    "removed": (lambda kept: kept[:2] + kept[3:], [("S112", 3)]),
    "first removed": (lambda kept: kept[1:], [("S112", 1)]),
    "swapped": (lambda kept: [kept[0], kept[2], kept[1], *kept[3:]], [("S113", 2), ("S113", 3)]),
    "doubled": (lambda kept: [*kept[:3], kept[2], *kept[3:]], [("S113", 4)]),
    "edited": (edited, [("S111", 3)]),
    "replaced": (forged, [("S114", 4)]),
    "garbage": (lambda kept: [*kept[:2], b"\x00\xff garbage\n", *kept[3:]], [("S110", 3)]),
    "reformatted": (lambda kept: [*kept[:2], kept[2].replace(b'":', b'": ', 1), *kept[3:]], [("S110", 3)]),
    "blank line": (lambda kept: [*kept[:2], b"\n", *kept[2:]], [("S110", 3), ("S113", 4)]),
}


@pytest.mark.parametrize("touch", TOUCHED, ids=str)
def test_a_touched_line_is_named(five, touch):
    change, expected = TOUCHED[touch]
    rewrite(five, change(lines(five)))
    assert faults(five) == expected


@pytest.mark.parametrize("touch", TOUCHED, ids=str)
def test_nothing_is_built_on_a_touched_log(five, touch):
    change, expected = TOUCHED[touch]
    rewrite(five, change(lines(five)))
    with pytest.raises(MeridianError) as refused:
        log.events(five)
    assert (refused.value.finding.code, refused.value.finding.place.row) == expected[0]


def test_nothing_is_written_after_a_damaged_last_line(five):
    *whole, last = lines(five)
    rewrite(five, [*whole, last.replace(b"file 5", b"file 6")])
    before = five.log_file.read_bytes()
    with pytest.raises(MeridianError) as refused:
        log.append(five, "accepted", "editor")
    assert (refused.value.finding.code, refused.value.finding.place.row) == ("S111", 5)
    assert five.log_file.read_bytes() == before


def test_a_full_disk_is_said_and_leaves_the_log_as_it_was(five):
    before = five.log_file.read_bytes()

    def write():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, resource.RLIM_INFINITY))
        try:
            log.append(five, "accepted", "editor", name="does not fit")
        except MeridianError as error:
            return 12 if error.finding.code == "S103" else 13
        return 14

    assert in_child(write) == 12
    assert five.log_file.read_bytes() == before
    assert log.append(five, "accepted", "editor", name="fits").no == 6


def test_three_processes_writing_at_once_leave_no_gap_and_no_double_number(shelf):
    children = []
    for child in range(3):
        pid = os.fork()
        if pid == 0:
            try:
                for number in range(15):
                    log.append(shelf, "accepted", f"child {child}", name=str(number))
                os._exit(0)
            finally:
                os._exit(99)
        children.append(pid)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0, 0, 0]
    events = log.events(shelf)
    assert [event.no for event in events] == list(range(1, 46))
    for child in range(3):
        assert [event.facts["name"] for event in events if event.by == f"child {child}"] == [str(number) for number in range(15)]


def test_what_came_out_of_cells_lies_beside_the_log_and_is_read_with_its_event(tmp_path):
    store = Store(tmp_path / "store")
    event = log.append(store, "accepted", "editor", {"findings": ["Almnya"]}, file="abc")
    assert event.facts["findings"] == ["Almnya"]
    assert b"Almnya" not in store.log_file.read_bytes()
    assert log.events(store)[0].facts["findings"] == ["Almnya"]
    assert log.verify(store) == []


def test_changed_and_missing_details_are_named(tmp_path):
    store = Store(tmp_path / "store")
    event = log.append(store, "accepted", "editor", {"findings": ["a"]}, file="abc")
    place = store.told(event.facts["told"])
    place.chmod(0o640)
    place.write_bytes(b'{"findings":["b"]}')
    log._aside.cache_clear()
    assert [finding.code for finding in log.verify(store)] == ["S124"]
    place.unlink()
    assert [finding.code for finding in log.verify(store)] == ["S125"]


def test_details_that_were_erased_by_an_administrator_are_not_missed(tmp_path):
    store = Store(tmp_path / "store")
    event = log.append(store, "accepted", "editor", {"findings": ["a"]}, file="abc")
    store.told(event.facts["told"]).unlink()
    log.append(store, "erased", "admin", file="abc", events=[event.no])
    assert log.verify(store) == []
    assert "findings" not in log.events(store)[0].facts


def test_the_remembered_log_grows_with_the_file_and_notices_what_was_changed(tmp_path):
    store = Store(tmp_path / "store")
    assert log.remembered(store) == []
    log.append(store, "signed_in", "a")
    assert [event.by for event in log.remembered(store)] == ["a"]
    log.append(store, "signed_in", "b")
    assert log.remembered(store) == log.events(store)
    whole = store.log_file.read_bytes()
    store.log_file.write_bytes(whole.replace(b'"by":"b"', b'"by":"c"') + b"{}\n")
    with pytest.raises(MeridianError):
        log.remembered(store)


def test_a_sign_in_is_written_down_while_somebody_publishes(tmp_path):
    store = Store(tmp_path / "store")
    written = []
    with store.lock():
        other = Thread(target=lambda: written.append(log.append(store, "signed_in", "a")))
        other.start()
        other.join(20)
    assert [event.kind for event in written] == ["signed_in"]
