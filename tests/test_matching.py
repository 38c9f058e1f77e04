"""An office's own workbook explained: the header found, the columns matched, the answers a layout that reads it exactly."""

from __future__ import annotations

import tomllib

import pytest
from office import FIRST, GERMANY, ROWS, SHEET, TRUTH, turkish_workbook

from pipelines.desk import matching, remembered
from pipelines.layouts import given
from pipelines.read import read
from pipelines.receive import receive
from pipelines.sources import sources
from pipelines.tidy import Handed, tidy

MOBILITY = sources()["mobility"]
TOLD = {"direction": "out", "role": "student"}
WORDS = {"country": {"Almnya": "DEU"}}


def explained(path, **more):
    """The workbook read with the proposed answers and what is said beside them."""
    sheets = read(receive(path))
    pictures = matching.preview(sheets)
    answers = matching.propose(pictures, MOBILITY) | {"constants": TOLD, "words": WORDS, "numbers": "tr"} | more
    layout = matching.made(answers, MOBILITY, matching.header(pictures, answers), 2024)
    return tidy(sheets, layout, Handed(path.name, "demo"))


def people(tidied):
    found = {}
    for row in tidied.tables["mobility"].to_pylist():
        key = (row["country"], row["gender"])
        found[key] = found.get(key, 0) + row["participants"]
    return found


def codes(tidied):
    return [finding.code for finding in tidied.findings]


@pytest.fixture
def workbook(tmp_path):
    return turkish_workbook(tmp_path / "giden.xlsx")


def test_the_header_below_titles_and_merged_cells_is_found(workbook):
    answers = matching.propose(matching.preview(read(receive(workbook))), MOBILITY)
    assert (answers["sheet"], answers["row"], answers["rows"]) == (SHEET, 4, 2)


def test_columns_are_matched_by_name_and_women_men_and_all_are_told_apart(workbook):
    answers = matching.propose(matching.preview(read(receive(workbook))), MOBILITY)
    assert answers["columns"]["Ülke"] == "country"
    assert answers["columns"]["Öğrenci Sayısı / Kadın"] == answers["columns"]["Öğrenci Sayısı / Erkek"] == "participants"
    assert answers["columns"]["Öğrenci Sayısı / Toplam"] == matching.TOTAL
    assert answers["stands"]["Öğrenci Sayısı / Kadın"] == {"gender": "female"}


def test_what_the_title_alone_says_is_asked(workbook):
    answers = matching.propose(matching.preview(read(receive(workbook))), MOBILITY)
    assert [column.name for column in matching.missing(answers, MOBILITY, 2024)] == ["direction", "role"]
    assert not matching.ready(answers, MOBILITY, 2024)
    assert matching.ready(answers | {"constants": TOLD}, MOBILITY, 2024)


def test_the_year_is_asked_where_none_was_chosen(workbook):
    answers = matching.propose(matching.preview(read(receive(workbook))), MOBILITY) | {"constants": TOLD}
    assert [column.name for column in matching.missing(answers, MOBILITY, None)] == ["academic_year"]


def test_the_answers_read_the_workbook_exactly(workbook):
    tidied = explained(workbook)
    found = people(tidied)
    assert {key: found[key] for key in TRUTH} == TRUTH
    assert {gender: found["DEU", gender] for gender in GERMANY} == GERMANY
    assert {row["academic_year"] for row in tidied.tables["mobility"].to_pylist()} == {2024}
    assert not [finding for finding in tidied.findings if finding.severity != "info"]


def test_every_number_keeps_its_own_cell(workbook):
    rows = explained(workbook).tables["mobility"].to_pylist()
    first = {row["gender"]: (row["sheet"], row["row"], row["col"]) for row in rows if row["country"] == "GBR"}
    assert first == {"female": (SHEET, FIRST, "E"), "male": (SHEET, FIRST, "F")}


def test_the_total_row_is_left_out_and_agrees(workbook):
    assert "T124" in codes(explained(workbook))
    assert "T122" not in codes(explained(workbook))


