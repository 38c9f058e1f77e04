"""Figures over the years: one indicator's trend with its goal, two flows side by side, the mix of a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.figures import outlook
from pipelines.figures import values as words
from pipelines.figures.model import Column, Figure, Point, Role, Series, Table
from pipelines.language import Language
from pipelines.measuring.breaks import divided

if TYPE_CHECKING:
    from pipelines.catalogue import Indicator
    from pipelines.measure import Value
    from pipelines.measuring.breaks import Break
    from pipelines.measuring.outlook import Projection


def trend(
    indicator: Indicator, values: Sequence[Value], say: Language, *,
    goal: Sequence[tuple[int, float]] = (), upper: Sequence[tuple[int, float]] = (), former: Mapping[int, Sequence[tuple[int, float]]] = {},
    others: Mapping[str, Sequence[Value]] = {}, projection: Projection | None = None, breaks: Sequence[Break] = (),
    who: str = "", source: str = "",
) -> Figure:  # fmt: skip
    """One indicator over the years. ``goal`` is the path (year, value) from baseline to target; ``others`` further series of it.

    ``former`` are the paths that were given up, by the year from which another one holds; ``breaks`` what is marked across the years.
    A period figure (2015–2023) is no point of a year: it is in the table and in the note, not in the line.
    """
    yearly = sorted((v for v in values if words.yearly(v)), key=lambda v: v.year)
    periods = [v for v in values if not words.yearly(v)]
    lines: list[tuple[str, Sequence[Value], Role]] = [(say.pick(indicator.title), filled(yearly), "first")]
    for name, entries in others.items():
        lines.append((name, entries, "muted"))
    series = [Series(name, tuple(point(v, indicator, say) for v in entries), role) for name, entries, role in lines]
    series += outlook.series(projection, indicator, say)
    given_up = {say("Goal until {year}", year=say.year(year)): path for year, path in former.items()}
    paths: list[tuple[Role, Any]] = [("muted", given_up), ("goal", {say("Goal"): goal, say("Upper edge of the goal"): upper})]
    series += [Series(name, _marked(path, indicator, say), role) for role, named in paths for name, path in named.items() if path]
    marks = _band(indicator, say) if indicator.band and not goal else ()
    placed, note = outlook.marks(breaks, [v.year for v in yearly], say), words.remarks(values, say)
    return Figure(
        "trend",
        trend_title(indicator, yearly or periods, say),
        subtitle(indicator, values, who, say),
        tuple(series),
        trend_table(indicator, values, {say("Goal"): goal, **given_up} if goal else {}, others, say, projection),
        indicator.unit,
        indicator.decimals,
        " · ".join(filter(None, (note, outlook.method(projection, say), *outlook.notes(breaks, placed, say)))),
        source,
        trend_alt(indicator, yearly, goal, say) + outlook.alt(projection, indicator, say),
        f"{indicator.code}_{indicator.id}",
        say.code,
        marks,
        placed,
        definition(indicator, say),
    )


def _marked(path: Sequence[tuple[int, float]], indicator: Indicator, say: Language) -> tuple[Point, ...]:
    return tuple(Point(year, value, say.number(value, indicator.unit, indicator.decimals)) for year, value in path)


def _band(indicator: Indicator, say: Language) -> tuple[tuple[float, str], ...]:
    """The edges between which a value is good; the words stand at the upper one."""
    low, high = indicator.band or (0.0, 0.0)
    told = [say.number(edge, indicator.unit, 2 if edge % 1 else 0) for edge in (low, high)]
    return (low, ""), (high, say("between {low} and {high} is good", low=told[0], high=told[1]))


def point(value: Value, indicator: Indicator, say: Language) -> Point:
    """A value as a mark: hollow where it is provisional, published or not exact; a hidden one is a gap."""
    inexact = value.provisional or value.origin == "reported" or (value.precision or "exact") != "exact"
    return Point(value.year, None if value.hidden else value.value, words.written(value, indicator, say), inexact)


def filled(values: Sequence[Value]) -> list[Value]:
    """The values, one a year: the computed one where a year has both."""
    by_year: dict[int, Value] = {}
    for value in sorted(values, key=lambda v: v.origin == "computed"):
        by_year[value.year] = value
    return [by_year[year] for year in sorted(by_year)]


def trend_title(indicator: Indicator, values: Sequence[Value], say: Language) -> str:
    """What the line shows, in one sentence: the newest value and its change on the year before."""
    title = say.pick(indicator.title)
    known = [v for v in values if v.value is not None and not v.hidden]
    if not known:
        return say("{title}: no value yet", title=title)
    last = known[-1]
    year, number = words.when(last, say), words.written(last, indicator, say, marks=False)
    before = next(
        (v for v in known if words.yearly(last) and words.yearly(v) and v.year == last.year - 1 and v.origin == last.origin), None
    )
    if before and divided(last.institution, indicator.code, before.year, last.year):
        before = None
    if before is None or last.precision not in (None, "exact") or not words.yearly(last):
        return say("{title}: {value} in {year}", title=title, value=number, year=year)
    change = words.change(last.number, before.number, indicator, say)
    if last.value == before.value:
        return say("{title} unchanged at {value} in {year}", title=title, value=number, year=year)
    sentence = (
        say("{title} rose to {value} in {year} ({change})")
        if last.number > before.number
        else say("{title} fell to {value} in {year} ({change})")
    )
    return sentence.format(title=title, value=number, year=year, change=change)


def subtitle(indicator: Indicator, values: Sequence[Value], who: str, say: Language) -> str:
    """Of whom, in which unit, from when to when."""
    years = sorted({year for v in values for year in (v.year_from, v.year_to or v.year_from) if year is not None})
    span = f"{say.year(years[0])} – {say.year(years[-1])}" if len(years) > 1 else say.year(years[0]) if years else ""
    return " · ".join(filter(None, (who, unit_words(indicator.unit, say), span)))


def unit_words(unit: str, say: Language) -> str:
    """The unit as a word of its own."""
    return {
        "people": say("people"),
        "agreements": say("agreements"),
        "countries": say("countries"),
        "partners": say("partner institutions"),
        "units": say("units"),
        "programmes": say("programmes"),
        "projects": say("projects"),
        "activities": say("activities"),
        "percent": say("per cent"),
        "ratio": say("ratio"),
        "index": say("index"),
        "days": say("days"),
        "months": say("months"),
        "years": say("years"),
        "eur": say("euros"),
        "points": say("points"),
        "languages": say("languages"),
        "courses": say("courses"),
        "amount": say("amount"),
        "count": say("number"),
    }.get(unit, unit)


def trend_table(
    indicator: Indicator, values: Sequence[Value], goals: Mapping[str, Sequence[tuple[int, float]]], others: Mapping[str, Sequence[Value]],
    say: Language, projection: Projection | None = None,
) -> Table:  # fmt: skip
    """Year, value, goal and those that were given up, note — the goals' future years too. In the year of a change the new target counts."""
    targets = [dict(path) for path in goals.values()]
    extra = {name: {v.year_from: v for v in entries} for name, entries in others.items()}
    columns = [Column(say("Year")), Column(say.pick(indicator.title), indicator.unit, indicator.decimals)]
    columns += [Column(name, indicator.unit, indicator.decimals) for name in goals]
    columns += [Column(name, indicator.unit, indicator.decimals) for name in extra]
    columns += [*outlook.columns(projection, indicator, say), Column(say("Note"))]
    rows = [
        (
            words.when(v, say),
            words.cell(v),
            *(path.get(v.year_from or 0) for path in targets),
            *(words.cell(x.get(v.year_from)) for x in extra.values()),
            *outlook.cells(projection, v.year_from),
            note(v, say),
        )
        for v in sorted(values, key=lambda v: (v.year_from or 0, v.year_to or 0, v.origin))
    ]
    known = {v.year_from for v in values}
    aimed, projected = {year for path in targets for year in path}, {one.year for one in projection.ahead} if projection else set()
    for year in sorted((aimed | projected) - known):
        named = ", ".join(name for name, years in ((say("goal"), aimed), (say("projection"), projected)) if year in years)
        cells = (*(path.get(year) for path in targets), *(None for _ in extra), *outlook.cells(projection, year))
        rows.append((say.year(year), None, *cells, named))
    return Table(tuple(columns), tuple(rows))


