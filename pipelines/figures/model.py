"""A chart before it is drawn: words and plain numbers, no colours, no drawing library.

The same ``Figure`` is drawn for the screen (``pages/parts/charts.py``), for paper (``pipelines/reports/paper.py``), written as a
table twin and as CSV and XLSX (``pipelines/reports/downloads.py``): so they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipelines.language import Language

Kind = Literal[
    "trend", "bars", "columns", "shares", "heat", "bullets", "map", "multiples", "flow", "lorenz", "slope", "dots", "cohort"
]  # fmt: skip
Role = Literal[
    "first", "second", "third", "fourth", "fifth", "rest", "goal", "reported", "muted", "projection", "good", "warning", "bad", "neutral"
]


class Inexact(float):
    """A number that was published as about, more than or less than: written with its sign everywhere, never as an exact number."""

    precision: str

    def __new__(cls, value: float, precision: str) -> Inexact:
        made = super().__new__(cls, value)
        made.precision = precision
        return made


class Amount(float):
    """A number of a table whose rows have units of their own: it carries its unit, and the marks written behind it ("[p]")."""

    unit: str
    decimals: int
    precision: str
    marks: str

    def __new__(cls, value: float, unit: str, decimals: int = 0, precision: str = "exact", marks: str = "") -> Amount:
        made = super().__new__(cls, value)
        made.unit, made.decimals, made.precision, made.marks = unit, decimals, precision, marks
        return made


Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Point:
    """One mark. ``x`` is a year, a share, a key or a label; ``y`` None leaves a gap: missing is not zero."""

    x: float | str
    y: float | None
    label: str = ""
    """What is written beside the mark and shown on hovering, already formatted: "≈ 1.000 [p]"."""
    open: bool = False
    """Drawn hollow: provisional, or not exact."""
    y_label: str = ""
    """For heat maps and flows: the row that the cell stands in, the side that sends."""
    span: tuple[float, float] | None = None
    """The range around an estimate: from, to."""


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together, under one name."""

    name: str
    points: tuple[Point, ...]
    role: Role = "first"
    icon: str = ""
    """Before the name of a status: never colour alone."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table twin. ``unit`` "" is text, "year" an academic year's start, else a unit of the catalogue."""

    name: str
    unit: str = ""
    decimals: int = 0

    @property
    def numeric(self) -> bool:
        return bool(self.unit) and self.unit != "year"


@dataclass(frozen=True, slots=True)
class Table:
    """Typed cells. None is missing; a hidden small number is the text "<5"."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def written(self, say: Language) -> list[list[str]]:
        """Every cell as people read it."""
        return [[write(cell, column, say) for cell, column in zip(row, self.columns, strict=True)] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart's content. ``title`` says what it shows, ``subtitle`` what is measured, of whom and when."""

    kind: Kind
    title: str
    subtitle: str
    series: tuple[Series, ...]
    table: Table
    unit: str = "count"
    decimals: int = 0
    note: str = ""
    source: str = ""
    alt: str = ""
    name: str = "figure"
    """For file names: ASCII, no spaces."""
    language: str = "en"
    marks: tuple[tuple[float, str], ...] = ()
    """Reference lines: value and label (a band's edges, 100 %)."""
    breaks: tuple[tuple[float, float, str], ...] = ()
    """Marks across a line of years: from, to and label; where both are the same, the definition changed there."""
    definition: tuple[tuple[str, str], ...] = field(default=())
    """Heading and text, for the definition sheet of a workbook."""

    @property
    def told(self) -> bool:
        """Whether there is anything to show, be it in the table only."""
        return bool(self.table.rows)

    @property
    def empty(self) -> bool:
        return not any(point.y is not None for series in self.series for point in series.points)


def write(cell: Cell, column: Column, say: Language) -> str:
    """A cell as people read it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Amount):
        return say.number(cell, cell.unit, cell.decimals, cell.precision) + (f" {cell.marks}" if cell.marks else "")
    if column.unit == "year":
        return say.year(int(cell)) if cell is not None else say.number(None)
    return say.number(cell, column.unit or "count", column.decimals, getattr(cell, "precision", None))
