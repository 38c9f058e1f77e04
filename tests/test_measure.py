"""From rows to values: what is missing, what is reported, what is derived, what other series say, and where it all comes from."""

from __future__ import annotations

from datetime import date

import pytest
from building import AS_OF, Direct, facts, version

from pipelines import measure
from pipelines.errors import MeridianError
from pipelines.measuring import fill


def moved(year, people, direction="out", role="student", programme="erasmus", **more):
    return {"academic_year": year, "direction": direction, "role": role, "programme": programme, "participants": people} | more


def figure(measure_, value, year=2023, **more):
    return {"measure": measure_, "value": value, "year_from": year} | more


def value(found):
    (one,) = found
    return one


def by_key(values):
    return {one.key: one.value for one in values}


# --- missing is not zero ----------------------------------------------------------------------------------------------------


def test_a_year_whose_rows_have_no_number_has_no_value():
    made = version({"mobility": [moved(2022, None), moved(2023, 0)]})
    assert {one.year_from: one.value for one in measure.values(made, "A01")} == {2023: 0}


def test_a_year_with_some_numbers_counts_those():
    made = version({"mobility": [moved(2022, None), moved(2022, 4)]})
    assert value(measure.values(made, "A01")).value == 4


def test_no_rows_in_one_direction_make_no_ratio_and_zero_people_do():
    made = version({"mobility": [moved(2022, 5), moved(2023, 5), moved(2023, 0, "in")]})
    assert {one.year_from: one.value for one in measure.values(made, "A11")} == {2023: 0}


def test_dividing_by_zero_gives_no_value():
    made = version({"mobility": [moved(2022, 0), moved(2022, 3, "in")]})
    assert measure.values(made, "A11") == []
    assert value(measure.values(made, "A12")).value == 3


def test_a_part_without_rows_is_zero_where_all_rows_tell_their_part():
    people = [{"academic_year": 2023, "group": "students", "country": "TUR", "unit": unit, "headcount": 100} for unit in ("Law", "Arts")]
    made = version({"mobility": [moved(2023, 5, unit="Law")], "country_distribution": people})
    assert by_key(measure.values(made, "A05", by="unit")) == {"Law": 5.0, "Arts": 0.0}


def test_a_part_without_rows_is_missing_where_some_rows_do_not_tell_their_part():
    people = [{"academic_year": 2023, "group": "students", "country": "TUR", "unit": unit, "headcount": 100} for unit in ("Law", "Arts")]
    made = version({"mobility": [moved(2023, 5, unit="Law"), moved(2023, 2)], "country_distribution": people})
    assert by_key(measure.values(made, "A05", by="unit")) == {"Law": 5.0}


# --- whole populations ------------------------------------------------------------------------------------------------------


def test_a_list_of_foreign_students_only_is_not_taken_for_all_students():
    foreign = [{"academic_year": 2023, "group": "students", "country": "SYR", "headcount": 100}]
    assert measure.values(version({"country_distribution": foreign, "mobility": [moved(2023, 5)]}), "A05") == []
    made = version({"country_distribution": foreign, "mobility": [moved(2023, 5)], "yearly_figures": [figure("students", 1000)]})
    assert value(measure.values(made, "A05")).value == 0.5


def test_a_total_and_its_parts_are_not_added_to_each_other():
    figures = [figure("students", 1000), figure("students", 600, unit="Law"), figure("students", 400, unit="Arts")]
    made = version({"mobility": [moved(2023, 5, unit="Law"), moved(2023, 5, unit="Arts")], "yearly_figures": figures})
    assert value(measure.values(made, "A05")).value == 1.0
    assert by_key(measure.values(made, "A05", by="unit")) == pytest.approx({"Law": 5 / 6, "Arts": 1.25})


def test_parts_alone_add_up_to_the_total_whichever_way_they_are_cut():
    figures = [figure("students", 600, unit="Law"), figure("students", 400, unit="Arts")]
    figures += [figure("students", 900, level="bachelor"), figure("students", 100, level="master")]
    made = version({"mobility": [moved(2023, 10)], "yearly_figures": figures})
    assert value(measure.values(made, "A05")).value == 1.0


def test_numbers_of_degree_programmes_add_up_to_their_units_and_to_the_whole():
    figures = [figure("students", 600, unit="Law", detail="Law BA"), figure("students", 100, unit="Law", detail="Law MA")]
    figures += [figure("students", 300, unit="Arts", detail="Painting")]
    made = version({"mobility": [moved(2023, 7, unit="Law"), moved(2023, 3, unit="Arts")], "yearly_figures": figures})
    assert value(measure.values(made, "A05")).value == 1.0
    assert by_key(measure.values(made, "A05", by="unit")) == {"Law": 1.0, "Arts": 1.0}


