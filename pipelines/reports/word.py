"""An outline as a Word document that stays editable: real headings, numbered captions, cross-references, contents, alternative texts.

A university's own template is any ``.docx``: its styles are used, ``{{ title }}``, ``{{ institution }}``, ``{{ subtitle }}``,
``{{ standing }}`` are filled, and the report stands where a paragraph says ``{{ report }}`` – at the end where none does.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from pipelines.errors import MeridianError, Place
from pipelines.figures import Table
from pipelines.language import Language, language
from pipelines.palette import QUIET, TEXT
from pipelines.reports import ooxml, paper, wording
from pipelines.reports.archive import still
from pipelines.reports.outline import Block, Exhibit, Heading, Level, Outline, Paragraph, Proofs

HERE = "⟦report⟧"
"""What ``{{ report }}`` becomes until the report itself takes its place."""
SMALL = 7
"""Columns beyond which a table is set in small print."""
HEAD = "F3F6F9"

Shown = Mapping[str, list[Exhibit]]


def docx(outline: Outline, template: bytes | None = None) -> bytes:
    """The whole report. Raises R101 where the template is no Word document or asks for what a report does not have."""
    document = _opened(outline, template)
    say, before = language(outline.language), len(document.element.body)
    for heading, blocks in outline.sections():
        shown = wording.by_code(blocks)
        for lying, run in groupby((heading, *blocks), lambda block: _wide(block, say)):
            if lying:
                ooxml.turned(_line(document, ""), document.sections[-1], lying=False)
            for block in run:
                _write(document, block, shown, say)
            if lying:
                ooxml.turned(_line(document, ""), document.sections[-1], lying=True)
    _annexes(document, outline, say)
    _into_place(document, before)
    if outline.provisional:
        ooxml.watermark(document.sections[0], wording.watermark(outline, say))
    properties = document.core_properties
    properties.title, properties.author, properties.subject = (
        f"{outline.title} – {outline.institution}",
        outline.institution,
        outline.standing,
    )
    properties.language, properties.comments = outline.language, ""
    whole = io.BytesIO()
    document.save(whole)
    return still(whole.getvalue())


def _opened(outline: Outline, template: bytes | None) -> Any:
    """The template with its words filled in, as a document to write into."""
    say = language(outline.language)
    told = {"title": outline.title, "institution": outline.institution, "subtitle": outline.subtitle, "edition": outline.edition}
    return _filled(template or _plain(outline, say), told | {"standing": outline.standing, "report": HERE}).docx


def tried(template: bytes, name: str = "") -> None:
    """Fills a template once, to see whether it can be. Raises R101."""
    _filled(template, dict.fromkeys(("title", "institution", "subtitle", "edition", "standing", "report"), ""), name)


def _filled(template: bytes, told: dict[str, str], name: str = "") -> DocxTemplate:
    """A template comes from a person: what it asks for is filled in, what it would run is not."""
    try:
        filled = DocxTemplate(io.BytesIO(template))
        filled.render(told, SandboxedEnvironment(undefined=StrictUndefined, autoescape=True), autoescape=True)
    except (TemplateError, BadZipFile, PackageNotFoundError, XMLSyntaxError, KeyError, ValueError) as error:
        raise MeridianError("R101", Place(name), detail=str(error).splitlines()[0] if str(error) else type(error).__name__) from error
    return filled


def _plain(outline: Outline, say: Language) -> bytes:
    """The template that is used where a university brings none."""
    document = Document()
    _dress(document)
    line = document.add_paragraph(outline.institution)
    line.runs[0].font.color.rgb = _colour(QUIET)
    document.add_paragraph("{{ title }}", style="Title")
    for text in wording.head(outline, say):
        document.add_paragraph(text)
    document.add_paragraph(say("Contents"), style="TOC Heading")
    ooxml.field(document.add_paragraph(), 'TOC \\o "1-2" \\h \\z \\u', _listed(outline), dirty=True)
    document.add_paragraph("{{ report }}")
    whole = io.BytesIO()
    document.save(whole)
    return whole.getvalue()


def _listed(outline: Outline) -> str:
    """The contents until Word counts the pages."""
    return "\n".join(f"{heading.code} {heading.text}".strip() for heading, _ in outline.sections())


def _dress(document: Any) -> None:
    """Sober styles: one sans-serif face, dark blue headings, A4."""
    styles = document.styles
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    for name, size in (("Normal", 10.5), ("Title", 22), ("Heading 1", 15), ("Heading 2", 12), ("Caption", 9.5), ("TOC Heading", 12)):
        font = styles[name].font
        font.name, font.size = "Calibri", Pt(size)
        font.color.rgb = _colour(TEXT if name in ("Normal", "Caption") else "#12436D")
        fonts = styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)


def _colour(told: str) -> RGBColor:
    return RGBColor.from_string(told.lstrip("#"))


def _into_place(document: Any, before: int) -> None:
    """What was written at the end goes where the template wants the report."""
    marks = [line for line in document.paragraphs if HERE in line.text]
    if not marks:
        return
    body = document.element.body
    for element in list(body)[before - 1 : -1]:  # the last element holds the settings of the pages
        marks[0]._p.addprevious(element)
    marks[0]._p.getparent().remove(marks[0]._p)


def _line(document: Any, text: str, style: str = "Normal") -> Line:
    """A paragraph in a style of the template; a template without it gets Word's own."""
    line = document.add_paragraph(text)
    line._p.get_or_add_pPr().get_or_add_pStyle().val = _style(document.part, style)
    return line


