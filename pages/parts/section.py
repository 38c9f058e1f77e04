"""One section of a report on the page: the blocks of the outline in their order, with places to write in for those who may."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts import charts, copying, markup, people, tables, writer
from pages.parts.reporting import Asked
from pages.parts.selection import Visit
from pipelines.language import Language
from pipelines.reports import compose, wording
from pipelines.reports.outline import Block, Exhibit, Heading, Level, Outline, Paragraph, Proofs


def show(visit: Visit, asked: Asked, whole: Outline, criterion: str) -> None:
    """The open section; the others are not drawn."""
    heading, blocks = next((heading, blocks) for heading, blocks in whole.sections() if heading.code == criterion)
    st.header(f"{heading.code} {heading.text}", anchor=False)
    copying.listen(visit.say)
    writes = people.may("write", visit.institution.id)
    for block in blocks:
        _block(visit, asked, block, blocks, criterion, writes)


def _block(visit: Visit, asked: Asked, block: Block, blocks: Sequence[Block], criterion: str, writes: bool) -> None:
    say = asked.read.say
    if isinstance(block, Heading):
        st.subheader(block.text, anchor=False)
    elif isinstance(block, Paragraph):
        _paragraph(visit, asked, block, blocks, criterion, writes)
    elif isinstance(block, Exhibit):
        _exhibit(visit, block, say)
    elif isinstance(block, Level):
        _level(visit, asked, block, criterion, writes)
    else:
        _proofs(block, say)


def _paragraph(visit: Visit, asked: Asked, block: Paragraph, blocks: Sequence[Block], criterion: str, writes: bool) -> None:
    say = asked.read.say
    if block.slot and writes:
        generated = compose.finding(asked.scheme.of(criterion), asked.read) if block.slot == "finding" else ""
        writer.box(visit, asked.where(criterion), block.slot, say.code, generated)
    else:
        for part in block.text.split("\n\n"):
            markup.paragraph(part, "m-line" if block.role in ("asks", "missing") else "m-text")
    shown = wording.pointed(block, wording.by_code(blocks))
    if shown:
        markup.paragraph(", ".join(wording.called(one, say) for one in shown))


def _exhibit(visit: Visit, block: Exhibit, say: Language) -> None:
    """A table or figure with number, caption, note and source; a table can be copied into Word."""
    caption = f"{wording.called(block, say)}: {block.caption}"
    if block.figure is not None:
        markup.paragraph(caption, "m-title")
        charts.show_or_say(block.figure, visit, key=wording.label(block))
    elif block.table is not None:
        copying.titled(caption, visit.say)
        tables.show(block.table, say, label=caption)
    markup.paragraph(" · ".join(filter(None, (block.note, block.source if block.figure is None else ""))))


def _level(visit: Visit, asked: Asked, block: Level, criterion: str, writes: bool) -> None:
    say = asked.read.say
    if writes:
        writer.score(visit, asked.where(criterion), block)
    else:
        chosen = [f"{'☑' if at == block.chosen else '☐'} {at} · {text}" for at, text in enumerate(block.levels, 1)]
        for line in filter(None, (*chosen, block.reason, ", ".join(block.proofs))):
            markup.paragraph(line, "m-text")
    markup.paragraph(wording.own_levels(say))


def _proofs(block: Proofs, say: Language) -> None:
    rows = [(one.number, (_where(one.title, one.where if one.is_link else ""), wording.proof(one))) for one in block.entries]
    columns = [tables.Column(say("Number")), tables.Column(say("Evidence"))]
    tables.told(columns, rows, say("Evidence"))


def _where(title: str, link: str) -> str | tables.Link:
    return tables.Link(title, link) if link else title
