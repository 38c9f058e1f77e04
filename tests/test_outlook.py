"""Where a goal goes: stepped paths, pace, projections, breaks in series, and what a score leaves out."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pytest
from scipy import stats

from pages.parts import drawing
from pipelines import figures
from pipelines.catalogue import indicators
from pipelines.goals import Goal, Step, expected, score, status
from pipelines.language import language
from pipelines.measuring import breaks, outlook, revisions
from pipelines.measuring.breaks import Break
from pipelines.measuring.derive import derive
from pipelines.measuring.formulas import Question
from pipelines.measuring.value import Run, Value
from pipelines.reports import downloads, paper

A01 = indicators()["A01"]
GROWN = [(2019, 583.0), (2020, 268.0), (2021, 655.0), (2022, 1010.0), (2023, 1342.0)]


def goal(path, *steps, baseline=100.0):
    return Goal("demo", "plan", "A01", "", 2019, baseline, steps, path=path)


def value(year, number, **more):
    return Value("demo", more.pop("code", "A01"), year, year, value=number, **more)


def row(target_year, target, **more):
    own = {"institution": "demo", "policy": "plan", "indicator": "A01", "unit": None, "baseline_year": 2019, "baseline": 100.0}
    return own | {"target_year": target_year, "target": target} | more


# --- the path ---------------------------------------------------------------------------------------------------------------------


def test_on_a_stepped_path_the_last_target_holds_until_the_next_one_is_due():
    stepped = goal("stepped", Step(2022, 160), Step(2025, 200))
    assert [expected(stepped, year).target for year in range(2020, 2028)] == [100, 100, 160, 160, 160, 200, 200, 200]


def test_the_same_targets_on_a_linear_path_ask_for_a_part_every_year():
    linear = goal("linear", Step(2022, 160), Step(2025, 220))
    assert [expected(linear, year).target for year in range(2020, 2026)] == [120, 140, 160, 180, 200, 220]


def test_before_its_first_step_a_goal_is_on_track_at_its_baseline_and_behind_below_it():
    stepped = goal("stepped", Step(2025, 200))
    assert [status(stepped, 2022, actual) for actual in (100, 99, 200)] == ["on_track", "behind", "reached"]
    assert status(goal("linear", Step(2025, 200)), 2022, 100) == "behind"


def test_the_course_of_a_stepped_path_is_drawn_with_risers():
    rows = [row(2022, 160.0, path="stepped"), row(2025, 200.0, path="stepped")]
    assert revisions.course(rows) == [(2019, 100), (2022, 100), (2022, 160), (2025, 160), (2025, 200)]
    assert revisions.course([one | {"path": None} for one in rows]) == [(2019, 100), (2022, 160), (2025, 200)]


def test_a_path_that_was_changed_holds_from_its_year_and_the_old_one_stays_to_be_seen():
    rows = [row(2025, 220.0), row(2025, 220.0, path="stepped", effective_year=2022)]
    before, after = (held for _, held in revisions.versions(rows))
    assert (before.path, after.path) == ("linear", "stepped")
    assert revisions.given_up(rows) == {2022: [(2019, 100), (2025, 220)]}


# --- the pace ---------------------------------------------------------------------------------------------------------------------


def test_the_pace_needed_closes_the_gap_in_the_years_left_and_the_one_so_far_counts_from_the_baseline():
    found = outlook.pace(goal("linear", Step(2028, 1800), baseline=583), 2024, 1482)
    assert (found.needed, found.so_far, found.years_left) == (pytest.approx(318 / 4), pytest.approx(899 / 5), 4)


def test_nothing_more_is_needed_once_the_target_is_behind_or_inside_a_band():
    assert outlook.pace(goal("linear", Step(2028, 200)), 2024, 230).needed == 0
    assert outlook.pace(goal("linear", Step(2028, 40)), 2024, 30).needed == 0
    assert outlook.pace(goal("linear", Step(2028, 0.8, 1.25), baseline=0.5), 2024, 1.0).needed == 0


def test_the_way_back_into_a_band_and_down_to_a_lower_target_is_negative():
    assert outlook.pace(goal("linear", Step(2028, 0.8, 1.2), baseline=0.5), 2024, 1.6).needed == pytest.approx(-0.1)
    assert outlook.pace(goal("linear", Step(2028, 40)), 2024, 80).needed == -10


def test_without_a_value_or_without_years_left_no_pace_is_told():
    assert outlook.pace(goal("linear", Step(2028, 200)), 2024, None) == outlook.Pace(None, None, 4)
    assert outlook.pace(goal("linear", Step(2024, 200)), 2024, 150).needed is None


# --- the projection -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [GROWN, GROWN[1:]], ids=["five years", "four years"])
def test_the_projection_and_its_interval_are_those_of_numpy_and_scipy(known):
    years, values = (np.array(column) for column in zip(*known, strict=True))
    slope, start = np.polyfit(years, values, 1)
    n, free = len(years), len(years) - 2
    s = np.sqrt(((values - start - slope * years) ** 2).sum() / free)
    for one in outlook.project(known, 2028).ahead:
        away = stats.t.ppf(0.9, free) * s * np.sqrt(1 + 1 / n + (one.year - years.mean()) ** 2 / ((years - years.mean()) ** 2).sum())
        assert one.value == pytest.approx(start + slope * one.year)
        assert (one.low, one.high) == (pytest.approx(one.value - away), pytest.approx(one.value + away))


def test_only_the_newest_five_years_count_and_the_line_ends_with_the_last_target():
    found = outlook.project([(2010, 9999.0), *GROWN], 2026)
    assert (found.years, [one.year for one in found.ahead]) == ((2019, 2020, 2021, 2022, 2023), [2024, 2025, 2026])
    assert [one.year for one in outlook.project(GROWN, 2040).ahead] == [2024, 2025, 2026, 2027, 2028]


def test_fewer_than_four_years_or_nothing_ahead_give_no_projection_and_four_do():
    assert outlook.project(GROWN[2:], 2028) is None
    assert outlook.project(GROWN, 2023) is None
    assert outlook.project([], 2028) is None
    assert outlook.project(GROWN[1:], 2024) is not None


def test_people_cannot_fall_below_nobody_and_a_share_of_the_same_rows_not_rise_above_all():
    falling = [(year, 100.0 - 30 * (year - 2019)) for year in range(2019, 2023)]
    assert outlook.project(falling, 2027, outlook.bounds(A01)).ahead[-1].low == 0
    assert outlook.project(falling, 2027).ahead[-1].low < 0
    assert outlook.bounds(indicators()["D20"]) == (0, 100)
    assert outlook.bounds(indicators()["A12"]) == (None, None)


def test_provisional_hidden_inexact_and_published_values_do_not_carry_a_projection():
    fine = [value(year, 10.0) for year in (2019, 2020)]
    others = [
        value(2018, 5.0, origin="reported"), value(2021, 9.0, provisional=True), value(2022, 3.0, hidden=True),
        value(2016, 9.0, precision="about"), Value("demo", "A01", 2015, 2018, value=40.0), value(2017, None),
    ]  # fmt: skip
    assert outlook.comparable([*others, *fine]) == [(2019, 10.0), (2020, 10.0)]
    assert outlook.comparable([]) == []


# --- breaks -------------------------------------------------------------------------------------------------------------------------


def test_every_known_break_names_indicators_of_the_catalogue():
    codes = set(indicators())
    for one in breaks.every():
        assert all(code in codes or code in {known[0] for known in codes} for code in one.indicators), one.title


def test_a_changed_definition_ends_what_can_be_compared_and_travel_restrictions_do_not():
    assert breaks.comparable_since("demo", "C14") == 2018
    assert outlook.comparable([value(year, 1.0, code="C14") for year in (2016, 2018, 2019)]) == [(2018, 1.0), (2019, 1.0)]
    assert breaks.comparable_since("demo", "A01") is None
    assert [one.kind for one in breaks.of("demo", "A01")] == ["circumstance"]
    assert breaks.of("metu", "C14") == ()


def test_no_growth_is_computed_over_a_changed_definition(monkeypatch):
    grown = next(one for one in indicators().values() if one.id == "participation_growth")
    counted = [value(year, number, people=number) for year, number in ((2021, 100.0), (2022, 200.0), (2023, 300.0))]
    connection = duckdb.connect()
    run = Run(lambda sql, bound: connection.execute(sql, list(bound)).fetchall())

    def years():
        return [one.year_from for one in derive(run, grown, Question.of("demo", None, None, None), lambda code, asked: counted)]

    assert years() == [2022, 2023]
    text = {"en": "x", "tr": "y"}
    broken = Break(kind="definition", since=2023, indicators=("A01",), title=text, note=text, source="test")
    monkeypatch.setattr(breaks, "every", lambda: (broken,))
    assert years() == [2022]


def test_the_title_of_a_chart_tells_no_change_over_a_changed_definition(monkeypatch):
    say, two = language("en"), [value(2022, 100.0), value(2023, 200.0)]
    assert "rose" in figures.trend(A01, two, say).title
    text = {"en": "x", "tr": "y"}
    broken = Break(kind="definition", since=2023, indicators=("A01",), title=text, note=text, source="test")
    monkeypatch.setattr(breaks, "every", lambda: (broken,))
    assert "rose" not in figures.trend(A01, two, say).title


# --- the figure -----------------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["en", "tr"])
def drawn(request):
    known = [value(year, number) for year, number in GROWN]
    projection = outlook.project(outlook.comparable(known), 2025, outlook.bounds(A01))
    say = language(request.param)
    return figures.trend(A01, known, say, goal=[(2019, 583), (2024, 1400)], projection=projection, breaks=breaks.of("demo", "A01")), say


def test_a_projection_says_that_it_is_no_target_wherever_it_is_shown(drawn):
    figure, say = drawn
    words = say("Projection, not a target")
    assert [series.name for series in figure.series if series.role == "projection"] == [words]
    assert words in [column.name for column in figure.table.columns]
    assert words in figure.note
    assert words in figure.alt
    assert words.encode() in downloads.to_csv(figure)
    assert words in paper.svg(figure).decode()


def test_the_projected_years_stand_in_the_table_with_their_range(drawn):
    figure, say = drawn
    names = [column.name for column in figure.table.columns]
    at = names.index(say("Projection, not a target"))
    assert names[at + 1 : at + 3] == [say("Range from"), say("Range to")]
    by_year = {line[0]: line for line in figure.table.rows}
    value, low, high = by_year[say.year(2025)][at : at + 3]
    assert low < value < high
    assert by_year[say.year(2023)][at : at + 3] == (None, None, None)
    assert by_year[say.year(2024)][-1] == f"{say('goal')}, {say('projection')}"


def test_a_circumstance_is_a_field_over_its_years_and_a_definition_a_line(drawn):
    figure, _ = drawn
    assert [mark[:2] for mark in figure.breaks] == [(2018.5, 2020.5)]
    shapes = drawing.plain(figure)["layout"]["shapes"]
    assert [shape["type"] for shape in shapes] == ["rect"]
    say = language("en")
    known = [value(year, 5.0, code="C14") for year in (2016, 2017, 2018)]
    broken = figures.trend(indicators()["C14"], known, say, breaks=breaks.of("demo", "C14"))
    assert broken.breaks == ((2017.5, 2017.5, "visiting academics counted"),)
    assert [shape["type"] for shape in drawing.plain(broken)["layout"]["shapes"]] == ["line"]
    assert "visiting academics of at least a semester" in broken.note


def test_a_break_outside_the_years_shown_is_neither_drawn_nor_told():
    late = figures.trend(A01, [value(2023, 5.0), value(2024, 6.0)], language("en"), breaks=breaks.of("demo", "A01"))
    assert late.breaks == ()
    assert "COVID" not in late.note


# --- scores ---------------------------------------------------------------------------------------------------------------------------


def test_a_score_counts_what_is_known_within_its_limits_and_names_what_it_left_out():
    rows = [
        {"indicator": "A01", "weight": 60, "attainment_path": 4.27}, {"indicator": "A02", "weight": 20, "attainment_path": 0.5},
        {"indicator": "B13", "weight": 20, "attainment_path": None},
    ]  # fmt: skip
    found = score(rows)
    assert found.value == pytest.approx((60 * 1 + 20 * 0.5) / 80)
    assert (found.known, found.weight, found.capped, found.missing) == (80, 100, ("A01",), ("B13",))


def test_a_day_before_the_year_ends_nothing_is_late():
    assert status(goal("stepped", Step(2025, 200)), 2025, None, as_of=date(2026, 9, 30)) == "not_due"
    assert status(goal("stepped", Step(2025, 200)), 2025, None, as_of=date(2026, 10, 1)) == "no_data"
