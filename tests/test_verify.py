"""Whatever is changed in a store is named; a store that nobody touched is whole."""

import json
from datetime import date

import duckdb
import pytest
from shelf import hand_in, moved

from pipelines import log
from pipelines.publish import publish
from pipelines.publishing.verify import verify
from pipelines.store import Store

DAY = date(2026, 11, 1)


@pytest.fixture
def shelf(tmp_path):
    """Two files, two publications."""
    found = Store(tmp_path / "store")
    hand_in(found, rows=[moved(2023, 5)], name="first.csv")
    publish(found, "publisher", as_of=DAY, steps=())
    hand_in(found, rows=[moved(2024, 6)], name="second.csv")
    publish(found, "publisher", as_of=DAY, steps=())
    return found


def told(shelf):
    return [(finding.code, finding.place.file, finding.place.row) for finding in verify(shelf)]


def overwrite(path, content):
    path.chmod(0o640)
    path.write_bytes(content)


def flip(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    overwrite(path, content)


def event(shelf, name):
    return next(event for event in log.events(shelf) if event.facts.get("name") == name)


def lines(shelf, change):
    kept = shelf.log_file.read_bytes().splitlines(keepends=True)
    shelf.log_file.write_bytes(b"".join(change(kept)))


def test_a_store_that_nobody_touched_is_whole(shelf):
    assert told(shelf) == []


def test_an_empty_folder_is_whole(tmp_path):
    assert told(Store(tmp_path / "nothing")) == []


def test_one_flipped_bit_in_an_original_names_the_file(shelf):
    sha = event(shelf, "second.csv").facts["file"]
    flip(shelf.raw(sha), 7)
    (finding,) = verify(shelf)
    assert (finding.code, finding.place.file, finding.severity) == ("S121", f"raw/{sha}", "error")
    assert "second.csv" in finding.say("what", "en")
    assert "second.csv" in finding.say("what", "tr")


def test_a_missing_original_is_named(shelf):
    sha = event(shelf, "first.csv").facts["file"]
    shelf.raw(sha).unlink()
    assert told(shelf) == [("S120", f"raw/{sha}", None)]


def test_a_file_that_was_read_together_with_another_is_looked_at_too(shelf):
    with shelf.lock():
        shelf.raw("b" * 64).write_bytes(b"beside")
    hand_in(shelf, rows=[moved(2025, 6)], name="third.csv", params={"companions": {"codes.csv": "b" * 64}})
    assert told(shelf) == [("S121", f"raw/{'b' * 64}", None)]


def test_an_original_that_nobody_accepted_is_no_error(shelf):
    with shelf.lock():
        shelf.raw("a" * 64).write_bytes(b"x")
    (finding,) = verify(shelf)
    assert (finding.code, finding.severity) == ("S122", "info")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda kept: [kept[0], *kept[2:]], ("S112", "events.jsonl", 2)),
        (lambda kept: [kept[0], kept[2], kept[1], kept[3]], ("S113", "events.jsonl", 2)),
        (lambda kept: [kept[0], kept[1], kept[2].replace(b"second.csv", b"zweite.csv"), kept[3]], ("S111", "events.jsonl", 3)),
    ],
    ids=["removed", "swapped", "edited"],
)
def test_a_touched_line_of_the_log_is_named(shelf, change, expected):
    lines(shelf, change)
    assert told(shelf)[0] == expected


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_log_that_lost_its_end_no_longer_fits_the_version_on_air(shelf, kept):
    lines(shelf, lambda all_of_them: all_of_them[:kept])
    assert ("S116", "events.jsonl", None) in told(shelf)


def test_only_the_line_of_the_publication_lost_is_what_a_crash_leaves_and_no_error(shelf):
    lines(shelf, lambda kept: kept[:3])
    assert [finding.severity for finding in verify(shelf)] == ["info"]


def test_a_torn_last_line_is_no_error(shelf):
    with shelf.log_file.open("ab") as file:
        file.write(b'{"at":"2026')
    (finding,) = verify(shelf)
    assert (finding.code, finding.place.row, finding.severity) == ("S115", 5, "info")


