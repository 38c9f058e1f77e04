"""Workbooks of the Turkish Council of Higher Education, built as they come: titles above, a merged header of two rows, totals among the rows."""

import openpyxl
import pytest
from containers import xls
from supplied import Grid, ask, book, codes, refusal, tidied

from pipelines.read import read
from pipelines.receive import receive
from pipelines.tidying.headers import recognise

TITLE = "2023 - 2024 ÖĞRETİM YILI ÜNİVERSİTELERE  VE UYRUKLARINA GÖRE ÖĞRENCİ SAYILARI"
LEVELS = ("ÖNLİSANS", "LİSANS", "YÜKSEK LİSANS", "DOKTORA", "TOPLAM")
METU, IZTECH = "ORTA DOĞU TEKNİK ÜNİVERSİTESİ", "İZMİR YÜKSEK TEKNOLOJİ ENSTİTÜSÜ"
PEOPLE = {
    METU: {"SURİYE": (0, 0, 12, 8, 3, 2, 1, 0), "AZERBAYCAN": (0, 0, 40, 31, 5, 4, 2, 3), "K.K.T.C.": (0, 0, 9, 7, 0, 0, 0, 0)},
    IZTECH: {"İRAN": (0, 0, 5, 6, 7, 8, 9, 10), "VATANSIZ": (0, 0, 1, 0, 0, 0, 0, 0)},
}


def numbers(parts: tuple[int, ...]) -> list[int]:
    """Men and women of four levels → E, K, T of each level and of the whole, as the table prints them."""
    pairs = [parts[at : at + 2] for at in range(0, 8, 2)]
    pairs.append((sum(men for men, _ in pairs), sum(women for _, women in pairs)))
    return [number for men, women in pairs for number in (men, women, men + women)]


