"""Workbooks and Parquet become the text cells a person sees, with the mark of what was typed; what is broken dies in the child."""

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from containers import ods, xls
from zoo import TABLE, ZOO, findings, workbook

from pipelines.errors import Refused
from pipelines.formats import child, spreadsheet
from pipelines.formats.personal import is_personal, personal_data, tc_number
from pipelines.read import read
from pipelines.receive import receive


def sheets(path):
    return read(receive(path))


def test_cells_are_written_as_people_see_them_and_typed_ones_are_marked(tmp_path):
    path = tmp_path / "cells.xlsx"
    book = workbook(path, [["cell"], [12], [12.5], [0.1 + 0.2], ["1.306"], [1.306], [True], [12345678901], ["007"], [None], ["x"]])
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    book.worksheets()[0].write_datetime(9, 0, dt.datetime(2024, 2, 1), day)
    book.close()
    body = sheets(path)[0].body(1)
    words = ["12", "12.5", "0.3", "1.306", "1.306", "TRUE", "12345678901", "007", "2024-02-01", "x"]
    assert body.table["1"].to_pylist() == words
    assert body.typed["1"].to_pylist() == [True, True, True, False, True, True, True, False, True, False]
    assert body.table["row"].to_pylist() == list(range(2, 12))


@pytest.mark.parametrize(
    ("number", "text"),
    [(17.0, "17"), (-3.0, "-3"), (1e15, "1000000000000000"), (1e-7, "0.0000001"), (2.50, "2.5"), (9481710.15, "9481710.15")],
)
def test_numbers_have_no_exponent_and_no_needless_digit(number, text):
    assert child.number_text(number) == text


def test_the_words_of_error_cells_are_kept_in_every_format(tmp_path):
    assert sheets(ZOO["words_of_errors"][0](tmp_path))[0].peek()[2] == ["#REF!", "#DIV/0!"]
    old = xls(tmp_path / "old.xls", [["year", "people"], [2022.0, b"\x17"], [2023.0, 12.5]])
    assert sheets(old)[0].peek() == [["year", "people"], ["2022", "#REF!"], ["2023", "12.5"]]
    row = '<table:table-row{}><table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell></table:table-row>'
    blanks = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    rows = row.format("", "", "yıl") + blanks + row.format("", ' office:string-value="" calcext:value-type="error"', "#AD?")
    assert sheets(ods(tmp_path / "open.ods", rows))[0].peek() == [["yıl"], [""], [""], ["#AD?"]]


def test_a_merged_header_is_filled_right_and_two_rows_become_one_name(tmp_path):
    body = sheets(ZOO["merged_header_of_two_rows"][0](tmp_path))[0].body(1, 2)
    assert body.names == ["country", "bachelor / women", "bachelor / men", "master / women", "master / men"]
    assert body.table["row"].to_pylist() == [3]


def test_a_merged_header_of_one_row_names_all_its_columns(tmp_path):
    book = workbook(tmp_path / "wide.xlsx", [["students", None, "year"], [1, 2, 2023]])
    book.worksheets()[0].merge_range("A1:B1", "students")
    book.close()
    assert sheets(tmp_path / "wide.xlsx")[0].body(1).names == ["students", "students", "year"]


def test_merged_cells_of_the_body_are_a_question_with_their_place(tmp_path):
    told = next(one for one in findings(ZOO["merged_cells_in_the_body"][0](tmp_path)) if one.code == "Q244")
    assert (told.place.cell, told.severity) == ("Sheet1!B2", "query")


def test_every_sheet_keeps_its_name_and_blank_rows_keep_their_number(tmp_path):
    workbook(tmp_path / "two.xlsx", TABLE, [[None], ["", "title"], [None], *TABLE]).close()
    first, second = sheets(tmp_path / "two.xlsx")
    assert [first.name, second.name, first.rows, second.rows] == ["Sheet1", "Sheet2", 4, 7]
    assert second.body(4).table["row"].to_pylist() == [5, 6, 7]


def test_a_hidden_sheet_is_read_and_said(tmp_path):
    hidden, shown = sheets(ZOO["hidden_sheet"][0](tmp_path))
    assert (hidden.hidden, shown.hidden, [one.code for one in shown.findings]) == (True, False, [])


def test_the_parent_lives_when_a_workbook_kills_its_child(tmp_path):
    for name in ("far_cell", "broken_xml"):
        with pytest.raises(Refused):
            sheets(ZOO[name][0](tmp_path))
    workbook(tmp_path / "good.xlsx", TABLE).close()
    assert sheets(tmp_path / "good.xlsx")[0].rows == 4