def test_a_total_row_that_does_not_agree_is_asked_at_its_cell(tmp_path):
    tidied = explained(turkish_workbook(tmp_path / "giden.xlsx", total=(1331, 1228, 2559)))
    asked = [finding for finding in tidied.findings if finding.code == "T122"]
    assert [finding.place.cell for finding in asked] == [f"{SHEET}!E11"]
    assert "1331" in asked[0].say("what")
    assert "1330" in asked[0].say("what")


def test_a_row_whose_women_and_men_are_not_its_total_is_asked_at_its_cell(tmp_path):
    rows = [(*ROWS[0][:6], 32), *ROWS[1:]]
    tidied = explained(turkish_workbook(tmp_path / "giden.xlsx", rows))
    assert [finding.place.cell for finding in tidied.findings if finding.code == "T123"] == [f"{SHEET}!G6"]


def test_a_note_below_the_table_is_no_row(workbook):
    assert [finding.place.row for finding in explained(workbook).findings if finding.code == "T125"] == [13]


def test_a_number_that_can_be_read_in_two_ways_is_asked_and_one_answer_settles_the_column(workbook):
    assert "W302" in codes(explained(workbook, numbers=None))
    assert "W302" not in codes(explained(workbook, numbers="tr"))


def test_a_misspelt_country_is_a_suggestion_and_never_a_match(workbook):
    faults = [finding for finding in explained(workbook, words={}).findings if finding.code == "W102"]
    assert [(finding.values["word"], finding.values["suggested"], finding.values["ours"]) for finding in faults] == [
        ("Almnya", "DEU", "country")
    ]


def test_a_corrected_cell_is_read_as_corrected_and_the_others_as_they_are(workbook):
    sheets = read(receive(workbook))
    pictures = matching.preview(sheets)
    answers = matching.propose(pictures, MOBILITY) | {"constants": TOLD, "words": WORDS, "numbers": "tr"}
    layout = matching.made(answers, MOBILITY, matching.header(pictures, answers), 2024)
    fixed = tidy(sheets, layout, Handed(workbook.name, "demo", fixes={f"{SHEET}!E6": "15", f"{SHEET}!G6": "32", f"{SHEET}!E11": "1331"}))
    assert people(fixed)["GBR", "female"] == 15
    assert people(fixed)["GBR", "male"] == 17


def test_two_columns_of_numbers_must_say_what_they_stand_for(workbook):
    answers = matching.propose(matching.preview(read(receive(workbook))), MOBILITY) | {"constants": TOLD}
    unclear = answers | {"stands": {}}
    assert matching.unclear(unclear, MOBILITY) == ["Öğrenci Sayısı / Kadın", "Öğrenci Sayısı / Erkek"]
    assert not matching.ready(unclear, MOBILITY, 2024)


def test_a_remembered_layout_reads_next_years_file_with_next_years_year(workbook, tmp_path):
    sheets = read(receive(workbook))
    pictures = matching.preview(sheets)
    answers = matching.propose(pictures, MOBILITY) | {"constants": TOLD, "words": WORDS, "numbers": "tr"}
    layout = matching.made(answers, MOBILITY, matching.header(pictures, answers), 2024)
    text = remembered.as_toml(matching.undated(matching.told(layout)))
    assert "2024-2025" not in tomllib.loads(text)["feeds"][0]["constants"].values()
    again = matching.adapted(given(tomllib.loads(text)), {}, 2025)
    tidied = tidy(read(receive(workbook)), again, Handed(workbook.name, "demo"))
    assert {row["academic_year"] for row in tidied.tables["mobility"].to_pylist()} == {2025}
    assert people(tidied)["GBR", "female"] == 14


def test_a_layout_with_a_misspelt_word_is_refused_by_name():
    from pipelines.errors import MeridianError

    with pytest.raises(MeridianError) as refused:
        given({"title": {"en": "x", "tr": "x"}, "supplier": "", "series": "s", "fields": {}, "feed": []})
    assert refused.value.finding.code == "H103"
    assert "feed" in refused.value.finding.say("what")
