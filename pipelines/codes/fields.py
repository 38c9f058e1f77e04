"""Fields of education → ISCED-F 2013, by code, by “code – label” texts and by official name.

Spreadsheets drop leading zeros (0713 → 713), and older lists use the same digits for other things (314 was economics in ISCED 1997;
0314 is sociology). A zero is put back only where no older code has these digits, or where the rest of the column tells the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pipelines.codes import reference
from pipelines.codes.words import Index, Match

BARE = re.compile(r"\d{1,4}")


@cache
def codes() -> frozenset[str]:
    """All codes: two digits broad, three narrow, four detailed, as text."""
    return frozenset(row["code"] for row in reference.table("isced_f_2013"))


@cache
def older() -> frozenset[str]:
    """Codes of ISCED 1997 with their broader two digits, which Erasmus files used until 2014."""
    return frozenset(code for row in reference.table("isced_1997") for code in (row["code"], row["code"][:2]))


@cache
def _index() -> Index:
    built = Index(settle=_broader)
    for row in reference.table("isced_f_2013"):
        if not row["code"].startswith("99"):
            built.name(row["en"], row["code"])
            built.name(row["tr"], row["code"])
    return built


def _broader(found: frozenset[str]) -> str | None:
    """The nearest code above all, true of each: “Law” (042, 0421) → 042."""
    first = min(found, key=len)
    above = (first[:end] for end in range(len(first), 1, -1))
    return next((code for code in above if code in codes() and all(other.startswith(code) for other in found)), None)


def names(language: str = "en") -> dict[str, str]:
    """code → name, broad before narrow before detailed within each field. Some names stand at two levels: see :func:`choices`."""
    return {row["code"]: row.get(language, row["en"]) for row in reference.table("isced_f_2013")}


def choices(language: str = "en") -> dict[str, str]:
    """code → “0314 – Sociology and cultural studies”, for drop-downs: what is chosen reads back as the same code."""
    return {code: f"{code} – {name}" for code, name in names(language).items()}


def broad(code: str) -> str:
    """The broad field of a code: “0314” → “03”."""
    return code[:2]


def field(word: str) -> Match:
    """One word. A code whose lost zero cannot be told from an older list is no match; its candidate is named."""
    text = re.sub(r"(?<=\d{3})\.0$", "", word.strip())  # of a workbook; “06.0” is an Erasmus code before 2014
    if BARE.fullmatch(text):
        return _code(text)
    written = {code for code in _leading(text) if code in codes()}
    longest = max(written, key=len, default="")
    if longest and all(longest.startswith(code) for code in written):
        return Match(longest, "exact")
    return Match(None, "none", score=0.0) if _leading(text) else _index().match(word)


def _leading(text: str) -> list[str]:
    """The numbers before the first letter: “0110-0110-Educación” → 0110, 0110; “10.1-0421 - Derecho” → 10.1, 0421."""
    return re.findall(r"\d[\d.]*", re.match(r"[^\W\d_]*?[\W\d_]*", text)[0])  # type: ignore[index]


def _code(text: str) -> Match:
    if text in codes():
        return Match(text, "exact")
    padded = "0" + text
    if padded not in codes():
        return Match(None, "none", score=0.0)
    if len(text) < 3 or text in older():
        return Match(None, "none", score=0.0, candidates=(padded,))
    return Match(padded, "alias")


def read_fields(words: Iterable[str]) -> dict[str, Match]:
    """A column's distinct words. A column that holds codes only ISCED-F has, and none that only older lists have, gets its zeros back."""
    found = {word: field(word) for word in words}
    bare = {word.strip() for word in found if BARE.fullmatch(word.strip())}
    ours = any(len(word) == 4 and word in codes() for word in bare) or any(
        word not in older() and found[word].code for word in bare if word in found
    )
    foreign = any(word not in codes() and "0" + word not in codes() for word in bare)
    if ours and not foreign:
        found = {word: Match(match.candidates[0], "alias") if match.candidates else match for word, match in found.items()}
    return found
