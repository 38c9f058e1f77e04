"""The words of one column become values: each distinct word once, however many rows hold it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.codes import countries, dates, institutions, numbers, words, years
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
    return code in ("yes", "true") if column.kind == "flag" else code


def _texts(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    return Converted({word: clean(word) or None for word in found})


def _matched(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    kind = column.vocabulary if column.kind == "word" else ("flag" if column.kind == "flag" else column.kind)
    match, result = words.matcher(kind), Converted({})
    for word in found:
        hit = match(word)
        result.values[word] = (hit.code == "yes" if column.kind == "flag" and hit.code else hit.code) if hit.code else None
        if hit.code is None and hit.how != "missing":
            result.faults[word] = _unknown(column, kind, word, hit.suggestion)
    return result


def _unknown(column: Column, kind: str, word: str, suggestion: str | None) -> tuple[str, dict[str, Any]]:
    if suggestion:
        name = countries.name(suggestion, "en") if kind == "country" else suggestion
        return "T107", {"word": word, "column": column.en, "suggestion": name}
    known = list(words.names(kind, "en").values())
    shown = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
    return "T106", {"word": word, "column": column.en, "known": shown}


def _institutions(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    if layout.institution_kind == "country":
        return _matched(Column(column.name, "country", column.en, column.tr), found, typed, layout)
    return Converted({word: institutions.resolve(word).code for word in found})


def _years(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    result, period = Converted({}), column.name == "year_from"
    for word in found:
        year = years.parse(word)
        if year is None or (year.end is not None and year.end != year.start and not period):
            result.values[word] = None
            result.faults[word] = ("T108", {"word": word, "column": column.en, **_YEAR})
            continue
        result.values[word] = year.start
        if year.end is not None:
            result.until[word] = year.end
    return result


def _numbers(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    style = {"style": layout.numbers} if layout.numbers else {}
    read = numbers.read_numbers(found, typed, whole=column.kind == "count", **style)
    faults = {word: (code, {"word": word, "column": column.en}) for word, code in read.faults.items()}
    return Converted(dict(read.values), faults)


def _dates(column: Column, found: Sequence[str], typed: Collection[str], layout: Layout) -> Converted:
    read = dates.read_dates(found, typed)
    faults = {word: (code, {"word": word, "column": column.en}) for word, code in read.faults.items()}
    return Converted(dict(read.values), faults)


_YEAR = {
    "kind": "year", "kind_tr": "yıl", "shape": "2024-2025", "shape_tr": "2024-2025",
    "why": "An academic year is expected, its second part one more than its first.",
    "why_tr": "İkinci parçası birincisinden bir fazla olan bir akademik yıl bekleniyor.",
}  # fmt: skip

_BY_KIND = {
    "text": _texts, "word": _matched, "country": _matched, "flag": _matched, "institution": _institutions,
    "year": _years, "count": _numbers, "number": _numbers, "date": _dates,
}  # fmt: skip
