"""The shipped layouts on the real files: what the files say is what we read. Facts from the suppliers' own files."""

import csv
from pathlib import Path

import pytest
from supplied import ask, tidied

from pipelines.errors import MeridianError, Refused
from pipelines.layouts import layouts
from pipelines.read import read
from pipelines.receive import receive
from pipelines.sources import sources
from pipelines.tidy import Tidied
from pipelines.tidying.headers import recognise

KA1 = (
    "Project Reference;Academic Year;Mobility Start Month;Mobility End Month;Mobility Duration;Activity (mob);Field of Education;Participant Nationality;"
    "Education Level;Participant Gender;Participant Profile;Special Needs;Fewer Opportunities;GroupLeader;Participant Age;Sending Country Code;Sending City;"
    "Sending Organization;Sending Organisation Erasmus Code;Receiving Country Code;Receiving City;Receiving Organization;Receiving Organisation Erasmus Code;Participants"
)
STUDY = "Student mobility for studies between Programme Countries"


def errors(result: Tidied) -> list[str]:
    return [finding.say("what") for finding in result.findings if finding.severity == "error"]


def test_every_layout_is_whole_and_feeds_known_sources():
    assert {"zaragoza_erasmus", "zaragoza_resultados", "zaragoza_procedencia", "charter_holders", "hesa_table1"} <= set(layouts())
    assert {feed.source for one in layouts().values() for feed in one.feeds} <= set(sources())


@pytest.mark.real
@pytest.mark.parametrize(
    ("year", "incoming", "outgoing"),
    [
        (2013, 1608, 1058),
        (2018, 1691, 1254),
        (2019, 1785, 1257),
        (2020, 817, 729),
        (2021, 1975, 1401),
        (2022, 1889, 1491),
        (2023, 1804, 1325),
        (2024, 1814, 1501),
    ],
)
def test_resultados_counts_incoming_and_outgoing_students_of_each_year(real, year, incoming, outgoing):
    result = tidied(real / "zaragoza" / f"resultados__{year}_{year + 1}.csv", "zaragoza_resultados", "zaragoza")
    assert errors(result) == []
    assert ask(result.tables["mobility"], "select direction, sum(participants) from t group by 1 order by 1") == [
        ("in", incoming),
        ("out", outgoing),
    ]


@pytest.mark.real
@pytest.mark.parametrize(("year", "outgoing"), [(2022, 1489), (2023, 1323), (2024, 1502)])
def test_procedencia_is_a_second_count_one_or_two_apart(real, year, outgoing):
    result = tidied(real / "zaragoza" / f"procedencia__{year}_{year + 1}.csv", "zaragoza_procedencia", "zaragoza")
    assert errors(result) == []
    assert ask(result.tables["mobility"], "select sum(participants) from t") == [(outgoing,)]


@pytest.mark.real
@pytest.mark.parametrize(
    ("year", "rows", "places_in", "places_out", "assigned", "partners", "countries"),
    [(2015, 3360, 4469, 5223, 1162, 616, 31), (2019, 3948, 5274, 6054, 1420, 664, 33), (2020, 4114, 5536, 6295, 873, 677, 33), (2023, 4435, 7326, 8155, 1700, 653, 31), (2024, 4386, 7323, 8138, 1749, 646, 31)],
)  # fmt: skip
def test_erasmus_reads_every_agreement_row_with_its_places(real, year, rows, places_in, places_out, assigned, partners, countries):
    table = tidied(real / "zaragoza" / f"erasmus__{year}_{year + 1}.csv", "zaragoza_erasmus", "zaragoza").tables["mobility"]
    sums = "sum(places) filter (direction = 'in'), sum(places) filter (direction = 'out'), sum(participants)"
    assert ask(table, f"select count(*), {sums}, count(distinct partner), count(distinct country) from t") == [
        (rows, places_in, places_out, assigned, partners, countries)
    ]


@pytest.mark.real
@pytest.mark.parametrize(("year", "assigned"), [(2020, 807), (2021, 1439), (2023, 1496), (2024, 1539)])
def test_sicue_is_domestic_and_erasmus_is_not(real, year, assigned):
    table = tidied(real / "zaragoza" / f"erasmus__{year}_{year + 1}.csv", "zaragoza_erasmus", "zaragoza").tables["mobility"]
    assert ask(table, "select sum(participants) from t where not domestic") == [(assigned,)]
    assert ask(table, "select distinct country from t where domestic") == [("ESP",)]