def test_rows_that_only_lack_a_level_are_part_of_the_table_around_them():
    figures = [figure("students", 600, unit="Law", level="bachelor"), figure("students", 300, unit="Arts", level="bachelor")]
    figures += [figure("students", 100, unit="Arts")]
    made = version({"mobility": [moved(2023, 10, unit="Arts")], "yearly_figures": figures})
    assert value(measure.values(made, "A05")).value == 1.0
    assert by_key(measure.values(made, "A05", by="unit")) == {"Law": 0, "Arts": 2.5}


def test_a_subtotal_of_one_unit_is_not_added_to_its_levels_nor_taken_for_the_whole():
    figures = [figure("students", 600, unit="Law", level="bachelor"), figure("students", 100, unit="Law", level="master")]
    figures += [figure("students", 700, unit="Law"), figure("students", 300, unit="Arts", level="bachelor")]
    made = version({"mobility": [moved(2023, 10)], "yearly_figures": figures})
    assert value(measure.values(made, "A05")).value == 1.0


# --- reported ---------------------------------------------------------------------------------------------------------------


def test_a_reported_figure_keeps_its_period_precision_and_cell():
    row = figure("A01", 462, 2014, year_to=2019, precision="exact", file="totals", row=17, col="C")
    one = value(measure.values(version({"yearly_figures": [row]}), "A01"))
    assert (one.year_from, one.year_to, one.value, one.origin) == (2014, 2019, 462, "reported")
    assert (one.file, one.row, one.col) == ("totals", 17, "C")


def test_a_figure_without_a_year_is_kept():
    made = version({"yearly_figures": [figure("A01", 500, None, precision="more_than")]})
    one = value(measure.values(made, "A01"))
    assert (one.year_from, one.precision, one.value) == (None, "more_than", 500)


def test_computed_wins_over_reported_and_the_gap_is_kept():
    made = version({"mobility": [moved(2023, 20)], "yearly_figures": [figure("A01", 22), figure("A01", 18, 2022)]})
    values = {one.year_from: one for one in measure.values(made, "A01")}
    assert (values[2023].value, values[2023].origin, values[2023].other, values[2023].gap) == (20, "computed", 22, -2)
    assert (values[2022].value, values[2022].origin, values[2022].other) == (18, "reported", None)


def test_people_per_agreement_follow_from_a_published_table():
    period = {"year_to": 2023}
    table = {"erasmus": (148, 105), "mevlana": (4, 50), "farabi": (73, 104)}
    figures = [figure("A39", people, 2015, programme=name, **period) for name, (people, _) in table.items()]
    figures += [figure("E02", agreements, 2015, programme=name, **period) for name, (_, agreements) in table.items()]
    figures += [figure("A39", 800, 2015, programme="foreign_students_office", **period)]
    figures += [figure("E02", None, 2015, programme="foreign_students_office", precision="none", **period)]
    values = {one.key: one for one in measure.values(version({"yearly_figures": figures}), "E10", by="programme")}
    assert {name: round(one.value, 2) for name, one in values.items()} == {"erasmus": 1.41, "mevlana": 0.08, "farabi": 0.70}
    assert {name for name, one in values.items() if one.domestic} == {"farabi"}
    assert {one.origin for one in values.values()} == {"reported"}
    assert {(one.year_from, one.year_to) for one in values.values()} == {(2015, 2023)}


def test_a_stated_none_is_a_statement_without_a_number():
    made = version({"yearly_figures": [figure("E02", None, 2015, programme="bilateral", precision="none")]})
    one = value(measure.values(made, "E02", by="programme"))
    assert (one.value, one.precision) == (None, "none")


@pytest.mark.parametrize(("incoming", "outgoing", "expected"), [
    ("more_than", "exact", "more_than"), ("exact", "more_than", "less_than"), ("about", "exact", "about"),
    ("more_than", "more_than", "about"),
])  # fmt: skip
def test_a_bound_stays_a_bound_in_what_is_derived_from_it(incoming, outgoing, expected):
    made = version({"yearly_figures": [figure("A02", 40, precision=incoming), figure("A01", 50, precision=outgoing)]})
    one = value(measure.values(made, "A11"))
    assert (one.value, one.precision) == (0.8, expected)


def test_a_derived_figure_that_was_also_stated_is_shown_as_stated():
    made = version({"yearly_figures": [figure("A01", 50), figure("A02", 40), figure("A11", 0.81)]})
    assert value(measure.values(made, "A11")).value == 0.81


