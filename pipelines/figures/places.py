"""Figures of two directions: a table drawn in tints, and the map of the world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.figures import values as words
from pipelines.figures.model import Cell, Column, Figure, Point, Series, Table
from pipelines.figures.time import definition, unit_words
from pipelines.language import Language

if TYPE_CHECKING:
    from pipelines.catalogue import Indicator
    from pipelines.measure import Value


def heat(
    indicator: Indicator,
    cells: Mapping[tuple[str, str], Value],
    down: Mapping[str, str],
    across: Mapping[str, str],
    say: Language,
    *,
    corner: str,
    who: str = "",
    source: str = "",
) -> Figure:
    """A table drawn in tints: one row a key of ``down``, one column a key of ``across``; small numbers
    stay hidden (``measure.crossed`` has seen to rows and columns)."""
    points = [
        Point(across[a], None if v.hidden else v.value, words.written(v, indicator, say, marks=False), y_label=down[d])
        for (d, a), v in cells.items()
        if d in down and a in across
    ]
    columns = (Column(corner), *(Column(name, indicator.unit, indicator.decimals) for name in across.values()))
    rows: list[tuple[Cell, ...]] = [(down[d], *(words.cell(cells.get((d, a))) for a in across)) for d in down]
    best = max((p for p in points if p.y is not None), key=lambda p: p.y or 0, default=None)
    title = (
        say("Most: {row}, {column} ({value})", row=best.y_label, column=best.x, value=best.label)
        if best
        else say("{title}: no value for this selection", title=say.pick(indicator.title))
    )
    return Figure(
        "heat",
        title,
        " · ".join(filter(None, (who, say.pick(indicator.title), unit_words(indicator.unit, say)))),
        (Series(say.pick(indicator.title), tuple(points)),),
        Table(columns, tuple(rows)),
        indicator.unit,
        indicator.decimals,
        words.remarks(cells.values(), say),
        source,
        say("Table drawn in tints. {title}.", title=title),
        f"{indicator.code}_table",
        say.code,
        definition=definition(indicator, say),
    )


def world(ranked: Figure, by_country: Mapping[str, Value], names: Mapping[str, str], indicator: Indicator, say: Language) -> Figure:
    """The same values on a map: keys are ISO 3166-1 alpha-3. The ranked bars stay the first choice; the table twin is theirs."""
    points = tuple(
        Point(
            code,
            None if v.hidden else v.value,
            f"{names.get(code, code)}: {words.written(v, indicator, say)}",
            y_label=names.get(code, code),
        )
        for code, v in by_country.items()
    )
    return Figure(
        "map",
        ranked.title,
        ranked.subtitle,
        (Series(say.pick(indicator.title), points),),
        ranked.table,
        indicator.unit,
        indicator.decimals,
        " · ".join(
            filter(
                None,
                (
                    say("The darker, the more; grey: no value; dots: countries too small for a shape"),
                    words.remarks(by_country.values(), say),
                ),
            )
        ),
        ranked.source,
        say("Map of the world. {title}.", title=ranked.title),
        f"{ranked.name}_map",
        say.code,
        definition=ranked.definition,
    )
