"""Handing in below the pages: from bytes to a publication and back, who may, who decides, and what two people at once come to."""

from __future__ import annotations

import csv
import io
from functools import partial

import pytest
from jobs import done as jobs_done
from jobs import here_and_now
from office import turkish_workbook

from pipelines import log, path
from pipelines.access.person import Person
from pipelines.desk import drafts, governance, handing, matching, remembered, worker
from pipelines.errors import MeridianError
from pipelines.publish import rebuild, verify
from pipelines.sources import sources
from pipelines.store import Store
from pipelines.warehouse import open_version

EDITOR = Person("editor", "Ece", "editor", (("demo", "*"),))
COLLEAGUE = Person("colleague", "Can", "editor", (("demo", "mobility"),))
APPROVER = Person("approver", "Ayşe", "approver")
ADMIN = Person("admin", "Ali", "administrator")
VIEWER = Person("viewer", "Veli", "viewer")
HEAD = (
    "Kurum",
    "Akademik yıl",
    "Yön",
    "Katılımcı türü",
    "Faaliyet",
    "Program",
    "Ülke",
    "Karşı kurum",
    "Birim",
    "Düzey",
    "Katılımcı sayısı",
)


def sheet(*rows):
    """A file in our own template: (year, country, people) a row."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=";", lineterminator="\n")
    write.writerow(HEAD)
    for year, country, people in rows:
        write.writerow(
            (
                "demo",
                f"{year}-{year + 1}",
                "Giden",
                "Öğrenci",
                "Öğrenim",
                "Erasmus+",
                country,
                "Örnek Üniversitesi",
                "Mühendislik Fakültesi",
                "Lisans",
                people,
            )
        )
    return out.getvalue().encode()


@pytest.fixture(scope="module", autouse=True)
def checker():
    """Great Expectations once for all tests of this file."""
    from pipelines import check

    check.warm()


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store whose jobs are done here and now, in this process."""
    here_and_now(monkeypatch)
    found = Store(tmp_path / "store")
    found.work.mkdir(parents=True)
    return found


def begun(store, data, who=EDITOR, **more):
    chosen = {"institution": "demo", "source": "mobility", "year": 2024, "name": "giden.csv"} | more
    draft = handing.begin(who, store, data=data, **chosen)
    jobs_done(store)
    return handing.seen(who, store, draft.id)


def found(store, draft):
    return drafts.examined(store, drafts.load(store, draft.id))


def noted(store, draft, who=EDITOR):
    """Every query answered."""
    asked = {one["key"]: "counted again" for one in found(store, draft)["findings"] if one["severity"] == "query"}
    return handing.answer(who, store, draft.id, notes=asked) if asked else draft


def published(store, data, who=EDITOR, reason="yearly return", **more):
    draft = noted(store, begun(store, data, who, **more), who)
    handing.publish(who, store, draft.id, reason)
    jobs_done(store)
    done = drafts.load(store, draft.id)
    assert done.stage == "published", worker.state(store, done.job).error
    return done


def people(store, year=2024):
    rows = open_version(store.path).query("select sum(participants) from core.mobility where academic_year = ?", [year])
    return rows[0][0]


def refused(code, call, *args, **more):
    with pytest.raises(MeridianError) as stopped:
        call(*args, **more)
    assert stopped.value.finding.code == code
    return stopped.value.finding


# --- the way of a file -------------------------------------------------------------------------------------------------


def test_a_perfect_file_goes_from_drop_to_publication_without_a_question(store):
    draft = begun(store, sheet((2024, "Almanya", 17), (2024, "İtalya", 4)))
    told = found(store, draft)
    assert (told["step"], told["layout_id"], told["rows"]) == ("effect", "mobility", {"mobility": 2})
    assert told["impact"]["rows"]["mobility"]["new"] == 2
    handing.publish(EDITOR, store, draft.id, "yearly return")
    jobs_done(store)
    assert drafts.load(store, draft.id).publication == 1
    assert people(store) == 21


def test_the_event_says_who_why_and_from_which_draft(store):
    done = published(store, sheet((2024, "Almanya", 17)), reason="late returns")
    event = next(event for event in log.events(store) if event.kind == "accepted")
    assert (event.by, event.facts["reason"], event.facts["draft"]) == ("editor", "late returns", done.id)
    assert [event.kind for event in log.events(store)] == ["uploaded", "accepted", "published"]


def test_after_publishing_the_bytes_lie_in_the_store_and_no_longer_in_the_draft(store):
    data = sheet((2024, "Almanya", 17))
    done = published(store, data)
    assert store.raw(done.sha256).read_bytes() == data
    assert not drafts.given(store, done).exists()


