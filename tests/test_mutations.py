"""A good table, spoilt at random: what is accepted equals the truth exactly, or the file is refused, or a question is asked at a place.

Nothing in between: no shifted cell, no lost row, no thousandfold number.
"""

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from zoo_tables import Grid

from pipelines.errors import MeridianError, Refused
from pipelines.read import read
from pipelines.receive import receive
from pipelines.sources import sources
from pipelines.tidy import Handed, tidy
from pipelines.tidying.headers import recognise

HEADER = [
    "Kurum",
    "Akademik yıl",
    "Yön",
    "Katılımcı türü",
    "Program",
    "Ülke",
    "Karşı kurum",
    "Kişi başına gün",
    "Katılımcı sayısı",
    "Ayrıntı",
]
GOOD: Grid = [
    HEADER,
    ["iztech", "2022-2023", "Giden", "Öğrenci", "Erasmus+", "Almanya", "Örnek Üniversitesi, Şehir", "150,5", "17", "ilk; grup"],
    ["iztech", "2022-2023", "Giden", "Öğrenci", "Erasmus+", "İtalya", "Università di Esempio", "120,5", "1306", ""],
    ["iztech", "2022-2023", "Gelen", "Öğrenci", "Mevlana", "Ürdün", "Example University", "90", "4", "a \"b\" c"],
    ["iztech", "2023-2024", "Giden", "Akademik personel", "Erasmus+", "Fransa", "Université d'Exemple", "5", "2294", ""],
    ["iztech", "2023-2024", "Gelen", "Öğrenci", "Erasmus+", "Polonya", "Uniwersytet", "140", "1234567", "x"],
]  # fmt: skip
PEOPLE, DAYS, COUNTRY = 8, 7, 5
Pick = Callable[[int], int]
"""A number below the given one."""


def told(path: Path) -> tuple[list[dict] | None, list]:
    """The table that comes out, without places, and what is asked or refused."""
    try:
        sheets = read(receive(path))
        made = tidy(sheets, recognise(sheets, path.name), Handed(path.name))
    except MeridianError as error:
        return None, error.findings if isinstance(error, Refused) else [error.finding]
    findings = [one for one in [*(f for sheet in sheets for f in sheet.findings), *made.findings] if one.severity != "info"]
    if any(one.severity == "error" for one in findings) or list(made.tables) != ["mobility"]:
        return None, findings
    return [{name: row[name] for name in NAMES} for row in made.tables["mobility"].to_pylist()], findings


NAMES = [column.name for column in sources()["mobility"].columns]


# --- what may happen to the cells -------------------------------------------------------------------------------------
def every(grid: Grid, change: Callable[[str], str], column: int | None = None) -> Grid:
    return [grid[0]] + [[change(word) if column in (None, at) else word for at, word in enumerate(row)] for row in grid[1:]]


def one_cell(grid: Grid, pick: Pick, column: int, change: Callable[[str], str]) -> Grid:
    row = 1 + pick(len(grid) - 1)
    return [[change(word) if (at, number) == (column, row) else word for at, word in enumerate(line)] for number, line in enumerate(grid)]


def moved(grid: Grid, pick: Pick) -> Grid:
    """Columns in another order."""
    by = 1 + pick(len(grid[0]) - 1)
    return [row[by:] + row[:by] for row in grid]


def dotted(word: str) -> str:
    return f"{int(word):,}".replace(",", ".") if word.isdigit() else word


