"""What a yearly figure states: a base measure of ``measures.csv``, or an indicator by code, id or title."""

from __future__ import annotations

from functools import cache

from pipelines.codes import reference
from pipelines.codes.words import Index, index


@cache
def indicators_index() -> Index:
    """Every indicator's code, id and titles; the code is the answer."""
    from pipelines import catalogue

    return index((code, (entry.id, *entry.title.values()), ()) for code, entry in catalogue.indicators().items())


@cache
def measures_index() -> Index:
    """Base measures and indicators together. A base measure wins a word that both claim: figures are handed in, indicators computed."""
    both = Index(settle=_base)
    for row in reference.table("measures"):
        for word in (row["code"], row["en"], row["tr"]):
            both.name(word, row["code"])
        for word in reference.also(row):
            both.alias(word, row["code"])
    for word, codes in indicators_index().names.items():
        both.names.setdefault(word, set()).update(codes)
    return both


def _base(codes: frozenset[str]) -> str | None:
    base = [code for code in codes if code in units()]
    return base[0] if len(base) == 1 else None


@cache
def units() -> dict[str, str]:
    """base measure → its unit (people, money, programmes …)."""
    return {row["code"]: row["unit"] for row in reference.table("measures")}


def names(language: str = "en") -> dict[str, str]:
    """Base measures first, then indicators: code → label."""
    return {row["code"]: row.get(language, row["en"]) for row in reference.table("measures")} | indicator_names(language)


def indicator_names(language: str = "en") -> dict[str, str]:
    """Indicators: code → title."""
    from pipelines import catalogue

    return {code: entry.title.get(language, entry.title["en"]) for code, entry in catalogue.indicators().items()}