def test_an_offices_own_workbook_is_explained_answered_and_published(store, tmp_path):
    data = turkish_workbook(tmp_path / "giden.xlsx").read_bytes()
    draft = begun(store, data, name="giden öğrenci.xlsx")
    told = found(store, draft)
    assert (told["step"], told["missing"]) == ("columns", ["direction", "role"])
    handing.answer(EDITOR, store, draft.id, answers=told["answers"] | {"constants": {"direction": "out", "role": "student"}})
    jobs_done(store)
    told = found(store, draft)
    assert [(one["word"], one["suggestion"]) for one in told["values"]] == [("Almnya", "DEU")]
    answers = drafts.load(store, draft.id).answers
    handing.answer(EDITOR, store, draft.id, answers=answers | {"words": {"country": {"Almnya": "DEU"}}, "numbers": "tr"})
    jobs_done(store)
    assert found(store, draft)["step"] == "effect"
    handing.publish(EDITOR, store, draft.id, "yearly return")
    jobs_done(store)
    assert people(store) == 2558
    assert rebuild(store, path.retidy(store)).no == 1
    assert not [finding for finding in verify(store) if finding.severity == "error"]


def test_the_layout_is_remembered_and_next_years_workbook_is_not_asked_again(store, tmp_path):
    test_an_offices_own_workbook_is_explained_answered_and_published(store, tmp_path)
    assert list(remembered.remembered(store)) == ["demo_mobility"]
    again = begun(store, turkish_workbook(tmp_path / "next.xlsx").read_bytes(), name="next.xlsx", year=2025)
    told = found(store, again)
    assert (told["step"], told["layout_id"], told["values"]) == ("effect", "demo_mobility", [])
    assert told["facts"]["sources"]["mobility"]["years"] == [2025]


def test_a_wrong_cell_is_corrected_in_the_draft_and_the_original_stays_as_it_was(store):
    data = sheet((2024, "Almanya", "12 kişi"), (2024, "İtalya", 4))
    draft = begun(store, data)
    told = found(store, draft)
    fault = next(one for one in told["findings"] if one["severity"] == "error")
    assert (told["step"], fault["cell"], told["cells"]["K2"], fault["fix"]) == ("findings", "K2", "12 kişi", "12")
    handing.answer(EDITOR, store, draft.id, fixes={"K2": "12"})
    jobs_done(store)
    assert found(store, draft)["step"] == "effect"
    handing.publish(EDITOR, store, draft.id, "yearly return")
    jobs_done(store)
    assert people(store) == 16
    assert store.raw(draft.sha256).read_bytes() == data
    assert rebuild(store, path.retidy(store)).no == 1


def test_a_question_needs_a_note_which_stands_in_the_history(store):
    published(store, sheet((2023, "Almanya", 200)), year=2023)
    draft = begun(store, sheet((2024, "Almanya", 2000)))
    asked = [one for one in found(store, draft)["findings"] if one["severity"] == "query"]
    assert asked
    refused("H106", handing.publish, EDITOR, store, draft.id, "yearly return")
    handing.answer(EDITOR, store, draft.id, notes={one["key"]: "a new agreement" for one in asked})
    handing.publish(EDITOR, store, draft.id, "yearly return")
    jobs_done(store)
    event = [event for event in log.events(store) if event.kind == "accepted"][-1]
    assert {one["note"] for one in event.facts["findings"] if one["severity"] == "query"} == {"a new agreement"}


def test_a_publication_needs_a_reason(store):
    draft = begun(store, sheet((2024, "Almanya", 17)))
    refused("H109", handing.publish, EDITOR, store, draft.id, "  ")
    handing.publish(EDITOR, store, draft.id, "yearly return")


def test_the_same_bytes_once_more_are_recognised(store):
    data = sheet((2024, "Almanya", 17))
    published(store, data)
    again = found(store, begun(store, data))
    assert "H102" in [one["code"] for one in again["findings"]]
    changed = found(store, begun(store, sheet((2024, "Almanya", 18))))
    assert "H102" not in [one["code"] for one in changed["findings"]]


def test_a_file_of_another_year_is_asked_about(store):
    told = found(store, begun(store, sheet((2022, "Almanya", 17))))
    assert "H104" in [one["code"] for one in told["findings"]]
    assert "H104" not in [one["code"] for one in found(store, begun(store, sheet((2024, "Almanya", 17))))["findings"]]


