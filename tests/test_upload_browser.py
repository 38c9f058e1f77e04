"""Handing in as people do it, in a real browser on a real server: templates, messy workbooks, two people, approval, undo, a killed server."""

from __future__ import annotations

import re
import shutil
import signal
import time

import openpyxl
import pytest
from office import turkish_workbook
from shown import BUSY, WORKING, browser, demo_store, quiet, serving, sideways, sign_in  # noqa: F401 - fixtures

from pipelines import log
from pipelines.store import Store
from pipelines.warehouse import current_path

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "publish": "Publish", "read": "Read it like this", "use": "Use these answers", "check": "Check again with these corrections",
        "notes": "Keep the notes", "reason": "Reason (stands in the history)", "air": "is on air", "direction": "Direction (required)",
        "role": "Role (required)", "out": "Outgoing", "student": "Student", "style": "1.306 is one thousand three hundred and six",
        "send": "Send for approval", "sent": "Nothing is published yet", "approve": "Approve and publish", "template": "Empty workbook for it",
        "all": "The same note for all that have none", "again": "Look at the file again",
    },
    "tr": {
        "publish": "Yayımla", "read": "Böyle oku", "use": "Bu yanıtları kullan", "check": "Bu düzeltmelerle yeniden denetle",
        "notes": "Notları kaydet", "reason": "Gerekçe (geçmişte durur)", "air": "numaralı yayın yayında", "direction": "Yön (zorunlu)",
        "role": "Katılımcı türü (zorunlu)", "out": "Giden", "student": "Öğrenci", "style": "1.306 bin üç yüz altıdır",
        "send": "Onaya gönder", "sent": "Henüz hiçbir şey yayımlanmadı", "approve": "Onayla ve yayımla", "template": "Bunun için boş çalışma kitabı",
        "all": "Notu olmayanların hepsine aynı not", "again": "Dosyaya yeniden bak",
    },
}  # fmt: skip