def test_a_changed_tidy_table_is_named_and_can_be_made_anew(shelf):
    path = next((shelf.path / "tidy").glob("*.parquet"))
    flip(path, 60)
    (finding,) = verify(shelf)
    assert (finding.code, finding.place.file, finding.severity) == ("S123", f"tidy/{path.name}", "query")
    path.unlink()
    assert [finding.code for finding in verify(shelf)] == ["S123"]


def wipe(path):
    """Zeros over the second half, where the data lie."""
    content = path.read_bytes()
    overwrite(path, content[: len(content) // 2] + bytes(len(content) - len(content) // 2))


@pytest.mark.parametrize("damage", [lambda path: flip(path, 5), lambda path: flip(path, 4096 + 9), wipe], ids=["head", "header", "data"])
def test_a_damaged_version_is_named_also_one_that_is_no_longer_on_air(shelf, damage):
    for path in sorted(shelf.versions.glob("*.duckdb")):
        damage(path)
    assert told(shelf) == [("S132", f"versions/{path.name}", None) for path in sorted(shelf.versions.glob("*.duckdb"))]


def test_a_version_cut_short_is_named(shelf):
    path = shelf.versions / shelf.current().file
    overwrite(path, path.read_bytes()[:-5000])
    assert told(shelf) == [("S132", f"versions/{path.name}", None)]


def test_a_figure_changed_in_a_version_is_named_with_its_table_also_in_an_older_version(shelf):
    for path in shelf.versions.glob("*.duckdb"):
        path.chmod(0o640)
        with duckdb.connect(str(path)) as connection:
            connection.execute("update facts.mobility set participants = 7 where academic_year = 2023")
    findings = verify(shelf)
    assert [finding.code for finding in findings] == ["S131", "S131"]
    assert all(finding.values["tables"] == "facts.mobility" for finding in findings)


def test_a_view_changed_in_a_version_is_named(shelf):
    path = shelf.versions / shelf.current().file
    path.chmod(0o640)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create or replace view core.mobility as select * from facts.mobility where not prime")
    (finding,) = verify(shelf)
    assert (finding.code, finding.values["tables"]) == ("S131", "views")


def test_a_version_on_air_that_is_missing_is_named(shelf):
    (shelf.versions / shelf.current().file).unlink()
    assert told(shelf) == [("S130", "CURRENT", None)]


def test_an_older_version_may_be_gone(shelf):
    next(shelf.versions.glob("1-*")).unlink()
    assert told(shelf) == []


@pytest.mark.parametrize("damage", ["missing", "garbage"])
def test_a_damaged_pointer_is_named(shelf, damage):
    shelf.pointer.unlink() if damage == "missing" else shelf.pointer.write_text("{")
    assert [code for code, _, _ in told(shelf)] == ["S130" if damage == "missing" else "S134"]


def test_a_pointer_to_another_version_than_it_says_is_named(shelf):
    said = json.loads(shelf.pointer.read_text())
    shelf.pointer.write_text(json.dumps(said | {"file": "9-nothing.duckdb"}))
    assert told(shelf) == [("S130", "CURRENT", None)]


def test_what_a_dead_writer_left_is_no_error_and_gone_after_the_next(shelf):
    (shelf.versions / ".arriving-77.duckdb").write_bytes(b"half")
    (finding,) = verify(shelf)
    assert (finding.code, finding.severity) == ("S140", "info")
    hand_in(shelf, rows=[moved(2025, 1)], name="third.csv")
    assert told(shelf) == []


def test_a_version_of_another_duckdb_is_not_compared(shelf, monkeypatch):
    monkeypatch.setattr(duckdb, "__version__", "9.9.9")
    assert [(finding.code, finding.severity) for finding in verify(shelf)] == [("S133", "info"), ("S133", "info")]


def test_verifying_changes_nothing(shelf):
    before = {path: path.stat().st_mtime_ns for path in shelf.path.rglob("*")}
    verify(shelf)
    assert {path: path.stat().st_mtime_ns for path in shelf.path.rglob("*")} == before
