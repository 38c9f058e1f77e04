"""The way back: undoing, showing again, comparing, giving originals out, erasing; nothing of it deletes what it need not."""

from __future__ import annotations

import shutil
from datetime import date
from functools import partial

import pytest
from jobs import here_and_now
from shelf import hand_in, moved, retidy

from pipelines import log
from pipelines.access.person import VISITOR, Person
from pipelines.desk import drafts, history, worker
from pipelines.errors import MeridianError
from pipelines.publish import publish, rebuild, verify, waiting
from pipelines.store import Store
from pipelines.warehouse import open_version

REPORTER = Person("reporter", "Rana", "reporter")
EDITOR = Person("editor", "Ece", "editor", (("demo", "*"),))
APPROVER = Person("approver", "Ayşe", "approver", (("demo", "*"),))
ADMIN = Person("admin", "Ali", "administrator")


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Three publications: 5 people in 2024, then 8 in their place, then 2025 beside them."""
    found = Store(tmp_path_factory.mktemp("history") / "store")
    hand_in(found, rows=[moved(2024, 5)], name="first.csv", institution="demo", reason="yearly return")
    publish(found, "editor", "yearly return")
    hand_in(found, rows=[moved(2024, 8)], name="second.csv", institution="demo", by="colleague", approved_by="approver")
    publish(found, "approver", "late returns")
    hand_in(found, rows=[moved(2025, 9)], name="third.csv", institution="demo")
    publish(found, "editor", "the next year")
    return found


@pytest.fixture
def store(original, tmp_path, monkeypatch):
    """A copy of it; jobs are done here and now."""
    here_and_now(monkeypatch)
    shutil.copytree(original.path, tmp_path / "store")
    (tmp_path / "store" / "work").mkdir()
    return Store(tmp_path / "store")


def refused(code, call, *args, **more):
    with pytest.raises(MeridianError) as stopped:
        call(*args, **more)
    assert stopped.value.finding.code == code


def done(store, job):
    """The job's result; the worker works in this process."""
    worker.serve(store, idle=0.01)
    found = worker.state(store, job)
    assert found.state == "done", found.error
    return found.result


def people(store):
    return dict(open_version(store.path).query("select academic_year, sum(participants) from core.mobility group by 1 order by 1"))


def on_air(store):
    return store.current().no


def sha(store, name):
    return next(event.facts["file"] for event in log.events(store) if event.facts.get("name") == name)


def number(store, name):
    return next(event.no for event in log.events(store) if event.facts.get("name") == name)


# --- what stands in it ----------------------------------------------------------------------------------------------------


def test_every_publication_is_there_the_newest_first_with_who_and_why(store):
    told = history.entries(store)
    assert [(one["no"], one["by"], one["reason"], one["files"]) for one in told] == [
        (3, "editor", "the next year", 3),
        (2, "approver", "late returns", 2),
        (1, "editor", "yearly return", 1),
    ]


def test_a_publication_names_what_came_in_who_approved_it_and_what_gave_way(store):
    third, second, first = history.entries(store)
    assert [[file["name"] for file in one["came"]] for one in (first, second, third)] == [["first.csv"], ["second.csv"], ["third.csv"]]
    assert (second["came"][0]["by"], second["came"][0]["approved_by"]) == ("colleague", "approver")
    assert second["came"][0]["supersedes"] == ["first.csv"]
    assert third["came"][0]["supersedes"] == [], "another year"


def test_a_part_gives_way_to_its_namesake_only(store):
    for name, part in (("a.csv", "Erasmus+"), ("b.csv", "Mevlana"), ("c.csv", "Mevlana")):
        hand_in(store, rows=[moved(2026, 1, detail=name)], name=name, institution="demo", part=part)
        publish(store, "editor")
    assert [one["came"][0]["supersedes"] for one in history.entries(store)[:3]] == [["b.csv"], [], []]


def test_findings_stand_there_with_their_notes_and_remarks_do_not(store):
    query = {"severity": "query", "cell": "D2", "what": "twice as many", "tr": {"what": "iki katı"}, "note": "a new agreement"}
    remark = {"severity": "info", "cell": "", "what": "a remark", "tr": {"what": "bir not"}, "note": ""}
    hand_in(store, rows=[moved(2026, 1)], name="noted.csv", institution="demo", findings=[query, remark])
    publish(store, "editor")
    assert history.entries(store)[0]["came"][0]["findings"] == [
        {"cell": "D2", "en": "twice as many", "tr": "iki katı", "note": "a new agreement"}
    ]


# --- undo and restore -----------------------------------------------------------------------------------------------------


def test_undo_publishes_the_list_before_and_deletes_nothing(store):
    before = {path.name for path in (store.path / "raw").iterdir()} | {path.name for path in store.versions.iterdir()}
    assert people(store) == {2024: 8, 2025: 9}
    assert done(store, history.undo(APPROVER, store, "wrong file")) == {"publication": 4}
    assert people(store) == {2024: 8}
    newest = history.entries(store)[0]
    assert (newest["no"], newest["by"], newest["reason"]) == (4, "approver", "wrong file")
    assert [file["name"] for file in newest["left"]] == ["third.csv"]
    assert before <= {path.name for path in (store.path / "raw").iterdir()} | {path.name for path in store.versions.iterdir()}
    assert not [finding for finding in verify(store) if finding.severity == "error"]
    assert rebuild(store, retidy).no == 4


