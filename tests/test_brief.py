"""The one-page brief read back: one A4 page, the Overview's sentences and numbers, readable in grey, the same bytes again."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from datetime import date

import pytest

from pages.parts import downloads, sheets
from pipelines import catalogue, log, measure
from pipelines.access.person import Person
from pipelines.errors import MeridianError
from pipelines.figures import values as words
from pipelines.figures import verdict
from pipelines.language import language
from pipelines.reports import brief
from pipelines.settings import Settings
from pipelines.store import Store
from pipelines.warehouse import open_version

A4 = "595.276 x 841.89"
case = pytest.mark.parametrize(("who", "year"), [("demo", 2024), ("demo", 2019), ("metu", None), ("iztech", None)])
tongue = pytest.mark.parametrize("code", ["en", "tr"])


def reading(store, who, say, year) -> brief.Read:
    return brief.Read(open_version(store), who, say, year, Store(store), date(2026, 11, 26))


def text(made: bytes, folder) -> str:
    """What pdftotext reads, without blanks and hyphens, which typesetting moves."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not there")
    (folder / "page.pdf").write_bytes(made)
    done = subprocess.run(["pdftotext", "-raw", str(folder / "page.pdf"), "-"], capture_output=True, text=True, check=True, timeout=60)
    return plain(done.stdout)


def plain(said: str) -> str:
    return re.sub(r"[\s\u00ad\u200b\u2010-]+", "", said)


def pages(made: bytes, folder) -> tuple[int, str]:
    """How many pages, and how large they are."""
    (folder / "page.pdf").write_bytes(made)
    told = subprocess.run(["pdfinfo", str(folder / "page.pdf")], capture_output=True, text=True, check=True, timeout=60).stdout
    return int(re.search(r"Pages:\s+(\d+)", told)[1]), re.search(r"Page size:\s+([\d.]+ x [\d.]+)", told)[1]


@case
@tongue
def test_the_brief_is_one_page_that_says_what_the_overview_says(demo_store, who, year, code, tmp_path):
    read = reading(demo_store, who, language(code), year)
    made = brief.pdf(read)
    assert pages(made, tmp_path) == (1, A4)
    said, told = text(made, tmp_path), brief.page(read)
    every = [told["strong"], told["rest"], told["institution"], told["standing"], told["marks"], told["sample"]]
    assert told["ahead"] or who != "demo"
    every += [line["text"] for line in (*told["changes"], *told["ahead"])]
    every += [goal[part] for goal in told["goals"] for part in ("title", "share", "way", "responsible", "status", "icon")]
    assert [one for one in every if plain(one) not in said] == []
    assert brief.pdf(read) == made


def test_numbers_of_the_brief_are_those_of_the_measure(demo_store):
    version, say = open_version(demo_store), language("en")
    told = brief.page(reading(demo_store, "demo", say, 2024))
    assert len(told["cards"]) == verdict.CARDS
    for card, code in zip(told["cards"], ("A01", "A02", "C02", "E02", "B04", "B03"), strict=True):
        one = catalogue.indicators()[code]
        value = next(v for v in measure.values(version, one, institution="demo", year=2024, audience="public") if v.prime)
        assert (card["title"], card["value"]) == (say.pick(one.title), words.written(value, one, say))


def test_every_goal_carries_its_sign_and_its_word_so_that_grey_paper_tells_all(demo_store):
    told = brief.page(reading(demo_store, "demo", language("en"), 2024))
    assert len(told["goals"]) == 12
    assert all(goal["icon"] and goal["status"] for goal in told["goals"])
    assert {goal["icon"]: goal["status"] for goal in told["goals"]}.keys() == {goal["icon"] for goal in told["goals"]}
    paths = [(goal["done"] or 0) / goal["due"] for goal in told["goals"] if goal["due"]]
    assert paths == sorted(paths)


def test_more_goals_than_find_room_are_counted_and_not_forgotten(demo_store, monkeypatch, tmp_path):
    monkeypatch.setattr(brief, "MOST", 5)
    read = reading(demo_store, "demo", language("en"), 2024)
    made = brief.pdf(read)
    assert plain("7 more goals are on the Overview.") in text(made, tmp_path)
    monkeypatch.setattr(brief, "MOST", 14)
    assert plain("more goals are") not in text(brief.pdf(read), tmp_path)


def test_many_goals_with_long_names_still_make_one_page(demo_store, monkeypatch, tmp_path):
    read = reading(demo_store, "demo", language("tr"), 2024)
    many = [dataclasses.replace(one, title=f"{one.title} {'uluslararasılaşma ' * 8}") for _ in range(4) for one in read.goals(2024)]
    monkeypatch.setattr(brief.Read, "goals", lambda self, year: many)
    made = brief.pdf(read)
    assert pages(made, tmp_path)[0] == 1
    assert plain("34 hedef daha") in text(made, tmp_path)


def test_the_command_line_writes_the_page_and_names_it(demo_store, command, tmp_path):
    done = command("--store", demo_store, "brief", "--institution", "demo", "--lang", "tr", "-o", tmp_path)
    assert (done.code, done.out.strip()) == (0, str(tmp_path / "brief_demo_tr.pdf"))
    assert (tmp_path / "brief_demo_tr.pdf").read_bytes().startswith(b"%PDF")
    refused = command("--store", demo_store, "brief", "--institution", "atlantis", "-o", tmp_path)
    assert refused.code == 1 and "K101" in refused.err


def test_a_page_on_paper_is_written_down_before_it_leaves(tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "settings", lambda: Settings(store=tmp_path))
    may = Person("r", "Rana", "reporter")
    assert sheets.taken(may, "brief_demo_en", "pdf", "demo", 3, lambda: b"page") == b"page"
    event = log.events(Store(tmp_path))[-1]
    assert (event.kind, event.by, event.facts["what"], event.facts["publication"]) == ("exported", "r", "brief_demo_en", 3)


def test_a_page_on_paper_is_refused_to_whoever_may_not_export():
    made = []
    for who in (None, Person("v", "Veli", "viewer")):
        with pytest.raises(MeridianError):
            sheets.taken(who, "brief_demo_en", "pdf", "demo", 3, lambda: made.append(1) or b"")
    assert made == []
