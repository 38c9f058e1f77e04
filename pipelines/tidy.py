"""A supplier's table becomes ours: header → column, words → codes, "17" → 17.

What cannot be resolved is collected, all of it, with its place; nothing is dropped or guessed. Every distinct word is looked up
once, so a million rows cost little more than a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import Finding, Refused
from pipelines.layout_parts import Feed, Unpivot
from pipelines.layouts import Layout
from pipelines.read import Sheet
from pipelines.sources import Column, Source, arrow, sources
from pipelines.tidying import companions
from pipelines.tidying.arrays import constant, encoded, recoded
from pipelines.tidying.columns import Converted, convert
from pipelines.tidying.headers import Located, locate_all
from pipelines.tidying.implied import Arrays, Handed, imply, told_apart, whose
from pipelines.tidying.ownership import ours, tell_strangers
from pipelines.tidying.prepared import ask, prepare
from pipelines.tidying.supplied import Supplied, holding, leave_out, supplied, together
from pipelines.tidying.totals import compare_row_totals, without_notes, without_totals

__all__ = ["Handed", "Tidied", "tidy"]

Names = dict[str, str | tuple[str, ...]]
"""Our column → the supplier's field, or several that are joined."""
HOME = Column("institution_country", "country", "Institution's country", "Kurumun ülkesi")


@dataclass
class Tidied:
    """The tables by source (``Source.schema``), where their columns stood (ours → letter), and everything that was found."""

    layout: Layout
    tables: dict[str, pa.Table]
    columns: dict[str, dict[str, str]]
    findings: list[Finding]
    header: list[str]
    sheet: str | None
    companions: tuple[Path, ...] = ()


def tidy(sheets: list[Sheet], layout: Layout, handed: Handed) -> Tidied:
    """All tables that the layout feeds. Raises Refused when the table itself cannot be found or is empty."""
    every = locate_all(sheets, layout, handed.file)
    located = every[0]
    beside: tuple[Path, ...] = ()
    found = []
    for one in every:
        table = prepare(supplied(one, layout, handed.file, handed.fixes), layout)
        beside = companions.lend(table.fields, table.rows, table.place, layout, handed.folder, table.findings)
        found.append(_data(table, layout))
    table = together([one for one in found if len(one)] or found[:1])
    if not len(table):
        raise Refused([*table.findings, Finding("T117", table.place)])
    tell_strangers(table, layout, handed)
    parts = [(feed.source, _fed(table, feed, layout, handed)) for feed in layout.feeds]
    tables = {name: pa.concat_tables([part for one, part in parts if one == name]) for name, _ in parts}
    columns: dict[str, dict[str, str]] = {}
    for feed in layout.feeds:
        columns.setdefault(feed.source, {}).update(_letters(table, feed))
    return Tidied(layout, tables, columns, _said(every, table), located.names, located.sheet.name, beside)


def _data(table: Supplied, layout: Layout) -> Supplied:
    """The rows of one sheet that are data; sums are compared where they stand."""
    table = leave_out(table, layout.leave_out)
    if not len(table):
        return table
    ask(table, layout.asks)
    table = without_notes(without_totals(table, layout), layout)
    compare_row_totals(table, layout)
    return table


def _said(every: list[Located], table: Supplied) -> list[Finding]:
    """All findings; of a column that is refused for what it holds nobody needs to hear that it is not read."""
    wrong = {(finding.place.sheet, finding.place.column) for finding in table.findings if finding.severity == "error"}
    found = [one for located in every for one in located.findings]
    of_sheets = [one for located in every for one in located.sheet.findings if one not in table.findings]
    told = (one for one in found if one.code != "T106" or (one.place.sheet, one.place.column) not in wrong)
    return [*of_sheets, *told, *table.findings]


def _fed(table: Supplied, feed: Feed, layout: Layout, handed: Handed) -> pa.Table:
    """What one feed takes from the table, as rows of its source."""
    source = sources()[feed.source]
    kept = table.take(reduce(pc.and_, (holding(table, rule) for rule in feed.keep))) if feed.keep else table
    kept = kept.take(ours(kept, feed, handed)) if feed.only_ours else kept
    whole = pa.concat_tables([_part(kept, feed, part, source, layout, handed) for part in feed.unpivot or (None,)])
    if feed.skip_empty_values and feed.value_column:
        filled = pc.is_valid(whole[feed.value_column]).combine_chunks()
        _tell_hidden(kept, feed, filled)
        whole = whole.filter(filled)
    if feed.number_repeats:
        whole = companions.number_repeats(whole, source, table.place, table.findings)
    return whole


def _tell_hidden(table: Supplied, feed: Feed, filled: pa.BooleanArray) -> None:
    """Cells with a sign in place of a number, as suppliers hide small ones: they give no row, which is said."""
    count, first = 0, None
    for at, part in enumerate(feed.unpivot):
        has_number = filled.slice(at * len(table), len(table))
        hidden = pc.and_(pc.is_valid(table.fields[part.field]), pc.invert(has_number)) if part.field in table.fields else None
        if hidden is not None and (here := pc.sum(hidden).as_py() or 0):
            first = first or (table.fields[part.field].filter(hidden)[0].as_py(), table.where(hidden, part.field))
            count += here
    if first:
        table.findings.append(Finding("T131", first[1][0], {"word": first[0]}, count, first[1]))


