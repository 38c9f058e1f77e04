"""A supplier's table becomes ours: header → column, words → codes, "17" → 17.

What cannot be resolved is collected, all of it, with its place; nothing is dropped or guessed. Every distinct word is looked up
once, so a million rows cost little more than a thousand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import companions
from pipelines.arrays import constant, encoded, recoded
from pipelines.codes import countries, institutions, programmes
from pipelines.codes.words import fold
from pipelines.columns import Converted, clean, convert
from pipelines.errors import Finding, MeridianError, Place, Refused, letters
from pipelines.formats.personal import personal_data
from pipelines.headers import Located, locate
from pipelines.layouts import Feed, Layout, Rule, Unpivot
from pipelines.read import Sheet
from pipelines.sources import ARROW, Column, Source, sources

TOTALS = frozenset(map(fold, ("total", "totals", "toplam", "genel toplam", "grand total", "sum", "subtotal", "ara toplam", "المجموع")))
SHOWN = 100
"""How many places of one fault are listed; its count is always exact."""


@dataclass(frozen=True)
class Handed:
    """What a person says when handing in a file: whose it is, which country is home, provisional or final."""

    file: str = ""
    institution: str | None = None
    home: str | None = None
    status: str | None = None
    folder: Path | None = None


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


@dataclass
class _Table:
    """The supplier's columns by field: dictionary-encoded text, null where empty; their letters; the row numbers."""

    fields: dict[str, pa.DictionaryArray]
    positions: dict[str, int]
    typed: dict[str, set[str]]
    rows: pa.Array
    place: Place
    findings: list[Finding] = field(default_factory=list)

    def take(self, mask: pa.BooleanArray) -> _Table:
        kept = {name: array.filter(mask) for name, array in self.fields.items()}
        return _Table(kept, self.positions, self.typed, self.rows.filter(mask), self.place, self.findings)


def tidy(sheets: list[Sheet], layout: Layout, handed: Handed) -> Tidied:
    """All tables that the layout feeds. Raises Refused when the table itself cannot be found or is empty."""
    located = locate(sheets, layout, handed.file)
    table = _raw(located, layout, handed)
    beside = companions.lend(table.fields, table.rows, table.place, layout, handed.folder, table.findings)
    table = _leave_out(table, layout.leave_out)
    if not len(table.rows):
        raise Refused([*table.findings, Finding("T117", table.place)])
    if layout.kind == "template":
        table = _refuse_totals(table)
    built = [(feed.source, *_feed(table, feed, layout, handed)) for feed in layout.feeds]
    tables = {name: pa.concat_tables([t for n, t, _ in built if n == name]) for name, _, _ in built}
    columns: dict[str, dict[str, str]] = {}
    for name, _, where in built:
        columns.setdefault(name, {}).update(where)
    return Tidied(layout, tables, columns, [*located.findings, *table.findings], located.names, located.sheet.name, beside)


def _raw(located: Located, layout: Layout, handed: Handed) -> _Table:
    body = located.sheet.body(located.row, layout.header.rows)
    place = Place(handed.file, located.sheet.name, located.row)
    fields = {name: encoded(body.table[str(position)]) for name, position in located.positions.items()}
    typed = {name: _typed_words(fields[name], body.typed.get(str(at))) for name, at in located.positions.items()}
    rows = body.table["row"].combine_chunks()
    table = _Table(fields, located.positions, typed, rows, place, list(body.findings))
    if layout.kind == "template":
        # Our templates hold counts only; a supplier's published list may well name towns, codes and telephone-like numbers.
        table.findings += personal_data(located.names, body.table, place)
    for above in layout.above:
        table.fields[above.into] = constant(_above(located, above.label, place), len(rows))
    return table


def _above(located: Located, label: str, place: Place) -> str:
    """The cell after the label in the rows above the header."""
    for row in located.sheet.peek(located.row - 1):
        for at, word in enumerate(row[:-1]):
            if fold(word) == fold(label) and row[at + 1].strip():
                return row[at + 1].strip()
    raise MeridianError("T116", place, label=label)