def note(value: Value, say: Language) -> str:
    """What must be said beside one value."""
    precise = {"about": say("about"), "more_than": say("more than"), "less_than": say("less than")}.get(value.precision or "", "")
    parts = (
        say("provisional") if value.provisional else "",
        say("as published") if value.origin == "reported" else "",
        precise,
        say("hidden: too few people") if value.hidden else "",
    )
    return ", ".join(filter(None, parts))


def trend_alt(indicator: Indicator, values: Sequence[Value], goal: Sequence[tuple[int, float]], say: Language) -> str:
    """The chart in one plain sentence for people who cannot see it."""
    listed = "; ".join(f"{words.when(v, say)} {words.written(v, indicator, say)}" for v in values[-6:])
    aim = (
        say(
            " The goal is {value} in {year}.", value=say.number(goal[-1][1], indicator.unit, indicator.decimals), year=say.year(goal[-1][0])
        )
        if goal
        else ""
    )
    return say("Line chart. {title}: {values}.", title=say.pick(indicator.title), values=listed or say("no value")) + aim


def definition(indicator: Indicator, say: Language) -> tuple[tuple[str, str], ...]:
    """Heading and text: what a workbook's definition sheet and the definition tab print."""
    return (
        (say("Indicator"), f"{indicator.code} {say.pick(indicator.title)}"),
        (say("Definition"), say.pick(indicator.definition)),
        (say("Why it matters"), say.pick(indicator.why)),
        (say("Unit"), unit_words(indicator.unit, say)),
        (say("Which year"), say.pick(indicator.year_rule)),
        (say("Looked after by"), say.pick(indicator.steward)),
        (say("Reviewed"), say.date(indicator.reviewed)),
    )
