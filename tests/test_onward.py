"""A publication that goes on from the one before it is the same as one built from nothing, whatever was handed in, in whatever order."""

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shelf import hand_in, moved

from pipelines import log
from pipelines.publish import publish
from pipelines.publishing import build, onward
from pipelines.store import Store

DAY, LATER, NEXT_YEAR = date(2026, 11, 1), date(2026, 12, 24), date(2027, 10, 1)
PEOPLE, YEARS = ("ada", "ben", "cem"), (2022, 2023, 2026)


def mobility(who, year, size):
    """Rows of a year: people of three kinds, by unit and partner."""
    kinds = [("out", "student", "Uni A", 4), ("in", "student", "Uni B", 2), ("out", "academic_staff", None, 1)]
    return [
        moved(year, number * size, institution=who, direction=direction, role=role, partner=partner, unit=unit, country=country)
        for direction, role, partner, number in kinds
        for unit, country in (("Law", "DEU"), ("Arts", "FRA"))
    ]


def agreements(who, year, size):
    common = {"institution": who, "country": "DEU", "quota_out": 5.0, "status": "final"}
    return [
        common
        | {"agreement": f"{who}-{number}", "partner": f"Uni {'AB'[number % 2]}", "starts": date(year - 4, 3, 1), "ends": date(2026, 12, 1)}
        for number in range(size)
    ]


def figures(who, year, size):
    common = {"institution": who, "precision": "exact", "status": "final"}
    yearly = [
        common | {"year_from": year, "measure": measure, "value": size * number} for measure, number in (("students", 900.0), ("A01", 7.0))
    ]
    return [*yearly, common | {"year_from": 2015, "year_to": 2023, "measure": "A01", "value": 70.0 * size}]


def nationalities(who, year, size):
    common = {"institution": who, "academic_year": year, "group": "students", "status": "final"}
    return [common | {"country": code, "headcount": 10.0 * size, "international": code != "TUR"} for code in ("TUR", "KAZ", "SYR")]


def activities(who, year, size):
    return [{"institution": who, "date": date(year, 10, day), "kind": "event", "title": f"Day {day}"} for day in range(1, size + 1)]


def goals(who, year, size):
    common = {"institution": who, "policy": "plan", "baseline_year": 2021, "baseline": 3.0, "target_year": 2028, "target": 40.0 + size}
    return [common | {"indicator": "A01"}, common | {"indicator": "A01", "unit": "Law"}, common | {"indicator": "E01"}]


def joint_publications(who, year, size):
    common = {"institution": who, "country": "DEU", "international": True, "status": "final"}
    return [common | {"academic_year": year - back, "partner": "Uni A", "publications": 2.0 * size} for back in range(5)]


def scores(who, year, size):
    common = {"institution": who, "academic_year": year, "status": "final"}
    ranks = [common | {"scheme": by, "criterion": "overall", "partner": "Uni A", "rank": 100.0 * size} for by in ("qs", "the")]
    return [*ranks, common | {"scheme": "yokak", "criterion": "a51", "score": 1.0 + size}]


def register(who, year, size):
    return [{"name": f"Office of {who} {size}", "country": "TUR", "erasmus_code": f"TR  {who.upper()}01"}]


ROWS = {
    "mobility": mobility, "agreements": agreements, "yearly_figures": figures, "country_distribution": nationalities,
    "activities": activities, "goals": goals, "institutions": register,
    "joint_publications": joint_publications, "scores": scores,
}  # fmt: skip

FILES = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["mobility", *ROWS]),
        "whose": st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True),
        "years": st.lists(st.sampled_from(YEARS), min_size=1, max_size=2, unique=True),
        "size": st.integers(1, 3),
        "series": st.sampled_from([("main", 0), ("main", 0), ("second", 1)]),
        "part": st.sampled_from(["", "", "Erasmus", "Mevlana"]),
    }
)
UNDO = st.integers(1, 3)
"""Publish the list without so many of its files."""
STEPS = st.lists(st.tuples(st.one_of(FILES, FILES, UNDO), st.sampled_from([DAY, DAY, DAY, LATER, NEXT_YEAR])), min_size=2, max_size=4)


def accept(store, source, whose, years, size, series, part):
    rows = [row for who in whose for year in years for row in ROWS[source](who, year, size)]
    rows = list({str(row): row for row in rows}.values())
    name = f"{source}-{len(log.events(store))}.csv"
    return hand_in(store, source, rows, name=name, series=series[0], rank=series[1], part=part)


def beginning(store):
    """A large office that nobody touches, something of everybody, and two who told a number twice, each in another dataset."""
    hand_in(store, rows=[row for year in range(2002, 2027) for row in mobility("zoe", year, 9)], name="zoe.csv")
    hand_in(store, "agreements", agreements("ben", 2024, 3), name="ben-agreements.csv")
    hand_in(store, rows=[row for who in PEOPLE for year in (2023, 2026) for row in mobility(who, year, 2)], name="everybody.csv")
    hand_in(store, rows=mobility("ben", 2023, 3), name="ben-again.csv", series="second", rank=1)
    for series, rank in (("main", 0), ("second", 1)):
        hand_in(store, "yearly_figures", figures("ada", 2023, 1 + rank), name=f"ada-{series}.csv", series=series, rank=rank)
    return publish(store, "publisher", as_of=DAY)


