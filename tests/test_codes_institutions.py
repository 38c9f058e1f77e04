"""Institutions: profiles by any of their names and codes, Erasmus codes padded as the charter list pads them, slugs that stay the same."""

import csv

import pytest
from python_calamine import CalamineWorkbook

from pipelines.codes import institutions
from pipelines.codes.institutions import erasmus_code, erasmus_country, register, resolve, slug
from pipelines.codes.words import doubt

CODES = {
    "TR ANKARA04": ["TR ANKARA04", "tr ankara04", "TR  ANKARA04", "TR\u00a0ANKARA04"],
    "E  OVIEDO23": ["E  OVIEDO23", "E OVIEDO23", "E   OVIEDO23", "E\u00a0 OVIEDO23"],
    "N  OSLO01": ["N  OSLO01", "N Oslo01"],
    "F  BORDEAU45": ["F BORDEAU45"],
    "DK FREDERICIA01": ["DK FREDERICIA 01"],
    "IRLDUBLIN01": ["IRLDUBLIN01", "IRL DUBLIN01"],
    "LUXLUX-VIL01": ["LUXLUX-VIL01"],
    "CZ PRAHA28": ["CZ  PRAHA28", "CZ PRAHA28      "],
    "RS PROKUP01": ["RSPROKUP01"],
}


@pytest.mark.parametrize(("code", "texts"), CODES.items(), ids=CODES)
def test_an_erasmus_code_is_padded_as_the_charter_list_pads_it(code, texts):
    assert {erasmus_code(text) for text in texts} == {code}


@pytest.mark.parametrize(
    "text", ["", "-", "F  VERDUN1", "X FOO01", "SFTURKU02", "ISREYKJAV01", "TR ANKARA", "Transitory Charter", "999643492"]
)
def test_what_is_no_complete_erasmus_code_is_none(text):
    assert erasmus_code(text) is None


def test_the_country_part_of_a_code_is_a_country():
    assert [erasmus_country(code) for code in ("TR ANKARA04", "E  OVIEDO23", "SF TURKU02", "IRLDUBLIN01")] == ["TUR", "ESP", "FIN", "IRL"]


def test_a_profile_is_found_by_id_name_code_and_pic():
    for code, profile in institutions.profiles().items():
        words = [
            code,
            code.upper(),
            *profile["names"],
            *profile["name"].values(),
            profile.get("erasmus_code"),
            profile.get("pic"),
            profile.get("oid"),
        ]
        assert {resolve(word).code for word in words if word} == {code}
        assert institutions.country(code) == profile["country"]


def test_the_four_offices_and_the_sample_are_there():
    assert {"metu", "iztech", "igdir", "oir", "demo"} <= set(institutions.profiles())
    assert resolve("IĞDIR ÜNİVERSİTESİ").code == "igdir"
    assert resolve("TR  IZMIR03").code == "iztech"


def test_any_other_institution_is_new_under_the_slug_of_its_name():
    match = resolve("UNIVERSITY OF GRANADA")
    assert (match.code, match.how, match.suggestion) == ("university-of-granada", "new", None)
    assert resolve("University  of Granada").code == match.code
    assert resolve("zaragoza").code == "zaragoza"
    assert [resolve(word).how for word in ("", "-", "…")] == ["missing"] * 3


def test_a_slip_in_a_known_name_is_said_but_not_taken():
    match = resolve("Middle East Technical Univercity")
    assert (match.code, match.suggestion) == ("middle-east-technical-univercity", "metu")
    code, values = doubt("institution", "Middle East Technical Univercity", match)
    assert code == "W121" and "Middle East Technical University" in values["suggestion_en"]


@pytest.mark.parametrize("word", ["Ağrı Üniversitesi", "Uşak Üniversitesi", "İzmir Ekonomi Üniversitesi", "Istanbul Technical University"])
def test_another_university_is_not_said_to_be_a_known_one(word):
    assert (resolve(word).how, resolve(word).suggestion) == ("new", None)


def test_a_profile_of_another_country_does_not_take_a_name():
    assert resolve("METU", country="TUR").code == "metu"
    assert (resolve("METU", country="ESP").code, resolve("METU", country="ESP").how) == ("metu", "new")


def test_a_slug_is_short_and_stays_apart_when_cut():
    long = "Stiftung der katholischen Hochschule " * 4
    assert len(slug(long)) <= 80 and slug(long) != slug(long + "München")
    assert slug("L'Aquila – Università degli Studi") == "laquila-universita-degli-studi"
    assert slug("İYTE_2") == "iyte-2"


def test_a_charter_list_lends_its_codes_and_names():
    rows = [
        {"erasmus_code": "E\u00a0 GRANADA01", "pic": "999882015", "oid": "E10209405", "name": "UNIVERSIDAD DE GRANADA"},
        {"erasmus_code": "TR IZMIR03", "pic": "999869308", "oid": None, "name": "IZMIR YUKSEK TEKNOLOJI"},
        {"erasmus_code": "F  TWIN01", "pic": None, "oid": None, "name": "Twin"},
    ]
    lookup = register(rows)
    for word in ("E GRANADA01", "999882015", "E10209405", "Universidad de Granada"):
        assert resolve(word, register=lookup).code == "universidad-de-granada"
    assert resolve("Izmir Yuksek Teknoloji", register=lookup).code == "iztech"
    assert resolve("E GRANADA01").code == "e-granada01"


def test_of_the_newest_charter_list_one_code_is_irregular(real):
    """6,142 codes, 78 of them not in the printed form, after NFKC and padding one: “F  VERDUN1” lacks a digit."""
    rows = CalamineWorkbook.from_path(real / "charter-holders" / "2026-04-08.xlsx").get_sheet_by_index(0).to_python(skip_empty_area=False)
    codes = [str(row[1]) for row in rows[2:]]
    irregular = [code for code in codes if erasmus_code(code) is None]
    assert (len(codes), len(irregular)) == (6142, 1)
    assert len({erasmus_code(code) for code in codes} - {None}) == 6141
    assert all(erasmus_country(erasmus_code(code)) for code in codes if erasmus_code(code))


@pytest.mark.parametrize(
    "release", ["2022-03", "2022-10-17", "2023-01-11", "2023-04-19", "2023-11-14", "2024-06-13", "2024-10-25", "2025-05-13"]
)
def test_of_every_older_charter_list_at_most_three_codes_are_irregular(real, release):
    rows = CalamineWorkbook.from_path(real / "charter-holders" / f"{release}.xlsx").get_sheet_by_index(0).to_python(skip_empty_area=False)
    top = next(at for at, row in enumerate(rows) if any("code" in str(cell).lower() for cell in row))
    column = next(at for at, cell in enumerate(rows[top]) if "code" in str(cell).lower())
    codes = [str(row[column]) for row in rows[top + 1 :]]
    assert len(codes) > 5000 and sum(erasmus_code(code) is None for code in codes) <= 3


def test_the_universities_of_the_commission_keep_their_own_codes(real):
    """3,037 rows, one name under two countries; the three Turkish offices are found by name."""
    with (real / "erasmus-eu" / "university_totals_2014_2019.csv").open(encoding="utf-8", newline="") as file:
        found = [resolve(row["university"]) for row in csv.DictReader(file)]
    assert (len(found), len({match.code for match in found})) == (3037, 3036)
    assert sorted(match.code for match in found if match.how != "new") == ["igdir", "iztech", "metu"]
    assert [match.suggestion for match in found if match.suggestion] == []
