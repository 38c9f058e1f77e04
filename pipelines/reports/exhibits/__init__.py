"""The tables and figures of reports: T1 … T15, F1 … F4. Each module of this folder holds one or more, registered by code.

An exhibit is made of ``Material`` and of what is ``Asked``: the criterion it stands under and what people added. It gives nothing where
there is nothing to show. It never hides and never rounds: what it reads has been through ``measure`` for the public already.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from pipelines.figures import Figure, Table
from pipelines.frameworks import Criterion, Framework
from pipelines.language import Language
from pipelines.reports.material import Material
from pipelines.reports.said import Said


@dataclass(frozen=True)
class Made:
    """A table or a figure before it has a number. ``codes``: the indicators whose cells it cites."""

    caption: str
    table: Table | None = None
    figure: Figure | None = None
    note: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What an exhibit is made for: a criterion of a framework, and what people added to the report."""

    framework: Framework
    criterion: Criterion
    said: Said = field(default_factory=Said)

    @property
    def codes(self) -> tuple[str, ...]:
        """The criterion's indicators."""
        return self.criterion.indicators


Maker = Callable[[Material, Asked], list[Made]]
"""From the material and a criterion to what is shown; several where an exhibit is one per indicator."""

_makers: dict[str, tuple[dict[str, str], Maker]] = {}


def exhibit(code: str, en: str, tr: str) -> Callable[[Maker], Maker]:
    """Registers a maker under its code and the name of what it makes."""

    def register(maker: Maker) -> Maker:
        if code in _makers:
            raise ValueError(f"two exhibits are called {code}")
        _makers[code] = ({"en": en, "tr": tr}, maker)
        return maker

    return register


@cache
def exhibits() -> dict[str, tuple[dict[str, str], Maker]]:
    """Every exhibit by code: its name and its maker."""
    for found in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{found.name}")
    return dict(sorted(_makers.items(), key=lambda entry: (entry[0][0] != "T", int(entry[0][1:]))))


def made(code: str, material: Material, asked: Asked) -> list[Made]:
    """What an exhibit gives for a criterion. Of the same material it is made once, until people judge, file or check in anew."""
    key = (code, asked.framework.id, asked.criterion.code)
    said = (asked.said.levels, asked.said.proofs, asked.said.done)
    kept = material.made_before.get(key)
    if kept is None or kept[0] != said:
        kept = material.made_before[key] = (said, exhibits()[code][1](material, asked))
    return kept[1]


def named(code: str, say: Language) -> str:
    """What an exhibit is called."""
    return say.pick(exhibits()[code][0])