def added(rows: list[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def grid(university: str = "ÜNİVERSİTE/ MYO**", *, blocks: bool = True, people=PEOPLE, nationality: str = "UYRUK") -> Grid:
    """The sheet: ``blocks``: the name of the university stands in the first row of its block only."""
    head = [university, nationality, *(word for level in LEVELS for word in (level, None, None))]
    rows: Grid = [[TITLE], [], head, [None, None, *["E", "K", "T"] * 5]]
    everybody = []
    for name, countries in people.items():
        own = [numbers(parts) for parts in countries.values()]
        for at, (country, line) in enumerate(zip(countries, own, strict=True)):
            rows.append([name if at == 0 or not blocks else None, country, *line])
        rows.append([None if blocks else name, "TOPLAM", *added(own)])
        everybody.append(added(own))
    return [*rows, ["GENEL TOPLAM", None, *added(everybody)], ["* Açıköğretim öğrencileri dahil değildir."]]


MERGED = ("A1:Q1", "A3:A4", "B3:B4", "C3:E3", "F3:H3", "I3:K3", "L3:N3", "O3:Q3")
SUMS = "select institution, sum(headcount), sum(headcount) filter (gender = 'female') from t group by 1 order by 1"


def test_students_of_every_university_are_the_sums_of_their_nationalities(tmp_path):
    result = tidied(book(tmp_path / "yok.xlsx", {"Uyruğa   Göre Öğrenci Sayısı": grid()}, MERGED), "yok_nationality")
    table = result.tables["country_distribution"]
    men_and_women = {name: sum(map(sum, own.values())) for name, own in PEOPLE.items()}
    women = {name: sum(sum(parts[1::2]) for parts in own.values()) for name, own in PEOPLE.items()}
    assert ask(table, SUMS) == [("iztech", men_and_women[IZTECH], women[IZTECH]), ("metu", men_and_women[METU], women[METU])]
    assert ask(table, 'select distinct academic_year, "group", institution_country from t') == [(2023, "students", "TUR")]
    assert ask(table, "select level, gender, headcount from t where country = 'AZE' and headcount > 30 order by 3") == [
        ("bachelor", "female", 31),
        ("bachelor", "male", 40),
    ]
    assert [one.count for one in result.findings if one.code == "T124"] == [3]  # two universities and the whole
    assert [one for one in result.findings if one.severity != "info"] == []


def test_a_university_merged_down_over_its_block_is_no_question_and_another_merged_column_is(tmp_path):
    merged = book(tmp_path / "merged.xlsx", {"Tablo": grid()}, (*MERGED, "A5:A8", "A9:A11"))
    result = tidied(merged, "yok_nationality")
    assert ask(result.tables["country_distribution"], "select institution, count(distinct country) from t group by 1 order by 1") == [
        ("iztech", 2),
        ("metu", 3),
    ]
    assert codes(result)["Q244"] == 0
    wide = tidied(book(tmp_path / "wide.xlsx", {"Tablo": grid()}, (*MERGED, "A5:A8", "D5:D6")), "yok_nationality")
    assert codes(wide)["Q244"] == 1


def test_northern_cyprus_and_the_stateless_are_no_unknown_country(tmp_path):
    table = tidied(book(tmp_path / "yok.xlsx", {"Tablo": grid()}, MERGED), "yok_nationality").tables["country_distribution"]
    assert ask(table, "select distinct country from t order by 1") == [("AZE",), ("IRN",), ("SYR",), ("XNC",), ("XXA",)]


@pytest.mark.parametrize("university", ["Üniversite", "üniversite", "ÜNİVERSİTE", "ÜNİVERSİTE**", "ÜNİVERSİTE/MYO", "ÜNİVERSİTE / MYO", "ÜNİVERSİTE/ MYO**", "ÜNİVERSİTE  ADI"])  # fmt: skip
@pytest.mark.parametrize("blocks", [True, False])
def test_every_spelling_of_the_university_column_is_found(tmp_path, university, blocks):
    table = tidied(book(tmp_path / "yok.xlsx", {"Tablo": grid(university, blocks=blocks)}, MERGED), "yok_nationality").tables[
        "country_distribution"
    ]
    assert ask(table, "select institution, count(distinct country) from t group by 1 order by 1") == [("iztech", 2), ("metu", 3)]


def test_an_old_workbook_without_merged_cells_says_the_same(tmp_path):
    new = tidied(book(tmp_path / "yok.xlsx", {"Data": grid()}, MERGED), "yok_nationality").tables["country_distribution"]
    old = tidied(
        xls(tmp_path / "yok.xls", [[float(cell) if isinstance(cell, int) else cell for cell in row] for row in grid()]), "yok_nationality"
    ).tables["country_distribution"]
    rows = 'select institution, country, level, gender, headcount, "row", col from t order by all'
    assert ask(old, rows) == ask(new, rows)


def test_a_figure_leads_back_to_its_cell(tmp_path):
    path = book(tmp_path / "yok.xlsx", {"Tablo": grid()}, MERGED)
    sheet = openpyxl.load_workbook(path)["Tablo"]
    for row, column, people in ask(tidied(path, "yok_nationality").tables["country_distribution"], 'select "row", col, headcount from t'):
        assert sheet[f"{column}{row}"].value == people


def spoilt(cell: tuple[int, int], number: int) -> Grid:
    rows = grid()
    rows[cell[0] - 1][cell[1] - 1] = number
    return rows


@pytest.mark.parametrize(
    ("cell", "code"),
    [((5, 8), "T123"), ((5, 15), "T123"), ((8, 6), "T122"), ((11, 7), "T122")],
    ids=["T is not E + K", "the whole is not its levels", "the university's total", "the grand total"],
)
def test_a_total_that_does_not_add_up_is_asked_at_its_cell_and_never_read(tmp_path, cell, code):
    result = tidied(book(tmp_path / "yok.xlsx", {"Tablo": spoilt(cell, 777)}, MERGED), "yok_nationality")
    found = [one for one in result.findings if one.severity == "query"]
    assert code in {one.code for one in found}
    assert (cell[0], cell[1]) in {(place.row, place.column) for one in found for place in one.places}
    assert ask(result.tables["country_distribution"], "select count(*) from t where headcount = 777") == [(0,)]


def test_a_table_without_nationalities_is_refused_with_what_was_found(tmp_path):
    (finding,) = refusal(book(tmp_path / "yok.xlsx", {"Tablo": grid(nationality="İL")}, MERGED), "yok_nationality")
    assert (finding.code, finding.values["column"]) == ("T102", "Uyruk")


def test_a_table_without_its_year_is_refused(tmp_path):
    rows = [["ÖĞRENCİ SAYILARI"], *grid()[1:]]
    assert [one.code for one in refusal(book(tmp_path / "yok.xlsx", {"Tablo": rows}, MERGED), "yok_nationality")] == ["T129"]


def test_a_nationality_that_is_not_known_is_asked_at_its_cell(tmp_path):
    people = {METU: {"ATLANTİS": (0, 0, 1, 0, 0, 0, 0, 0)}}
    (finding,) = refusal(book(tmp_path / "yok.xlsx", {"Tablo": grid(people=people)}, MERGED), "yok_nationality")
    assert (finding.code, finding.place.cell) == ("W101", "Tablo!B5")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SURİYE ARAP CUMHURİYETİ", "SYR"), ("TÜRKMENİSTAN", "TKM"), ("FİL DİŞİ SAHİLLERİ", "CIV"), ("FAS", "MAR"), ("ÜRDÜN", "JOR"), ("FİLİSTİN", "PSE"),
        ("ÇAD", "TCD"), ("BURKİNA FASO", "BFA"), ("KKTC*", "XNC"), ("KOSOVA", "XKX"), ("KUZEY MAKEDONYA", "MKD"), ("MAKEDONYA", "MKD"), ("ÇEK CUMHURİYETİ", "CZE"),
        ("GÜNEY KORE", "KOR"), ("KORE CUMHURİYETİ", "KOR"), ("A.B.D.", "USA"), ("ABD", "USA"), ("B.A.E.", "ARE"), ("İNGİLTERE", "GBR"), ("HOLLANDA", "NLD"),
        ("YUNANİSTAN", "GRC"), ("HAYMATLOS", "XXA"),
    ],
)  # fmt: skip
def test_turkish_names_of_nationalities_in_capitals_are_known(tmp_path, name, code):
    people = {METU: {name: (0, 0, 1, 2, 0, 0, 0, 0)}}
    table = tidied(book(tmp_path / "yok.xlsx", {"Tablo": grid(people=people)}, MERGED), "yok_nationality").tables["country_distribution"]
    assert ask(table, "select distinct country from t") == [(code,)]


