"""Fact sheets read back: one A4 page, the numbers of the measure, a few people hidden, the same bytes again; unknown names refused."""

from __future__ import annotations

import pytest
from test_brief import A4, pages, plain, text

from pipelines import catalogue, measure
from pipelines.figures import values as words
from pipelines.language import language
from pipelines.reports import factsheet
from pipelines.warehouse import open_version

WHAT = [("country", "DEU"), ("country", "KGZ"), ("country", "ATA"), ("partner", "Hochschule Weidenhall")]


@pytest.mark.parametrize(("by", "key"), WHAT)
@pytest.mark.parametrize("code", ["en", "tr"])
def test_a_fact_sheet_is_one_page_with_the_numbers_of_the_measure(demo_store, by, key, code, tmp_path):
    version, say = open_version(demo_store), language(code)
    sheet = factsheet.Sheet(version, "demo", say, 2024, by, key)
    made = factsheet.pdf(sheet)
    assert pages(made, tmp_path) == (1, A4)
    said, told = text(made, tmp_path), factsheet.page(sheet)
    every = [told["title"], told["institution"], told["standing"], told["nothing"]]
    every += [part for pair in told["facts"] for part in pair] + [chart["title"] for chart in told["charts"]]
    every += [cell for row in (*told["agreements"]["rows"], *told["activities"]["rows"]) for cell in row]
    assert [one for one in every if plain(one) not in said] == []
    assert factsheet.pdf(sheet) == made
    for code_of in ("A01", "A02"):
        one = catalogue.indicators()[code_of]
        found = measure.values(version, one, institution="demo", year=2024, where={by: [key]}, audience="public")
        expected = [[words.written(value, one, say), say.pick(one.title)] for value in found if value.value is not None or value.hidden]
        assert [pair for pair in told["facts"] if pair[1] == say.pick(one.title)] == expected


def test_what_is_hidden_on_the_pages_is_hidden_on_every_fact_sheet(demo_store, tmp_path):
    """Countries to which one to four people went: their sheets say <5, and no exact number in any chart."""
    version, say, one = open_version(demo_store), language("en"), catalogue.indicators()["A01"]
    few = {v.key for v in measure.values(version, one, institution="demo", year=2024, by="country", audience="public") if v.few}
    assert few
    for key in sorted(few)[:5]:
        told = factsheet.page(factsheet.Sheet(version, "demo", say, 2024, "country", key))
        assert [words.FEW, say.pick(one.title)] in told["facts"]


def test_a_country_without_anything_says_so(demo_store):
    told = factsheet.page(factsheet.Sheet(open_version(demo_store), "demo", language("en"), 2024, "country", "ATA"))
    assert told["nothing"] and not told["facts"] and not told["charts"]


@pytest.mark.parametrize(
    ("option", "word", "name"), [("--country", "deu", "DEU"), ("--partner", "hochschule weidenhall", "Hochschule-Weidenhall")]
)
def test_the_command_line_writes_the_sheet(demo_store, command, tmp_path, option, word, name):
    done = command("--store", demo_store, "factsheet", "--institution", "demo", option, word, "-o", tmp_path)
    assert (done.code, done.out.strip()) == (0, str(tmp_path / f"factsheet_demo_{name}_en.pdf"))


@pytest.mark.parametrize("option", ["--country", "--partner"])
def test_an_unknown_country_or_partner_is_refused_with_its_name(demo_store, command, tmp_path, option):
    done = command("--store", demo_store, "factsheet", "--institution", "demo", option, "Atlantis", "-o", tmp_path)
    assert done.code == 1 and "K101" in done.err and "Atlantis" in done.err
    assert not list(tmp_path.iterdir())