def _typed_words(array: pa.DictionaryArray, mask: pa.BooleanArray | None) -> set[str]:
    """Words that only stood in typed cells (numbers, dates): exact, whatever the language of the file."""
    if mask is None:
        return set()
    typed, text = array.filter(mask), array.filter(pc.invert(mask))
    return set(pc.unique(typed.cast(pa.string())).to_pylist()) - set(pc.unique(text.cast(pa.string())).to_pylist()) - {None}


def _mask(array: pa.DictionaryArray, rule: Rule) -> pa.BooleanArray:
    held = pa.array([rule.holds(word) for word in array.dictionary.to_pylist()], pa.bool_()).take(array.indices)
    return pc.fill_null(held, rule.holds(None))


def _leave_out(table: _Table, rules: Iterable[Rule]) -> _Table:
    """The rows that are data; what was left out is said, with its reason."""
    for rule in rules:
        out = _mask(table.fields[rule.field], rule)
        if count := pc.sum(out).as_py():
            reason = rule.reason or {"en": rule.field, "tr": rule.field}
            where = _places(table, out, rule.field)
            table.findings.append(Finding("T111", where[0], {"reason": reason["en"]}, count, where))
            table = table.take(pc.invert(out))
    return table


def _refuse_totals(table: _Table) -> _Table:
    """A total row among the data is one finding; its cells are not complained about a second time."""
    for name, array in table.fields.items():
        words = [word for word in array.dictionary.to_pylist() if word and fold(word) in TOTALS]
        if not words:
            continue
        mask = pc.fill_null(pc.is_in(array.cast(pa.string()), pa.array(words)), False)
        if count := pc.sum(mask).as_py():
            where = _places(table, mask, name)
            table.findings.append(Finding("T112", where[0], {"word": words[0]}, count, where))
            table = table.take(pc.invert(mask))
    return table


def _places(table: _Table, mask: pa.BooleanArray, name: str) -> tuple[Place, ...]:
    column = table.positions.get(name)
    rows = table.rows.filter(mask).slice(0, SHOWN).to_pylist()
    return tuple(Place(table.place.file, table.place.sheet, row, column) for row in rows)


def _feed(table: _Table, feed: Feed, layout: Layout, handed: Handed) -> tuple[pa.Table, dict[str, str]]:
    source = sources()[feed.source]
    kept = table.take(reduce(pc.and_, (_mask(table.fields[rule.field], rule) for rule in feed.keep))) if feed.keep else table
    parts = [_part(kept, feed, part, source, layout, handed) for part in feed.unpivot or (None,)]
    whole = pa.concat_tables(parts)
    if feed.skip_empty_values and feed.value_column:
        whole = whole.filter(pc.is_valid(whole[feed.value_column]))
    if feed.number_repeats:
        whole = companions.number_repeats(whole, source, table.place, table.findings)
    return whole, _letters(table, feed)


def _letters(table: _Table, feed: Feed) -> dict[str, str]:
    """Our column → the letter of the supplier's (its first, where several are joined or unpivoted)."""
    first = {ours: name if isinstance(name, str) else name[0] for ours, name in feed.columns.items()}
    if feed.unpivot and feed.value_column:
        first[feed.value_column] = feed.unpivot[0].field
    return {ours: letters(table.positions[name]) for ours, name in first.items() if name in table.positions}