def test_a_part_is_added_and_a_whole_replaces(store):
    published(store, sheet((2024, "Almanya", 17)), part="Erasmus+")
    published(store, sheet((2024, "Ürdün", 4)), part="Mevlana", name="mevlana.csv")
    assert people(store) == 21
    published(store, sheet((2024, "Ürdün", 5)), part="Mevlana", name="mevlana2.csv")
    assert people(store) == 22
    published(store, sheet((2024, "İtalya", 9)), name="whole.csv")
    assert people(store) == 9


def test_a_name_that_is_nearly_known_is_asked_and_one_answer_makes_them_one(store):
    published(store, sheet((2023, "Almanya", 17)), year=2023)
    data = sheet((2024, "Almanya", 18)).replace("Mühendislik Fakültesi".encode(), "Mühendislik Fakultesi".encode() + b"i")
    draft = begun(store, data)
    asked = [one for one in found(store, draft)["values"] if one["column"] == "unit"]
    assert [(one["suggestion"], one["must"]) for one in asked] == [("Mühendislik Fakültesi", False)]
    handing.answer(EDITOR, store, draft.id, answers={"words": {"unit": {asked[0]["word"]: "Mühendislik Fakültesi"}}})
    jobs_done(store)
    assert found(store, draft)["values"] == []


# --- who may, and who decides ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "institution", "source", "allowed"),
    [
        (VIEWER, "demo", "mobility", False), (EDITOR, "demo", "mobility", True), (EDITOR, "metu", "mobility", False),
        (COLLEAGUE, "demo", "mobility", True), (COLLEAGUE, "demo", "agreements", False), (ADMIN, "metu", "agreements", True),
    ],
)  # fmt: skip
def test_an_editor_hands_in_for_their_institutions_and_datasets_only(store, who, institution, source, allowed):
    call = partial(handing.begin, who, store, institution=institution, source=source, name="a.csv", data=b"a;b\n1;2\n", year=2024)
    if allowed:
        assert call().by == who.id
    else:
        refused("P101", call)
        assert drafts.listing(store) == []


def test_rows_of_another_institution_are_not_published_by_who_may_not(store):
    data = sheet((2024, "Almanya", 17)).replace(b"demo;", b"metu;")
    chosen = {"institution": "*", "source": "mobility", "year": 2024, "name": "giden.csv"}
    refused("P101", handing.begin, EDITOR, store, data=data, **chosen)
    draft = begun(store, data, Person("wide", "W", "editor", (("*", "mobility"),)), institution="*")
    assert found(store, draft)["facts"]["institutions"] == ["metu"]
    mine = begun(store, data)
    assert "T119" in [one["code"] for one in found(store, mine)["findings"]]


def test_four_eyes_always_needs_a_second_person_and_never_the_same(store):
    governance.set_setting(ADMIN, store, "four_eyes", "always", "senate decision")
    draft = begun(store, sheet((2024, "Almanya", 17)))
    refused("H107", handing.publish, EDITOR, store, draft.id, "yearly return")
    handing.propose(EDITOR, store, draft.id, "yearly return")
    refused("P101", handing.approve, EDITOR, store, draft.id)
    refused("P101", handing.approve, COLLEAGUE, store, draft.id)
    handing.approve(APPROVER, store, draft.id)
    jobs_done(store)
    assert drafts.load(store, draft.id).stage == "published"
    event = next(event for event in log.events(store) if event.kind == "accepted")
    assert (event.by, event.facts["approved_by"]) == ("editor", "approver")


def test_an_approver_does_not_approve_their_own(store):
    governance.set_setting(ADMIN, store, "four_eyes", "always", "senate decision")
    draft = begun(store, sheet((2024, "Almanya", 17)), APPROVER)
    handing.propose(APPROVER, store, draft.id, "yearly return")
    refused("H108", handing.approve, APPROVER, store, draft.id)
    handing.approve(ADMIN, store, draft.id)


def test_what_was_proposed_cannot_be_changed_until_it_is_taken_or_given_back(store):
    draft = begun(store, sheet((2024, "Almanya", 17)))
    handing.propose(EDITOR, store, draft.id, "yearly return")
    refused("H111", handing.answer, EDITOR, store, draft.id, fixes={"K2": "99"})
    handing.take_back(EDITOR, store, draft.id)
    handing.answer(EDITOR, store, draft.id, reason="again")
    handing.propose(EDITOR, store, draft.id, "yearly return")
    refused("H109", handing.give_back, APPROVER, store, draft.id, "")
    handing.give_back(APPROVER, store, draft.id, "the Jordanians are missing")
    assert drafts.load(store, draft.id).words == "the Jordanians are missing"
    handing.answer(EDITOR, store, draft.id, reason="with them")