CELLS: dict[str, Callable[[Grid, Pick], Grid]] = {
    "moved_columns": moved,
    "title_above": lambda grid, pick: [["Değişim öğrencileri 2023"] + [""] * (len(grid[0]) - 1)] * (1 + pick(3)) + grid,
    "blank_row": lambda grid, pick: (lambda at: [*grid[:at], [""] * len(grid[0]), *grid[at:]])(1 + pick(len(grid))),
    "extra_column": lambda grid, pick: [[*row, "Burs" if row is grid[0] else "x"] for row in grid],
    "nameless_column": lambda grid, pick: [[*row, ""] for row in grid],
    "doubled_column": lambda grid, pick: [[*row, row[pick(1) + 5]] for row in grid],
    "total_row": lambda grid, pick: [*grid, ["Toplam"] + [""] * (len(grid[0]) - 3) + ["1237891", ""]],
    "header_again": lambda grid, pick: [*grid, grid[0], *grid[1:]],
    "capital_header": lambda grid, pick: [[word.replace("i", "İ").upper() for word in grid[0]], *grid[1:]],
    "small_header": lambda grid, pick: [[word.lower() for word in grid[0]], *grid[1:]],
    "hard_blanks": lambda grid, pick: [
        [word.replace(" ", "\xa0") for word in grid[0]],
        *every(grid, lambda word: f"\xa0{word}" if word else word, COUNTRY)[1:],
    ],
    "renamed_number": lambda grid, pick: [["Sayısı kişi" if word == HEADER[PEOPLE] else word for word in grid[0]], *grid[1:]],
    "renamed_needed": lambda grid, pick: [["Doğrultu" if word == HEADER[2] else word for word in grid[0]], *grid[1:]],
    "capital_words": lambda grid, pick: every(grid, lambda word: word.replace("i", "İ").upper(), COUNTRY),
    "thousands_by_points": lambda grid, pick: every(grid, dotted, PEOPLE),
    "one_thousand_by_point": lambda grid, pick: one_cell(grid, pick, PEOPLE, dotted),
    "thousands_by_commas": lambda grid, pick: every(grid, lambda word: dotted(word).replace(".", ","), PEOPLE),
    "points_in_days": lambda grid, pick: every(grid, lambda word: word.replace(",", "."), DAYS),
    "one_point_in_days": lambda grid, pick: one_cell(grid, pick, DAYS, lambda word: word.replace(",", ".")),
    "scientific": lambda grid, pick: one_cell(grid, pick, PEOPLE, lambda word: f"{float(word):E}" if word.isdigit() else word),
    "leading_zeros": lambda grid, pick: every(grid, lambda word: word.zfill(7) if word.isdigit() else word, PEOPLE),
    "unit_behind": lambda grid, pick: one_cell(grid, pick, PEOPLE, lambda word: f"{word} kişi"),
    "unknown_country": lambda grid, pick: one_cell(grid, pick, COUNTRY, lambda word: word[:-2]),
    "month_for_year": lambda grid, pick: one_cell(grid, pick, 1, lambda word: word[:4] + "-10"),
    "short_year": lambda grid, pick: every(grid, lambda word: word[:5] + word[-2:] if word[:2] == "20" else word, 1),
}
LATE = frozenset({"moved_columns", "title_above", "blank_row", "total_row", "header_again"})
"""Changes after which rows and columns stand elsewhere: they come last, so that the others know their places."""


# --- what may happen to the bytes -------------------------------------------------------------------------------------
def text(grid: Grid, delimiter: str, quote_all: bool, end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL, lineterminator=end).writerows(grid)
    return out.getvalue()


def in_a_line(content: str, pick: Pick, old: str, new: str) -> bytes:
    """One line with the first ``old`` in it replaced; an empty ``old`` stands for the line's end."""
    lines = content.split("\n")
    at = pick(len(lines) - 1)
    lines[at] = lines[at].replace(old, new, 1) if old else lines[at] + new
    return "\n".join(lines).encode()


def inserted(content: str, pick: Pick, sign: str) -> bytes:
    at = 1 + pick(len(content) - 2)
    return (content[:at] + sign + content[at:]).encode()


