"""Academic years and periods: many spellings, one meaning. A year is its start year; a period has a first and a last year."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pipelines.codes.words import MISSING, fold, plain

FIRST, LAST = 1800, 2100
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
BESIDE = frozenset(map(fold, (
    "ay", "a.y.", "academic", "year", "akademik", "öğretim", "eğitim", "eğitim-öğretim", "yılı", "yıl", "dönemi", "dönem", "yarıyılı",
    "yarıyıl", "güz", "bahar", "yaz", "kış", "güz/bahar", "güz-bahar", "fall", "autumn", "spring", "summer", "winter", "semester", "term",
    "calendar", "takvim", "curso", "académico", "année", "universitaire", "العام", "الجامعي", "الدراسي",
)))  # fmt: skip
"""Words that may stand beside a year without changing it."""
ONE = r"(\d{4}|\d{2})[-/](\d{4}|\d{2})"


@dataclass(frozen=True, slots=True)
class Year:
    """``start``: the academic year that begins then. ``end``: the start of a period's last year; None for a single year."""

    start: int
    end: int | None = None


@dataclass
class Years:
    """A column's distinct words: years, faults (W2…) and the values of their sentences."""

    values: dict[str, Year | None] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def parse(text: str) -> Year | None:
    """“2018-2019”, “2018/19”, “18/19”, “AY2018”, “2018”, “2018/2018” (southern), “2015–2023”, “2014/15–2019/20”; else None.

    “2018-10” is a month (YYYY-MM) and no year; “2018-19” and “2010-11” are academic years: the second part is one more.
    """
    bare = _bare(text)
    if bare is None:
        return None
    if re.fullmatch(r"\d{4}(\.0)?", bare):
        return _known(Year(int(bare[:4])))
    if found := re.fullmatch(rf"{ONE}(-\d(?:/\d)?)?", bare):
        return _known(_pair(found[1], found[2], has_term=bool(found[3])))
    if found := re.fullmatch(rf"{ONE}\s*(?:-|to|ile|a)\s*{ONE}", bare):
        first, last = _pair(found[1], found[2]), _pair(found[3], found[4])
        if first and last and first.end is None and last.end is None and first.start < last.start:
            return _known(Year(first.start, last.start))
    return None


def _bare(text: str) -> str | None:
    """The digits and dashes, blanks around dashes closed, harmless words taken off; None where another word stands."""
    text = unicodedata.normalize("NFKC", text).translate(DASHES)
    text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    text = re.sub(r"(?i)\b(a\.?y\.?)\s*(?=\d)", "", text)
    text = re.sub(r"\s*([-/])\s*", r"\1", text.strip())
    kept = [part for part in text.split() if fold(part) not in BESIDE]
    return " ".join(kept) if kept and not re.search(r"[^\W\d_]", " ".join(kept).replace("to", "")) else None


def _pair(first: str, second: str, has_term: bool = False) -> Year | None:
    if len(first) == 2 and len(second) == 4:
        return None
    start = int(first) if len(first) == 4 else _century(int(first))
    end = int(second) if len(second) == 4 else _after(start, int(second))
    if end == start + 1 or (end == start and len(second) == len(first)):
        return Year(start)
    if has_term or end <= start or len(first) == 2 or (len(second) == 2 and 1 <= int(second) <= 12):
        return None
    return Year(start, end)


def _century(two: int) -> int:
    return 2000 + two if two < 70 else 1900 + two


def _after(start: int, two: int) -> int:
    """The year in the century of ``start`` (or the next, for 1999/00)."""
    year = start // 100 * 100 + two
    return year + 100 if year < start and start % 100 == 99 and two == 0 else year


def _known(year: Year | None) -> Year | None:
    return year if year and FIRST <= year.start <= LAST and (year.end or year.start) <= LAST else None


def read_years(words: Iterable[str], *, period: bool = False) -> Years:
    """A column's distinct words. ``period``: whether a span of several years is allowed here; else it is a fault."""
    read = Years()
    for word in words:
        if plain(word) in MISSING:
            read.values[word] = None
            continue
        year = parse(word)
        spans = year is not None and year.end is not None
        read.values[word] = None if spans and not period else year
        if read.values[word] is None:
            read.faults[word], suggestion = ("W202", "") if spans else _fault(word)
            read.details[word] = {"word": word, "suggestion": suggestion}
    return read


def _fault(word: str) -> tuple[str, str]:
    if found := re.fullmatch(r"\s*(\d{4})\s*[-/.]\s*(0[1-9]|1[0-2])\s*", word.translate(DASHES)):
        start = int(found[1]) - (int(found[2]) < 8)
        return "W203", f"{start}-{start + 1}"
    return "W201", ""


def label(start: int, language: str = "en", end: int | None = None) -> str:
    """“2024–25”; a period by its first and last year, “2014–15 to 2019–20” (in Turkish with a dash between)."""
    one = f"{start}–{(start + 1) % 100:02d}"
    if end is None or end == start:
        return one
    last = f"{end}–{(end + 1) % 100:02d}"
    return f"{one} to {last}" if language == "en" else f"{one} – {last}"