# --- status and series ------------------------------------------------------------------------------------------------------


def test_one_provisional_row_makes_the_value_provisional_and_what_follows_from_it():
    made = version({"mobility": [moved(2022, 5), moved(2023, 5), moved(2023, 1, status="provisional")]})
    assert [one.provisional for one in measure.values(made, "A01")] == [False, True]
    assert [one.provisional for one in measure.values(made, "A33")] == [True]


def test_another_series_is_measured_beside_the_primary_one_and_changes_nothing():
    second = {"series": "registrar", "prime": False}
    rows = [moved(2022, 1491), moved(2023, 1325), moved(2023, 1323, **second)]
    made = version({"mobility": rows})
    assert [one.value for one in measure.values(made, "A01")] == [1491, 1325]
    everything = measure.values(made, "A01", every_series=True)
    assert [(one.year_from, one.series, one.value) for one in everything if not one.prime] == [(2023, "registrar", 1323)]
    assert measure.values(made, "A01", year=2023, by="programme")[0].value == 1325


def test_another_series_of_two_sources_is_measured_as_one():
    second = {"series": "registrar", "prime": False}
    figures = [figure("students", 1000), figure("students", 800, **second)]
    made = version({"mobility": [moved(2023, 20), moved(2023, 16, **second)], "yearly_figures": figures})
    values = [(one.prime, one.value, one.numerator, one.denominator) for one in measure.values(made, "A05", every_series=True)]
    assert values == [(True, 2.0, 20, 1000), (False, 2.0, 16, 800)]


# --- agreements -------------------------------------------------------------------------------------------------------------


def agreement(number, starts, ends=None, partner="Partner", **more):
    return {"agreement": str(number), "partner": partner, "country": "DEU", "starts": starts, "ends": ends} | more


def test_an_agreement_is_active_from_its_start_to_its_end_as_of_the_end_of_the_year():
    rows = [
        agreement(1, date(2020, 10, 1), date(2023, 8, 31)),
        agreement(2, date(2021, 9, 1)),
        agreement(3, date(2020, 9, 1), stage="draft"),
    ]
    made = version({"agreements": rows})
    found = {one.year_from: one.value for one in measure.values(made, "E02")}
    assert {year: found[year] for year in (2020, 2021, 2022, 2023, 2024)} == {2020: 1, 2021: 2, 2022: 2, 2023: 1, 2024: 1}


def test_the_running_year_is_judged_as_of_today_and_provisional():
    made = version({"agreements": [agreement(1, date(2020, 9, 1), date(2026, 3, 1))]}, as_of=date(2026, 2, 1))
    assert [(one.value, one.provisional) for one in measure.values(made, "E02") if one.year_from >= 2024] == [(1, False), (1, True)]
    later = version({"agreements": [agreement(1, date(2020, 9, 1), date(2026, 3, 1))]}, as_of=date(2026, 4, 1))
    assert {one.year_from: one.value for one in measure.values(later, "E02")}.get(2025) == 0


def test_an_agreement_is_used_when_its_partner_had_a_mobility_in_three_years():
    rows = [agreement(1, date(2019, 9, 1), partner="Bologna"), agreement(2, date(2019, 9, 1), partner="Leuven")]
    moves = [moved(2020, 2, partner="bologna "), moved(2024, 2, partner="Elsewhere")]
    made = version({"agreements": rows, "mobility": moves})
    used = {one.year_from: one.value for one in measure.values(made, "E08")}
    assert {year: used.get(year) for year in (2019, 2020, 2022, 2023, 2024)} == {2019: None, 2020: 50, 2022: 50, 2023: None, 2024: 0}


# --- questions --------------------------------------------------------------------------------------------------------------


def test_filters_and_breakdowns_go_together():
    rows = [
        moved(2023, 3, country="DEU", unit="Law"),
        moved(2023, 4, country="DEU", unit="Arts"),
        moved(2023, 5, country="ITA", unit="Law"),
    ]
    made = version({"mobility": rows})
    assert by_key(measure.values(made, "A01", by="country", where={"unit": "Law"})) == {"DEU": 3, "ITA": 5}
    assert value(measure.values(made, "A01", where={"unit": ["Law", "Arts"], "country": "DEU"})).value == 7


def test_a_field_is_asked_broad_or_narrow():
    made = version({"mobility": [moved(2023, 3, field="0714"), moved(2023, 4, field="0715"), moved(2023, 5, field="03")]})
    assert by_key(measure.values(made, "A01", by="field")) == {"07": 7, "03": 5}
    assert value(measure.values(made, "A01", where={"field": "0714"})).value == 3