def test_a_child_that_never_ends_is_ended(tmp_path, monkeypatch):
    workbook(tmp_path / "good.xlsx", TABLE).close()
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    monkeypatch.setattr(spreadsheet.child, "__file__", str(slow))
    monkeypatch.setattr(spreadsheet, "PATIENCE", 0.2)
    with pytest.raises(Refused) as refused:
        sheets(tmp_path / "good.xlsx")
    assert refused.value.finding.code == "E242"


def test_a_bug_of_the_child_is_not_dressed_as_a_fault_of_the_file(tmp_path, monkeypatch):
    workbook(tmp_path / "good.xlsx", TABLE).close()
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemError('ours')\n", encoding="utf-8")
    monkeypatch.setattr(spreadsheet.child, "__file__", str(broken))
    with pytest.raises(RuntimeError, match="ours"):
        sheets(tmp_path / "good.xlsx")


def test_an_entity_never_reads_a_file_of_this_computer(tmp_path):
    told = findings(ZOO["external_entity"][0](tmp_path))
    assert [one.code for one in told] == ["E111"]


def test_parquet_gives_the_same_texts_and_counts_its_header_as_row_one(tmp_path):
    columns = {"year": [2022, None], "share": [12.5, 3.0], "name": ["İzmir", ""], "day": [dt.date(2024, 2, 1), None], "yes": [True, False]}
    pq.write_table(pa.table(columns), tmp_path / "table.parquet")
    sheet = sheets(tmp_path / "table.parquet")[0]
    assert sheet.peek(2) == [["year", "share", "name", "day", "yes"], ["2022", "12.5", "İzmir", "2024-02-01", "TRUE"]]
    body = sheet.body(1)
    assert body.table.select(["1", "2", "3"]).to_pylist()[1] == {"1": None, "2": "3", "3": None}
    assert body.table["row"].to_pylist() == [2, 3]
    assert (body.typed["1"].to_pylist(), body.typed["3"].to_pylist()) == ([True, False], [False, False])


@pytest.mark.parametrize(
    "name", ["First name", "Surname", "Öğrenci Adı", "Adı Soyadı", "T.C. Kimlik No", "TCKN", "E-posta", "Cep telefonu", "Passport No"]
)
def test_headers_that_ask_for_a_person_are_known(name):
    assert is_personal(name)


@pytest.mark.parametrize(
    "name",
    [
        "Name",
        "Legal Name",
        "Programme name",
        "Üniversite Adı",
        "Partner",
        "Birim adı",
        "Mobile students",
        "Students",
        "Ülke adı",
        "Participants",
    ],
)
def test_headers_that_name_something_else_are_left_alone(name):
    assert not is_personal(name)


def test_the_checksum_of_identity_numbers_is_the_official_one():
    assert tc_number("10000000146")
    assert not tc_number("10000000147")
    assert not tc_number("01000000146")


def test_ordinary_numbers_of_eleven_digits_are_not_taken_for_people():
    numbers = [str(20_000_000_000 + 37 * at) for at in range(2_000)]
    assert sum(map(tc_number, numbers)) >= 3
    assert personal_data(["number"], pa.table({"1": numbers})) == []


def test_a_finding_about_people_names_the_cell_and_never_the_value():
    table = pa.table({"1": pa.array(["x", "a.b@example.org"]).dictionary_encode(), "row": pa.array([5, 6], pa.int32())})
    told = personal_data(["contact"], table)[0]
    assert (told.code, told.place.cell, told.severity) == ("E261", "A6", "error")
    assert "example.org" not in told.say("what", "en") + told.say("what", "tr")


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("charter-holders/2022-03.xlsx", 5_209),
        ("charter-holders/2026-04-08.xlsx", 6_142),
        ("statistics/china_foreign_students_2010_2018.xlsx", 1_179),
    ],
)
def test_published_workbooks_hold_the_rows_they_are_known_for(real, name, rows):
    sheet = sheets(real / name)[0]
    header = 2 if name.endswith("2026-04-08.xlsx") else 1
    assert abs(sheet.body(header).table.num_rows - rows) <= (0 if "charter" in name else 100)


def test_the_errors_in_a_published_workbook_arrive_as_words(real):
    column = sheets(real / "charter-holders" / "2022-10-17.xlsx")[0].body(1).table["4"].to_pylist()
    assert column.count("#N/A") == 291


def test_twenty_eight_sheets_are_read_from_one_workbook(real):
    assert len(sheets(real / "statistics" / "us_visas_by_nationality_1997_2024.xlsx")) == 28


def test_a_published_parquet_has_its_rows(real):
    assert sheets(real / "large" / "sise_enrolments_2012_2024.parquet")[0].body(1).table.num_rows == 520_749
