"""What a file would change is told before anybody decides, and is what happens when it is published."""

import json
from datetime import date
from pathlib import Path

import pytest
from shelf import hand_in, moved, table

from pipelines import compare, log
from pipelines.errors import MeridianError
from pipelines.publish import publish
from pipelines.store import Store
from pipelines.tidying.arrays import write_tidy
from pipelines.warehouse import open_version

DAY = date(2026, 11, 1)
GOAL = {
    "institution": "demo",
    "policy": "plan",
    "indicator": "A01",
    "baseline_year": 2021,
    "baseline": 10.0,
    "target_year": 2023,
    "target": 20.0,
}


@pytest.fixture
def shelf(tmp_path):
    """A university with a goal that is missed, and another one with more rows than it."""
    store = Store(tmp_path / "store")
    hand_in(store, rows=[moved(2022, 11), moved(2023, 12), moved(2023, 3, country="FRA")], name="demo.csv")
    hand_in(store, "goals", [GOAL], name="goals.csv")
    hand_in(store, rows=[moved(year, 7, institution="other", unit=unit) for year in range(2010, 2025) for unit in "abc"], name="other.csv")
    publish(store, "publisher", as_of=DAY)
    return store


def coming(folder, rows, source="mobility", **more):
    """Facts and tidy tables of a file that nobody has accepted yet."""
    path = Path(folder) / f"{len(list(Path(folder).glob('*.parquet')))}-{source}.parquet"
    write_tidy(table(source, rows), path)
    own = {source: {"rows": len(rows), "years": sorted({row.get("academic_year", 0) for row in rows}), "columns": {}}}
    facts = {"file": "f" * 64, "name": "new.csv", "institution": "demo", "series": "main", "rank": 0, "part": "", "layout": "test"}
    return facts | {"status": "final", "sources": own} | more, {source: path}


def told(shelf, tmp_path, rows, source="mobility", **more):
    found = compare.impact(shelf, *coming(tmp_path, rows, source, **more), "editor", as_of=DAY)
    assert json.loads(json.dumps(found)) == found
    return found


def test_nothing_is_put_on_air_accepted_or_left_behind(shelf, tmp_path):
    before = sorted(shelf.path.rglob("*")), shelf.current(), log.events(shelf)
    told(shelf, tmp_path, [moved(2023, 99)])
    assert (sorted(shelf.path.rglob("*")), shelf.current(), log.events(shelf)) == before


def test_rows_are_new_changed_removed_or_the_same_with_their_cell(shelf, tmp_path):
    found = told(shelf, tmp_path, [moved(2023, 12), moved(2023, 4, country="FRA"), moved(2023, 5, country="ITA")])
    assert found["rows"] == {"mobility": {"new": 1, "changed": 1, "removed": 0, "same": 1}}
    changed, new = found["changes"]
    assert (changed["kind"], changed["before"], changed["after"], changed["cell"]) == (
        "changed", {"participants": 3.0}, {"participants": 4.0}, "Data!D3",
    )  # fmt: skip
    assert (changed["key"]["country"], changed["key"]["academic_year"]) == ("FRA", 2023)
    assert (new["kind"], new["before"], new["after"]["participants"], new["cell"]) == ("new", {}, 5.0, "Data!D4")


def test_a_row_that_a_file_leaves_out_is_removed_and_a_year_it_does_not_have_is_untouched(shelf, tmp_path):
    found = told(shelf, tmp_path, [moved(2023, 12)])
    assert found["rows"] == {"mobility": {"new": 0, "changed": 0, "removed": 1, "same": 1}}
    (removed,) = found["changes"]
    assert (removed["kind"], removed["key"]["country"], removed["before"]["participants"], removed["after"]) == ("removed", "FRA", 3.0, {})


def test_the_same_row_twice_is_two_rows(shelf, tmp_path):
    found = told(shelf, tmp_path, [moved(2023, 12), moved(2023, 12), moved(2023, 3, country="FRA")])
    assert found["rows"] == {"mobility": {"new": 1, "changed": 0, "removed": 0, "same": 2}}


