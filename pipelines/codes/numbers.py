"""Numbers written by people: Turkish (1.306,5) or English (1,306.5), decided for a whole column and never guessed.

A cell that can be read both ways (“1.306”) takes the style that the column's certain cells show; where none shows it, it is a fault.
Works on distinct words, so a million rows cost what their vocabulary costs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from pipelines.codes.words import MISSING, fold

Style = Literal["tr", "en"]
EXAMPLE = {"tr": "1.306,5", "en": "1,306.5"}
NOTHING = (MISSING | {"."}) - {"none"}
SIGNS = str.maketrans({"−": "-", "٫": ",", "٬": "'", "’": "'", "٪": "%"} | dict.fromkeys("‐‑", "-"))
GROUPED = re.compile(r"(?!0)\d{1,3}(?:([ '])\d{3})(?:\1\d{3})*(?=[.,]\d+$|$)")
ONE_GROUP = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
GROUPS = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+(?:,\d+)?|(?:,\d{3})+(?:\.\d+)?)")
DECIMAL = re.compile(r"(\d*)([.,])(\d+)")
TYPED = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
SCIENCE = re.compile(r"-?\d+(?:[.,]\d+)?[eE][+-]?\d+")
BOUND = re.compile(
    r"^[>≥<≤~≈≅±]|\+$|fazla$|aşkın$|civarı"
    r"|^(about|approx|circa|ca\b|more than|less than|over|under|at least|yaklaşık|yaklasik|en az|en fazla)"
)
THOUSANDS = {"bin": 1e3, "milyon": 1e6, "milyar": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan oca", "feb şub", "mar mrz mär", "apr nis", "mai may", "jun haz", "jul tem", "aug ağu", "sep eyl", "okt oct eki",
            "nov kas", "dez dec ara",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
"""Months as English, German and Turkish spreadsheets shorten them."""
MONTH_AND_YEAR = re.compile(r"([^\W\d_]{3})[-. ](\d\d)")
DAY_AND_MONTH = re.compile(r"(\d\d?)(?:\. |-| )([^\W\d_]{3})")


def decimal_from_date(word: str) -> str | None:
    """The number that a spreadsheet took for a date: “Sep-75” and “Sep 75” were 9.75, “09. Mai” was 9.5. None for anything else."""
    word = word.strip()
    if (found := MONTH_AND_YEAR.fullmatch(word)) and (month := MONTHS.get(found[1].casefold())):
        return f"{month}.{found[2]}"
    if (found := DAY_AND_MONTH.fullmatch(word)) and (month := MONTHS.get(found[2].casefold())):
        return f"{int(found[1])}.{month}"
    return None


@dataclass(frozen=True, slots=True)
class Shape:
    """One word seen alone: its value in each style (equal where the style does not matter), or the fault it is."""

    tr: float | None = None
    en: float | None = None
    sure: Style | None = None
    percent: bool = False
    fault: str | None = None
    suggestion: str = ""


@dataclass
class Numbers:
    """A column's distinct words: values (None: missing or faulty), faults (W3…), details for their sentences, the style found."""

    values: dict[str, float | None] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    style: Style | None = None


def read_numbers(words: Iterable[str], typed: Collection[str] = (), *, whole: bool, style: Style | None = None) -> Numbers:
    """Every distinct word of a column. ``typed``: words of number cells of a workbook, exact in any style. ``whole``: counts ≥ 0.

    ``style`` is given where a layout knows its supplier; otherwise the column's certain cells decide.
    """
    exact, read = set(typed), Numbers()
    shapes = {word: _typed(word) if word in exact else _shape(word) for word in words}
    votes = [shape.sure for shape in shapes.values() if shape.sure and not (whole and _broken(shape))]
    most: list[Style] = [one for one in ("tr", "en") if votes.count(one) == max(votes.count("tr"), votes.count("en")) and votes]
    read.style = style or (most[0] if len(most) == 1 else None)
    for word, shape in shapes.items():
        value, fault = _settle(shape, read.style, whole)
        read.values[word] = None if fault else value
        if fault:
            read.faults[word] = fault
            read.details[word] = _details(word, shape, read.style)
    return read


def _broken(shape: Shape) -> bool:
    """A sure fraction says nothing about how the counts of a column are written."""
    value = shape.tr if shape.sure == "tr" else shape.en
    return value is not None and not value.is_integer()


