"""Academic years: every spelling that offices use, the month that looks like a year, and periods kept apart from years."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.codes.years import Year, label, parse, read_years
from pipelines.errors import Finding

SPELLINGS = [
    "2018-2019", "2018/2019", "2018/19", "2018-19", "2018–2019", "2018 - 2019", "2018 – 19", "18/19", "2018-2019 Güz",
    "2018-2019 Güz/Bahar", "2018-2019 Bahar Dönemi", "2018-2019 Eğitim-Öğretim Yılı", "AY2018", "AY 2018-19", "2018", "2018/2018",
    "2018.0", "٢٠١٨-٢٠١٩",
    "2018/2019-1/2", " 2018-2019 ", "2018-2019 academic year", "Curso 2018/19", "２０１８-２０１９",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_of_an_academic_year_is_its_start_year(text):
    assert parse(text) == Year(2018)
    assert read_years([text]).faults == {}


@pytest.mark.parametrize(("text", "start"), [("2010-11", 2010), ("2009-10", 2009), ("2011-12", 2011), ("1999/00", 1999), ("99/00", 1999)])
def test_a_short_second_part_that_is_one_more_is_a_year_even_if_it_could_be_a_month(text, start):
    assert parse(text) == Year(start)


@pytest.mark.parametrize("text", ["2018-10", "2018-01", "2005-10", "2014/09"])
def test_a_month_is_not_taken_for_an_academic_year(text):
    read = read_years([text])
    assert (parse(text), read.values[text], read.faults[text]) == (None, None, "W203")


def test_the_finding_of_a_month_names_the_academic_year_it_lies_in():
    read = read_years(["2018-10", "2019-03"])
    assert {word: details["suggestion"] for word, details in read.details.items()} == {"2018-10": "2018-2019", "2019-03": "2018-2019"}
    assert "2018-2019" in Finding("W203", values=read.details["2018-10"]).say("remedy", "tr")


PERIODS = {
    "2015–2023": Year(2015, 2023), "2014-2019": Year(2014, 2019), "2014/15–2019/20": Year(2014, 2019),
    "2014-15 - 2019-20": Year(2014, 2019), "2014/2015 – 2019/2020": Year(2014, 2019), "2014/15 to 2019/20": Year(2014, 2019),
    "2018-2021": Year(2018, 2021),
    "2014-19": Year(2014, 2019),
}  # fmt: skip


@pytest.mark.parametrize(("text", "period"), PERIODS.items())
def test_a_period_is_read_where_one_may_stand(text, period):
    assert read_years([text], period=True).values[text] == period


@pytest.mark.parametrize("text", PERIODS)
def test_a_period_is_a_fault_where_one_year_is_needed(text):
    read = read_years([text])
    assert (read.values[text], read.faults[text]) == (None, "W202")


@pytest.mark.parametrize(
    "text", ["abc", "12", "2019-2018", "2018/201", "01.09.2018", "9999", "1306", "2018-2019 Erasmus", "2018-13", "2018.5"]
)
def test_what_is_no_year_is_a_fault(text):
    assert (parse(text), read_years([text], period=True).faults[text]) == (None, "W201")


@pytest.mark.parametrize("text", ["", "-", "–", "n/a"])
def test_an_empty_year_is_missing_and_no_fault(text):
    read = read_years([text])
    assert (read.values, read.faults) == ({text: None}, {})


@given(st.integers(1900, 2098), st.sampled_from(["-", "/", "–", " - ", "−"]), st.booleans())
def test_any_two_following_years_are_the_academic_year_of_the_first(start, dash, short):
    assert parse(f"{start}{dash}{str(start + 1)[2 if short else 0 :]}") == Year(start)


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader_of_years(text):
    year = parse(text)
    assert year is None or (1800 <= year.start <= 2100 and (year.end is None or year.end > year.start))


def test_a_year_is_shown_with_both_its_parts():
    assert (label(2024), label(1999, "tr"), label(2014, "en", 2019)) == ("2024–25", "1999–00", "2014–15 to 2019–20")
