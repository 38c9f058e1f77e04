"""Small office files, what they can honestly feed and what they cannot; and what holds for every layout: recognised, revised, described."""

import csv
import shutil
import tomllib
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from supplied import Grid, ask, book, refusal, tidied, written

from pipelines.errors import MeridianError, Refused
from pipelines.layouts import FOLDER, layouts
from pipelines.read import read
from pipelines.receive import receive
from pipelines.tidying.headers import recognise
from pipelines.warehouse import open_version


@pytest.mark.real
def test_a_list_of_partners_with_codes_is_a_register_without_its_sums(real):
    path = real / "partners" / "destinations_per_degree.csv"
    rows = list(csv.reader(path.open(encoding="utf-8-sig"), delimiter=";"))[1:]
    result = tidied(path, "office_partner_codes")
    assert ask(result.tables["institutions"], "select count(*), count(distinct erasmus_code), count(distinct country) from t") == [
        (91, 91, 22)
    ]
    sums = sum(row[1] == "0" for row in rows if any(row))
    assert [one.count for one in result.findings if one.code == "T111"] == [sums] == [7]


@pytest.mark.real
def test_a_list_of_nominations_says_who_was_selected_and_not_who_went(real, tmp_path):
    path = real / "partners" / "erasmus_grant_list.csv"
    assert [one.code for one in refusal(path, "office_nominations", "iztech")] == ["T129"]  # no year in the file, none in its name
    named = Path(shutil.copy(path, tmp_path / "erasmus_grant_list_2022.csv"))
    table = tidied(named, "office_nominations", "iztech").tables["mobility"]
    assert ask(table, "select academic_year, count(*), sum(nominated), count(participants) from t group by 1") == [(2022, 341, 341, 0)]
    adjectives = {"GERMAN": "DEU", "DUTCH": "NLD"}
    for word, code in adjectives.items():
        rows = sum(row["COUNTRIES"] == word for row in csv.DictReader(path.open(encoding="utf-8")))
        assert ask(table, f"select count(*) from t where country = '{code}'") == [(rows,)]


@pytest.mark.real
def test_a_list_without_header_and_with_stray_quotes_is_refused_at_the_first_of_them(real):
    with pytest.raises(Refused) as refused:
        read(receive(real / "partners" / "partner_list_no_header.txt"))
    assert (refused.value.finding.code, refused.value.finding.place.cell) == ("E208", "A158")


@pytest.mark.real
def test_a_table_of_placements_is_no_figure_of_ours_and_is_not_taken_for_one(real):
    path = real / "partners" / "placement_table_tr_2025.xlsx"
    with pytest.raises(MeridianError, match="No dataset or layout fits"):
        recognise(read(receive(path)), path.name)


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [("office_partner_codes", "Nombre Universidad;Ciudad;País", "X;Y;ITALIA"), ("office_nominations", "INDEX,COUNTRIES,FACULTIES,DEPARTMENTS,GRANT", "1,ITALIA,F,D,1")],
)  # fmt: skip
def test_an_office_list_without_its_key_column_is_refused(tmp_path, name, header, row):
    assert [one.code for one in refusal(written(tmp_path / "list_2022.csv", header, row), name, "iztech")] == ["T101"]


