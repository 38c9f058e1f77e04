"""How partners compare: a rank in each dimension, a weighted score, and a verdict with its reason. Weights and limits are data."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from pipelines.errors import ROOT
from pipelines.knowledge import Text

FILE = ROOT / "data" / "reference" / "partner_weights.toml"
Numbers = Mapping[str, Mapping[str, float | None]]
"""Dimension → partner → its number; None: not known."""


class Dimension(BaseModel):
    """Something partners are compared in. ``people`` and a ``strand`` are kinds of cooperation; ``kinds`` are those of activities."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    weight: float = Field(ge=0, le=10)
    title: Text
    why: Text
    people: bool = False
    strand: bool = False
    kinds: tuple[str, ...] = ()


class Verdict(BaseModel):
    """A word for a partner, and the least that it needs; nothing named is not asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    icon: str
    tone: str
    title: Text
    why: Text
    score: float = 0
    strands: int = 0
    agreements: int = 0
    ever: int = 0


class Rules(BaseModel):
    """The whole file: years looked at together, dimensions, verdicts in order (the last one asks for nothing)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    years: int = Field(ge=1, le=10)
    dimension: tuple[Dimension, ...]
    verdict: tuple[Verdict, ...]


@dataclass(frozen=True)
class Score:
    """A partner's ranks by dimension (None: not known), and their weighted mean (None: nothing is known, or every weight is zero)."""

    ranks: Mapping[str, float | None]
    total: float | None


@cache
def rules() -> Rules:
    """``data/reference/partner_weights.toml``."""
    return Rules.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))


def ranks(numbers: Mapping[str, float | None]) -> dict[str, float | None]:
    """Share of the other partners that each one surpasses, 0 to 100. Nothing surpasses nobody: a zero ranks 0."""
    known = sorted(number for number in numbers.values() if number is not None)
    others = max(len(known) - 1, 1)
    return {who: None if number is None else 100 * bisect_left(known, number) / others for who, number in numbers.items()}


def scores(numbers: Numbers, weights: Mapping[str, float]) -> dict[str, Score]:
    """Every partner's score. A dimension that is not known of a partner is left out of its mean, not counted as zero."""
    ranked = {dimension: ranks(column) for dimension, column in numbers.items()}
    partners = sorted({who for column in numbers.values() for who in column})
    return {who: _score({dimension: column.get(who) for dimension, column in ranked.items()}, weights) for who in partners}


def _score(own: Mapping[str, float | None], weights: Mapping[str, float]) -> Score:
    known = {dimension: rank for dimension, rank in own.items() if rank is not None and weights.get(dimension, 0) > 0}
    whole = sum(weights[dimension] for dimension in known)
    return Score(own, sum(weights[name] * rank for name, rank in known.items()) / whole if whole else None)


def verdict(score: float | None, strands: int, agreements: int, ever: int) -> Verdict:
    """The first verdict whose limits all hold."""
    return next(
        one
        for one in rules().verdict
        if (score or 0) >= one.score and strands >= one.strands and agreements >= one.agreements and ever >= one.ever
    )
