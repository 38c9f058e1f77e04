"""Words, numbers and dates: complete catalogues, CLDR writing, and nothing installed for everybody."""

from __future__ import annotations

import ast
import re
import string
from datetime import date
from pathlib import Path

import pytest

from pipelines.language import LANGUAGES, LOCALES, catalogue, language, number, possessive

ROOT = Path(__file__).resolve().parent.parent
SPOKEN = [
    *ROOT.glob("pages/**/*.py"),
    *(path for part in ("figures", "health", "reports") for path in ROOT.glob(f"pipelines/{part}/**/*.py")),
]


def sentences() -> set[str]:
    """Every sentence of the pages: first argument of ``say(…)`` and ``say.many(…)``."""
    found = set()
    for path in SPOKEN:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                name = ast.unparse(node.func)
                if name.removesuffix(".many") in ("say", "visit.say", "material.say", "self.say"):
                    found.add(node.args[0].value)
    for path in ROOT.glob("pages/**/*.html"):
        found |= set(re.findall(r'say\("([^"]+)"', path.read_text(encoding="utf-8")))
    return found


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_of_the_pages_is_in_the_catalogue(code):
    assert sentences() - set(catalogue(code)) == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_sentence_of_the_catalogue_is_idle(code):
    assert set(catalogue(code)) - sentences() == set()


def test_the_search_for_sentences_finds_those_of_every_page():
    assert {"Internationalization at a glance", "{n} file", "Handbook"} <= sentences()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_keeps_the_braces_of_its_sentence(code):
    for sentence, said in catalogue(code).items():
        for form in (said,) if isinstance(said, str) else said:
            assert braces(form) - {"n"} == braces(sentence) - {"n"}, sentence


def test_turkish_is_a_translation_and_not_a_copy():
    same = {text for text, said in catalogue("tr").items() if said == text}
    assert same <= {"Program", "{title}: {before} → {now} ({change})."}


def test_both_catalogues_lie_as_text_without_a_build_step():
    assert all((LOCALES / code / "LC_MESSAGES" / "meridian.po").exists() for code in LANGUAGES)


def test_no_code_installs_a_language_for_everybody():
    calls = [
        ast.unparse(node.func)
        for path in [*SPOKEN, ROOT / "app.py", *ROOT.glob("pipelines/*.py")]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert "say" in calls
    assert not [call for call in calls if call.endswith(".install") or call == "install"]


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "code", "written"),
    [
        (1482, "people", 0, "en", "1,482"),
        (1482, "people", 0, "tr", "1.482"),
        (92.6, "percent", 1, "en", "92.6%"),
        (92.6, "percent", 1, "tr", "%92,6"),
        (-119.4, "percent", 0, "tr", "−%119"),
        (-119.4, "percent", 0, "en", "−119%"),
        (0.0, "people", 0, "tr", "0"),
        (4310000, "eur", 0, "tr", "4.310.000 €"),
        (None, "people", 0, "en", "–"),
        (float("nan"), "people", 0, "en", "–"),
    ],
)
def test_numbers_are_written_by_the_rules_of_the_language(value, unit, decimals, code, written):
    assert number(value, unit, decimals, code) == written


@pytest.mark.parametrize(
    ("precision", "written"), [("about", "≈ 1,000"), ("more_than", "> 1,000"), ("less_than", "< 1,000"), ("exact", "1,000")]
)
def test_a_number_that_is_not_exact_carries_its_sign(precision, written):
    assert language("en").number(1000, precision=precision) == written


@pytest.mark.parametrize(
    ("value", "ending"),
    [
        (0, "ı"),
        (1, "i"),
        (2, "si"),
        (3, "ü"),
        (6, "sı"),
        (9, "u"),
        (10, "u"),
        (40, "ı"),
        (60, "ı"),
        (100, "ü"),
        (1000, "i"),
        (1_000_000, "u"),
    ],
)
def test_turkish_numbers_take_the_ending_of_their_last_word(value, ending):
    assert possessive(number(value, lang="tr")) == ending


def test_years_dates_and_periods():
    say = language("tr")
    assert (say.year(2024), say.year(1999), say.year(2015, 2023)) == ("2024–25", "1999–00", "2015–2023")
    assert say.date(date(2025, 9, 30)) == "30 Eylül 2025"
    assert language("en").date("2025-09-30") == "30 September 2025"


def test_an_unknown_language_is_english():
    assert language("xx").code == "en"


def test_plural_sentences_choose_their_form():
    say = language("en")
    assert (say.many("{n} file", "{n} files", 1), say.many("{n} file", "{n} files", 2)) == ("1 file", "2 files")
