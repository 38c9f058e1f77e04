"""The demo's files: the same every time, sound in themselves, and in words that the path understands."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import building
import pytest

from data.demo import aims, figures, happenings, make_demo, movement, people, register, research, sheets, standing, world
from pipelines import goals
from pipelines.catalogue import indicators
from pipelines.codes import years
from pipelines.codes.words import matcher
from pipelines.policies import policy
from pipelines.sources import sources

PUBLISHED = Path(make_demo.__file__).parent / "published"
AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder, make_demo.make(folder)


@pytest.fixture(scope="module")
def tables():
    """All rows of the sample as facts, without files: for what is measured from them."""
    return {
        "mobility": plain(row for year in world.YEARS for row in movement.year(year)),
        "country_distribution": plain(row for year in world.YEARS for row in people.year(year)),
        "agreements": plain(register.rows()),
        "yearly_figures": plain(figures.rows()),
        "activities": plain(happenings.rows()),
        "goals": plain(aims.rows()),
        "joint_publications": plain(research.rows()),
        "scores": plain(standing.rows()),
    }


@pytest.fixture(scope="module")
def sample(tables):
    return building.version(tables, AS_OF)


def plain(rows):
    found = [{name: value for name, value in row.items() if value is not None} for row in rows]
    for row in found:
        row.update({name: years.parse(row[name]).start for name in ("year_from", "baseline_year", "target_year") if name in row})
    return found


# --- the files ------------------------------------------------------------------------------------------------------------------


def test_the_files_are_the_same_every_time(written, tmp_path):
    folder, files = written
    make_demo.make(tmp_path)
    for name in [*(one.file for one in files), make_demo.MANIFEST]:
        assert hashlib.sha256((tmp_path / name).read_bytes()).digest() == hashlib.sha256((folder / name).read_bytes()).digest(), name


def test_the_manifest_says_what_every_file_is(written):
    folder, files = written
    told = tomllib.loads((folder / make_demo.MANIFEST).read_text(encoding="utf-8"))["file"]
    assert [one["file"] for one in told] == [one.file for one in files]
    assert {path.name for path in folder.iterdir()} == {one["file"] for one in told} | {make_demo.MANIFEST}
    assert {one["source"] for one in told} == set(sources()) - {"institutions"}
    assert {one["status"] for one in told} == {"final", "provisional"}


def test_the_demo_is_small_enough_to_be_built_while_somebody_waits(tables):
    assert 8000 < sum(map(len, tables.values())) < 15000


@pytest.mark.parametrize("language", ["en", "tr"])
def test_every_word_written_into_the_files_is_understood(tables, language):
    for name, rows in tables.items():
        columns = [column for column in sources()[name].columns if column.kind in ("word", "country")]
        for column in columns:
            codes = {row[column.name] for row in rows if column.name in row}
            for code in codes:
                word = sheets.spoken(name, [{column.name: code}], language)[0][column.name]
                assert matcher(column.vocabulary or "country")(str(word)).code == code, (name, column.name, word)


@pytest.mark.parametrize("path", sorted(PUBLISHED.glob("*.csv")), ids=lambda path: path.stem)
def test_the_published_figures_are_in_words_that_are_understood(path):
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["Institution"] == path.stem
            assert matcher("measure")(row["Measure"]).code in indicators()
            assert matcher("precision")(row["Precision"]).code
            assert (row["Value"] == "") == (row["Precision"] == "none")
            assert not row["Programme"] or matcher("programme")(row["Programme"]).code


@pytest.mark.parametrize("start", world.YEARS)
def test_academic_years_are_written_as_offices_do_and_read_as_one(start):
    assert {years.parse(world.written_year(start, style)).start for style in range(3)} == {start}


# --- the numbers ----------------------------------------------------------------------------------------------------------------


def test_no_two_rows_have_the_same_key(tables):
    for name, rows in tables.items():
        keys = Counter(tuple(row.get(column) for column in sources()[name].key) for row in rows)
        assert [key for key, often in keys.items() if often > 1] == [], name


def test_parts_add_up_to_the_whole_they_were_split_from():
    assert sum(world.share_out(100, {"a": 1, "b": 1, "c": 1}).values()) == 100
    assert world.share_out(1, {"a": 1, "b": 3}) == {"a": 0, "b": 1}


@pytest.mark.parametrize("start", world.YEARS)
def test_as_many_people_go_and_come_as_were_meant_to(start):
    abroad = [row for row in movement.year(start) if row["country"] != world.HOME and row["mode"] != "virtual" and row["role"] == "student"]
    for direction, meant in (("out", world.STUDENTS_OUT), ("in", world.STUDENTS_IN)):
        assert sum(row["participants"] for row in abroad if row["direction"] == direction) == meant[start]


def test_an_agreement_renews_one_that_exists_and_ended_the_day_before():
    rows = {row["agreement"]: row for row in register.rows()}
    renewals = [row for row in rows.values() if row["renews"]]
    assert len(renewals) > 100
    for row in renewals:
        before = rows[row["renews"]]
        assert (before["partner"], before["kind"]) == (row["partner"], row["kind"])
        assert (row["starts"] - before["ends"]).days == 1


# --- what is measured from them ---------------------------------------------------------------------------------------------------


def test_the_baselines_of_the_goals_are_the_measured_values(sample):
    for goal in policy("demo").goal:
        found = sample.query("select actual from board.goal_status where indicator = ? and year = ?", [goal.indicator, goal.baseline_year])
        assert found[0][0] == pytest.approx(goal.baseline, abs=0.03), goal.indicator


def test_the_newest_full_year_shows_every_status_that_a_value_can_have(sample):
    found = Counter(row[0] for row in sample.query("select status from board.goal_status where year = 2024"))
    assert found == {"reached": 1, "on_track": 6, "at_risk": 3, "behind": 2}


def test_the_score_and_the_indicator_of_the_plan_are_one_number_by_two_routes(sample):
    rows = sample.query("select indicator, weight, attainment_path from board.goal_status where year = 2024")
    found = goals.score([{"indicator": name, "weight": weight, "attainment_path": value} for name, weight, value in rows])
    plan = sample.query("select value from board.indicator_values where indicator = 'H10' and year_from = 2024")[0][0]
    assert found.value * 100 == pytest.approx(plan)
    assert set(found.capped) == {"A01", "A02", "A14", "C07", "D20", "E02", "E09", "F03"}
    assert (found.known, found.weight, found.missing) == (100, 100, ())


def test_years_without_mobility_are_no_data_when_over_and_not_due_before(sample):
    found = dict(sample.query("select year, status from board.goal_status where indicator = 'A01' and year > 2024"))
    assert found == {2025: "no_data", 2026: "not_due"}


def test_the_gap_between_report_and_rows_can_be_seen(sample):
    found = sample.query("""select origin, value from board.indicator_values
        where institution = 'demo' and indicator = 'A01' and year_from = 2022 and "by" = '' order by origin""")
    assert found == [("computed", 1010.0), ("reported", 1016.0)]


def test_domestic_exchange_of_the_sample_is_apart(sample):
    value = dict(sample.query("select year_from, value from board.indicator_values where indicator = 'A36'"))
    assert value == {year: world.FARABI_OUT[year] + world.FARABI_IN[year] for year in world.YEARS}


def test_agreements_that_end_soon_are_there_to_be_seen(sample):
    found = dict(sample.query("select indicator, value from board.indicator_values where year_from = 2026 and indicator in ('E06', 'E25')"))
    assert 10 <= found["E25"] < found["E06"]


# --- through the path -----------------------------------------------------------------------------------------------------------------

CHOSEN = (
    "hareketlilik_2015.csv",
    "hareketlilik_2019.xlsx",
    "mobility_2023.xlsx",
    "hedefler.xlsx",
    "published_igdir.csv",
    "published_metu.csv",
)


@pytest.mark.parametrize("name", CHOSEN)
def test_a_file_of_the_demo_passes_the_path_without_an_error(written, tmp_path, name):
    from pipelines.path import Choices, draft

    folder, files = written
    one = next(one for one in files if one.file == name)
    made = draft(folder / name, Choices(layout=one.source, institution=one.institution, series=one.series, status=one.status), tmp_path)
    assert made.errors == []
    assert not made.unreadable
    # the office told three of its 38 nationalities: the check asks, the manifest's note answers
    assert [finding.code for finding in made.queries] == (["C512"] if name == "published_igdir.csv" else [])
    assert made.facts[one.source]["rows"] > 5