@pytest.mark.real
def test_visas_in_one_long_table_say_what_the_28_sheets_say(real):
    long = tidied(real / "large" / "us_visas_long.parquet", "us_visas_long").tables["yearly_figures"]
    sheets = tidied(real / "statistics" / "us_visas_by_nationality_1997_2024.xlsx", "us_visas_by_nationality").tables["yearly_figures"]
    figures = "select year_from, country, detail, value from t order by all"
    assert ask(long, figures) == ask(sheets, figures)
    rows = pq.read_table(real / "large" / "us_visas_long.parquet", columns=["fy", "visa_class", "issued"])
    assert ask(rows, "select sum(issued) from t where fy = 1997 and visa_class = 'F-1'") == [(799449,)]  # every person three times
    assert ask(long, "select sum(value) from t where year_from = 1997 and detail like 'F-1%'") == [(266483,)]


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("statistics/us_visas_by_nationality_1997_2024.xlsx", "us_visas_by_nationality"), ("large/us_visas_long.parquet", "us_visas_long"),
        ("statistics/canada_study_permits_2024-07.xlsx", "canada_study_permits"), ("statistics/china_foreign_students_2010_2018.xlsx", "china_foreign_students"),
        ("statistics/hesa_domicile_by_region.xlsx", "hesa_domicile_by_region"), ("erasmus-eu/trips_2013_2014.csv", "commission_trips"),
        ("erasmus-eu/spain_outgoing_persons_2012_2013.csv", "commission_persons_spain"), ("erasmus-eu/country_pairs_2014_2019.csv", "commission_country_pairs"),
        ("erasmus-eu/country_flows_2013_2014.csv", "commission_country_flows"), ("partners/erasmus_grant_list.csv", "office_nominations"),
        ("partners/destinations_per_degree.csv", "office_partner_codes"), ("charter-holders/2026-04-08.xlsx", "charter_holders"),
    ],
)  # fmt: skip
def test_every_suppliers_file_is_recognised_by_its_columns(real, file, name):
    assert recognise(read(receive(real / file)), file).id == name


def visas(folder: Path, name: str, years: dict[int, int]) -> Path:
    """A release: visas of Turkey by year, one sheet each."""
    sheets: dict[str, Grid] = {
        f"FY{year}": [
            [f"Fiscal Year {year}", "F-1", "J-1", "M-1"],
            ["Europe"],
            ["Turkey", people, 0, 0],
            ["Totals for Europe", people, 0, 0],
        ]
        for year, people in years.items()
    }
    return book(folder / name, sheets)


def taken(command, store: Path, path: Path, layout: str) -> None:
    done = command("--store", store, "accept", path, "--layout", layout, "--by", "check", "--note", "test")
    assert done.code == 0, done.out + done.err


def on_air(store: Path, sql: str) -> list[tuple]:
    return open_version(store).query(sql)


def test_a_revised_release_replaces_its_years_and_leaves_the_others(tmp_path, command):
    store = tmp_path / "store"
    taken(command, store, visas(tmp_path, "first.xlsx", {2018: 90, 2019: 100}), "us_visas_by_nationality")
    taken(command, store, visas(tmp_path, "second.xlsx", {2019: 111, 2020: 50}), "us_visas_by_nationality")
    figures = "select year_from, value from core.yearly_figures where detail = 'F-1' order by 1"
    assert on_air(store, figures) == [(2018, 90), (2019, 111), (2020, 50)]


def test_releases_cut_by_the_year_of_departure_stand_side_by_side_and_each_is_replaced_by_its_own_revision(tmp_path, command):
    from test_layouts_commission import raw, sheet

    store = tmp_path / "store"
    first = {"Academic Year": "2018-2019", "Mobility Start Month": "2018-09", "Participants": 30}
    later = {"Academic Year": "2018-2019", "Mobility Start Month": "2019-02", "Participants": 7}
    taken(command, store, raw(tmp_path, {"1": sheet(first)}, 2018), "commission_ka1_raw")
    taken(command, store, raw(tmp_path, {"1": sheet(later)}, 2019), "commission_ka1_raw")
    people = "select sum(participants) from core.mobility where direction = 'out' and academic_year = 2018"
    assert on_air(store, people) == [(37,)]
    taken(command, store, raw(tmp_path, {"1": sheet(first | {"Participants": 28})}, 2018), "commission_ka1_raw")
    assert on_air(store, people) == [(35,)]


@pytest.mark.parametrize("name", sorted(layouts()))
def test_a_layout_says_in_both_languages_what_it_is_whose_and_under_which_terms(name):
    chosen = layouts()[name]
    assert chosen.title["en"] and chosen.title["tr"] and chosen.title["en"] != chosen.title["tr"]
    assert chosen.supplier and chosen.licence and chosen.series
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert text.startswith("#") and tomllib.loads(text)  # begins with what the file is and what is peculiar about it
