"""A country's institutions together: pooled, per head, quantiles, and nothing small given back. Each number by a second route."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from building import version

from pipelines import figures, national
from pipelines.benchmark import Offer
from pipelines.catalogue import indicators
from pipelines.codes.inhabitants import inhabitants
from pipelines.figures.time import definition
from pipelines.language import language
from pipelines.measuring.suppress import Policy
from pipelines.measuring.value import Value

COUNT, RATE = indicators()["A01"], indicators()["A05"]
EXACT, SUPPRESS = Policy("exact"), Policy("suppress")


def count(institution, number, year=2023, **more):
    return Value(institution, "A01", year, year, value=number, people=number, series="mobility", **more)


def rate(institution, over, under, **more):
    value = 100 * over / under if under else None
    return Value(institution, "A05", 2023, 2023, value=value, numerator=over, denominator=under, people=under, series="mobility", **more)


def asked(values, own="u0", indicator=COUNT, policy=SUPPRESS, houses=None, **more):
    houses = houses or [one.institution for one in values]
    return national.nation(indicator, values, houses, own, "TUR", policy, **more)


CHANCE = random.Random(11)
MANY = [(f"u{at}", CHANCE.randrange(5, 900), CHANCE.randrange(1000, 60000)) for at in range(60)]


# --- the country's number ---------------------------------------------------------------------------------------------------


def test_counts_are_added_up():
    told = asked([count(who, number) for who, number, _ in MANY])
    assert told.whole.value == sum(number for _, number, _ in MANY)
    assert (told.pooled, told.whole.institution, told.whole.people) == (60, "TUR", told.whole.value)


def test_a_rate_is_the_sum_of_numerators_over_the_sum_of_denominators_and_never_the_mean_of_rates():
    told = asked([rate(*one) for one in MANY], indicator=RATE)
    over, under = np.array([one[1] for one in MANY]), np.array([one[2] for one in MANY])
    assert told.whole.value == pytest.approx(100 * over.sum() / under.sum(), rel=1e-12)
    assert told.whole.value != pytest.approx(100 * (over / under).mean(), rel=1e-3)


def test_a_rate_that_was_only_stated_has_no_weight_and_is_not_pooled():
    stated = Value("u9", "A05", 2023, 2023, value=80.0, origin="reported", series="mobility")
    told = asked([rate("u0", 10, 100), rate("u1", 30, 300), stated], indicator=RATE)
    assert (told.whole.value, told.pooled, told.told) == (10.0, 2, 3)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("A01", "sum"), ("A05", "ratio"), ("A11", "ratio"), ("A12", "sum"), ("E02", "sum"), ("G06", "sum"), ("A20", "ratio"),
        ("D02", None), ("D17", None), ("E13", None), ("E14", None), ("E20", None), ("G17", None), ("H06", None), ("D03", None), ("A13", None),
    ],
)  # fmt: skip
def test_what_several_institutions_share_is_not_added_up(code, expected):
    assert national.pooling(indicators()[code]) == expected


def test_every_rate_is_its_numerator_over_its_denominator_so_that_pooling_one_institution_gives_its_own_rate():
    rows = [
        {"academic_year": 2023, "direction": way, "role": "student", "activity": "study", "country": "DEU", "participants": number, "days": 120}
        for way, number in (("out", 30), ("in", 40))
    ]  # fmt: skip
    home = [{"academic_year": 2023, "group": "students", "level": "bachelor", "country": "TUR", "headcount": 2000}]
    made = version({"mobility": rows, "country_distribution": home})
    pooled = 0
    for indicator in indicators().values():
        for value in national.pool(indicator, national.measure.values(made, indicator)):
            if value.year_from == value.year_to == 2023 and value.precision == "exact":
                assert national.pooled(indicator, [value], "TUR").value == pytest.approx(value.value, rel=1e-9), indicator.code
                pooled += national.pooling(indicator) == "ratio"
    assert pooled >= 8


# --- missing is not zero ----------------------------------------------------------------------------------------------------


def test_who_has_no_value_is_counted_and_is_no_zero():
    told = asked([count("u0", 10), count("u1", 30), count("u2", None), count("u4", 0)], houses=["u0", "u1", "u2", "u3", "u4"])
    assert (told.whole.value, told.asked, told.told, told.without) == (40, 5, 3, 2)
    assert [one.value for one in told.among.standings] == [30, 10, 0]


def test_nobody_with_a_value_is_no_zero_either():
    told = asked([count("u0", None)])
    assert (told.whole, told.quantiles, told.without) == (None, {}, 1)


def test_a_bound_among_the_parts_makes_the_whole_a_bound():
    assert asked([count("u0", 10), count("u1", 500, precision="more_than")]).whole.precision == "more_than"
    mixed = [count("u0", 9, precision="less_than"), count("u1", 500, precision="more_than")]
    assert asked(mixed).whole.precision == "about"


# --- quantiles --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [10, 11, 37, 60])
def test_quantiles_are_those_that_numpy_finds(many):
    numbers = [number for _, number, _ in MANY[:many]]
    told = asked([count(f"u{at}", number) for at, number in enumerate(numbers)])
    assert list(told.quantiles) == [10, 25, 50, 75, 90]
    assert list(told.quantiles.values()) == pytest.approx(list(np.percentile(numbers, [10, 25, 50, 75, 90])))


def test_few_institutions_have_quartiles_only_and_very_few_none():
    assert national.spread([4.0, 1.0, 3.0, 2.0]) == {25: 1.75, 50: 2.5, 75: 3.25}
    assert national.spread([4.0, 1.0, 3.0]) == {}


# --- small numbers ----------------------------------------------------------------------------------------------------------


def test_a_total_that_would_give_the_only_small_number_back_is_hidden_with_it():
    told = asked([count("u0", 10), count("u1", 30), count("u2", 3)])
    assert (told.whole.hidden, told.whole.value, told.among.hidden) == (True, None, 1)
    assert [one.institution for one in told.among.standings] == ["u1", "u0"]


def test_with_two_small_numbers_or_none_the_total_is_shown_whole():
    assert asked([count("u0", 10), count("u1", 30), count("u2", 3), count("u3", 2)]).whole.value == 45
    assert asked([count("u0", 10), count("u1", 30), count("u2", 0)]).whole.value == 40
    assert asked([count("u0", 10), count("u1", 30), count("u2", 3)], policy=EXACT).whole.value == 43


def test_a_total_that_is_small_itself_is_hidden():
    assert asked([count("u0", 1), count("u1", 1)]).whole.hidden


def test_a_rate_of_the_country_does_not_give_the_only_hidden_rate_back():
    told = asked([rate("u0", 40, 400), rate("u1", 3, 300)], indicator=RATE)
    assert told.whole.hidden and told.whole.numerator is None
    assert asked([rate("u0", 40, 400), rate("u1", 30, 300)], indicator=RATE).whole.value == 10.0


def test_rounded_to_five_the_total_is_rounded_too():
    assert asked([count("u0", 11), count("u1", 31)], policy=Policy("round5")).whole.value == 40


# --- per head ---------------------------------------------------------------------------------------------------------------


def test_of_a_thousand_students_only_institutions_with_both_count():
    students = {who: float(under) for who, _, under in MANY[:40]}
    told = asked([count(who, number) for who, number, _ in MANY], per=students)
    over, under = sum(number for _, number, _ in MANY[:40]), sum(students.values())
    assert told.whole.value == pytest.approx(1000 * over / under, rel=1e-12)
    assert (told.pooled, told.among.without) == (40, 20)
    rates = [1000 * number / students[who] for who, number, _ in MANY[:40]]
    assert list(told.quantiles.values()) == pytest.approx(list(np.percentile(rates, [10, 25, 50, 75, 90])))


def test_the_rest_of_the_country_does_not_give_its_only_small_number_back_either():
    values = [count("u0", 10), count("u1", 3), count("u2", 2), count("u3", 4)]
    students = {"u0": 100.0, "u1": 100.0, "u2": 100.0}
    assert asked(values).whole.value == 19
    assert asked(values, per=students).whole.hidden
    assert asked([*values, count("u4", 1)], per=students).whole.value == 50.0


def test_of_a_hundred_thousand_inhabitants():
    made = national.per_inhabitants(count("TUR", 1200), 60_000_000)
    assert (made.value, made.denominator) == (2.0, 60_000_000)
    assert national.per_inhabitants(count("TUR", 1200), None) is None
    assert national.per_inhabitants(replace(count("TUR", None), hidden=True), 60_000_000).hidden


def test_inhabitants_are_told_with_their_year_and_never_invented():
    assert inhabitants("TUR", 2024).people > 80_000_000
    assert inhabitants("TUR", 1990) == inhabitants("TUR", 2024)
    assert inhabitants("nowhere", 2024) is None


# --- from a store -----------------------------------------------------------------------------------------------------------


def house(institution, country):
    return {"institution": institution, "country": country}


@pytest.fixture
def made():
    def figure(institution, number, year, series="own", **more):
        row = {"institution": institution, "year_from": year, "measure": "A01", "value": number, "series": series}
        return row | more

    known = version(
        {
            "yearly_figures": [
                figure("a", 10, 2022), figure("b", 20, 2022), figure("a", 11, 2023), figure("b", 21, 2023), figure("c", 500, 2023),
                figure("a", 99, 2023, "list", prime=False), figure("d", 7, 2023, "list"), figure("e", 70, 2023),
            ]
        }
    )  # fmt: skip
    known.connection.execute("create table board.institutions (institution varchar, country varchar)")
    known.connection.execute("insert into board.institutions values ('a', 'TUR'), ('b', 'TUR'), ('c', 'DEU'), ('d', 'TUR'), ('f', 'TUR')")
    return known


def test_only_institutions_of_the_country_and_of_one_series_are_taken_together(made):
    offers = [offer for offer in national.offers(made, "TUR") if offer.indicator == "A01"]
    assert offers == [Offer("A01", 2023, 2023, "list", 2), Offer("A01", 2023, 2023, "own", 2), Offer("A01", 2022, 2022, "own", 2)]
    assert national.houses(made, "TUR") == ("a", "b", "d")
    values = national.members(made, offers[1], "TUR")
    assert [(one.institution, one.year_from, one.value) for one in values] == [
        ("a", 2022, 10), ("a", 2023, 11), ("b", 2022, 20), ("b", 2023, 21),
    ]  # fmt: skip
    assert {one.institution: one.value for one in national.of_period(values, offers[1])} == {"a": 11, "b": 21}


def test_the_figure_of_a_country_carries_its_definition_and_no_break():
    told = asked([count(who, number) for who, number, _ in MANY])
    drawn = figures.nation(COUNT, told, {who: who for who, _, _ in MANY}, language("en"), when="2023–24", who="Türkiye")
    assert drawn.definition == definition(COUNT, language("en")) != ()
    assert drawn.breaks == ()


def test_the_years_of_a_country_are_pooled_one_by_one(made):
    values = national.members(made, national.offers(made, "TUR")[1], "TUR")
    assert [(one.year_from, one.value) for one in national.course(COUNT, values, "TUR", SUPPRESS)] == [(2022, 30), (2023, 32)]
