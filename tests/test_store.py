"""The store keeps bytes: whole or not at all, read-only, by one writer at a time."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shelf import in_child, received, table

from pipelines import store
from pipelines.errors import MeridianError
from pipelines.publishing import contents, fingerprint
from pipelines.store import Current, Store, code_version

CURRENT = Current(1, "1-abc.duckdb", "abc", 3, "f" * 64, "0.1.0+x", "2026-11-23T10:00:00+00:00", "editor", {"accepted": [1, 2]})


@pytest.fixture
def shelf(tmp_path):
    return Store(tmp_path / "store")


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def test_nothing_is_created_before_something_is_written(shelf):
    assert shelf.current() is None
    assert not shelf.path.exists()


def test_original_bytes_are_kept_under_their_hash_and_cannot_be_written(shelf, tmp_path):
    given = received(tmp_path, "a.csv", b"a;b\n1;2\n")
    assert shelf.put_raw(given) == given.sha256
    kept = shelf.raw(given.sha256)
    assert kept.read_bytes() == b"a;b\n1;2\n"
    assert kept.stat().st_mode & 0o222 == 0


def test_the_same_bytes_under_two_names_are_kept_once(shelf, tmp_path):
    shelf.put_raw(received(tmp_path, "a.csv", b"same"))
    shelf.put_raw(received(tmp_path, "b.csv", b"same"))
    assert len(names(shelf.path)) == 1


def test_handing_in_a_file_again_mends_a_damaged_copy(shelf, tmp_path):
    given = received(tmp_path, "a.csv", b"right")
    kept = shelf.raw(shelf.put_raw(given))
    kept.chmod(0o640)
    kept.write_bytes(b"wrong")
    shelf.put_raw(given)
    assert kept.read_bytes() == b"right"


def test_a_file_that_changed_since_it_was_received_is_refused_and_leaves_nothing(shelf, tmp_path):
    given = received(tmp_path, "a.csv", b"before")
    given.path.write_bytes(b"after")
    with pytest.raises(MeridianError) as refused:
        shelf.put_raw(given)
    assert refused.value.finding.code == "S104"
    assert names(shelf.path) == []


def test_a_write_that_fails_leaves_nothing_and_says_so(shelf, tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(MeridianError) as refused:
        shelf.put_raw(received(tmp_path, "a.csv", b"bytes"))
    assert refused.value.finding.code == "S103"
    assert "No space left" in str(refused.value)
    assert names(shelf.path) == []


def test_a_tidy_table_is_kept_with_the_hash_of_its_bytes(shelf, tmp_path):
    pq.write_table(table("mobility", [{"institution": "demo", "academic_year": 2023, "participants": 3.0}]), tmp_path / "t.parquet")
    told = shelf.put_tidy("a" * 64, "mobility", "v1", tmp_path / "t.parquet")
    kept = shelf.tidy_parquet("a" * 64, "mobility", "v1")
    assert told == {"parquet": kept.name, "bytes": fingerprint.of_file(kept)}
    assert pq.read_table(kept)["participants"].to_pylist() == [3.0]


def test_the_pointer_is_read_as_it_was_written(shelf):
    with shelf.lock():
        shelf.put_current(CURRENT)
        shelf.put_current(replace(CURRENT, no=2))
    assert shelf.current() == replace(CURRENT, no=2)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"no": 1}'])
def test_a_damaged_pointer_is_named(shelf, text):
    shelf.path.mkdir()
    shelf.pointer.write_text(text)
    with pytest.raises(MeridianError) as refused:
        shelf.current()
    assert refused.value.finding.code == "S134"


def test_while_one_process_writes_another_is_kept_out_and_afterwards_let_in(shelf, monkeypatch):
    monkeypatch.setattr(store, "WAIT", 0.05)

    def write():
        try:
            with Store(shelf.path).lock():
                return 0
        except MeridianError as busy:
            return 12 if busy.finding.code == "S102" else 13

    with shelf.lock():
        assert in_child(write) == 12
    assert in_child(write) == 0


def test_whoever_holds_the_lock_may_take_it_again_also_through_another_object(shelf):
    with shelf.lock(), shelf.lock(), Store(shelf.path).lock():
        assert in_child(lambda: 0) == 0


def test_the_next_writer_removes_what_a_dead_one_left_and_nothing_else(shelf, tmp_path):
    kept = shelf.raw(shelf.put_raw(received(tmp_path, "a.csv", b"kept")))
    (shelf.versions / ".arriving-1.duckdb.tmp").mkdir()
    (shelf.versions / ".arriving-1.duckdb.tmp" / "spilled").write_bytes(b"x")
    (shelf.path / "raw" / ".arriving-1-abc").write_bytes(b"half")
    assert len(shelf.temporary()) == 2
    with shelf.lock():
        assert shelf.temporary() == []
        (shelf.path / "raw" / ".arriving-2-def").write_bytes(b"my own")
        with shelf.lock():
            assert len(shelf.temporary()) == 1
    assert kept.read_bytes() == b"kept"


def test_the_fingerprint_of_a_table_is_of_its_content_not_of_its_encoding():
    plain = pa.table({"word": ["x", None, "y", "x"], "number": pa.array([1, None, 2, 0], pa.float64()), "day": [date(2024, 9, 1)] * 4})
    coded = pa.DictionaryArray.from_arrays(pa.array([3, None, 1, 0], pa.int8()), ["x", "y", "unused", "x"])
    again = pa.table({"word": coded, "number": plain["number"], "day": plain["day"]})
    halves = pa.concat_tables([plain.slice(0, 2), plain.slice(2)])
    assert contents.of_table(plain) == contents.of_table(again) == contents.of_table(halves)


@pytest.mark.parametrize(
    "other",
    [
        {"word": ["x", "y"], "number": [1.0, None]},
        {"word": ["x", None], "number": [1.0, 0.0]},
        {"word": [None, "x"], "number": [None, 1.0]},
        {"word": ["x", None], "n": [1.0, None]},
        {"word": ["x", ""], "number": [1.0, None]},
    ],
    ids=["word", "zero for missing", "order", "name", "empty for missing"],
)
def test_the_fingerprint_of_a_table_tells_other_content_apart(other):
    assert contents.of_table(pa.table({"word": ["x", None], "number": [1.0, None]})) != contents.of_table(pa.table(other))


def test_a_parquet_file_has_the_fingerprint_of_its_table(tmp_path):
    rows = table(
        "mobility", [{"institution": "demo", "academic_year": 2023, "country": country} for country in ("DEU", None, "FRA", "DEU")]
    )
    pq.write_table(rows, tmp_path / "t.parquet", row_group_size=2)
    assert contents.of_parquet(tmp_path / "t.parquet") == contents.of_table(rows)


def test_another_choice_of_the_person_is_another_version_of_the_tidy_table():
    assert code_version({"institution": "demo"}) == code_version({"institution": "demo"})
    assert code_version({"institution": "demo"}) != code_version({"institution": "metu"})


def test_the_version_of_the_product_follows_its_knowledge(tmp_path, monkeypatch):
    def version():
        fingerprint.product_version.cache_clear()
        return fingerprint.product_version()

    (tmp_path / "indicators").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "3"')
    (tmp_path / "indicators" / "a.toml").write_text("code = 1")
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    before = version()
    (tmp_path / "indicators" / "notes.txt").write_text("not read by anybody")
    assert version() == before
    (tmp_path / "indicators" / "a.toml").write_text("code = 2")
    assert version() != before
    monkeypatch.undo()
    fingerprint.product_version.cache_clear()