@pytest.mark.real
def test_incoming_places_without_assignments_leave_the_participants_missing(real):
    table = tidied(real / "zaragoza" / "erasmus__2023_2024.csv", "zaragoza_erasmus", "zaragoza").tables["mobility"]
    assert ask(table, "select count(participants), count(*) > 1000 from t where direction = 'in'") == [(0, True)]
    assert ask(table, "select count(participants) = count(*) from t where direction = 'out'") == [(True,)]


@pytest.mark.real
def test_the_commissions_totals_are_reported_values_of_a_period(real):
    table = tidied(real / "erasmus-eu" / "university_totals_2014_2019.csv", "commission_university_totals").tables["yearly_figures"]
    one = "select measure, value, year_from, year_to from t where institution = '{}' order by 1"
    assert ask(table, one.format("metu")) == [("A01", 1772, 2014, 2019), ("A02", 354, 2014, 2019)]
    assert ask(table, one.format("iztech")) == [("A01", 462, 2014, 2019), ("A02", 47, 2014, 2019)]
    assert ask(table, one.format("igdir")) == [("A01", 41, 2014, 2019), ("A02", 1, 2014, 2019)]
    assert ask(table, "select count(distinct \"row\"), sum(value) filter (measure = 'A01') from t") == [(3037, 1187049)]


@pytest.mark.real
def test_links_between_universities_are_told_from_both_ends(real):
    path = real / "erasmus-eu" / "universities_2018_edges.csv"
    result = tidied(path, "commission_university_links")
    weights = [int(row["weight"]) for row in csv.DictReader(path.open(encoding="utf-8"))]
    assert errors(result) == []
    assert ask(result.tables["mobility"], "select direction, count(*), sum(participants) from t group by 1 order by 1") == [
        ("in", 83575, sum(weights)),
        ("out", 83575, sum(weights)),
    ]
    assert ask(
        result.tables["mobility"], "select distinct partner, country from t where institution = 'metu' and partner = 'ABO AKADEMI'"
    ) in ([], [("ABO AKADEMI", "FIN")])


def test_links_without_their_companion_file_are_refused_and_the_file_is_named(tmp_path):
    path = tmp_path / "edges.csv"
    path.write_text("source,target,weight\n0,1,2\n1,0,3\n", encoding="utf-8")
    assert "universities_2018_nodes.csv" in " ".join(errors_or_refusal(path))


def test_links_with_their_companion_file_are_read(tmp_path):
    (tmp_path / "edges.csv").write_text("source,target,weight\n0,1,2\n1,0,3\n", encoding="utf-8")
    (tmp_path / "universities_2018_nodes.csv").write_text("id,country,Source\n0,TR,METU\n1,DE,Example University\n", encoding="utf-8")
    table = tidied(tmp_path / "edges.csv", "commission_university_links").tables["mobility"]
    assert ask(table, "select direction, country, participants from t where institution = 'metu' order by 1") == [
        ("in", "DEU", 3),
        ("out", "DEU", 2),
    ]


def errors_or_refusal(path: Path) -> list[str]:
    try:
        return errors(tidied(path, "commission_university_links"))
    except (MeridianError, Refused) as error:
        return [str(error)]


@pytest.mark.real
def test_country_flows_stand_for_countries_as_institutions(real):
    table = tidied(real / "erasmus-eu" / "country_flows_2013_2014.csv", "commission_country_flows").tables["mobility"]
    assert ask(table, "select direction, sum(participants) from t where institution = 'TUR' group by 1 order by 1") == [
        ("in", 5843),
        ("out", 12948),
    ]


@pytest.mark.real
@pytest.mark.parametrize(
    "release", ["2022-03", "2022-10-17", "2023-01-11", "2023-04-19", "2023-11-14", "2024-06-13", "2024-10-25", "2025-05-13", "2026-04-08"]
)
def test_one_layout_reads_every_release_of_the_charter_list(real, release):
    result = tidied(real / "charter-holders" / f"{release}.xlsx", "charter_holders")
    assert errors(result) == []
    assert ask(result.tables["institutions"], "select country, count(*) from t where erasmus_code = 'TR IZMIR03' group by 1") == [
        ("TUR", 1)
    ]
    assert ask(result.tables["institutions"], "select count(*) between 5000 and 6200, count(*) = count(country) from t") == [(True, True)]


@pytest.mark.real
def test_the_charter_list_of_april_2026_holds_207_turkish_institutions(real):
    table = tidied(real / "charter-holders" / "2026-04-08.xlsx", "charter_holders").tables["institutions"]
    assert ask(table, "select count(*), count(*) filter (country = 'TUR') from t") == [(6142, 207)]