def country_wide() -> Grid:
    rows = grid(people={"": {"SURİYE": (1, 2, 3, 4, 5, 6, 7, 8), "IRAK": (1, 0, 1, 0, 1, 0, 1, 0)}})
    return [[cell for at, cell in enumerate(row) if at != 0] if number >= 2 else row for number, row in enumerate(rows[:-2])]


def test_the_table_of_the_whole_country_feeds_the_country(tmp_path):
    path = book(tmp_path / "yok.xlsx", {"Tablo": country_wide()})
    result = tidied(path, "yok_nationality_country")
    table = result.tables["country_distribution"]
    assert ask(table, "select institution, country, sum(headcount), bool_and(international) from t group by 1, 2 order by 2") == [
        ("TUR", "IRQ", 4, True),
        ("TUR", "SYR", 36, True),
    ]
    assert [one for one in result.findings if one.severity != "info"] == []


def test_each_of_the_two_tables_is_recognised_by_itself(tmp_path):
    files = {
        "yok_nationality": book(tmp_path / "a.xlsx", {"T": grid()}, MERGED),
        "yok_nationality_country": book(tmp_path / "b.xlsx", {"T": country_wide()}),
    }
    assert {name: recognise(read(receive(path)), path.name).id for name, path in files.items()} == {name: name for name in files}


def test_years_on_sheets_of_their_own_are_all_read(tmp_path):
    sheets = {"2022": [[TITLE.replace("2023 - 2024", "2022-2023")], *grid()[1:]], "2023": grid()}
    table = tidied(book(tmp_path / "yok.xlsx", sheets, MERGED), "yok_nationality").tables["country_distribution"]
    people = sum(sum(map(sum, own.values())) for own in PEOPLE.values())
    assert ask(table, "select academic_year, sheet, sum(headcount) from t group by all order by 1") == [
        (2022, "2022", people),
        (2023, "2023", people),
    ]
