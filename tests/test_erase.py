"""Erasing: nothing of the file is left anywhere in the store, the log says that it was, and the rest is as if it had never come in."""

from datetime import date

import pytest
from shelf import hand_in, moved, retidy

from pipelines import log, warehouse
from pipelines.errors import MeridianError
from pipelines.publish import erase, publish, rebuild, waiting
from pipelines.publishing import erase as erasing
from pipelines.publishing.verify import verify
from pipelines.store import Store

DAY = date(2026, 11, 1)
NAME = "Gertrude Unmistakable"


@pytest.fixture
def shelf(tmp_path):
    """A clean file and one with a person's name in a cell, both on air."""
    store = Store(tmp_path / "store")
    hand_in(store, rows=[moved(year, 5, unit="Law") for year in range(2015, 2025)], name="clean.csv")
    publish(store, "publisher", as_of=DAY)
    slipped(store)
    publish(store, "publisher", as_of=DAY)
    return store


def slipped(store, name="slipped.csv", **more):
    return hand_in(store, rows=[moved(2024, 6, detail=NAME), moved(2025, 7, detail=NAME)], name=name, **more)


def holding(store, word=NAME):
    """Files of the store with the word in their bytes, without the empty folders around them."""
    return sorted(
        path.relative_to(store.path).parts[0] for path in store.path.rglob("*") if path.is_file() and word.encode() in path.read_bytes()
    )


def on_air(store):
    rows = warehouse.open_version(store.path).query("select academic_year, sum(participants) from core.mobility group by 1 order by 1")
    return dict(rows)


def sha(store, name="slipped.csv"):
    return next(event.facts["file"] for event in log.events(store) if event.facts.get("name") == name)


def test_nothing_of_an_erased_file_is_left_and_the_log_says_so(shelf):
    assert set(holding(shelf)) == {"raw", "tidy", "versions"}
    event = erase(shelf, sha(shelf), "root", "a name in a cell")
    assert holding(shelf) == []
    assert event.facts == {"file": sha(shelf), "name": "slipped.csv", "events": [3], "reason": "a name in a cell"}
    assert (event.kind, event.by) == ("erased", "root")
    assert on_air(shelf) == dict.fromkeys(range(2015, 2025), 5.0)
    assert verify(shelf) == []


def test_what_was_told_beside_the_log_goes_too_and_the_chain_stays_whole(shelf):
    with shelf.lock():
        facts = dict(log.events(shelf)[2].facts) | {"name": "again.csv"}
        log.append(shelf, "accepted", "editor", {"note": NAME}, **facts)
    publish(shelf, "publisher", as_of=DAY)
    assert "told" in holding(shelf)
    erase(shelf, sha(shelf), "root", "a name")
    assert holding(shelf) == []
    assert verify(shelf) == []


def test_after_erasing_the_store_is_rebuilt_from_its_originals_and_holds_the_same(shelf):
    erase(shelf, sha(shelf), "root", "a name")
    digest = shelf.current().digest
    assert rebuild(shelf, retidy).digest == digest


def test_rows_that_an_undo_took_out_are_gone_from_the_bytes_too(shelf):
    """A version grown from another may still hold, unread, what was taken out of it."""
    publish(shelf, "publisher", as_of=DAY, files=[1], reason="undo")
    assert "grown_from" in log.events(shelf)[-1].facts
    erase(shelf, sha(shelf), "root", "a name")
    assert holding(shelf) == []
    assert on_air(shelf) == dict.fromkeys(range(2015, 2025), 5.0)


def test_a_file_that_never_went_on_air_is_erased_without_a_publication(shelf):
    slipped(shelf, "second.csv", status="provisional")
    before = shelf.current()
    erase(shelf, sha(shelf, "second.csv"), "root", "a name")
    assert shelf.current() == before
    assert not shelf.raw(sha(shelf, "second.csv")).exists()
    assert waiting(shelf) == []


def test_a_file_that_was_withdrawn_is_erased_too(shelf):
    event = slipped(shelf, "second.csv", status="provisional")
    log.append(shelf, "withdrawn", "worker", events=[event.no])
    assert erase(shelf, sha(shelf, "second.csv"), "root", "a name").facts["events"] == [event.no]
    assert not shelf.raw(sha(shelf, "second.csv")).exists()


