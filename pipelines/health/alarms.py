"""When somebody has to come: the list is knowledge (``alarms.toml``), judged here by the figures. Not to be confused with the rector's
alerts about goals (``pipelines/alerts.py``): these here are for whoever looks after the server.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pipelines.health.figures import FIGURES, Figures
from pipelines.language import language

LIST = Path(__file__).with_name("alarms.toml")
Unit = Literal["count", "seconds", "bytes", "share"]


@dataclass(frozen=True)
class Alarm:
    """A figure and the number that it must not pass; title and remedy in both languages."""

    id: str
    figure: str
    unit: Unit
    title: dict[str, str]
    remedy: dict[str, str]
    above: float | None = None
    below: float | None = None

    def fires(self, known: Figures) -> bool:
        """Whether the figure has passed its number; a figure that is not known has passed nothing."""
        value = known[self.figure]
        if value is None:
            return False
        return (self.above is not None and value > self.above) or (self.below is not None and value < self.below)

    def sentence(self, known: Figures, lang: str = "en") -> str:
        """The title with the figure in it."""
        return self.title[lang].format(value=written(known[self.figure], self.unit, lang))


@cache
def alarms() -> tuple[Alarm, ...]:
    """The list. ValueError for one whose figure nobody counts, or that no number stops."""
    found = tuple(Alarm(name, **told) for name, told in tomllib.loads(LIST.read_text(encoding="utf-8")).items())
    for alarm in found:
        if alarm.figure not in FIGURES or (alarm.above is None) == (alarm.below is None):
            raise ValueError(f"{LIST.name}: {alarm.id} needs a figure that is counted, and either above or below")
    return found


def fired(known: Figures) -> list[Alarm]:
    """The alarms that fire."""
    return [alarm for alarm in alarms() if alarm.fires(known)]


def written(value: float | None, unit: Unit, lang: str = "en") -> str:
    """A figure as people write it: 31 h, 4.2 GB, 8%."""
    say = language(lang)
    if value is None:
        return "–"
    if unit == "share":
        return say.percent(value * 100)
    if unit == "bytes":
        size, name = next((size, name) for size, name in ((1e9, "GB"), (1e6, "MB"), (1.0, "B")) if value >= size or size == 1.0)
        return f"{say.number(value / size, decimals=int(size > 1.0))} {name}"
    if unit == "seconds":
        return _span(value, lang)
    return say.number(value)


def _span(seconds: float, lang: str) -> str:
    """Days from two days on, hours from two hours on, then minutes, then seconds."""
    say = language(lang)
    names = {"en": ("days", "h", "min", "s"), "tr": ("gün", "sa", "dk", "sn")}[lang]
    for size, name in zip((86400, 3600, 60), names, strict=False):
        if seconds >= 2 * size:
            return f"{say.number(seconds / size)} {name}"
    return f"{say.number(seconds, decimals=0 if seconds >= 10 else 2)} {names[3]}"
