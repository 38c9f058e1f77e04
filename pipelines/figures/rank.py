"""Figures of one moment: who is largest, how the parts stand to each other, what ends when, how far each goal is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from pipelines.figures import values as words
from pipelines.figures.model import Column, Figure, Point, Role, Series, Table
from pipelines.figures.time import definition, note, unit_words
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
    whole: float | None = None,
) -> Figure:
    """Parts of one year, largest first; what lies beyond ``top`` is told in the note. Domestic parts come last and apart.

    ``whole``: what the parts are shares of, where only some of them are known; else their sum.
    """
    shown = sorted((v for v in values if not v.hidden and v.value is not None and not v.domestic), key=lambda v: (-v.number, v.key))
    apart = [v for v in values if v.domestic and v.value is not None]
    total = (whole or sum(v.number for v in shown)) if indicator.unit in ADDS_UP else 0.0
    points = [Point(label(v, names, say), v.value, words.written(v, indicator, say)) for v in shown[:top]]
    points += [
        Point(say("{name} (domestic, apart)", name=label(v, names, say)), v.value, words.written(v, indicator, say), True) for v in apart
    ]
    hidden = sorted((v for v in values if v.hidden), key=lambda v: label(v, names, say))
    title = rank_title(indicator, shown, total, names, say)
    year = words.when(values[0], say) if values else ""
    return Figure(
        "bars",
        title,
        " · ".join(filter(None, (who, f"{say.pick(indicator.title)}, {by}", unit_words(indicator.unit, say), year))),
        (Series(say.pick(indicator.title), tuple(points)),),
        _parts_table(indicator, (*shown, *apart, *hidden), total, by, names, say),
        indicator.unit,
        indicator.decimals,
        " · ".join(filter(None, (_beyond(indicator, shown[top:], total, say), words.remarks(values, say)))),
        source,
        say("Ranked bars. {title}.", title=title),
        f"{indicator.code}_{indicator.id}_{by}",
        say.code,
        definition=definition(indicator, say),
    )


def _parts_table(indicator: Indicator, values: Sequence[Value], total: float, by: str, names: Mapping[str, str], say: Language) -> Table:
    """All parts, with their share where parts add up."""
    share = (Column(say("Share"), "percent", 1),) if total else ()
    columns = (Column(by), Column(say.pick(indicator.title), indicator.unit, indicator.decimals), *share, Column(say("Note")))
    rows = []
    for value in values:
        part = (None if value.domestic or value.value is None else 100 * value.value / total,) if total else ()
        rows.append((label(value, names, say), words.cell(value), *part, part_note(value, say)))
    return Table(columns, tuple(rows))


def _beyond(indicator: Indicator, rest: Sequence[Value], total: float, say: Language) -> str:
    """The parts that found no room, counted and added up."""
    if not rest or not total:
        return ""
    amount = say.number(sum(v.number for v in rest), indicator.unit, indicator.decimals)
    return say.many("{n} more, together {amount}", "{n} more, together {amount}", len(rest), amount=amount)


def label(value: Value, names: Mapping[str, str], say: Language) -> str:
    """The name of a part; an empty key was not stated."""
    return names.get(value.key, value.key) if value.key else say("not stated")


def part_note(value: Value, say: Language) -> str:
    """What must be said beside one part."""
    return ", ".join(filter(None, (say("domestic: shown apart, never added") if value.domestic else "", note(value, say))))


def rank_title(indicator: Indicator, shown: Sequence[Value], total: float, names: Mapping[str, str], say: Language) -> str:
    """The finding: who leads and with what share; how the first three stand where parts do not add up."""
    if not shown:
        return say("{title}: no value for this selection", title=say.pick(indicator.title))
    first, value = label(shown[0], names, say), say.number(shown[0].value, indicator.unit, indicator.decimals)
    if total and len(shown) > 5:
        share = say.percent(100 * sum(v.number for v in shown[:5]) / total)
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
    behind = next(((s.title, s.attainment) for s in ranked if s.attainment is not None), None)
    title = (
        say("Furthest from its target: {title} ({share})", title=behind[0], share=say.percent(100 * behind[1]))
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
    series = (_side(first, outs, ranked[:top], "first", names, say), _side(second, ins, ranked[:top], "second", names, say))
    columns = (Column(by), Column(say.pick(first.title), first.unit), Column(say.pick(second.title), second.unit))
    rows = tuple((names.get(key, key), words.cell(outs.get(key)), words.cell(ins.get(key))) for key in ranked)
    title = say("No value for this selection")
    if ranked:
        largest = ranked[0]
        one, other = words.written(outs.get(largest), first, say, marks=False), words.written(ins.get(largest), second, say, marks=False)
        title = say("{name}: {out} out, {into} in", name=names.get(largest, largest), out=one, into=other)
    below = " · ".join(filter(None, (who, say("out and in"), unit_words(first.unit, say))))
    note = words.remarks([*outs.values(), *ins.values()], say)
    alt = say("Paired bars. {title}.", title=title)
    return Figure("bars", title, below, series, Table(columns, rows), first.unit, 0, note, source, alt, "balance", say.code)


def _side(
    indicator: Indicator, side: Mapping[str, Value], keys: Sequence[str], role: Role, names: Mapping[str, str], say: Language
) -> Series:
    points = []
    for key in keys:
        value = side.get(key)
        points.append(
            Point(names.get(key, key), None if value is None or value.hidden else value.value, words.written(value, indicator, say))
        )
    return Series(say.pick(indicator.title), tuple(points), role)
