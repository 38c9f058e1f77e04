"""What can be wrong, said the same way everywhere: what, where, the probable cause, what to do.

A fault is named by a code ("E104"); its sentences stand in both languages in ``expectations/faults/*.toml``. A ``Finding`` is a
fault at a place. Findings are collected; a ``Refused`` carries all of them and stops the file, never only the first.
"""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent
FAULTS = ROOT / "expectations" / "faults"

Severity = Literal["error", "query", "info"]
ORDER: dict[str, int] = {"error": 0, "query": 1, "info": 2}


def letters(column: int) -> str:
    """The spreadsheet name of a 1-based column number: 1 → A, 27 → AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True)
class Place:
    """A place in somebody's own file. Rows and columns count from 1, as a spreadsheet shows them."""

    file: str = ""
    sheet: str | None = None
    row: int | None = None
    column: int | None = None

    @property
    def cell(self) -> str:
        """``Mobility!D14``, ``D14``, ``row 14`` parts as far as they are known, else an empty text."""
        cell = (letters(self.column) if self.column else "") + (str(self.row) if self.row else "")
        return f"{self.sheet}!{cell}" if self.sheet and cell else cell or (self.sheet or "")

    def __str__(self) -> str:
        return ":".join(part for part in (self.file, self.cell) if part)


@dataclass(frozen=True)
class Finding:
    """A fault at a place. ``values`` fill the braces of the fault's sentences; ``count`` says at how many places it stands."""

    code: str
    place: Place = Place()
    values: dict[str, Any] = field(default_factory=dict, hash=False)
    count: int = 1
    places: tuple[Place, ...] = ()
    texts: dict[str, dict[str, str]] | None = field(default=None, hash=False)  # a rule of a suite brings its own sentences
    severity_given: Severity | None = None

    @property
    def severity(self) -> Severity:
        return self.severity_given or fault(self.code)["severity"]

    @property
    def key(self) -> str:
        """What stands for it where a person answers: its code and the cell it begins at."""
        return f"{self.code}@{self.place.cell}"

    def say(self, part: Literal["what", "cause", "remedy"], language: str = "en") -> str:
        """One of the three sentences in a language ("en", "tr")."""
        sentence = (self.texts or fault(self.code))[part]
        chosen = sentence.get(language) or sentence["en"]
        return chosen.format_map(_Known(self.values | {"count": self.count}))

    def sentence(self, language: str = "en") -> str:
        """What is the matter and what to do, as a page answers whoever asked for it."""
        return f"{self.say('what', language)} {self.say('remedy', language)}"

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """For ``--json`` and the pages."""
        return {
            "code": self.code,
            "key": self.key,
            "severity": self.severity,
            **asdict(self.place),
            "cell": self.place.cell,
            "count": self.count,
            "cells": [place.cell for place in self.places],
            **{part: self.say(part, language) for part in ("what", "cause", "remedy")},
        }


class _Known(dict[str, Any]):
    """A sentence never breaks over a value that a caller forgot: the brace stays visible."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class MeridianError(Exception):
    """The one family of expected failures: bad input, bad knowledge, a damaged store. Anything else is a bug."""

    def __init__(self, code: str, place: Place | None = None, **values: Any) -> None:
        self.finding = Finding(code, place or Place(), values)
        super().__init__(code)

    def __str__(self) -> str:
        where = f"{self.finding.place}: " if str(self.finding.place) else ""
        return where + " ".join(self.finding.say(part) for part in ("what", "cause", "remedy"))


class Refused(MeridianError):
    """A file that cannot go on, with every finding so far. Nothing has been changed."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = sorted(findings, key=lambda f: ORDER[f.severity])
        self.finding = self.findings[0]
        Exception.__init__(self, self.finding.code)


def fault(code: str) -> dict[str, Any]:
    """The catalogue entry of a fault: severity, what, cause, remedy. A missing code is a bug, hence KeyError."""
    return faults()[code]


@cache
def faults() -> dict[str, dict[str, Any]]:
    """All faults by code, from ``expectations/faults/*.toml``."""
    entries: dict[str, dict[str, Any]] = {}
    for path in sorted(FAULTS.glob("*.toml")):
        for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in entries:
                raise ValueError(f"fault {code} is defined twice, the second time in {path.name}")
            entries[code] = entry
    return entries