def test_totals_of_its_slots_are_told_before_and_after(shelf, tmp_path):
    found = told(shelf, tmp_path, [moved(2023, 20), moved(2024, 5)])
    totals = {(one["year"], one["what"]): (one["before"], one["after"]) for one in found["totals"]}
    assert totals == {
        (2023, "rows"): (2, 1),
        (2023, "participants"): (15.0, 20.0),
        (2024, "rows"): (None, 1),
        (2024, "participants"): (None, 5.0),
    }
    assert {(one["source"], one["institution"]) for one in found["totals"]} == {("mobility", "demo")}


def test_indicators_that_change_or_are_new_are_told_and_no_others(shelf, tmp_path):
    found = told(shelf, tmp_path, [moved(2023, 12), moved(2023, 8, country="FRA"), moved(2024, 5)])
    a01 = {one["year_from"]: (one["before"], one["after"]) for one in found["indicators"] if one["code"] == "A01"}
    assert a01 == {2023: (15.0, 20.0), 2024: (None, 5.0)}
    assert {one["institution"] for one in found["indicators"]} == {"demo"}


def test_a_goal_that_flips_is_told_with_its_attainment(shelf, tmp_path):
    found = told(shelf, tmp_path, [moved(2023, 25)])
    goals = {one["year"]: one for one in found["goals"]}
    assert (goals[2023]["attainment_before"], goals[2023]["attainment_after"], goals[2023]["flips"]) == (0.5, 1.5, True)
    assert goals[2023]["status_before"] != goals[2023]["status_after"]
    assert set(goals) == {2023}


def test_the_slots_of_the_file_and_who_holds_them_are_told(shelf, tmp_path):
    found = told(shelf, tmp_path, [moved(2023, 1), moved(2025, 1)])
    assert found["slots"] == [{"institution": "demo", "source": "mobility", "year_from": year, "year_to": year} for year in (2023, 2025)]
    assert (found["holders"], found["publication"]) == ([1], 1)


def test_a_report_that_used_a_number_that_changes_is_named_and_one_that_did_not_is_not(shelf, tmp_path):
    for what, institution, codes in (
        ("report", "demo", ["A01"]),
        ("data", "demo", []),
        ("report", "demo", ["F99"]),
        ("report", "other", ["A01"]),
    ):
        log.append(shelf, "exported", "reader", what=what, institution=institution, indicators=codes, publication=1)
    found = told(shelf, tmp_path, [moved(2023, 99)])
    assert [(one["what"], one["no"], one["by"], one["publication"]) for one in found["reports"]] == [
        ("report", 5, "reader", 1),
        ("data", 6, "reader", 1),
    ]
    assert told(shelf, tmp_path, [moved(2023, 12), moved(2023, 3, country="FRA")])["reports"] == []


def test_the_first_file_of_an_empty_store_is_all_new(tmp_path):
    found = told(Store(tmp_path / "empty"), tmp_path, [moved(2023, 12)])
    assert (found["publication"], found["holders"], found["rows"]["mobility"]["new"]) == (None, [], 1)
    assert {(one["before"], one["after"]) for one in found["indicators"] if one["code"] == "A01"} == {(None, 12.0)}


