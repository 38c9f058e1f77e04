"""The empty workbooks that people download: they open, they help, and filled in they read back without a question."""

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from building import version

from pipelines import templates
from pipelines.codes import fields
from pipelines.codes.words import names
from pipelines.path import Choices, Draft, draft
from pipelines.sources import Source, sources
from pipelines.templates import FIGURES, MOST_FILLED, dictionary, last_year, write_template
from pipelines.tidying.headers import META
from pipelines.warehouse import open_version

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
        {"institution": "iztech", "date": datetime(2023, 10, 12), "ends": datetime(2023, 10, 14), "kind": "fair", "title": "Education fair", "partner": "Example University", "country": "DEU", "programme": "erasmus_ka2", "amount": 1306.5, "currency": "EUR", "element": "networks", "link": "https://example.org/fair", "status": "final"},
        {"institution": "iztech", "date": datetime(2024, 4, 3), "kind": "membership", "title": "Network of universities"},
    ],
    "agreements": [
        {"institution": "iztech", "agreement": "2023-17", "partner": "Example University", "country": "DEU", "kind": "student_exchange", "programme": "erasmus_ka131", "unit": "Faculty of Science", "signed": datetime(2023, 4, 3), "starts": datetime(2023, 9, 1), "ends": datetime(2028, 8, 31), "stage": "signed", "quota_out": 4, "quota_in": 4, "months": 5, "months_out": 20, "months_in": 18, "blended": True, "ewp_approved": datetime(2023, 11, 2), "renews": "2023-18", "status": "final"},
        {"institution": "iztech", "agreement": "2023-18", "partner": "Other University", "country": "MAR", "starts": datetime(2023, 9, 1)},
    ],
    "goals": [
        {"institution": "iztech", "policy": "iztech", "element": "6", "indicator": "A01", "unit": "Faculty of Science", "baseline_year": "2020-2021", "baseline": 583, "target_year": "2025-2026", "target": 612, "target_upper": 700, "weight": 100, "responsible": "International Office", "decided_in": "2021/4", "status": "final"},
        {"institution": "iztech", "policy": "iztech", "indicator": "C02", "baseline_year": "2020-2021", "baseline": 2.5, "target_year": "2025-2026", "target": 4.5},
    ],
    "joint_publications": [
        {"institution": "iztech", "academic_year": "2023-2024", "partner": "Example University", "country": "DEU", "publications": 13, "detail": "a", "status": "final"},
        {"institution": "iztech", "academic_year": "2023-2024", "country": "CIV", "publications": 1306},
    ],
    "scores": [
        {"institution": "iztech", "academic_year": "2023-2024", "scheme": "survey", "criterion": "satisfaction", "direction": "out", "partner": "Example University", "country": "DEU", "edition": "2023", "score": 4.2, "rank": 1, "responses": 706, "invited": 1306, "status": "final"},
        {"institution": "iztech", "academic_year": "2023-2024", "scheme": "yokak", "criterion": "a53", "score": 3.5},
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
        assert listed == set((fields.choices if kind == "field" else partial(names, kind))(language).values()), column.name
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


# --- filled with the rows of last year -----------------------------------------------------------------------------------
def started(name: str) -> list[dict]:
    """The two rows of a source as a version holds them: years as numbers, days as days."""
    source = sources()[name]
    return [{column: _held(source.column(column).kind, value) for column, value in row.items()} for row in ROWS[name]]


def _held(kind: str, value):
    return int(value[:4]) if kind == "year" else value.date() if isinstance(value, datetime) else value


def begun(name: str, language: str, folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(write_template(sources()[name], language, folder / "begun.xlsx", started(name), 2024))


@EACH
def test_a_template_of_last_year_is_completed_with_figures_and_reads_back_to_the_same_rows(name, language, tmp_path):
    source, book = sources()[name], begun(name, language, tmp_path)
    for number, row in enumerate(ROWS[name], 2):
        for at, column in enumerate(source.columns, 1):
            if column.kind in FIGURES and column.name in row:
                book.worksheets[0].cell(number, at, row[column.name])
    book.save(tmp_path / "completed.xlsx")
    made = draft(tmp_path / "completed.xlsx", Choices(), tmp_path)
    assert [(one.code, one.place.cell, one.say("what")) for one in made.findings if one.severity != "info"] == []
    assert made.layout.id == name
    for row, given in zip(pq.read_table(made.parquets[name]).to_pylist(), ROWS[name], strict=True):
        for column in source.columns:
            wanted = 2024 if source.year and column.kind == "year" else expected(column, given, name)
            if column.key or column.kind in FIGURES or source.year is None:
                assert row[column.name] == wanted, column.name


@EACH
def test_figures_of_last_year_are_not_filled_in_but_a_registers_are(name, language, tmp_path):
    source, sheet = sources()[name], begun(name, language, tmp_path).worksheets[0]
    figures = [at for at, column in enumerate(source.columns, 1) if column.kind in FIGURES]
    filled_in = [sheet.cell(row, at).value for row in (2, 3) for at in figures if sheet.cell(row, at).value is not None]
    assert bool(filled_in) == (source.year is None and bool(figures))
    assert sheet.max_row == 3


def test_the_figures_that_nobody_filled_in_are_asked_for(language, tmp_path):
    begun("country_distribution", language, tmp_path)
    made = draft(tmp_path / "begun.xlsx", Choices(), tmp_path)
    assert [(one.code, one.count) for one in made.errors] == [("C101", 2)]


def test_words_of_last_year_stand_in_the_language_and_the_year_is_the_asked_one(tmp_path):
    sheet = begun("mobility", "tr", tmp_path).worksheets[0]
    row = dict(zip((cell.value for cell in sheet[1]), (cell.value for cell in sheet[2]), strict=True))
    assert (row["Akademik yıl"], row["Yön"], row["Ülke"], row["Program"]) == (
        "2024-2025",
        "Giden",
        "Almanya",
        names("programme", "tr")["erasmus_ka131"],
    )
    assert (row["Eğitim alanı"], row["Dezavantajlı"], row["Katılımcı sayısı"]) == (fields.choices("tr")["0533"], "Evet", None)


def test_every_field_of_education_is_written_so_that_it_is_read_as_itself():
    assert {code for code, label in fields.choices("tr").items() if fields.field(label).code != code} == set()


def test_the_end_of_a_period_is_left_to_the_person(tmp_path):
    sheet = begun("yearly_figures", "en", tmp_path).worksheets[0]
    assert [[cell.value for cell in row[1:3]] for row in sheet.iter_rows(min_row=2)] == [["2024-2025", None]] * 2


def test_the_hidden_sheet_names_institution_and_year_too(language, tmp_path):
    book = begun("mobility", language, tmp_path)
    assert [cell.value for cell in book[META][1]] == [
        "meridian",
        "mobility",
        sources()["mobility"].version,
        language,
        "iztech",
        "2024-2025",
    ]
    empty = write_template(sources()["mobility"], language, tmp_path / "empty.xlsx", year=2024, institution="demo")
    assert [cell.value for cell in openpyxl.load_workbook(empty)[META][1]][4:] == ["demo", "2024-2025"]


def test_text_of_last_year_never_becomes_a_formula(tmp_path):
    rows = [started("mobility")[0] | {"partner": "=1+1", "unit": "@home"}]
    sheet = openpyxl.load_workbook(write_template(sources()["mobility"], "en", tmp_path / "begun.xlsx", rows, 2024)).worksheets[0]
    assert [(sheet.cell(2, at).value, sheet.cell(2, at).data_type) for at in (8, 9)] == [("=1+1", "s"), ("@home", "s")]


def test_last_year_is_the_latest_before_the_asked_one_and_of_one_institution():
    row = {"direction": "out", "role": "student", "country": "DEU", "participants": 5, "days": 90}
    given = [
        row | {"institution": "demo", "academic_year": 2021},
        row | {"institution": "demo", "academic_year": 2022, "country": "ITA"},
        row | {"institution": "demo", "academic_year": 2022, "country": "ITA", "days": 120, "participants": 7},
        row | {"institution": "demo", "academic_year": 2024, "country": "FRA"},
        row | {"institution": "other", "academic_year": 2023, "country": "ESP"},
    ]
    held, mobility = version({"mobility": given}), sources()["mobility"]
    (found,) = last_year(held, mobility, "demo", 2024)
    assert {name: value for name, value in found.items() if value is not None} == {
        "institution": "demo", "academic_year": 2022, "direction": "out", "role": "student", "country": "ITA",
    }  # fmt: skip
    assert not {"participants", "days", "places"} & set(found)
    assert [one["country"] for one in last_year(held, mobility, "demo", 2025)] == ["FRA"]
    assert last_year(held, mobility, "demo", 2021) == last_year(held, mobility, "nobody", 2024) == []


def test_a_register_is_filled_in_whole_and_the_list_of_institutions_not_at_all():
    given = [started("agreements")[0], started("agreements")[1] | {"institution": "other"}]
    (found,) = last_year(version({"agreements": given}), sources()["agreements"], "iztech", 2024)
    assert (found["agreement"], found["quota_out"], found["partner"]) == ("2023-17", 4, "Example University")
    assert last_year(version({}), sources()["institutions"], "iztech", 2024) == []


def test_half_a_register_is_never_filled_in_but_part_of_a_year_is(monkeypatch):
    monkeypatch.setattr(templates, "MOST_FILLED", 1)
    register = [started("agreements")[0], started("agreements")[0] | {"agreement": "2023-18"}]
    rows = [started("mobility")[0], started("mobility")[0] | {"country": "FRA"}]
    held = version({"agreements": register, "mobility": rows})
    assert last_year(held, sources()["agreements"], "iztech", 2024) == []
    assert len(last_year(held, sources()["mobility"], "iztech", 2024)) == 1


@EACH
def test_last_year_of_a_published_store_reads_back_but_for_its_figures(name, language, demo_store, tmp_path):
    source = sources()[name]
    rows = last_year(open_version(demo_store), source, "demo", 2025)
    assert 0 < len(rows) <= MOST_FILLED
    made = draft(write_template(source, language, tmp_path / "begun.xlsx", rows, 2025), Choices(), tmp_path)
    table = pq.read_table(made.parquets[name]).to_pylist()
    kept = [one for one in rows[0] if source.column(one).kind not in FIGURES and one != source.year]
    assert [[row[one] for one in kept if one != "year_to"] for row in table] == [
        [row[one] for one in kept if one != "year_to"] for row in rows
    ]
    assert {code for code in (finding.code for finding in made.errors) if code not in ("C101", "C201", "C501", "C921")} == set()
    if source.year:
        assert {row[source.year] for row in table} == {2025}
