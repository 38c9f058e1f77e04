"""Goals that were changed: what holds in a year, the step in the path, and a judgement that does not reach back."""

from __future__ import annotations

from datetime import date

import pytest
from building import version
from jobs import here_and_now
from shelf import hand_in
from shelf import moved as people_of

from pipelines import log
from pipelines.access.person import Person
from pipelines.desk import drafts, handing, targets, worker
from pipelines.errors import MeridianError
from pipelines.goals import gather
from pipelines.measuring import revisions
from pipelines.publish import publish
from pipelines.store import Store
from pipelines.warehouse import open_version


def row(target_year, target, effective=None, **more):
    told = {
        "institution": "example", "policy": "plan", "indicator": "A01", "unit": None, "baseline_year": 2020, "baseline": 100.0,
        "target_year": target_year, "target": target, "effective_year": effective, "target_upper": None,
    }  # fmt: skip
    return told | more


PLAN = [row(2022, 120.0), row(2025, 150.0)]
CHANGED = [*PLAN, row(2025, 130.0, 2023)]


def test_without_a_change_every_year_has_the_same_targets():
    assert revisions.in_force(PLAN, 2020) == revisions.in_force(PLAN, 2030) == PLAN
    assert revisions.course(PLAN) == [(2020, 100.0), (2022, 120.0), (2025, 150.0)]
    assert revisions.given_up(PLAN) == {}


def test_a_changed_target_holds_from_its_year_and_not_before():
    assert [one["target"] for one in revisions.in_force(CHANGED, 2022)] == [120.0, 150.0]
    assert [one["target"] for one in revisions.in_force(CHANGED, 2023)] == [120.0, 130.0]


def test_the_path_steps_in_the_year_of_the_change():
    steps = revisions.course(CHANGED)
    assert steps[:2] == [(2020, 100.0), (2022, 120.0)]
    assert steps[2] == (2023, 130.0), "what was due before: a third of the way from 120 to 150"
    assert steps[3] == (2023, pytest.approx(120 + 10 / 3)), "what is due since: a third of the way from 120 to 130"
    assert steps[-1] == (2025, 130.0)


def test_the_old_target_stays_to_be_seen():
    assert revisions.given_up(CHANGED) == {2023: [(2020, 100.0), (2022, 120.0), (2025, 150.0)]}


def test_two_changes_leave_two_old_paths():
    twice = [*CHANGED, row(2025, 160.0, 2024)]
    assert [path[-1] for path in revisions.given_up(twice).values()] == [(2025, 150.0), (2025, 130.0)]
    assert revisions.course(twice)[-1] == (2025, 160.0)


def test_the_newest_targets_are_the_goal():
    assert [step.target for step in gather(CHANGED)[0].steps] == [120.0, 130.0]
    assert [step.target for step in gather(CHANGED, 2022)[0].steps] == [120.0, 150.0]


def moved(year, people):
    return {"academic_year": year, "direction": "out", "role": "student", "country": "DEU", "participants": people}


def judged(goals, years):
    rows = [{name: word for name, word in one.items() if name != "institution"} for one in goals]
    built = version({"mobility": [moved(year, people) for year, people in years.items()], "goals": rows}, date(2026, 10, 1))
    found = built.query("select year, target, expected, attainment from board.goal_status where indicator = 'A01' order by year")
    return {year: (target, expected, attainment) for year, target, expected, attainment in found}


def test_years_before_a_change_are_judged_by_the_old_target_and_years_after_by_the_new_one():
    years = {2021: 110, 2022: 120, 2023: 125, 2024: 128}
    before, after = judged(PLAN, years), judged(CHANGED, years)
    assert after[2022] == before[2022] == (150.0, 120.0, pytest.approx(0.4))
    assert after[2024][0] == 130.0
    # the same by hand: (actual − baseline) / (target − baseline)
    assert after[2024][2] == pytest.approx((128 - 100) / (130 - 100))
    assert before[2024][2] == pytest.approx((128 - 100) / (150 - 100))


def test_the_chart_shows_the_old_path_beside_the_new_one_in_both_languages():
    from pipelines import catalogue, figures
    from pipelines.language import language

    for code, name in (("en", "Goal until 2023–24"), ("tr", "2023–24 yılına kadarki hedef")):
        drawn = figures.trend(
            catalogue.indicator("A01"), [], language(code), goal=revisions.course(CHANGED), former=revisions.given_up(CHANGED)
        )  # fmt: skip
        series = {one.name: [(point.x, point.y) for point in one.points] for one in drawn.series}
        assert series[name][-1] == (2025, 150.0)
        row = next(row for row in drawn.table.rows if row[0] == language(code).year(2025))
        assert [column.name for column in drawn.table.columns][3] == name
        assert row[2:4] == (130.0, 150.0), "the table holds what the chart shows: the new target and the old one"


