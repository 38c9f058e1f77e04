"""The Commission's files of every generation: 2008–2012, 2013–14, raw KA1 workbooks since 2014, and research files made of them."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from supplied import Grid, ask, book, codes, refusal, tidied, written

from pipelines import path
from pipelines.layouts import given
from pipelines.path import Choices

STUDY = "Student mobility for studies between Programme Countries"
RAW = {
    "Field": "Higher Education", "Project Reference": "2018-1-TR01-KA103-000001", "Academic Year": "2018-2019", "Mobility Start Month": "2019-02",
    "Mobility End Month": "2019-06", "Mobility Duration": 126, "Activity (mob)": STUDY, "Field of Education": "0314 - Sociology and cultural studies",
    "Participant Nationality": "TR", "Education Level": "ISCED-6 - First cycle / Bachelor’s or equivalent level (EQF-6)", "Participant Gender": "Female",
    "Participant Profile": "Learner", "Special Needs": "No", "Fewer Opportunities": "Yes", "Participant Age": 21, "Sending Country": "Türkiye",
    "Sending City": "ANKARA", "Sending Organization": "MIDDLE EAST TECHNICAL UNIVERSITY", "Receiving Country": "Germany", "Receiving City": "BERLIN",
    "Receiving Organization": "FREIE UNIVERSITAET BERLIN", "Participants": 3,
}  # fmt: skip
RENAMED = {
    "Mobility Start Month": "Mobility Start Year/Month", "Mobility End Month": "Mobility End Year/Month",
    "Mobility Duration": "Mobility Duration - calendar days", "Sending Organization": "Sending Organisation",
    "Receiving Organization": "Receiving Organisation", "Participants": "Actual Participants (Contracted Projects)",
}  # fmt: skip
FLOWS = "select institution, direction, country, academic_year, days, participants from t order by direction desc, participants"


def sheet(*rows: dict[str, object], renamed: bool = False, without: str = "") -> Grid:
    """A sheet of raw KA1 rows, each the usual row with other cells; headers of 2014 or later ones."""
    names = [name for name in RAW if name != without]
    header = [RENAMED.get(name, name) if renamed else name for name in names]
    return [header, *([(RAW | row)[name] for name in names] for row in rows)]


def raw(folder: Path, sheets: dict[str, Grid], year: int = 2021) -> Path:
    return book(folder / f"Erasmus-KA1-Mobility-Data-{year}.xlsx", sheets)


@pytest.mark.parametrize("renamed", [False, True])
def test_raw_ka1_is_read_under_the_headers_of_every_year(tmp_path, renamed):
    result = tidied(raw(tmp_path, {"Sheet1": sheet({}, renamed=renamed)}), "commission_ka1_raw")
    assert ask(result.tables["mobility"], FLOWS) == [
        ("metu", "out", "DEU", 2018, 126, 3),
        ("freie-universitaet-berlin", "in", "TUR", 2018, 126, 3),
    ]
    assert codes(result) == {}


def test_both_sheets_of_a_year_with_two_programmes_are_read_and_put_together(tmp_path):
    sheets = {
        "Erasmus+ 2014-2020": sheet({"Participants": 3}, {"Participants": 2}),
        "Erasmus+ 2021-2027": sheet({"Participants": 5}, {"Sending Country": "Turkey", "Participants": 1}, renamed=True),
    }
    result = tidied(raw(tmp_path, sheets), "commission_ka1_raw")
    table = result.tables["mobility"]
    assert ask(table, "select sheet, sum(participants) from t where direction = 'out' group by 1 order by 1") == [
        ("Erasmus+ 2014-2020", 5),
        ("Erasmus+ 2021-2027", 6),
    ]
    assert ask(table, "select count(distinct detail), count(distinct institution) from t where direction = 'out'") == [(4, 1)]
    assert codes(result, "T115") == {}


def test_only_higher_education_is_kept_and_the_rest_is_said(tmp_path):
    result = tidied(
        raw(tmp_path, {"1": sheet({}, {"Field": "School Education", "Academic Year": "-"}, {"Field": "-"})}), "commission_ka1_raw"
    )
    assert len(result.tables["mobility"]) == 2
    assert [(one.code, one.count) for one in result.findings] == [("T111", 2)]


@pytest.mark.parametrize(
    ("name", "code"),
    [("Kosovo * UN resolution", "XKX"), ("The Republic of North Macedonia", "MKD"), ("Czech Republic", "CZE"), ("Türkiye", "TUR"), ("Turkey", "TUR")],
)  # fmt: skip
def test_countries_of_raw_ka1_are_names_in_several_spellings(tmp_path, name, code):
    table = tidied(raw(tmp_path, {"1": sheet({"Receiving Country": name})}), "commission_ka1_raw").tables["mobility"]
    assert ask(table, "select country from t where direction = 'out'") == [(code,)]


@pytest.mark.parametrize("key", ["Field", "Academic Year", "Sending Country", "Receiving Organization", "Participants"])
def test_a_sheet_without_its_key_column_is_refused_with_its_name(tmp_path, key):
    path = raw(tmp_path, {"First": sheet({}), "Second": sheet({}, without=key)})
    assert [(one.code, one.place.sheet, one.values["column"]) for one in refusal(path, "commission_ka1_raw")] == [("T102", "Second", key)]
    assert refusal(raw(tmp_path, {"First": sheet({}), "Second": sheet({}, without="Participant Age")}), "commission_ka1_raw") == []


def test_a_release_is_a_part_of_its_academic_years_named_by_the_year_in_its_file_name(tmp_path):
    made = path.draft(raw(tmp_path, {"1": sheet({})}, 2018), Choices(layout="commission_ka1_raw"), tmp_path)
    assert (made.part, [one.code for one in made.errors]) == ("2018", [])
    nameless = path.draft(book(tmp_path / "ka1.xlsx", {"1": sheet({})}), Choices(layout="commission_ka1_raw"), tmp_path)
    assert [one.code for one in nameless.errors] == ["T129"]
    assert path.draft(tmp_path / "ka1.xlsx", Choices(layout="commission_ka1_raw", part="2018"), tmp_path).part == "2018"


@pytest.mark.real
def test_real_ka1_rows_in_a_workbook_of_the_new_shape_keep_every_person(real, tmp_path):
    rows = list(csv.DictReader((real / "erasmus-eu" / "ka1_rows_sample_2014.csv").open(encoding="utf-8")))
    made = [
        {
            "Project Reference": f"row {number}", "Academic Year": row["Year"], "Mobility Duration": int(row["Duration"]), "Field of Education": row["FieldOfEducation"],
            "Participant Gender": row["Gender"], "Participant Age": row["Age"], "Sending Country": row["SendCountry"], "Sending Organization": row["SendOrga"],
            "Receiving Country": row["RecCountry"], "Receiving Organization": row["RecOrga"], "Participants": 1,
        }
        for number, row in enumerate(rows)
    ]  # fmt: skip
    result = tidied(raw(tmp_path, {"1": sheet(*made)}, 2014), "commission_ka1_raw")
    table = result.tables["mobility"]
    assert [one.say("what") for one in result.findings if one.severity == "error"] == []
    sums = ask(table, "select country, sum(participants), sum(days) from t where direction = 'out' group by 1")
    days = Counter()
    for row in rows:
        days[row["RecCountry"]] += int(row["Duration"])
    assert sum(people for _, people, _ in sums) == len(rows) == 39
    assert sorted(length for _, _, length in sums) == sorted(days.values())


LLP_2008 = "HOMEINSTITUTION;COUNTRYCODEOFHOMEINSTITUTION;AGE;GENDER;NATIONALITY;SUBJECTAREA;LEVELSTUDY;YEARSPRIOR;MOBILITYTYPE;HOSTINSTITUTION;COUNTRYCODEOFHOSTINSTITUTION;WORKPLACEMENT;COUNTRYOFWORKPLACEMENT;LENGTHSTUDYPERIOD;LENGTHWORKPLACEMENT;STUDYSTARTDATE;PLACEMENTSTARTDATE;ECTSCREDITSSTUDY;STUDYGRANT;PLACEMENTGRANT"
STUDIED = "TR ANKARA04;TR;21;F;TR;314;2;3;S;D  BERLIN01;DE;;;4,5;0;Sep-11;;30;1500;0"
PLACED = "TR ANKARA04;TR;23;M;TR;523;1;3;P;;;ACME GmbH;DE;0;3;;Jun-12;0;0;900"
LLP_2012 = "ID_MOBILITY_CDE;STUDENT_ID;HOME_INSTITUTION_CDE;HOME_INSTITUTION_CTRY_CDE;STUDENT_AGE_VALUE;STUDENT_GENDER_CDE;STUDENT_NATIONALITY_CDE;STUDENT_SUBJECT_AREA_VALUE;STUDENT_STUDY_LEVEL_CDE;NUMB_YRS_HIGHER_EDUCAT_VALUE;MOBILITY_TYPE_CDE;HOST_INSTITUTION_CDE;HOST_INSTITUTION_COUNTRY_CDE;PLACEMENT_ENTERPRISE_VALUE;PLACEMENT_ENTERPRISE_CTRY_CDE;LENGTH_STUDY_PERIOD_VALUE;LENGTH_PLACEMENT_VALUE;ECTS_CREDITS_STUDY_AMT;STUDY_GRANT_AMT;PLACEMENT_GRANT_AMT"
IN_2012 = "1;77;TR ANKARA04;TR;21;F;TR;314;1;3;S;D  BERLIN01;BEFR;;;5;0;30;1500;0"
PLACED_2012 = "2;78;TR ANKARA04;TR;21;F;TR;314;1;3;P;???;?;Café Müller;DE;0;3;0;0;900"
STAYS = (
    'select institution, direction, activity, country, days, "grant", academic_year, participants from t order by direction desc, activity'
)


def test_students_of_2008_to_2011_are_told_from_both_ends_and_placements_from_one(tmp_path):
    path = written(tmp_path / "SM_2011_2012_20130529.csv", LLP_2008, STUDIED, STUDIED, PLACED)
    result = tidied(path, "commission_llp_2008_2011")
    assert ask(result.tables["mobility"], STAYS) == [
        ("metu", "out", "study", "DEU", 135, 1500, 2011, 1),
        ("metu", "out", "study", "DEU", 135, 1500, 2011, 1),
        ("metu", "out", "traineeship", "DEU", 90, 900, 2011, 1),
        ("d-berlin01", "in", "study", "TUR", 135, None, 2011, 1),
        ("d-berlin01", "in", "study", "TUR", 135, None, 2011, 1),
    ]
    assert codes(result, "T115") == {}


def test_students_of_2012_stand_in_a_latin_1_file_with_other_names(tmp_path):
    path = written(tmp_path / "SM_2012_2013.csv", LLP_2012, IN_2012, PLACED_2012, encoding="latin-1")
    result = tidied(path, "commission_llp_2012")
    assert ask(result.tables["mobility"], STAYS) == [
        ("metu", "out", "study", "BEL", 150, 1500, 2012, 1),
        ("metu", "out", "traineeship", "DEU", 90, 900, 2012, 1),
        ("d-berlin01", "in", "study", "TUR", 150, None, 2012, 1),
    ]


def test_a_file_whose_name_lost_its_year_is_refused_with_the_reason(tmp_path):
    (finding,) = refusal(written(tmp_path / "students.csv", LLP_2008, STUDIED), "commission_llp_2008_2011")
    assert finding.code == "T129" and "the file's name" in finding.say("what") and "dosyanın adı" in finding.say("what", "tr")


@pytest.mark.parametrize(("name", "header"), [("commission_llp_2008_2011", LLP_2008), ("commission_llp_2012", LLP_2012)])
def test_a_file_of_students_without_its_home_institution_is_refused(tmp_path, name, header):
    other = header.replace("HOMEINSTITUTION;", "UNIVERSITY;", 1).replace("HOME_INSTITUTION_CDE", "UNIVERSITY")
    found = refusal(written(tmp_path / "SM_2011.csv", other, STUDIED if name.endswith("2011") else IN_2012), name)
    assert [one.code for one in found] == ["T102"] and "UNIVERSITY" in found[0].say("cause")


E2013 = "Action,CallYear,ProjectNumber,MobiilityID,SendingCountry,ReceivingCountry,MobilityType,SpecialNeeds,SubjectAreaCode,SubjectAreaName,CombinedMobilityYesNo,StartDate,EndDate,DurationInMonths,DurationInDays,SubsistenceTravel,LevelOfStudy,ParticipantID,ParticipantGender,ParticipantType,Language,SendingPartnerErasmusID,SendingPartnerName,HostingPartnerErasmusID,HostingPartnerName,HostingPartnerCountry,HostingPartnerCity"
CELLS = ["Erasmus", 2013, "2013-1-TR1-ERA02", 4711, "TR", "DE", "Study", 0, "314", "Economics", "N", "2013-09-15", "2014-02-15", "5", 153, 1500, "First cycle", "p1", "F", "Student", "EN", "TR ANKARA04", "MIDDLE EAST TECHNICAL UNIVERSITY", "D  BERLIN01", "FREIE UNIVERSITAET BERLIN", "DE", "Berlin"]  # fmt: skip


def test_students_of_2013_are_told_from_both_ends_by_their_mobility_number(tmp_path):
    rows = [E2013.split(","), CELLS, [*CELLS[:3], 4712, *CELLS[4:]]]
    result = tidied(book(tmp_path / "2013-14.xlsx", {"Data": rows}), "commission_erasmus_2013")
    table = result.tables["mobility"]
    assert ask(
        table, 'select institution, direction, country, sum(participants), max(days), max("grant") from t group by all order by 2 desc'
    ) == [
        ("metu", "out", "DEU", 2, 153, 1500),
        ("freie-universitaet-berlin", "in", "TUR", 2, 153, None),
    ]
    assert codes(result) == {}


def test_a_workbook_of_2013_without_the_mobility_number_is_refused(tmp_path):
    header = ["Number" if name == "MobiilityID" else name for name in E2013.split(",")]
    assert [one.code for one in refusal(book(tmp_path / "2013-14.xlsx", {"Data": [header, CELLS]}), "commission_erasmus_2013")] == ["T101"]


@pytest.fixture(scope="module")
def spaniards(real):
    return tidied(real / "erasmus-eu" / "spain_outgoing_persons_2012_2013.csv", "commission_persons_spain")


@pytest.mark.real
def test_durations_that_a_spreadsheet_made_dates_are_read_back_and_counted(spaniards):
    (said,) = [one for one in spaniards.findings if one.code == "T130"]
    assert (said.count, said.severity) == (11158, "info") and "Sep-25" in said.say("what", "tr")
    months = ask(spaniards.tables["mobility"], "select days / 30, count(*) from t where days is not null group by 1")
    assert {month * 4 % 1 for month, _ in months} == {0}  # quarters of months and nothing else
    assert dict(months)[9.75] == 1158 and dict(months)[9.5] == 1113 and dict(months)[4.5] == 807


@pytest.mark.real
def test_the_same_durations_without_a_layout_that_explains_them_are_refused_with_the_remedy(real):
    told = {
        "title": {"en": "x", "tr": "x"}, "supplier": "", "series": "x", "institution": "Example University", "home": "ESP", "numbers": "en",
        "ignore": ["*"], "fields": {"gender": ["Gender"], "months": ["Duration_Abroad"]},
        "feeds": [{"source": "mobility", "columns": {"gender": "gender", "days": "months"},
                   "constants": {"academic_year": "2012", "direction": "out", "role": "student", "participants": "1"}}],
    }  # fmt: skip
    found = refusal(real / "erasmus-eu" / "spain_outgoing_persons_2012_2013.csv", given(told))
    assert {one.code for one in found} == {"W310"} and sum(one.count for one in found) == 11158
    assert "9.75" in next(one for one in found if one.values["word"] == "Sep-75").say("remedy")


@pytest.mark.real
def test_spanish_students_are_persons_without_the_two_german_universities(real, spaniards):
    table = spaniards.tables["mobility"]
    rows = list(csv.DictReader((real / "erasmus-eu" / "spain_outgoing_persons_2012_2013.csv").open(encoding="utf-8")))
    german = sum(row["City"].strip().startswith(("AACHEN", "AALEN")) for row in rows)
    assert (len(rows), german, [one.count for one in spaniards.findings if one.code == "T111"]) == (27989, 70, [70])
    assert ask(table, "select activity, count(*) from t group by 1 order by 1") == [("study", 24438), ("traineeship", 3268), (None, 213)]
    grants = sum(
        float(row["Study_Grant"] or 0) + float(row["Placement_Grant"] or 0)
        for row in rows
        if not row["City"].strip().startswith(("AACHEN", "AALEN"))
    )
    assert ask(table, 'select sum("grant") from t')[0][0] == pytest.approx(grants)


@pytest.mark.real
def test_trips_are_read_with_their_exchanged_headers_put_right(real):
    flows = tidied(real / "erasmus-eu" / "country_flows_2013_2014.csv", "commission_country_flows").tables["mobility"]
    trips = tidied(real / "erasmus-eu" / "trips_2013_2014.csv", "commission_trips").tables["mobility"]
    pairs = "select institution, country, sum(participants) from t where direction = 'out' group by all"
    of_flows = {(home, host): people for home, host, people in ask(flows, pairs)}
    of_trips = {(home, host): people for home, host, people in ask(trips, pairs)}
    assert sum(of_trips.values()) == 207790
    assert [pair for pair, people in of_trips.items() if people > of_flows[pair]] == []
    as_the_header_says = [pair for pair, people in of_trips.items() if people > of_flows.get(pair[::-1], 0)]
    assert len(as_the_header_says) == 485
    assert ask(trips, "select direction, sum(participants) from t where institution = 'TUR' group by 1 order by 1") == [
        ("in", 5759),
        ("out", 12738),
    ]


@pytest.mark.real
def test_pairs_of_countries_are_figures_of_a_period_told_from_both_ends(real):
    path = real / "erasmus-eu" / "country_pairs_2014_2019.csv"
    table = tidied(path, "commission_country_pairs").tables["yearly_figures"]
    people = sum(int(row["Participants"]) for row in csv.DictReader(path.open(encoding="utf-8")))
    assert ask(table, "select measure, sum(value), min(year_from), max(year_to) from t group by 1 order by 1") == [
        ("A01", people, 2014, 2019),
        ("A02", people, 2014, 2019),
    ]
    assert ask(table, "select measure, sum(value) from t where institution = 'TUR' group by 1 order by 1") == [
        ("A01", 70467),
        ("A02", 20077),
    ]


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("commission_trips", "CountryReceiving;From;km", "AT;NO;1311.7"),
        ("commission_country_pairs", ",Sending Country Code,Receiving Country Code,People", "0,IT,ES,48445"),
        ("commission_persons_spain", "City,AGE,Gender,Nationality,Subject_Area,Months,ECTS_Anticipated,Special_Needs,Study_Grant,Placement_Grant", "X,18,F,ES,1,1,1,0,1,0"),
    ],
)  # fmt: skip
def test_a_research_file_without_its_key_column_is_refused(tmp_path, name, header, row):
    assert [one.code for one in refusal(written(tmp_path / "file.csv", header, row), name)] == ["T101"]


def test_a_decimal_that_became_a_date_is_refused_where_a_layout_does_not_explain_it(tmp_path):
    path = written(tmp_path / "SM_2011.csv", LLP_2008, STUDIED.replace(";4,5;", ";Sep-75;"))
    assert {one.code for one in refusal(path, "commission_llp_2008_2011")} == {"W310"}
    assert refusal(written(tmp_path / "SM_2010.csv", LLP_2008, STUDIED), "commission_llp_2008_2011") == []
