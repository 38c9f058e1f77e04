"""Reports read back: Word, PDF and workbook carry the numbers of the outline, which are those of the measure; nothing is lost or broken."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from itertools import pairwise

import openpyxl
import pytest
from docx import Document

from pipelines.errors import MeridianError
from pipelines.figures.model import Amount
from pipelines.frameworks import framework, reportable
from pipelines.language import language
from pipelines.reports import compose, pdf, word, wording, workbook
from pipelines.reports.compose import Judgement, Said
from pipelines.reports.downloads import told
from pipelines.reports.material import Material
from pipelines.reports.outline import Exhibit, Heading, Outline, Paragraph, Proof
from pipelines.warehouse import open_version

YEARS = tuple(range(2020, 2025))
LETTERS = "ğüşıöçĞÜŞİÖÇ"


@pytest.fixture(scope="module")
def material(demo_store):
    return Material(open_version(demo_store), "demo", language("en"), YEARS)


MADE = {}
"""Reports of this module by what they are of: each is composed and written once, and read by several tests."""


def once(key, make):
    if key not in MADE:
        MADE[key] = make()
    return MADE[key]


def composed(material, name, code) -> Outline:
    """A framework's report with what people add: a text with every Turkish letter, a link, a self-score."""
    return once((material.version, name, code), lambda: _composed(material, name, code))


def _composed(material, name, code) -> Outline:
    entry = framework(name)
    first = entry.criterion[0].code
    said = Said(
        {(first, "evaluation"): f"Değerlendirme: {LETTERS} & <b>x</b> #let {{{{ y }}}}"},
        {first: [Proof(f"{first}.1", "Policy", "https://example.org/policy", added="2026-11-01", by="Ayşe")]},
        {first: Judgement(2, "Because it is so.", (f"{first}.1",))} if entry.criterion[0].levels else {},
    )
    return compose.outline(entry, dataclasses.replace(material, say=language(code)), said=said)


CASES = [(name, code) for name in sorted(reportable()) for code in ("en", "tr") if code in reportable()[name].languages]
case = pytest.mark.parametrize(("name", "code"), CASES)


def plain(text: str) -> str:
    """Without blanks and hyphens, which typesetting moves."""
    return re.sub(r"[\s\u00ad\u200b\u2010-]+", "", text)


def numbers(outline: Outline) -> list[tuple[Exhibit, list[list[str]]]]:
    say = language(outline.language)
    return [(one, one.table.written(say)) for one in outline.exhibits if one.table is not None]


@case
def test_word_carries_every_cell_and_every_sentence(material, name, code):
    outline = composed(material, name, code)
    document = Document(io.BytesIO(once(("docx", name, code), lambda: word.docx(outline))))
    tables = [[[cell.text for cell in row.cells] for row in table.rows[1:]] for table in document.tables]
    assert tables == [rows for _, rows in numbers(outline)]
    lines = [line.text for line in document.paragraphs]
    for block in outline.blocks:
        if isinstance(block, Heading):
            assert f"{block.code} {block.text}".strip() in lines
        if isinstance(block, Paragraph):
            assert any(line.startswith(block.text.split("\n\n")[0]) for line in lines)