def anew(store, done):
    """The digest of the same list on the same day, built from nothing."""
    found = log.events(store)
    listed = [event for event in found if event.no in done.accepted]
    plan = build.Plan(build.arrivals(store, listed, build.hashes(found)), done.as_of, build.steps())
    with build.built(store, plan, lambda digest: ([], {})) as made:
        return made


def different(store, done):
    """Tables whose content is not what it would be if built from nothing."""
    event, made = log.events(store)[-1], anew(store, done)
    return sorted(
        name for name in made.tables.keys() | event.facts["tables"].keys() if made.tables.get(name) != event.facts["tables"].get(name)
    )


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """The store that every history begins with; never written to."""
    store = Store(tmp_path_factory.mktemp("begun") / "store")
    beginning(store)
    return store


@settings(max_examples=max(10, int(os.environ.get("MERIDIAN_EXAMPLES", "0")) // 200))
@given(steps=STEPS)
def test_whatever_is_handed_in_and_undone_the_next_publication_is_as_if_built_from_nothing(begun, steps):
    with tempfile.TemporaryDirectory() as folder:
        store = Store(shutil.copytree(begun.path, Path(folder) / "store"))
        listed = tuple(store.current().facts["accepted"])
        for no, (step, day) in enumerate(steps, 2):
            files = None
            if isinstance(step, int):
                files = listed[:-step] or listed[:1]
            else:
                accept(store, **step)
            done = publish(store, "publisher", as_of=day, files=files)
            listed = done.accepted
            assert log.events(store)[-1].facts["grown_from"] == no - 1
        assert different(store, done) == []


@pytest.fixture
def shelf(tmp_path, begun):
    return Store(shutil.copytree(begun.path, tmp_path / "store"))


def measured(monkeypatch):
    """Whose rows the steps see, publication by publication."""
    seen = []

    def look(connection, as_of):
        seen.append({who for (who,) in connection.execute("select distinct institution from facts.mobility").fetchall()})

    usual = build.steps()
    monkeypatch.setattr(build, "steps", lambda: (look, *usual))
    return seen


def test_only_the_institution_that_handed_something_in_is_measured_again(shelf, monkeypatch):
    seen = measured(monkeypatch)
    hand_in(shelf, rows=mobility("ada", 2024, 1), name="new.csv")
    done = publish(shelf, "publisher", as_of=DAY)
    assert seen == [{"ada"}]
    assert different(shelf, done) == []


def test_on_another_day_whoever_has_agreements_is_measured_again_too(shelf, monkeypatch):
    seen = measured(monkeypatch)
    hand_in(shelf, rows=mobility("ada", 2024, 1), name="new.csv")
    done = publish(shelf, "publisher", as_of=LATER)
    assert seen == [{"ada", "ben"}]
    assert different(shelf, done) == []


def test_after_an_undo_the_institution_of_the_file_is_measured_again(shelf, monkeypatch):
    seen = measured(monkeypatch)
    listed = shelf.current().facts["accepted"]
    done = publish(shelf, "publisher", as_of=DAY, files=listed[:-1])
    assert seen == [{"ada"}]
    assert different(shelf, done) == []


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_what_two_institutions_told_twice_in_different_datasets_is_measured_for_each_by_itself(shelf, who):
    rows = figures("ada", 2023, 3) if who == "ada" else mobility("ben", 2023, 1)
    hand_in(shelf, "yearly_figures" if who == "ada" else "mobility", rows, name="third.csv", series="second", rank=1)
    assert different(shelf, publish(shelf, "publisher", as_of=DAY)) == []


def test_in_another_academic_year_and_with_a_new_register_everybody_is_measured_again(shelf, monkeypatch):
    seen = measured(monkeypatch)
    publish(shelf, "publisher", as_of=NEXT_YEAR)
    hand_in(shelf, "institutions", register("ada", 0, 1), name="register.csv")
    publish(shelf, "publisher", as_of=NEXT_YEAR)
    assert seen == [{*PEOPLE, "zoe"}] * 2


def test_a_version_on_air_that_was_touched_is_not_built_upon(shelf):
    path = shelf.versions / shelf.current().file
    path.chmod(0o640)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update facts.mobility set participants = 1000 where institution = 'zoe'")
    hand_in(shelf, rows=mobility("ada", 2024, 1), name="new.csv")
    done = publish(shelf, "publisher", as_of=DAY)
    assert "grown_from" not in log.events(shelf)[-1].facts
    assert different(shelf, done) == []


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(path.read_bytes()[:5000]), Path.unlink], ids=["cut short", "missing"])
def test_a_version_on_air_that_is_damaged_is_not_built_upon(shelf, damage):
    path = shelf.versions / shelf.current().file
    path.chmod(0o640)
    damage(path)
    hand_in(shelf, rows=mobility("ada", 2024, 1), name="new.csv")
    publish(shelf, "publisher", as_of=DAY)
    assert "grown_from" not in log.events(shelf)[-1].facts


def test_a_version_of_other_code_is_not_built_upon(shelf, monkeypatch):
    monkeypatch.setattr(onward, "product_version", lambda: "other")
    hand_in(shelf, rows=mobility("ada", 2024, 1), name="new.csv")
    publish(shelf, "publisher", as_of=DAY)
    assert "grown_from" not in log.events(shelf)[-1].facts


def test_asked_to_build_anew_it_does(shelf):
    before = shelf.current().digest
    assert publish(shelf, "publisher", as_of=DAY, anew=True).digest == before
    assert "grown_from" not in log.events(shelf)[-1].facts