def _part(table: _Table, feed: Feed, part: Unpivot | None, source: Source, layout: Layout, handed: Handed) -> pa.Table:
    """One source's rows from the supplier's rows: every column of the source's schema."""
    fields = dict(feed.columns) | ({feed.value_column: part.field} if part and feed.value_column else {})
    constants = feed.constants | (part.set if part else {})
    arrays: dict[str, pa.Array] = {}
    extra: dict[str, Converted] = {}
    for column in source.columns:
        raw, name = _words(table, column, fields, constants)
        result = extra[column.name] = _converted(table, column, raw, name, layout, feed.words.get(column.name, {}))
        arrays[column.name] = recoded(raw, result.values, ARROW[column.kind])
        if column.kind == "institution":
            arrays |= _institution(table, raw, arrays[column.name], layout, handed)
    if "institution_country" in fields:
        raw, name = _words(table, _COUNTRY, {"institution_country": fields["institution_country"]}, {})
        arrays["institution_country"] = recoded(raw, _converted(table, _COUNTRY, raw, name, layout, {}).values, pa.string())
    if layout.institution_kind == "university" and "institution_country" in fields:
        arrays["institution"] = _told_apart(arrays["institution"], arrays["institution_country"])
    _derive(source, arrays, table, layout, handed, extra, fields)
    value = fields.get(feed.value_column or "")
    value = value if isinstance(value, str) else None
    arrays |= {
        "sheet": constant(table.place.sheet, len(table.rows)),
        "row": table.rows,
        "col": constant(letters(table.positions[value]) if value in table.positions else None, len(table.rows)),
    }
    schema = source.schema
    return pa.table({one.name: _as(arrays[one.name], one.type) for one in schema})


