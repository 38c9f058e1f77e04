"""One partner, however it is written: codes, names of the charter list, names that a person joined; and everything that counts partners."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from building import Direct, facts
from python_calamine import CalamineWorkbook

from pipelines import measure
from pipelines.codes import countries
from pipelines.codes.words import fold
from pipelines.measuring import fill, partners
from pipelines.measuring.partners import Charter
from pipelines.publishing import aliases

LIST = [
    {"erasmus_code": "E\u00a0 GRANADA01", "pic": "999882015", "oid": "E10209405", "name": "UNIVERSIDAD DE GRANADA", "country": "ESP"},
    {"erasmus_code": "D  TWIN01", "name": "Hochschule Zwilling", "country": "DEU"},
    {"erasmus_code": "A  TWIN02", "name": "Hochschule Zwilling", "country": "AUT"},
]
STAY = {"academic_year": "2022", "direction": "out", "role": "student", "programme": "erasmus", "country": "ESP", "participants": "6"}


def stays(*names, **more):
    return [STAY | {"partner": name} | more for name in names]


def built(tables, said=()):
    connection = facts({"institutions": LIST} | tables)
    connection.execute(partners.ALIASES)
    for alias in said:
        connection.execute("insert into board.partner_aliases values (?, ?, ?)", alias)
    fill.fill(connection, date(2025, 10, 1))
    return Direct(connection)


def keys(version):
    return dict(version.query("select written, partner_key from core.partners"))


@pytest.mark.parametrize(
    "written",
    ["E GRANADA01", "E  GRANADA01", "E\u00a0\u00a0GRANADA01", "999882015", "E10209405", "Universidad de Granada", "UNIVERSIDAD DE  GRANADA",
     "Universidad de Granada (España)", "Univ. Granada (E GRANADA01)"],
)  # fmt: skip
def test_a_partner_has_one_key_by_code_number_or_name(written):
    assert keys(built({"mobility": stays(written)})) == {written: "e-granada01"}


@pytest.mark.parametrize("written", ["E GRANADA02", "Universidad de Granda", "Universidad de Granada (Nicaragua)"])
def test_what_is_only_like_a_partner_is_another(written):
    assert keys(built({"mobility": stays(written)}))[written] != "e-granada01"


def test_a_name_that_two_share_is_told_apart_by_its_country_or_stays_its_own():
    found = keys(built({"mobility": stays("Hochschule Zwilling", country="DEU")}))
    assert found == {"Hochschule Zwilling": "d-twin01"}
    assert keys(built({"mobility": stays("Hochschule Zwilling", country=None)})) == {"Hochschule Zwilling": "hochschule-zwilling"}


def test_a_list_in_another_country_does_not_take_a_name():
    assert keys(built({"mobility": stays("Universidad de Granada", country="NIC")})) == {"Universidad de Granada": "universidad-de-granada"}


def test_a_joined_name_is_its_partner_and_only_for_the_institution_that_said_so():
    rows = stays("Granada Üni.") + stays("Granada Üni.", institution="other")
    version = built({"mobility": rows}, [("example", "GRANADA  ÜNI", "E GRANADA01")])
    found = version.query("select institution, partner_key, how from core.partners order by 1")
    assert found == [("example", "e-granada01", "alias"), ("other", "granada-uni", "own")]


def test_names_that_mean_each_other_end_somewhere():
    assert keys(built({"mobility": stays("A U", "B U")}, [("example", "A U", "B U"), ("example", "B U", "A U")])).keys() == {"A U", "B U"}


def test_mobility_agreements_and_activities_meet_under_one_name():
    version = built(
        {
            "mobility": stays("E GRANADA01", "Universidad de Granada"),
            "agreements": [
                {"agreement": "1", "partner": "Universidad De Granada", "country": "ESP", "starts": "2021-09-01", "quota_out": "6", "kind": "mou"},
                {"agreement": "2", "partner": "999882015", "country": "ESP", "starts": "2021-09-01", "quota_out": "6", "kind": "research"},
            ],
            "activities": [{"date": "2022-10-01", "kind": "visit_made", "title": "Visit", "partner": "E  GRANADA01", "country": "ESP"}],
        }
    )  # fmt: skip

    def value(code, **more):
        (one,) = measure.values(version, code, institution="example", year=2022, **more)
        return one.value

    assert (value("E02"), value("E13"), value("E14"), value("E09")) == (2, 1, 2.0, 0)
    assert value("E11") == 100.0
    (part,) = measure.values(version, "A01", institution="example", year=2022, by="partner")
    name = version.query("select distinct partner from core.partners")[0][0]
    assert (part.key, part.value) == (name, 12)
    assert value("A01", where={"partner": name}) == 12
    assert {row[0] for row in version.query("select partner from core.activity_years union select partner from core.agreement_years")} == {
        name
    }


def test_two_partners_never_share_a_name_for_people():
    version = built({"mobility": stays("D TWIN01", country="DEU") + stays("A TWIN02", country="AUT")})
    names = version.query("select partner from core.partners order by partner_key")
    assert len(set(names)) == 2


STAGES = {
    "draft": ("draft", "2020-01-01", "2030-01-01"),
    "signed": ("signed", "2026-01-01", "2030-01-01"),
    "active": ("signed", "2020-01-01", "2030-01-01"),
    "expiring": ("active", "2020-01-01", "2026-03-01"),
    "expired": ("active", "2018-01-01", "2024-01-01"),
    "renewed": ("renewed", "2018-01-01", "2024-01-01"),
    "terminated": ("terminated", "2020-01-01", "2030-01-01"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_the_stage_of_an_agreement_follows_from_its_word_and_its_dates(stage):
    word, starts, ends = STAGES[stage]
    row = {
        "agreement": "1",
        "partner": "Beispiel U",
        "country": "DEU",
        "stage": word,
        "signed": "2019-01-01",
        "starts": starts,
        "ends": ends,
    }
    version = built({"agreements": [row]})
    newest = "select standing, active from core.register_years order by academic_year desc limit 1"
    assert version.query(newest) == [(stage, stage in ("active", "expiring"))]


def test_an_agreement_that_is_followed_names_the_next_and_does_not_expire():
    rows = [
        {"agreement": "1", "partner": "Beispiel U", "country": "DEU", "kind": "mou", "starts": "2018-01-01", "ends": "2024-12-31"},
        {"agreement": "2", "partner": "BEISPIEL U", "country": "DEU", "kind": "mou", "starts": "2025-01-01", "ends": "2029-12-31"},
        {"agreement": "3", "partner": "Esempio U", "country": "ITA", "kind": "mou", "starts": "2019-01-01", "ends": "2026-01-31"},
        {"agreement": "4", "partner": "Esempio U", "country": "ITA", "kind": "general", "starts": "2026-02-01", "renews": "3"},
    ]
    version = built({"agreements": rows})
    newest = "select agreement, standing, successor from core.register_years where academic_year = 2025 order by 1"
    assert version.query(newest) == [("1", "renewed", "2"), ("2", "active", None), ("3", "active", "4"), ("4", "signed", None)]


def test_a_terminated_agreement_counts_until_the_running_year():
    row = {"agreement": "1", "partner": "Beispiel U", "country": "DEU", "stage": "terminated", "starts": "2020-01-01", "ends": "2030-01-01"}
    version = built({"agreements": [row]})
    assert {one.year_from: one.value for one in measure.values(version, "E02")} == {**dict.fromkeys(range(2019, 2025), 1), 2025: 0}


def test_the_log_tells_the_last_word_on_a_name():
    class Said:
        def __init__(self, no, change, means):
            self.no, self.kind, self.facts = no, "partner", {"institution": "demo", "written": "A U", "means": means, "change": change}

    found = [Said(1, "joined", "B U"), Said(4, "joined", "C U"), Said(6, "parted", "C U")]
    assert aliases.told(found, 3) == (("demo", "A U", "B U"),)
    assert aliases.told(found, 5) == (("demo", "A U", "C U"),)
    assert aliases.told(found) == ()


def test_of_zaragozas_partners_the_charter_list_knows_a_third_by_exact_name(real):
    rows = (
        CalamineWorkbook.from_path(real / "charter-holders" / "2026-04-08.xlsx").get_sheet_by_index(0).to_python(skip_empty_area=False)[2:]
    )
    listed = [
        {"erasmus_code": str(row[1]), "pic": str(row[2]), "oid": str(row[3]), "name": str(row[4]), "city": str(row[7]),
         "country": countries.country(str(row[8])).code}
        for row in rows
    ]  # fmt: skip
    charter = Charter.of(listed)
    with (real / "zaragoza" / "erasmus__2024_2025.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["NOMBRE_PROGRAMA_MOVILIDAD"] == "ERASMUS"]
    names = {(row["UNIVERSIDAD_ACUERDO"], countries.country(row["PAIS_UNIVERSIDAD_ACUERDO"]).code) for row in rows}
    found = {written: charter.find(written, country) for written, country in names}
    held = {written for written, (_, row, how) in found.items() if row and how == "name"}
    assert 0.25 * len(names) < len(held) < 0.6 * len(names)
    assert found["Tallinn University (Estonia)"][0] == "ee-tallinn05"
    for row in rows:  # by another way: without the country's own word in brackets, the letters are those of the list
        written = row["UNIVERSIDAD_ACUERDO"]
        bare = written.removesuffix(f"({row['PAIS_UNIVERSIDAD_ACUERDO']})")
        assert written not in held or fold(bare) == fold(str(found[written][1]["name"]))
