"""What may happen to a good table on its way to us: to its cells, to the bytes of a CSV file, and to the cells of a workbook.

``GOOD`` is the table, as text; ``CELLS``, ``BYTES`` and ``BOOKS`` the mutations by name. ``MEANT[name]`` says where a mutation changes what is
meant, and how the truth changes with it; all others leave the truth as it is, or must be refused or asked about.
"""

from __future__ import annotations

import csv
import io
import itertools
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import xlsxwriter
from zoo_tables import Grid

Pick = Callable[[int], int]
"""A number below the given one."""
Row = dict[str, Any]

HEADER = [
    "Kurum", "Akademik yıl", "Yön", "Katılımcı türü", "Program", "Ülke", "Karşı kurum", "Kişi başına gün", "Katılımcı sayısı", "Ayrıntı",
]  # fmt: skip
GOOD: Grid = [
    HEADER,
    ["iztech", "2022-2023", "Giden", "Öğrenci", "Erasmus+", "Almanya", "Örnek Üniversitesi, Şehir", "150,5", "17", "ilk; grup"],
    ["iztech", "2022-2023", "Giden", "Öğrenci", "Erasmus+", "İtalya", "Università di Esempio", "120,5", "1306", ""],
    ["iztech", "2022-2023", "Gelen", "Öğrenci", "Mevlana", "Ürdün", "Example University", "90", "4", "a \"b\" c"],
    ["iztech", "2023-2024", "Giden", "Akademik personel", "Erasmus+", "Fransa", "Université d'Exemple", "5", "2294", ""],
    ["iztech", "2023-2024", "Gelen", "Öğrenci", "Erasmus+", "Polonya", "Uniwersytet", "140", "1234567", "x"],
]  # fmt: skip
YEAR, WAY, COUNTRY, PARTNER, DAYS, PEOPLE, DETAIL = 1, 2, 5, 6, 7, 8, 9
TOTAL = "1238188"
FEW = "4"
"""The number that some mutations take away: empty is not known, which is not zero."""
IDENTITY = ["10000000146", "10000000214", "10000000382", "10000000450", "10000000528"]


def every(grid: Grid, change: Callable[[str], str], column: int | None = None) -> Grid:
    """All cells below the header changed, or those of one column."""
    return [grid[0]] + [[change(word) if column in (None, at) else word for at, word in enumerate(row)] for row in grid[1:]]


def one(column: int, change: Callable[[str], str]) -> Callable[[Grid, Pick], Grid]:
    """One cell of a column changed."""

    def changed(grid: Grid, pick: Pick) -> Grid:
        row = 1 + pick(len(grid) - 1)
        return [
            [change(word) if (at, number) == (column, row) else word for at, word in enumerate(line)] for number, line in enumerate(grid)
        ]

    return changed


def put(column: int, word: str) -> Callable[[Grid, Pick], Grid]:
    """One cell of a column replaced."""
    return one(column, lambda _: word)


def renamed(column: int, name: str) -> Callable[[Grid, Pick], Grid]:
    return lambda grid, pick: [[name if word == HEADER[column] else word for word in grid[0]], *grid[1:]]


def swapped(first: int, second: int) -> Callable[[Grid, Pick], Grid]:
    """Two headers exchanged, their cells left."""
    names = {HEADER[first]: HEADER[second], HEADER[second]: HEADER[first]}
    return lambda grid, pick: [[names.get(word, word) for word in grid[0]], *grid[1:]]


def without(column: int) -> Callable[[Grid, Pick], Grid]:
    def left(grid: Grid, pick: Pick) -> Grid:
        at = grid[0].index(HEADER[column]) if HEADER[column] in grid[0] else column
        return [row[:at] + row[at + 1 :] for row in grid]

    return left


def more(name: str, words: list[str]) -> Callable[[Grid, Pick], Grid]:
    """A further column at the end."""
    return lambda grid, pick: [[*grid[0], name], *[[*row, words[at % len(words)]] for at, row in enumerate(grid[1:])]]


def below(words: dict[int, str]) -> Callable[[Grid, Pick], Grid]:
    """A further row at the end, blank but for some cells."""
    return lambda grid, pick: [*grid, [words.get(at, "") for at in range(len(grid[0]))]]


