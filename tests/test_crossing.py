"""Tables of two dimensions, regions of any scheme, inequality of countries: added up from exact values, then shown to the public."""

from __future__ import annotations

import itertools
import random
from statistics import mean

import duckdb
import pytest
from building import version
from pydantic import ValidationError

from pipelines import measure, regions
from pipelines.catalogue import indicator
from pipelines.language import language
from pipelines.measuring.crossing import MOST, NOT_TOLD, REST, amounts, crossing, gini, grouped
from pipelines.policies import RegionScheme

A01 = indicator("A01")
M49 = regions.groupings("demo")["m49:2024"]


def went(people, country="DEU", unit="Law", **more):
    row = {"academic_year": 2023, "direction": "out", "role": "student", "programme": "erasmus", "country": country, "unit": unit}
    return row | {"participants": people} | more


def table(rows, down="unit", across="country", audience="inside", **more):
    return crossing(version({"mobility": rows}), A01, down, across, institution="example", year=2023, audience=audience, **more)


def numbers(made):
    return {at: "hidden" if one.hidden else one.value for at, one in made.cells.items()}


CHANCE = random.Random(7)
MANY = [
    went(CHANCE.randint(1, 60), country, unit)
    for country, unit in itertools.product(("DEU", "ITA", "FRA", "POL", "ESP", "AZE", "KAZ", "USA", "JPN", "EGY"), "ABCDEFGHIJK")
]


def test_a_table_has_at_most_eight_by_eight_and_loses_nobody():
    made = table(MANY)
    assert (len(made.down), len(made.across), made.beyond) == (MOST, MOST, (4, 3))
    assert made.down[-1] == made.across[-1] == REST
    assert sum(one.value for at, one in made.cells.items() if at[1]) == sum(row["participants"] for row in MANY)


def test_a_table_that_fits_has_no_rest():
    made = table([went(10), went(20, "ITA", "Arts")])
    assert (made.down, made.across, made.beyond) == (("Arts", "Law"), ("ITA", "DEU"), (0, 0))


def test_the_cells_are_those_that_one_question_each_gives():
    made, shown = table(MANY), version({"mobility": MANY})
    for unit, country in itertools.product(made.down[:-1], made.across[:-1]):
        (one,) = measure.values(shown, "A01", institution="example", year=2023, where={"unit": unit, "country": country})
        assert made.cells[unit, country].value == one.value


def test_the_rest_is_what_a_plain_query_finds():
    made = table(MANY)
    found = duckdb.connect()
    found.execute("create table moved (unit varchar, country varchar, n integer)")
    found.executemany("insert into moved values (?, ?, ?)", [(row["unit"], row["country"], row["participants"]) for row in MANY])
    kept, shown = list(made.down[:-1]), list(made.across[:-1])
    sql = "select sum(n) from moved where not list_contains(?, unit) and not list_contains(?, country)"
    assert made.cells[REST, REST].value == found.execute(sql, [kept, shown]).fetchone()[0]


def test_a_filter_narrows_the_table():
    made = table([went(10), went(20, programme="mevlana")], where={"programme": "mevlana"})
    assert numbers(made) == {("Law", "DEU"): 20, ("Law", ""): 20}


def test_rows_that_do_not_tell_are_a_part_of_their_own():
    made = table([went(10, unit=None), went(20)])
    assert set(made.down) == {"Law", NOT_TOLD}


def test_countries_become_the_regions_of_a_scheme():
    made = table([went(10), went(7, "ITA"), went(9, "JPN")], across="region", of=M49.of)
    assert numbers(made) == {("Law", "europe"): 17, ("Law", "asia"): 9, ("Law", ""): 26}


def test_institutions_can_be_the_rows():
    made = table([went(10), went(30, institution="other"), went(5, "ITA", institution="other")], down="institution")
    assert numbers(made) == {
        ("other", "DEU"): 30, ("other", "ITA"): 5, ("other", ""): 35, ("example", "DEU"): 10, ("example", ""): 10,
    }  # fmt: skip


def test_a_small_cell_is_hidden_with_another_of_its_row_and_column():
    rows = [went(3), went(30, "ITA"), went(40, "FRA"), went(10, unit="Arts"), went(20, "ITA", "Arts"), went(60, "FRA", "Arts")]
    hidden = {at for at, told in numbers(table(rows, audience="public")).items() if told == "hidden"}
    assert ("Law", "DEU") in hidden
    assert len(hidden & {("Law", "ITA"), ("Law", "FRA")}) == 1
    assert ("Arts", "DEU") in hidden
    assert numbers(table(rows))["Law", "DEU"] == 3  # the office itself sees it


