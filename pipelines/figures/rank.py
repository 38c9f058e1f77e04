"""Figures of one moment: who is largest, how the parts stand to each other, what ends when, how far each goal is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from pipelines.figures import values as words
from pipelines.figures.model import Cell, Column, Figure, Point, Series, Table
from pipelines.figures.time import definition, unit_words
from pipelines.language import Language

if TYPE_CHECKING:
    from pipelines.catalogue import Indicator
    from pipelines.measure import Value

TOP = 15
ADDS_UP = {"people", "agreements", "programmes", "projects", "activities", "count", "months", "days", "eur"}


class Status(Protocol):
    """A goal in a year, as ``board.goal_status`` holds it; values are already in words where they are shown."""

    code: str
    title: str
    attainment: float | None
    written: str
    target_written: str
    status: str
    role: str


def breakdown(
    indicator: Indicator,
    values: Sequence[Value],
    names: Mapping[str, str],
    say: Language,
    *,
    by: str,
    who: str = "",
    source: str = "",
    top: int = TOP,
) -> Figure:
    """Parts of one year, largest first; beyond ``top`` the rest is added up where parts add up. Domestic parts come last and apart."""
    shown = sorted((v for v in values if not v.hidden and v.value is not None and not v.domestic), key=lambda v: (-v.value, v.key))
    apart = [v for v in values if v.domestic and v.value is not None]
    hidden = [v for v in values if v.hidden]
    kept, rest = shown[:top], shown[top:]
    points = [Point(label(v, names, say), v.value, words.written(v, indicator, say)) for v in kept]
    points += [
        Point(say("{name} (domestic, apart)", name=label(v, names, say)), v.value, words.written(v, indicator, say), True) for v in apart
    ]
    total = sum(v.value for v in shown)
    columns = [Column(by), Column(say.pick(indicator.title), indicator.unit, indicator.decimals)]
    adds = indicator.unit in ADDS_UP and total > 0
    beyond = (
        say.many(
            "{n} more, together {amount}",
            "{n} more, together {amount}",
            len(rest),
            amount=say.number(sum(v.value for v in rest), indicator.unit, indicator.decimals),
        )
        if rest and adds
        else ""
    )
    columns += [Column(say("Share"), "percent", 1)] if adds else []
    columns.append(Column(say("Note")))
    rows = [
        (label(v, names, say), words.cell(v), *((100 * v.value / total if not v.domestic else None,) if adds else ()), part_note(v, say))
        for v in (*shown, *apart)
    ]
    rows += [
        (label(v, names, say), words.hidden(v), *((None,) if adds else ()), part_note(v, say))
        for v in sorted(hidden, key=lambda v: label(v, names, say))
    ]
    year = words.when(values[0], say) if values else ""
    return Figure(
        "bars",
        rank_title(indicator, shown, total if adds else 0, names, say),
        " · ".join(filter(None, (who, f"{say.pick(indicator.title)}, {by}", unit_words(indicator.unit, say), year))),
        (Series(say.pick(indicator.title), tuple(points)),),
        Table(tuple(columns), tuple(rows)),
        indicator.unit,
        indicator.decimals,
        " · ".join(filter(None, (beyond, words.remarks(values, say)))),
        source,
        say("Ranked bars. {title}.", title=rank_title(indicator, shown, total if adds else 0, names, say)),
        f"{indicator.code}_{indicator.id}_{by}",
        say.code,
        definition=definition(indicator, say),
    )


def label(value: Value, names: Mapping[str, str], say: Language) -> str:
    return names.get(value.key, value.key) if value.key else say("not stated")


def part_note(value: Value, say: Language) -> str:
    from pipelines.figures.time import note

    return ", ".join(filter(None, (say("domestic: shown apart, never added") if value.domestic else "", note(value, say))))


def rank_title(indicator: Indicator, shown: Sequence[Value], total: float, names: Mapping[str, str], say: Language) -> str:
    """The finding: who leads and with what share; how the first three stand where parts do not add up."""
    if not shown:
        return say("{title}: no value for this selection", title=say.pick(indicator.title))
    first, value = label(shown[0], names, say), say.number(shown[0].value, indicator.unit, indicator.decimals)
    if total and len(shown) > 5:
        share = say.percent(100 * sum(v.value for v in shown[:5]) / total)
        return say("{first} leads with {value}; the first five have {share}", first=first, value=value, share=share)
    if total and len(shown) > 1:
        return say(
            "{first} leads with {value} of {total}", first=first, value=value, total=say.number(total, indicator.unit, indicator.decimals)
        )
    return say("Highest: {first} with {value}", first=first, value=value)


def attainment(statuses: Sequence[Status], say: Language, *, who: str = "", year: str = "", source: str = "") -> Figure:
    """Every goal of a year, the one furthest behind first. 100 % is the target; nothing is clipped."""
    ranked = sorted(statuses, key=lambda s: (s.attainment is None, s.attainment if s.attainment is not None else 0.0, s.code))
    points = tuple(
        Point(
            s.title,
            None if s.attainment is None else 100 * s.attainment,
            say.percent(100 * s.attainment) if s.attainment is not None else say.number(None),
        )
        for s in ranked
    )
    columns = (
        Column(say("Goal")),
        Column(say("Value")),
        Column(say("Target")),
        Column(say("Attainment"), "percent", 1),
        Column(say("Status")),
    )
    rows = tuple((s.title, s.written, s.target_written, None if s.attainment is None else 100 * s.attainment, s.status) for s in ranked)
    behind = next((s for s in ranked if s.attainment is not None), None)
    title = (
        say("Furthest from its target: {title} ({share})", title=behind.title, share=say.percent(100 * behind.attainment))
        if behind
        else say("No goal can be judged yet")
    )
    return Figure(
        "bullets",
        title,
        " · ".join(filter(None, (who, say("per cent of the way from baseline to target"), year))),
        (Series(say("Attainment"), points),),
        Table(columns, rows),
        "percent",
        0,
        source=source,
        alt=title,
        name="attainment",
        language=say.code,
        marks=((100.0, say("target")),),
    )


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
    """A table drawn in tints: one row a key of ``down``, one column a key of ``across``; small numbers stay hidden."""
    cells = _row_told(cells, down)
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


def _row_told(cells: Mapping[tuple[str, str], Value], down: Mapping[str, str]) -> dict[tuple[str, str], Value]:
    """The same cells, without the whole of a row (key "") where one hidden part alone could be told from it."""
    kept = dict(cells)
    for row in down:
        covered = [value for (d, a), value in cells.items() if d == row and a and value.hidden]
        whole = cells.get((row, ""))
        if len(covered) == 1 and whole is not None and not whole.hidden:
            kept[row, ""] = replace(whole, value=None, people=None, hidden=True)
    return kept


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
        ranked.note,
        ranked.source,
        say("Map of the world. {title}.", title=ranked.title),
        f"{ranked.name}_map",
        say.code,
        definition=ranked.definition,
    )


def columns_of(
    title: str,
    subtitle: str,
    bars: Sequence[tuple[str, float, str]],
    say: Language,
    *,
    unit: str,
    head: tuple[str, str],
    source: str = "",
    note: str = "",
    name: str = "columns",
    muted: frozenset[str] = frozenset(),
) -> Figure:
    """Upright bars in the given order: label, value, how the value is written. Labels in ``muted`` are drawn in grey."""
    points = tuple(Point(x, y, written, x in muted) for x, y, written in bars)
    table = Table((Column(head[0]), Column(head[1], unit)), tuple((x, y) for x, y, _ in bars))
    return Figure(
        "columns",
        title,
        subtitle,
        (Series(head[1], points),),
        table,
        unit,
        0,
        note,
        source,
        say("Columns. {title}.", title=title),
        name,
        say.code,
    )


def balance(
    out: tuple[Indicator, Mapping[str, Value]],
    into: tuple[Indicator, Mapping[str, Value]],
    names: Mapping[str, str],
    say: Language,
    *,
    who: str = "",
    source: str = "",
    top: int = 12,
    by: str = "",
) -> Figure:
    """Out and in of the same keys side by side, the largest sums first."""
    (first, outs), (second, ins) = out, into
    amount = {key: sum(side[key].value or 0 for side in (outs, ins) if key in side and not side[key].hidden) for key in {*outs, *ins}}
    ranked = sorted(amount, key=lambda key: (-amount[key], key))
    series = tuple(
        Series(
            say.pick(indicator.title),
            tuple(
                Point(
                    names.get(key, key),
                    None if (v := side.get(key)) is None or v.hidden else v.value,
                    words.written(side.get(key), indicator, say),
                )
                for key in ranked[:top]
            ),
            role,
        )
        for indicator, side, role in ((first, outs, "first"), (second, ins, "second"))
    )
    columns = (Column(by), Column(say.pick(first.title), first.unit), Column(say.pick(second.title), second.unit))
    rows = tuple((names.get(key, key), words.cell(outs.get(key)), words.cell(ins.get(key))) for key in ranked)
    title = (
        say(
            "{name}: {out} out, {into} in",
            name=names.get(ranked[0], ranked[0]),
            out=words.written(outs.get(ranked[0]), first, say, marks=False),
            into=words.written(ins.get(ranked[0]), second, say, marks=False),
        )
        if ranked
        else say("No value for this selection")
    )
    return Figure(
        "bars",
        title,
        " · ".join(filter(None, (who, say("out and in"), unit_words(first.unit, say)))),
        series,
        Table(columns, rows),
        first.unit,
        0,
        words.remarks([*outs.values(), *ins.values()], say),
        source,
        say("Paired bars. {title}.", title=title),
        "balance",
        say.code,
    )
