"""The tables and figures of reports: T1 … T15, F1 … F4. Each module of this folder holds one or more, registered by code.

An exhibit is made of ``Material`` and the indicators of the criterion it stands under; it gives ``Made`` or None where there is nothing
to show. It never hides and never rounds: what it reads has been through ``measure`` for the public already.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.figures import Figure, Table
from pipelines.language import Language
from pipelines.reports.material import Material


@dataclass(frozen=True)
class Made:
    """A table or a figure before it has a number. ``codes``: the indicators whose cells it cites."""

    caption: str
    table: Table | None = None
    figure: Figure | None = None
    note: str = ""
    codes: tuple[str, ...] = ()


Maker = Callable[[Material, Sequence[str]], list[Made]]
"""From the material and a criterion's indicators to what is shown; several where an exhibit is one per indicator."""

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


def named(code: str, say: Language) -> str:
    """What an exhibit is called."""
    return say.pick(exhibits()[code][0])
