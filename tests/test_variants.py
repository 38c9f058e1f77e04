"""One thing counted by several rules: a variant names its base, says why it differs, and stands beside it wherever the number is met."""

from __future__ import annotations

import pytest
from building import version

from pipelines import catalogue
from pipelines.answers import as_text, value
from pipelines.catalogue import Indicator, family, indicators, opening
from pipelines.errors import MeridianError

MEDIAN = (catalogue.INDICATORS / "mobility" / "median_duration.toml").read_text(encoding="utf-8")


def of_folder(tmp_path, monkeypatch, **files: str):
    """The indicators of a folder that holds these files only."""
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogue, "INDICATORS", tmp_path)
    return indicators.__wrapped__()


def mean(code: str = "A20", more: str = "") -> str:
    text = (catalogue.INDICATORS / "mobility" / "mean_duration.toml").read_text(encoding="utf-8")
    return text.replace('code = "A20"', f'code = "{code}"\n{more}')


def test_a_variant_of_an_existing_base_is_allowed(tmp_path, monkeypatch):
    found = of_folder(tmp_path, monkeypatch, mean=mean(), median=MEDIAN)
    assert found["A40"].variant_of == "A20"


def test_a_variant_without_its_base_is_refused_by_name(tmp_path, monkeypatch):
    with pytest.raises(MeridianError, match="median: there is no base A20"):
        of_folder(tmp_path, monkeypatch, median=MEDIAN)


def test_a_variant_of_a_variant_is_refused(tmp_path, monkeypatch):
    third = MEDIAN.replace('code = "A40"', 'code = "A41"').replace('variant_of = "A20"', 'variant_of = "A40"')
    with pytest.raises(MeridianError, match="its base A40 is itself a variant, of A20"):
        of_folder(tmp_path, monkeypatch, mean=mean(), median=MEDIAN, third=third)


def test_a_variant_of_another_theme_is_refused(tmp_path, monkeypatch):
    with pytest.raises(MeridianError, match="its base B20 belongs to another theme"):
        of_folder(tmp_path, monkeypatch, mean=mean("B20"), median=MEDIAN.replace('variant_of = "A20"', 'variant_of = "B20"'))


@pytest.mark.parametrize("lost", ["variant =", "differs ="])
def test_a_variant_without_its_label_or_its_reason_is_refused(tmp_path, lost):
    text = "\n".join(line for line in MEDIAN.splitlines() if not line.startswith(lost))
    (tmp_path / "median.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MeridianError, match="a variant needs its label"):
        catalogue.load_folder(tmp_path, Indicator)


def test_a_family_is_the_same_whoever_of_it_asks():
    assert [one.code for one in family("A40")] == [one.code for one in family("A20")] == ["A20", "A40"]
    assert family("A21") == ()


def test_no_indicator_is_called_international_without_a_rule():
    """Several rules for one word: each says its rule in the label or in the definition's first sentence."""
    for one in indicators().values():
        if one.theme == "C" and "nternational" in one.title["en"]:
            said = f"{one.title['en']} {(one.variant or {}).get('en', '')} {one.definition['en']}".lower()
            assert any(rule in said for rule in ("citizen", "nationalit", "abroad", "qs")), one.code


def test_labels_of_a_family_are_told_apart_in_both_languages():
    for code in indicators():
        for language in ("en", "tr"):
            labels = [(one.variant or one.title)[language] for one in family(code)]
            assert len(set(labels)) == len(labels), code


def test_the_first_sentence_of_a_definition_ends_where_a_new_one_begins():
    assert opening("Days, e.g. of 2.5 months, per stay. The rest.") == "Days, e.g. of 2.5 months, per stay."
    assert opening("One sentence only.") == "One sentence only."


def test_the_command_line_tells_a_value_with_its_variants(monkeypatch):
    stay = {"academic_year": 2023, "direction": "out", "role": "student", "programme": "erasmus", "country": "DEU"}
    small = version({"mobility": [stay | {"days": 30, "participants": 3}, stay | {"days": 300, "participants": 1}]})
    small.id = 1
    monkeypatch.setattr("pipelines.answers.open_version", lambda store: small)
    monkeypatch.setattr("pipelines.answers.resolve", lambda version, text: "example")
    told = value(None, "A20", "example", "2023")
    assert [(one["indicator"], one["value"]) for one in told["variants"]] == [("A40", 30)]
    assert "A40 Median: 30" in as_text(told)
    assert "variants" not in value(None, "A21", "example", "2023")


def test_the_parts_of_a_spread_by_its_own_key_are_written_in_per_cent():
    programmes = indicators()["A03"]
    assert (programmes.unit, programmes.of_parts("programme").unit, programmes.of_parts("level").unit) == ("count", "percent", "count")
    assert indicators()["A01"].of_parts("programme") is indicators()["A01"]
