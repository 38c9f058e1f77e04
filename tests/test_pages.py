"""Every page in every language, for every kind of institution, on the real demo store; choices, links, and what a broken store says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from shown import PAGES, demo_store  # noqa: F401 - a fixture
from streamlit.testing.v1 import AppTest

from pipelines.language import LANGUAGES
from pipelines.settings import settings

ROOT = Path(__file__).resolve().parent.parent
INSTITUTIONS = ("demo", "metu", "iztech", "igdir", "oir")


@pytest.fixture
def open_page(demo_store, monkeypatch):  # noqa: F811
    """Opens a page as a visitor's browser does: with an address."""
    monkeypatch.setenv("MERIDIAN_STORE", str(demo_store))
    settings.cache_clear()

    def opened(page, **address):
        app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
        for name, word in address.items():
            app.query_params[name] = word
        app.run()
        if page != "overview":
            app.switch_page(PAGES[page])
            for name, word in address.items():
                app.query_params[name] = word
            app.run()
        assert not app.exception, [one.message for one in app.exception]
        return app

    yield opened
    settings.cache_clear()


def text(app):
    """All words of a page."""
    shown = [*app.title, *app.header, *app.markdown, *app.info, *app.warning]
    return "\n".join([str(one.value) for one in shown] + [str(one.proto.body) for one in app.get("html")])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("institution", INSTITUTIONS)
def test_every_page_shows_for_every_institution_in_every_language(open_page, page, lang, institution):
    app = open_page(page, lang=lang, institution=institution)
    assert app.title[0].value
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_not_the_same_in_two_languages(open_page, page):
    english, turkish = (open_page(page, lang=lang, institution="demo") for lang in ("en", "tr"))
    title = (lambda app: text(app)) if page == "partner" else (lambda app: app.title[0].value)  # a partner's name is its own in both
    assert title(english) != title(turkish)


@pytest.mark.parametrize("page", PAGES)
def test_the_sample_is_marked_on_every_page(open_page, page):
    assert "Sample: this institution and all its figures are made up." in text(open_page(page, lang="en", institution="demo"))


@pytest.mark.parametrize("page", PAGES)
def test_a_real_institution_is_not_marked_as_a_sample(open_page, page):
    assert "made up" not in text(open_page(page, lang="en", institution="metu"))


def test_published_figures_carry_their_sign_and_mark(open_page):
    shown = text(open_page("overview", lang="en", institution="metu"))
    assert "≈ 1,000" in shown
    assert "&gt; 60" in shown
    assert "[s]" in shown


def test_people_per_agreement_of_a_period_stand_on_the_indicators_page_with_domestic_apart(open_page):
    shown = text(open_page("indicator", lang="en", institution="igdir", id="E10", view_breakdown="table"))
    assert "1.41" in shown
    assert "0.08" in shown
    assert "domestic" in shown
    assert all(cell in shown for cell in ("H2", "H6")), "the people and the agreements that were divided"


def test_the_address_chooses_institution_year_language_and_indicator(open_page):
    app = open_page("indicator", lang="tr", institution="demo", year="2021", id="A02")
    assert (app.session_state["institution"], app.session_state["year"], app.session_state["lang"]) == ("demo", "2021", "tr")
    assert "A02" in app.selectbox(key="indicator").value


def test_an_indicators_id_in_words_is_an_address_too(open_page):
    assert open_page("indicator", lang="en", institution="demo", id="outgoing_students").selectbox(key="indicator").value == "A01"


def test_an_unknown_word_in_the_address_counts_for_nothing(open_page):
    app = open_page("overview", lang="en", institution="demo", year="1066")
    assert app.session_state["year"] != "1066"


def test_an_unknown_institution_is_named_and_not_replaced_in_silence(open_page):
    shown = text(open_page("overview", lang="en", institution="nobody](http://x)"))
    assert "nobodyhttpx" in shown
    assert "(http" not in shown


def test_switching_the_language_keeps_the_choices(open_page):
    app = open_page("overview", lang="en", institution="metu")
    app.session_state["lang"] = "tr"
    app.query_params["lang"] = "tr"
    app.run()
    assert app.session_state["institution"] == "metu"
    assert app.title[0].value == "Uluslararasılaşmaya genel bakış"


def test_a_filter_narrows_mobility_and_is_told(open_page):
    whole = text(open_page("mobility", lang="en", institution="demo"))
    some = text(open_page("mobility", lang="en", institution="demo", level="doctorate"))
    assert whole != some
    assert "Filter: " in some
    assert "Filter: " not in whole