@case
def test_word_has_headings_captions_references_and_alternative_texts(material, name, code):
    outline = composed(material, name, code)
    document = Document(io.BytesIO(once(("docx", name, code), lambda: word.docx(outline))))
    styles = {line.style.name for line in document.paragraphs}
    assert {"Heading 1", "Heading 2", "Title"} <= styles
    captions = [line.text for line in document.paragraphs if line.style.name == "Caption"]
    say = language(code)
    assert captions == [f"{wording.called(one, say)}: {one.caption}" for one in outline.exhibits]
    xml = document.element.xml
    names = set(re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', xml))
    assert set(re.findall(r"REF (\S+) \\h", xml)) <= names
    assert 'TOC \\o "1-2"' in xml
    described = re.findall(r'<wp:docPr [^>]*descr="([^"]+)"', xml)
    assert len(described) == len([one for one in outline.exhibits if one.figure])
    assert xml.count("w:tblHeader") == xml.count("w:tblCaption") == len(document.tables)


@case
def test_pdf_carries_every_cell_and_every_sentence(material, name, code, tmp_path):
    outline = composed(material, name, code)
    raw = _text(pdf.pdf(outline), tmp_path)
    text = plain(raw)
    for exhibit, rows in numbers(outline):
        assert plain(exhibit.caption) in text
        for row in rows:
            assert [cell for cell in row if plain(cell) not in text and not _from_the_right(cell, raw)] == [], exhibit.caption
    for block in outline.blocks:
        if isinstance(block, Heading | Paragraph):
            assert plain(block.text.split("\n\n")[0]) in text


RIGHT_TO_LEFT = re.compile(r"[\u0590-\u06ff]")


def _from_the_right(cell: str, text: str) -> bool:
    """Whether the letters of a name that is read from the right stand in one line or two: pdftotext gives its words in the order seen."""
    wanted, lines = Counter(RIGHT_TO_LEFT.findall(cell)), text.splitlines()
    return bool(wanted) and any(not wanted - Counter(one + two) for one, two in pairwise([*lines, ""]))


def _text(made: bytes, folder) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not there")
    (folder / "report.pdf").write_bytes(made)
    return subprocess.run(
        ["pdftotext", "-raw", str(folder / "report.pdf"), "-"], capture_output=True, text=True, check=True, timeout=60
    ).stdout


@case
def test_the_workbook_carries_every_number_typed_and_runs_nothing(material, name, code):
    outline = composed(material, name, code)
    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx(outline)))
    say = language(code)
    for exhibit in outline.exhibits:
        sheet, table = book[f"{wording.called(exhibit, say)} {exhibit.code}"], exhibit.table or exhibit.figure.table
        assert sheet.freeze_panes == "B4"
        for line, row in enumerate(table.rows, start=4):
            for place, (cell, column) in enumerate(zip(row, table.columns, strict=True), start=1):
                found = sheet.cell(line, place).value
                if cell is None or cell == "":
                    assert found is None
                elif told(cell, column):
                    assert isinstance(found, str)
                else:
                    assert found == pytest.approx(float(cell))
    assert not [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("make", [pdf.pdf, word.docx, workbook.xlsx])
def test_the_same_outline_gives_the_same_bytes(material, make):
    outline = composed(material, "yokak", "tr")
    assert make(outline) == make(outline)


def test_a_report_says_provisional_on_every_page_only_while_a_figure_may_change(material, tmp_path):
    outline = composed(material, "qs", "en")
    assert outline.provisional
    settled = compose.outline(framework("yokak"), dataclasses.replace(material, years=(2020, 2021)), ["A.5.1"])
    assert not settled.provisional
    assert "PROVISIONAL" in plain(_text(pdf.pdf(outline), tmp_path))
    assert "PROVISIONAL" not in plain(_text(pdf.pdf(settled), tmp_path))
    header = [line._p.xml for line in Document(io.BytesIO(word.docx(outline))).sections[0].header.paragraphs]
    assert 'string="PROVISIONAL"' in "".join(header)
    other = [line._p.xml for line in Document(io.BytesIO(word.docx(settled))).sections[0].header.paragraphs]
    assert "PROVISIONAL" not in "".join(other)


def test_a_university_s_own_template_is_filled_and_keeps_its_own_text(material, tmp_path):
    own = Document()
    own.add_paragraph("Letterhead of {{ institution }}")
    own.add_paragraph("{{ report }}")
    own.add_paragraph("Signature")
    own.save(tmp_path / "own.docx")
    lines = [
        line.text
        for line in Document(io.BytesIO(word.docx(composed(material, "yokak", "tr"), (tmp_path / "own.docx").read_bytes()))).paragraphs
    ]
    assert lines[0] == "Letterhead of Yıldızova Üniversitesi (örnek)"
    assert lines[-1] == "Signature"
    assert any(line.startswith("A.5.1 ") for line in lines[1:-1])


def template(text):
    own, whole = Document(), io.BytesIO()
    own.add_paragraph(text)
    own.save(whole)
    return whole.getvalue()


def test_a_template_that_is_no_document_is_refused_with_what_it_may_ask_for():
    with pytest.raises(MeridianError) as error:
        word.tried(b"no zip at all")
    assert error.value.finding.code == "R101"
    assert "{{ and }}" in error.value.finding.say("remedy", "en")


@pytest.mark.parametrize("text", ["{{ nothing }}", "{{ title.__class__.__mro__ }}", "{% if %}", "{{ self.__init__.__globals__ }}"])
def test_a_template_that_asks_for_what_a_report_has_not_or_would_run_something_is_refused(text):
    with pytest.raises(MeridianError) as error:
        word.tried(template(text))
    assert error.value.finding.code == "R101"


def test_a_template_that_asks_for_what_a_report_has_is_tried_and_good():
    word.tried(template("{{ title }} of {{ institution }}, {{ report }}"))


def test_the_pdf_is_tagged_archivable_and_brings_its_fonts(material, tmp_path):
    made = pdf.pdf(composed(material, "yokak", "tr"))
    assert b"/StructTreeRoot" in made or b"/MarkInfo" in made
    (tmp_path / "report.pdf").write_bytes(made)
    if shutil.which("pdffonts"):
        listed = subprocess.run(["pdffonts", str(tmp_path / "report.pdf")], capture_output=True, text=True, check=True, timeout=60).stdout
        fonts = [line.split() for line in listed.splitlines()[2:]]
        assert fonts
        assert all("Noto" in line[0] for line in fonts)


def test_word_is_a_whole_archive_of_well_formed_parts(material):
    with zipfile.ZipFile(io.BytesIO(word.docx(composed(material, "yokak", "tr")))) as archive:
        assert archive.testzip() is None
        from lxml import etree

        for part in archive.namelist():
            if part.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(part))


def test_amounts_that_carry_a_mark_are_text_and_others_are_numbers():
    from pipelines.figures import Column

    column = Column("x", "count")
    assert told(Amount(3.0, "people", marks="[p]"), column)
    assert told(Amount(3.0, "people", precision="about"), column)
    assert not told(Amount(3.0, "people"), column)