# --- edited in the grid -------------------------------------------------------------------------------------------------


def edited(rows, **change):
    return [one | change if one["target_year"] == 2025 else dict(one) for one in rows]


def test_a_target_changed_in_the_grid_stands_twice_as_it_was_and_as_it_is():
    rows = targets.changed(PLAN, edited(PLAN, target=130.0), 2023)
    assert [(one["target_year"], one["target"], one["effective_year"]) for one in rows] == [
        (2022, 120.0, None), (2025, 150.0, None), (2025, 130.0, 2023),
    ]  # fmt: skip


def test_what_is_no_target_is_corrected_in_place():
    rows = targets.changed(PLAN, edited(PLAN, responsible="Erasmus Office"), 2023)
    assert [(one["target_year"], one["responsible"]) for one in rows] == [(2022, None), (2025, "Erasmus Office")]


def test_a_change_of_the_same_year_is_changed_and_not_doubled():
    after = [one | {"target": 135.0} if one["effective_year"] == 2023 else dict(one) for one in CHANGED]
    assert [(one["target"], one["effective_year"]) for one in targets.changed(CHANGED, after, 2023)] == [
        (120.0, None),
        (150.0, None),
        (135.0, 2023),
    ]


def test_an_untouched_grid_is_the_same_and_a_touched_one_is_not():
    assert targets.same(PLAN, [dict(one) for one in PLAN])
    assert not targets.same(PLAN, edited(PLAN, target=151.0))


def test_the_grid_becomes_a_workbook_that_reads_back_exactly(tmp_path):
    from pipelines.desk.targets import as_file
    from pipelines.layouts import template
    from pipelines.read import read
    from pipelines.receive import receive
    from pipelines.sources import sources
    from pipelines.tidy import Handed, tidy

    name, data = as_file("demo", [one | {"target": one["target"] + 0.306} for one in CHANGED])
    (tmp_path / name).write_bytes(data)
    made = tidy(read(receive(tmp_path / name)), template(sources()["goals"]), Handed(name, "demo"))
    found = [(one["target_year"], one["target"], one["effective_year"], one["baseline"]) for one in made.tables["goals"].to_pylist()]
    assert found == [(2022, 120.306, None, 100.0), (2025, 150.306, None, 100.0), (2025, 130.306, 2023, 100.0)]
    assert not [finding for finding in made.findings if finding.severity == "error"]


def test_a_weight_that_changes_changes_from_its_year_on():
    rows = targets.changed(PLAN, edited(PLAN, weight=30.0), 2023)
    assert [(one["target_year"], one["weight"], one["effective_year"]) for one in rows] == [
        (2022, None, None), (2025, None, None), (2025, 30.0, 2023),
    ]  # fmt: skip
    held = [one | {"institution": "example"} for one in rows]
    assert [gather(held, year)[0].weight for year in (2022, 2023)] == [None, 30.0]
    assert revisions.given_up(held) == {}, "the path is the same"
    assert revisions.course(held) == revisions.course(PLAN)


def test_a_further_target_of_a_goal_does_not_reach_back_and_a_new_goal_holds_from_the_beginning():
    rows = targets.changed(PLAN, [*map(dict, PLAN), row(2030, 200.0), row(2030, 9.0, indicator="A02")], 2023)
    assert [(one["indicator"], one["target"], one["effective_year"]) for one in rows[2:]] == [("A01", 200.0, 2023), ("A02", 9.0, None)]
    held = [one | {"institution": "example"} for one in rows]
    assert [gather(held, year)[0].final.target for year in (2022, 2023)] == [150.0, 200.0]


def test_a_goal_that_comes_later_is_not_judged_before():
    found = judged([row(2025, 150.0, 2023)], {2021: 110, 2022: 120, 2023: 125})
    assert list(found) == [2023]


def test_the_weights_of_a_changed_goal_are_counted_once(tmp_path):
    from test_check import _checked, _complete

    changed = [{"weight": 60.0}, {"weight": 60.0, "target": 22.0, "effective_year": 2025, "decided_in": "d"}]
    other = {"indicator": "A02", "weight": 40.0}
    codes = [one.code for one in _checked(tmp_path, "goals", _complete("goals", [*changed, other], "demo", 2)).findings]
    assert not {"C705", "C707"} & set(codes)
    codes = [one.code for one in _checked(tmp_path, "goals", _complete("goals", [*changed, other | {"weight": 30.0}], "demo", 2)).findings]
    assert "C705" in codes