def test_a_part_changes_nothing_of_what_is_there(shelf, tmp_path):
    found = told(shelf, tmp_path, [moved(2023, 4, country="ITA")], part="Mevlana")
    assert found["rows"] == {"mobility": {"new": 1, "changed": 0, "removed": 0, "same": 0}}
    assert found["holders"] == [1]


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("mobility", [moved(2023, 12), moved(2024, 1)]),
        ("mobility", [moved(year, 9, institution="other") for year in (2012, 2030)]),
        ("goals", [GOAL | {"target": 15.0}]),
        ("yearly_figures", [{"institution": "demo", "measure": "students", "year_from": 2023, "value": 500.0, "precision": "exact"}]),
        ("institutions", [{"name": "DEMO", "country": "TUR", "erasmus_code": "TR  DEMO01"}]),
    ],
)
def test_what_was_told_is_what_differs_between_the_two_publications_afterwards(shelf, tmp_path, source, rows):
    """Also where one of the versions is no longer kept."""
    expected = told(shelf, tmp_path, rows, source)
    event = hand_in(shelf, source, rows, name="new.csv")
    done = publish(shelf, "publisher", as_of=DAY)
    found = compare.publications(shelf, 1, 2)
    same = ("rows", "totals", "indicators", "goals", "counts")
    assert {name: found[name] for name in same} == {name: expected[name] for name in same}
    assert [without(one, "file") for one in found["changes"]] == [without(one, "file") for one in expected["changes"]]
    assert found["files"] == {"added": [event.no], "removed": []}
    assert compare.publications(shelf, 2, 1)["files"] == {"added": [], "removed": [event.no]}
    done.file.unlink()
    again = compare.publications(shelf, 1, 2)
    assert {name: again[name] for name in same} == {name: found[name] for name in same}


def without(row, name):
    return {key: value for key, value in row.items() if key != name}


def test_a_publication_that_never_was_cannot_be_compared(shelf):
    with pytest.raises(MeridianError) as refused:
        compare.publications(shelf, 1, 9)
    assert refused.value.finding.code == "S162"


def test_an_open_version_does_not_stand_in_the_way(shelf, tmp_path):
    version = open_version(shelf.path)
    assert version.query("select count(*) from core.mobility") == [(48,)]
    assert told(shelf, tmp_path, [moved(2023, 99)])["publication"] == 1
    assert compare.publications(shelf, 1, 1)["counts"] == {"changes": 0, "indicators": 0, "goals": 0}


def test_a_damaged_version_on_air_is_named(shelf, tmp_path):
    path = shelf.versions / shelf.current().file
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(MeridianError) as refused:
        told(shelf, tmp_path, [moved(2023, 99)])
    assert refused.value.finding.code == "S132"


# --- who holds the slots -----------------------------------------------------------------------------------------------
def test_holders_are_the_files_on_air_or_waiting_whose_slots_the_file_would_take(shelf, tmp_path):
    file = coming(tmp_path, [moved(2023, 1)])
    assert compare.holders(shelf, *file) == [1]
    later = hand_in(shelf, rows=[moved(2023, 1, country="ITA")], name="waiting.csv")
    assert compare.holders(shelf, *file) == [later.no]
    assert compare.holders(shelf, *coming(tmp_path, [moved(2022, 1)])) == [1]


def test_parts_beside_each_other_are_all_holders(shelf, tmp_path):
    part = hand_in(shelf, rows=[moved(2023, 1, country="ITA")], part="Mevlana", name="part.csv")
    assert compare.holders(shelf, *coming(tmp_path, [moved(2023, 1)])) == [1, part.no]


def test_nobody_holds_a_slot_of_another_year_series_institution_or_dataset(shelf, tmp_path):
    assert compare.holders(shelf, *coming(tmp_path, [moved(2030, 1)])) == []
    assert compare.holders(shelf, *coming(tmp_path, [moved(2023, 1)], series="second")) == []
    assert compare.holders(shelf, *coming(tmp_path, [moved(2023, 1, institution="third")])) == []
    figure = {"institution": "demo", "measure": "students", "year_from": 2023, "value": 500.0}
    assert compare.holders(shelf, *coming(tmp_path, [figure], "yearly_figures")) == []


def test_holders_are_the_same_whether_or_not_the_version_on_air_can_be_built_upon(shelf, tmp_path):
    file = coming(tmp_path, [moved(2023, 1), moved(2022, 1)])
    before = compare.holders(shelf, *file)
    (shelf.versions / shelf.current().file).unlink()
    assert compare.holders(shelf, *file) == before
