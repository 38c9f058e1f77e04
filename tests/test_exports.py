"""Exports of the Beneficiary Module and of Mobility Tool+: one row is one participant, drafts are asked, nobody's name is kept."""

import csv
import datetime as dt
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import xlsxwriter
from jobs import done, here_and_now

from pipelines import path
from pipelines.access.person import Person
from pipelines.desk import drafts, handing
from pipelines.errors import Refused
from pipelines.layouts import layout
from pipelines.path import Choices, draft
from pipelines.read import read
from pipelines.receive import receive
from pipelines.store import Store
from pipelines.tidy import Handed, Tidied, tidy
from pipelines.tidying.headers import recognise

NAMES = (b"Deniz", b"Denemeci", b"deniz@", b"P-7788")
BM = [
    "Data type", "Grant Agreement No.", "Mobility activity ID", "Activity type", "Status", "Participant ID", "Participant first name", "Participant last name",
    "Participant e-mail", "Gender", "Sending organisation", "Sending organisation OID", "Sending country", "Receiving organisation", "Receiving Organisation OID",
    "Receiving country", "Receiving city", "Start date", "End date", "Funded duration including travel days (in days)", "Field of education", "Level of study",
    "Fewer opportunities", "Blended mobility", "Zero-grant", "Total grant",
]  # fmt: skip
WHO = ["P-7788", "Deniz", "Denemeci", "deniz@example.com"]
US, THEM = ["Iğdır Üniversitesi", "E10085493", "TR"], ["Uniwersytet Warszawski", "E10209375", "PL"]
ROWS = [
    ["Mobility", "2023-1-TR01-KA131-HED-000001", "1", "HE-SMS-L", "Complete", *WHO, "Female", *US, *THEM, "Warszawa", "01-02-2024", "20-06-2024", "140", "0314", "6", "No", "No", "No", "2800.50"],
    ["Mobility", "2023-1-TR01-KA131-HED-000001", "2", "HE-SMP-S", "Draft", *WHO, "Male", *US, *THEM, "Warszawa", "20-08-2024", "20-10-2024", "61", "0714", "7", "Yes", "Yes", "Yes", ""],
    ["Mobility", "2023-1-TR01-KA131-HED-000001", "3", "HE-STA", "Complete", *WHO, "Male", *THEM, *US, "Iğdır", "05-05-2024", "10-05-2024", "6", "0222", "", "No", "No", "No", "900"],
    ["Mobility", "2023-1-TR01-KA131-HED-000001", "4", "HE-STT", "Complete", *WHO, "Female", *US, *THEM, "Warszawa", "05-05-2024", "10-05-2024", "6", "", "", "No", "No", "No", "850"],
]  # fmt: skip
TOOL = [
    "Project ID", "Activity Type", "Long-term activity", "Participant ID", "Participant First Name", "Participant Last Name", "Participant Email", "Participant Gender",
    "Sending Organisation Legal Name", "Sending Country", "Receiving Organisation Legal Name", "Receiving Country", "Start Date", "End Date", "Funded Duration (days)",
    "Education Level", "Field of Education", "EU Total Grant", "Zero Grant", "Draft",
]  # fmt: skip
FORMATS = [
    "*",
    "DICT",
    "DICT",
    "*",
    "*",
    "*",
    "*",
    "DICT",
    "*",
    "DICT",
    "*",
    "DICT",
    "DD-MM-YYYY",
    "DD-MM-YYYY",
    "",
    "DICT",
    "DICT",
    "0.00",
    "DICT",
    "DICT",
]
TOOL_ROWS = [
    ["2019-1-TR01-KA103-000001", "HE-SMS-P", "YES", *WHO, "Female", US[0], "TR", THEM[0], "PL", "01-10-2019", "01-02-2020", "123", "ISCED-6", "0314", "1850.00", "No", "No"],
    ["2019-1-TR01-KA103-000001", "HE-STA-P", "NO", *WHO, "Male", US[0], "TR", THEM[0], "PL", "03-03-2020", "08-03-2020", "6", "", "0222", "700.00", "No", "No"],
]  # fmt: skip


def as_csv(folder: Path, rows: list[list[str]], name: str = "export.csv") -> Path:
    with (folder / name).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)
    return folder / name


def as_xlsx(folder: Path, rows: list[list[str]], name: str = "export.xlsx") -> Path:
    """As the module writes it: days are dates, numbers numbers."""
    with xlsxwriter.Workbook(str(folder / name)) as book:
        page, day = book.add_worksheet("Mobilities"), book.add_format({"num_format": "dd-mm-yyyy"})
        for at, row in enumerate(rows):
            for column, word in enumerate(row):
                if at and rows[0][column].endswith(("date", "Date")) and word[:1].isdigit():
                    page.write_datetime(at, column, dt.datetime.strptime(word, "%d-%m-%Y"), day)
                else:
                    page.write(at, column, float(word) if word.replace(".", "").isdigit() and rows[0][column].endswith("grant") else word)
    return folder / name


def tidied(file: Path, institution: str | None = "igdir") -> Tidied:
    sheets = read(receive(file))
    return tidy(sheets, recognise(sheets, file.name), Handed(file.name, institution))


