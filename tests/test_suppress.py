"""Small numbers: what the public may see. Every hidden value has a twin that is shown."""

from __future__ import annotations

import pytest
from building import version

from pipelines import measure
from pipelines.catalogue import indicator
from pipelines.measure import Policy
from pipelines.measuring.suppress import shown
from pipelines.measuring.value import Value

SUPPRESS, ROUND, EXACT = Policy("suppress"), Policy("round5"), Policy("exact")


def went(people, **more):
    return {"academic_year": 2023, "direction": "out", "role": "student", "programme": "erasmus", "participants": people} | more


def seen(rows, code="A01", policy=SUPPRESS, tables=(), **question):
    made = version({"mobility": rows} | dict(tables))
    return {
        one.key: ("hidden" if one.hidden else one.value) for one in measure.values(made, code, audience="public", policy=policy, **question)
    }


@pytest.mark.parametrize(("people", "told"), [(0, 0), (1, "hidden"), (4, "hidden"), (5, 5), (1325, 1325)])
def test_counts_of_one_to_four_people_are_hidden_and_a_true_zero_is_shown(people, told):
    assert seen([went(people)]) == {"": told}


def test_the_office_itself_sees_every_number():
    made = version({"mobility": [went(3)]})
    assert [(one.value, one.hidden) for one in measure.values(made, "A01", audience="inside")] == [(3, False)]
    assert seen([went(3)], policy=EXACT) == {"": 3}


def test_a_hidden_value_keeps_none_of_its_numbers():
    made = version({"mobility": [went(3)]})
    (one,) = measure.values(made, "A01", audience="public", policy=SUPPRESS)
    assert (one.value, one.numerator, one.denominator, one.people) == (None, None, None, None)
    assert measure.values(made, "A01")[0].value == 3  # what the office sees is untouched by what the public was shown


def test_where_one_part_is_hidden_the_next_smallest_is_hidden_too():
    rows = [went(3, country="DEU"), went(9, country="ITA"), went(40, country="FRA")]
    assert seen(rows, by="country") == {"DEU": "hidden", "ITA": "hidden", "FRA": 40}


def test_where_two_parts_are_hidden_no_third_one_is():
    rows = [went(3, country="DEU"), went(2, country="ITA"), went(40, country="FRA")]
    assert seen(rows, by="country") == {"DEU": "hidden", "ITA": "hidden", "FRA": 40}


def test_a_zero_is_not_used_to_hide_another_part():
    rows = [went(3, country="DEU"), went(0, country="ITA"), went(40, country="FRA")]
    assert seen(rows, by="country") == {"DEU": "hidden", "ITA": 0, "FRA": "hidden"}


def test_parts_of_different_years_do_not_protect_each_other():
    rows = [
        went(3, country="DEU"),
        went(40, country="FRA"),
        went(3, country="DEU", academic_year=2022),
        went(8, country="FRA", academic_year=2022),
    ]
    made = version({"mobility": rows})
    values = measure.values(made, "A01", by="country", audience="public", policy=SUPPRESS)
    assert [(one.year_from, one.hidden) for one in values] == [(2022, True), (2022, True), (2023, True), (2023, True)]


@pytest.mark.parametrize(("people", "hidden"), [(19, True), (20, False)])
def test_no_percentage_is_shown_on_fewer_than_twenty_people(people, hidden):
    rows = [went(people - 9, gender="female"), went(9, gender="male")]
    assert (seen(rows, "A27")[""] == "hidden") is hidden


def test_a_percentage_that_tells_of_one_to_four_people_is_hidden():
    assert seen([went(3, gender="female"), went(60, gender="male")], "A27") == {"": "hidden"}
    assert seen([went(6, gender="female"), went(54, gender="male")], "A27") == {"": 10}
    assert seen([went(60, gender="male")], "A27") == {"": 0}


def test_a_difference_that_gives_back_a_small_count_is_hidden():
    assert seen([went(3), went(0, direction="in")], "A12") == {"": "hidden"}
    assert seen([went(30), went(8, direction="in")], "A12") == {"": -22}


def test_the_share_of_a_country_is_hidden_by_its_own_count_and_not_by_the_size_of_the_country():
    rows = [went(3, country="DEU"), went(2, country="ITA"), went(10, country="FRA"), went(10, country="ESP")]
    assert seen(rows, "D05", by="country") == {"DEU": "hidden", "ITA": "hidden", "FRA": 40, "ESP": 40}


def test_agreements_are_not_people_and_never_hidden():
    rows = [{"agreement": "1", "partner": "P", "country": "DEU", "starts": "2024-01-01"}]
    assert seen([], "E02", tables={"agreements": rows}, year=2024) == {"": 1}


def test_a_published_figure_is_never_hidden():
    figures = [{"measure": "A01", "year_from": 2023, "value": 3}]
    assert seen([], tables={"yearly_figures": figures}) == {"": 3}


@pytest.mark.parametrize(("people", "told"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (1326, 1325)])
def test_counts_are_rounded_to_five_where_the_policy_says_so(people, told):
    assert seen([went(people)], policy=ROUND) == {"": told}