def _settle(shape: Shape, style: Style | None, whole: bool) -> tuple[float | None, str | None]:
    """The value in the column's style, and the fault if there is one."""
    if shape.fault:
        return None, shape.fault
    if shape.percent and whole:
        return None, "W307"
    if shape.tr != shape.en and shape.sure is None and style is None:
        return None, "W302"
    if shape.sure and style is not None and shape.sure != style and not (whole and _broken(shape)):
        return None, "W303"
    if shape.sure and style is None and not (whole and _broken(shape)):
        return None, "W303"
    value = getattr(shape, shape.sure or style or "en")
    return value, _count_fault(value) if whole and value is not None else None


def _count_fault(value: float) -> str | None:
    if not value.is_integer():
        return "W305"
    return "W304" if value < 0 else None


def _details(word: str, shape: Shape, style: Style | None) -> dict[str, Any]:
    near = ""
    if shape.tr is not None and shape.en is not None and shape.tr != shape.en:
        large, small = max(shape.tr, shape.en, key=abs), min(shape.tr, shape.en, key=abs)
        near = f"{large:.0f} / ≈{small:.1f}"
    return {"word": word, "near": near, "suggestion": shape.suggestion, "style": EXAMPLE[style] if style else "1.306,5 / 1,306.5"}


def _typed(word: str) -> Shape:
    if not TYPED.fullmatch(word):
        return _shape(word)
    return Shape(float(word), float(word))


def _shape(word: str) -> Shape:
    if word.isascii() and word.isdigit():
        return Shape(float(word), float(word))
    text = " ".join(unicodedata.normalize("NFKC", word).translate(SIGNS).split())
    text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    if text.casefold() in NOTHING:
        return Shape()
    bare = re.sub(r"^% ?| ?%$", "", text)
    sign, digits = (-1.0, bare[1:].strip()) if bare.startswith("-") else (1.0, bare)
    values = _values(digits)
    if values is None:
        return _faulty(text)
    tr, en, sure = values
    return Shape(None if tr is None else sign * tr, None if en is None else sign * en, sure, percent=bare != text)


def _values(digits: str) -> tuple[float | None, float | None, Style | None] | None:
    """Value in Turkish and in English style, and the style where only one is possible; None for no number."""
    digits = GROUPED.sub(lambda found: re.sub(r"[ ']", "", found[0]), digits)
    if digits.isdigit():
        return float(digits), float(digits), None
    if found := ONE_GROUP.fullmatch(digits):
        group, fraction = float(digits.replace(found[1], "")), float(digits.replace(found[1], "."))
        return (group, fraction, None) if found[1] == "." else (fraction, group, None)
    if GROUPS.fullmatch(digits):
        turkish = "." in digits and ("," not in digits or digits.index(".") < digits.index(","))
        value = float(digits.replace(".", "").replace(",", ".")) if turkish else float(digits.replace(",", ""))
        return (value, None, "tr") if turkish else (None, value, "en")
    if found := DECIMAL.fullmatch(digits):
        value = float(f"{found[1] or 0}.{found[3]}")
        return (value, None, "tr") if found[2] == "," else (None, value, "en")
    return None


def _faulty(text: str) -> Shape:
    """What is no number, and the number that seems to be meant: said, never taken."""
    if SCIENCE.fullmatch(text):
        return Shape(fault="W308", suggestion=_say(float(text.replace(",", "."))))
    if spoilt := decimal_from_date(text):
        return Shape(fault="W310", suggestion=spoilt)
    if (spoken := _spoken(text)) is not None:
        return Shape(fault="W306", suggestion=_say(spoken))
    inside = re.findall(r"\d[\d.,' ]*\d|\d", text)
    if len(inside) != 1 or inside[0] == text:
        return Shape(fault="W301")
    found = _values(inside[0])
    certain = found is not None and (found[2] is not None or found[0] == found[1])
    meant = _say(next(v for v in found[:2] if v is not None)) if found and certain else inside[0]
    return Shape(fault="W309" if BOUND.search(text.casefold()) else "W306", suggestion=meant)


def _spoken(text: str) -> float | None:
    """Press style: “27 bin 34” is 27,034, “1,5 milyon” 1,500,000."""
    parts, total, number = text.split(), 0.0, None
    if not any(fold(part) in THOUSANDS for part in parts):
        return None
    for part in parts:
        if (factor := THOUSANDS.get(fold(part))) and number is not None:
            total, number = total + number * factor, None
        elif number is None and (values := _values(part)):
            number = next(v for v in values[:2] if v is not None)
        else:
            return None
    return total + (number or 0.0)


def _say(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() else f"{value:g}"