@pytest.fixture
def store(demo_store, tmp_path):  # noqa: F811
    """A store of this test's own, begun as the demo."""
    shutil.copytree(demo_store, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture
def server(store):
    with serving(store.path) as address:
        yield address


class Visitor:
    """A person at a browser of their own."""

    def __init__(self, browser, address, who, lang="en", width=1366):  # noqa: F811
        self.address, self.lang, self.say = address, lang, WORDS[lang]
        self.context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
        self.context.set_default_timeout(90_000)  # a step appears when the worker is done, which on a busy machine takes its time
        self.page = self.context.new_page()
        sign_in(self.page, address, who)

    def go(self, path, **more):
        words = "&".join(f"{name}={word}" for name, word in {"lang": self.lang, "institution": "demo", **more}.items())
        self.page.goto(f"{self.address}/{path}?{words}", wait_until="domcontentloaded")
        self.rest()

    def rest(self):
        """Until the script and the worker have nothing more to say."""
        quiet(self.page, f"{BUSY}, {WORKING}", 1000)

    def text(self):
        return self.page.inner_text("body")

    def drop(self, *paths):
        before = self.page.url
        self.page.locator('[data-testid="stFileUploaderDropzoneInput"]').first.set_input_files([str(path) for path in paths])
        if len(paths) == 1:
            self.page.wait_for_url(lambda url: url != before and "draft=" in url, timeout=60_000)
        self.rest()

    def press(self, words):
        self.page.get_by_role("button", name=words, exact=True).first.click()
        self.rest()

    def choose(self, label, option):
        box = self.page.get_by_role("combobox", name=re.compile(re.escape(label)))
        box.first.click()
        box.first.fill(option)
        self.page.get_by_role("option", name=option, exact=True).first.click()
        self.page.wait_for_timeout(300)

    def explain(self, words="as counted by the office"):
        """Every question gets a note, where there is one."""
        if self.page.get_by_label(self.say["all"]).count():
            self.page.get_by_label(self.say["all"]).fill(words)
            self.press(self.say["notes"])

    def publish(self, reason="yearly return", button="publish"):
        if self.page.get_by_label(self.say["reason"]).count() == 0:
            self.page.get_by_text(re.compile("^5 · ")).first.click()
            self.rest()
        self.page.get_by_label(self.say["reason"]).fill(reason)
        self.press(self.say[button])
        for _ in range(100):
            if self.say["air"] in self.text() or self.say["sent"] in self.text():
                return
            self.page.wait_for_timeout(300)
        raise AssertionError(self.text())


@pytest.fixture
def person(browser, server):  # noqa: F811
    people = []

    def arrives(who, lang="en", width=1366):
        people.append(Visitor(browser, server, who, lang, width))
        return people[-1]

    yield arrives
    for one in people:
        one.context.close()


def figure(store, sql, *bound):
    import duckdb

    with duckdb.connect(str(current_path(store.path)), read_only=True) as connection:
        return connection.execute(sql, list(bound)).fetchone()[0]


OUT = "select sum(participants) from core.mobility where institution = 'demo' and academic_year = ? and direction = 'out' and role = 'student'"


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_the_template_is_filled_dropped_and_published_in_three_steps(person, store, tmp_path, lang):
    visitor = person("demo-editor", lang)
    visitor.go("upload", dataset="mobility", **{"for": "2025"})
    with visitor.page.expect_download() as given:
        visitor.page.get_by_role("button", name=visitor.say["template"]).click()
    path = tmp_path / given.value.suggested_filename
    given.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    number = heads.index({"en": "Participants", "tr": "Katılımcı sayısı"}[lang]) + 1
    assert sheet.max_row > 20, "the rows of last year are there"
    assert sheet.cell(2, number).value is None, "without last year's numbers"
    sheet.delete_rows(12, sheet.max_row)
    for row in range(2, 12):
        sheet.cell(row, number, 3)
    book.save(path)
    visitor.drop(path)
    visitor.explain()
    visitor.publish()
    assert figure(store, "select sum(participants) from core.mobility where institution = 'demo' and academic_year = 2025") == 30


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_a_turkish_workbook_is_explained_answered_and_published(person, store, tmp_path, lang):
    visitor = person("demo-editor", lang)
    visitor.go("upload", dataset="mobility", **{"for": "2025"})
    visitor.drop(turkish_workbook(tmp_path / "giden öğrenci.xlsx"))
    visitor.choose(visitor.say["direction"], visitor.say["out"])
    visitor.choose(visitor.say["role"], visitor.say["student"])
    visitor.press(visitor.say["read"])
    assert "Almnya" in visitor.text()
    visitor.press(visitor.say["use"])
    visitor.press(visitor.say["style"])
    visitor.explain()
    visitor.publish()
    assert figure(store, OUT, 2025) == 2558
    assert figure(store, f"{OUT} and country = 'XNC'", 2025) == 8
    assert figure(store, f"{OUT} and country = 'GBR'", 2025) == 31


def test_errors_are_mended_in_the_grid(person, store, tmp_path):
    rows = "Kurum;Akademik yıl;Yön;Katılımcı türü;Faaliyet;Program;Ülke;Katılımcı sayısı\n"
    rows += "demo;2025-2026;Giden;Öğrenci;Öğrenim;Erasmus+;Almanya;12 kişi\ndemo;2025-2026;Giden;Öğrenci;Öğrenim;Erasmus+;İtalya;4\n"
    (tmp_path / "giden.csv").write_text(rows, encoding="utf-8")
    visitor = person("demo-editor")
    visitor.go("upload", dataset="mobility", **{"for": "2025"})
    visitor.drop(tmp_path / "giden.csv")
    assert "12 kişi" not in figure_names(store)
    with visitor.page.expect_download() as given:
        visitor.page.get_by_role("button", name="Your workbook with the cells marked").click()
    given.value.save_as(tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert book.worksheets[1]["H2"].comment is not None
    write_into_grid(visitor, "13")
    visitor.press(visitor.say["check"])
    visitor.explain()
    visitor.publish()
    assert figure(store, OUT, 2025) == 17


def write_into_grid(visitor, text):
    """Types into the first cell for corrections, as a person does: a click, Enter, the text, Enter."""
    visitor.rest()
    grid = visitor.page.locator('[data-testid="stDataFrame"]').first
    grid.scroll_into_view_if_needed()
    visitor.page.wait_for_timeout(1000)
    header, row = 35, 35
    for _ in range(2):  # the first click only brings the window back after a download
        grid.click(position={"x": grid.bounding_box()["width"] * 0.3, "y": header + row / 2})
        visitor.page.wait_for_timeout(800)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_timeout(600)
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.type(text)
    visitor.page.wait_for_timeout(600)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_timeout(1500)
    visitor.rest()


def figure_names(store):
    return figure(store, "select string_agg(name) from board.files")


def test_two_people_on_one_slot_the_second_sees_what_changed_and_decides_again(person, store, tmp_path):
    def file(name, number):
        path = tmp_path / name
        head = "Kurum;Akademik yıl;Yön;Katılımcı türü;Faaliyet;Program;Ülke;Katılımcı sayısı\n"
        path.write_text(f"{head}demo;2025-2026;Giden;Öğrenci;Öğrenim;Erasmus+;Almanya;{number}\n", encoding="utf-8")
        return path

    first, second = person("demo-editor"), person("demo-approver")
    for visitor, path in ((first, file("a.csv", 17)), (second, file("b.csv", 19))):
        visitor.go("upload", dataset="mobility", **{"for": "2025"})
        visitor.drop(path)
        visitor.explain()
    first.publish()
    second.page.get_by_label(second.say["reason"]).fill("mine too")
    second.press(second.say["publish"])
    second.page.get_by_text("Somebody published into the same place meanwhile").wait_for(timeout=60_000)
    assert "demo-editor" in second.text()
    assert figure(store, OUT, 2025) == 17
    second.press(second.say["again"])
    second.explain()
    second.publish("counted again")
    assert figure(store, OUT, 2025) == 19


def test_a_second_person_approves_and_the_first_cannot(person, store, tmp_path):
    from pipelines.access.person import Person
    from pipelines.desk import governance

    governance.set_setting(Person("demo-administrator", "", "administrator"), store, "four_eyes", "always", "senate decision")
    editor, approver = person("demo-editor"), person("demo-approver")
    editor.go("upload", dataset="mobility", **{"for": "2025"})
    editor.drop(
        turkish_workbook(
            tmp_path / "giden.xlsx",
            rows=[("İngiltere", "Erasmus+ Öğrenim", "Mühendislik Fakültesi", "Lisans", 14, 17, 31)],
            total=(14, 17, 31),
        )
    )
    editor.choose("Direction (required)", "Outgoing")
    editor.choose("Role (required)", "Student")
    editor.press(editor.say["read"])
    editor.explain()
    editor.publish(button="send")
    editor.go("approve")
    assert "giden.xlsx" not in editor.text()
    approver.go("approve")
    approver.page.get_by_role("button", name="giden.xlsx").click()
    approver.rest()
    approver.press(approver.say["approve"])
    approver.page.get_by_text("is on air").wait_for(timeout=60_000)
    assert figure(store, OUT, 2025) == 31
    event = [event for event in log.events(store) if event.kind == "accepted"][-1]
    assert (event.by, event.facts["approved_by"]) == ("demo-editor", "demo-approver")


def test_undo_publishes_the_list_before_and_nothing_is_deleted(person, store, tmp_path):
    before = figure(store, OUT, 2024)
    path = tmp_path / "a.csv"
    path.write_text(
        "Kurum;Akademik yıl;Yön;Katılımcı türü;Faaliyet;Program;Ülke;Katılımcı sayısı\ndemo;2024-2025;Giden;Öğrenci;Öğrenim;Erasmus+;Almanya;17\n",
        encoding="utf-8",
    )
    editor = person("demo-editor")
    editor.go("upload", dataset="mobility", **{"for": "2024"})
    editor.drop(path)
    editor.explain()
    editor.publish()
    assert figure(store, OUT, 2024) != before
    files = sorted(one.name for one in (store.path / "raw").iterdir())
    approver = person("demo-approver")
    approver.go("history")
    approver.undo = undo(approver)
    assert figure(store, OUT, 2024) == before
    assert sorted(one.name for one in (store.path / "raw").iterdir()) == files


def undo(visitor):
    """One click, a reason, done."""
    visitor.page.get_by_role("button", name=re.compile("Undo")).first.click()
    visitor.page.wait_for_timeout(800)
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill("wrong file")
    dialog.get_by_role("button", name=re.compile("Undo")).first.click()
    visitor.rest()
    for _ in range(100):
        if "Publication 3" in visitor.text() or "No. 3" in visitor.text():
            return
        visitor.page.wait_for_timeout(300)


@pytest.mark.fault("F13", full=1, short=1)
def test_a_killed_server_loses_nothing_and_the_draft_is_resumed(browser, store, tmp_path):  # noqa: F811
    with serving(store.path) as address:
        first = Visitor(browser, address, "demo-editor")
        first.go("upload", dataset="mobility", **{"for": "2025"})
        first.drop(turkish_workbook(tmp_path / "giden.xlsx"))
        first.choose("Direction (required)", "Outgoing")
        first.choose("Role (required)", "Student")
        first.press(first.say["read"])
        address_of_draft = first.page.url
        kill(address)
        first.context.close()
    with serving(store.path) as address:
        again = Visitor(browser, address, "demo-editor")
        again.go("upload")
        assert "giden.xlsx" in again.text()
        again.page.goto(address + address_of_draft[address_of_draft.index("/upload") :])
        again.rest()
        assert "Almnya" in again.text()
        again.press(again.say["use"])
        again.press(again.say["style"])
        again.explain()
        again.publish()
    assert figure(store, OUT, 2025) == 2558


def kill(address):
    """The server of an address, at once."""
    import psutil

    port = int(address.rpartition(":")[2])
    for process in psutil.process_iter(["cmdline"]):
        if "streamlit" in " ".join(process.info["cmdline"] or []) and str(port) in (process.info["cmdline"] or []):
            process.send_signal(signal.SIGKILL)
    time.sleep(0.5)


def test_zaragozas_agreements_of_2024_are_published_from_the_file_as_it_came(person, store, real):
    visitor = person("demo-administrator")
    visitor.go("upload", dataset="mobility", **{"for": "2024"})
    visitor.page.get_by_text("The file is of an institution that is not in the list").click()
    visitor.page.get_by_label("Name of the institution").fill("Universidad de Zaragoza")
    visitor.page.get_by_label("Name of the institution").press("Enter")
    visitor.rest()
    visitor.drop(real / "zaragoza" / "erasmus__2024_2025.csv")
    visitor.explain()
    visitor.publish()
    sql = "select sum(participants) from core.mobility where institution like '%zaragoza%' and academic_year = 2024 and direction = 'out'"
    assert figure(store, sql) == 1749
    assert figure(store, f"{sql} and not domestic") == 1539


def test_the_charter_list_is_published_by_an_administrator(person, store, real):
    visitor = person("demo-administrator")
    visitor.go("upload", dataset="institutions")
    newest = sorted((real / "charter-holders").iterdir())[-1]
    visitor.drop(newest)
    visitor.explain()
    visitor.publish()
    assert figure(store, "select count(*) from core.institutions where country = 'TUR'") == 207


def test_a_phone_hands_in_too(person, store, tmp_path):
    visitor = person("demo-editor", width=390)
    visitor.go("upload", dataset="mobility", **{"for": "2025"})
    visitor.drop(turkish_workbook(tmp_path / "giden.xlsx"))
    assert sideways(visitor.page) <= 0
