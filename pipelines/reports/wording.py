"""The words that every printed report says the same: what a table is called, where a proof lies, what the marks mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pipelines.figures import Figure, Table
from pipelines.language import Language
from pipelines.reports.outline import Block, Exhibit, Outline, Paragraph, Proof


def label(exhibit: Exhibit) -> str:
    """The name by which an exhibit is linked to."""
    return f"{exhibit.kind}-{exhibit.number}"


def called(exhibit: Exhibit, say: Language) -> str:
    """Table 3, Figure 1."""
    return say("Table {n}", n=exhibit.number) if exhibit.kind == "table" else say("Figure {n}", n=exhibit.number)


def kind(what: Literal["table", "figure"], say: Language) -> str:
    """Table, Figure."""
    return (say("Table {n}", n="") if what == "table" else say("Figure {n}", n="")).strip()


def by_code(blocks: Iterable[Block]) -> dict[str, list[Exhibit]]:
    """The exhibits of a section by their code."""
    found: dict[str, list[Exhibit]] = {}
    for block in blocks:
        if isinstance(block, Exhibit):
            found.setdefault(block.code, []).append(block)
    return found


def pointed(paragraph: Paragraph, shown: Mapping[str, list[Exhibit]]) -> list[Exhibit]:
    """The exhibits of its section that a paragraph refers to."""
    return [exhibit for code in paragraph.refers for exhibit in shown.get(code, [])]


def proof(one: Proof) -> str:
    """What stands below a proof's title: file or link, hash, day, person."""
    digest = f"SHA-256 {one.digest[:16]}…" if one.digest else ""
    return " · ".join(filter(None, (one.where, digest, one.added, one.by)))


def own_levels(say: Language) -> str:
    """Whose words the levels of a self-score are."""
    return say("The wording of the levels is our own summary.")


def watermark(outline: Outline, say: Language) -> str:
    """What stands across a page while a figure may still change; "" where none may."""
    return say("PROVISIONAL") if outline.provisional else ""


def head(outline: Outline, say: Language) -> tuple[str, ...]:
    """The lines below a report's title: what, whose edition, as of when, and that figures may change or are invented."""
    marks = (say("figures may still change") if outline.provisional else "", say("sample data, invented") if outline.sample else "")
    return f"{outline.subtitle} · {outline.edition}", " · ".join(filter(None, (outline.standing, *marks)))


LINE = 128
"""Letters that a table may want to have side by side on an upright page, in its small print."""
DAY = 16
"""Letters up to which a text is kept on one line: a day, an amount."""


def widths(table: Table, say: Language) -> list[float]:
    """How wide each column wants to be, in letters: as its longest word asks for, and a long text within reason."""
    written = [[column.name for column in table.columns], *table.written(say)]
    longest = [max(len(word) for row in written for word in (row[at].split() or [""])) for at in range(len(table.columns))]
    fullest = [max(len(row[at]) for row in written) for at in range(len(table.columns))]
    return [max(word + 2, _wanted(whole)) for word, whole in zip(longest, fullest, strict=True)]


def _wanted(letters: int) -> float:
    """A short text stays on one line; a sentence gets more than a name, a paragraph more than a sentence."""
    return letters if letters <= DAY else min(letters, 40) * 0.6 + min(max(letters - 40, 0) / 8, 20)


def wide(table: Table, say: Language) -> bool:
    """Whether a table needs pages on their side."""
    return sum(widths(table, say)) > LINE


def share(figure: Figure) -> int:
    """How much of the line a picture takes, in per cent: one as high as wide would fill the page."""
    return 60 if figure.kind == "lorenz" else 100
