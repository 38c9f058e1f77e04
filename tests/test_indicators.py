"""Every indicator file: complete in both languages, its formula runs with everything it declares, and its worked example holds."""

from __future__ import annotations

import pytest
from building import version

from pipelines import catalogue, measure
from pipelines.catalogue import Indicator, indicators
from pipelines.errors import MeridianError
from pipelines.frameworks import frameworks
from pipelines.knowledge import load_folder

CODES = sorted(indicators())


@pytest.fixture(scope="module")
def filled():
    """Versions made of the examples, one per indicator, made once."""
    made = {}

    def make(code):
        if code not in made:
            example = indicators()[code].example
            made[code] = version(example.tables(), example.as_of)
        return made[code]

    return make


@pytest.mark.parametrize("code", CODES)
def test_the_worked_example_holds(code, filled):
    indicator = indicators()[code]
    found = {value.year_from: value.value for value in measure.values(filled(code), indicator, institution="example")}
    assert {year: found.get(year) for year in indicator.example.expected} == pytest.approx(indicator.example.expected, rel=1e-5)
    assert not set(indicator.example.missing) & set(found), "a missing value became a number"


@pytest.mark.parametrize("code", [code for code in CODES if indicators()[code].example.by])
def test_the_parts_of_the_worked_example_hold(code, filled):
    indicator = indicators()[code]
    year = max(indicator.example.expected)
    for dimension, expected in indicator.example.by.items():
        values = measure.values(filled(code), indicator, institution="example", year=year, by=dimension)
        found = {value.key: value.value for value in values}
        assert {key: found.get(key) for key in expected} == pytest.approx(expected, rel=1e-5), dimension


@pytest.mark.parametrize("code", CODES)
def test_every_declared_breakdown_can_be_asked(code, filled):
    indicator = indicators()[code]
    for dimension in indicator.breakdowns:
        for value in measure.values(filled(code), indicator, by=dimension):
            assert value.by == dimension
        measure.values(filled(code), indicator, where={dimension: "nothing_like_it"})


@pytest.mark.parametrize("code", CODES)
def test_a_breakdown_that_the_rows_lack_is_refused_by_name(code, filled):
    indicator = indicators()[code]
    lacking = sorted(set(catalogue.dimension_names()) - set(measure.dimensions(indicator)))
    with pytest.raises(MeridianError) as refused:
        measure.values(filled(code), indicator, by=lacking[0])
    assert refused.value.finding.code == "M101"


@pytest.mark.parametrize("code", CODES)
def test_both_languages_say_something_of_their_own(code):
    indicator = indicators()[code]
    for text in (indicator.title, indicator.definition, indicator.why, indicator.steward, indicator.year_rule):
        assert text["en"].strip() != text["tr"].strip()
    assert len(indicator.definition["tr"]) > 40
    assert len(indicator.why["en"]) > 40


def test_titles_are_told_apart_in_both_languages():
    for language in ("en", "tr"):
        titles = [indicator.title[language] for indicator in indicators().values()]
        assert len(set(titles)) == len(titles)


def test_framework_tags_name_frameworks_that_are_described():
    lost = {tag.framework for indicator in indicators().values() for tag in indicator.frameworks} - set(frameworks())
    assert not lost


def test_an_indicator_is_found_by_code_id_and_title_in_both_languages():
    for code, indicator in indicators().items():
        for name in (code, code.lower(), indicator.id, indicator.title["en"], indicator.title["tr"], indicator.title["tr"].upper()):
            assert catalogue.indicator(name).code == code, name


def test_an_unknown_indicator_is_refused_with_names_near_it():
    with pytest.raises(MeridianError) as refused:
        catalogue.indicator("outgoing_studnets")
    assert refused.value.finding.code == "K101"
    assert "outgoing_students" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('unit = "people"', "unit"),
        ('value = "sum(participants)"', "value"),
        ('tr = "Giden öğrenci"', "tr"),
        ('code = "A01"', "code"),
    ],
)
def test_an_indicator_that_lacks_something_is_named_with_its_fault(tmp_path, change, told):
    whole = (catalogue.INDICATORS / "mobility" / "outgoing_students.toml").read_text(encoding="utf-8")
    assert change in whole
    (tmp_path / "broken.toml").write_text(whole.replace(change, "" if "tr =" not in change else 'tr = ""'), encoding="utf-8")
    with pytest.raises(MeridianError) as refused:
        load_folder(tmp_path, Indicator)
    assert "broken.toml" in str(refused.value)
    assert told in str(refused.value)


def test_the_same_indicator_unbroken_is_allowed(tmp_path):
    whole = (catalogue.INDICATORS / "mobility" / "outgoing_students.toml").read_text(encoding="utf-8")
    (tmp_path / "whole.toml").write_text(whole, encoding="utf-8")
    assert load_folder(tmp_path, Indicator)["whole"].code == "A01"


def test_a_formula_that_names_a_missing_column_says_which_indicator(filled):
    indicator = indicators()["A01"]
    wrong = indicator.model_copy(update={"code": "A99", "formula": indicator.formula.model_copy(update={"value": "sum(participant)"})})
    with pytest.raises(MeridianError) as refused:
        measure.values(filled("A01"), wrong, by="programme")
    assert refused.value.finding.code == "M102"
    assert "A99" in str(refused.value)
