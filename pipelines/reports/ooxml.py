"""What python-docx has no function for: fields, bookmarks, alternative texts, pages on their side, a word across the page.

Each function writes the element that Word itself writes; shapes and attributes are those of ECMA-376 (WordprocessingML).
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Emu, Length
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from lxml.etree import SubElement

MARK = """<w:r {names} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>
<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>
<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="watermark" o:spid="_x0000_s2049" type="#_x0000_t136" alt="{word}" fillcolor="#e4e4e4" stroked="f"
 style="position:absolute;margin-left:0;margin-top:0;width:460pt;height:110pt;rotation:315;z-index:-251658752;
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin">
<v:textpath style="font-family:&quot;Calibri&quot;;font-size:1pt" string="{word}"/></v:shape></w:pict></w:r>"""


UNWRITTEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""Signs that XML has no place for."""


def field(paragraph: Paragraph, instruction: str, shown: str, *, dirty: bool = False) -> None:
    """A field with the result that is shown until Word computes it anew: ``SEQ Table``, ``REF table-3 \\h``."""
    for part in ("begin", None, "separate", shown, "end"):
        run = paragraph.add_run()
        if part is None:
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            run._r.append(text)
        elif part in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), part)
            if dirty and part == "begin":
                mark.set(qn("w:dirty"), "true")
            run._r.append(mark)
        else:
            run.text = part


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Names everything that the paragraph holds so far, so that fields can point at it. ``number`` is the document's alone."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    first = paragraph.runs[0]._r
    first.addprevious(start)
    paragraph._p.append(end)


def link(paragraph: Paragraph, text: str, *, to: str = "", address: str = "") -> None:
    """A link to a bookmark of the document, or to an address outside."""
    element = OxmlElement("w:hyperlink")
    if to:
        element.set(qn("w:anchor"), to)
    else:
        element.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(text)
    element.append(run._r)
    paragraph._p.append(element)


def described(drawing: Any, text: str) -> None:
    """The alternative text of a picture."""
    drawing._inline.docPr.set("descr", text)


def described_table(table: Table, title: str, text: str) -> None:
    """The alternative text of a table."""
    properties = table._tbl.tblPr
    for name, value in (("w:tblCaption", title), ("w:tblDescription", text)):
        element = OxmlElement(name)
        element.set(qn("w:val"), value)
        properties.append(element)


def measured(table: Table, widths: list[float]) -> None:
    """The width of every column, in EMU, fixed."""
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Emu(int(width))
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = Emu(int(width))


def repeated(row: _Row) -> None:
    """The row stands again at the top of every page that the table reaches, and is read as its header."""
    properties = row._tr.get_or_add_trPr()
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)


def shaded(cell: Any, colour: str) -> None:
    """The background of a cell (its element), as six hexadecimal digits."""
    cell.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>'))


def written(paragraph: Any, text: str, size: Length, *, right: bool = False, bold: bool = False) -> None:
    """Fills an empty paragraph (its element) of a table's cell with one run; ``size`` of the letters. Long tables have thousands."""
    properties = SubElement(paragraph, qn("w:pPr"))
    SubElement(properties, qn("w:spacing")).set(qn("w:after"), "0")
    if right:
        SubElement(properties, qn("w:jc")).set(qn("w:val"), "right")
    run = SubElement(paragraph, qn("w:r"))
    look = SubElement(run, qn("w:rPr"))
    if bold:
        SubElement(look, qn("w:b"))
    SubElement(look, qn("w:sz")).set(qn("w:val"), str(round(size.pt * 2)))
    for at, line in enumerate(UNWRITTEN.sub("", text).split("\n")):
        if at:
            SubElement(run, qn("w:br"))
        shown = SubElement(run, qn("w:t"))
        shown.set(qn("xml:space"), "preserve")
        shown.text = line


def turned(paragraph: Paragraph, section: Section, *, lying: bool) -> None:
    """Ends the pages so far after this paragraph: they lie on their side, or stand like the document's last ones."""
    copied = deepcopy(section._sectPr)
    paragraph._p.get_or_add_pPr().append(copied)
    page = Section(copied, section._document_part)
    if lying != (page.orientation == WD_ORIENT.LANDSCAPE):
        page.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = page.page_height, page.page_width


def watermark(section: Section, word: str) -> None:
    """A word across every page of the section, behind its text."""
    header = section.header
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
    paragraph._p.append(parse_xml(MARK.format(names=nsdecls("w"), word=word)))
