"""Days: ISO and points are clear, strokes are decided for the column, and a day lost to a spreadsheet is named."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.codes.dates import read_dates

SEPTEMBER = date(2024, 9, 1)


@pytest.mark.parametrize(
    "text",
    ["2024-09-01", "2024/9/1", "2024.09.01", "01.09.2024", "1.9.2024", "2024-09-01 00:00:00", "2024-09-01T00:00:00Z", "1 Eylül 2024",
     "01-Sep-2024", "September 1, 2024", "٠١.٠٩.٢٠٢٤"],
)  # fmt: skip
def test_every_clear_spelling_of_a_day_is_that_day(text):
    read = read_dates([text])
    assert (read.values, read.faults) == ({text: SEPTEMBER}, {})


def test_a_clear_cell_decides_the_order_of_its_column():
    assert read_dates(["03/04/2024", "25/04/2024"]).values["03/04/2024"] == date(2024, 4, 3)
    assert read_dates(["03/04/2024", "04/25/2024"]).values["03/04/2024"] == date(2024, 3, 4)
    assert read_dates(["03-04-2024"], order="dmy").values["03-04-2024"] == date(2024, 4, 3)


def test_an_order_that_nothing_decides_is_asked_with_both_days():
    read = read_dates(["03/04/2024", "09/09/2024"])
    assert (read.values["03/04/2024"], read.faults) == (None, {"03/04/2024": "W402"})
    assert read.values["09/09/2024"] == date(2024, 9, 9)
    assert read.details["03/04/2024"]["near"] == "2024-04-03 / 2024-03-04"


def test_cells_that_contradict_each_other_decide_nothing():
    read = read_dates(["03/04/2024", "25/04/2024", "04/25/2024"])
    assert read.faults == {"03/04/2024": "W402"}
    assert read.values["25/04/2024"] == read.values["04/25/2024"] == date(2024, 4, 25)


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [("31.02.2024", "W403", ""), ("01.13.2024", "W403", ""), ("0001-01-01", "W403", ""), ("45536", "W404", "2024-09-01"),
     ("01.09.24", "W405", "2024-09-01"), ("abc", "W401", ""), ("2024", "W401", ""), ("Sep-75", "W401", "")],
)  # fmt: skip
def test_what_is_no_day_is_a_fault_that_says_why(text, code, suggestion):
    read = read_dates([text])
    assert (read.values[text], read.faults[text], read.details[text]["suggestion"]) == (None, code, suggestion)


@pytest.mark.parametrize("text", ["", "-", "–", "n/a"])
def test_an_empty_day_is_missing_and_no_fault(text):
    assert (read_dates([text]).values, read_dates([text]).faults) == ({text: None}, {})


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 12, 31)), min_size=1, unique=True))
def test_any_column_of_iso_or_point_dates_reads_back(days):
    for write in (date.isoformat, lambda day: f"{day.day:02d}.{day.month:02d}.{day.year}"):
        read = read_dates([write(day) for day in days])
        assert (read.values, read.faults) == ({write(day): day for day in days}, {})


@given(st.lists(st.text(max_size=14), unique=True, max_size=6))
def test_no_text_breaks_the_reader_of_days(words):
    read = read_dates(words)
    assert set(read.values) == set(words) and all(read.values[word] is None for word in read.faults)
