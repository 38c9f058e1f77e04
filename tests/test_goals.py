"""Attainment, path, status and score of goals; every refusal has a twin that is allowed."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import goals
from pipelines.errors import Refused
from pipelines.goals import Goal, Step, attainment, expected, judge, score, status

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3))


def goal(baseline=100.0, *steps, year=2019):
    return Goal("demo", "plan", "A01", "", year, baseline, steps)


# --- attainment -------------------------------------------------------------------------------------------------------------


def test_attainment_reproduces_the_two_published_results():
    assert attainment(707, 583, 612) == pytest.approx(4.27, abs=0.01)  # printed as %427
    assert attainment(205, 108, 226) == pytest.approx(0.8220, abs=0.0001)  # printed as %82,20


def test_attainment_is_not_clipped_in_either_direction():
    assert attainment(300, 100, 200) == 2.0
    assert attainment(50, 100, 200) == -0.5


def test_attainment_is_undefined_where_the_target_is_the_baseline():
    assert attainment(120, 100, 100) is None


def test_attainment_is_missing_where_the_actual_is_missing_and_zero_is_not_missing():
    assert attainment(None, 100, 200) is None
    assert attainment(0, 100, 200) == -1.0


def test_lower_is_better_needs_no_other_formula():
    assert attainment(60, 80, 40) == 0.5
    assert attainment(90, 80, 40) == -0.25
    assert attainment(30, 80, 40) == 1.25


def test_a_value_inside_a_band_has_reached_it_at_both_edges():
    assert [attainment(value, 0.5, 0.8, 1.25) for value in (0.8, 1.0, 1.25)] == [1, 1, 1]


def test_outside_a_band_the_covered_part_of_the_distance_counts_on_either_side():
    assert attainment(0.65, 0.5, 0.8, 1.25) == pytest.approx(0.5)
    assert attainment(0.35, 0.5, 0.8, 1.25) == pytest.approx(-0.5)
    assert attainment(1.40, 0.5, 0.8, 1.25) == pytest.approx(0.5)  # as far above as 0.65 is below
    assert attainment(1.75, 2.25, 0.8, 1.25) == pytest.approx(0.5)


def test_leaving_a_band_is_measured_by_its_width_when_the_baseline_lay_inside():
    assert attainment(0.75, 1.0, 0.8, 1.3) == pytest.approx(0.9)
    assert attainment(0.9, 1.0, 0.8, 1.3) == 1.0


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_target_is_always_the_whole_way_and_the_baseline_none_of_it(actual, baseline, target):
    if abs(target - baseline) < 0.001:
        assert attainment(actual, baseline, target) is None
    else:
        assert attainment(target, baseline, target) == pytest.approx(1)
        assert attainment(baseline, baseline, target) == 0
        mirrored = attainment(-actual, -baseline, -target)
        assert attainment(actual, baseline, target) == pytest.approx(mirrored)


# --- the path -----------------------------------------------------------------------------------------------------------------


def test_the_path_follows_its_own_yearly_values_and_straight_lines_between_them():
    path = goal(100, Step(2021, 120), Step(2024, 180), Step(2028, 200))
    assert [expected(path, year).target for year in (2020, 2021, 2022, 2023, 2024, 2026, 2028)] == [110, 120, 140, 160, 180, 190, 200]


def test_nothing_is_due_up_to_the_baseline_year_and_the_last_target_holds_after_the_end():
    path = goal(100, Step(2024, 200))
    assert expected(path, 2018) is None
    assert expected(path, 2019) is None
    assert expected(path, 2030) == Step(2030, 200)


def test_a_band_is_approached_from_the_side_of_the_baseline_and_its_other_edge_holds_from_the_start():
    below, above = goal(0.5, Step(2024, 1.0, 1.5)), goal(2.5, Step(2024, 1.0, 1.5))
    assert expected(below, 2022) == Step(2022, pytest.approx(0.8), 1.5)
    assert expected(above, 2022) == Step(2022, 1.0, pytest.approx(1.9))


def test_a_future_target_is_judged_against_its_path_and_not_against_its_end():
    found = judge(goal(100, Step(2028, 190)), 2022, 130)
    assert found.expected.target == pytest.approx(130)
    assert found.attainment == pytest.approx(1 / 3)
    assert found.attainment_path == pytest.approx(1)
    assert found.status == "on_track"
    assert found.distance == -60


# --- the status ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "found"),
    [(200, "reached"), (160, "on_track"), (150, "on_track"), (149, "at_risk"), (145, "at_risk"), (144.9, "behind"), (0, "behind")],
)
def test_the_status_follows_the_thresholds_of_the_rule_file(actual, found):
    assert status(goal(100, Step(2021, 150), Step(2028, 200)), 2021, actual) == found


def test_the_status_of_a_lower_is_better_goal_uses_the_same_rules():
    fewer = goal(80, Step(2021, 60), Step(2028, 40))
    assert [status(fewer, 2021, actual, better="lower") for actual in (40, 60, 62, 70)] == ["reached", "on_track", "at_risk", "behind"]


def test_a_target_met_to_nine_digits_is_met():
    assert status(goal(0.0, Step(2021, 0.3)), 2021, 0.1 + 0.2) == status(goal(0.0, Step(2021, 0.1 + 0.2)), 2021, 0.3) == "reached"


def test_a_value_that_is_to_be_kept_is_judged_by_the_direction_of_its_indicator():
    keep = goal(100, Step(2024, 100))
    assert status(keep, 2022, 101, better="higher") == "reached"
    assert status(keep, 2022, 99, better="higher") == "behind"
    assert status(keep, 2022, 99, better="lower") == "reached"
    assert judge(keep, 2022, 101).attainment is None


def test_a_missing_value_is_no_data_once_its_year_is_over_and_not_due_before():
    path = goal(100, Step(2028, 200))
    assert status(path, 2024, None, as_of=date(2025, 10, 1)) == "no_data"
    assert status(path, 2024, None, as_of=date(2025, 9, 30)) == "not_due"
    assert status(path, 2024, 0, as_of=date(2025, 9, 30)) == "behind"  # zero is a value


def test_the_baseline_year_itself_is_not_due():
    assert status(goal(100, Step(2028, 200)), 2019, 100) == "not_due"


def test_every_status_has_words_in_both_languages_an_icon_and_a_reason():
    assert list(goals.rules()) == ["reached", "on_track", "at_risk", "behind", "no_data", "not_due"]
    for rule in goals.rules().values():
        assert all(text[language].strip() for text in (rule.label, rule.meaning, rule.reason) for language in ("en", "tr"))
        assert rule.icon.strip()
        assert rule.material.strip()
        assert rule.tone in ("good", "warning", "bad", "neutral")
    assert len({rule.icon for rule in goals.rules().values()}) == 6  # told apart without colour


# --- the score ----------------------------------------------------------------------------------------------------------------


def judged(indicator, weight, attainment_path):
    return {"indicator": indicator, "weight": weight, "attainment": None, "attainment_path": attainment_path}


def test_the_score_is_the_weighted_mean_within_a_visible_cap():
    found = score([judged("A01", 25, 4.27), judged("A02", 25, 0.822), judged("E02", 50, -0.2)])
    assert found.value == pytest.approx((25 * 1 + 25 * 0.822 + 0) / 100)
    assert found.capped == ("A01", "E02")
    assert found.cap == (0.0, 1.0)


def test_the_score_without_a_cap_lets_one_goal_make_up_for_another():
    assert score([judged("A01", 50, 4.0), judged("A02", 50, 0.0)], cap=(-10, 10)).value == 2.0


def test_a_missing_goal_is_named_and_not_counted_as_zero():
    found = score([judged("A01", 25, 0.8), judged("A02", 75, None)])
    assert found.value == pytest.approx(0.8)
    assert (found.known, found.weight, found.missing) == (25, 100, ("A02",))


def test_a_score_of_nothing_measured_is_missing():
    assert score([judged("A01", 25, None)]).value is None
    assert score([]).value is None


# --- from the store to the store -------------------------------------------------------------------------------------------------

COLUMNS = "institution, policy, element, indicator, unit, baseline_year, baseline, target_year, target, target_upper, weight"


def row(target_year, target, *, indicator="A01", baseline=583.0, upper=None, baseline_year=2019, unit=None):
    return ("demo", "plan", "demo-1", indicator, unit, baseline_year, baseline, target_year, target, upper, 25.0)


@pytest.fixture
def build():
    """A version under construction: ``core.goals`` of the given rows and headline values of an institution."""
    connection = duckdb.connect()
    connection.execute("create schema core; create schema board")
    connection.execute("""create table core.goals (institution varchar, policy varchar, element varchar, indicator varchar, unit varchar,
        baseline_year int, baseline double, target_year int, target double, target_upper double, weight double, responsible varchar,
        decided_in varchar, status varchar, sheet varchar, "row" int, col varchar, series varchar, prime boolean, file varchar)""")
    connection.execute("""create table board.indicator_values (institution varchar, indicator varchar, year_from int, year_to int,
        "by" varchar, key varchar, value double, numerator double, denominator double, people double, origin varchar,
        "precision" varchar, series varchar, prime boolean, provisional boolean, file varchar, sheet varchar, "row" int, col varchar)""")

    def with_rows(rows, values):
        for number, given_row in enumerate(rows, start=2):
            marks = ", ".join("?" * len(given_row))
            insert = f"insert into core.goals ({COLUMNS}, file, sheet, \"row\") values ({marks}, 'abc', 'Hedefler', ?)"
            connection.execute(insert, [*given_row, number])
        for indicator, year_from, value, origin, prime in values:
            connection.execute(
                """insert into board.indicator_values (institution, indicator, year_from, "by", key, value, origin, prime, provisional)
                values ('demo', ?, ?, '', '', ?, ?, ?, false)""",
                [indicator, year_from, value, origin, prime],
            )
        goals.fill(connection, date(2026, 11, 1))
        return connection

    return with_rows


def test_fill_judges_every_year_from_the_baseline_to_the_newest_value(build):
    built = build([row(2021, 612), row(2024, 700)], [("A01", 2019, 583, "computed", True), ("A01", 2021, 707, "computed", True)])
    found = built.execute("select year, actual, expected, status from board.goal_status order by year").fetchall()
    assert found == [(2019, 583, None, "not_due"), (2020, None, 597.5, "no_data"), (2021, 707, 612, "reached")]
    assert built.execute("select attainment_path from board.goal_status where year = 2021").fetchone()[0] == pytest.approx(4.27, abs=0.01)


def test_fill_keeps_every_target_with_the_place_it_came_from(build):
    built = build([row(2021, 612), row(2024, 700)], [])
    found = built.execute('select target_year, target, file, sheet, "row" from board.goals order by target_year').fetchall()
    assert found == [(2021, 612, "abc", "Hedefler", 2), (2024, 700, "abc", "Hedefler", 3)]


def test_fill_prefers_the_computed_value_and_leaves_other_series_out(build):
    values = [("A01", 2021, 600, "computed", True), ("A01", 2021, 650, "reported", True), ("A01", 2021, 999, "computed", False)]
    built = build([row(2021, 612)], values)
    assert built.execute("select actual, actual_origin from board.goal_status where year = 2021").fetchone() == (600, "computed")


def test_fill_takes_a_reported_value_where_nothing_was_computed(build):
    built = build([row(2021, 612)], [("A01", 2021, 650, "reported", True)])
    assert built.execute("select actual, actual_origin from board.goal_status where year = 2021").fetchone() == (650, "reported")


def test_fill_without_goals_writes_empty_tables(build):
    built = build([], [("A01", 2021, 600, "computed", True)])
    assert built.execute("select (select count(*) from board.goals), (select count(*) from board.goal_status)").fetchone() == (0, 0)


def test_goals_that_cannot_be_judged_are_refused_with_every_fault_and_its_row(build):
    band = row(2024, 1.25, indicator="A05", baseline=0.5, upper=0.8)
    broken = [row(2021, 612), row(2022, 630, baseline=590.0), row(2019, 1, indicator="A33"), band]
    with pytest.raises(Refused) as refused:
        build(broken, [])
    assert sorted((finding.code, finding.place.row) for finding in refused.value.findings) == [("G101", 2), ("G102", 4), ("G103", 5)]
    assert "583 (2019), 590 (2019)" in next(found for found in refused.value.findings if found.code == "G101").say("what", "tr")


def test_the_same_goals_without_the_faults_are_allowed(build):
    band = row(2024, 0.8, indicator="A05", baseline=0.5, upper=1.25)
    built = build([row(2021, 612), row(2022, 630), row(2020, 1, indicator="A33", baseline=0), band], [("A01", 2022, 630, "computed", True)])
    assert built.execute("select count(distinct indicator) from board.goal_status").fetchone() == (3,)
