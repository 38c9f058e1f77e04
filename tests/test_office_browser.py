"""The pages behind the sign-in, in a real browser: nothing from outside, axe, a phone's width, both languages."""

from __future__ import annotations

import re
import shutil

import pytest
from office import turkish_workbook
from shown import browser, demo_store, quiet, serious, serving, sideways, watched  # noqa: F401 - fixtures
from test_upload_browser import Visitor, person, server, store  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser

BEHIND = ("upload", "approve", "goals", "history", "people", "settings")


@pytest.fixture(scope="module")
def inside(browser, demo_store, tmp_path_factory):  # noqa: F811
    """An administrator at a browser, who writes down what is asked of other hosts or stopped on the way."""
    place = tmp_path_factory.mktemp("office") / "store"
    shutil.copytree(demo_store, place)
    with serving(place) as address:
        visitor = Visitor(browser, address, "demo-administrator")
        visitor.left = watched(visitor.page, address)
        yield visitor
        visitor.context.close()


def sound(page):
    """Without an exception, without a fault that axe finds serious, no wider than a phone."""
    assert page.locator('[data-testid="stException"]').count() == 0
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    quiet(page)
    assert sideways(page) <= 0
    page.set_viewport_size({"width": 1366, "height": 900})


@pytest.mark.parametrize("lang", ["en", "tr"])
@pytest.mark.parametrize("name", BEHIND)
def test_a_page_behind_the_sign_in_is_sound_in_both_languages_and_on_a_phone(inside, name, lang):
    inside.go(name, lang=lang)
    assert inside.page.evaluate("document.documentElement.lang") == lang
    sound(inside.page)
    assert inside.left == []


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_the_sign_in_itself_is_sound(browser, inside, lang):  # noqa: F811
    page = browser.new_page()
    page.goto(f"{inside.address}/signin?lang={lang}")
    assert page.evaluate("document.documentElement.lang") == lang
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert sideways(page) <= 0
    page.close()


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_every_step_of_handing_in_is_sound(person, tmp_path, lang):  # noqa: F811
    visitor = person("demo-editor", lang)
    visitor.go("upload", dataset="mobility", **{"for": "2025"})
    visitor.drop(turkish_workbook(tmp_path / "giden.xlsx"))
    sound(visitor.page)
    visitor.choose(visitor.say["direction"], visitor.say["out"])
    visitor.choose(visitor.say["role"], visitor.say["student"])
    visitor.press(visitor.say["read"])
    sound(visitor.page)
    visitor.press(visitor.say["use"])
    visitor.press(visitor.say["style"])
    sound(visitor.page)
    visitor.explain()
    visitor.page.get_by_text(re.compile("^5 · ")).first.click()
    visitor.rest()
    sound(visitor.page)
