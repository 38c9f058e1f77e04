"""Breaks in series: years from which a number means something else, or in which the world stood still. Known, not guessed.

``data/reference/breaks.toml`` names each with its note. Over a break of the kind ``definition`` nothing is compared and nothing projected;
one of the kind ``circumstance`` is a mark with a note and no more.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from pipelines.errors import ROOT
from pipelines.knowledge import Text

BREAKS = ROOT / "data" / "reference" / "breaks.toml"


class Break(BaseModel):
    """One break. ``since`` is the first academic year after it, ``until`` the last one that it touches (empty: it lasts).

    ``indicators`` are codes, or the letter of a theme for all of its codes; ``institution`` "*" is everybody.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["definition", "circumstance"]
    since: int
    until: int | None = None
    institution: str = "*"
    indicators: tuple[str, ...]
    title: Text
    note: Text
    source: str

    @model_validator(mode="after")
    def _forward(self) -> Break:
        if self.until is not None and self.until < self.since:
            raise ValueError("a break ends before it begins")
        return self

    def touches(self, institution: str, code: str) -> bool:
        """Whether it concerns an indicator of an institution."""
        return self.institution in ("*", institution) and (code in self.indicators or code[0] in self.indicators)


@cache
def every() -> tuple[Break, ...]:
    """All known breaks, the earliest first."""
    told = tomllib.loads(BREAKS.read_text(encoding="utf-8"))["break"]
    return tuple(sorted((Break(**one) for one in told), key=lambda one: one.since))


def of(institution: str, code: str) -> tuple[Break, ...]:
    """The breaks of an indicator of an institution, the earliest first."""
    return tuple(one for one in every() if one.touches(institution, code))


def comparable_since(institution: str, code: str) -> int | None:
    """The first year of the definition that holds now; None where it never changed."""
    return max((one.since for one in of(institution, code) if one.kind == "definition"), default=None)


def divided(institution: str, code: str, earlier: int, later: int) -> bool:
    """Whether the definition changed between two years, so that they are not compared."""
    return any(one.kind == "definition" and earlier < one.since <= later for one in of(institution, code))
