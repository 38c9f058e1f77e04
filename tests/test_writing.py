"""What people add to reports: texts that outlive publications, self-scores with reasons, evidence with numbers that are never given twice."""

from __future__ import annotations

import hashlib
import io

import pytest
from docx import Document

from pipelines import log
from pipelines.access.person import Person
from pipelines.desk import evidence, letterhead, writing
from pipelines.errors import MeridianError
from pipelines.frameworks import Section
from pipelines.store import Store

WHO = Person("quality", "Nur", "reporter")
ADMIN = Person("root", "Ada", "administrator")
HERE = Section("demo", "yokak", "A.5.1")
PDF = b"%PDF-1.7 an order of the rector"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def refused(code, act, *given, **more):
    with pytest.raises(MeridianError) as stopped:
        act(*given, **more)
    assert stopped.value.finding.code == code


def test_a_text_is_read_back_per_criterion_slot_and_language(store):
    writing.write(WHO, store, HERE, "evaluation", "tr", " Değerlendirme ")
    writing.write(WHO, store, HERE, "evaluation", "en", "Evaluation")
    writing.write(WHO, store, Section("metu", "yokak", "A.5.1"), "evaluation", "en", "Another's")
    assert writing.texts(store, "demo", "yokak", "tr") == {("A.5.1", "evaluation"): "Değerlendirme"}
    assert writing.texts(store, "demo", "yokak", "en") == {("A.5.1", "evaluation"): "Evaluation"}


def test_nothing_written_is_overwritten_unseen_and_nothing_is_lost(store):
    first = writing.write(WHO, store, HERE, "evaluation", "en", "first")
    refused("V411", writing.write, ADMIN, store, HERE, "evaluation", "en", "second")
    writing.write(ADMIN, store, HERE, "evaluation", "en", "second", seen=first.no)
    assert writing.text(store, HERE, "evaluation", "en").text == "second"
    assert [event.facts["text"] for event in log.events(store)] == ["first", "second"]


def test_an_empty_text_brings_the_generated_one_back(store):
    first = writing.write(WHO, store, HERE, "finding", "en", "mine")
    writing.write(WHO, store, HERE, "finding", "en", "", seen=first.no)
    assert writing.texts(store, "demo", "yokak", "en") == {}


def test_a_self_score_needs_a_level_that_exists_and_a_reason(store):
    refused("V412", writing.score, WHO, store, HERE, 6, "why")
    refused("V412", writing.score, WHO, store, HERE, 0, "why")
    refused("V413", writing.score, WHO, store, HERE, 3, "  ")
    writing.score(WHO, store, HERE, 3, "practised everywhere", ["A.5.1.1"])
    judged = writing.scores(store, "demo", "yokak")["A.5.1"]
    assert (judged.level, judged.reason, judged.proofs, judged.by) == (3, "practised everywhere", ("A.5.1.1",), "quality")


def test_a_criterion_that_does_not_exist_is_refused(store):
    refused("K101", writing.write, WHO, store, Section("demo", "yokak", "Z.1"), "evaluation", "en", "x")
    refused("K101", evidence.attach_link, WHO, store, Section("demo", "nothing", "A.5.1"), "x", "https://example.org")


def test_evidence_is_numbered_per_criterion_and_a_number_is_never_given_twice(store):
    evidence.attach_link(WHO, store, HERE, "Policy", "https://example.org/policy")
    evidence.attach_file(WHO, store, HERE, "Order", "order.pdf", PDF)
    evidence.withdraw(WHO, store, "demo", "yokak", "A.5.1.2", "the wrong year")
    evidence.attach_link(WHO, store, HERE, "Chart", "https://example.org/chart")
    assert [one.number for one in evidence.items(store, "demo", "yokak")] == ["A.5.1.1", "A.5.1.3"]
    assert [one.number for one in evidence.items(store, "demo", "yokak", withdrawn=True)] == ["A.5.1.1", "A.5.1.2", "A.5.1.3"]
    refused("V425", evidence.withdraw, WHO, store, "demo", "yokak", "A.5.1.2", "again")