def _letters(table: Supplied, feed: Feed) -> dict[str, str]:
    """Our column → the letter of the supplier's (its first, where several are joined or unpivoted)."""
    first = {ours: name if isinstance(name, str) else name[0] for ours, name in feed.columns.items()}
    if feed.unpivot and feed.value_column:
        first[feed.value_column] = feed.unpivot[0].field
    return {ours: letter for ours, name in first.items() if (letter := table.letter(name))}


def _part(table: Supplied, feed: Feed, part: Unpivot | None, source: Source, layout: Layout, handed: Handed) -> pa.Table:
    """One source's rows from the supplier's rows: every column of the source's schema."""
    names: Names = dict(feed.columns) | ({feed.value_column: part.field} if part and feed.value_column else {})
    constants = feed.constants | (part.set if part else {})
    arrays: Arrays = {}
    years: Converted | None = None
    words = {name: layout.words.get(name, {}) | feed.words.get(name, {}) for name in {*layout.words, *feed.words}}
    for column in source.columns:
        raw, name = _words(table, column, names, constants)
        result = _converted(table, column, raw, name, layout, words.get(column.name, {}))
        if factor := feed.scales.get(column.name):
            result.values = {word: None if value is None else value * factor for word, value in result.values.items()}
        arrays[column.name] = recoded(raw, result.values, arrow()[column.kind])
        if column.kind == "institution":
            arrays |= whose(table, raw, arrays[column.name], layout, handed)
        if column.name == "year_from":
            years = result
    _settle_homes(table, names, arrays, layout, words.get("country", {}))
    imply(source, arrays, table, handed, years, names.get("year_from"))
    arrays |= _places(table, names.get(feed.value_column or ""))
    return pa.table({one.name: _as(arrays[one.name], one.type) for one in source.schema})


def _settle_homes(table: Supplied, names: Names, arrays: Arrays, layout: Layout, own: dict[str, str]) -> None:
    """Where the file names each institution's country: that country, and two institutions of one name told apart by it."""
    if HOME.name not in names:
        return
    raw, name = _words(table, HOME, names, {})
    arrays[HOME.name] = recoded(raw, _converted(table, HOME, raw, name, layout, own).values, pa.string())
    if layout.institution_kind == "university":
        arrays["institution"] = told_apart(arrays["institution"], arrays[HOME.name])


def _places(table: Supplied, value: object) -> Arrays:
    """Sheet, row, and the letter of the cell that holds the number."""
    return {"sheet": table.sheets(), "row": table.rows, "col": table.columns(value)}


def _as(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Text as dictionary in every part, so that parts can be put together; anything else as the schema says."""
    if kind == pa.string():
        return array if pa.types.is_dictionary(array.type) else array.cast(pa.string()).dictionary_encode()
    return array if array.type == kind else array.cast(kind)


def _words(table: Supplied, column: Column, names: Names, constants: dict[str, str]) -> tuple[pa.DictionaryArray, str | None]:
    """The supplier's words for one of our columns, and the field they stand in (None for a constant)."""
    named = names.get(column.name)
    if column.name in constants:
        return constant(constants[column.name], len(table)), None
    if named is None or (isinstance(named, str) and named not in table.fields):
        return constant(None, len(table)), None
    if isinstance(named, str):
        return table.fields[named], named
    texts = [table.fields[one].cast(pa.string()) for one in named if one in table.fields]
    return encoded(pc.binary_join_element_wise(*texts, " · ", null_handling="skip")), named[0]


def _converted(
    table: Supplied, column: Column, raw: pa.DictionaryArray, name: str | None, layout: Layout, own: dict[str, str]
) -> Converted:
    found = [word for word in raw.dictionary.to_pylist() if word]
    if len(raw) == raw.null_count:
        return Converted({})
    result = convert(column, found, table.typed.get(name or "", set()), layout, own)
    if result.faults:
        table.findings.extend(_complaints(table, raw, name, result))
    return result


def _complaints(table: Supplied, raw: pa.DictionaryArray, name: str | None, result: Converted) -> list[Finding]:
    """One finding per faulty word that really occurs, each with its places; rows cut off by ``keep`` do not count."""
    column = table.positions.get(name or "")
    known = {(one.code, str(one.values.get("word"))) for one in table.findings if one.place.column == column}
    findings = []
    for word, (code, values) in result.faults.items():
        mask = pc.fill_null(pc.equal(raw.cast(pa.string()), word), False)
        count = pc.sum(mask).as_py() or 0
        if count and (code, word) not in known:
            where = table.where(mask, name or "")
            findings.append(Finding(code, where[0], values, count, where))
    return findings
