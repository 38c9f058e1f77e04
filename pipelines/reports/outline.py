"""A report before it is printed: headings, sentences, tables, figures and proofs, in one language and in their order.

Word, PDF, workbook and page are made of the same ``Outline``: no renderer looks a number up or writes one, so they cannot disagree.
Tables and figures are numbered here, so that "Table 3" is the same table everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pipelines.figures import Figure, Table

Role = Literal["body", "asks", "finding", "evaluation", "improvement", "missing", "note"]
Slot = Literal["finding", "evaluation", "improvement"]
"""What people write themselves, per criterion and language."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Cells of a file that a table's numbers were read from, and the publication that put them on air."""

    file: str
    """SHA-256 of the original."""
    name: str
    sheet: str | None
    cells: str
    """A range ("D14:D96"), or "" where the whole file or register is behind it."""
    rows: int
    publication: int

    @property
    def place(self) -> str:
        """``name:sheet!range``, as people look it up."""
        return ":".join(filter(None, (self.name, "!".join(filter(None, (self.sheet, self.cells))))))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is a criterion's, 2 a part of its section."""

    level: int
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences. ``refers`` are codes of exhibits that it points at; ``own``: a person wrote it, not Meridian.

    ``slot``: the place of the section in which a person may write; the paragraph says what stands there now, or that nothing does.
    """

    text: str
    role: Role = "body"
    refers: tuple[str, ...] = ()
    own: bool = False
    slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A table or figure with its number and caption. Exactly one of ``table`` and ``figure`` is set."""

    code: str
    """T1 … T15, F1 … F4; in a later section the same code may come again for other indicators."""
    number: int
    caption: str
    table: Table | None = None
    figure: Figure | None = None
    note: str = ""
    source: str = ""
    citations: tuple[Citation, ...] = ()

    @property
    def kind(self) -> Literal["table", "figure"]:
        return "table" if self.figure is None else "figure"


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence. ``where`` is a link, or the file's name; ``digest`` the file's SHA-256, "" for a link."""

    number: str
    title: str
    where: str
    digest: str = ""
    added: str = ""
    by: str = ""

    @property
    def is_link(self) -> bool:
        return not self.digest


@dataclass(frozen=True, slots=True)
class Proofs:
    """The evidence of a criterion."""

    entries: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """The self-score of a criterion: the level chosen (None: not yet), every level in our own words, why, and the proofs named for it."""

    levels: tuple[str, ...]
    chosen: int | None = None
    reason: str = ""
    proofs: tuple[str, ...] = ()
    by: str = ""
    at: str = ""


Block = Heading | Paragraph | Exhibit | Proofs | Level


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole report. ``provisional``: a figure in it may still change, and every page says so."""

    name: str
    """For file names: ASCII, no spaces."""
    language: str
    title: str
    subtitle: str
    institution: str
    edition: str
    standing: str
    """As of when, which publication."""
    publication: int
    blocks: tuple[Block, ...]
    provisional: bool = False
    sample: bool = False
    definitions: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = field(default=())
    """Indicator ("A01 Outgoing students") → heading and text of its definition."""
    revisions: Table | None = None
    """What changed since the publication before, or since this report was last taken."""

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Exhibit))

    @property
    def proofs(self) -> tuple[Proof, ...]:
        return tuple(one for block in self.blocks if isinstance(block, Proofs) for one in block.entries)

    def sections(self) -> Iterator[tuple[Heading, tuple[Block, ...]]]:
        """Each criterion's heading with what stands below it, up to the next."""
        starts = [at for at, block in enumerate(self.blocks) if isinstance(block, Heading) and block.level == 1]
        for start, end in zip(starts, [*starts[1:], len(self.blocks)], strict=True):
            heading = self.blocks[start]
            assert isinstance(heading, Heading)
            yield heading, self.blocks[start + 1 : end]
