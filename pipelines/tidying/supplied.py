"""The supplier's table before it becomes ours: its columns by field, every cell with its place, and the rows that are no data taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.codes.words import fold
from pipelines.errors import Finding, MeridianError, Place, letters
from pipelines.formats import doubts
from pipelines.formats.personal import personal_data
from pipelines.layouts import Layout, Rule
from pipelines.tidying.arrays import constant, encoded
from pipelines.tidying.corrections import corrected
from pipelines.tidying.headers import Located

SHOWN = 100
"""How many places of one fault are listed; its count is always exact."""


@dataclass
class Supplied:
    """The supplier's columns by field: dictionary-encoded text, null where empty; where they stand, and the numbers of the rows.

    ``typed`` are the words of a field that stood in cells of numbers or dates only: exact, whatever the language of the file.
    """

    fields: dict[str, pa.DictionaryArray]
    positions: dict[str, int]
    typed: dict[str, set[str]]
    rows: pa.Array
    place: Place
    findings: list[Finding] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, mask: pa.BooleanArray) -> Supplied:
        """Some of the rows; findings go on into the same list."""
        kept = {name: array.filter(mask) for name, array in self.fields.items()}
        return Supplied(kept, self.positions, self.typed, self.rows.filter(mask), self.place, self.findings)

    def where(self, mask: pa.BooleanArray, name: str) -> tuple[Place, ...]:
        """The first places of a field's cells in the rows of a mask."""
        rows = self.rows.filter(mask).slice(0, SHOWN).to_pylist()
        return tuple(Place(self.place.file, self.place.sheet, row, self.positions.get(name)) for row in rows)

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
        table.fields[above.into] = constant(_above(located, above.label, place), len(table))
    return table


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


def _above(located: Located, label: str, place: Place) -> str:
    """The cell after the label in the rows above the header."""
    for row in located.sheet.peek(located.row - 1):
        for at, word in enumerate(row[:-1]):
            if fold(word) == fold(label) and row[at + 1].strip():
                return row[at + 1].strip()
    raise MeridianError("T116", place, label=label)


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
