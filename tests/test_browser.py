"""The real app in a real browser: deep links on a fresh server, nothing from outside, a phone's width, axe, one number everywhere."""

from __future__ import annotations

import csv
import io
import re
import urllib.request
from pathlib import Path
from urllib.parse import urlparse

import pytest
from shown import PAGES, browser, cookie, demo_store, quiet, serious, serving, sideways, sign_in, watched  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser

FIRST_VISIT = 1.8 * 1024 * 1024


@pytest.fixture(scope="module")
def address(demo_store):  # noqa: F811
    with serving(demo_store) as where:
        yield where


@pytest.fixture
def visit(browser, address):  # noqa: F811
    """Opens an address at a width; the page remembers which requests left the host or were stopped on the way, and how many bytes came over the wire."""
    contexts = []

    def opened(path, width=1366):
        context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.left, page.wire = watched(page, address), 0
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: setattr(page, "wire", page.wire + event["encodedDataLength"]))
        page.goto(address + path, wait_until="domcontentloaded")
        quiet(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_the_first_deep_link_on_a_fresh_server_opens_its_page_in_the_frame(browser, demo_store):  # noqa: F811
    with serving(demo_store) as fresh:
        page = browser.new_page()
        page.goto(f"{fresh}/indicator?id=A02&institution=demo&year=2022&lang=tr")
        quiet(page)
        assert page.locator("h1").first.inner_text() == "Gelen öğrenci"
        assert page.get_by_text("Örnek: bu kurum ve bütün sayıları kurgudur.").count() == 1
        page.close()


def test_the_first_page_answers_to_its_name_too(visit):
    page = visit("/overview?lang=en&institution=metu")
    assert "Page not found" not in page.inner_text("body")
    assert {"lang=en", "institution=metu"} <= set(urlparse(page.url).query.split("&"))


def test_a_script_of_a_page_is_not_an_address_of_its_own(visit):
    page = visit("/data_editor_that_is_not_there?lang=en")
    assert "Page not found" in page.inner_text("body")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["en", "tr"])
def test_a_page_asks_nothing_of_other_hosts_and_axe_finds_nothing_serious(visit, name, lang):
    page = visit(f"/{name}?lang={lang}&institution=demo")
    assert page.left == []
    assert page.locator('[data-testid="stException"]').count() == 0
    assert serious(page) == []


def test_a_request_to_another_host_and_a_pale_word_would_be_seen(visit):
    page = visit("/?lang=en&institution=demo")
    page.evaluate("""() => { document.querySelector('.m-line').style.color = '#cccccc';
        fetch('http://meridian.invalid/').catch(() => 0); }""")
    page.wait_for_timeout(300)
    assert "meridian.invalid" in page.left[0]
    assert "color-contrast" in dict(serious(page))


def test_the_map_is_drawn_from_shapes_of_our_own(visit):
    page = visit("/countries?lang=en&institution=demo&view=map")
    assert page.left == []
    page.wait_for_function("document.querySelectorAll('.choroplethlayer path').length > 150")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["en", "tr"])
def test_a_phone_needs_no_sideways_scroll(visit, name, lang):
    page = visit(f"/{name}?lang={lang}&institution=demo", width=390)
    assert sideways(page) <= 0


def test_the_first_visit_of_the_overview_is_small(visit):
    page = visit("/?lang=tr&institution=demo", width=390)
    assert page.wire <= FIRST_VISIT


def test_the_overview_loads_no_chart_library(visit):
    page = visit("/?lang=en&institution=demo")
    loaded = page.evaluate("() => performance.getEntriesByType('resource').map(entry => entry.name)")
    assert loaded
    assert not [name for name in loaded if re.search("Plotly|Vega|ECharts", name)]


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_the_page_tells_its_language_to_screen_readers(visit, lang):
    assert visit(f"/?lang={lang}&institution=demo").evaluate("document.documentElement.lang") == lang


def test_choosing_writes_codes_into_the_address_and_the_address_restores_the_choice(visit):
    page = visit("/mobility?lang=en&institution=demo&year=2023")
    page.get_by_text("Incoming", exact=True).first.click()
    quiet(page)
    assert "direction=in" in page.url
    again = visit(page.url[page.url.index("/mobility") :])
    assert again.locator("[data-testid=stMain]").inner_text() == page.locator("[data-testid=stMain]").inner_text()


def test_a_link_to_another_page_takes_institution_year_and_language_along(visit):
    page = visit("/?lang=tr&institution=demo&year=2022")
    page.get_by_role("link", name="Giden öğrenci", exact=True).first.click()
    page.wait_for_url("**/indicator**")
    quiet(page)
    assert {"institution=demo", "year=2022", "lang=tr", "id=A01"} <= set(urlparse(page.url).query.split("&"))


def test_the_navigation_keeps_institution_and_year(visit):
    page = visit("/?lang=en&institution=metu")
    page.get_by_text("Reports", exact=True).click()
    page.get_by_text("Handbook", exact=True).first.click()
    page.wait_for_url("**/handbook**institution=metu**")
    quiet(page)
    assert "institution=metu" in page.url


def test_a_table_of_a_report_goes_to_the_clipboard_whole_with_its_caption(visit, address):
    page = visit("/report?lang=en&institution=demo&framework=yokak&criterion=A.5.1")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.locator(".m-copy").first.wait_for()
    shown = page.locator("table.m-table").first.locator("th, td").all_inner_texts()
    page.locator(".m-copy").first.click()
    page.get_by_text("Copied: paste it into Word.").wait_for()
    read = "async kind => (await (await navigator.clipboard.read())[0].getType(kind)).text()"
    copied, plain = (page.evaluate(read, kind) for kind in ("text/html", "text/plain"))
    assert page.locator(".m-captioned .m-title").first.inner_text() in copied
    assert len(shown) > 20
    assert all(cell in plain for cell in shown)
    assert copied.count("<td") + copied.count("<th ") == len(shown)


def test_one_number_is_the_same_on_the_card_in_the_table_and_in_the_csv(visit, address):
    overview = visit("/?lang=tr&institution=demo&year=2023")
    card = overview.locator(".st-key-cards").get_by_text("1.342").first
    assert card.count() == 1
    page = visit("/?lang=tr&institution=demo")
    sign_in(page, address, "demo-reporter")
    page.goto(f"{address}/indicator?lang=tr&institution=demo&id=A01&view_trend=table")
    quiet(page)
    row = page.locator("table.m-table tr", has_text="2023–24").first
    assert row.locator("td").first.inner_text() == "1.342"
    page.locator(".st-key-downloads_trend button").first.click()
    with page.expect_download() as given:
        page.get_by_role("button", name="Tablo (CSV)").click()
    text = Path(given.value.path()).read_bytes().decode("utf-8-sig")
    rows = {line[0]: line[1] for line in csv.reader(io.StringIO(text), delimiter=";")}
    assert rows["2023–24"] == "1342"


def test_headers_keep_strangers_out(address):
    with urllib.request.urlopen(address + "/") as answer:
        headers = {name.lower(): word for name, word in answer.headers.items()}
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_readiness_route_names_the_publication(address):
    with urllib.request.urlopen(address + "/ready") as answer:
        assert b'"publication":1' in answer.read()
