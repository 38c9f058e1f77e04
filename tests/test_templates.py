"""The empty workbooks that people download: they open, they help, and filled in they read back without a question."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from pipelines.codes.words import names
from pipelines.path import Choices, Draft, draft
from pipelines.sources import Source, sources
from pipelines.templates import dictionary, write_template
from pipelines.tidying.headers import META

LANGUAGES = pytest.mark.parametrize("language", ["en", "tr"])
HANDED_IN = [name for name in sources() if name != "institutions"]
EACH = pytest.mark.parametrize("name", HANDED_IN)

ROWS = {
    "mobility": [
        {"institution": "iztech", "academic_year": "2023-2024", "direction": "out", "role": "student", "activity": "study", "programme": "erasmus_ka131", "country": "DEU", "partner": "Example University", "unit": "Faculty of Science", "level": "bachelor", "field": "0533", "gender": "female", "mode": "physical", "fewer_opportunities": True, "special_needs": False, "days": 150, "places": 20, "participants": 17, "detail": "first", "status": "final"},
        {"institution": "iztech", "academic_year": "2023-2024", "direction": "in", "role": "academic_staff", "activity": "teaching", "programme": "mevlana", "country": "CIV", "days": 12.5, "participants": 1306},
    ],
    "country_distribution": [
        {"institution": "iztech", "academic_year": "2023-2024", "group": "students", "level": "bachelor", "country": "SYR", "unit": "Faculty of Science", "gender": "male", "headcount": 1306, "detail": "a", "status": "provisional"},
        {"institution": "iztech", "academic_year": "2023-2024", "group": "academic_staff", "country": "XKX", "headcount": 3},
    ],
    "yearly_figures": [
        {"institution": "iztech", "year_from": "2015-2016", "year_to": "2023-2024", "measure": "A01", "programme": "mevlana", "level": "master", "unit": "Faculty of Science", "country": "DEU", "detail": "a", "value": 1306, "precision": "about", "currency": "EUR", "status": "final"},
        {"institution": "iztech", "year_from": "2023-2024", "measure": "students", "value": 5000},
    ],
    "activities": [
        {"institution": "iztech", "date": datetime(2023, 10, 12), "ends": datetime(2023, 10, 14), "kind": "fair", "title": "Education fair", "partner": "Example University", "country": "DEU", "amount": 1306.5, "currency": "EUR", "element": "networks", "link": "https://example.org/fair", "status": "final"},
        {"institution": "iztech", "date": datetime(2024, 4, 3), "kind": "membership", "title": "Network of universities"},
    ],
    "agreements": [
        {"institution": "iztech", "agreement": "2023-17", "partner": "Example University", "country": "DEU", "kind": "student_exchange", "programme": "erasmus_ka131", "unit": "Faculty of Science", "signed": datetime(2023, 4, 3), "starts": datetime(2023, 9, 1), "ends": datetime(2028, 8, 31), "stage": "signed", "quota_out": 4, "quota_in": 4, "months": 5, "renews": "2023-18", "status": "final"},
        {"institution": "iztech", "agreement": "2023-18", "partner": "Other University", "country": "MAR", "starts": datetime(2023, 9, 1)},
    ],
    "goals": [
        {"institution": "iztech", "policy": "iztech", "element": "6", "indicator": "A01", "unit": "Faculty of Science", "baseline_year": "2020-2021", "baseline": 583, "target_year": "2025-2026", "target": 612, "target_upper": 700, "weight": 100, "responsible": "International Office", "decided_in": "2021/4", "status": "final"},
        {"institution": "iztech", "policy": "iztech", "indicator": "C02", "baseline_year": "2020-2021", "baseline": 2.5, "target_year": "2025-2026", "target": 4.5},
    ],
}  # fmt: skip
"""Two rows of every source: one with every column, one with the required ones and the number. Words as codes."""


@pytest.fixture(params=["en", "tr"])
def language(request) -> str:
    return request.param


def opened(name: str, language: str, folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(write_template(sources()[name], language, folder / f"{name}.{language}.xlsx"))


def spoken(source: Source, row: dict, language: str) -> list:
    """A row as somebody types it who speaks that language."""
    cells = []
    for column in source.columns:
        kind = {"word": column.vocabulary, "country": "country", "flag": "flag"}.get(column.kind)
        code = row.get(column.name)
        if column.kind == "flag" and code is not None:
            cells.append(names("flag", language)["yes" if code else "no"])
        else:
            cells.append(names(kind, language)[code] if kind and code is not None else code)
    return cells


def filled(name: str, language: str, folder: Path) -> Path:
    book = opened(name, language, folder)
    for number, row in enumerate(ROWS[name], 2):
        for column, word in enumerate(spoken(sources()[name], row, language), 1):
            if word is not None:
                book.worksheets[0].cell(number, column, word)
    path = folder / "filled.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory) -> Callable[[str, str], tuple[Draft, list[dict]]]:
    """A filled template after the whole path, and its table; each is made once."""

    @cache
    def made(name: str, language: str) -> tuple[Draft, list[dict]]:
        folder = tmp_path_factory.mktemp("templates")
        through = draft(filled(name, language, folder), Choices(), folder)
        return through, pq.read_table(through.parquets[name]).to_pylist() if through.parquets else []

    return made


@EACH
def test_the_template_opens_with_its_header_frozen_and_every_column_explained(name, language, tmp_path):
    book, source = opened(name, language, tmp_path), sources()[name]
    sheet = book.worksheets[0]
    assert sheet.title == source.title[language]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == [column.title[language] for column in source.columns]
    assert [bool(cell.comment and cell.comment.text.strip()) for cell in sheet[1]] == [True] * len(source.columns)
    notes = [cell.value for cell in book.worksheets[1]["A"]]
    assert {column.title[language] for column in source.columns} <= set(notes)


@EACH
def test_the_hidden_sheet_names_template_version_and_language(name, language, tmp_path):
    book = opened(name, language, tmp_path)
    assert [cell.value for cell in book[META][1]] == ["meridian", name, sources()[name].version, language]
    assert book[META].sheet_state == "veryHidden" and book["_lists"].sheet_state == "hidden"
    assert [sheet.sheet_state for sheet in book.worksheets[:2]] == ["visible", "visible"]


@EACH
def test_words_are_chosen_from_drop_downs_that_hold_the_whole_vocabulary(name, language, tmp_path):
    book, source = opened(name, language, tmp_path), sources()[name]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in book.worksheets[0].data_validations.dataValidation}
    for at, column in enumerate(source.columns, 1):
        kind = {"word": column.vocabulary, "country": "country", "flag": "flag"}.get(column.kind)
        rule = rules.get(f"{openpyxl.utils.get_column_letter(at)}2")
        if kind is None:
            assert (rule and rule.type) == {"count": "whole", "number": "decimal"}.get(column.kind), column.name
            continue
        assert rule.type == "list" and rule.formula1 == f"list_{column.name}"
        (sheet, area) = next(iter(book.defined_names[f"list_{column.name}"].destinations))
        listed = {row[0].value for row in book[sheet][area.replace("$", "")]} if ":" in area else set()
        assert listed == set(names(kind, language).values()), column.name
        assert rule.promptTitle and rule.prompt and rule.error


@EACH
def test_a_filled_template_reads_back_without_a_finding_and_to_the_same_values(name, language, handed_in):
    made, rows = handed_in(name, language)
    assert [(one.code, one.place.cell, one.say("what")) for one in made.findings if one.severity != "info"] == []
    assert made.layout.id == name
    for row, given in zip(rows, ROWS[name], strict=True):
        for column in sources()[name].columns:
            assert row[column.name] == expected(column, given, name), column.name


def expected(column, given: dict, source: str):
    """What the typed word means: years by their first, days without hours, and what the pipeline fills in."""
    value = given.get(column.name)
    filled_in = {"status": "final", "precision": "exact"}
    if value is None and column.name == "year_to":
        value = given["year_from"]
    if value is None:
        return filled_in.get(column.name) if column.name != "precision" or source == "yearly_figures" else None
    if column.kind == "year":
        return int(value[:4])
    return value.date() if isinstance(value, datetime) else value


@EACH
def test_both_languages_read_to_the_same_table(name, handed_in):
    english, turkish = ([row | {"sheet": None} for row in handed_in(name, language)[1]] for language in ("en", "tr"))
    assert english == turkish and english


def test_days_typed_as_days_of_the_spreadsheet_are_those_days(tmp_path):
    book = opened("activities", "tr", tmp_path)
    for column, word in enumerate(spoken(sources()["activities"], ROWS["activities"][0], "tr"), 1):
        book.worksheets[0].cell(2, column, word)
    book.worksheets[0]["B2"].number_format = "dd.mm.yyyy"
    book.save(tmp_path / "days.xlsx")
    made = draft(tmp_path / "days.xlsx", Choices(), tmp_path)
    assert str(pq.read_table(made.parquets["activities"])["date"][0]) == "2023-10-12"


def test_an_empty_template_is_told_to_be_empty(language, tmp_path):
    opened("mobility", language, tmp_path)
    made = draft(tmp_path / f"mobility.{language}.xlsx", Choices(), tmp_path)
    assert [one.code for one in made.errors] == ["E201"]


@LANGUAGES
def test_the_dictionary_names_every_column_and_every_word(language):
    text = dictionary(language)
    for source in sources().values():
        assert f"## {source.title[language]} (`{source.name}`)" in text
        assert all(f"| `{column.name}` | {column.kind} |" in text for column in source.columns)
    assert all(label in text for label in names("activity_kind", language).values())
