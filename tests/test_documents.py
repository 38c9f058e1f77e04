"""The documents say what the product does: generated ones are up to date, and what README names exists."""

import re
from pathlib import Path

import pytest

from pipelines.templates import dictionary

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("language", ["en", "tr"])
def test_the_data_dictionary_is_the_one_that_the_sources_give(language):
    written = (ROOT / "docs" / f"data-dictionary.{language}.md").read_text(encoding="utf-8")
    assert written.strip() == dictionary(language).strip(), "run `make dictionary`"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_a_document_names_exists(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    paths = [
        one
        for one in re.findall(
            r"`((?:pipelines|pages|indicators|layouts|expectations|tests|docs|locales|data|benchmarks)/[\w./-]+\.\w+)`", text
        )
        if "<" not in one
    ]
    missing = [one for one in [*links, *paths] if "://" not in one and not (ROOT / one).exists()]
    assert missing == []


def test_the_readme_names_the_two_commands_and_what_is_synthetic():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("run", "test"):
        assert f"make {command}" in text
        assert re.search(rf"^{command}:", makefile, re.M)
    assert "synthetic" in text
