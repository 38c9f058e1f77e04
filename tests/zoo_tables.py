"""The other half of the zoo: tables whose bytes are sound and whose content is not, and a few broken files with a whole table in them.

``ANIMALS[name]`` has the fault's code, the cell (or part of it) where it stands in the person's own file, the sentence that is
printed, and a builder: ``build(folder, mended)`` writes the file, or the same file with the fault mended, which must pass.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import zoo
from containers import text_row, xlsx

Grid = list[list[Any]]
Build = Callable[[Path, bool], Path]


@dataclass(frozen=True)
class Animal:
    """A broken file: what is found, where, what a person reads, and how to make it."""

    code: str
    cell: str
    says: str
    build: Build
    choices: dict[str, str] = field(default_factory=dict)


ANIMALS: dict[str, Animal] = {}

HEADER = [
    "Institution",
    "Academic year",
    "Direction",
    "Role",
    "Activity",
    "Programme",
    "Country",
    "Level",
    "Days per person",
    "Participants",
    "Detail",
]
MOBILITY: Grid = [
    HEADER,
    ["iztech", "2023-2024", "out", "student", "study", "Erasmus+", "Germany", "bachelor", "150", "17", ""],
    ["iztech", "2023-2024", "out", "student", "study", "Erasmus+", "Spain", "bachelor", "150", "9", ""],
    ["iztech", "2023-2024", "in", "student", "study", "Erasmus+", "Poland", "bachelor", "140", "4", ""],
    ["iztech", "2023-2024", "out", "student", "traineeship", "Erasmus+", "Italy", "master", "90", "6", ""],
]
ACTIVITIES: Grid = [
    ["Institution", "Date", "Kind", "Title"],
    ["iztech", "2023-09-01", "fair", "Education fair"],
    ["iztech", "2023-10-12", "delegation", "Visit of a rector"],
]


def place(at: str) -> tuple[int, int]:
    """ "G2" → (row, column), from 0."""
    letter, row = re.fullmatch(r"([A-Z])(\d+)", at).groups()
    return int(row) - 1, ord(letter) - 65


def changed(cells: dict[str, Any], grid: Grid = MOBILITY) -> Grid:
    """The table with other words in some cells."""
    made = [list(row) for row in grid]
    for at, word in cells.items():
        row, column = place(at)
        made[row][column] = word
    return made


def as_csv(grid: Grid, delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(grid)
    return text.getvalue()


def written(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def book(path: Path, grid: Grid, title: str = "Mobility", above: int = 0) -> xlsxwriter.Workbook:
    """A workbook with the table on its only sheet, still open; numbers as numbers."""
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet(title)
    for number, row in enumerate(grid, above):
        for column, word in enumerate(row):
            sheet.write(number, column, int(word) if str(word).isdigit() else word)
    return made


def cells(name: str, code: str, at: str, wrong: dict[str, str], right: dict[str, str], says: str, grid: Grid = MOBILITY) -> None:
    """An animal that differs from a good table in some cells."""
    ANIMALS[name] = Animal(code, at, says, lambda folder, mended: written(folder, as_csv(changed(right if mended else wrong, grid))))


def cell(name: str, code: str, at: str, wrong: str, right: str, says: str, grid: Grid = MOBILITY) -> None:
    """An animal with one wrong word."""
    cells(name, code, at, {at: wrong}, {at: right}, says, grid)


def animal(code: str, at: str, says: str, **choices: str) -> Callable[[Build], Build]:
    def keep(build: Build) -> Build:
        ANIMALS[build.__name__] = Animal(code, at, says, build, choices)
        return build

    return keep


# --- words, years, numbers ------------------------------------------------------------------------------------------
cell("unknown_country", "W102", "G2", "Almnya", "Almanya", "“Almnya” is not a country that Meridian knows; it looks like Germany (DEU).")
cell("country_of_nowhere", "W101", "G2", "Atlantis", "bilinmiyor", "“Atlantis” is not a country that Meridian knows.")
cell(
    "two_countries_of_one_name",
    "W103",
    "G3",
    "Kongo",
    "Kongo Demokratik Cumhuriyeti",
    "“Kongo” can mean more than one country: Congo - Kinshasa (COD), Congo - Brazzaville (COG).",
)
cell(
    "unknown_word",
    "W112",
    "D2",
    "studnet",
    "student",
    "“studnet” is not one of the words for “participant”; it looks like “Student (student)”.",
)
cell(
    "letter_lost_to_a_question_mark",
    "Q234",
    "K2",
    "?zmir",
    "İzmir?",
    "A question mark stands inside a word, perhaps for a lost letter: ?zmir;",
)
cell(
    "period_for_a_year",
    "W202",
    "B2",
    "2018-2021",
    "2018-2019",
    "“2018-2021” is a period of several years; here one academic year is needed.",
)
cell("month_for_a_year", "W203", "B2", "2018-10", "2018-2019", "“2018-10” is a month, not an academic year.")
cell("year_of_an_empire", "C106", "B3", "1825", "2025", "“Academic year” is 1825; 1990 to ")
cell("serial_for_a_year", "W201", "B2", "45170", "2023", "“45170” is not a year.")
cell("day_for_a_count", "W301", "J2", "17.01.1900", "17", "“17.01.1900” is not a number.")
cell("negative_count", "W304", "J2", "-17", "17", "“-17” is below zero; a count of people or places cannot be.")
cell("half_a_person", "W305", "J3", "8.5", "8", "“8.5” is not a whole number; people and places are counted in whole numbers.")
cell("thousands_or_decimals", "W302", "J2", "1.306", "1306", "“1.306” can be read in two ways: 1306 / ≈1.3.")
cells("english_number_in_a_turkish_column", "W303", "I3", {"I2": "120,5", "I3": "12.5", "I4": "90,5"}, {"I2": "120,5", "I3": "12,5", "I4": "90,5"},
      "“12.5” is written in another style than the rest of its column (1.306,5).")  # fmt: skip
cell("about", "W309", "J2", "> 500", "500", "“> 500” is not an exact number.")
cell("press_number", "W306", "J2", "2 bin 294", "2294", "“2 bin 294” holds more than a number; the number in it seems to be 2294.")
cell("scientific", "W308", "J2", "1E5", "100000", "“1E5” is in scientific notation (100000).")
cell(
    "date_as_a_serial_number",
    "W404",
    "B2",
    "45170",
    "2023-09-01",
    "“45170” is a number where a date is needed; as a spreadsheet's day number it would be 2023-09-01.",
    ACTIVITIES,
)
cell("date_in_two_orders", "W402", "B2", "03/04/2024", "03.04.2024", "“03/04/2024” can be two days: 2024-04-03 / 2024-03-04.", ACTIVITIES)
cell(
    "day_that_does_not_exist",
    "W403",
    "B3",
    "31.02.2024",
    "29.02.2024",
    "“31.02.2024” is a day that does not exist, or outside 1900–2100.",
    ACTIVITIES,
)


# --- rows -----------------------------------------------------------------------------------------------------------
@animal("T112", "A6", "The row looks like a total (“Toplam”) among the data.")
def turkish_total(folder: Path, mended: bool) -> Path:
    return written(folder, as_csv(MOBILITY if mended else [*MOBILITY, ["Toplam", *[""] * 8, "36", ""]]))


@animal("T112", "G4", "The row looks like a total (“Total”) among the data.")
def subtotal_in_the_middle(folder: Path, mended: bool) -> Path:
    total = ["iztech", "2023-2024", "out", "student", "", "", "Total", "", "", "26", ""]
    return written(folder, as_csv(MOBILITY if mended else [*MOBILITY[:3], total, *MOBILITY[3:]]))


@animal("C108", "J2", "2 rows are told apart by nothing but their numbers: rows 2; 6.")
def duplicate_key(folder: Path, mended: bool) -> Path:
    again = [*MOBILITY[1][:9], "3", "second group" if mended else ""]
    return written(folder, as_csv([*MOBILITY, again]))


@animal("C101", "C3", "“Direction” is empty in 1 rows.")
def empty_cell_that_is_needed(folder: Path, mended: bool) -> Path:
    return written(folder, as_csv(changed({"C3": "out" if mended else ""})))


# --- columns and headers --------------------------------------------------------------------------------------------
@animal("T102", "1", "The column “Direction” is missing.")
def renamed_column(folder: Path, mended: bool) -> Path:
    return written(folder, as_csv(changed({"C1": "Giden/Gelen" if mended else "Way"})))


@animal("T102", "1", "The column “Academic year” is missing.")
def missing_column(folder: Path, mended: bool) -> Path:
    return written(folder, as_csv(MOBILITY if mended else [row[:1] + row[2:] for row in MOBILITY]))


@animal("T102", "1", "The column “Participants” is missing.")
def renamed_column_of_the_number(folder: Path, mended: bool) -> Path:
    return written(folder, as_csv(changed({"J1": "Number" if mended else "Heads"})))


@animal("T106", "L1", "The column “Scholarship” is not read.")
def extra_column(folder: Path, mended: bool) -> Path:
    return written(folder, as_csv(MOBILITY if mended else [[*row, "yes" if at else "Scholarship"] for at, row in enumerate(MOBILITY)]))


@animal("T127", "L2", "Column L has 4 filled cells but no name; it is not read.")
def nameless_column(folder: Path, mended: bool) -> Path:
    return written(folder, as_csv(MOBILITY if mended else [[*row, "yes" if at else ""] for at, row in enumerate(MOBILITY)]))


@animal("T104", "L1", "Two columns are both “Country”: G, L.")
def doubled_column(folder: Path, mended: bool) -> Path:
    return written(folder, as_csv(MOBILITY if mended else [[*row, row[6]] for row in MOBILITY]))


@animal("T118", "", "No dataset or layout fits the columns: name | colour.")
def table_of_something_else(folder: Path, mended: bool) -> Path:
    return written(folder, as_csv(MOBILITY if mended else [["name", "colour"], ["apple", "red"]]))


@animal("T121", "Incoming", "Only the sheet “Outgoing” is read; the same columns stand on: Incoming.")
def directions_on_sheets_of_their_own(folder: Path, mended: bool) -> Path:
    made = book(folder / "table.xlsx", MOBILITY if mended else [*MOBILITY[:3], MOBILITY[4]], "Outgoing")
    if not mended:
        incoming = made.add_worksheet("Incoming")
        for number, row in enumerate([HEADER, MOBILITY[3]]):
            incoming.write_row(number, 0, row)
    made.close()
    return folder / "table.xlsx"


@animal("T101", "Mobility!1", "No header row was found with the columns academic_year, direction, role.", layout="mobility")
def header_split_over_two_rows(folder: Path, mended: bool) -> Path:
    """Halves of words above each other cannot be put together; a row of groups above the names can be left alone."""
    split = [[word.partition(" ")[0][:3] for word in HEADER], [word[3:] for word in HEADER]]
    groups = [["Who", "", "", "", "What", "", "Where", "", "How many", "", ""], HEADER]
    made = book(folder / "table.xlsx", [*(groups if mended else split), *MOBILITY[1:]])
    if mended:
        for area, word in (("A1:D1", "Who"), ("E1:F1", "What"), ("G1:H1", "Where"), ("I1:J1", "How many")):
            made.worksheets()[0].merge_range(area, word)
    made.close()
    return folder / "table.xlsx"


@animal("W201", "Mobility!B2", "“2023-10-01” is not a year.")
def year_that_a_spreadsheet_made_a_day(folder: Path, mended: bool) -> Path:
    made = book(folder / "table.xlsx", MOBILITY)
    if not mended:
        made.worksheets()[0].write_datetime("B2", datetime(2023, 10, 1), made.add_format({"num_format": "yyyy-mm"}))
    made.close()
    return folder / "table.xlsx"


@animal("T120", "Mobility!C2", "Merged cells go over several rows of the table, the first at Mobility!C2:C3.")
def merged_cells(folder: Path, mended: bool) -> Path:
    made = book(folder / "table.xlsx", MOBILITY)
    if not mended:
        made.worksheets()[0].merge_range("C2:C3", "out")
    made.close()
    return folder / "table.xlsx"


# --- people ---------------------------------------------------------------------------------------------------------
@animal("E260", "L1", "Column L is called “Student name” and looks like personal data.")
def names_of_students(folder: Path, mended: bool) -> Path:
    return written(folder, as_csv(MOBILITY if mended else [[*row, "A. B." if at else "Student name"] for at, row in enumerate(MOBILITY)]))


cell("e_mail", "E261", "K3", "a.b@example.edu", "by e-mail", "Cell K3 looks like an e-mail address; 1 such cells in this column.")
cells("telephones", "E262", "K2", {f"K{n}": f"0532 000 00 0{n}" for n in (2, 3, 4)}, {f"K{n}": f"group {n}" for n in (2, 3, 4)},
      "Cell K2 looks like a telephone number; 3 such cells in this column.")  # fmt: skip
cells("identity_numbers", "E263", "K2", {"K2": "10000000146", "K3": "10000000214", "K4": "10000000382"}, {"K2": "10000000147", "K3": "10000000215", "K4": "10000000383"},
      "Cell K2 looks like a Turkish identity number; 3 values of this column pass its checksum.")  # fmt: skip


# --- broken files around a whole table --------------------------------------------------------------------------------
def bytes_of(
    name: str,
    code: str,
    at: str,
    says: str,
    broken: Callable[[str], str | bytes],
    mended: Callable[[str], str | bytes] = str,
    ending: str = ".csv",
) -> None:
    """An animal made from the bytes of the good table."""
    good = as_csv(changed({"K2": "Öğrenim, şehir dışı"}))
    ANIMALS[name] = Animal(
        code, at, says, lambda folder, ok: written(folder, (mended if ok else broken)(good), "table" + (".csv" if ok else ending))
    )


HTML = "<html><body><table><tr><td>Institution</td></tr></table></body></html>"
bytes_of("picture", "E103", "", "This is not a table but: PNG.", lambda good: b"\x89PNG\r\n\x1a\n" + bytes(64), ending=".xlsx")
bytes_of("empty", "E101", "", "The file is empty.", lambda good: b"")
bytes_of("web_page", "E104", "", "This is a web page, although its name says .xls.", lambda good: HTML, ending=".xls")
bytes_of("nul_byte", "E203", "G3", "Row 3 holds a NUL byte.", lambda good: good.replace("Spain", "Spa\0in"))
bytes_of(
    "ragged_row",
    "E212",
    "3",
    "Ragged rows: row 3 has 12 cells where 11 stand in the table; 1 such rows: 3",
    lambda good: good.replace("Spain,", "Spain,,"),
)
bytes_of("windows_1254", "E202", "2", "Row 2 is not UTF-8", lambda good: good.encode("cp1254"), lambda good: good.encode("utf-8-sig"))
bytes_of("broken_off", "E207", "K2", "The quote that opens in cell K2 is never closed.", lambda good: good[: good.index(" dışı")])


@animal("E106", "", "The file is damaged: File is not a zip file")
def truncated_workbook(folder: Path, mended: bool) -> Path:
    path = folder / "table.xlsx"
    book(path, MOBILITY).close()
    if not mended:
        path.write_bytes(path.read_bytes()[:-400])
    return path


@animal("E109", "", "The workbook is far larger inside than its file: MB 57, at most 50 is opened.")
def zip_bomb(folder: Path, mended: bool) -> Path:
    return _workbook(folder) if mended else zoo.zip_bomb(folder)


@animal("E241", "", "Opening the workbook took more memory than is given to one file")
def far_cell(folder: Path, mended: bool) -> Path:
    far = "" if mended else '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    rows = "".join(text_row(number, *row) for number, row in enumerate(MOBILITY, 1))
    return xlsx(folder / "table.xlsx", rows + far)


@animal("E111", "", "A part of the workbook declares entities of its own: xl/worksheets/sheet1.xml")
def external_entity(folder: Path, mended: bool) -> Path:
    return _workbook(folder) if mended else zoo.external_entity(folder)


def _workbook(folder: Path) -> Path:
    book(folder / "table.xlsx", MOBILITY).close()
    return folder / "table.xlsx"
