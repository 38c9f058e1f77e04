"""Days written by people: 2024-09-01, 01.09.2024, 1 Eylül 2024; the order of 03/04/2024 is decided for a whole column, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from pipelines.codes.words import MISSING, fold, plain

Order = Literal["dmy", "mdy"]
TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){TIME}")
OTHER = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){TIME}")
NAMED = re.compile(r"(\d{1,2})[\s.-]+([^\W\d_]+)\.?[\s,-]+(\d{4})|([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})")
SERIAL = re.compile(r"[2-6]\d{4}(\.\d+)?")
EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets."""
FIRST, LAST = 1900, 2100


@dataclass(frozen=True, slots=True)
class Shape:
    """One word seen alone: the day in each order (equal where the order does not matter), or its fault."""

    dmy: date | None = None
    mdy: date | None = None
    sure: Order | None = None
    fault: str | None = None
    suggestion: str = ""


@dataclass
class Dates:
    """A column's distinct words: days (None: missing or faulty), faults (W4…), values of their sentences, the order found."""

    values: dict[str, date | None] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: Order | None = None


def read_dates(words: Iterable[str], typed: Collection[str] = (), *, order: Order | None = None) -> Dates:
    """Every distinct word of a column. ``typed`` words are date cells of a workbook, already ISO. ``order``: where a layout knows it."""
    read = Dates()
    shapes = {word: _shape(word) for word in words}
    votes = {shape.sure for shape in shapes.values() if shape.sure}
    read.order = order or (next(iter(votes)) if len(votes) == 1 else None)
    for word, shape in shapes.items():
        value, fault = _settle(shape, read.order)
        read.values[word] = value
        if fault:
            read.faults[word] = fault
            near = f"{shape.dmy} / {shape.mdy}" if shape.dmy and shape.mdy else ""
            read.details[word] = {"word": word, "near": near, "suggestion": shape.suggestion}
    return read


def _settle(shape: Shape, order: Order | None) -> tuple[date | None, str | None]:
    if shape.fault:
        return None, shape.fault
    if shape.dmy == shape.mdy or shape.sure:
        value = shape.dmy or shape.mdy
        against = order and shape.sure and shape.sure != order
        return (None, "W402") if against else (value, None)
    return (getattr(shape, order), None) if order else (None, "W402")


def _shape(word: str) -> Shape:
    text = unicodedata.normalize("NFKC", word).strip().translate({ord(dash): "-" for dash in "‐‑–—−"})
    text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    if plain(text) in MISSING:
        return Shape()
    if found := ISO.fullmatch(text):
        return _one(_day(found[1], found[3], found[4]))
    if found := OTHER.fullmatch(text):
        return _ordered(found[1], found[3], found[4], found[2])
    if found := NAMED.fullmatch(text):
        number, month, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
        if known := _months().get(fold(month)):
            return _one(_day(year, str(known), number))
    if SERIAL.fullmatch(text):
        return Shape(fault="W404", suggestion=str(EPOCH + timedelta(days=int(float(text)))))
    return Shape(fault="W401")


def _one(day: date | None) -> Shape:
    return Shape(day, day) if day else Shape(fault="W403")


def _ordered(first: str, second: str, year: str, sign: str) -> Shape:
    """Points divide day, month, year everywhere; strokes and dashes also month, day, year."""
    if len(year) == 2:
        day = _day(("20" if int(year) < 70 else "19") + year, second, first)
        return Shape(fault="W405", suggestion=str(day) if day else "?")
    dmy = _day(year, second, first)
    if sign == ".":
        return _one(dmy)
    mdy = _day(year, first, second)
    if dmy is None and mdy is None:
        return Shape(fault="W403")
    return Shape(dmy, mdy, None if dmy and mdy else "dmy" if dmy else "mdy")


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST <= found.year <= LAST else None


@cache
def _months() -> dict[str, int]:
    """Names of months, long and short, in English, Turkish, Spanish, German and French."""
    from babel import Locale

    names: dict[str, int] = {}
    for language in ("en", "tr", "es", "de", "fr"):
        months = Locale.parse(language).months["format"]
        for width in ("wide", "abbreviated"):
            names |= {fold(name): number for number, name in months[width].items()}
    return names