def test_a_link_with_country_and_unit_shows_the_same_numbers_to_everybody(open_page):
    from pages.parts import data

    whole = text(open_page("mobility", lang="en", institution="demo", year="2023"))
    unit = data.version().query("select unit from core.mobility where institution = 'demo' group by 1 order by count(*) desc, 1")[0][0]
    query = {"lang": "en", "institution": "demo", "year": "2023", "country": "DEU", "unit": unit}
    first, second = (text(open_page("mobility", **query)) for _ in range(2))
    assert first == second != whole
    assert f"Filter: {unit}, Germany" in first


def test_an_office_without_goals_is_shown_by_its_published_figures(open_page):
    shown = text(open_page("overview", lang="en", institution="igdir"))
    assert "No goals have been handed in" in shown
    assert all(number in shown for number in (">148<", ">105<", ">1.41<", ">0.08<", ">0.70<", "– none", "2015–2023", "2014–2019"))
    assert "≈ 1,000" in text(open_page("overview", lang="en", institution="metu"))
    assert "goals" not in text(open_page("overview", lang="en", institution="oir")).lower()


def test_published_parts_are_shares_of_the_published_whole(open_page):
    shown = text(open_page("countries", lang="en", institution="igdir", measure="students"))
    assert "Syria leads with 306 of 758" in shown


def test_an_element_of_a_policy_never_vanishes(open_page):
    from pipelines.policies import policies

    for name in ("metu", "oir", "demo"):
        shown = text(open_page("policy", lang="en", institution=name))
        for element in policies()[name].element:
            assert element.title["en"].replace("'", "&#x27;") in shown.replace("’", "’"), (name, element.id)


def test_the_handbook_finds_a_word_and_prints_the_definition(open_page):
    app = open_page("handbook", lang="en", institution="demo", words="traineeship")
    assert any("A14" in box.label for box in app.expander)
    assert not any("E02" in box.label for box in app.expander)


@pytest.mark.parametrize("view", ["files", "findings", "checks", "publications"])
def test_the_data_page_has_four_views(open_page, view):
    shown = text(open_page("data", lang="en", institution="demo", show=view))
    sign = {"files": "anlasmalar.xlsx", "findings": "remark", "checks": "passed", "publications": "Digest"}[view]
    assert sign in shown


def test_provenance_goes_down_to_file_and_cell(open_page):
    shown = text(open_page("indicator", lang="en", institution="metu", id="A01"))
    assert "published_metu.csv" in shown
    assert "H4" in shown


def test_no_store_is_a_sentence_and_not_a_traceback(monkeypatch, tmp_path):
    monkeypatch.setenv("MERIDIAN_STORE", str(tmp_path / "none"))
    settings.cache_clear()
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60).run()
    settings.cache_clear()
    assert not app.exception
    assert app.warning


def _breaks(kind):
    def script(kind):
        from pages.parts import messages
        from pipelines.errors import MeridianError

        messages.failed(
            MeridianError("K101", kind="x", name="y", near="z", known="w") if kind == "known" else ValueError("secret of the inside")
        )

    return AppTest.from_function(script, args=(kind,)).run()


def test_a_bug_is_a_number_on_the_page_and_a_traceback_in_the_log(caplog):
    app = _breaks("bug")
    assert re.search("Meridian: [0-9a-f]{8}", app.error[0].value)
    assert "secret" not in app.error[0].value
    assert "secret of the inside" in caplog.text


def test_a_known_fault_is_a_sentence_on_the_page():
    app = _breaks("known")
    assert not app.error
    assert app.warning[0].value


# --- the house rules of pages -----------------------------------------------------------------------------------------------

SCRIPTS = [ROOT / "pages" / script for script in PAGES.values()]


def names_used(path):
    return {node.attr for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_page_reads_like_a_table_of_contents(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 70
    assert not {"format", "query", "rows", "number", "html", "execute"} & names_used(path)
    assert not re.search(r"#[0-9A-Fa-f]{3,6}\b", source), "a colour"


def test_nothing_writes_unsafe_html():
    for path in (ROOT / "pages").rglob("*.py"):
        assert "unsafe_allow_html" not in path.read_text(encoding="utf-8")


def test_only_markup_cards_tables_and_their_like_write_html():
    writers = {path.name for path in (ROOT / "pages").rglob("*.py") if "st.html(" in path.read_text(encoding="utf-8")}
    assert writers <= {"markup.py", "cards.py", "tables.py", "brief.py", "explain.py", "aims.py", "diary.py", "panels.py", "copying.py"}