def test_a_file_is_kept_as_it_came_and_cited_with_its_hash(store):
    evidence.attach_file(WHO, store, HERE, "Order", "order.pdf", PDF)
    (item,) = evidence.items(store, "demo", "yokak")
    assert evidence.content(store, item) == PDF
    (proof,) = evidence.proofs(store, "demo", "yokak")["A.5.1"]
    assert (proof.digest, proof.where, proof.by) == (hashlib.sha256(PDF).hexdigest(), "order.pdf", "quality")
    assert evidence.verify(store) == []


def test_a_file_that_is_refused_for_its_title_leaves_no_bytes_behind(store):
    refused("V421", evidence.attach_file, WHO, store, HERE, " ", "order.pdf", PDF)
    refused("K101", evidence.attach_file, WHO, store, Section("demo", "yokak", "Z.1"), "Order", "order.pdf", PDF)
    assert [path for path in store.evidence("").glob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "data"),
    [("page.pdf", b"<html>"), ("run.exe", b"MZ"), ("list.csv", b"<!doctype html>"), ("a.txt", b"a\0b"), ("a.docx", PDF), ("noending", PDF)],
)
def test_a_file_that_is_not_what_it_says_is_refused(store, name, data):
    refused("V423", evidence.attach_file, WHO, store, HERE, "x", name, data)


@pytest.mark.parametrize(("name", "data"), [("order.PDF", PDF), ("list.csv", b"a;b\n1;2"), ("scan.png", b"\x89PNG\r\n\x1a\n")])
def test_a_file_that_is_what_it_says_is_filed(store, name, data):
    evidence.attach_file(WHO, store, HERE, "x", name, data)
    assert evidence.items(store, "demo", "yokak")[0].name == name


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://x.org/a", "https://", "https://x.org/a b", 'https://x.org/"><x'])
def test_a_link_that_is_no_address_of_the_web_is_refused(store, link):
    refused("V422", evidence.attach_link, WHO, store, HERE, "x", link)


def test_an_empty_file_and_one_without_a_title_are_refused(store):
    refused("V424", evidence.attach_file, WHO, store, HERE, "x", "a.pdf", b"")
    refused("V421", evidence.attach_file, WHO, store, HERE, " ", "a.pdf", PDF)
    assert evidence.items(store, "demo", "yokak") == []


def test_a_changed_or_lost_file_is_named_by_verify(store):
    evidence.attach_file(WHO, store, HERE, "Order", "order.pdf", PDF)
    (item,) = evidence.items(store, "demo", "yokak")
    store.evidence(item.digest).chmod(0o600)
    store.evidence(item.digest).write_bytes(b"%PDF-something else")
    assert [one.code for one in evidence.verify(store)] == ["V426"]
    refused("V426", evidence.content, store, item)


def test_erasing_removes_the_bytes_and_leaves_the_number_taken(store):
    evidence.attach_file(WHO, store, HERE, "Order", "order.pdf", PDF)
    (item,) = evidence.items(store, "demo", "yokak")
    refused("P101", evidence.erase, WHO, store, item.digest, "a name")
    evidence.erase(ADMIN, store, item.digest, "a name was in it")
    assert not store.evidence(item.digest).exists()
    assert evidence.items(store, "demo", "yokak") == []
    assert evidence.verify(store) == []
    evidence.attach_link(WHO, store, HERE, "Chart", "https://example.org/chart")
    assert evidence.items(store, "demo", "yokak")[0].number == "A.5.1.2"


def test_the_last_report_taken_is_known_with_its_numbers(store):
    assert writing.last_taken(store, "demo", "yokak") is None
    writing.taken(WHO, store, "demo", "yokak", "tr", "docx", 3, {"A01 2024": "1.482"})
    found = writing.last_taken(store, "demo", "yokak")
    assert (found.publication, found.format, found.numbers, found.by) == (3, "docx", {"A01 2024": "1.482"}, "quality")
    assert writing.last_taken(store, "demo", "yokak", "en") is None


def test_a_template_is_tried_kept_and_can_be_given_up_again(store):
    whole = io.BytesIO()
    own = Document()
    own.add_paragraph("{{ title }}")
    own.save(whole)
    assert letterhead.current(store) is None
    refused("R101", letterhead.keep, ADMIN, store, "bad.docx", b"no document")
    letterhead.keep(ADMIN, store, "own.docx", whole.getvalue())
    assert (letterhead.current(store).name, letterhead.current(store).content) == ("own.docx", whole.getvalue())
    letterhead.keep(ADMIN, store, "", b"")
    assert letterhead.current(store) is None