def test_a_closed_year_needs_an_approver(store):
    published(store, sheet((2024, "Almanya", 17)))
    governance.seal(APPROVER, store, "demo", "mobility", 2024, "reported to the Council")
    draft = noted(store, begun(store, sheet((2024, "Almanya", 18)), name="late.csv"))
    refused("H107", handing.publish, EDITOR, store, draft.id, "late returns")
    other = noted(store, begun(store, sheet((2025, "Almanya", 18)), year=2025, name="next.csv"))
    handing.publish(EDITOR, store, other.id, "next year")


def test_discarding_a_draft_leaves_nothing_but_a_line_of_the_log(store):
    draft = begun(store, sheet((2024, "Almanya", 17)))
    refused("P101", handing.discard, VIEWER, store, draft.id)
    handing.discard(EDITOR, store, draft.id)
    refused("H101", handing.seen, EDITOR, store, draft.id)
    assert log.events(store)[-1].kind == "discarded"


def test_what_cannot_be_published_is_withdrawn_and_does_not_lie_in_the_next_ones_way(store, monkeypatch):
    draft = begun(store, sheet((2024, "Almanya", 17)))
    handing.publish(EDITOR, store, draft.id, "yearly return")

    def full(*_, **__):
        raise MeridianError("S103", detail="No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(handing, "put_on_air", full)
        jobs_done(store)
    assert drafts.load(store, draft.id).stage == "open"
    assert [event.kind for event in log.events(store)][-2:] == ["withdrawn", "job_failed"]
    published(store, sheet((2023, "İtalya", 4)), year=2023, name="other.csv")
    assert people(store, 2023) == 4
    assert people(store, 2024) is None
    handing.publish(EDITOR, store, draft.id, "now there is room")
    jobs_done(store)
    assert people(store, 2024) == 17


# --- two people at once ------------------------------------------------------------------------------------------------


def test_the_second_of_two_people_sees_what_changed_and_decides_again(store):
    first = begun(store, sheet((2024, "Almanya", 17)))
    second = begun(store, sheet((2024, "Almanya", 19)), COLLEAGUE, name="gelen.csv")
    handing.publish(EDITOR, store, first.id, "mine")
    handing.publish(COLLEAGUE, store, second.id, "mine too")
    jobs_done(store)
    late = drafts.load(store, second.id)
    assert late.stage == "open"
    error = worker.state(store, late.job).error
    assert error["code"] == "H110"
    assert "editor" in error["what"]
    assert people(store) == 17
    handing.look(store, late)
    jobs_done(store)
    told = found(store, late)
    assert (17, 19) in [(one["before"], one["after"]) for one in told["impact"]["totals"]]
    noted(store, late, COLLEAGUE)
    handing.publish(COLLEAGUE, store, second.id, "counted again")
    jobs_done(store)
    assert people(store) == 19


def test_two_people_in_two_years_do_not_disturb_each_other(store):
    first = begun(store, sheet((2024, "Almanya", 17)))
    second = begun(store, sheet((2023, "Almanya", 19)), COLLEAGUE, year=2023, name="gelen.csv")
    handing.publish(EDITOR, store, first.id, "mine")
    handing.publish(COLLEAGUE, store, second.id, "mine too")
    jobs_done(store)
    assert drafts.load(store, second.id).stage == "published"


def test_a_worker_that_begins_a_publication_anew_accepts_nothing_twice(store):
    done = published(store, sheet((2024, "Almanya", 17)))
    facts = {"draft": done.id, "reason": "yearly return"}
    from dataclasses import replace

    drafts.save(store, replace(done, publication=None, stage="open"))
    assert handing.publish_job(store, facts, "editor", lambda stage, share: None) == {"publication": 1}
    assert len([event for event in log.events(store) if event.kind in ("accepted", "published")]) == 2


def test_the_own_layout_of_a_draft_is_text_that_can_be_edited_and_kept(store, tmp_path):
    draft = begun(store, turkish_workbook(tmp_path / "giden.xlsx").read_bytes(), name="giden.xlsx")
    answers = found(store, draft)["answers"] | {"constants": {"direction": "out", "role": "student"}}
    layout = matching.made(answers, sources()["mobility"], found(store, draft)["header"], 2024)
    text = remembered.as_toml(matching.undated(matching.told(layout)))
    refused("P101", remembered.keep, VIEWER, store, "office", text)
    remembered.keep(EDITOR, store, "office", text)
    assert remembered.text(store, "office") == text
    refused("H103", remembered.keep, EDITOR, store, "office", text.replace("feeds", "feds"))
