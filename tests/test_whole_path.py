"""One typed cell is the number everywhere: typed into a template, accepted, published, asked for, followed back, corrected, rebuilt."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from shown import PAGES
from streamlit.testing.v1 import AppTest
from zoo_tables import MOBILITY, as_csv, changed, written

from pipelines import log, measure
from pipelines.settings import ROOT, settings
from pipelines.sources import sources
from pipelines.store import Store
from pipelines.templates import write_template
from pipelines.warehouse import open_version

TYPED = {
    "Kurum": "iztech", "Akademik yıl": "2023-2024", "Yön": "Giden", "Katılımcı türü": "Öğrenci", "Faaliyet": "Öğrenim", "Program": "Erasmus+",
    "Ülke": "Almanya", "Düzey": "Lisans",
}  # fmt: skip


def typed(path: Path, participants: int, country: str = "Almanya") -> Path:
    """A Turkish template with one row in its tenth line: somebody typed the number of participants into it."""
    write_template(sources()["mobility"], "tr", path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for name, word in (TYPED | {"Ülke": country, "Katılımcı sayısı": participants}).items():
        sheet.cell(10, columns[name], word)
    book.save(path)
    return path


@dataclass(frozen=True)
class Office:
    """A store and the commands given to it."""

    store: Path
    command: Any

    def __call__(self, *words: Any) -> Any:
        return self.command("--store", self.store, *words)

    def accept(self, path: Path, *more: str) -> Any:
        return self("accept", path, "--by", "the office", *more)

    def value(self, *words: str) -> dict:
        done = self("value", *words, "--json")
        assert done.code == 0, done.err
        return json.loads(done.out)

    def accepted(self) -> list[int]:
        return [event.no for event in log.events(Store(self.store)) if event.kind == "accepted"]


@pytest.fixture
def office(tmp_path, command) -> Office:
    return Office(tmp_path / "store", command)


@pytest.fixture(scope="module")
def published(tmp_path_factory, command) -> Office:
    """An office that has published the one cell, which is 1743."""
    folder = tmp_path_factory.mktemp("office")
    office = Office(folder / "store", command)
    done = office.accept(typed(folder / "hareketlilik.xlsx", 1743))
    assert done.code == 0, done.out + done.err
    assert "accepted hareketlilik.xlsx as no. 1: mobility 1 rows" in done.out and "published no. 1" in done.out
    return office


def test_the_typed_number_is_the_value(published):
    told = published.value("A01", "--year", "2023")
    assert (told["value"], told["shown"], told["origin"], told["institution"], told["year"]) == (1743, "1,743", "computed", "iztech", 2023)
    assert published.value("outgoing_students")["value"] == 1743


@pytest.mark.parametrize(("by", "key"), [("country", "DEU"), ("programme", "erasmus"), ("level", "bachelor"), ("region", "europe")])
def test_the_typed_number_is_the_part_of_every_breakdown(published, by, key):
    assert [(one["key"], one[by], one["value"]) for one in published.value("A01", "--by", by)["values"]] == [(key, key, 1743)]


def test_the_typed_number_is_found_through_filters_and_only_through_its_own(published):
    assert published.value("A01", "--year", "2023", "--where", "country=DEU", "--where", "level=bachelor")["value"] == 1743
    assert published.value("A01", "--year", "2023", "--where", "country=FRA")["value"] in (None, 0)


def test_the_value_leads_back_to_file_sheet_and_cell(published):
    assert published.value("A01", "--trace")["cells"] == [
        {"part": "value", "file": "hareketlilik.xlsx", "sheet": "Hareketlilik", "cell": "R10"}
    ]
    (part,) = measure.explain(open_version(published.store), "A01", "iztech", 2023)
    raw = Store(published.store).raw(part.files[0][0])
    (cell,) = part.cells
    assert openpyxl.load_workbook(raw.open("rb"))[cell.sheet][cell.cell].value == 1743


@pytest.mark.parametrize(
    ("page", "lang", "shown"), [("overview", "en", "1,743"), ("indicator", "tr", "1.743"), ("mobility", "tr", "1.743")]
)
def test_the_typed_number_stands_on_the_pages(published, monkeypatch, page, lang, shown):
    monkeypatch.setenv("MERIDIAN_STORE", str(published.store))
    settings.cache_clear()
    try:
        app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
        address = {"lang": lang, "institution": "iztech", "id": "outgoing_students", "year": "2023"}
        for script in dict.fromkeys((PAGES["overview"], PAGES[page])):
            if script != PAGES["overview"]:
                app.switch_page(script)
            for name, word in address.items():
                app.query_params[name] = word
            app.run()
        assert not app.exception
        assert shown in " ".join(str(one.proto.body) for one in (*app.get("html"), *app.markdown))
    finally:
        settings.cache_clear()


def test_a_corrected_file_takes_the_place_of_the_first_and_is_never_added(office, tmp_path):
    assert office.accept(typed(tmp_path / "first.xlsx", 17)).code == 0
    assert office.accept(typed(tmp_path / "corrected.xlsx", 19), "--reason", "two were forgotten").code == 0
    told = office.value("A01", "--year", "2023", "--trace")
    assert (told["value"], [one["file"] for one in told["cells"]]) == (19, ["corrected.xlsx"])
    assert office.accept(typed(tmp_path / "again.xlsx", 17, "Fransa"), "--note", "the country was wrong").code == 0
    assert [(one["key"], one["value"]) for one in office.value("A01", "--by", "country")["values"]] == [("FRA", 17)]
    assert office.accepted() == [1, 3, 5]


def test_the_same_file_twice_is_said_to_be_accepted_and_changes_nothing(office, tmp_path):
    path = typed(tmp_path / "table.xlsx", 17)
    assert office.accept(path).code == 0
    before = (log.events(Store(office.store)), Store(office.store).current())
    done = office.accept(path.rename(tmp_path / "another name.xlsx"))
    assert done.code == 0
    assert done.out.startswith("another name.xlsx is already accepted as no. 1 (by the office,")
    assert "published" not in done.out
    assert (log.events(Store(office.store)), Store(office.store).current()) == before


def test_the_first_file_comes_back_when_its_correction_was_wrong(office, tmp_path):
    first, wrong = written(tmp_path, as_csv(MOBILITY), "first.csv"), written(tmp_path, as_csv(changed({"J2": "19"})), "wrong.csv")
    for path in (first, wrong, first):
        assert office.accept(path, "--no-publish").code == 0
    assert office.accepted() == [1, 2, 3]
    assert office("publish", "--by", "the office").code == 0
    assert office.value("A01", "--where", "country=DEU")["value"] == 17


def test_the_same_file_with_another_status_is_another_decision(office, tmp_path):
    path = written(tmp_path, as_csv(MOBILITY))
    assert office.accept(path, "--status", "provisional").code == 0
    assert office.value("A01")["provisional"] is True
    assert office.accept(path, "--status", "final").code == 0
    assert "provisional" not in office.value("A01")
    assert len(office.accepted()) == 2


def test_rebuilding_from_raw_files_and_log_gives_the_same_digest(published):
    digest = json.loads(published("status", "--json").out)["digest"]
    done = published("rebuild")
    assert (done.code, done.out) == (0, f"rebuilt: digest {digest}, equal to the one on air\n")
    assert published.value("A01")["value"] == 1743
    whole = published("verify")
    assert (whole.code, whole.out) == (0, "verified: raw files, log and versions are whole\n")


@pytest.mark.parametrize("folder", ["raw", "log", "versions"])
def test_one_flipped_byte_is_named_by_verify(office, tmp_path, folder):
    assert office.accept(typed(tmp_path / "table.xlsx", 17)).code == 0
    assert office("verify").code == 0
    path = next(path for path in (office.store / folder).iterdir())
    content = bytearray(path.read_bytes())
    told = {"log": b'"participants"', "versions": b"table.xlsx"}.get(folder)  # a block that holds nothing may be in the middle of a version
    at = content.index(told) + 3 if told else len(content) // 2
    content[at] ^= 0x01
    path.chmod(0o640)
    path.write_bytes(content)
    done = office("verify")
    assert done.code == 1
    assert {"raw": "The original of “table.xlsx” was changed", "log": "of the log", "versions": f"{path.name}"}[folder] in done.out
