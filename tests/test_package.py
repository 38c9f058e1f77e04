"""The evidence package: whole, readable without a program, the same bytes for the same report, nothing in it that may not leave."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
import zipfile

import pytest

from pipelines.access.person import Person
from pipelines.desk import evidence, writing
from pipelines.frameworks import Section
from pipelines.reports import make
from pipelines.store import Store
from pipelines.warehouse import open_version

WHO = Person("quality", "Nur", "reporter")
HERE = Section("demo", "yokak", "A.5.1")
ORDER = b"%PDF-1.7 an order <of> the rector"


@pytest.fixture(scope="module")
def store(demo_store, tmp_path_factory):
    """The demo store with two pieces of evidence and an evaluation."""
    own = Store(shutil.copytree(demo_store, tmp_path_factory.mktemp("own") / "store"))
    evidence.attach_file(WHO, own, HERE, "Order of the <rector>", "order.pdf", ORDER)
    evidence.attach_link(WHO, own, HERE, "Policy", "https://example.org/policy?a=1&b=2")
    writing.write(WHO, own, HERE, "evaluation", "en", "We did <well> & so.", seen=_seen(own))
    return own


def _seen(store):
    known = writing.text(store, HERE, "evaluation", "en")
    return known.no if known else 0


@pytest.fixture(scope="module")
def archive(store):
    return zipfile.ZipFile(io.BytesIO(packed(store)))


def packed(store, **more):
    read = make.material(open_version(store.path), "demo", "en")
    return make.proved(store, "yokak", read, make.outline(store, "yokak", read, ["A.5.1"]), **more)


def rows(archive, name):
    return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_the_same_request_gives_the_same_bytes(store):
    assert packed(store) == packed(store)


def test_every_file_stands_in_the_manifest_with_its_hash(archive):
    listed = {row[0]: row[1] for row in rows(archive, "manifest.csv")[1:]}
    assert set(listed) == set(archive.namelist()) - {"manifest.csv"}
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in listed.items())


def test_the_index_runs_nothing_asks_for_nothing_and_leads_to_files_that_are_there(archive):
    page = archive.read("index.html").decode()
    assert not re.search(r"<script|javascript:|\son\w+=|src=|@import|url\(", page, re.I)
    links = re.findall(r'href="([^"]+)"', page)
    assert {link for link in links if not link.startswith("https://")} <= set(archive.namelist())
    assert "Order of the &lt;rector&gt;" in page


def test_the_package_holds_report_tables_evidence_and_the_originals(archive):
    names = archive.namelist()
    assert [name for name in names if name.endswith("order.pdf")]
    assert archive.read(next(name for name in names if name.endswith("order.pdf"))) == ORDER
    assert any(name.startswith("data/table-01-T1") for name in names)
    assert [name for name in names if name.startswith("originals/")]
    assert "yokak_demo_2020_2024_en.pdf" in names


def test_originals_are_the_files_that_the_tables_cite_byte_for_byte(archive):
    cited = {row[6]: row[2] for row in rows(archive, "sources.csv")[1:]}
    kept = {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name.startswith("originals/")}
    assert kept
    assert kept <= set(cited)


def test_without_the_right_to_originals_none_is_in_it_and_they_are_named(store):
    small = zipfile.ZipFile(io.BytesIO(packed(store, originals=False)))
    assert not [name for name in small.namelist() if name.startswith("originals/")]
    assert "anlasmalar.xlsx" in small.read("index.html").decode()


def test_a_piece_that_is_gone_is_named_and_the_rest_still_proves(store, tmp_path):
    other = Store(shutil.copytree(store.path, tmp_path / "store"))
    item = next(one for one in evidence.items(other, "demo", "yokak") if one.name == "order.pdf")
    other.evidence(item.digest).unlink()
    whole = zipfile.ZipFile(io.BytesIO(packed(other)))
    assert not [name for name in whole.namelist() if name.endswith("order.pdf")]
    assert "Not in this package" in whole.read("index.html").decode()


def test_no_cell_of_a_csv_is_run_by_a_spreadsheet(archive):
    for name in archive.namelist():
        if name.endswith(".csv"):
            assert not [cell for row in rows(archive, name) for cell in row if cell.startswith(("=", "+", "@"))], name
