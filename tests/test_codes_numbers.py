"""Numbers: the style of a column is decided by its certain cells; what can be read two ways is a fault, never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.codes.numbers import read_numbers
from pipelines.errors import Finding


def values(words, whole=False, **further):
    return read_numbers(words, whole=whole, **further).values


def faults(words, whole=False, **further):
    return read_numbers(words, whole=whole, **further).faults


def test_a_turkish_column_is_read_the_turkish_way():
    assert values(["1.306", "12,5", "9.481.710,15", "72"]) == {"1.306": 1306, "12,5": 12.5, "9.481.710,15": 9481710.15, "72": 72}


def test_an_english_column_is_read_the_english_way():
    assert values(["1,306", "12.5", "9,481,710.15", "72"]) == {"1,306": 1306, "12.5": 12.5, "9,481,710.15": 9481710.15, "72": 72}


@pytest.mark.parametrize("words", [["1.306"], ["1.306", "72"], ["1,306", "2,408"]])
def test_a_column_with_only_ambiguous_cells_is_asked(words):
    read = read_numbers(words, whole=True)
    odd = [word for word in words if word != "72"]
    assert read.faults == dict.fromkeys(odd, "W302")
    assert read.style is None
    assert "1306 / ≈1.3" in Finding("W302", values=read_numbers(["1.306"], whole=True).details["1.306"]).say("what")


def test_the_same_cells_are_clear_beside_a_certain_one():
    assert values(["1.306", "1.306.408"], whole=True)["1.306"] == 1306
    assert values(["1.306", "0.5"])["1.306"] == 1.306


def test_an_english_fraction_in_a_turkish_column_is_a_fault():
    read = read_numbers(["12.5", "1,5", "9.481.710,15"], whole=False)
    assert (read.style, read.faults) == ("tr", {"12.5": "W303"})
    assert "1.306,5" in Finding("W303", values=read.details["12.5"]).say("what", "tr")


def test_a_column_split_evenly_between_two_styles_is_a_fault_at_both():
    assert faults(["12.5", "1,5"]) == {"12.5": "W303", "1,5": "W303"}


def test_a_fraction_among_counts_is_a_fault_and_no_witness_of_style():
    assert faults(["1.306", "12.5"], whole=True) == {"1.306": "W302", "12.5": "W305"}


def test_counts_written_as_decimals_are_counts():
    assert values(["12184.0", "0.0"], whole=True) == {"12184.0": 12184, "0.0": 0}
    assert faults(["12184.0"], whole=True) == {}


@pytest.mark.parametrize(
    ("text", "value"), [("1 306", 1306), ("1\u00a0306", 1306), ("1\u202f306,5", 1306.5), ("1'306", 1306), ("12 345 678", 12345678)]
)
def test_blanks_of_any_width_divide_thousands(text, value):
    assert values([text]) == {text: value}


@pytest.mark.parametrize("text", ["%82,20", "82,20%", "82,20 %", "% 82,20"])
def test_a_percent_sign_may_stand_on_either_side_of_a_number(text):
    assert values([text]) == {text: 82.2}


def test_a_percent_sign_on_a_count_is_a_fault():
    assert faults(["%12"], whole=True) == {"%12": "W307"}


@pytest.mark.parametrize("text", ["", " ", "-", "–", "..", "…", "--", "n/a"])
def test_an_empty_cell_is_missing_and_neither_zero_nor_a_fault(text):
    read = read_numbers([text], whole=True)
    assert (read.values, read.faults) == ({text: None}, {})


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [("12 kişi", "W306", "12"), ("27 bin 34", "W306", "27034"), ("2 bin 294", "W306", "2294"), ("1,5 milyon", "W306", "1500000"),
     ("Sep-75", "W310", "9.75"), ("09. Mai", "W310", "9.5"), ("Mrz 25", "W310", "3.25"), ("Foo 75", "W306", "75"),
     ("1200 TL", "W306", "1200"), ("1E5", "W308", "100000"), (">500", "W309", "500"), ("500+", "W309", "500"),
     ("yaklaşık 1000", "W309", "1000"), ("abc", "W301", ""), ("12 - 15", "W301", ""), ("TRUE", "W301", ""), ("yok", "W301", ""),
     ("₺1.200", "W306", "1.200")],
)  # fmt: skip
def test_more_than_a_number_is_a_fault_that_names_the_number(text, code, suggestion):
    read = read_numbers([text], whole=True)
    assert (read.values[text], read.faults[text], read.details[text]["suggestion"]) == (None, code, suggestion)


def test_a_count_is_whole_and_not_negative():
    assert faults(["-5", "3", "2,5"], whole=True) == {"-5": "W304", "2,5": "W305"}
    assert values(["-5", "3", "2,5"]) == {"-5": -5, "3": 3, "2,5": 2.5}


def test_number_cells_of_a_workbook_are_exact():
    assert values(["1.306"], typed={"1.306"}) == {"1.306": 1.306}
    assert faults(["1.306", "17"], typed={"1.306", "17"}, whole=True) == {"1.306": "W305"}
    assert values(["1.306", "2.408,5"], typed={"1.306"})["1.306"] == 1.306


def test_a_supplier_whose_style_is_known_needs_no_witness():
    assert values(["1.306"], style="tr") == {"1.306": 1306}
    assert values(["1.306"], style="en") == {"1.306": 1.306}
    assert faults(["1,5"], style="en") == {"1,5": "W303"}


def test_arabic_digits_are_digits():
    assert values(["١٢٣", "١٬٣٠٦", "١٢٫٥"]) == {"١٢٣": 123, "١٬٣٠٦": 1306, "١٢٫٥": 12.5}


def _turkish(value: float) -> str:
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20, unique=True))
def test_any_column_written_in_one_style_reads_back(cents):
    amounts = [cent / 100 for cent in cents]
    for write in (_turkish, lambda value: f"{value:,.2f}"):
        assert values([write(amount) for amount in amounts]) == {write(amount): amount for amount in amounts}


@given(st.lists(st.text(max_size=10), unique=True, max_size=8), st.booleans())
def test_no_text_breaks_the_reader_and_a_fault_never_has_a_value(words, whole):
    read = read_numbers(words, whole=whole)
    assert set(read.values) == set(words)
    assert all(read.values[word] is None for word in read.faults)
