"""The supplier's table before it becomes ours: its columns by field, every cell with its place, and the rows that are no data taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.codes import numbers
from pipelines.codes.words import fold
from pipelines.errors import Finding, MeridianError, Place, letters
from pipelines.formats import doubts
from pipelines.formats.personal import personal_data
from pipelines.layout_parts import WHERE, Above, Rule
from pipelines.layouts import Layout
from pipelines.tidying.arrays import constant, encoded, recoded
from pipelines.tidying.corrections import corrected
from pipelines.tidying.headers import Located

SHOWN = 100
"""How many places of one fault are listed; its count is always exact."""


@dataclass
class Supplied:
    """The supplier's columns by field: dictionary-encoded text, null where empty; where they stand, and the numbers of the rows.

    ``typed`` are the words of a field that stood in cells of numbers or dates only: exact, whatever the language of the file.
    ``origin``: where the rows of several sheets were put together, the number of each row's sheet in ``origins`` (place and positions).
    """

    fields: dict[str, pa.DictionaryArray]
    positions: dict[str, int]
    typed: dict[str, set[str]]
    rows: pa.Array
    place: Place
    findings: list[Finding] = field(default_factory=list)
    origin: pa.Array | None = None
    origins: tuple[tuple[Place, dict[str, int]], ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, mask: pa.BooleanArray) -> Supplied:
        """Some of the rows; findings go on into the same list."""
        kept = {name: array.filter(mask) for name, array in self.fields.items()}
        origin = self.origin.filter(mask) if self.origin is not None else None
        return replace(self, fields=kept, rows=self.rows.filter(mask), origin=origin)

    def where(self, mask: pa.BooleanArray, name: str) -> tuple[Place, ...]:
        """The first places of a field's cells in the rows of a mask."""
        rows = self.rows.filter(mask).slice(0, SHOWN).to_pylist()
        if self.origin is None:
            return tuple(Place(self.place.file, self.place.sheet, row, self.positions.get(name)) for row in rows)
        found = [self.origins[at] for at in self.origin.filter(mask).slice(0, SHOWN).to_pylist()]
        return tuple(Place(place.file, place.sheet, row, at.get(name)) for (place, at), row in zip(found, rows, strict=True))

    def sheets(self) -> pa.Array:
        """The name of each row's sheet."""
        if self.origin is None:
            return constant(self.place.sheet, len(self))
        return pa.DictionaryArray.from_arrays(self.origin, pa.array([place.sheet or "" for place, _ in self.origins]))

    def columns(self, name: object) -> pa.Array:
        """The letter of a field's column in each row's sheet."""
        if self.origin is None:
            return constant(self.letter(name), len(self))
        at = [positions.get(name) if isinstance(name, str) else None for _, positions in self.origins]
        return pa.array([letters(one) if one else None for one in at], pa.string()).take(self.origin)

    def letter(self, name: object) -> str | None:
        """The letter of a field's column; None for what stands in no column."""
        return letters(self.positions[name]) if isinstance(name, str) and name in self.positions else None


def supplied(located: Located, layout: Layout, file: str, fixes: Mapping[str, str] | None = None) -> Supplied:
    """The body of a located table, corrected where a person did (cell → its text).

    Raises Refused where its rows do not fit the header, T116 where a fact above it is missing.
    """
    body = located.sheet.body(located.row, layout.header.rows)
    if fixes:
        corrected(body, located.sheet, fixes)
    place = Place(file, located.sheet.name, located.row)
    fields = {name: encoded(body.table[str(at)]) for name, at in located.positions.items()}
    typed = {name: _typed_words(fields[name], body.typed.get(str(at))) for name, at in located.positions.items()}
    table = Supplied(fields, located.positions, typed, body.table["row"].combine_chunks(), place, list(body.findings))
    if layout.kind != "supplier":
        table.findings = _strict(table.findings)
        # Our templates hold counts only; a supplier's published list may well name towns, codes and telephone-like numbers.
        table.findings += personal_data(located.names, body.table, place)
        table.findings += [*_nameless(located, body.table, place), *doubts.lost_letters(body.table, place)]
    for above in layout.above:
        table.fields[above.into] = constant(_above(located, layout, above, place), len(table))
    _repair(table, layout)
    _carry(table, layout)
    return table


def _carry(table: Supplied, layout: Layout) -> None:
    """Fills the words down that stand once for a block of rows; that such cells are merged need not be asked then."""
    for name in set(layout.carried) & set(table.fields):
        table.fields[name] = encoded(pc.fill_null_forward(table.fields[name].cast(pa.string())))
        at = table.positions.get(name)
        answered = [one for one in table.findings if one.code == "Q244" and one.place.column == at and one.values["width"] == 1]
        table.findings = [one for one in table.findings if one not in answered]


def together(tables: list[Supplied]) -> Supplied:
    """The rows of several sheets as one table. A word counts as typed where it stands nowhere as text."""
    if len(tables) == 1:
        return tables[0]
    names = list(dict.fromkeys(name for table in tables for name in table.fields))
    fields = {name: encoded(pa.concat_arrays([_text(table, name) for table in tables])) for name in names}
    texts: dict[str, set[str]] = {name: set() for name in names}
    for table in tables:
        for name, array in table.fields.items():
            texts[name] |= set(array.dictionary.to_pylist()) - table.typed.get(name, set())
    typed = {name: set().union(*(table.typed.get(name, set()) for table in tables)) - texts[name] for name in names}
    origin = pa.array([number for number, table in enumerate(tables) for _ in range(len(table))], pa.int32())
    positions = {name: at for table in reversed(tables) for name, at in table.positions.items()}
    findings = _merged([finding for table in tables for finding in table.findings])
    rows = pa.concat_arrays([table.rows for table in tables])
    return Supplied(fields, positions, typed, rows, tables[0].place, findings, origin, tuple((t.place, t.positions) for t in tables))


