"""Words into codes, the same way for every vocabulary: alias → exact → a suggestion that a person confirms.

A suggestion is never a match. A word that two codes share is no match either: its candidates are named.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from pipelines.codes import reference

How = Literal["alias", "exact", "new", "none", "missing"]
LIKE, APART = 80, 10
"""A spelling is suggested from 80 of 100 on (rapidfuzz ratio) and 10 ahead of the best other code; tested on messy country names."""

LETTERS = str.maketrans("ıIİłŁøØđĐðæœþةىـ", "iiillooddd\ue000\ue001\ue002هي\ue003")  # what NFKD leaves whole; Arabic final forms; tatweel
PAIRS = {"\ue000": "ae", "\ue001": "oe", "\ue002": "th", "\ue003": ""}
SIGNS = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())
MISSING = frozenset({"", "-", "--", "---", "–", "—", "..", "...", "…", "?", "??", "???", "n/a", "#n/a", "n.a.", "null", "none", "nan"})
NOT_TOLD = (
    "undefined", "?? unknown", "unknown", "not known", "not stated", "not specified", "not classified", "unspecified", "bilinmiyor",
    "bilinmeyen", "belirsiz", "belirtilmemiş", "belirtilmedi", "no informado", "desconocido", "inconnu", "unbekannt", "غير معروف",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """What a word was found to mean. ``candidates``: the codes of an ambiguous word. ``score``: likeness of the suggestion, 0–100."""

    code: str | None
    how: How
    suggestion: str | None = None
    score: float = 100.0
    candidates: tuple[str, ...] = ()


BLANK = Match(None, "missing", score=0.0)


def plain(text: str) -> str:
    """Lower case as Turkish and English agree on it, blanks collapsed, punctuation kept: “T.C.” stays apart from “TC”."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(LETTERS).casefold().split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Letters and digits only: NFKC, Turkish-aware case, accents off, digits of any script as 0–9. “İngiltere ” → “ingiltere”."""
    if text.isascii():  # most words are: the same letters, without looking at each
        return text.lower().translate(SIGNS)
    return "".join(spell(text))


def spell(text: str) -> Iterable[str]:
    """The letters of :func:`fold`, with nothing between them."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).translate(LETTERS).casefold())
    for sign in decomposed.translate(LETTERS):
        if sign.isdecimal():
            yield str(unicodedata.decimal(sign))
        elif sign.isalnum():
            yield sign
        elif sign in PAIRS:
            yield PAIRS[sign]


class Index:
    """The words of one vocabulary. ``settle`` may choose among several codes of one word; by default none is chosen.

    With ``exact_short``, words of up to three letters count as written: “N.A.” is not the code NA, “T.C.” not TC.
    """

    def __init__(self, settle: Callable[[frozenset[str]], str | None] = lambda codes: None, exact_short: bool = False) -> None:
        self.settle = settle
        self.exact_short = exact_short
        self.spoken: dict[str, set[str]] = {}
        self.aliases: dict[str, set[str]] = {}
        self.names: dict[str, set[str]] = {}

    def name(self, word: str, code: str) -> None:
        """An own name of the code."""
        self._put(self.names, fold(word), code)

    def alias(self, word: str, code: str) -> None:
        """A spelling met in files; it goes before names, as written and folded."""
        self._put(self.spoken, plain(word), code)
        self._put(self.aliases, self._fold(word), code)

    def _fold(self, word: str) -> str:
        folded = fold(word)
        return "" if self.exact_short and len(folded) <= 3 and not plain(word).isalnum() else folded

    @staticmethod
    def _put(words: dict[str, set[str]], word: str, code: str) -> None:
        if word:
            words.setdefault(word, set()).add(code)

    def match(self, word: str) -> Match:
        """Alias as written, alias folded, name, missing, and only then a likeness."""
        spoken, folded = plain(word), self._fold(word)
        if codes := self.spoken.get(spoken) or self.aliases.get(folded):
            return self._settled(frozenset(codes), "alias")
        if codes := self.names.get(folded):
            return self._settled(frozenset(codes), "exact")
        if spoken in MISSING or folded in _not_told() or not fold(word):
            return BLANK
        return self._like(folded)

    def _settled(self, codes: frozenset[str], how: How) -> Match:
        code = next(iter(codes)) if len(codes) == 1 else self.settle(codes)
        return Match(code, how) if code else Match(None, "none", score=0.0, candidates=tuple(sorted(codes)))

    def _like(self, folded: str) -> Match:
        if len(folded) < 4:
            return Match(None, "none", score=0.0)
        from rapidfuzz import fuzz, process

        best: dict[str, float] = {}
        for known in (self.aliases, self.names):
            for word, score, _ in process.extract(folded, known.keys(), scorer=fuzz.ratio, limit=8):
                for code in known[word] if len(known[word]) == 1 else ():
                    best[code] = max(score, best.get(code, 0.0))
        first, second = [*sorted(best, key=best.__getitem__, reverse=True), "", ""][:2]
        score = best.get(first, 0.0)
        near = score >= LIKE and score - best.get(second, 0.0) >= APART
        return Match(None, "none", first if near else None, score)


@cache
def _not_told() -> frozenset[str]:
    return frozenset(map(fold, NOT_TOLD))


@cache
def vocabularies() -> dict[str, dict[str, dict[str, Any]]]:
    """``data/reference/vocabularies.toml``: vocabulary → code → {en, tr, also}, and the vocabulary's own title under ``_``."""
    return tomllib.loads((reference.REFERENCE / "vocabularies.toml").read_text(encoding="utf-8"))


