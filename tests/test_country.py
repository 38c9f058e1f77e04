"""The country that is made up to measure on: the same every time, of real sizes, and its total in the store is the sum of its files."""

from __future__ import annotations

from statistics import median

import pytest

from benchmarks import country
from pipelines import national
from pipelines.catalogue import indicators
from pipelines.measuring.suppress import Policy
from pipelines.store import Store
from pipelines.warehouse import open_version


def test_the_same_number_makes_the_same_bytes_and_another_makes_others(tmp_path):
    written = []
    for place, number in (("a", 3), ("b", 3), ("c", 4)):
        (tmp_path / place).mkdir()
        written.append([path.read_bytes() for path, _ in country.files(country.House(number), 3, tmp_path / place)])
    assert written[0] == written[1] != written[2]


def test_sizes_are_those_of_the_real_lists():
    houses = [country.House(number) for number in range(1, 601)]
    assert median(one.students for one in houses) == pytest.approx(12017, rel=0.35)
    assert 6 * median(one.out for one in houses) == pytest.approx(161.5, rel=0.35)
    assert sum(one.incoming for one in houses) < 0.8 * sum(one.out for one in houses)


def test_the_countrys_total_is_the_sum_of_what_was_handed_in(tmp_path):
    store, years = Store(tmp_path / "store"), (2023, 2024)
    country.build(store, institutions=4, years=2, share=0.3)
    made = open_version(store.path)
    handed = {path.stem for number in range(1, 5) for path, _ in country.files(country.House(number, 0.3), 2, tmp_path)}
    assert len(handed) == made.query("select count(distinct file) from board.files")[0][0]
    offer = next(one for one in national.offers(made, "TUR") if (one.indicator, one.year_to) == ("A01", max(years)))
    values = national.members(made, offer, "TUR")
    (told,) = [one for one in national.course(indicators()["A01"], values, "TUR", Policy("exact")) if one.year_from == offer.year_from]
    rows = [row for number in range(1, 5) for row in country.House(number, 0.3).mobility(offer.year_from) if row["direction"] == "out"]
    whose = {value.institution for value in national.of_period(values, offer)}
    assert told.value == sum(row["participants"] for row in rows if row["institution"] in whose) > 0