# --- refused before anything is written -----------------------------------------------------------------------------------


def handed(rows, after, effective=2023):
    return [(one.code, one.place.row) for one in targets.faults("example", targets.changed(rows, after, effective))]


def test_cells_that_are_empty_are_named_with_their_row_of_the_grid():
    assert handed(PLAN, edited(PLAN, target=None)) == [("V302", 2)]
    assert handed(PLAN, edited(PLAN, target=140.0)) == []


def test_a_goal_that_contradicts_itself_is_refused_with_its_row():
    assert handed(PLAN, edited(PLAN, target=140.0), effective=2026) == [("G104", 2)]
    assert handed(PLAN, edited(PLAN, target_upper=140.0)) == [("G103", 2)]
    assert handed(PLAN, edited(PLAN, baseline=90.0)) == [("G101", 1)]
    assert handed(PLAN, [one | {"baseline": 90.0} for one in PLAN]) == []


def test_an_empty_cell_is_said_in_both_languages():
    found = targets.faults("example", targets.changed(PLAN, edited(PLAN, target=None), 2023))[0]
    assert (found.say("what", "en"), found.say("what", "tr")) == ("Target is empty.", "Hedef boş.")


# --- the whole way ----------------------------------------------------------------------------------------------------------

EDITOR = Person("editor", "Ece", "editor", (("demo", "*"),))


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Goals and the mobility they are judged by, on air; jobs are done here and now."""
    here_and_now(monkeypatch)
    found = Store(tmp_path / "store")
    found.work.mkdir(parents=True)
    hand_in(
        found, rows=[people_of(year, count) for year, count in {2021: 110, 2022: 120, 2023: 125, 2024: 128}.items()], institution="demo"
    )
    goals = [one | {"institution": "demo", "decided_in": "Senate 2020/4", "responsible": "Office"} for one in PLAN]
    hand_in(found, "goals", goals, name="plan.csv", institution="demo", series="goals", layout="goals")
    publish(found, "editor", as_of=date(2026, 10, 1))
    return found


def attained(store):
    rows = open_version(store.path).query("select year, target, attainment from board.goal_status order by year")
    return {year: (target, attainment) for year, target, attainment in rows}


def grid_of(store):
    return targets.grid(open_version(store.path), "demo")


def test_a_target_changed_in_the_grid_goes_the_way_of_every_file_to_a_new_judgement(store):
    before, was = grid_of(store), attained(store)
    after = edited(before, target=130.0, decided_in="Senate 2023/7")
    draft = targets.save(EDITOR, store, "demo", before, after, "fewer places", 2023)
    worker.serve(store, idle=0.01)
    found = drafts.examined(store, drafts.load(store, draft.id))
    assert [one for one in found["findings"] if one["severity"] == "error"] == []
    asked = {one["key"]: "the Senate decided so" for one in found["findings"] if one["severity"] == "query"}
    handing.answer(EDITOR, store, draft.id, notes=asked)
    handing.publish(EDITOR, store, draft.id, drafts.load(store, draft.id).reason)
    worker.serve(store, idle=0.01)
    now = attained(store)
    assert {year: now[year] for year in (2021, 2022)} == {year: was[year] for year in (2021, 2022)}
    assert now[2024] == (130.0, pytest.approx(28 / 30))
    assert was[2024] == (150.0, pytest.approx(28 / 50))
    assert [(one["target"], one["effective_year"]) for one in grid_of(store)] == [(120.0, None), (150.0, None), (130.0, 2023)]
    event = [event for event in log.events(store) if event.kind == "accepted"][-1]
    assert (event.by, event.facts["reason"]) == ("editor", "fewer places")


def test_a_change_in_the_grid_needs_a_reason_a_change_and_the_right(store):
    before = grid_of(store)
    after = edited(before, target=130.0)
    for code, who, rows, reason in (
        ("V103", EDITOR, after, " "),
        ("V301", EDITOR, before, "fewer places"),
        ("P101", Person("reporter", "R", "reporter"), after, "fewer places"),
        ("P101", Person("other", "O", "editor", (("metu", "*"),)), after, "fewer places"),
        ("P101", Person("mobile", "M", "editor", (("demo", "mobility"),)), after, "fewer places"),
        ("V302", EDITOR, edited(before, target=None), "fewer places"),
    ):
        with pytest.raises(MeridianError) as stopped:
            targets.save(who, store, "demo", before, rows, reason, 2023)
        assert stopped.value.finding.code == code
    assert drafts.listing(store) == []
    assert targets.save(EDITOR, store, "demo", before, after, "fewer places", 2023).source == "goals"
