"""The words of one column become values: each distinct word once, however many rows hold it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.codes import countries, dates, fields, institutions, numbers, words, years
from pipelines.layouts import Layout
from pipelines.sources import Column


@dataclass
class Converted:
    """Values by word; faults by word as (code, values for its sentences); the second year of a period by word."""

    values: dict[str, Any]
    faults: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    until: dict[str, int] = field(default_factory=dict)


def convert(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout, own: dict[str, str]) -> Converted:
    """Every distinct word of a column (never None or blank) as its value. ``own`` is the layout's word list for this column."""
    given = {words.fold(word): code for word, code in own.items()}
    settled = {word: given[words.fold(word)] for word in found if words.fold(word) in given}
    rest = [word for word in found if word not in settled]
    result = _BY_KIND[column.kind](column, rest, typed, layout)
    result.values.update({word: _typed_value(column, code) for word, code in settled.items()})
    return result


def clean(word: str) -> str:
    """A text as people mean it: composed, no-break and doubled blanks made one, ends trimmed."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", word)).strip()


def _typed_value(column: Column, code: str) -> Any:
    if code == "":
        return None
    if column.kind in ("count", "number"):
        return float(code)
    if column.kind == "year":
        return int(code)
    if column.kind == "date":
        return date.fromisoformat(code)
    if column.kind == "country":
        return countries.countries().choose(code)
    return code in ("yes", "true") if column.kind == "flag" else code


def _texts(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    return Converted({word: clean(word) or None for word in found})


def _matched(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    kind = column.vocabulary if column.kind == "word" else column.kind
    matches = fields.read_fields(found) if kind == "field" else dict(zip(found, map(words.matcher(str(kind)), found), strict=True))
    result = Converted({})
    for word, hit in matches.items():
        result.values[word] = _typed_value(column, hit.code) if hit.code else None
        if hit.code is None and hit.how != "missing":
            code, values = words.doubt(str(kind), word, hit)
            result.faults[word] = (code, values | {"column": column.en, "ours": column.name})
    return result


def _institutions(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    """Our own template asks where a name is near a known one; a supplier's list of thousands has near names by nature."""
    if layout.institution_kind == "country":
        return _matched(Column(column.name, "country", column.en, column.tr), found, typed, layout)
    result = Converted({})
    for word in found:
        hit = institutions.resolve(word)
        result.values[word] = hit.code
        if hit.how == "new" and hit.suggestion and layout.kind == "template":
            code, values = words.doubt("institution", word, hit)
            result.faults[word] = (code, values | {"ours": column.name})
    return result


def _erasmus_codes(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    """In the canonical form; an irregular code is kept as it stands and said."""
    result = Converted({word: institutions.erasmus_code(word) or clean(word) for word in found})
    result.faults = {word: ("W122", {"word": word, "suggestion": ""}) for word in found if not institutions.erasmus_code(word)}
    return result


def _years(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    read = years.read_years(found, period=column.name == "year_from")
    values = {word: year.start if year else None for word, year in read.values.items()}
    until = {word: year.end for word, year in read.values.items() if year and year.end is not None}
    return Converted(values, _faults(column, read), until)


def _numbers(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    read = numbers.read_numbers(found, typed, whole=column.kind == "count", style=layout.numbers)
    return Converted(dict(read.values), _faults(column, read))


def _dates(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    read = dates.read_dates(found, typed, order=layout.dates)
    return Converted(dict(read.values), _faults(column, read))


def _faults(column: Column, read: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    told = {"column": column.en}
    return {word: (code, {"word": word} | read.details.get(word, {}) | told) for word, code in read.faults.items()}


_BY_KIND = {
    "text": _texts, "word": _matched, "country": _matched, "flag": _matched, "institution": _institutions,
    "erasmus_code": _erasmus_codes, "year": _years, "count": _numbers, "number": _numbers, "date": _dates,
}  # fmt: skip