@lru_cache(maxsize=32)
def _style(part: Any, name: str) -> str:
    """The id of a style in a document: looked up once, since python-docx searches all of them at every paragraph."""
    styles = part.document.styles
    if name not in {one.name for one in styles}:
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    return styles[name].style_id


def _small(document: Any, text: str) -> None:
    if text:
        line = _line(document, text)
        line.paragraph_format.space_after = Pt(3)
        line.runs[0].font.size, line.runs[0].font.color.rgb = Pt(8.5), _colour(QUIET)


def _write(document: Any, block: Block, shown: Shown, say: Language) -> None:
    if isinstance(block, Heading):
        _line(document, f"{block.code} {block.text}".strip(), f"Heading {block.level}")
    elif isinstance(block, Paragraph):
        _paragraph(document, block, shown, say)
    elif isinstance(block, Proofs):
        _proofs(document, block)
    elif isinstance(block, Level):
        _level(document, block, say)
    else:
        _exhibit(document, block, say)


def _paragraph(document: Any, block: Paragraph, shown: Shown, say: Language) -> None:
    parts = block.text.split("\n\n")
    lines = [_line(document, part, "Quote" if block.role == "asks" else "Normal") for part in parts]
    if block.role == "missing":
        lines[0].runs[0].italic, lines[0].runs[0].font.color.rgb = True, _colour(QUIET)
    for at, exhibit in enumerate(wording.pointed(block, shown)):
        lines[0].add_run(" (" if at == 0 else ", ")
        ooxml.field(lines[0], f"REF {_name(exhibit)} \\h", wording.called(exhibit, say))
    if wording.pointed(block, shown):
        lines[0].add_run(")")


def _name(exhibit: Exhibit) -> str:
    return wording.label(exhibit).replace("-", "_")


def _proofs(document: Any, block: Proofs) -> None:
    for one in block.entries:
        line = _line(document, "")
        line.add_run(f"{one.number} ").bold = True
        line.add_run(f"{one.title} – ")
        if one.is_link:
            ooxml.link(line, wording.proof(one), address=one.where)
        else:
            line.add_run(wording.proof(one))


