"""The handbook of definitions read back: every indicator with its texts, formula and example, in PDF and HTML; nothing in it runs."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from test_brief import pages, plain, text

from pipelines import catalogue
from pipelines.figures import defined
from pipelines.language import language
from pipelines.reports import handbook

tongue = pytest.mark.parametrize("code", ["en", "tr"])


class Read(HTMLParser):
    """Tags, anchors and links of a page; the text without them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.ids, self.links, self.said = set(), [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.tags.add(tag)
        self.ids += [named["id"]] if "id" in named else []
        self.links += [named["href"]] if "href" in named else []
        assert not [name for name in named if name.startswith("on") or name == "src"]

    def handle_data(self, data):
        self.said += data


def wanted(one, say) -> list[str]:
    """What must stand in it of an indicator."""
    texts = [say.pick(one.title), say.pick(one.definition), say.pick(one.why), say.pick(one.year_rule), defined.expected(one, say)]
    return [*texts, *(text for _, text in defined.formula(one, say)), *(say.pick(one.differs) for _ in [0] if one.variant_of)]


@tongue
def test_the_pdf_holds_every_definition_formula_example_and_the_rules(code, tmp_path):
    say = language(code)
    made = handbook.pdf(say)
    said = re.sub(r"\d+/\d+", "", text(made, tmp_path))
    assert pages(made, tmp_path)[0] > 40
    every = list(catalogue.indicators().values())
    assert [one.code for one in every if one.code not in said] == []
    titles = [say.pick(one.title) for one in every] + [part for pair in defined.rules(say) for part in pair]
    assert [title for title in titles if plain(title) not in said] == []
    whole = [one.code for one in every if all(plain(part) in said for part in wanted(one, say))]
    assert len(whole) > 0.9 * len(every)  # a sentence that a page's end cuts has the foot of the page in its midst


@tongue
def test_the_html_is_one_file_without_programs_whose_links_all_lead_somewhere(code):
    say = language(code)
    page = handbook.html(say).decode()
    read = Read(page)
    assert not {"script", "link", "img", "iframe", "form"} & read.tags
    assert "http" not in page and "@import" not in page and "url(" not in page
    assert len(read.ids) == len(set(read.ids))
    assert {link.removeprefix("#") for link in read.links} <= set(read.ids)
    said = plain(read.said)
    missing = [(one.code, part) for one in catalogue.indicators().values() for part in wanted(one, say) if plain(part) not in said]
    assert missing == []


def test_a_variant_stands_below_its_base():
    codes = [entry["code"] for chapter in handbook.book(language("en"))["chapters"] for entry in chapter["entries"]]
    assert sorted(codes) == sorted(catalogue.indicators())
    for one in catalogue.indicators().values():
        if one.variant_of:
            between = codes[codes.index(one.variant_of) + 1 : codes.index(one.code)]
            assert all(catalogue.indicators()[code].variant_of == one.variant_of for code in between), one.code


def test_the_turkish_index_follows_the_turkish_alphabet():
    titles = [title for title, _ in handbook.book(language("tr"))["index"]]
    firsts = list(dict.fromkeys(title[0] for title in titles if title[0].isalpha()))
    assert firsts == [letter for letter in "ABCÇDEFGĞHIİJKLMNOÖPQRSŞTUÜVWXYZ" if letter in firsts]


@tongue
def test_the_same_catalogue_gives_the_same_bytes(code):
    assert handbook.html(language(code)) == handbook.html(language(code))
    assert handbook.pdf(language(code)) == handbook.pdf(language(code))
