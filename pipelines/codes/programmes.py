"""Exchange programmes: words → codes, and what a programme is: within one country, an exchange, funded by Erasmus+."""

from __future__ import annotations

from functools import cache

from pipelines.codes import reference
from pipelines.codes.words import Index, index


@cache
def programmes_index() -> Index:
    """Every spelling of every programme."""
    return index((row["code"], (row["en"], row["tr"]), reference.also(row)) for row in reference.table("programmes"))


def names(language: str = "en") -> dict[str, str]:
    """code → name."""
    return {row["code"]: row.get(language, row["en"]) for row in reference.table("programmes")}


def _with(flag: str) -> frozenset[str]:
    return frozenset(row["code"] for row in reference.table("programmes") if row[flag] == "1")


@cache
def domestic() -> frozenset[str]:
    """Programmes within one country (Farabi, SICUE): never part of an international figure."""
    return _with("domestic")


@cache
def exchange() -> frozenset[str]:
    """Programmes whose people come back to their own university; the others bring degree students."""
    return _with("exchange")


@cache
def erasmus() -> frozenset[str]:
    """Programmes funded by Erasmus+."""
    return _with("erasmus")