def test_rows_that_do_not_tell_are_a_part_of_their_own():
    made = version({"mobility": [moved(2023, 3, country="DEU"), moved(2023, 4)]})
    assert by_key(measure.values(made, "A01", by="country")) == {"DEU": 3, "": 4}
    assert value(measure.values(made, "A01", where={"country": ""})).value == 4


def test_a_word_of_a_reader_is_bound_and_never_becomes_sql():
    made = version({"mobility": [moved(2023, 3, country="DEU")]})
    assert measure.values(made, "A01", where={"country": "DEU' or 'a' = 'a"}) == []
    for dimension in ("country; drop table x", "participants", "file"):
        with pytest.raises(MeridianError) as refused:
            measure.values(made, "A01", by=dimension)
        assert refused.value.finding.code == "M101"


def test_unknown_and_stateless_people_are_no_countries_but_their_number_is_kept():
    rows = [moved(2023, 30, country="DEU"), moved(2023, 30, country="ITA"), moved(2023, 10, country="XXX"), moved(2023, 5, country="XXA")]
    one = value(measure.values(version({"mobility": rows}), "D05"))
    assert (one.value, one.numerator, one.denominator) == (2.0, 60, 75)


def test_an_answer_is_remembered_and_every_version_has_its_own():
    first, second = version({"mobility": [moved(2023, 3)]}), version({"mobility": [moved(2023, 9)]})
    assert [value(measure.values(made, "A01", by="programme")).value for made in (first, second, first)] == [3, 9, 3]
    first.query = None  # a second answer needs no database
    assert value(measure.values(first, "A01", by="programme")).value == 3


# --- where it comes from ----------------------------------------------------------------------------------------------------


def test_a_value_leads_back_to_its_files_and_cells():
    rows = [moved(2023, 3, file="aaa", sheet="Mobility", row=14, col="D"), moved(2023, 4, file="bbb"), moved(2022, 9, file="ccc")]
    made = version({"mobility": rows, "yearly_figures": [figure("students", 100, file="ddd", row=3, col="E")]})
    over, under = measure.explain(made, "A05", "example", 2023)
    assert (over.part, sorted(file for file, _, _ in over.files), over.rows) == ("numerator", ["aaa", "bbb"], 2)
    assert (over.cells[0].sheet, over.cells[0].cell) == ("Mobility", "D14")
    assert (under.part, under.cells[0].file, under.cells[0].cell) == ("denominator", "ddd", "E3")


def test_a_derived_value_leads_back_through_its_inputs_in_their_years():
    made = version({"mobility": [moved(2023, 3, file="aaa"), moved(2022, 9, file="ccc")]})
    parts = measure.explain(made, "A33", "example", 2023)
    assert [(part.indicator, part.year, part.files[0][0]) for part in parts] == [("A01", 2023, "aaa"), ("A01", 2022, "ccc")]


def test_a_value_of_a_prepared_table_leads_back_to_the_files_it_was_made_from():
    made = version({"mobility": [moved(2023, 3, country="DEU", file="aaa"), moved(2022, 9, country="ITA", file="ccc")]})
    assert value(measure.values(made, "D17")).value == 1
    (part,) = measure.explain(made, "D17", "example", 2023)
    assert ([file for file, _, _ in part.files], part.cells) == (["aaa"], ())


def test_a_reported_value_leads_back_to_its_one_cell():
    made = version({"yearly_figures": [figure("A01", 500, file="site", row=4, col="J")]})
    (part,) = measure.explain(made, "A01", "example", 2023)
    assert (part.part, part.cells[0].cell, part.cells[0].name) == ("reported", "J4", "site.csv")


def test_a_part_of_a_breakdown_leads_back_to_its_own_rows_only():
    made = version({"mobility": [moved(2023, 3, country="DEU", file="aaa"), moved(2023, 4, country="ITA", file="bbb")]})
    (part,) = measure.explain(made, "A01", "example", 2023, by="country", key="ITA")
    assert [file for file, _, _ in part.files] == ["bbb"]


def test_filling_twice_gives_the_same_board():
    connection = facts(
        {"mobility": [moved(2023, n, country=c, unit=u) for n in range(9) for c in ("DEU", "ITA", "FRA") for u in ("Law", "Arts")]}
    )
    boards = []
    for _ in range(2):
        fill.fill(connection, AS_OF)
        boards.append(Direct(connection).query("select * from board.indicator_values"))
    assert boards[0] == boards[1]
    assert boards[0]
