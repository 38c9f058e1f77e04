"""The catalogue as a whole: what was promised is there, said in two languages, with its unit named and its codes told apart."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from building import version
from test_demo_files import sample, tables  # noqa: F401 - fixtures

from pipelines import catalogue, measure
from pipelines.catalogue import INDICATORS, indicators
from pipelines.policies import policies

PROMISED = re.findall(
    r"[A-H]\d{2}",
    """
    A01 A02 A03 A04 A05 A06 A07 A08 A09 A10 A11 A12 A13 A14 A15 A16 A17 A18 A19 A20 A21 A22 A23 A24 A25 A26 A27 A28
    A29 A30 A31 A32 A33 A34 A35 A36 A37 A38 B01 B02 B03 B04 B05 B06 B07 B08 B09 B10 B11 B12 C01 C02 C03 C04 C05 C06
    C07 C08 C09 C10 C11 C12 C13 C14 C15 C16 C17 C18 D01 D02 D03 D04 D05 D06 D07 D08 D09 D10 D11 D12 D13 D14 D15 D16
    D17 D18
    E01 E02 E03 E04 E05 E06 E07 E08 E09 E10 E11 E12 E13 E14 E15 E16 E17 E18 E19 E20 E21 E22 E23 E24
    F01 F02 F03 F04 F05 F06 F07 F08 F09 F10
    G01 G02 G03 G04 G05 G06 G07 G08 G09 G10 G11
    H01 H02 H03 H04 H05 H06 H07 H08 H09 H10 H11 H12 H13
    """,
)

FOLDERS = {
    "A": "mobility", "B": "staff_mobility", "C": "international_people", "D": "diversity", "E": "agreements", "F": "curriculum",
    "G": "research_funds", "H": "governance",
}  # fmt: skip

COUNTED = {
    "people": ("student|staff|people|person|participation|stay|graduate|headcount", "öğrenci|personel|kişi|katılım|öğretim eleman|mezun"),
    "agreements": ("agreement", "anlaşma"),
    "countries": ("countr", "ülke"),
    "partners": ("partner|institution", "kurum"),
    "units": ("unit|department|facult", "birim|bölüm|fakülte"),
    "programmes": ("programme", "program"),
    "projects": ("project", "proje"),
    "activities": ("membership|event|visit|fair|delegation", "üyelik|etkinlik|ziyaret|fuar|heyet"),
    "courses": ("course", "ders"),
    "days": ("day", "gün"),
    "months": ("month", r"\bay"),
    "eur": ("euro", "avro"),
    "amount": ("amount", "tutar"),
    "points": ("score|points", "puan"),
    "percent": (
        "per 100|per cent|percent|of 100|share|proportion|weighted mean|growth",
        "her 100|yüzde|pay|oran|ağırlıklı ortalama|artış|büyüme",
    ),
    "ratio": ("divided|per |for each", "bölü|başına|oran|karşılık"),
    "index": ("share|index|probability|balance|entropy|100", "pay|endeks|olasılı|denge|entropi|100"),
    "count": ("number", "sayı"),
}

CODES = sorted(indicators())


def texts(code: str) -> dict[str, dict[str, str]]:
    """Every text of an indicator that people read, by its name in the file."""
    one = indicators()[code]
    named = {"title": one.title, "definition": one.definition, "why": one.why, "year_rule": one.year_rule, "steward": one.steward}
    return named | ({"note": one.example.note} if one.example.note else {})


WITHOUT_SAMPLE: set[str] = set()
"""Indicators for which the sample university has no value of 2023 yet. Nothing may be added; empty when the catalogue is whole."""


@pytest.mark.parametrize("code", sorted(indicators()))
def test_the_sample_university_has_a_value_for_every_indicator(sample, code):  # noqa: F811 - the fixture
    found = [one for one in measure.values(sample, code, institution="demo", year=2023) if one.value is not None]
    assert bool(found) is (code not in WITHOUT_SAMPLE)


@pytest.mark.parametrize("code", PROMISED)
def test_every_promised_indicator_exists(code):
    assert code in indicators()


def test_at_least_55_indicators_over_all_themes():
    assert len(indicators()) >= 55
    assert {one.theme for one in indicators().values()} == set("ABCDEFGH")


def test_no_two_files_share_a_code():
    codes = [re.search(r'^code\s*=\s*"(.+)"', path.read_text(encoding="utf-8"), re.M)[1] for path in INDICATORS.rglob("*.toml")]
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    assert sorted(codes) == CODES


def test_every_file_lies_in_the_folder_of_its_theme():
    folders = {path.stem: path.parent.name for path in INDICATORS.rglob("*.toml")}
    assert {code: folders[indicators()[code].id] for code in CODES} == {code: FOLDERS[code[0]] for code in CODES}


def test_every_file_name_is_plain_snake_case():
    odd = [path.name for path in INDICATORS.rglob("*.toml") if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\.toml", path.name)]
    assert odd == []


@pytest.mark.parametrize("code", CODES)
def test_the_two_languages_are_both_there_and_differ(code):
    for name, text in texts(code).items():
        assert text["en"].strip(), name
        assert text["tr"].strip(), name
        assert text["en"] != text["tr"], name


@pytest.mark.parametrize("code", CODES)
def test_sentences_end_and_titles_do_not(code):
    said = texts(code)
    for name in ("definition", "why"):
        assert said[name]["en"].strip().endswith((".", "?", "”.")), name
        assert said[name]["tr"].strip().endswith((".", "?", "”.")), name
    assert not said["title"]["en"].endswith(".")
    assert not said["title"]["tr"].endswith(".")


@pytest.mark.parametrize("code", CODES)
def test_the_definition_says_what_is_counted(code):
    one = indicators()[code]
    english, turkish = COUNTED[one.unit]
    assert re.search(english, one.definition["en"], re.I), f"{one.unit} is not named in English"
    assert re.search(turkish, one.definition["tr"].replace("İ", "i"), re.I), f"{one.unit} is not named in Turkish"


@pytest.mark.parametrize("code", CODES)
def test_the_example_has_a_value_for_a_number_or_a_gap_for_a_reason(code):
    example = indicators()[code].example
    assert example.expected or (example.missing and example.note)


def test_every_breakdown_of_the_populations_has_the_four():
    spread = [one for one in indicators().values() if one.formula.populations]
    assert len(spread) >= 11
    assert {one.formula.populations for one in spread} == {("outgoing", "incoming", "students", "agreements")}


def test_a_domestic_programme_changes_no_international_indicator():
    """Two routes: the same people with and without domestic exchange give the same international values."""
    activities = (("student", "study"), ("academic_staff", "teaching"), ("administrative_staff", "training"))
    same = {"academic_year": 2023, "programme": "erasmus", "country": "DEU", "participants": 8}
    people = [same | {"direction": way, "role": role, "activity": kind} for way in ("out", "in") for role, kind in activities]
    inside = [row | {"programme": "farabi", "country": "TUR", "participants": 5} for row in people]
    alone, both = version({"mobility": people}), version({"mobility": people + inside})
    for code, one in indicators().items():
        if one.domestic or code == "H13":  # completeness does count that the domestic figure has been handed in
            continue
        before, after = ([(v.year_from, v.value) for v in measure.values(v_, one)] for v_ in (alone, both))
        assert before == after, code
    assert measure.values(both, "A36") != measure.values(alone, "A36")


def test_completeness_is_the_share_of_the_policy_s_indicators_that_have_a_value():
    who, policy = next(iter(sorted(policies().items())))
    rows = [{"institution": who, "academic_year": 2023, "direction": "out", "role": "student", "programme": "erasmus", "country": "DEU"}]
    filled = version({"mobility": [row | {"participants": 12} for row in rows]})
    (found,) = measure.values(filled, "H13", institution=who, year=2023)
    named = {code for element in policy.element for code in element.indicators} & set(indicators()) - {"H10", "H13"}
    have = {code for code in named if any(v.value is not None for v in measure.values(filled, code, institution=who, year=2023))}
    assert have
    assert (found.numerator, found.denominator) == (len(have), len(named))
    assert measure.values(filled, "H13", institution=who, year=2022) == []


def test_an_indicator_is_called_by_its_turkish_title():
    assert catalogue.indicator("Yürürlükteki anlaşmalar").code == "E02"