def moved(grid: Grid, pick: Pick) -> Grid:
    """Columns in another order."""
    by = 1 + pick(len(grid[0]) - 1)
    return [row[by:] + row[:by] for row in grid]


def inserted_row(words: Callable[[Grid], list[str]]) -> Callable[[Grid, Pick], Grid]:
    """A row put in anywhere below the header."""

    def put_in(grid: Grid, pick: Pick) -> Grid:
        at = 1 + pick(len(grid))
        return [*grid[:at], words(grid), *grid[at:]]

    return put_in


def doubled(change: Callable[[list[str]], list[str]]) -> Callable[[Grid, Pick], Grid]:
    return lambda grid, pick: [*grid, change(list(grid[1 + pick(len(grid) - 1)]))]


def other_number(row: list[str]) -> list[str]:
    return [("99" if word == row[min(PEOPLE, len(row) - 1)] else word) for word in row]


def dotted(word: str) -> str:
    return f"{int(word):,}".replace(",", ".") if word.isdigit() else word


def grouped(sign: str) -> Callable[[str], str]:
    return lambda word: f"{int(word):,}".replace(",", sign) if word.isdigit() else word


CELLS: dict[str, Callable[[Grid, Pick], Grid]] = {
    # the shape of the table
    "moved_columns": moved,
    "title_above": lambda grid, pick: [["Değişim öğrencileri 2023"] + [""] * (len(grid[0]) - 1)] * (1 + pick(3)) + grid,
    "groups_above": lambda grid, pick: [["Kim", "", "", "", "Nereye", "", "", "Ne kadar", *[""] * (len(grid[0]) - 8)], *grid],
    "header_of_two_rows": lambda grid, pick: [[w.split(" ")[0] for w in grid[0]], [w.partition(" ")[2] for w in grid[0]], *grid[1:]],
    "units_below_header": lambda grid, pick: [grid[0], [{DAYS: "gün", PEOPLE: "kişi"}.get(at, "") for at in range(len(grid[0]))], *grid[1:]],
    "numbers_below_header": lambda grid, pick: [grid[0], [str(at + 1) for at in range(len(grid[0]))], *grid[1:]],
    "blank_row": inserted_row(lambda grid: [""] * len(grid[0])),
    "blanks_in_a_row": inserted_row(lambda grid: [" "] * len(grid[0])),
    "extra_column": more("Burs", ["x"]),
    "nameless_column": more("", [""]),
    "nameless_notes": more("", ["kontrol edildi", ""]),
    "doubled_column": lambda grid, pick: [[*row, row[pick(1) + COUNTRY]] for row in grid],
    "header_again": lambda grid, pick: [*grid, grid[0], *grid[1:]],
    "wrong_total": below({0: "Toplam", PEOPLE: "1237891"}),
    "right_total": below({0: "Genel toplam:", PEOPLE: TOTAL}),
    "total_of_a_year": below({0: "Toplam 2023", PEOPLE: TOTAL}),
    "total_in_another_column": below({PARTNER: "TOPLAM", PEOPLE: TOTAL}),
    "total_without_a_word": below({PEOPLE: TOTAL}),
    "footnote": below({0: "* Veriler geçicidir."}),
    "missing_needed": without(WAY),
    "missing_number": without(PEOPLE),
    "missing_detail": without(DETAIL),
    "swapped_words": swapped(COUNTRY, PARTNER),
    "swapped_numbers": swapped(DAYS, PEOPLE),
    "swapped_year": swapped(YEAR, PEOPLE),
    "swapped_kinds": swapped(WAY, 3),
    "swapped_institutions": swapped(0, PARTNER),
    "renamed_number": renamed(PEOPLE, "Sayısı kişi"),
    "renamed_needed": renamed(WAY, "Doğrultu"),
    "renamed_detail": renamed(DETAIL, "Ayrıntılar (ek)"),
    "misspelt_header": renamed(COUNTRY, "Ülkee"),
    "capital_header": lambda grid, pick: [[word.replace("i", "İ").upper() for word in grid[0]], *grid[1:]],
    "small_header": lambda grid, pick: [[word.lower() for word in grid[0]], *grid[1:]],
    "plain_header": lambda grid, pick: [[plain(word) for word in grid[0]], *grid[1:]],
    "broken_header": lambda grid, pick: [[word.replace(" ", "\n") for word in grid[0]], *grid[1:]],
    "same_row_twice": doubled(list),
    "same_key_twice": doubled(other_number),
    # letters and blanks
    "hard_blanks": lambda grid, pick: [
        [word.replace(" ", "\xa0") for word in grid[0]],
        *every(grid, lambda word: f"\xa0{word}" if word else word, COUNTRY)[1:],
    ],
    "hard_blanks_in_numbers": lambda grid, pick: every(grid, lambda word: f"{word}\xa0", PEOPLE),
    "capital_words": lambda grid, pick: every(grid, lambda word: word.replace("i", "İ").upper(), COUNTRY),
    "plain_words": lambda grid, pick: every(grid, plain, COUNTRY),
    "dotless_words": lambda grid, pick: every(grid, lambda word: word.replace("i", "ı").replace("İ", "I"), COUNTRY),
    "zero_width": lambda grid, pick: every(grid, lambda word: f"{word[:2]}\u200b{word[2:]}", COUNTRY),
    "decomposed": lambda grid, pick: every(grid, lambda word: unicodedata.normalize("NFD", word)),
    "broken_lines": lambda grid, pick: every(grid, lambda word: word.replace(" ", "\n", 1), PARTNER),
    "padded": lambda grid, pick: every(grid, lambda word: f"  {word} " if word else word),
    "unknown_country": one(COUNTRY, lambda word: word[:-2]),
    "ambiguous_country": put(COUNTRY, "Kongo"),
    "two_countries": put(COUNTRY, "Almanya, Fransa"),
    "unknown_way": put(WAY, "Öbür"),
    # numbers
    "thousands_by_points": lambda grid, pick: every(grid, dotted, PEOPLE),
    "one_thousand_by_point": one(PEOPLE, dotted),
    "thousands_by_commas": lambda grid, pick: every(grid, grouped(","), PEOPLE),
    "thousands_by_blanks": lambda grid, pick: every(grid, grouped("\u202f"), PEOPLE),
    "thousands_by_apostrophes": lambda grid, pick: every(grid, grouped("'"), PEOPLE),
    "points_in_days": lambda grid, pick: every(grid, lambda word: word.replace(",", "."), DAYS),
    "one_point_in_days": one(DAYS, lambda word: word.replace(",", ".")),
    "decimal_zeros": lambda grid, pick: every(grid, lambda word: f"{word},0" if word.isdigit() else word, PEOPLE),
    "decimal_zero_points": lambda grid, pick: every(grid, lambda word: f"{word}.0" if word.isdigit() else word, PEOPLE),
    "three_decimals": one(PEOPLE, lambda word: f"{word}.000"),
    "half_a_person": one(PEOPLE, lambda word: f"{word},5"),
    "scientific": one(PEOPLE, lambda word: f"{float(word):E}" if word.isdigit() else word),
    "short_scientific": put(PEOPLE, "1E5"),
    "leading_zeros": lambda grid, pick: every(grid, lambda word: word.zfill(7) if word.isdigit() else word, PEOPLE),
    "arabic_digits": lambda grid, pick: every(grid, lambda word: "".join(chr(0x660 + int(s)) if s.isdigit() else s for s in word), PEOPLE),
    "wide_digits": lambda grid, pick: every(grid, lambda word: "".join(chr(0xFF10 + int(s)) if s.isdigit() else s for s in word), PEOPLE),
    "letter_for_zero": one(PEOPLE, lambda word: word[:1] + "O" + word[1:]),
    "unit_behind": one(PEOPLE, lambda word: f"{word} kişi"),
    "star_behind": one(PEOPLE, lambda word: f"{word}*"),
    "about": one(PEOPLE, lambda word: f"~{word}"),
    "more_than": one(PEOPLE, lambda word: f"{word}+"),
    "negative": one(PEOPLE, lambda word: f"-{word}"),
    "in_brackets": one(PEOPLE, lambda word: f"({word})"),
    "per_cent": one(PEOPLE, lambda word: f"%{word}"),
    "in_words": put(PEOPLE, "on yedi"),
    "apostrophe_before": one(PEOPLE, lambda word: f"'{word}"),
    "blank_inside": one(PEOPLE, lambda word: f"{word[:1]} {word[1:]}" if len(word) > 1 else f"{word} 0"),
    "nobody_knows": lambda grid, pick: every(grid, lambda word: "" if word == FEW else word, PEOPLE),
    "dash_for_number": lambda grid, pick: every(grid, lambda word: "–" if word == FEW else word, PEOPLE),
    "error_for_number": lambda grid, pick: every(grid, lambda word: "#N/A" if word == FEW else word, PEOPLE),
    # years and days
    "month_for_year": one(YEAR, lambda word: word[:4] + "-10"),
    "day_for_year": one(YEAR, lambda word: f"01.09.{word[:4]}"),
    "day_for_people": put(PEOPLE, "17.01.1900"),
    "short_year": lambda grid, pick: every(grid, lambda word: word[:5] + word[-2:] if word[:2] == "20" else word, YEAR),
    "stroke_in_year": lambda grid, pick: every(grid, lambda word: word.replace("-", "/") if word[:2] == "20" else word, YEAR),
    "dash_in_year": lambda grid, pick: every(grid, lambda word: word.replace("-", " – ") if word[:2] == "20" else word, YEAR),
    "first_year_only": lambda grid, pick: every(grid, lambda word: word[:4], YEAR),
    "two_digits": one(YEAR, lambda word: f"{word[2:4]}-{word[7:]}" if word[:2] == "20" else word),
    "turned_year": one(YEAR, lambda word: f"{word[5:]}-{word[:4]}"),
    "long_year": one(YEAR, lambda word: f"{word[:4]}-{int(word[:4]) + 2}" if word[:4].isdigit() else word),
    "mistyped_year": put(YEAR, "2203-2204"),
    "far_year": put(YEAR, "2032-2033"),
    "old_year": put(YEAR, "1023-1024"),
    # formulas and people
    "formula_for_country": put(COUNTRY, "=cmd|'/C calc'!A0"),
    "formula_for_people": put(PEOPLE, "=1+16"),
    "sum_for_people": put(PEOPLE, "+1+16"),
    "formula_for_partner": lambda grid, pick: every(grid, lambda word: "=1+1", PARTNER),
    "function_for_partner": lambda grid, pick: every(grid, lambda word: "@SUM(A1)", PARTNER),
    "identity_numbers": more("Ayrıntı 2", IDENTITY),
    "identity_for_detail": lambda grid, pick: [grid[0]] + [[*r[:DETAIL], IDENTITY[at % 5]] for at, r in enumerate(grid[1:])],
    "names_of_people": more("Ad Soyad", ["A B"]),
    "addresses": one(DETAIL, lambda word: "biri@example.edu"),
}  # fmt: skip
LATE = frozenset({
    "moved_columns", "title_above", "groups_above", "header_of_two_rows", "units_below_header", "numbers_below_header", "blank_row",
    "blanks_in_a_row", "wrong_total", "right_total", "total_of_a_year", "total_in_another_column", "total_without_a_word", "footnote",
    "header_again", "missing_needed", "missing_number", "missing_detail", "same_row_twice", "same_key_twice",
})  # fmt: skip
"""Changes after which rows and columns stand elsewhere: they come last, so that the others know their places."""

