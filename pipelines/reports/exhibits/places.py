"""F2 – F4: the map, out and in side by side, how concentrated people are on countries."""

from __future__ import annotations

from pipelines import figures
from pipelines.catalogue import Indicator, indicators
from pipelines.figures import Figure
from pipelines.figures.names import dimension, names
from pipelines.measuring import crossing
from pipelines.reports.exhibits import Asked, Made, exhibit
from pipelines.reports.material import Material

PLACED = ("A01", "A02", "C01", "E02")
"""What is drawn by country, where the criterion asks for it."""
BEFORE = 5
"""Years back that a curve is compared with."""


def _placed(asked: Asked) -> list[Indicator]:
    return [indicators()[code] for code in PLACED if code in asked.codes][:2] or [indicators()["A01"]]


@exhibit("F2", "Map", "Harita")
def maps(material: Material, asked: Asked) -> list[Made]:
    """Where people and agreements are, in the newest year."""
    return [made for one in _placed(asked) if (made := _map(material, one))]


def _map(material: Material, indicator: Indicator) -> Made | None:
    parts = {v.key: v for v in material.parts(indicator.code, material.year, "country") if v.key and (v.value is not None or v.hidden)}
    if not any(value.value for value in parts.values()):
        return None
    ranked = material.breakdown(indicator.code, "country")
    figure = figures.world(ranked, parts, names("country", material.say), indicator, material.say)
    return Made(_caption(material, figure, indicator), figure=figure, note=figure.note, codes=(indicator.code,))


def _caption(material: Material, figure: Figure, *of: Indicator) -> str:
    """What is drawn, of which year, and the finding: in a report the picture has no subtitle of its own."""
    say = material.say
    return f"{' · '.join(say.pick(one.title) for one in of)}, {say.year(material.year)}. {figure.title}"


@exhibit("F3", "Out and in", "Giden ve gelen")
def balance(material: Material, asked: Asked) -> list[Made]:
    """Students out and in by country, side by side."""
    say, sides = material.say, []
    for code in ("A01", "A02"):
        parts = material.parts(code, material.year, "country")
        sides.append((indicators()[code], {v.key: v for v in parts if v.key and (v.value is not None or v.hidden)}))
    if not all(any(v.value for v in found.values()) for _, found in sides):
        return []
    words, by, source = names("country", say), dimension("country", say), material.source(("A01", "A02"))
    figure = figures.balance(sides[0], sides[1], words, say, who=f"{material.who} · {say.year(material.year)}", by=by, source=source)
    caption = _caption(material, figure, sides[0][0], sides[1][0])
    return [Made(caption, figure=figure, note=figure.note, codes=("A01", "A02"))]


@exhibit("F4", "Concentration on countries", "Ülkelere yoğunlaşma")
def concentration(material: Material, asked: Asked) -> list[Made]:
    """How unequally countries share, in the newest year and five years before."""
    return [made for one in _placed(asked) if (made := _curve(material, one))]


def _curve(material: Material, indicator: Indicator) -> Made | None:
    say, sizes, evened = material.say, {}, 0
    for year in (material.year, material.year - BEFORE):
        sizes[year], even = crossing.amounts(material.version, indicator, institution=material.institution, year=year, audience="public")
        evened = max(evened, even)
    if not sizes[material.year]:
        return None
    note = say("countries with a hidden small number stand at their common mean") if evened else ""
    figure = figures.lorenz(indicator, sizes, say, who=material.who, source=material.source((indicator.code,)), note=note)
    caption = _caption(material, figure, indicator)
    return None if figure.empty else Made(caption, figure=figure, note=figure.note, codes=(indicator.code,))