def test_small_cells_that_are_large_together_are_shown_together():
    small = [went(3, country) for country in ("DEU", "ITA", "FRA", "POL")]
    large = [went(50 + at, country) for at, country in enumerate(("ESP", "AZE", "KAZ", "USA", "JPN", "EGY", "GEO"))]
    told = numbers(table([*small, *large], audience="public"))
    assert told["Law", REST] == 12


# --- regions of a scheme ----------------------------------------------------------------------------------------------------


def by_region(rows, grouping=M49, audience="inside"):
    found = grouped(version({"mobility": rows}), A01, grouping.of, institution="example", audience=audience)
    return {(one.year_from, one.key): "hidden" if one.hidden else one.value for one in found}


def test_regions_added_up_from_countries_are_those_of_the_database():
    rows = [*MANY, went(4, "XXX"), went(8, None), went(11, "POL", academic_year=2022)]
    found = measure.values(version({"mobility": rows}), "A01", institution="example", by="region")
    assert by_region(rows) == {(one.year_from, one.key): one.value for one in found}


def test_a_country_that_left_a_union_counts_by_the_version_that_is_chosen():
    rows, schemes = [went(10), went(20, "GBR")], regions.groupings("demo")
    assert by_region(rows, schemes["eu:2020-02"]) == {(2023, "eu"): 10, (2023, "outside"): 20}
    assert by_region(rows, schemes["eu:2013-07"]) == {(2023, "eu"): 30}


def test_a_small_region_is_hidden_from_the_public_and_its_office_sees_it():
    rows = [went(3, "JPN"), went(30), went(50, "USA")]
    assert by_region(rows, audience="public") == {(2023, "asia"): "hidden", (2023, "europe"): "hidden", (2023, "americas"): 50}
    assert by_region(rows)[2023, "asia"] == 3


def test_an_institution_has_its_own_scheme_in_two_versions_and_others_have_not():
    own = [key for key in regions.groupings("demo") if key.startswith("own-")]
    assert own == ["own-priority:2024", "own-priority:2020"]
    assert [key for key in regions.groupings("metu") if key.startswith("own-")] == []
    before, now = (regions.groupings("demo")[key] for key in reversed(own))
    assert (before.of["UKR"], now.of["UKR"], now.of["JPN"]) == ("outside", "central_europe", "outside")
    assert now.label(language("tr")) == "Stratejinin öncelikli bölgeleri · 2024"


def scheme(*countries):
    text = {"en": "A", "tr": "B"}
    region = [{"id": f"r{at}", "name": text, "countries": members} for at, members in enumerate(countries)]
    return RegionScheme.model_validate({"id": "own", "version": "1", "title": text, "source": text, "region": region})


@pytest.mark.parametrize(
    ("countries", "fault"),
    [((["DEU", "TUV", "QQQ"],), "there is no country QQQ"), ((["DEU"], ["ITA", "DEU"]), "DEU stands in two groups"), ((["XXX"],), "XXX")],
)
def test_an_own_scheme_with_a_country_that_is_none_or_stands_twice_is_refused(countries, fault):
    with pytest.raises(ValidationError, match=fault):
        scheme(*countries)


def test_an_own_scheme_with_countries_that_exist_once_is_allowed():
    assert scheme(["DEU", "XKX"], ["ITA"]).region[1].countries == ("ITA",)


# --- inequality of countries ------------------------------------------------------------------------------------------------


def sizes(rows, audience="inside"):
    return amounts(version({"mobility": rows}), A01, institution="example", year=2023, audience=audience)


def test_countries_are_lined_up_by_size_and_what_is_no_country_is_left_out():
    assert sizes([went(30), went(10, "ITA"), went(0, "FRA"), went(7, "XXX"), went(9, None)]) == ([10, 30], 0)


def test_hidden_countries_share_their_mean_so_that_none_of_them_is_told():
    rows = [went(1, "ITA"), went(4, "FRA"), went(30), went(10, "POL")]
    assert sizes(rows, "public") == ([2.5, 2.5, 10, 30], 2)
    assert sizes(rows) == ([1, 4, 10, 30], 0)


def test_one_hidden_country_alone_leaves_nothing_to_show():
    assert sizes([went(3)], "public") == ([], 1)


@pytest.mark.parametrize(("given", "expected"), [([5, 5, 5, 5], 0.0), ([0, 0, 0, 10], 0.75), ([1, 3], 0.25), ([], 0.0)])
def test_the_coefficient_is_none_where_all_are_alike_and_large_where_one_has_all(given, expected):
    assert gini(given) == pytest.approx(expected)


def test_the_coefficient_is_half_the_mean_difference_over_the_mean():
    given = sorted(CHANCE.randint(1, 400) for _ in range(40))
    assert gini(given) == pytest.approx(mean(abs(a - b) for a in given for b in given) / (2 * mean(given)))