EARLY = frozenset({"nobody_knows", "dash_for_number", "error_for_number"})
"""Changes that look for a certain number: they come first, before others write it otherwise."""

MEANT: dict[str, Callable[[Row], Row]] = dict.fromkeys(
    ("nobody_knows", "dash_for_number", "error_for_number", "missing_cell"),
    lambda row: row | {"participants": None if row["participants"] == float(FEW) else row["participants"]},
) | {
    "missing_detail": lambda row: row | {"detail": None},
    "formula_for_partner": lambda row: row | {"partner": "=1+1"},
    "function_for_partner": lambda row: row | {"partner": "@SUM(A1)"},
}
"""What the person means is another thing then: a file without details, a number nobody knows, a partner that is called so."""

HARMLESS = (
    "moved_columns", "title_above", "groups_above", "blank_row", "nameless_column", "capital_header", "small_header", "plain_header",
    "broken_header", "hard_blanks", "hard_blanks_in_numbers", "capital_words", "plain_words", "dotless_words", "zero_width", "decomposed",
    "broken_lines", "thousands_by_points", "thousands_by_blanks", "leading_zeros", "arabic_digits", "wide_digits", "short_year", "stroke_in_year",
    "dash_in_year", "first_year_only", "missing_detail", "formula_for_partner", "function_for_partner",
)  # fmt: skip
"""What does no harm: the table is read, and nothing is asked."""