def _merged(findings: list[Finding]) -> list[Finding]:
    """What is only told, and is the same on several sheets, is told once."""
    told: dict[tuple[Any, ...], Finding] = {}
    for one in findings:
        same: tuple[Any, ...] = (id(one),)
        if one.severity == "info":
            same = (one.code, *sorted((name, str(word)) for name, word in one.values.items() if name != "row"))
        if before := told.get(same):
            one = replace(before, count=before.count + one.count, places=(*before.places, *one.places)[:SHOWN])
        told[same] = one
    return list(told.values())


def _text(table: Supplied, name: str) -> pa.Array:
    return table.fields[name].cast(pa.string()) if name in table.fields else pa.nulls(len(table), pa.string())


def _repair(table: Supplied, layout: Layout) -> None:
    """Reads back what a known accident spoilt; how many cells, and why, is said."""
    for repair in layout.repairs:
        array = table.fields.get(repair.field)
        words = array.dictionary.to_pylist() if array is not None else []
        mended = {word: number for word in words if word and (number := numbers.decimal_from_date(word))}
        if not mended or array is None:
            continue
        spoilt = pc.fill_null(pc.is_in(array.cast(pa.string()), pa.array(list(mended))), False)
        where = table.where(spoilt, repair.field)
        told = {"word": next(iter(mended)), "number": mended[next(iter(mended))]}
        told |= {f"reason_{language}": text for language, text in repair.reason.items()}
        table.findings.append(Finding("T130", where[0], told, pc.sum(spoilt).as_py(), where))
        table.fields[repair.field] = recoded(array, {word: mended.get(word, word) for word in words}, pa.string())


def _nameless(located: Located, cells: pa.Table, place: Place) -> list[Finding]:
    """Columns that hold cells under an empty header: a name that was deleted, or merged with the one beside it, would go unread unsaid."""
    findings = []
    for at in range(1, cells.num_columns):
        name = located.names[at - 1] if at <= len(located.names) else ""
        if name.strip() or at in located.positions.values() or cells[str(at)].null_count == len(cells):
            continue
        filled = cells["row"].filter(pc.is_valid(cells[str(at)]))
        findings.append(Finding("T127", replace(place, row=filled[0].as_py(), column=at), {"column": letters(at)}, len(filled)))
    return findings


def _strict(findings: list[Finding]) -> list[Finding]:
    """In our own shape every row stands for itself: merged cells leave rows without their words, which no note can mend."""
    return [replace(finding, code="T120") if finding.code == "Q244" else finding for finding in findings]


def _above(located: Located, layout: Layout, above: Above, place: Place) -> str:
    """The fact that stands once for the table. Raises T116 (no such label), T129 (the pattern is nowhere)."""
    lines = located.sheet.peek(located.row - 1) if located.row > 1 else []
    if above.label:
        for row in lines:
            for at, word in enumerate(row[:-1]):
                if fold(word) == fold(above.label) and row[at + 1].strip():
                    return row[at + 1].strip()
        raise MeridianError("T116", place, label=above.label)
    header = located.sheet.peek(located.row + layout.header.rows - 1)[located.row - 1 :]
    cells = {"above": lines, "header": header, "sheet": [[place.sheet or ""]], "file": [[place.file or ""]]}[above.where]
    for word in (word for row in cells for word in row):
        if found := re.search(above.pattern or "", word):
            return found[1] if found.re.groups else found[0]
    shown = next((word for row in cells for word in row if word.strip()), "–")[:120]
    raise MeridianError("T129", place, into=above.into, shown=shown, **WHERE[above.where])


def _typed_words(array: pa.DictionaryArray, mask: pa.BooleanArray | None) -> set[str]:
    if mask is None:
        return set()
    typed, text = array.filter(mask), array.filter(pc.invert(mask))
    return set(pc.unique(typed.cast(pa.string())).to_pylist()) - set(pc.unique(text.cast(pa.string())).to_pylist()) - {None}


def holding(table: Supplied, rule: Rule) -> pa.BooleanArray:
    """The rows in which a condition holds."""
    array = table.fields[rule.field]
    held = pa.array([rule.holds(word) for word in array.dictionary.to_pylist()], pa.bool_()).take(array.indices)
    return pc.fill_null(held, rule.holds(None))


def leave_out(table: Supplied, rules: Iterable[Rule]) -> Supplied:
    """The rows that are data; what was left out is said, with its reason."""
    for rule in rules:
        out = holding(table, rule)
        if count := pc.sum(out).as_py():
            reason = rule.reason or {"en": rule.field, "tr": rule.field}
            told = {f"reason_{language}": text for language, text in reason.items()}
            where = table.where(out, rule.field)
            table.findings.append(Finding("T111", where[0], told, count, where))
            table = table.take(pc.invert(out))
    return table