def test_what_is_shown_again_has_the_same_digest(store):
    digests = {one["no"]: one["digest"] for one in history.entries(store)}
    done(store, history.undo(APPROVER, store, "wrong file"))
    done(store, history.restore(APPROVER, store, 3, "it was right after all"))
    again = history.entries(store)
    assert (again[1]["digest"], again[0]["digest"]) == (digests[2], digests[3])


def test_undoing_an_undo_gives_back_what_was_undone(store):
    done(store, history.undo(APPROVER, store, "wrong file"))
    done(store, history.undo(APPROVER, store, "it was right after all"))
    assert people(store) == {2024: 8, 2025: 9}


def test_a_click_too_many_undoes_once(store):
    first, second = history.undo(APPROVER, store, "wrong file"), history.undo(APPROVER, store, "wrong file")
    done(store, first)
    done(store, second)
    assert people(store) == {2024: 8}


def between(store):
    """What somebody else publishes while a job waits."""
    hand_in(store, rows=[moved(2026, 4)], name="between.csv", institution="demo", by="colleague")
    publish(store, "colleague")


@pytest.mark.parametrize("back", [partial(history.undo, APPROVER), lambda store, why: history.restore(APPROVER, store, 1, why)])
def test_what_came_on_air_while_a_job_waited_stays_there_and_one_decides_again(store, back):
    job = back(store, "wrong file")
    between(store)
    worker.serve(store, idle=0.01)
    failed = worker.state(store, job)
    assert (failed.state, failed.error["code"]) == ("failed", "V205")
    assert people(store) == {2024: 8, 2025: 9, 2026: 4}
    done(store, back(store, "looked again"))
    assert 2026 not in people(store)


def test_what_came_on_air_while_somebody_read_the_page_is_not_undone_in_its_place(store):
    between(store)
    refused("V205", history.undo, APPROVER, store, "wrong file", seen=3)
    refused("V205", history.restore, APPROVER, store, 1, "wrong file", seen=3)
    done(store, history.undo(APPROVER, store, "wrong file", seen=4))
    assert people(store) == {2024: 8, 2025: 9}


def test_a_worker_that_begins_an_undo_anew_publishes_once(store):
    facts = {"no": 2, "seen": 3, "reason": "wrong file"}
    assert [history.undo_job(store, facts, "approver", lambda stage, share: None) for _ in range(2)] == [{"publication": 4}] * 2
    assert on_air(store) == 4


def test_any_publication_is_shown_again(store):
    done(store, history.restore(APPROVER, store, 1, "back to the beginning"))
    assert people(store) == {2024: 5}
    refused("V203", history.restore, APPROVER, store, 99, "a typo")


def test_the_first_publication_cannot_be_undone(tmp_path):
    only = Store(tmp_path / "only")
    hand_in(only, rows=[moved(2024, 5)])
    publish(only, "editor")
    refused("V202", history.undo, ADMIN, only, "wrong file")


def test_a_file_that_waits_goes_on_waiting_and_one_that_was_undone_does_not_come_back(store):
    hand_in(store, rows=[moved(2026, 4)], name="waits.csv", institution="demo")
    done(store, history.undo(APPROVER, store, "wrong file"))
    assert people(store) == {2024: 8}
    assert [event.facts["name"] for event in waiting(store)] == ["waits.csv"]
    publish(store, "editor")
    assert people(store) == {2024: 8, 2026: 4}


@pytest.mark.parametrize("who", [VISITOR, REPORTER, EDITOR])
def test_only_approvers_go_back(store, who):
    refused("P101", history.undo, who, store, "wrong file")
    refused("P101", history.restore, who, store, 1, "wrong file")
    assert on_air(store) == 3
    done(store, history.undo(APPROVER, store, "wrong file"))


def test_going_back_needs_a_reason(store):
    refused("V103", history.undo, APPROVER, store, " ")
    refused("V103", history.restore, APPROVER, store, 1, "")
    refused("V103", history.erase, ADMIN, store, sha(store, "third.csv"), "")


# --- comparing ------------------------------------------------------------------------------------------------------------


def test_two_publications_are_compared_by_whoever_may_see_the_history(store):
    told = done(store, history.compare(REPORTER, store, 1, 3))
    totals = {(one["year"], one["what"]): (one["before"], one["after"]) for one in told["totals"]}
    assert totals[2024, "participants"] == (5, 8)
    assert totals[2025, "participants"] == (None, 9)
    refused("P101", history.compare, VISITOR, store, 1, 3)
    refused("V203", history.compare, REPORTER, store, 1, 99)


# --- originals ------------------------------------------------------------------------------------------------------------