BYTES: dict[str, Callable[[str, Pick, str], bytes]] = {
    "plain": lambda content, pick, delimiter: content.encode(),
    "byte_order_mark": lambda content, pick, delimiter: content.encode("utf-8-sig"),
    "utf_16": lambda content, pick, delimiter: content.encode("utf-16"),
    "utf_16_without_mark": lambda content, pick, delimiter: content.encode("utf-16-le"),
    "windows_1254": lambda content, pick, delimiter: content.encode("cp1254", "replace"),
    "read_as_western": lambda content, pick, delimiter: content.encode("cp1254", "replace").decode("latin-1").encode(),
    "encoded_twice": lambda content, pick, delimiter: content.encode().decode("latin-1").encode(),
    "letters_lost": lambda content, pick, delimiter: "".join(sign if sign.isascii() else "\ufffd" for sign in content).encode(),
    "nul": lambda content, pick, delimiter: inserted(content, pick, "\0"),
    "quote": lambda content, pick, delimiter: inserted(content, pick, '"'),
    "carriage_return": lambda content, pick, delimiter: inserted(content, pick, "\r"),
    "second_delimiter": lambda content, pick, delimiter: in_a_line(content, pick, delimiter, delimiter * 2),
    "lost_delimiter": lambda content, pick, delimiter: in_a_line(content, pick, delimiter, ""),
    "other_line_end": lambda content, pick, delimiter: in_a_line(content, pick, "", "\r"),
    "empty_line": lambda content, pick, delimiter: in_a_line(content, pick, "", "\n"),
    "no_end": lambda content, pick, delimiter: content.rstrip("\r\n").encode(),
}


@pytest.fixture(scope="module")
def truth(tmp_path_factory) -> list[dict]:
    path = tmp_path_factory.mktemp("truth") / "good.csv"
    path.write_text(text(GOOD, ";", False, "\n"), encoding="utf-8")
    table, findings = told(path)
    assert findings == []
    assert [(row["country"], row["participants"], row["days"]) for row in table] == [
        ("DEU", 17, 150.5), ("ITA", 1306, 120.5), ("JOR", 4, 90), ("FRA", 2294, 5), ("POL", 1234567, 140),
    ]  # fmt: skip
    return table


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(sorted(CELLS)), max_size=2, unique=True), st.sampled_from(sorted(BYTES)), st.sampled_from(",;\t|"), st.booleans(),
    st.sampled_from(["\n", "\r\n", "\r"]), st.randoms(use_true_random=False),
)  # fmt: skip
@example(["thousands_by_points"], "plain", ";", False, "\n", None)
@example(["one_thousand_by_point"], "plain", ";", False, "\n", None)
@example(["one_point_in_days"], "plain", ";", False, "\n", None)
@example(["total_row"], "windows_1254", ",", True, "\r\n", None)
def test_a_spoilt_file_is_read_exactly_or_refused_at_a_place(truth, cells, spoilt, delimiter, quote_all, end, chance):
    pick: Pick = (lambda below: chance.randrange(max(1, below))) if chance else (lambda below: below // 2)
    grid = GOOD
    for name in sorted(cells, key=lambda name: name in LATE):
        grid = CELLS[name](grid, pick)
    content = BYTES[spoilt](text(grid, delimiter, quote_all, end), pick, delimiter)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(content)
        table, findings = told(path)
    assert all(one.place.file == "table.csv" for one in findings)
    if table != truth:
        assert findings, f"accepted as something else: {table}"
        assert all(one.place.cell or one.code in ("T118", "E103", "E104", "E210", "E211", "E202") for one in findings), [
            one.code for one in findings
        ]


HARMLESS = (
    "moved_columns", "title_above", "blank_row", "nameless_column", "capital_header", "small_header", "hard_blanks", "capital_words",
    "thousands_by_points", "leading_zeros", "short_year",
)  # fmt: skip


@pytest.mark.parametrize("name", [*HARMLESS, "byte_order_mark", "utf_16", "no_end"])
def test_what_does_no_harm_is_read_exactly_and_without_a_question(truth, name, tmp_path):
    grid = CELLS[name](GOOD, lambda below: below // 2) if name in CELLS else GOOD
    content = BYTES[name if name in BYTES else "plain"](text(grid, ";", False, "\n"), lambda below: below // 2, ";")
    (tmp_path / "table.csv").write_bytes(content)
    assert told(tmp_path / "table.csv") == (truth, [])