def test_files_that_wait_go_on_waiting_and_come_with_the_next_publication(shelf):
    other = hand_in(shelf, rows=[moved(2026, 9)], name="waiting.csv")
    erase(shelf, sha(shelf), "root", "a name")
    assert 2026 not in on_air(shelf)
    assert [event.no for event in waiting(shelf)] == [other.no]
    publish(shelf, "publisher", as_of=DAY)
    assert on_air(shelf)[2026] == 9
    assert waiting(shelf) == []


def test_where_nothing_is_left_nothing_is_on_air_and_the_store_is_whole(tmp_path):
    store = Store(tmp_path / "store")
    slipped(store)
    publish(store, "publisher", as_of=DAY)
    erase(store, sha(store), "root", "a name")
    assert store.current() is None
    assert holding(store) == [] and verify(store) == []
    with pytest.raises(MeridianError) as refused:
        publish(store, "publisher", as_of=DAY)
    assert refused.value.finding.code == "S106"
    hand_in(store, rows=[moved(2024, 5)], name="next.csv")
    assert publish(store, "publisher", as_of=DAY).no == 2


def test_an_erased_file_is_left_out_of_any_list_and_the_publication_says_so(shelf):
    erase(shelf, sha(shelf), "root", "a name")
    assert publish(shelf, "publisher", as_of=DAY, files=[1, 3]).accepted == (1,)
    assert log.events(shelf)[-1].facts["left_out"] == [3]
    publish(shelf, "publisher", as_of=DAY, files=[1])
    assert "left_out" not in log.events(shelf)[-1].facts


def test_the_same_bytes_may_be_handed_in_again_and_erased_again(shelf):
    erase(shelf, sha(shelf), "root", "a name")
    again = slipped(shelf)
    publish(shelf, "publisher", as_of=DAY)
    assert on_air(shelf)[2025] == 7
    assert erase(shelf, sha(shelf), "root", "once more").facts["events"] == [again.no]
    assert holding(shelf) == [] and verify(shelf) == []


def test_an_original_that_another_file_was_read_with_stays(shelf):
    hand_in(shelf, rows=[moved(2026, 1)], name="with.csv", params={"companions": {"slipped.csv": sha(shelf)}})
    erase(shelf, sha(shelf), "root", "a name")
    assert shelf.raw(sha(shelf)).exists()
    assert [finding for finding in verify(shelf) if finding.severity == "error"] == []


def test_bytes_that_nobody_handed_in_are_not_erased(shelf):
    with pytest.raises(MeridianError) as refused:
        erase(shelf, "f" * 64, "root", "a mistake")
    assert refused.value.finding.code == "S160"
    assert [event.kind for event in log.events(shelf)].count("erased") == 0


class Stopped(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("survives", range(6))
def test_erasing_that_was_stopped_is_named_and_finished_by_another_call(shelf, monkeypatch, survives):
    left, usual = [survives], type(shelf.path).unlink

    def unlink(path, missing_ok=False):
        if shelf.path in path.parents and path.parent.name in ("raw", "tidy", "told", "versions") and not path.name.startswith("."):
            left[0] -= 1
            if left[0] < 0:
                raise Stopped
        usual(path, missing_ok=missing_ok)

    monkeypatch.setattr(type(shelf.path), "unlink", unlink)
    try:
        erase(shelf, sha(shelf), "root", "a name")
    except Stopped:
        assert {finding.code for finding in verify(shelf)} == {"S161"}
    monkeypatch.undo()
    erase(shelf, sha(shelf), "root", "a name")
    assert holding(shelf) == [] and verify(shelf) == []
    assert [event.kind for event in log.events(shelf)].count("erased") == 1


def test_stopped_before_the_publication_a_rebuild_asks_to_finish_and_erasing_does(shelf, monkeypatch):
    monkeypatch.setattr(erasing, "_take_off_air", lambda *_: (_ for _ in ()).throw(Stopped))
    with pytest.raises(Stopped):
        erase(shelf, sha(shelf), "root", "a name")
    monkeypatch.undo()
    assert {finding.code for finding in verify(shelf)} == {"S161"}
    with pytest.raises(MeridianError) as refused:
        rebuild(shelf, retidy)
    assert refused.value.finding.code == "S161"
    erase(shelf, sha(shelf), "root", "a name")
    assert holding(shelf) == [] and verify(shelf) == []
