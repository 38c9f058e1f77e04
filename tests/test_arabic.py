"""Reports in Arabic: what is not translated is named; numbers are those of the other languages; signs stay before their numbers."""

from __future__ import annotations

import ast
import dataclasses
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from test_language import braces

from pipelines import catalogue, language
from pipelines.figures.model import Amount
from pipelines.frameworks import framework, frameworks
from pipelines.language import LANGUAGES, REPORT_LANGUAGES, spoken
from pipelines.measuring import judge
from pipelines.reports import compose, pdf
from pipelines.reports.exhibits import exhibits
from pipelines.reports.material import Material
from pipelines.warehouse import open_version

ROOT = Path(__file__).resolve().parent.parent
PAGES_ONLY = {
    "annotated.py", "brief.py", "defined.py", "calendar.py", "downloads.py", "factsheet.py", "handbook.py", "national.py", "package.py", "packing.py", "sheet.py", "verdict.py", "word.py",
    "workbook.py",
}  # fmt: skip
"""Modules whose sentences no Arabic report has: copies of files for people at work, and papers in the languages of the pages."""
FOREIGN = {"Erasmus+ KA131", "Erasmus+ KA171"}
ARABIC = re.compile(r"[\u0600-\u06ff]")


def sentences() -> set[str]:
    """Every sentence that a report may say."""
    files = [*ROOT.glob("pipelines/figures/*.py"), *ROOT.glob("pipelines/reports/**/*.py")]
    nodes = [node for path in files if path.name not in PAGES_ONLY for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    calls = [node for node in nodes if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)]
    spoken_by = ("say", "material.say", "self.say", "read.say")
    return {call.args[0].value for call in calls if ast.unparse(call.func).removesuffix(".many") in spoken_by}


def titles() -> set[str]:
    """What knowledge files call things that every report prints: indicators, statuses, tables and figures, who looks after what."""
    named = {text for one in catalogue.indicators().values() for text in (one.title["en"], one.steward["en"])}
    return named | {rule.label["en"] for rule in judge.rules().values()} | {name["en"] for name, _ in exhibits().values()}


def test_every_sentence_of_reports_has_its_arabic():
    assert sorted(sentences() - set(language.catalogue("ar"))) == []
    assert "Evaluation" in sentences()


def test_every_title_of_indicators_tables_and_statuses_has_its_arabic():
    assert sorted(titles() - set(language.catalogue("ar"))) == []


@pytest.mark.parametrize("name", ["yokak", "annual_report", "aqachei"])
def test_the_frameworks_that_are_handed_in_in_arabic_have_their_titles(name):
    if name not in frameworks():
        pytest.skip(f"{name} is not described yet")
    known = language.catalogue("ar")
    told = {text for one in framework(name).criterion for text in (one.title["en"], one.asks["en"], *(level["en"] for level in one.levels))}
    assert sorted(told - set(known)) == []


def test_arabic_keeps_the_braces_of_its_sentence_and_is_written_in_arabic_letters():
    for sentence, said in language.catalogue("ar").items():
        assert isinstance(said, str), f"{sentence}: sentences that count are put without a plural"
        assert braces(said) == braces(sentence), sentence
        assert ARABIC.search(re.sub(r"{\w+}", "", said)) or not re.sub(r"{\w+}|[\W\d]", "", said), sentence


def test_what_arabic_lacks_stands_in_english_and_pages_do_not_speak_it():
    say = language.language("ar")
    assert say.pick({"en": "On track", "tr": "Yolunda"}) == "في المسار الصحيح"
    assert say.pick({"en": "Nobody has translated this", "tr": "…"}) == "Nobody has translated this"
    assert (spoken("ar").code, spoken("tr").code, REPORT_LANGUAGES) == ("en", "tr", (*LANGUAGES, "ar"))


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "precision", "written"),
    [
        (1482, "people", 0, "exact", "1,482"),
        (92.6, "percent", 1, "exact", "92.6%"),
        (-119.4, "percent", 0, "exact", "\u200e−119%"),
        (500, "people", 0, "more_than", "\u200e> 500"),
    ],
)
def test_numbers_are_in_one_digit_system_and_keep_their_sign_on_its_side(value, unit, decimals, precision, written):
    assert language.number(value, unit, decimals, "ar", precision) == written


def test_years_and_dates_are_written_as_one_reads_them_from_the_right():
    say = language.language("ar")
    assert (say.year(2024), say.date("2025-09-30")) == ("2024/2025", "30 سبتمبر 2025")


@pytest.mark.parametrize("name", ["yokak", "annual_report", "aqachei"])
def test_the_report_in_arabic_has_the_numbers_of_the_english_one(demo_store, name, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not there")
    if name not in frameworks():
        pytest.skip(f"{name} is not described yet")
    english = Material(open_version(demo_store), "demo", language.language("en"), (2022, 2023, 2024))
    ours = [compose.outline(framework(name), dataclasses.replace(english, say=language.language(code))) for code in ("en", "ar")]
    cells = [[cell for one in outline.exhibits if one.table for row in one.table.rows for cell in row] for outline in ours]
    numbers = [[float(cell) for cell in all_of if isinstance(cell, int | float)] for all_of in cells]
    assert sorted(numbers[0]) == sorted(numbers[1]) and len(numbers[0]) > 20
    hidden = [sorted(cell for cell in all_of if cell in ("<5", "[c]")) for all_of in cells]
    assert hidden[0] == hidden[1]
    made = pdf.pdf(ours[1])
    assert made == pdf.pdf(ours[1])
    (tmp_path / "ar.pdf").write_bytes(made)
    said = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "ar.pdf"), "-"], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    plain = re.sub(r"[\s\u200e\u202a-\u202e\u2066-\u2069]", "", said)
    say = language.language("ar")
    amounts = [say.number(cell, cell.unit, cell.decimals).strip("\u200e") for cell in cells[1] if isinstance(cell, Amount)]
    assert [one for one in amounts if one not in plain and " €" not in one] == []
    assert "المؤشر" in plain and "التعريفات" in plain
    assert not re.search(r"[\u0660-\u0669]", said)
    fonts = subprocess.run(["pdffonts", str(tmp_path / "ar.pdf")], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "NotoNaskhArabic" in fonts
