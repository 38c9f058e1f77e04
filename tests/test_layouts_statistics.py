"""National statistics in workbooks: many sheets, merged headers, subtotals. Read by our layouts and, as a second route, cell by cell with openpyxl."""

import csv
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from supplied import ask, book, codes, refusal, tidied

from pipelines.checking.rules import Lookups
from pipelines.codes import countries
from pipelines.errors import MeridianError, Refused


@cache
def cells(path: Path) -> dict[str, list[tuple]]:
    """Every sheet of a workbook as rows, read by another library than ours."""
    found = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in found.worksheets}


@pytest.fixture(scope="module")
def visas(real):
    return tidied(real / "statistics" / "us_visas_by_nationality_1997_2024.xlsx", "us_visas_by_nationality")


@pytest.mark.real
def test_student_visas_of_turkey_are_those_of_the_published_sheets(visas):
    sql = (
        "select year_from, value from t where country = 'TUR' and detail = 'F-1' and year_from in (1997, 2001, 2019, 2020, 2021) order by 1"
    )
    assert ask(visas.tables["yearly_figures"], sql) == [(1997, 4620), (2001, 7581), (2019, 3780), (2020, 1470), (2021, 3485)]


@pytest.mark.real
def test_subtotals_of_continents_are_never_summed(visas):
    table = visas.tables["yearly_figures"]
    assert ask(table, "select sum(value) from t where year_from = 1997 and detail like 'F-1%'") == [(266483,)]
    assert 3 * 266483 == 799449  # what a sum over every row of the sheet says


@pytest.mark.real
def test_all_28_sheets_add_up_to_the_grand_totals_printed_on_them(real, visas):
    printed = {}
    for title, rows in cells(real / "statistics" / "us_visas_by_nationality_1997_2024.xlsx").items():
        column = next(at for at, name in enumerate(rows[0]) if name in ("F-1", "F1"))
        printed[title] = next(row[column] for row in rows if str(row[0]).startswith("Grand Total"))
    sums = dict(ask(visas.tables["yearly_figures"], "select sheet, sum(value) from t where detail like 'F-1%' group by 1"))
    assert len(printed) == 28
    assert sums == printed


@pytest.mark.real
def test_a_figure_of_many_sheets_leads_back_to_its_own_cell(real, visas):
    rows = cells(real / "statistics" / "us_visas_by_nationality_1997_2024.xlsx")
    found = ask(visas.tables["yearly_figures"], "select sheet, \"row\", col, value from t where country = 'TUR' and detail = 'J-1'")
    assert len(found) == 28
    for sheet, row, column, value in found:
        assert rows[sheet][row - 1][openpyxl.utils.column_index_from_string(column) - 1] == value


def visa_sheet(year: int, *rows: list[object], title: str = "Fiscal Year {}") -> list[list[object]]:
    return [
        [title.format(year), "A-1", "F-1", "J-1", "M-1"],
        ["Europe"],
        *rows,
        ["Totals for Europe", 9, 9, 9, 9],
        ["Grand Totals", 9, 9, 9, 9],
    ]


def test_every_sheet_is_read_and_its_year_stands_in_its_header(tmp_path):
    sheets = {f"FY{year}": visa_sheet(year, ["Turkey", 1, people, 3, 0]) for year, people in ((2019, 20), (2020, 10))}
    table = tidied(book(tmp_path / "visas.xlsx", sheets), "us_visas_by_nationality").tables["yearly_figures"]
    assert ask(table, "select sheet, year_from, value from t where detail = 'F-1' order by 2") == [
        ("FY2019", 2019, 20),
        ("FY2020", 2020, 10),
    ]


def test_a_sheet_without_its_key_column_refuses_the_workbook_and_is_named(tmp_path):
    spoilt = [["Fiscal Year 2020", "A-1", "Student visas", "J-1", "M-1"], ["Turkey", 1, 2, 3, 4]]
    path = book(tmp_path / "visas.xlsx", {"FY2019": visa_sheet(2019, ["Turkey", 1, 2, 3, 4]), "FY2020": spoilt})
    assert [(one.code, one.place.sheet) for one in refusal(path, "us_visas_by_nationality")] == [("T101", "FY2020")]