def test_percentages_come_from_unrounded_numbers_where_counts_are_rounded():
    assert seen([went(11, gender="female"), went(22, gender="male")], "A27", ROUND)[""] == pytest.approx(100 / 3)
    assert seen([went(6, gender="female"), went(6, gender="male")], "A27", ROUND) == {"": "hidden"}


def test_the_threshold_and_the_base_are_the_policys():
    value = Value("x", "A01", 2023, 2023, value=7, people=7)
    assert shown([value], indicator("A01"), Policy("suppress", threshold=10))[0].hidden
    assert not shown([value], indicator("A01"), Policy("suppress", threshold=7))[0].hidden


def marks(rows, code="A01", **question):
    made = version({"mobility": rows})
    found = measure.values(made, code, audience="public", policy=SUPPRESS, **question)
    return {one.key: ("few" if one.few else "covered" if one.hidden else one.value) for one in found}


def test_a_count_of_few_people_is_told_from_one_that_is_hidden_to_protect_it():
    rows = [went(3, country="DEU"), went(9, country="ITA"), went(40, country="FRA")]
    assert marks(rows, by="country") == {"DEU": "few", "ITA": "covered", "FRA": 40}


def test_a_percentage_on_few_people_is_no_count_of_them():
    assert set(marks([went(3, gender="female"), went(9, gender="male")], "A20").values()) <= {"covered"}


def test_the_use_of_places_is_hidden_where_it_tells_of_few_people():
    agreed = {"kind": "erasmus_ka131", "programme": "erasmus", "starts": "2021-09-01", "ends": "2027-08-31", "quota_out": 10}
    names = {"A": "DEU", "B": "ITA", "C": "FRA", "D": "ESP"}
    agreements = [agreed | {"agreement": name, "partner": f"{name} U", "country": country} for name, country in names.items()]
    sent = [went(n, partner=f"{name} U", country=names[name]) for name, n in {"A": 2, "B": 6, "C": 8}.items()]
    told = seen(sent, "E11", tables={"agreements": agreements}, by="partner", year=2023)
    assert told == {"A U": "hidden", "B U": "hidden", "C U": 80.0, "D U": 0.0}


def cell(people, hidden=False):
    return Value("x", "A01", 2023, 2023, value=None if hidden else people, people=None if hidden else people, hidden=hidden)


def shape(cells):
    return {at for at, one in measure.crossed(cells).items() if one.hidden}


def test_neither_a_row_nor_a_column_gives_back_its_only_hidden_part():
    cells = {
        ("Law", "bachelor"): cell(20), ("Law", "master"): cell(3, True), ("Law", "doctorate"): cell(9), ("Law", ""): cell(32),
        ("Arts", "bachelor"): cell(30), ("Arts", "master"): cell(2, True), ("Arts", "doctorate"): cell(0), ("Arts", ""): cell(32),
        ("Music", "bachelor"): cell(12), ("Music", "master"): cell(15), ("Music", "doctorate"): cell(8), ("Music", ""): cell(35),
    }  # fmt: skip
    hidden = shape(cells)
    assert {("Law", "master"), ("Arts", "master"), ("Law", "doctorate"), ("Arts", "bachelor")} <= hidden
    assert ("Music", "") not in hidden
    for line in ("Law", "Arts", "Music"):
        assert len([at for at in hidden if at[0] == line]) != 1
    for line in ("bachelor", "master", "doctorate"):
        assert len([at for at in hidden if at[1] == line]) != 1


def test_where_a_row_has_no_other_part_its_whole_is_hidden():
    assert shape({("Law", "master"): cell(3, True), ("Law", "bachelor"): cell(0), ("Law", ""): cell(7)}) == {("Law", "master"), ("Law", "")}


def test_a_table_without_hidden_cells_stays_as_it_is():
    assert shape({("Law", "master"): cell(7), ("Law", "bachelor"): cell(9), ("Law", ""): cell(16)}) == set()


def credits_of(people, unit="Law"):
    return went(people, unit=unit, ects_planned=30 * people, ects_recognised=24 * people)


@pytest.mark.parametrize(("people", "told"), [(1, "hidden"), (19, "hidden"), (20, 80)])
def test_a_share_of_credits_is_hidden_by_its_people_not_by_its_credits(people, told):
    assert seen([credits_of(people)], "A32") == {"": told}


@pytest.mark.parametrize(("people", "told"), [(3, "hidden"), (25, 0.25)])
def test_a_rate_over_full_time_equivalents_rests_on_the_people_who_went(people, told):
    stay = went(people, programme="erasmus_ka131", activity="study", days=150)
    whole = {"yearly_figures": [{"year_from": 2023, "measure": "students_fte", "value": 10000}]}
    assert seen([stay], "A08", tables=whole) == {"": told}


def test_a_share_among_few_agreements_is_no_share_of_people():
    agreed = [{"agreement": str(n), "partner": f"P{n}", "country": "DEU", "programme": "erasmus", "starts": "2020-01-01"} for n in range(3)]
    rows = {"agreements": agreed}
    went_there = [went(30, country="DEU")]
    assert seen(went_there, "D14", tables=rows, by="population", year=2023) == {"outgoing": 100, "agreements": 100}
