"""What is reported to: an accreditation, monitoring or ranking scheme is one file, ``frameworks/<id>.toml``.

A framework lists its criteria in the order of its form. A criterion says what it asks for, which indicators answer it, which tables and
figures its section carries (codes of ``pipelines.reports.exhibits``), what is usually shown as evidence and, where it is judged in steps,
the steps. Nothing about a framework is written anywhere else: another file is another framework.

Every wording has its standing: only what somebody has read in the official text is ``confirmed`` and may stand in quotation marks;
everything else is our own summary, or not confirmed at all, and is printed with that mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.errors import ROOT
from pipelines.knowledge import Knowledge, Text, choose, load_folder

FRAMEWORKS = ROOT / "frameworks"

Wording = Literal["confirmed", "own_summary", "not_confirmed"]


class Part(BaseModel):
    """A block of a framework's file: unknown words are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Criterion(Part):
    """One thing a framework asks about: one section of the report.

    ``external`` maps an indicator's code to the name the framework's edition gives it. ``levels``: the steps of a self-score, the lowest
    first.
    """

    code: str
    title: Text
    asks: Text
    wording: Wording = "own_summary"
    indicators: tuple[str, ...] = ()
    external: dict[str, str] = {}
    tables: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    evidence: tuple[Text, ...] = ()
    levels: tuple[Text, ...] = ()


class Framework(Knowledge):
    """``frameworks/<id>.toml``. ``numbering`` makes evidence numbers: {criterion} its code, {n} counted from 1."""

    title: Text
    publisher: str
    edition: str
    kind: Literal["accreditation", "ranking", "monitoring", "benchmark", "policy", "report"]
    dated: date | None = None
    note: Text | None = None
    url: str | None = None
    languages: tuple[Literal["en", "tr", "ar"], ...] = ("en", "tr")
    numbering: str = "{criterion}.{n}"
    criterion: tuple[Criterion, ...] = Field(default=())

    @model_validator(mode="after")
    def _told_apart(self) -> Framework:
        codes = [one.code for one in self.criterion]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"two criteria are called {', '.join(twice)}")
        return self

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every indicator its criteria name, once, in their order."""
        return tuple(dict.fromkeys(code for one in self.criterion for code in one.indicators))

    def of(self, code: str) -> Criterion:
        """The criterion of a code; K101 with the nearest where there is none."""
        return choose("criterion", code, {one.code: one for one in self.criterion})


@dataclass(frozen=True)
class Section:
    """Where people write and file evidence: one criterion of one framework, of one institution."""

    institution: str
    framework: str
    criterion: str

    @property
    def about(self) -> dict[str, str]:
        """For an event of the log."""
        return {"institution": self.institution, "framework": self.framework, "criterion": self.criterion}

    def known(self) -> Criterion:
        """The criterion itself. Raises K101 where there is no such framework or criterion."""
        return framework(self.framework).of(self.criterion)


@cache
def frameworks() -> dict[str, Framework]:
    """Every framework by id. Raises K100 naming all broken files."""
    return load_folder(FRAMEWORKS, Framework)


def reportable() -> dict[str, Framework]:
    """The frameworks that a report can be made for: those with criteria."""
    return {name: one for name, one in frameworks().items() if one.criterion}


def framework(name: str) -> Framework:
    """A framework by id, or K101 with the nearest names."""
    return choose("framework", name, frameworks())
