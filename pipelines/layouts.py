"""Whose file looks how: one TOML per supplier's layout.

A layout says where the header is, what the supplier's columns are called, which rows are no data, and which of our sources the
rest feeds. A file that follows our own template needs none: its layout is made from the source.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from pipelines.errors import MeridianError, Place
from pipelines.knowledge import Knowledge, Text, choose, load_folder
from pipelines.layout_parts import WHERE, Above, Ask, Explained, Feed, Header, Lookup, Prepared, Repair, RowTotal, Rule, Tree
from pipelines.sources import Source, sources

FOLDER = Path(__file__).resolve().parent.parent / "layouts"


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
    people: tuple[str, ...] = ()
    """Columns that name people: they are not read, and their cells are emptied before the file is kept."""
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
