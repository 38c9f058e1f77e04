"""An outline as PDF: tagged (PDF/UA-1) and archivable (PDF/A-2a), fonts embedded, charts as vectors. Typst sets it, without any browser.

How it looks stands in ``report.typ``; here the outline only becomes plain data. The same outline gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any

from pipelines.errors import ROOT
from pipelines.figures import Table
from pipelines.language import Language, language
from pipelines.reports import paper, wording
from pipelines.reports.outline import Block, Exhibit, Heading, Level, Outline, Paragraph, Proof, Proofs

FONTS = ROOT / "static" / "fonts" / "paper"
TEMPLATES = ROOT / "pipelines" / "reports"
STANDARDS = ["ua-1", "a-2a"]
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""The date written into the file: not the clock's, so that the same outline gives the same bytes. The text says when."""

Data = dict[str, Any]


def pdf(outline: Outline) -> bytes:
    """The whole report."""
    return compiled("report.typ", as_data(outline))


def compiled(template: str, data: Data) -> bytes:
    """A template of this folder filled with data."""
    said = {"outline": json.dumps(data, ensure_ascii=False)}
    return _typst().compile(
        str(TEMPLATES / template), root=str(TEMPLATES), font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf",
        sys_inputs=said, pdf_standards=STANDARDS, timestamp=int(EPOCH.timestamp()),
    )  # fmt: skip


@cache
def _typst() -> Any:
    """The typesetter, loaded with the first report: no page needs it."""
    import typst

    return typst


def as_data(outline: Outline) -> Data:
    """The outline as plain values, everything written in its language."""
    say = language(outline.language)
    sections = [[heading, *blocks] for heading, blocks in outline.sections()]
    blocks = [entry for section in sections for entry in _section(section, say)]
    return {
        "language": outline.language, "title": outline.title, "institution": outline.institution,
        "head": wording.head(outline, say), "watermark": wording.watermark(outline, say),
        "footer": f"{outline.institution} · {outline.title} · {outline.standing}",
        "contents": len(sections) > 1, "words": _words(say), "runs": list(_runs(blocks)),
        "definitions": [{"title": title, "pairs": pairs[1:]} for title, pairs in outline.definitions],
        "citations": [_cited(one, say) for one in outline.exhibits if one.citations],
    }  # fmt: skip


def _words(say: Language) -> Data:
    return {
        "table": wording.kind("table", say), "figure": wording.kind("figure", say), "contents": say("Contents"),
        "definitions": say("Definitions"), "cells": say("Cells that the numbers come from"),
    }  # fmt: skip


def _section(blocks: list[Block], say: Language) -> Iterator[Data]:
    shown = wording.by_code(blocks)
    for block in blocks:
        yield _block(block, shown, say)


def _block(block: Block, shown: dict[str, list[Exhibit]], say: Language) -> Data:
    if isinstance(block, Heading):
        return {"type": "heading", "level": block.level, "text": block.text, "code": block.code}
    if isinstance(block, Paragraph):
        refers = [{"label": wording.label(one), "text": wording.called(one, say)} for one in wording.pointed(block, shown)]
        return {"type": "paragraph", "role": block.role, "text": block.text, "refers": refers}
    if isinstance(block, Proofs):
        return {"type": "proofs", "entries": [_proof(one) for one in block.entries]}
    if isinstance(block, Level):
        told = {"levels": block.levels, "chosen": block.chosen, "reason": block.reason}
        return told | {"type": "level", "own": wording.own_levels(say)}
    return _exhibit(block, say)


def _proof(one: Proof) -> Data:
    return {"number": one.number, "title": one.title, "more": wording.proof(one), "link": one.where if one.is_link else ""}


def _exhibit(block: Exhibit, say: Language) -> Data:
    told = {"label": wording.label(block), "caption": block.caption, "note": block.note, "source": block.source}
    if block.figure is not None:
        drawn = {"svg": paper.svg(block.figure, bare=True).decode(), "share": wording.share(block.figure)}
        return told | {"type": "figure", "alt": block.figure.alt or block.caption} | drawn
    assert block.table is not None
    table = {"rows": block.table.written(say), "columns": _columns(block.table, say), "wide": wording.wide(block.table, say)}
    return told | {"type": "table"} | table


def _columns(table: Table, say: Language) -> list[Data]:
    widths = wording.widths(table, say)
    return [{"name": one.name, "numeric": one.numeric, "width": width} for one, width in zip(table.columns, widths, strict=True)]


def _runs(blocks: list[Data]) -> Iterator[Data]:
    """Blocks in their order; wide tables that follow each other are a run of their own, on pages that lie on their side."""
    for wide, run in groupby(blocks, lambda entry: entry.get("wide", False)):
        yield {"wide": wide, "blocks": list(run)}


def _cited(exhibit: Exhibit, say: Language) -> Data:
    return {"label": wording.label(exhibit), "text": wording.called(exhibit, say), "places": [one.place for one in exhibit.citations]}