def _as(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Text as dictionary in every part, so that parts can be put together; anything else as the schema says."""
    if kind == pa.string():
        return array if pa.types.is_dictionary(array.type) else array.cast(pa.string()).dictionary_encode()
    return array if array.type == kind else array.cast(kind)


_COUNTRY = Column("institution_country", "country", "Institution's country", "Kurumun ülkesi")


def _words(table: _Table, column: Column, fields: dict[str, Any], constants: dict[str, str]) -> tuple[pa.DictionaryArray, str | None]:
    """The supplier's words for one of our columns, and the field they stand in (None for a constant)."""
    named = fields.get(column.name)
    if column.name in constants:
        return constant(constants[column.name], len(table.rows)), None
    if named is None or (isinstance(named, str) and named not in table.fields):
        return constant(None, len(table.rows)), None
    if isinstance(named, str):
        return table.fields[named], named
    texts = [table.fields[one].cast(pa.string()) for one in named if one in table.fields]
    return encoded(pc.binary_join_element_wise(*texts, " · ", null_handling="skip")), named[0]


def _converted(table: _Table, column: Column, raw: pa.DictionaryArray, name: str | None, layout: Layout, own: dict[str, str]) -> Converted:
    found = [word for word in raw.dictionary.to_pylist() if word]
    if len(raw) == raw.null_count:
        return Converted({})
    result = convert(column, found, table.typed.get(name or "", set()), layout, own)
    if result.faults:
        table.findings.extend(_complaints(table, raw, name, result))
    return result


def _complaints(table: _Table, raw: pa.DictionaryArray, name: str | None, result: Converted) -> list[Finding]:
    """One finding per faulty word that really occurs, each with its places; rows cut off by ``keep`` do not count."""
    known: set[tuple[str, str]] = {
        (f.code, str(f.values.get("word"))) for f in table.findings if f.place.column == table.positions.get(name or "")
    }
    findings = []
    for word, (code, values) in result.faults.items():
        mask = pc.fill_null(pc.equal(raw.cast(pa.string()), word), False)
        count = pc.sum(mask).as_py() or 0
        if count and (code, word) not in known:
            where = _places(table, mask, name or "")
            findings.append(Finding(code, where[0], values, count, where))
    return findings


def _institution(table: _Table, raw: pa.DictionaryArray, codes: pa.Array, layout: Layout, handed: Handed) -> dict[str, pa.Array]:
    """Who the rows are about: the column, or whom the person named. Both must agree."""
    given = layout.institution or handed.institution
    length = len(table.rows)
    if raw.null_count == length:
        if not given:
            raise Refused([*table.findings, Finding("T109", table.place)])
        code = institutions.resolve(given).code
        country = institutions.country(code) or handed.home or layout.home
        return {
            "institution": constant(code, length),
            "institution_name": constant(given, length),
            "institution_country": constant(country, length),
        }
    names = {word: clean(word) for word in raw.dictionary.to_pylist() if word}
    found = {code for code in codes.dictionary.to_pylist() if code}
    if handed.institution and found - {institutions.resolve(handed.institution).code}:
        table.findings.append(Finding("T119", table.place, {"found": ", ".join(sorted(found)[:5]), "given": handed.institution}))
    homes = {code: institutions.country(code) or handed.home or layout.home for code in found}
    return {"institution_name": recoded(raw, names, pa.string()), "institution_country": recoded(codes, homes, pa.string())}


def _told_apart(codes: pa.DictionaryArray, homes: pa.DictionaryArray) -> pa.DictionaryArray:
    """Two institutions of one name in two countries are two: their codes end in the country's."""
    pairs = set(zip(codes.cast(pa.string()).to_pylist(), homes.cast(pa.string()).to_pylist(), strict=True))
    shared = {code for code, times in Counter(code for code, _ in pairs).items() if times > 1}
    if not shared:
        return codes
    both = zip(codes.cast(pa.string()).to_pylist(), homes.cast(pa.string()).to_pylist(), strict=True)
    return pa.array([f"{code}-{(home or 'xxx').lower()}" if code in shared else code for code, home in both]).dictionary_encode()


def _derive(
    source: Source,
    arrays: dict[str, pa.Array],
    table: _Table,
    layout: Layout,
    handed: Handed,
    extra: dict[str, Converted],
    fields: dict[str, Any],
) -> None:
    """The columns that follow from others: domestic, international, the end of a period, the status."""
    length = len(table.rows)
    names = {name for name, _ in source.derived}
    if "domestic" in names:
        inside = {code: code in programmes.domestic() for code in arrays["programme"].dictionary.to_pylist()}
        arrays["domestic"] = pc.fill_null(recoded(arrays["programme"], inside, pa.bool_()), False)
    if "international" in names:
        arrays["international"] = _international(arrays, table, handed)
    if source.name == "yearly_figures":
        _complete_period(arrays, table, extra["year_from"], fields)
        arrays["precision"] = _filled(arrays["precision"], "exact")
    if "status" in arrays:
        arrays["status"] = _filled(arrays["status"], handed.status or "final")
    arrays.setdefault("institution_country", constant(None, length))


def _filled(array: pa.Array, word: str) -> pa.Array:
    return pc.fill_null(array.cast(pa.string()), word).dictionary_encode()


def _international(arrays: dict[str, pa.Array], table: _Table, handed: Handed) -> pa.Array:
    """Citizenship other than the institution's country; unknown citizenship (XXX) is neither, hence null."""
    homes = arrays["institution_country"]
    if homes.null_count == len(homes):
        who = next(iter(arrays["institution"].dictionary.to_pylist()), "")
        table.findings.append(Finding("T110", table.place, {"institution": who}))
    country = recoded(arrays["country"], {c: c for c in arrays["country"].dictionary.to_pylist() if c != countries.UNKNOWN}, pa.string())
    return pc.not_equal(country.cast(pa.string()), homes.cast(pa.string()))


def _complete_period(arrays: dict[str, pa.Array], table: _Table, converted: Converted, fields: dict[str, Any]) -> None:
    """A period written in one cell ("2015–2023") fills both years; one year alone begins and ends in itself."""
    named = fields.get("year_from")
    ends = recoded(table.fields[named], converted.until, pa.int32()) if isinstance(named, str) and converted.until else None
    arrays["year_to"] = pc.coalesce(*[a for a in (arrays["year_to"], ends, arrays["year_from"]) if a is not None])
