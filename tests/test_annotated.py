"""The marked copy of a person's own file: colours, comments and links stand where the findings are, everything else stays, nothing runs."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from containers import MAIN, ods, text_row, xls, xlsx
from openpyxl.comments import Comment
from zoo import ZOO
from zoo_tables import MOBILITY, as_csv, book, changed, written

from pipelines.errors import Finding, Place, Refused
from pipelines.formats import spreadsheet
from pipelines.path import Choices, Draft, draft
from pipelines.reports import annotated
from pipelines.reports.annotated import annotate
from pipelines.sources import sources
from pipelines.templates import write_template

RED, AMBER, NONE = "00FFC7CE", "00FFE699", "00000000"
WRONG = {"G2": "Almnya", "J3": "-9", "G5": "İtlya"}


def told(path: Path, language: str = "en") -> tuple[Draft, list[dict]]:
    made = draft(path, Choices(), path.parent)
    return made, [finding.as_dict(language) for finding in made.findings]


def copy_of(path: Path, language: str = "en", findings: list[dict] | None = None) -> openpyxl.Workbook:
    """The marked copy, opened; by default with what the path finds in the file."""
    made, found = told(path, language)
    out = annotate(path, made.received.kind, found if findings is None else findings, language, path.parent / f"{path.stem}.marked.xlsx")
    return openpyxl.load_workbook(out)


def colour(sheet, at: str) -> str:
    return sheet[at].fill.start_color.rgb if sheet[at].fill.fill_type else NONE


def listed(book: openpyxl.Workbook) -> list[list]:
    """The rows of the first sheet below its header."""
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    head = next(at for at, row in enumerate(rows) if row[1] in ("Code", "Kod"))
    return rows[head + 1 :]


def links(book: openpyxl.Workbook) -> list[tuple[str, str]]:
    return [(cell.value, cell.hyperlink.location) for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink]


@pytest.fixture
def faulty(tmp_path) -> Path:
    """A workbook with three wrong cells and an unread column, and with what people put into workbooks."""
    made = book(tmp_path / "faulty.xlsx", changed(WRONG), "Değişim '24")
    sheet = made.worksheets()[0]
    sheet.write("L1", "Burs")
    sheet.write_string("M3", "=1+1")
    sheet.write_formula("M4", "=SUM(J2:J5)", None, 36)
    sheet.write_datetime("M5", datetime(2023, 10, 12), made.add_format({"num_format": "dd.mm.yyyy"}))
    sheet.merge_range("N2:O2", "birleşik")
    made.close()
    return tmp_path / "faulty.xlsx"


def test_errors_are_red_queries_amber_and_everything_else_keeps_its_colour(faulty):
    sheet = copy_of(faulty)["Değişim '24"]
    assert [colour(sheet, at) for at in ("G2", "J3", "G5", "L1", "G3", "J2")] == [RED, RED, RED, AMBER, NONE, NONE]


@pytest.mark.parametrize(
    ("language", "severity", "start", "todo"),
    [
        ("en", "Error", "“İtlya” is not a country", "What to do: "),
        ("tr", "Hata", "“İtlya” Meridian'ın bildiği bir ülke değil", "Yapılacak: "),
    ],
)
def test_a_comment_says_code_sentence_and_what_to_do_in_the_persons_language(faulty, language, severity, start, todo):
    code, what, remedy = copy_of(faulty, language)["Değişim '24"]["G5"].comment.text.split("\n")
    assert code == f"W102 · {severity}"
    assert what.startswith(start)
    assert remedy.startswith(todo) and "ITA" in remedy


@pytest.mark.parametrize(("language", "title"), [("en", "Findings"), ("tr", "Bulgular")])
def test_the_first_sheet_lists_every_finding_errors_first(faulty, language, title):
    _, found = told(faulty, language)
    book = copy_of(faulty, language)
    assert book.sheetnames[0] == title and book.active.title == title
    assert [sheet.sheet_view.tabSelected for sheet in book.worksheets[1:]] == [False]
    rows = listed(book)
    assert {(row[1], row[3], row[4], row[5], row[6], row[7]) for row in rows} == {
        (one["code"], one["cell"] or None, one["what"], one["cause"], one["remedy"], one["count"]) for one in found
    }
    words = {"en": ["Error", "Query", "Note"], "tr": ["Hata", "Soru", "Not"]}[language]
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key=words.index)
    assert "hapes" in str(book.worksheets[0]["A4"].value) or "şekiller" in str(book.worksheets[0]["A4"].value)


def test_every_link_leads_to_a_cell_that_is_marked(faulty):
    book = copy_of(faulty)
    found = links(book)
    assert {word.rpartition("!")[2] for word, _ in found} == {"G2", "J3", "G5", "L1", "M3", "N2"}
    for _, location in found:
        title, _, at = location.rpartition("!")
        assert title == "'Değişim ''24'"
        assert book[title[1:-1].replace("''", "'")][at].comment


def test_formulas_formats_texts_and_merged_cells_stay_as_they_are(faulty):
    sheet = copy_of(faulty)["Değişim '24"]
    assert (sheet["M3"].value, sheet["M3"].data_type) == ("=1+1", "s")
    assert (sheet["M4"].value, sheet["M4"].data_type) == ("=SUM(J2:J5)", "f")
    assert (sheet["M5"].value, sheet["M5"].number_format) == (datetime(2023, 10, 12), "dd.mm.yyyy")
    assert "N2:O2" in {str(area) for area in sheet.merged_cells.ranges}
    assert (sheet["J2"].value, sheet["J2"].data_type) == (17, "n")


@pytest.mark.parametrize("language", ["en", "tr"])
def test_drop_downs_notes_and_the_hidden_sheets_of_our_template_survive(language, tmp_path):
    path = write_template(sources()["mobility"], language, tmp_path / "template.xlsx")
    filled = openpyxl.load_workbook(path)
    for column, word in enumerate(("iztech", "2023-2024", "out", "student", None, None, "Almnya"), 1):
        filled.worksheets[0].cell(2, column, word)
    filled.save(path)
    before, after = filled.worksheets[0], copy_of(path, language).worksheets[1]
    assert rules(after) == rules(before) and len(rules(after)) > 10
    assert [cell.comment.text for cell in after[1]] == [cell.comment.text for cell in before[1]]
    states = {sheet.title: sheet.sheet_state for sheet in after.parent.worksheets}
    assert (states["_lists"], states["_meta"]) == ("hidden", "veryHidden")
    assert set(filled.defined_names) < set(after.parent.defined_names)
    assert colour(after, "G2") == RED


def rules(sheet) -> list[tuple]:
    return sorted((str(rule.sqref), rule.type, rule.formula1, rule.prompt) for rule in sheet.data_validations.dataValidation)


def test_a_persons_own_comment_stays_below_ours(faulty):
    own = openpyxl.load_workbook(faulty)
    own.worksheets[0]["G2"].comment = Comment("Ayşe'ye sor", "Ali")
    own.save(faulty)
    text = copy_of(faulty)["Değişim '24"]["G2"].comment.text
    assert text.startswith("W102 · Error") and text.endswith("\n\nAyşe'ye sor")


def test_of_merged_cells_the_first_is_marked(tmp_path):
    made = book(tmp_path / "merged.xlsx", MOBILITY)
    made.worksheets()[0].merge_range("G2:G3", "Almanya")
    made.close()
    found = [Finding("W102", Place("merged.xlsx", "Mobility", 3, 7), {"word": "x"}).as_dict()]
    sheet = copy_of(tmp_path / "merged.xlsx", findings=found)["Mobility"]
    assert colour(sheet, "G2") == RED and sheet["G2"].comment


def test_a_cell_of_two_findings_is_red_and_says_both(tmp_path):
    book(tmp_path / "two.xlsx", MOBILITY).close()
    place = Place("two.xlsx", "Mobility", 2, 7)
    found = [Finding("T106", place, {"column": "x"}).as_dict(), Finding("W102", place, {"word": "x"}).as_dict()]
    sheet = copy_of(tmp_path / "two.xlsx", findings=found)["Mobility"]
    assert colour(sheet, "G2") == RED
    assert [line.split(" ")[0] for line in sheet["G2"].comment.text.split("\n") if " · " in line] == ["W102", "T106"]


def test_a_finding_of_the_whole_file_or_of_a_sheet_that_is_not_there_is_listed_without_a_link(tmp_path):
    book(tmp_path / "whole.xlsx", MOBILITY).close()
    found = [Finding("E101", Place("whole.xlsx")).as_dict(), Finding("W102", Place("whole.xlsx", "Gone", 2, 7)).as_dict()]
    marked = copy_of(tmp_path / "whole.xlsx", findings=found)
    assert [row[1] for row in listed(marked)] == ["E101", "W102"] and links(marked) == []


def test_more_cells_than_the_limit_are_listed_but_not_all_marked(tmp_path, monkeypatch):
    monkeypatch.setattr(annotated, "MOST_MARKED", 2)
    book(tmp_path / "many.xlsx", changed(dict.fromkeys(("G2", "G3", "G4", "G5"), "Almnya"))).close()
    marked = copy_of(tmp_path / "many.xlsx")
    assert [colour(marked["Mobility"], f"G{row}") for row in (2, 3, 4, 5)] == [RED, RED, NONE, NONE]
    assert any(row[0].value == "Only the first 2 cells are marked." for row in marked.worksheets[0].iter_rows(max_row=8))
    assert [word for word, _ in links(marked)] == ["Mobility!G2", "Mobility!G3", "Mobility!G4", "Mobility!G5"]


# --- files that are no XLSX -------------------------------------------------------------------------------------------
def test_a_csv_becomes_a_workbook_whose_cells_are_texts_at_the_same_places(tmp_path):
    grid = changed(WRONG | {"K2": "=1+1", "K3": "@SUM(A1)", "K4": "İğdır; 007", "D1": "Role"})
    path = written(tmp_path, as_csv(grid, ";"), "öğrenci.csv")
    sheet = copy_of(path)["öğrenci"]
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == grid
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert [colour(sheet, at) for at in ("G2", "J3", "G5", "G3")] == [RED, RED, RED, NONE]
    assert set(links(sheet.parent)) == {(at, f"'öğrenci'!{at}") for at in WRONG}


def test_a_cell_that_looks_like_a_formula_is_a_text_on_the_list_too(tmp_path):
    path = written(tmp_path, as_csv(changed({"G2": "=cmd|' /C calc'!A0"})))
    marked = copy_of(path)
    formulas = [cell.value for sheet in marked.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []
    assert marked["table"]["G2"].value == "=cmd|' /C calc'!A0" and colour(marked["table"], "G2") == RED


def test_old_workbooks_and_those_of_libreoffice_are_given_back_as_texts(tmp_path):
    grid = [[*MOBILITY[0]], *[[*row[:9], float(row[9]), row[10]] for row in changed({"G2": "Almnya"})[1:]]]
    sheet = copy_of(xls(tmp_path / "old.xls", grid))["Data"]
    assert (colour(sheet, "G2"), sheet["G2"].value, sheet["J2"].value) == (RED, "Almnya", "17")
    word = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = ["".join(map(word.format, row)) for row in changed({"G2": "Almnya"})]
    cells = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    sheet = copy_of(ods(tmp_path / "free.ods", cells))["Veri"]
    assert (colour(sheet, "G2"), sheet["G2"].value) == (RED, "Almnya")


def test_a_long_table_is_given_back_up_to_a_row_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(annotated, "MOST_ROWS", 3)
    marked = copy_of(written(tmp_path, as_csv(changed(WRONG))))
    assert marked["table"].max_row == 5  # the marked cell beyond keeps its place
    assert [cell.value for cell in marked["table"][4]] == [None] * 11
    assert any(row[0].value == "Of table this copy holds the first 3 rows." for row in marked.worksheets[0].iter_rows(max_row=8))


def test_a_workbook_that_the_library_cannot_write_back_is_given_back_as_texts(tmp_path):
    rows = "".join(text_row(number, *row) for number, row in enumerate(changed({"G2": "Almnya"}), 1))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData><pageSetup orientation="askew"/></worksheet>'
    marked = copy_of(xlsx(tmp_path / "odd.xlsx", "", **{"xl/worksheets/sheet1.xml": sheet}))
    assert (colour(marked["Data"], "G2"), marked["Data"]["G2"].value) == (RED, "Almnya")
    assert any("as they were read" in str(row[0].value) for row in marked.worksheets[0].iter_rows(max_row=8))


# --- and back -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_marked_copy_that_was_mended_is_read_without_a_finding(kind, tmp_path):
    path = tmp_path / f"table.{kind}"
    book(path, changed(WRONG)).close() if kind == "xlsx" else written(tmp_path, as_csv(changed(WRONG)))
    marked = copy_of(path, "tr")
    sheet = marked["Mobility" if kind == "xlsx" else "table"]
    for at, word in {"G2": "Germany", "J3": "9", "G5": "Italy"}.items():
        sheet[at] = word
    marked.save(tmp_path / "mended.xlsx")
    made, _ = told(tmp_path / "mended.xlsx")
    assert [(one.code, one.place.cell) for one in made.findings if one.severity != "info"] == []
    assert made.facts["mobility"]["rows"] == 4


def test_marked_once_more_the_old_marks_are_gone(faulty):
    first = copy_of(faulty)
    first["Değişim '24"]["G2"] = "Germany"
    first.save(faulty.with_name("again.xlsx"))
    again = copy_of(faulty.with_name("again.xlsx"), "tr")
    assert again.sheetnames == ["Bulgular", "Değişim '24"]
    sheet = again["Değişim '24"]
    assert (colour(sheet, "G2"), sheet["G2"].comment) == (NONE, None)
    assert colour(sheet, "G5") == RED and sheet["G5"].comment.text.count("W102") == 1


# --- hostile files ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("animal", "code"),
    [
        ("zip_bomb", "E109"), ("packed_blanks", "E109"), ("external_entity", "E111"), ("path_out_of_the_archive", "E110"),
        ("macros", "E108"), ("truncated_workbook", "E106"), ("broken_xml", "E240"),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_workbook_is_refused_and_leaves_nothing(animal, code, tmp_path):
    path = ZOO[animal][0](tmp_path)
    with pytest.raises(Refused) as refused:
        annotate(path, "xlsx", [], "en", tmp_path / "out.xlsx")
    assert refused.value.finding.code == code
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_sound_workbook_beside_them_is_marked(tmp_path):
    book(tmp_path / "good.xlsx", MOBILITY).close()
    marked = copy_of(tmp_path / "good.xlsx")
    assert marked.worksheets[0]["A2"].value == "No findings" and listed(marked) == []


def test_the_workbook_is_opened_in_the_confined_child_only(tmp_path, monkeypatch):
    book(tmp_path / "good.xlsx", MOBILITY).close()
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    monkeypatch.setattr(spreadsheet.child, "__file__", str(slow))
    monkeypatch.setattr(spreadsheet, "PATIENCE", 0.2)
    with pytest.raises(Refused) as refused:
        annotate(tmp_path / "good.xlsx", "xlsx", [], "en", tmp_path / "out.xlsx")
    assert refused.value.finding.code == "E242"
