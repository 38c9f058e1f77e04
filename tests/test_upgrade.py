"""Stores that earlier versions of Meridian made go on after an upgrade: what was accepted stands, and every figure of then comes out again.

``stores/<day>`` were made by this repository's code of that day (raw, log, what lies beside it, tidy tables, CURRENT), as a backup holds
them; ``figures.csv`` is what that code computed.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from shelf import hand_in, moved, retidy

from pipelines import log
from pipelines.errors import MeridianError
from pipelines.publish import publish, verify
from pipelines.publishing.upgrade import upgrade
from pipelines.store import Store, product_version
from pipelines.warehouse import open_version

STORES = sorted((Path(__file__).parent / "stores").iterdir())
KEY = "institution, indicator, year_from, year_to, coalesce(\"by\", ''), coalesce(key, '')"


@pytest.fixture(params=STORES, ids=lambda path: path.name)
def old(request, tmp_path):
    shutil.copytree(request.param, tmp_path / "store")
    return Store(tmp_path / "store")


def figures_of_then(store):
    with (store.path / "figures.csv").open(encoding="utf-8") as file:
        return {
            (row["institution"], row["indicator"], int(row["year_from"]), int(row["year_to"]), row["by"], row["key"]): float(row["value"])
            for row in csv.DictReader(file)
        }


def figures(store):
    return {row[:-1]: row[-1] for row in open_version(store.path).query(f"select {KEY}, value from board.indicator_values")}


def test_a_store_of_an_older_version_goes_on_with_every_figure_of_then(old, command):
    code, day = old.current().code_version, old.current().facts["as_of"]
    assert code != product_version()
    done = command("--store", old.path, "upgrade", "--by", "it office")
    assert done.code == 0, done.err
    assert "read anew: 0 tables the same, 1 the same with further columns\npublished no. 2: 1 files" in done.out
    then, now = figures_of_then(old), figures(old)
    assert len(then) == 100
    assert {key: now.get(key) for key in then} == pytest.approx(then, rel=1e-9)
    assert (old.current().code_version, old.current().facts["as_of"]) == (product_version(), day)
    assert [event.kind for event in log.events(old)] == ["accepted", "published", "reread", "published"]
    again = command("--store", old.path, "rebuild")
    assert (again.code, again.out) == (0, f"rebuilt: digest {old.current().digest}, equal to the one on air\n")
    assert [one for one in verify(old) if one.severity == "error"] == []


def test_stores_of_two_versions_with_the_same_file_have_one_digest_after_the_upgrade(tmp_path, command):
    digests = set()
    for made in STORES:
        shutil.copytree(made, tmp_path / made.name)
        facts = Store(tmp_path / made.name).current().facts
        assert command("--store", tmp_path / made.name, "upgrade", "--by", "it").code == 0
        digests.add((facts["as_of"], Store(tmp_path / made.name).current().digest))
    assert len(STORES) == 2 and len(digests) == 1


def test_rebuilding_alone_names_what_differs_and_says_what_to_do(old, command):
    before = old.log_file.read_bytes()
    done = command("--store", old.path, "rebuild")
    assert done.code == 1
    assert "error S152" in done.err and "python -m pipelines upgrade --by NAME" in done.err
    assert old.log_file.read_bytes() == before


def test_a_store_without_a_publication_has_nothing_to_upgrade(tmp_path, command):
    log.append(Store(tmp_path / "store"), "noted", "ada")
    done = command("--store", tmp_path / "store", "upgrade", "--by", "it")
    assert (done.code, "error S101" in done.err) == (1, True)


@pytest.fixture
def shelf(tmp_path):
    store = Store(tmp_path / "store")
    hand_in(store, rows=[moved(2023, 5), moved(2024, 6)], name="stays.csv")
    hand_in(store, rows=[moved(2025, 7)], name="changes.csv")
    publish(store, "office")
    hand_in(store, rows=[moved(2022, 8)], name="waits.csv")
    return store


def people_by_year(store):
    return dict(open_version(store.path).query("select academic_year, sum(participants) from core.mobility group by 1 order by 1"))


def test_a_file_that_is_read_differently_now_is_named_and_goes_on_as_it_was_accepted(shelf):
    def otherwise(event, raw):
        tables = retidy(event, raw)
        if event.facts["name"] != "changes.csv":
            return tables
        return {
            name: table.set_column(table.schema.get_field_index("participants"), "participants", [[70.0]]) for name, table in tables.items()
        }

    done = upgrade(shelf, otherwise, "it")
    assert (done.same, done.grown, done.apart) == (2, 0, ("changes.csv",))
    assert people_by_year(shelf) == {2023: 5.0, 2024: 6.0, 2025: 7.0}


def test_a_file_that_cannot_be_read_any_more_goes_on_too(shelf):
    def refuses(event, raw):
        if event.facts["name"] == "changes.csv":
            raise MeridianError("S101", store="x")
        return retidy(event, raw)

    assert upgrade(shelf, refuses, "it").apart == ("changes.csv",)
    assert people_by_year(shelf) == {2023: 5.0, 2024: 6.0, 2025: 7.0}


def test_what_is_read_the_same_needs_no_line_and_files_that_wait_go_on_waiting(shelf):
    done = upgrade(shelf, retidy, "it")
    assert (done.same, done.grown, done.apart, done.publication.files) == (3, 0, (), 2)
    assert [event.kind for event in log.events(shelf)][-2:] == ["accepted", "published"]
    assert people_by_year(shelf) == {2023: 5.0, 2024: 6.0, 2025: 7.0}
    publish(shelf, "office")
    assert people_by_year(shelf)[2022] == 8.0


def test_a_lost_tidy_table_is_made_anew_on_the_way(shelf):
    (path, *_) = sorted((shelf.path / "tidy").glob("*.parquet"))
    path.unlink()
    assert upgrade(shelf, retidy, "it").same == 3
    assert path.is_file() and [one for one in verify(shelf) if one.code in ("S107", "S123")] == []