def test_a_sheet_of_notes_beside_the_tables_is_asked_about_and_not_read(tmp_path):
    sheets = {"FY2019": visa_sheet(2019, ["Turkey", 1, 2, 3, 4]), "Notes": [["Read me"], ["Figures are visas, not people."]]}
    result = tidied(book(tmp_path / "visas.xlsx", sheets), "us_visas_by_nationality")
    assert [(one.code, one.severity, one.values["others"]) for one in result.findings if one.code == "T128"] == [("T128", "query", "Notes")]
    assert codes(tidied(book(tmp_path / "alone.xlsx", {"FY2019": sheets["FY2019"]}), "us_visas_by_nationality"))["T128"] == 0


def test_a_header_that_does_not_tell_its_year_is_refused(tmp_path):
    path = book(tmp_path / "visas.xlsx", {"FY": visa_sheet(2019, ["Turkey", 1, 2, 3, 4], title="Fiscal Year (all)")})
    assert [one.code for one in refusal(path, "us_visas_by_nationality")] == ["T129"]


def test_a_subtotal_under_a_new_name_is_refused_as_no_country(tmp_path):
    rows = visa_sheet(2019, ["Turkey", 1, 2, 3, 4], ["Sum of Europe", 1, 2, 3, 4])
    assert {one.code for one in refusal(book(tmp_path / "visas.xlsx", {"FY": rows}), "us_visas_by_nationality")} == {"W101"}


@pytest.mark.real
def test_canadian_permits_are_the_totals_of_whole_years(real):
    path = real / "statistics" / "canada_study_permits_2024-07.xlsx"
    result = tidied(path, "canada_study_permits")
    table = result.tables["yearly_figures"]
    turkey = "select year_from, value from t where country = 'TUR' order by 1"
    assert ask(table, turkey) == [(2015, 1615), (2016, 2215), (2017, 2955), (2018, 3125), (2019, 3245), (2020, 1890), (2021, 3870), (2022, 3195), (2023, 4175)]  # fmt: skip
    assert ask(table, "select count(*) from t where year_from = 2024") == [(0,)]
    assert not [one for one in result.findings if one.severity != "info"]


@pytest.mark.real
def test_canadian_cells_that_are_hidden_are_missing_and_counted(real):
    path = real / "statistics" / "canada_study_permits_2024-07.xlsx"
    (rows,) = cells(path).values()
    totals = [at for at, name in enumerate(rows[3]) if name and "Total" in name and "2024" not in name]
    people = [row for row in rows[5:] if row[0] and len(row) > 1 and row[1] is not None and row[0] != "Total unique persons"]
    hidden = sum(row[at] == "--" for row in people for at in totals)
    known = sum(int(row[at].replace(",", "")) for row in people for at in totals if row[at] != "--")
    result = tidied(path, "canada_study_permits")
    assert [one.count for one in result.findings if one.code == "T131"] == [hidden]
    assert ask(result.tables["yearly_figures"], "select sum(value), count(*) from t") == [(known, len(people) * 9 - hidden)]


@pytest.mark.real
def test_chinese_students_are_degree_and_other_students_of_nine_years(real):
    result = tidied(real / "statistics" / "china_foreign_students_2010_2018.xlsx", "china_foreign_students")
    table = result.tables["country_distribution"]
    assert ask(table, 'select count(distinct "row"), count(*), min(academic_year), max(academic_year) from t') == [(1269, 2538, 2010, 2018)]
    assert ask(table, "select sum(headcount) from t where country = 'AFG' and academic_year = 2018") == [(1618,)]
    assert [(one.code, one.count) for one in result.findings if one.severity == "query"] == [("T123", 2)]


