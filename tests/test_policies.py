"""The policies that ship: complete, in both languages, in our own words, and every name in them leads somewhere."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from pipelines.catalogue import indicators
from pipelines.codes.words import names
from pipelines.errors import MeridianError
from pipelines.knowledge import load_folder
from pipelines.policies import Policy, policies

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"
OFFICES = ("metu", "iztech", "igdir", "oir")
# what each office says it aims for, by the numbers and letters of its own document
ELEMENTS = {
    "metu": [str(number) for number in range(1, 12)],
    "iztech": [str(number) for number in range(1, 11)],
    "igdir": ["1", "2", "3", "a", "b", "c", "cc", "d", "e", "f", "g", "h", "ii", "i", "j"],
    "oir": [str(number) for number in range(1, 11)],
}


def elements():
    return [pytest.param(element, id=element.id) for policy in policies().values() for element in policy.element]


def test_the_four_offices_and_one_sample_ship():
    assert sorted(policies()) == ["demo", "igdir", "iztech", "metu", "oir"]
    assert [name for name, policy in policies().items() if policy.institution.sample] == ["demo"]


@pytest.mark.parametrize("office", OFFICES)
def test_every_element_of_an_office_is_there_and_can_be_traced(office):
    assert [element.id for element in policies()[office].element] == [f"{office}-{part}" for part in ELEMENTS[office]]


@pytest.mark.parametrize("element", elements())
def test_an_element_is_shown_by_indicators_or_by_activities_that_exist(element):
    assert element.indicators or element.activities
    assert set(element.indicators) <= set(indicators())
    assert set(element.activities) <= set(names("activity_kind"))
    assert len(set(element.indicators)) == len(element.indicators)


@pytest.mark.parametrize("element", elements())
def test_an_element_is_told_in_two_languages_and_not_twice_in_one(element):
    for text in (element.title, element.text):
        assert set(text) == {"en", "tr"}
        assert text["en"] != text["tr"]


@pytest.mark.parametrize("office", OFFICES)
def test_a_real_office_gets_no_invented_target(office):
    assert policies()[office].goal == ()
    assert all(element.weight is None for element in policies()[office].element)


def test_the_goals_of_the_sample_have_weights_that_add_up_and_indicators_that_exist():
    sample = policies()["demo"]
    assert len(sample.goal) == 12
    assert sum(goal.weight for goal in sample.goal) == 100
    assert {goal.indicator for goal in sample.goal} <= set(indicators())
    for element in sample.element:
        assert (element.weight or 0) == sum(goal.weight for goal in sample.goal if goal.element == element.id)


def test_the_goals_of_the_sample_show_every_shape_of_goal():
    sample = policies()["demo"].goal
    assert any(goal.upper is not None for goal in sample)
    assert any(indicators()[goal.indicator].better == "lower" for goal in sample)
    assert all(max(goal.targets) == 2028 and len(goal.targets) > 1 for goal in sample)
    for goal in sample:
        falling = goal.targets[2028] < goal.baseline
        assert falling == (indicators()[goal.indicator].better == "lower"), goal.indicator


@pytest.mark.parametrize("office", sorted(policies()))
def test_the_programmes_of_an_office_are_words_of_the_vocabulary(office):
    assert {one.code for one in policies()[office].programme} <= set(names("programme"))


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "demo" / "published").glob("*.csv")), ids=lambda path: path.stem)
def test_every_published_figure_belongs_to_an_element_of_its_policy(path):
    named = {code for element in policies()[path.stem].element for code in element.indicators}
    with path.open(encoding="utf-8", newline="") as file:
        stated = {row["Measure"] for row in csv.DictReader(file)}
    assert stated
    assert stated <= named


@pytest.mark.real
@pytest.mark.skipif(not SEEDS.exists(), reason="the offices' own pages are not beside the project")
def test_no_sentence_of_an_office_is_copied():
    pages = " ".join(words(path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.txt")))
    assert run("multidimensional internationalization approach", pages, 3), "the pages were read"
    for policy in policies().values():
        for element in policy.element:
            for text in (*element.title.values(), *element.text.values()):
                assert not run(text, pages, 5), (element.id, text)


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def run(text: str, pages: str, length: int) -> list[str]:
    """The runs of ``length`` words that stand in the pages as they stand in the text."""
    said = words(text).split()
    return [part for start in range(len(said) - length + 1) if (part := " ".join(said[start : start + length])) in pages]


def named_places(tmp_path, **change):
    """The sample's policy with other priority countries or targets of regions."""
    text = (ROOT / "policies" / "demo.toml").read_text(encoding="utf-8")
    for name, value in change.items():
        text = re.sub(rf"^{name}\s*=.*$", f"{name} = {value}", text, flags=re.M)
    (tmp_path / "demo.toml").write_text(text, encoding="utf-8")
    return load_folder(tmp_path, Policy)["demo"]


def test_priority_countries_and_targets_of_regions_that_exist_are_allowed(tmp_path):
    policy = named_places(tmp_path, priority_countries='["DEU", "XKX"]', region_targets="{ europe = 70.5, asia = 29.5 }")
    assert policy.priority_countries == ("DEU", "XKX")
    assert policy.region_targets == {"europe": 70.5, "asia": 29.5}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"priority_countries": '["DEU", "GER"]'}, "there is no country or region GER"),
        ({"region_targets": "{ europe = 60, atlantis = 40 }"}, "there is no country or region atlantis"),
        ({"region_targets": "{ europe = 60, asia = 30 }"}, "together 100"),
    ],
)
def test_places_that_do_not_exist_or_do_not_make_a_whole_are_refused_by_name(tmp_path, change, told):
    with pytest.raises(MeridianError, match=told):
        named_places(tmp_path, **change)
