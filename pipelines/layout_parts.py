"""What a layout is made of: conditions, header, facts outside the rows, trees of XML, what one of our sources takes from a row."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from pipelines.knowledge import Text


class Part(BaseModel):
    """A part of a layout. Unknown words are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Part):
    """A condition on one of the supplier's fields. ``reason`` is printed wherever rows are left out because of it."""

    field: str
    equals: tuple[str, ...] = ()
    matching: str | None = None
    not_matching: str | None = None
    empty: bool = False
    reason: Text | None = None

    def holds(self, word: str | None) -> bool:
        """Whether a cell's text (None: empty) meets the condition."""
        if word is None or not word.strip():
            return self.empty
        word = word.strip()
        if self.equals and word in self.equals:
            return True
        if self.matching and re.search(self.matching, word):
            return True
        return bool(self.not_matching and not re.search(self.not_matching, word))


class Header(Part):
    """Where the header row is: a row number, or the words that stand in it."""

    row: int | None = None
    find: tuple[str, ...] = ()
    rows: int = 1
    within: int = 60


class Above(Part):
    """A fact that stands once for the whole table, outside its rows.

    Beside a label above it (``Academic year,2014/15``), or wherever ``pattern`` finds it: in a cell above the table, in the header itself,
    in the sheet's or the file's name. The pattern's first group is the fact.
    """

    into: str
    label: str | None = None
    pattern: str | None = None
    where: Literal["above", "header", "sheet", "file"] = "above"

    @model_validator(mode="after")
    def _says_how(self) -> Above:
        if (self.label is None) == (self.pattern is None) or (self.label and self.where != "above"):
            raise ValueError("say a label above the table, or a pattern and where it is found")
        return self


WHERE = {
    "above": {"where_en": "the lines above the table", "where_tr": "tablonun üstündeki satırlar"},
    "header": {"where_en": "the header", "where_tr": "başlık satırı"},
    "sheet": {"where_en": "the sheet's name", "where_tr": "sayfanın adı"},
    "file": {"where_en": "the file's name", "where_tr": "dosyanın adı"},
}
"""Where a fact stands, in words."""


class RowTotal(Part):
    """A field that is the sum of those beside it: E + K = T. Rows in which it is not are asked."""

    total: str
    parts: tuple[str, ...]


class Repair(Part):
    """Cells that a known accident spoilt in this supplier's file, and that can be read back without a guess. What was read back is said.

    ``decimals_from_dates``: a spreadsheet took 9.75 for September 1975 and 9.5 for 9 May ("Sep-75", "09. Mai").
    """

    field: str
    how: Literal["decimals_from_dates"]
    reason: Text


class Tree(Part):
    """An XML document: its root, the element that is one record, and what stands in it. Elements go by their local names.

    A path is ElementTree's (``partner[1]/hei-id``, ``other-id[@type='pic']``), ``@attribute`` at its end, ``@name`` for the element's own
    name; the first of alternatives parted by " | " that has a text counts. Our field → its path.
    """

    root: str
    record: str = "."
    rows: str | None = None
    """Elements inside a record that are rows of their own; a record without any is one row."""
    columns: dict[str, str]
    row_columns: dict[str, str] = {}
    keys: tuple[str, ...] = ()
    """Fields that at least one record must have: without them it is another document."""
    people: tuple[str, ...] = ()
    """Elements that name people: their content is cut out before anything is kept."""
    ignore: tuple[str, ...] = ()


class Prepared(Part):
    """A question to the supplier's rows (``given``: its fields as text, and "row") whose answer is read in their place.

    For facts that lie in several rows, such as the places of one agreement. ``places``: a new field → the field whose cell it is followed
    back to.
    """

    sql: str
    places: dict[str, str]


class Lookup(Part):
    """A companion file that explains codes of this one: the row whose ``key`` equals ``field`` lends the columns in ``take``."""

    file: str
    field: str
    key: str
    take: dict[str, str]


class Unpivot(Part):
    """One of the supplier's columns that becomes rows: its cells are the value, ``set`` says what the column stood for."""

    field: str
    set: dict[str, str] = {}


class Feed(Part):
    """What one of our sources takes from each row. ``columns``: ours → the supplier's field, or several, joined by " · "."""

    source: str
    columns: dict[str, str | tuple[str, ...]] = {}
    constants: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    scales: dict[str, float] = {}
    """Our column → what its numbers are multiplied with: months → days."""
    value: str | None = None
    unpivot: tuple[Unpivot, ...] = ()
    keep: tuple[Rule, ...] = ()
    only_ours: bool = False
    """Only rows of the institution that the file is handed in for; rows of no feed are asked."""
    number_repeats: bool = False
    skip_empty_values: bool = False

    @property
    def value_column(self) -> str | None:
        """Our column whose cell is the number itself: the one a figure is followed back to."""
        measured = {"mobility": "participants", "country_distribution": "headcount", "yearly_figures": "value", "goals": "target"}
        return self.value or measured.get(self.source)


class Ask(Rule):
    """What a person is told where a condition holds on a row."""

    code: str
    severity: Literal["error", "query", "info"]
    what: Text
    remedy: Text

    @model_validator(mode="after")
    def _reasoned(self) -> Ask:
        if not self.reason:
            raise ValueError(f"{self.code} has no reason")
        return self


class Explained(Part):
    """A query that this supplier's files always raise, answered once."""

    rule: str
    reason: Text