def _level(document: Any, block: Level, say: Language) -> None:
    for at, text in enumerate(block.levels, start=1):
        line = _line(document, "")
        run = line.add_run(f"{'☑' if at == block.chosen else '☐'} {at} · {text}")
        run.bold = at == block.chosen
        line.paragraph_format.space_after = Pt(2)
    _small(document, wording.own_levels(say))
    if block.reason:
        _line(document, block.reason)


def _exhibit(document: Any, block: Exhibit, say: Language) -> None:
    """Caption, table or picture, note and source."""
    if block.figure is not None:
        line = _line(document, "")
        picture = line.add_run().add_picture(
            io.BytesIO(paper.png(block.figure, bare=True)), width=Cm(16.5 * wording.share(block.figure) / 100)
        )
        ooxml.described(picture, block.figure.alt or block.caption)
        line.paragraph_format.keep_with_next = True
    _caption(document, block, say)
    if block.table is not None:
        _table(document, block, say)
    _small(document, block.note)
    _small(document, block.source)


def _wide(block: Block, say: Language) -> bool:
    """Whether a table needs pages on their side; those that follow each other share them."""
    return isinstance(block, Exhibit) and block.table is not None and wording.wide(block.table, say)


def _caption(document: Any, block: Exhibit, say: Language) -> None:
    line = _line(document, "", "Caption")
    line.add_run(f"{wording.kind(block.kind, say)} ")
    ooxml.field(line, f"SEQ {wording.kind(block.kind, say)} \\* ARABIC", str(block.number))
    ooxml.bookmark(line, _name(block), 2 * block.number + (block.figure is not None))
    line.add_run(f": {block.caption}")
    line.paragraph_format.keep_with_next = block.figure is None


def _table(document: Any, block: Exhibit, say: Language) -> None:
    assert block.table is not None
    rows = block.table.written(say)
    table = document.add_table(rows=1 + len(rows), cols=len(block.table.columns))
    if "Table Grid" in {style.name for style in document.styles}:
        table.style = "Table Grid"
    ooxml.described_table(table, block.caption, block.source)
    ooxml.repeated(table.rows[0])
    wide = wording.wide(block.table, say)
    page = document.sections[-1]
    length = (page.page_height if wide else page.page_width) - page.left_margin - page.right_margin
    ooxml.measured(table, [length * part for part in _shares(wording.widths(block.table, say))])
    _fill(
        table,
        block.table,
        [[column.name for column in block.table.columns], *rows],
        Pt(7.5 if wide or len(block.table.columns) > SMALL else 8.5),
    )


def _shares(widths: list[float]) -> list[float]:
    return [width / sum(widths) for width in widths]


def _fill(table: Any, told: Table, rows: list[list[str]], size: Any) -> None:
    """Cell by cell over the elements themselves: python-docx looks each cell up anew, which takes seconds for a long table."""
    for at, (element, row) in enumerate(zip(table._tbl.tr_lst, rows, strict=True)):
        for cell, column, text in zip(element.tc_lst, told.columns, row, strict=True):
            ooxml.written(cell.p_lst[0], text, size, right=column.numeric, bold=at == 0)
            if at == 0:
                ooxml.shaded(cell, HEAD)


def _annexes(document: Any, outline: Outline, say: Language) -> None:
    if outline.definitions:
        _line(document, say("Definitions"), "Heading 1")
    for title, pairs in outline.definitions:
        _line(document, title, "Heading 2")
        for term, text in pairs[1:]:
            line = _line(document, "")
            line.add_run(f"{term}: ").bold = True
            line.add_run(text)
            line.paragraph_format.space_after = Pt(3)
    cited = [one for one in outline.exhibits if one.citations]
    if cited:
        _line(document, say("Cells that the numbers come from"), "Heading 1")
    for exhibit in cited:
        line = _line(document, "")
        ooxml.field(line, f"REF {_name(exhibit)} \\h", wording.called(exhibit, say))
        _small(document, "; ".join(one.place for one in exhibit.citations))
