"""Words, numbers and dates in the languages of the product.

Sentences are English in the code, ``say("Nothing was found")``, and stand with their translation in
``locales/<language>/LC_MESSAGES/meridian.po``; ``say.key("…")`` looks up words that a data value names. Catalogues are read as text:
no build step. Nothing here is installed globally: every session carries its own ``Language``.

Numbers are written on the server by CLDR rules, so that a card, a table and a download show the same characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from pipelines.errors import ROOT

LOCALES = ROOT / "locales"
LANGUAGES = ("en", "tr")
"""What pages speak."""
REPORT_LANGUAGES = (*LANGUAGES, "ar")
"""What reports speak: Arabic on paper only. What its catalogue lacks stands in English."""
MISSING = "–"
LEFT_TO_RIGHT = "\u200e"
SIGNS = {"about": "≈ ", "more_than": "> ", "less_than": "< "}
"""How a figure that is not exact is written. ``none`` is a dash: not applicable, not zero."""


@cache
def catalogue(code: str) -> dict[str, str | tuple[str, ...]]:
    """The catalogue of a language: English sentence → its translation; plural sentences give their forms in order."""
    with (LOCALES / code / "LC_MESSAGES" / "meridian.po").open(encoding="utf-8") as file:
        entries = read_po(file, locale=code)
    told = [(entry.id if isinstance(entry.id, str) else entry.id[0], entry.string) for entry in entries if entry.id and entry.string]
    return {sentence: word if isinstance(word, str) else tuple(word) for sentence, word in told}


@dataclass(frozen=True)
class Language:
    """One language of the product. Calling it translates a sentence and fills its braces."""

    code: str

    def __call__(self, text: str, **values: Any) -> str:
        found = catalogue(self.code).get(text, text)
        sentence = found if isinstance(found, str) else found[0]
        return sentence.format(**values) if values else sentence

    def many(self, one: str, other: str, n: int, **values: Any) -> str:
        """The sentence for ``n`` things; ``{n}`` is the written number."""
        found = catalogue(self.code).get(one, (one, other))
        form = found if isinstance(found, str) else found[0 if n == 1 or len(found) == 1 else 1]
        return form.format(n=self.number(n), **values)

    def pick(self, texts: dict[str, str]) -> str:
        """Our side of a text that a knowledge file holds in every language of the pages; for reports by the English text's translation."""
        return texts.get(self.code) or self(texts["en"])

    def number(self, value: float | None, unit: str = "count", decimals: int = 0, precision: str | None = None) -> str:
        return number(value, unit, decimals, self.code, precision or "exact")

    def percent(self, value: float | None, decimals: int = 0) -> str:
        """``value`` in per cent: 10.0 is written 10% or %10."""
        return number(value, "percent", decimals, self.code)

    def signed(self, value: float, decimals: int = 0) -> str:
        """A change with its sign; the minus is the typographic one."""
        written = number(abs(value), "count", decimals, self.code)
        return written if set(written) <= set("0.,") else self.mark + ("+" if value > 0 else "−") + written

    def date(self, value: Date | str | None) -> str:
        return date(value, self.code)

    def moment(self, value: datetime | str | None) -> str:
        """Day and time of day."""
        if value is None:
            return MISSING
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
        return format_datetime(parsed, "d MMM y HH:mm", locale=self.code)

    def year(self, start: int | None, end: int | None = None) -> str:
        return year_label(start, self.code, end)

    def of(self, value: float | str) -> str:
        """Turkish: the number with its possessive ending (7'si, 3'ü). Other languages: the number."""
        written = value if isinstance(value, str) else self.number(value)
        return f"{written}’{possessive(written)}" if self.code == "tr" else written

    @property
    def mark(self) -> str:
        """What keeps a sign before its number where one reads from the right; else nothing."""
        return LEFT_TO_RIGHT if self.code == "ar" else ""

    @property
    def separators(self) -> str:
        """Decimal and thousands mark in one text, as Plotly wants them."""
        symbols = Locale.parse(self.code).number_symbols["latn"]
        return symbols["decimal"] + symbols["group"]


@cache
def language(code: str) -> Language:
    """The language of a code, of pages or reports; an unknown code is English."""
    return Language(code if code in REPORT_LANGUAGES else "en")


def spoken(code: str) -> Language:
    """A language that pages speak; any other code is English."""
    return language(code if code in LANGUAGES else "en")


@lru_cache(maxsize=8192)
def number(value: float | None, unit: str = "count", decimals: int = 0, lang: str = "en", precision: str = "exact") -> str:
    """A value of a unit as people of a language write it; ``percent`` values are 0–100. No value: a dash."""
    if value is None or value != value:
        return MISSING
    zeros = "." + "0" * decimals if decimals else ""
    written = format_decimal(value, format=f"#,##0{zeros}", locale=lang, decimal_quantization=True).replace("-", "−")
    if unit == "percent":
        pattern = Locale.parse(lang).percent_formats[None].pattern
        sign, digits = written[: written.find("−") + 1], written[written.find("−") + 1 :]
        written = sign + pattern.replace("#,##0", digits)
    elif unit == "eur":
        written = f"€{written}" if lang == "en" else f"{written} €"
    written = SIGNS.get(precision, "") + written
    return LEFT_TO_RIGHT + written if lang == "ar" and not written[0].isdigit() else written


def percent(value: float | None, decimals: int = 0, lang: str = "en") -> str:
    """``value`` in per cent, 0–100."""
    return number(value, "percent", decimals, lang)


def date(value: Date | str | None, lang: str = "en") -> str:
    """A day: 30 September 2025, 30 Eylül 2025."""
    if value is None:
        return MISSING
    parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
    return format_date(parsed, "d MMMM y", locale=lang)


def year_label(start: int | None, lang: str = "en", end: int | None = None) -> str:
    """An academic year (2024–25), or a period of several (2015–2023)."""
    if start is None:
        return MISSING
    if lang == "ar":  # a dash between two numbers turns them round where one reads from the right
        return f"{start}/{start + 1 if end is None or end == start else end}"
    if end is None or end == start:
        return f"{start}–{(start + 1) % 100:02d}"
    return f"{start}–{end}"


ENDINGS = {"1": "i", "2": "si", "3": "ü", "4": "ü", "5": "i", "6": "sı", "7": "si", "8": "i", "9": "u"}
TENS = {"10": "u", "20": "si", "30": "u", "40": "ı", "50": "si", "60": "ı", "70": "i", "80": "i", "90": "ı"}


def possessive(written: str) -> str:
    """The Turkish possessive ending of a written number by the vowel of its last spoken word: 7 → si, 40 → ı, 100 → ü, 1.000 → i."""
    digits = "".join(sign for sign in written.split(",")[-1] if sign.isdigit())
    if not digits.strip("0"):
        return "ı"
    if digits[-1] != "0":
        return ENDINGS[digits[-1]]
    if digits[-2:] in TENS:
        return TENS[digits[-2:]]
    return "ü" if digits[-3:-2] != "0" else "i" if len(digits.rstrip("0")) + 6 > len(digits) else "u"
