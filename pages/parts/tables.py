"""Tables as real HTML: they print whole, copy into Word, and read aloud. Cells arrive typed and are written here once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.parts import markup
from pipelines.figures import Column, Figure, Table
from pipelines.language import Language
from pipelines.palette import tint

MOST = 200
"""Rows shown at once; the download holds all."""


def show(table: Table, say: Language, caption: str = "", most: int = MOST, label: str = "") -> None:
    """A table with its caption, or with the ``label`` that stands above it already. Longer tables say how many rows are not shown."""
    if len(table.rows) > most:
        more = say("The first {n} of {all} rows; the download holds all.", n=say.number(most), all=say.number(len(table.rows)))
        caption = f"{caption} {more}".strip()
        table = Table(table.columns, table.rows[:most])
    st.html(html(table, say, caption, label))


def html(table: Table, say: Language, caption: str = "", label: str = "") -> str:
    head = "".join(f'<th scope="col"{_side(column)}>{escape(column.name)}</th>' for column in table.columns)
    body = "".join(_row(cells, table.columns) for cells in table.written(say))
    label = escape(label or caption or table.columns[0].name)
    below = f"<caption>{escape(caption)}</caption>" if caption else ""
    return framed(head, body, label, below=below)


def framed(head: str, body: str, label: str, kind: str = "", below: str = "") -> str:
    """Cells that are already HTML, in a frame that scrolls sideways and can be reached by keyboard."""
    table = f'<table class="m-table {kind}">{below}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="m-scroll" tabindex="0" role="region" aria-label="{label}">{table}</div>'


def drawn(head: str, body: str, label: str, kind: str = "") -> None:
    """A table whose cells are already HTML: links and pills in them. ``label`` is its name for screen readers."""
    st.html(framed(head, body, escape(label), kind))


@dataclass(frozen=True)
class Link:
    """Text that leads to a page of ours."""

    text: str
    address: str


@dataclass(frozen=True)
class Mark:
    """A status: word, tone and icon."""

    text: str
    tone: str
    icon: str


Lines = str | tuple[str, ...]
"""A cell of a told table: its text, or its text with small print below, a line each. "text|hint": the hint shows on pointing."""
Cell = Lines | Link | Mark | tuple[Link | Mark | str, ...]
"""The text of a cell may lead somewhere, or be a status."""


def told(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], label: str, kind: str = "") -> None:
    """A table whose cells have small print; on a phone every row becomes a card with the column's name beside each cell."""
    head = "".join(f'<th scope="col"{_side(column)}>{escape(column.name)}</th>' for column in columns)
    body = "".join(f"<tr>{''.join(map(_told, row, columns, [True] + [False] * (len(row) - 1)))}</tr>" for row in rows)
    st.html(framed(head, body, escape(label), f"told {kind}"))


def _told(cell: Cell, column: Column, first: bool) -> str:
    main, *small = cell if isinstance(cell, tuple) else (cell,)
    below = "".join(_small(str(line)) for line in small if line)
    tag = 'th scope="row"' if first else "td"
    return f'<{tag}{_side(column)} data-label="{escape(column.name)}"><div>{_main(main)}{below}</div></{tag.split()[0]}>'


def _main(text: str | Link | Mark) -> str:
    if isinstance(text, Mark):
        return markup.pill(text.text, text.tone, text.icon)
    if isinstance(text, Link):
        return f'<a href="{escape(text.address)}">{escape(text.text)}</a>'
    return escape(text) or "–"


def _small(line: str) -> str:
    text, _, hint = line.partition("|")
    return f'<div class="p"{f" title={chr(34)}{escape(hint)}{chr(34)}" if hint else ""}>{escape(text)}</div>'


def _row(cells: Sequence[str], columns: Sequence[Column]) -> str:
    first, *others = cells
    rest = "".join(f"<td{_side(column)}>{escape(cell)}</td>" for cell, column in zip(others, columns[1:], strict=True))
    return f'<tr><th scope="row"{_side(columns[0])}>{escape(first)}</th>{rest}</tr>'


def _side(column: Column) -> str:
    return ' class="n"' if column.numeric else ""


def plain(names: Sequence[str], rows: Sequence[Sequence[str]], say: Language, caption: str = "", most: int = MOST) -> None:
    """A table of texts."""
    if rows:
        show(Table(tuple(Column(name) for name in names), tuple(tuple(row) for row in rows)), say, caption, most)


def heat(figure: Figure, say: Language) -> None:
    """The figure's table with its numbers on tints: the darkest is the largest; the number stands in every cell."""
    largest = max((cell for row in figure.table.rows for cell in row[1:] if isinstance(cell, int | float)), default=0) or 1
    written = figure.table.written(say)
    head = "".join(f'<th scope="col">{escape(column.name)}</th>' for column in figure.table.columns)
    body = ""
    for row, texts in zip(figure.table.rows, written, strict=True):
        cells = "".join(_tinted(cell, text, largest) for cell, text in zip(row[1:], texts[1:], strict=True))
        body += f'<tr><th scope="row">{escape(texts[0])}</th>{cells}</tr>'
    st.html(framed(head, body, escape(figure.title), "heat"))


def _tinted(cell: float | str | None, text: str, largest: float) -> str:
    if not isinstance(cell, int | float):
        return f"<td>{escape(text)}</td>"
    back, ink = tint(cell / largest)
    return f'<td style="background:{back};color:{ink}">{escape(text)}</td>'