def plain(word: str) -> str:
    """Without the marks on its letters: İtalya → Italya."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign)).replace("ı", "i")


def mutated(names: list[str], pick: Pick, grid: Grid = GOOD) -> Grid:
    """The table after some mutations of its cells."""
    for name in sorted(names, key=lambda name: (name in LATE) - (name in EARLY)):
        grid = CELLS[name](grid, pick)
    return grid


def meant(names: Iterable[str], truth: list[Row]) -> list[Row]:
    """The truth after them."""
    for name in names:
        truth = [MEANT[name](row) if name in MEANT else row for row in truth]
    return truth


# --- what may happen to the bytes of a CSV file ------------------------------------------------------------------------
def text(grid: Grid, delimiter: str, quote_all: bool, end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL, lineterminator=end).writerows(grid)
    return out.getvalue()


def at_an_end(content: str, pick: Pick, new: str) -> bytes:
    """Something put at the end of one line."""
    lines = content.split("\n")
    at = pick(len(lines) - 1)
    return "\n".join([*lines[:at], lines[at] + new, *lines[at + 1 :]]).encode()


def at_a_delimiter(content: str, pick: Pick, delimiter: str, new: str) -> bytes:
    """One delimiter replaced; those inside of quotes are letters of a cell."""
    inside = [0, *itertools.accumulate(sign == '"' for sign in content)]
    places = [at for at, sign in enumerate(content) if sign == delimiter and inside[at] % 2 == 0]
    at = places[pick(len(places))]
    return (content[:at] + new + content[at + 1 :]).encode()


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
    "second_delimiter": lambda content, pick, delimiter: at_a_delimiter(content, pick, delimiter, delimiter * 2),
    "lost_delimiter": lambda content, pick, delimiter: at_a_delimiter(content, pick, delimiter, ""),
    "other_line_end": lambda content, pick, delimiter: at_an_end(content, pick, "\r"),
    "empty_line": lambda content, pick, delimiter: at_an_end(content, pick, "\n"),
    "no_end": lambda content, pick, delimiter: content.rstrip("\r\n").encode(),
}


# --- what may happen in a workbook --------------------------------------------------------------------------------------
Page = Any  # a worksheet that is being written
Book = xlsxwriter.Workbook


def _write(page: Page, grid: Grid, typed: bool) -> None:
    """The cells; with ``typed``, numbers as numbers, as a spreadsheet keeps what people type."""
    for row, line in enumerate(grid):
        for column, word in enumerate(line):
            if typed and word.isascii() and word.replace(",", "", 1).isdigit() and not (word[0] == "0" and word.isdigit()):
                page.write_number(row, column, float(word.replace(",", ".")))
            elif word:
                page.write_string(row, column, word)


def _column(grid: Grid, column: int) -> tuple[int, list[int]]:
    """Where a column stands by now, and its filled rows below the header; no rows where it is gone or called otherwise."""
    name = HEADER[column]
    spellings = (name, plain(name), name.lower(), name.replace("i", "İ").upper(), name.replace(" ", "\xa0"), name.replace(" ", "\n"))
    found = [(at, row) for row, line in enumerate(grid[:6]) for at, word in enumerate(line) if word in spellings]
    if not found:
        return 0, []
    at, header = found[0]
    return at, [row for row in range(header + 1, len(grid)) if grid[row][at].strip() and grid[row][at] not in spellings]


def _days_for_years(book: Book, page: Page, grid: Grid, pick: Pick) -> None:
    at, rows = _column(grid, YEAR)
    day = book.add_format({"num_format": "yyyy"})
    for row in rows:
        if grid[row][at][:2] == "20" and grid[row][at][:4].isdigit():
            page.write_datetime(row, at, datetime(int(grid[row][at][:4]), 9, 1), day)


def _cell(
    value: Callable[[Book, Page, int, int, str], object], column: int = PEOPLE, only: str = ""
) -> Callable[[Book, Page, Grid, Pick], object]:
    """One filled cell of a column written anew; one that holds ``only``, where that is given."""

    def written(book: Book, page: Page, grid: Grid, pick: Pick) -> bool:
        at, rows = _column(grid, column)
        chosen = [row for row in rows if not only or grid[row][at] == only]
        if not chosen:
            return False
        row = chosen[pick(len(chosen))]
        value(book, page, row, at, grid[row][at])
        return True

    return written


def _day(book: Book, page: Page, row: int, at: int, word: str) -> None:
    """A count that the spreadsheet shows as a day."""
    page.write_datetime(row, at, datetime(1899, 12, 31) + timedelta(int(word)), book.add_format({"num_format": "dd.mm.yyyy"}))


def _merged_countries(book: Book, page: Page, grid: Grid, pick: Pick) -> None:
    at, rows = _column(grid, COUNTRY)
    if len(rows) > 1:
        page.merge_range(rows[-2], at, rows[-1], at, grid[rows[-2]][at], book.add_format({"valign": "top"}))


def _merged_title(book: Book, page: Page, grid: Grid, pick: Pick) -> None:
    """The first row merged over the whole table, where it is a title; the header merged otherwise changes what it says."""
    if sum(map(bool, grid[0])) == 1:
        page.merge_range(0, 0, 0, len(grid[0]) - 1, grid[0][0], book.add_format({"align": "center"}))


def _merged_header(book: Book, page: Page, grid: Grid, pick: Pick) -> None:
    """Two header cells merged into one: the name of the second column is lost."""
    row = next((number for number, line in enumerate(grid) if HEADER[WAY] in line), 0)
    at = 1 + pick(len(grid[0]) - 3)
    page.merge_range(row, at, row, at + 1, grid[row][at], book.add_format({"align": "center"}))


def _hidden_rows(book: Book, page: Page, grid: Grid, pick: Pick) -> None:
    page.set_row(len(grid) - 1 - pick(3), None, None, {"hidden": True})


BOOKS: dict[str, Callable[[Book, Page, Grid, Pick], object]] = {
    "plain": lambda book, page, grid, pick: None,
    "days_for_years": _days_for_years,
    "day_for_people": _cell(_day, only="17"),
    "merged_countries": _merged_countries,
    "merged_title": _merged_title,
    "merged_header": _merged_header,
    "hidden_rows": _hidden_rows,
    "hidden_column": lambda book, page, grid, pick: page.set_column(pick(len(grid[0])), pick(len(grid[0])), None, None, {"hidden": True}),
    "formats_far_below": lambda book, page, grid, pick: page.write_blank(5000, 40, None, book.add_format({"bold": True})),
    "far_word": lambda book, page, grid, pick: page.write_string(len(grid) + 300, 30, "not"),
    "filtered": lambda book, page, grid, pick: page.autofilter(0, 0, len(grid) - 1, len(grid[0]) - 1),
    "formula_with_value": _cell(
        lambda book, page, row, at, word: page.write_formula(row, at, f"={word}+0", None, int(word)) if word.isdigit() else None
    ),
    "formula_without_value": _cell(lambda book, page, row, at, word: page.write_formula(row, at, "=17+0", None, "")),
    "formula_for_word": _cell(lambda book, page, row, at, word: page.write_formula(row, at, f'="{word}"', None, word), COUNTRY),
    "error_cell": _cell(lambda book, page, row, at, word: page.write_formula(row, at, "=1/0", None, "#DIV/0!")),
    "missing_cell": _cell(lambda book, page, row, at, word: page.write_formula(row, at, "=NA()", None, "#N/A"), only=FEW),
    "boolean_cell": _cell(lambda book, page, row, at, word: page.write_boolean(row, at, True)),
    "noise": _cell(lambda book, page, row, at, word: page.write_number(row, at, int(word) + 1e-13) if word == "17" else None),
    "huge_number": _cell(lambda book, page, row, at, word: page.write_number(row, at, 1e21)),
    "per_cent_format": _cell(
        lambda book, page, row, at, word: (
            page.write_number(row, at, int(word), book.add_format({"num_format": "0%"})) if word.isdigit() else None
        )
    ),
    "number_as_text": _cell(lambda book, page, row, at, word: page.write_string(row, at, word, book.add_format({"quote_prefix": True}))),
}  # fmt: skip


def page(book: Book, title: str, grid: Grid, name: str, typed: bool, pick: Pick) -> tuple[Page, list[str]]:
    """A sheet that holds the table, and something that a workbook does to it; its name, where there was a cell to do it to."""
    made = book.add_worksheet(title)
    _write(made, grid, typed)
    done = BOOKS[name](book, made, grid, pick)
    return made, [] if done is False else [name]