def test_the_original_comes_back_byte_by_byte_and_the_log_says_so(store):
    no = number(store, "first.csv")
    name, content = history.original(EDITOR, store, no)
    assert (name, content) == ("first.csv", store.raw(sha(store, "first.csv")).read_bytes())
    event = log.events(store)[-1]
    assert (event.kind, event.by, event.facts["what"], event.facts["event"]) == ("exported", "editor", "original", no)


@pytest.mark.parametrize("who", [VISITOR, REPORTER, Person("other", "O", "editor", (("metu", "*"),))])
def test_originals_are_for_editors_of_that_institution(store, who):
    refused("P101", history.original, who, store, number(store, "first.csv"))
    assert log.events(store)[-1].kind == "published"
    history.original(ADMIN, store, number(store, "first.csv"))


def test_a_file_of_many_institutions_is_for_those_who_may_see_all_of_them(store):
    event = hand_in(store, rows=[moved(2024, 5), moved(2024, 6, institution="metu")], name="all.csv", institution="*")
    refused("P101", history.original, EDITOR, store, event.no)
    assert history.original(Person("wide", "W", "editor"), store, event.no)[0] == "all.csv"


def test_there_is_no_original_of_what_nobody_accepted(store):
    refused("V204", history.original, ADMIN, store, 999)
    published = next(event.no for event in log.events(store) if event.kind == "published")
    refused("V204", history.original, ADMIN, store, published)
    refused("P101", history.original, VISITOR, store, 999)


def test_a_download_of_an_original_is_no_report_with_an_old_number(store):
    history.original(EDITOR, store, number(store, "first.csv"))
    log.append(store, "exported", "reporter", what="A01 trend", format="csv", institution="demo", publication=2, indicators=["A01"])
    told = done(store, history.compare(REPORTER, store, 1, 3))
    assert [one["what"] for one in told["reports"]] == ["A01 trend"]


# --- erasing --------------------------------------------------------------------------------------------------------------


def test_an_erased_file_is_gone_everywhere_and_its_line_stays(store):
    digest = sha(store, "third.csv")
    draft = drafts.create(store, "editor", "third.csv", store.raw(digest).read_bytes(), institution="demo", source="mobility", year=2025)
    compared = history.compare(REPORTER, store, 2, 3)
    done(store, compared)
    done(store, history.erase(ADMIN, store, digest, "a name in a cell"))
    assert people(store) == {2024: 8}
    assert not store.raw(digest).exists()
    assert draft.id not in [one.id for one in drafts.listing(store)]
    assert worker.state(store, compared) is None, "what it told may quote a cell"
    came = next(file for one in history.entries(store) for file in one["came"] if file["name"] == "third.csv")
    assert came["erased"]
    refused("V204", history.original, ADMIN, store, came["event"])
    refused("V204", history.erase, ADMIN, store, digest, "once more")


def test_a_page_that_read_the_findings_before_does_not_show_them_after_the_erasure(store):
    finding = {"severity": "query", "cell": "D2", "what": "a name", "tr": {"what": "bir ad"}, "note": "a note"}
    facts = hand_in(store, rows=[moved(2026, 1)], name="noted.csv", institution="demo").facts
    event = log.append(store, "accepted", "editor", {"findings": [finding]}, **facts)
    publish(store, "editor")

    def shown():
        return [file["findings"] for one in history.entries(store) for file in one["came"] if file["event"] == event.no]

    assert shown() == [[{"cell": "D2", "en": "a name", "tr": "bir ad", "note": "a note"}]]
    done(store, history.erase(ADMIN, store, event.facts["file"], "a name in a cell"))
    assert shown() == [[]]
    assert not store.told(event.facts["told"]).exists()


def test_a_file_that_was_withdrawn_is_erased_as_well(store):
    event = hand_in(store, rows=[moved(2026, 1)], name="withdrawn.csv", institution="demo")
    log.append(store, "withdrawn", "editor", events=[event.no])
    assert store.raw(event.facts["file"]).exists()
    done(store, history.erase(ADMIN, store, event.facts["file"], "a name in a cell"))
    assert not store.raw(event.facts["file"]).exists()
    assert people(store) == {2024: 8, 2025: 9}


def test_what_was_erased_does_not_come_back_by_going_back(store):
    done(store, history.erase(ADMIN, store, sha(store, "third.csv"), "a name in a cell"))
    assert rebuild(store, retidy).digest == history.entries(store)[0]["digest"]
    done(store, history.restore(APPROVER, store, 3, "as it was"))
    assert people(store) == {2024: 8}


@pytest.mark.parametrize("who", [VISITOR, REPORTER, EDITOR, APPROVER])
def test_only_an_administrator_erases(store, who):
    refused("P101", history.erase, who, store, sha(store, "third.csv"), "a name in a cell")
    assert store.raw(sha(store, "third.csv")).exists()
    done(store, history.erase(ADMIN, store, sha(store, "third.csv"), "a name in a cell"))


def test_undo_and_restore_are_dated_today(store):
    done(store, history.undo(APPROVER, store, "wrong file"))
    assert history.entries(store)[0]["as_of"] == date.today().isoformat()
