"""Whose file looks how: one TOML per supplier's layout.

A layout says where the header is, what the supplier's columns are called, which rows are no data, and which of our sources the
rest feeds. A file that follows our own template needs none: its layout is made from the source.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import MeridianError, Place
from pipelines.knowledge import Knowledge, Text, choose, load_folder
from pipelines.sources import Source, sources

FOLDER = Path(__file__).resolve().parent.parent / "layouts"


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


class Layout(Knowledge):
    """The description of one supplier's file."""

    title: Text
    supplier: str
    licence: str = ""
    show_names: bool | None = None
    """Whether the licence lets everybody read whose figures these are; None: our own templates do, a supplier's list does not."""
    series: str
    rank: int = 50
    """Which series is primary where several state the same: the lowest."""
    kind: Literal["template", "supplier", "own"] = "supplier"
    """``template``: our workbook. ``supplier``: a published list. ``own``: an office's workbook, as its people explained it."""
    part: str | None = None
    """Regular expression on the file's name: which part of its years a file fills, beside the others of a release cut in another way."""
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    """Regular expression on the sheet's name; None: the first sheet in which the header is found."""
    sheets: Literal["one", "all"] = "one"
    """``all``: every sheet that holds the table is read, one below the other; a sheet that does not is named."""
    institution: str | None = None
    home: str | None = None
    institution_kind: Literal["university", "country"] = "university"
    numbers: Literal["tr", "en"] | None = None
    """The supplier's documented number style, which settles 1.306; None: decided by the column, or asked."""
    dates: Literal["dmy", "mdy"] | None = None
    """The supplier's documented order of 03/04/2024, which settles it; None: decided by the column, or asked."""
    header: Header = Header()
    tree: Tree | None = None
    """Of an XML document; its fields are then those of the tree."""
    prepared: Prepared | None = None
    network_ids: bool = False
    """Institutions are named by an identifier of a network: one that no profile knows is taken for whom the person named, and asked."""
    fields: dict[str, tuple[str, ...]] = Field(default={})
    optional: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    totals: Literal["keep", "refuse", "compare"] | None = None
    """Rows of totals: data like others (suppliers'), a fault (our template), or left out and compared with what they add up."""
    row_total: str | None = None
    """A field that must equal the sum of the unpivoted ones beside it."""
    row_totals: tuple[RowTotal, ...] = ()
    """The same for tables with several such sums, one for each level."""
    carried: tuple[str, ...] = ()
    """Fields whose word stands once, in the first row of its block: merged down, or left empty below."""
    repairs: tuple[Repair, ...] = ()
    above: tuple[Above, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    leave_out: tuple[Rule, ...] = ()
    asks: tuple[Ask, ...] = ()
    explained: tuple[Explained, ...] = ()
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Our column → the supplier's word → our code, in every feed; a feed's own words go before."""
    feeds: tuple[Feed, ...] = Field(min_length=1)

    @property
    def names_shown(self) -> bool:
        """Whether the institutions of the file may be named beside their figures to others; else they are numbered. Countries may."""
        return self.kind == "template" or self.institution_kind == "country" if self.show_names is None else self.show_names

    @model_validator(mode="before")
    @classmethod
    def _fields_of_a_tree(cls, told: dict[str, Any]) -> dict[str, Any]:
        tree = told.get("tree")
        if not tree or told.get("fields"):
            return told
        paths = {"line": "line", "number": "number", **tree.get("columns", {}), **tree.get("row_columns", {})}
        return told | {"fields": {name: (path,) for name, path in paths.items()}}

    @model_validator(mode="after")
    def _names_exist(self) -> Layout:
        if not self.fields:
            raise ValueError("it has no fields")
        known = set(self.fields) | {a.into for a in self.above} | {name for look in self.lookups for name in look.take}
        known |= set(self.prepared.places) if self.prepared else set()
        used = {rule.field for rule in (*self.leave_out, *self.asks)} | ({self.row_total} if self.row_total else set()) | set(self.carried)
        used |= {one.field for one in self.repairs} | {name for one in self.row_totals for name in (one.total, *one.parts)}
        for feed in self.feeds:
            if feed.source not in sources():
                raise ValueError(f"there is no source {feed.source}")
            ours = {column.name for column in sources()[feed.source].columns} | {"institution_country"}
            given = (
                set(feed.columns)
                | set(feed.constants)
                | set(feed.words)
                | set(feed.scales)
                | {n for part in feed.unpivot for n in part.set}
            )
            if given - ours:
                raise ValueError(f"{feed.source} has no column {', '.join(sorted(given - ours))}")
            used |= {name for fields in feed.columns.values() for name in ([fields] if isinstance(fields, str) else fields)}
            used |= {part.field for part in feed.unpivot} | {rule.field for rule in feed.keep}
        fed = {column.name for feed in self.feeds for column in sources()[feed.source].columns}
        if set(self.words) - fed:
            raise ValueError(f"no source fed has a column {', '.join(sorted(set(self.words) - fed))}")
        if used - known:
            raise ValueError(f"unknown field {', '.join(sorted(used - known))}")
        return self


def part_of(chosen: Layout, file: str) -> str:
    """Which part of its slots a file fills, as its name tells; empty: it is the whole. Raises T129 where the name does not tell it."""
    if not chosen.part:
        return ""
    found = re.search(chosen.part, file)
    if not found:
        raise MeridianError("T129", Place(file), into="part", shown=file[:120], **WHERE["file"])
    return found[1]


def given(told: dict[str, Any]) -> Layout:
    """A layout that is not shipped but came with a file, as a person explained it. Raises H103 naming what does not fit."""
    try:
        made = Layout.model_validate({"id": "own", **told})
        if made.prepared and made.prepared not in [one.prepared for one in layouts().values()]:
            raise MeridianError("H103", detail="prepared")  # a question in SQL comes with the product only
        return made
    except ValidationError as error:
        raise MeridianError("H103", detail="; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])) from error


@cache
def layouts() -> dict[str, Layout]:
    """Every shipped layout by name."""
    return load_folder(FOLDER, Layout)


def layout(name: str) -> Layout:
    """One layout: a supplier's, or a source's own template. Raises K101."""
    return template(sources()[name]) if name in sources() else choose("layout", name, layouts())


@cache
def template(source: Source) -> Layout:
    """The layout of our own template: headers in English or Turkish, our names, or any also-known-as word."""
    fields: dict[str, Any] = {c.name: (c.name, c.en, c.tr, *c.also) for c in source.columns}
    return Layout(
        id=source.name,
        title=source.title,
        supplier="",
        series=source.name,
        rank=10,
        kind="template",
        header=Header(within=25),
        fields=fields,
        optional=tuple(column.name for column in source.columns if not column.required or column.name == "institution"),
        feeds=(Feed(source=source.name, columns={column.name: column.name for column in source.columns}),),
    )
