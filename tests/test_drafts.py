"""Drafts: kept whatever happens, listed, resumed, gone after thirty days."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.desk import drafts
from pipelines.errors import MeridianError
from pipelines.store import Store

DATA = b"country;participants\nDEU;3\n"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def begun(store, name="giden.csv"):
    return drafts.create(store, "editor", name, DATA, institution="demo", source="mobility", year=2024)


def aged(store, draft, days):
    """A draft as if nobody had touched it for so many days."""
    path = store.drafts / draft.id / "state.json"
    told = json.loads(path.read_bytes())
    told["changed"] = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    path.write_text(json.dumps(told), encoding="utf-8")


def test_a_draft_is_read_back_as_it_was_written(store):
    draft = drafts.save(store, replace(begun(store), answers={"row": 4}, notes={"C301@D4": "yeni anlaşma"}))
    assert drafts.load(store, draft.id) == draft
    assert drafts.given(store, draft).read_bytes() == DATA


def test_drafts_are_listed_with_the_last_touched_first(store):
    first, second = begun(store), begun(store, "gelen.csv")
    drafts.save(store, first)
    assert [draft.id for draft in drafts.listing(store)] == [first.id, second.id]


def test_a_draft_of_thirty_one_days_is_gone_with_its_bytes(store):
    draft = begun(store)
    aged(store, draft, 31)
    assert drafts.listing(store) == []
    assert not (store.drafts / draft.id).exists()


def test_a_draft_of_twenty_nine_days_is_there(store):
    draft = begun(store)
    aged(store, draft, 29)
    assert [one.id for one in drafts.listing(store)] == [draft.id]


@pytest.mark.parametrize("name", ["nothere", "../../etc", "", "a/b"])
def test_an_unknown_draft_is_a_sentence(store, name):
    with pytest.raises(MeridianError) as refused:
        drafts.load(store, name)
    assert refused.value.finding.code == "H101"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\giden öğrenci.xlsx", "giden öğrenci.xlsx"), (".hidden", "hidden"), ("...", "file"),
        ("a\u202egnp.csv", "agnp.csv"), ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)  # fmt: skip
def test_a_files_name_is_a_name_and_never_a_path(given, kept):
    assert drafts.safe(given) == kept


def test_what_was_found_counts_until_something_the_reading_depends_on_changes(store):
    draft = begun(store)
    drafts.put_examined(store, draft, {"step": "effect"})
    assert drafts.examined(store, draft)["step"] == "effect"
    assert drafts.examined(store, replace(draft, notes={"a": "b"}, reason="late returns"))["step"] == "effect"
    assert drafts.examined(store, replace(draft, fixes={"D4": "5"})) is None
    assert drafts.examined(store, replace(draft, year=2023)) is None


def test_an_explaining_file_changes_the_reading(store):
    draft = begun(store)
    assert drafts.add_file(store, draft, "codes.csv", b"a;b\n").reading != draft.reading


def test_after_publishing_only_the_story_stays(store):
    draft = begun(store)
    drafts.empty(store, draft)
    assert not drafts.given(store, draft).exists()
    assert drafts.load(store, draft.id).name == "giden.csv"


def test_drafts_that_hold_certain_bytes_are_found(store):
    draft = begun(store)
    assert [one.id for one in drafts.holding(store, draft.sha256)] == [draft.id]
    assert list(drafts.holding(store, "0" * 64)) == []