def title(vocabulary: str, language: str = "en") -> str:
    """What a vocabulary is called in a sentence."""
    return vocabularies()[vocabulary]["_"][language]


def entries(vocabulary: str) -> dict[str, dict[str, Any]]:
    """code → {en, tr, also} of a plain vocabulary."""
    return {code: entry for code, entry in vocabularies()[vocabulary].items() if code != "_"}


def index(rows: Iterable[tuple[str, Sequence[str], Sequence[str]]], settle: Callable[[frozenset[str]], str | None] | None = None) -> Index:
    """An index from (code, names, aliases). The code itself is a name too."""
    built = Index(settle) if settle else Index()
    for code, names_of, also in rows:
        for word in (code, *names_of):
            built.name(word, code)
        for word in also:
            built.alias(word, code)
    return built


@cache
def matcher(kind: str) -> Callable[[str], Match]:
    """The matcher of “country”, “institution” or a vocabulary; remembers the words it has met (files repeat them)."""
    return lru_cache(maxsize=65536)(_matcher(kind))


def _matcher(kind: str) -> Callable[[str], Match]:
    from pipelines.codes import countries, fields, institutions, measures, programmes

    special: dict[str, Callable[[], Callable[[str], Match]]] = {
        "country": lambda: countries.country,
        "institution": lambda: institutions.resolve,
        "field": lambda: fields.field,
        "programme": lambda: programmes.programmes_index().match,
        "measure": lambda: measures.measures_index().match,
        "indicator": lambda: measures.indicators_index().match,
    }
    if kind in special:
        return special[kind]()
    return index((code, (entry["en"], entry["tr"]), entry.get("also", ())) for code, entry in entries(kind).items()).match


def names(vocabulary: str, language: str = "en") -> dict[str, str]:
    """code → label, in the order of the vocabulary (countries: by name); English where a language is missing. For templates and pages."""
    from pipelines.codes import countries, fields, institutions, measures, programmes

    special: dict[str, Callable[[str], dict[str, str]]] = {
        "country": countries.names,
        "institution": institutions.names,
        "field": fields.names,
        "programme": programmes.names,
        "measure": measures.names,
        "indicator": measures.indicator_names,
    }
    if vocabulary in special:
        return special[vocabulary](language)
    return {code: entry.get(language, entry["en"]) for code, entry in entries(vocabulary).items()}


def doubt(kind: str, word: str, match: Match) -> tuple[str, dict[str, Any]]:
    """The fault of a word that did not become a code, and the values of its sentences. For a match of how “none” or a near “new”."""
    values: dict[str, Any] = {"word": word, "kind": kind, "suggested": match.suggestion, "candidates": list(match.candidates)}
    for language in ("en", "tr"):
        labels = names(kind, language)
        say = lambda code, labels=labels: f"{labels.get(code, code)} ({code})"  # noqa: E731
        values[f"suggestion_{language}"] = say(match.suggestion) if match.suggestion else ""
        values[f"near_{language}"] = ", ".join(map(say, match.candidates))
        values[f"vocabulary_{language}"] = title(kind, language)
        values[f"words_{language}"] = ", ".join(list(labels.values())[:12]) + (" …" if len(labels) > 12 else "")
    return _fault(kind, word, match), values


def _fault(kind: str, word: str, match: Match) -> str:
    if kind == "institution":
        return "W121"
    if kind == "field" and match.candidates and re.fullmatch(r"\s*\d+\s*", word):
        return "W131"
    family = "W10" if kind == "country" else "W11"
    return family + ("2" if match.suggestion else "3" if match.candidates else "1")