def ask(table: pa.Table, sql: str) -> list[tuple]:
    with duckdb.connect() as connection:
        connection.register("t", table)
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_every_mobility_of_the_beneficiary_module_is_one_participant_of_its_direction(write, tmp_path):
    result = tidied(write(tmp_path, [BM, *ROWS]))
    assert result.layout.id == "beneficiary_module"
    row = 'select direction, academic_year, role, activity, partner, country, level, field, gender, mode, days, "grant", fewer_opportunities, participants, status from t order by "row"'
    assert ask(result.tables["mobility"], row) == [
        ("out", 2023, "student", "study", THEM[0], "POL", "bachelor", "0314", "female", "physical", 140.0, 2800.5, False, 1.0, "final"),
        ("out", 2024, "student", "traineeship", THEM[0], "POL", "master", "0714", "male", "blended", 61.0, 0.0, True, 1.0, "provisional"),
        ("in", 2023, "academic_staff", "teaching", THEM[0], "POL", None, "0222", "male", "physical", 6.0, 900.0, False, 1.0, "final"),
        ("out", 2023, "staff", "training", THEM[0], "POL", None, None, "female", "physical", 6.0, 850.0, False, 1.0, "final"),
    ]
    assert {finding.code for finding in result.findings} == {"L131", "T133"}
    assert [finding.severity for finding in result.findings if finding.code == "L131"] == ["query"]


def test_the_second_header_row_of_the_older_tool_is_no_mobility(tmp_path):
    result = tidied(as_xlsx(tmp_path, [TOOL, FORMATS, *TOOL_ROWS]))
    assert result.layout.id == "mobility_tool"
    row = 'select academic_year, role, activity, partner, level, field, days, "grant", participants, "row" from t order by "row"'
    assert ask(result.tables["mobility"], row) == [
        (2019, "student", "study", THEM[0], "bachelor", "0314", 123.0, 1850.0, 1.0, 3),
        (2019, "academic_staff", "teaching", THEM[0], None, "0222", 6.0, 700.0, 1.0, 4),
    ]
    assert [(finding.code, finding.count) for finding in result.findings if finding.code != "T133"] == [("T111", 1)]


def test_an_export_without_its_key_column_is_refused_with_its_name(tmp_path):
    at = BM.index("Start date")
    with pytest.raises(Refused) as refused:
        file = as_csv(tmp_path, [[*row[:at], *row[at + 1 :]] for row in [BM, *ROWS]])
        tidy(read(receive(file)), layout("beneficiary_module"), Handed(file.name, "igdir"))
    assert [(one.code, one.values["column"]) for one in refused.value.findings] == [("T102", "Start date")]


def test_rows_of_another_university_are_asked_and_an_export_for_nobody_is_refused(tmp_path):
    other = [*ROWS[0]]
    other[BM.index("Sending organisation")] = "Gazi Üniversitesi"
    result = tidied(as_csv(tmp_path, [BM, *ROWS, other]))
    assert [(one.code, one.count, one.place.row) for one in result.findings if one.code == "T134"] == [("T134", 1, 6)]
    assert ask(result.tables["mobility"], "select count(*) from t") == [(4,)]
    with pytest.raises(Refused) as refused:
        tidied(as_csv(tmp_path, [BM, *ROWS]), institution=None)
    assert refused.value.finding.code == "T109"


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_nobody_of_an_export_is_kept_and_the_same_export_is_known_again(write, tmp_path):
    file = write(tmp_path, [BM, *ROWS])
    store = Store(tmp_path / "store")
    for again in ("one", "two"):
        (tmp_path / again).mkdir()
        made = draft(file, Choices(institution="igdir"), tmp_path / again, notes={"L131@E3": "checked", "L131@Mobilities!E3": "checked"})
        assert [finding.code for finding in made.errors] == []
        event = path.accept(store, made, "test", note="tested")
    kept = [one.read_bytes() for one in (tmp_path / "store").rglob("*") if one.is_file()]
    cells = "".join(word for sheet in read(receive(store.raw(made.received.sha256))) for row in sheet.peek(100) for word in row).encode()
    assert kept and not [name for name in NAMES for data in (*kept, cells) if name in data]
    assert b"Participant last name" in cells
    assert path.earlier(store, made) == event
    table = path.retidy(store)(event, store.raw(made.received.sha256))["mobility"]
    assert ask(table, 'select sum(participants), sum(days), sum("grant") from t') == [(4.0, 213.0, 4550.5)]


def test_an_export_of_another_kind_with_names_in_it_is_refused_and_without_them_is_read(tmp_path):
    from pipelines.formats.nameless import emptied

    sheets = read(receive(as_csv(tmp_path, [BM, *ROWS])))
    old = receive(as_csv(tmp_path, [BM, *ROWS]))
    old = type(old)(old.path, "export.xls", old.size, old.sha256, "xls")
    with pytest.raises(Refused) as refused:
        emptied(old, sheets, {None: (1, (7, 8))}, tmp_path)
    assert refused.value.finding.code == "E264" and "Participant first name" in refused.value.finding.say("what")
    assert emptied(old, sheets, {None: (1, ())}, tmp_path) is old


def test_what_is_dropped_on_the_page_is_without_people_once_it_was_looked_at(tmp_path, monkeypatch):
    here_and_now(monkeypatch)
    store = Store(tmp_path / "store")
    store.work.mkdir(parents=True)
    editor = Person("editor", "Ece", "editor", (("igdir", "*"),))
    data = as_csv(tmp_path, [BM, *ROWS]).read_bytes()
    begun = handing.begin(editor, store, "igdir", "mobility", "export.csv", data, year=2023)
    done(store)
    told = drafts.examined(store, drafts.load(store, begun.id))
    assert told and told["layout_id"] == "beneficiary_module" and told["rows"] == {"mobility": 4}
    assert [file.name for file in store.path.rglob("*") if file.is_file() for name in NAMES if name in file.read_bytes()] == []