@pytest.mark.real
def test_chinese_students_by_year_are_the_sums_of_the_sheet(real):
    path = real / "statistics" / "china_foreign_students_2010_2018.xlsx"
    (rows,) = cells(path).values()
    at = {name.strip(): number for number, name in enumerate(rows[0]) if name}
    sums: dict[int, float] = {}
    for row in rows[1:]:
        if row[at["country"]]:
            year = 2000 + int(row[at["year"]])
            sums[year] = sums.get(year, 0) + row[at["stu_degree"]] + row[at["stu_non_degree"]]
    table = tidied(path, "china_foreign_students").tables["country_distribution"]
    assert dict(ask(table, "select academic_year, sum(headcount) from t group by 1")) == sums


@pytest.mark.real
def test_british_counties_are_home_and_countries_are_not(real):
    result = tidied(real / "statistics" / "hesa_domicile_by_region.xlsx", "hesa_domicile_by_region")
    table = result.tables["country_distribution"]
    assert [one for one in result.findings if one.severity != "info"] == []
    assert ask(table, "select country, headcount from t where academic_year = 2017 and detail = 'Wiltshire'") == [("GBR", 13960)]
    assert ask(table, "select sum(headcount) filter (international) from t where academic_year = 2017") == [(473040,)]
    assert ask(table, "select distinct country from t where detail like 'Cyprus%' order by 1") == [("CYP",), ("XNC",)]


@pytest.mark.real
def test_five_sheets_of_students_agree_with_the_combined_sheet_up_to_rounding(real):
    path = real / "statistics" / "hesa_domicile_by_region.xlsx"
    printed = {row[0]: row[5] for row in cells(path)["Combined"][1:] if row[0]}
    sums = dict(
        ask(
            tidied(path, "hesa_domicile_by_region").tables["country_distribution"], "select academic_year, sum(headcount) from t group by 1"
        )
    )
    assert set(sums) == set(printed) == {2017, 2018, 2019, 2020, 2021}
    assert all(abs(sums[year] - printed[year]) <= 50 for year in sums)  # each nation is rounded to 5 by itself


def test_a_british_place_that_nobody_knows_yet_is_asked(tmp_path):
    header = ["Domicile", "England", "Wales", "Scotland", "Northern Ireland", "Total United Kingdom", "Year"]
    good = book(tmp_path / "good.xlsx", {"2022_2023": [header, ["Kent", 5, 0, 0, 0, 5, 2022], ["Turkey", 5, 0, 0, 0, 10, 2022]]})
    assert refusal(good, "hesa_domicile_by_region") == []
    new = book(tmp_path / "new.xlsx", {"2022_2023": [header, ["Westmorland and Furness", 5, 0, 0, 0, 5, 2022]]})
    assert [one.code for one in refusal(new, "hesa_domicile_by_region")] == ["W101"]


def test_a_workbook_whose_sheets_have_other_names_is_refused_with_the_reason(tmp_path):
    path = book(tmp_path / "students.xlsx", {"Students": [["Domicile", "Total United Kingdom"], ["Turkey", 5]]})
    with pytest.raises((Refused, MeridianError), match="Students"):
        tidied(path, "hesa_domicile_by_region")


@pytest.mark.real
def test_regions_of_the_world_are_no_countries_and_two_files_of_unesco_say_the_same(real):
    path, wider = (real / "statistics" / name for name in ("unesco_inbound.csv", "unesco_inbound_netflow.csv"))
    units = {row["geoUnit"] for row in csv.DictReader(path.open(encoding="utf-8"))}
    regions = {unit for unit in units if len(unit) != 3 or not unit.isalpha()}
    assert (len(units), len(regions)) == (405, 219)
    table = tidied(path, "unesco_inbound").tables["yearly_figures"]
    assert {name for (name,) in ask(table, "select distinct institution from t")} <= units - regions
    figures = "select institution, year_from, round(value, 3), precision from t order by all"  # one file prints more digits of estimates
    assert ask(tidied(wider, "unesco_inbound").tables["yearly_figures"], figures) == ask(table, figures)


def test_a_country_that_is_no_more_passes_the_check_and_an_unknown_code_does_not():
    known = Lookups.load().codes["country"]
    assert known >= countries.WITHDRAWN and "YUG" not in known
    assert not countries.WITHDRAWN & set(countries.names())  # read in old data, never offered
