"""Figures of who sends and who receives: a small table, and the same as bands from left to right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.figures.model import Figure, Point
from pipelines.figures.places import heat
from pipelines.language import Language
from pipelines.measuring.crossing import NOT_TOLD, REST
from pipelines.regions import OUTSIDE

if TYPE_CHECKING:
    from pipelines.catalogue import Indicator
    from pipelines.measuring.crossing import Crossing

MOST_NAME = 60


def crossing(
    indicator: Indicator,
    table: Crossing,
    names: tuple[Mapping[str, str], Mapping[str, str]],
    say: Language,
    *,
    sides: tuple[str, str],
    who: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """Sending down, receiving across, at most eight each; the others together and counted. ``names``: keys in words, of both sides.

    ``sides``: what stands down and across, in words.
    """
    down, across = (
        _labels(keys, known, many, say) for keys, known, many in zip((table.down, table.across), names, table.beyond, strict=True)
    )
    whole = {"": say("All")} if len(across) > 1 else {}
    drawn = heat(indicator, table.cells, down, across | whole, say, corner=f"{sides[0]} → {sides[1]}", who=who, source=source)
    told = [(at, cell) for at, cell in table.cells.items() if at[1] and cell.value is not None and not _grouped(at)]
    (first, second), largest = max(told, key=lambda one: (one[1].value or 0.0, one[0]), default=(("", ""), None))
    title = drawn.title
    if largest is not None:
        value = say.number(largest.value, indicator.unit, indicator.decimals)
        title = say("Largest flow: {sender} to {receiver} ({value})", sender=down[first], receiver=across[second], value=value)
    notes = " · ".join(filter(None, (_beyond(sides, table.beyond, say), note, drawn.note)))
    alt = say("Table drawn in tints. {title}.", title=title)
    return replace(drawn, title=title, note=notes, alt=alt, name=f"{indicator.code}_flows")


def flow(table: Figure, say: Language) -> Figure:
    """The same table as bands from those who send to those who receive; hidden numbers have no band. The table twin stays."""
    whole = say("All")
    bands = tuple(point for point in table.series[0].points if point.x != whole and point.y)
    hidden = any(point.y is None for point in table.series[0].points)
    note = " · ".join(filter(None, (table.note, say("hidden numbers have no band") if hidden else "")))
    return replace(
        table, kind="flow", note=note, series=(replace(table.series[0], points=bands),),
        alt=say("Bands from left to right. {title}.", title=table.title), name=f"{table.name}_bands",
    )  # fmt: skip


def ends(figure: Figure) -> tuple[dict[str, float], dict[str, float]]:
    """Both sides of a flow: name → amount, in the order of the table; those without a band are left out."""
    points: list[Point] = list(figure.series[0].points)
    senders = [str(row[0]) for row in figure.table.rows]
    receivers = [column.name for column in figure.table.columns[1:]]
    left = {name: sum(p.y or 0.0 for p in points if p.y_label == name) for name in senders}
    right = {name: sum(p.y or 0.0 for p in points if p.x == name) for name in receivers}
    return {name: amount for name, amount in left.items() if amount}, {name: amount for name, amount in right.items() if amount}


def _grouped(at: tuple[str, str]) -> bool:
    """Whether a cell is of what only stands together: the rest, countries outside of a scheme, rows that do not tell."""
    return bool({REST, NOT_TOLD, OUTSIDE} & set(at))


def _labels(keys: tuple[str, ...], names: Mapping[str, str], beyond: int, say: Language) -> dict[str, str]:
    """Key → its name; one name a key, since a name is also a place on the chart."""
    found = {key: names.get(key, key) for key in keys if key not in (REST, NOT_TOLD)}
    twice = {name for name in found.values() if list(found.values()).count(name) > 1}
    special = {REST: say("Others ({n})", n=say.number(beyond)), NOT_TOLD: say("not stated")}
    return {key: special.get(key) or (f"{found[key]} ({key})" if found[key] in twice else found[key])[:MOST_NAME] for key in keys}


def _beyond(sides: tuple[str, str], beyond: tuple[int, int], say: Language) -> str:
    """That the rest stands together, and how many it is."""
    told = [f"{side} ({say.number(many)})" for side, many in zip(sides, beyond, strict=True) if many]
    return say("The largest seven; the others together: {sides}", sides=", ".join(told)) if told else ""