@pytest.mark.real
def test_hesa_leaves_out_the_total_and_takes_the_year_from_above_the_table(real):
    result = tidied(real / "statistics" / "hesa_table1_2014_2015.csv", "hesa_table1")
    table = result.tables["country_distribution"]
    aberdeen = "select country, headcount, international from t where institution_name = 'The University of Aberdeen' order by 1"
    assert ask(table, aberdeen) == [("GBR", 10065, False), ("XXF", 3970, True), ("XXX", 0, None)]
    assert ask(table, "select distinct academic_year from t") == [(2014,)]
    assert ask(table, "select count(*) from t where institution_name = 'Total'") == [(0,)]


@pytest.mark.real
def test_unesco_regions_are_left_out_and_not_available_is_not_zero(real):
    table = tidied(real / "statistics" / "unesco_inbound.csv", "unesco_inbound").tables["yearly_figures"]
    turkiye = "select year_from, value from t where institution = 'TUR' and year_from in (2010, 2015, 2018, 2020, 2022) order by 1"
    assert ask(table, turkiye) == [(2010, 25838), (2015, 72178), (2018, 125138), (2020, 185047), (2022, 244027)]
    assert ask(table, "select count(*) from t where institution = 'AIA' and year_from = 2000") == [(0,)]


@pytest.mark.real
def test_french_enrolments_tell_foreign_from_all_students(real):
    result = tidied(real / "large" / "sise_enrolments_2012_2024.parquet", "sise_enrolments")
    sql = "select academic_year, sum(headcount) filter (international), sum(headcount) from t where academic_year in (2012, 2019, 2024) group by 1 order by 1"
    assert errors(result) == []
    assert ask(result.tables["country_distribution"], sql) == [(2012, 180957, 1545053), (2019, 204486, 1767290), (2024, 207565, 1787882)]
    assert ask(result.tables["country_distribution"], "select count(*), sum(headcount) from t") == [(520749, 22154973)]


def ka1(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "2021.05.11 KA1 mobilities eligible finalised started in 2019.csv"
    path.write_text("\n".join([KA1, *rows]) + "\n", encoding="utf-8")
    return path


ROW = f"2018-1-TR01-KA103-000001;2018-2019;2019-02;2019-06;126;{STUDY};0314 - Sociology and cultural studies;TR;ISCED-6 - First cycle / Bachelor’s or equivalent level (EQF-6);Female;Learner;No;Yes;No;21;TR;ANKARA;MIDDLE EAST TECHNICAL UNIVERSITY;TR ANKARA04;DE;BERLIN;FREIE UNIVERSITAET BERLIN;D  BERLIN01;3"


def test_ka1_sums_participants_and_tells_each_mobility_from_both_ends(tmp_path):
    result = tidied(ka1(tmp_path, ROW), "commission_ka1_mobility")
    assert errors(result) == []
    sql = "select institution, direction, academic_year, role, activity, country, field, level, gender, fewer_opportunities, days, participants from t order by direction desc"
    out, back = ask(result.tables["mobility"], sql)
    assert out == ("metu", "out", 2018, "student", "study", "DEU", "0314", "bachelor", "female", True, 126, 3)
    assert back[1:] == ("in", 2018, "student", "study", "TUR", "0314", "bachelor", "female", True, 126, 3)


def test_ka1_youth_rows_without_an_academic_year_are_left_out_and_said(tmp_path):
    youth = ROW.replace("2018-2019", "-").replace("KA103", "KA105")
    result = tidied(ka1(tmp_path, ROW, youth), "commission_ka1_mobility")
    assert len(result.tables["mobility"]) == 2
    assert [finding.count for finding in result.findings if finding.code == "T111"] == [1]


@pytest.mark.real
def test_a_suppliers_file_is_recognised_by_its_columns(real):
    for name, chosen in [
        ("zaragoza/erasmus__2023_2024.csv", "zaragoza_erasmus"),
        ("statistics/unesco_inbound.csv", "unesco_inbound"),
        ("zaragoza/resultados__2013_2014.csv", "zaragoza_resultados"),
    ]:
        assert recognise(read(receive(real / name)), name).id == chosen


def test_a_layout_with_a_misspelt_field_is_refused_by_name(tmp_path):
    from pipelines.knowledge import load_folder
    from pipelines.layouts import Layout

    good = (Path(__file__).parent.parent / "layouts" / "unesco_inbound.toml").read_text(encoding="utf-8")
    (tmp_path / "good.toml").write_text(good, encoding="utf-8")
    assert set(load_folder(tmp_path, Layout)) == {"good"}
    (tmp_path / "bad.toml").write_text(good.replace('value = "value"', 'value = "valeu"'), encoding="utf-8")
    with pytest.raises(MeridianError, match="valeu"):
        load_folder(tmp_path, Layout)
