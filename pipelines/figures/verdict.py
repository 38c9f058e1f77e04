"""How an institution stands, in sentences: the verdict, what changed since the year before, what waits. Page and paper say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pipelines import catalogue
from pipelines.figures import values as words
from pipelines.figures.aims import Goal
from pipelines.figures.time import filled
from pipelines.language import Language

if TYPE_CHECKING:
    from pipelines.catalogue import Indicator
    from pipelines.measure import Value

FIRST = ("A01", "A02", "C02", "E02", "B04", "B03", "D05", "C07", "E10", "D02", "B01", "F03", "E01", "H04", "A05")
"""The order in which headlines are chosen; an institution shows the first six that it has values of."""
CARDS = 6
NOTABLE = 10.0
"""Per cent of change from which a rise or fall is told."""
TOLD = 7


class Known(Protocol):
    """What is known of one institution in one year, as the public may see it."""

    @property
    def say(self) -> Language: ...
    @property
    def year(self) -> int | None: ...
    def measured(self) -> Sequence[str]: ...
    def headline(self, code: str) -> Sequence[Value]: ...
    def goals(self, year: int) -> Sequence[Goal]: ...


@dataclass(frozen=True)
class Change:
    """One thing that happened or waits: a sign, a tone and a sentence."""

    sign: str
    tone: str
    text: str
    weight: float = 0.0


def verdict(judged: Sequence[Goal], say: Language) -> tuple[str, str]:
    """Two sentences: how many goals are met, and where the largest gap is. ``judged``: at least one goal, the furthest behind first."""
    known = [goal for goal in judged if goal.path is not None]
    if not known:
        return say.many("{n} goal is set.", "{n} goals are set.", len(judged)), say("None of them can be judged in this year.")
    good = sum(goal.rule.good for goal in known)
    count = Counter(goal.rule.id for goal in known)
    first = say(
        "{good} of {all} goals are met or on track.",
        good=say.of(good) if say.code == "tr" else say.number(good),
        all=say.number(len(judged)),
    )
    worst = known[0]
    rest = []
    if count["at_risk"]:
        rest.append(say.many("{n} is at risk", "{n} are at risk", count["at_risk"]))
    if count["behind"]:
        rest.append(say.many("{n} is behind", "{n} are behind", count["behind"]))
    gap = say(
        "the widest gap is {title}: {value} where {due} was due",
        title=f"“{worst.title}”",
        value=worst.written,
        due=worst.expected_written or worst.target_written,
    )
    if worst.rule.good:
        return first, say("Every goal that can be judged is where it should be.")
    return first, f"{', '.join(rest)}; {gap}." if rest else ""


def unjudged(say: Language, counted: bool, stated: int) -> tuple[str, str]:
    """What is known where no goals are: figures computed from rows, ``stated`` published ones, or none."""
    if counted:
        return say("No goals have been handed in for this year."), say("What is known stands below.")
    if not stated:
        return say("Nothing has been published in numbers yet."), say("The policy and its elements are all that is known.")
    return (
        say.many("{n} published figure.", "{n} published figures.", stated),
        say("No goals have been handed in, so nothing is judged; every figure is shown as it was published."),
    )


def counted(known: Known) -> bool:
    """Whether anything was computed from rows that the institution handed in; how complete its data are does not count as such."""
    return any(
        value.origin == "computed" and value.value is not None
        for code in known.measured()
        if catalogue.indicators()[code].theme != "H"
        for value in known.headline(code)
    )


def provisional(known: Known) -> bool:
    """Whether a headline of the year may still change."""
    return any(
        (value := words.latest(known.headline(code), known.year)) is not None and value.provisional
        for code in FIRST
        if code in known.measured()
    )


def headlines(known: Known, judged: Sequence[Goal]) -> list[str]:
    """The codes of the cards: the usual headlines that the institution has, then its goals, then whatever it measures."""
    measured = known.measured()
    wanted = [*FIRST, *(goal.code for goal in judged), *measured]
    return [code for code in dict.fromkeys(wanted) if code in measured and _shown(known, code)][:CARDS]


def _shown(known: Known, code: str) -> bool:
    value = words.latest(known.headline(code), known.year)
    return value is not None and (value.value is not None or value.hidden)


def moved(value: Value | None, yearly: Mapping[int, Value], indicator: Indicator, say: Language) -> tuple[str, str]:
    """Arrow and change on the year before, and on which year; where nothing may be compared only the year, or why there is none."""
    if value is None:
        return "", say("no value for this year")
    if value.year_from is None:
        return "", say("year not told")
    if not words.yearly(value):
        return "", say("in total {period}", period=say.year(value.year_from, value.year_to))
    before = yearly.get(value.year_from - 1)
    if before is None or before.value is None or value.value is None or value.hidden or before.hidden or value.origin != before.origin:
        return "", say.year(value.year_from)
    arrow = "↑" if value.value > before.value else "↓" if value.value < before.value else "→"
    change = words.change(value.value, before.value, indicator, say)
    return f"{arrow} {change}", say("vs {year}", year=say.year(before.year_from))


def changes(known: Known, judged: Sequence[Goal]) -> list[Change]:
    """What is worth knowing since last year, the weightiest first."""
    return sorted([*_flips(known, judged), *_moves(known), *_missing(known.say, judged)], key=lambda change: -change.weight)[:TOLD]


def _flips(known: Known, judged: Sequence[Goal]) -> list[Change]:
    """Goals whose status is another one than a year ago."""
    if known.year is None:
        return []
    say = known.say
    before = {goal.code: goal for goal in known.goals(known.year - 1)}
    found = []
    for goal in judged:
        old = before.get(goal.code)
        if old is None or old.rule.id == goal.rule.id or goal.path is None or old.path is None:
            continue
        better = goal.rule.order < old.rule.order
        text = say("{title}: from “{old}” to “{new}” ({value}).", title=goal.title, old=old.status, new=goal.status, value=goal.written)
        found.append(Change("▲" if better else "▼", goal.rule.tone, text, 300 if goal.rule.id == "reached" or not better else 200))
    return found


def _moves(known: Known) -> list[Change]:
    """Headlines that rose or fell notably; a second fall in a row is said."""
    found, every = [], catalogue.indicators()
    for code in [code for code in FIRST if code in known.measured() and code in every]:
        series = {v.year: v for v in filled([v for v in known.headline(code) if words.yearly(v)])}
        change = _move(known.year, series, every[code], known.say)
        found += [change] if change else []
    return found


def _move(year: int | None, series: dict[int, Value], indicator: Indicator, say: Language) -> Change | None:
    this, last, earlier = (series.get((year or 0) - back) for back in range(3))
    if not (this and last and _comparable(this) and _comparable(last)) or not last.value:
        return None
    now, before = this.number, last.number
    percent = 100 * (now - before) / abs(before)
    again = earlier is not None and earlier.value is not None and now < before < earlier.value
    if abs(percent) < NOTABLE and not again:
        return None
    title, change = say.pick(indicator.title), words.change(now, before, indicator, say)
    a, b = say.number(before, indicator.unit, indicator.decimals), say.number(now, indicator.unit, indicator.decimals)
    tone = (
        "neutral" if indicator.better in ("context", "band") else "good" if (now > before) == (indicator.better == "higher") else "warning"
    )
    text = (
        say("{title} fell for the second year: {before} → {now}.", title=title, before=a, now=b)
        if again
        else say("{title}: {before} → {now} ({change}).", title=title, before=a, now=b, change=change)
    )
    return Change("↑" if now > before else "↓", tone, text, min(abs(percent), 100) + (80 if again else 0))


def _comparable(value: Value) -> bool:
    return value.value is not None and not value.hidden and value.origin != "reported"


def _missing(say: Language, judged: Sequence[Goal]) -> list[Change]:
    lacking = [goal.title for goal in judged if goal.rule.id == "no_data"]
    if not lacking:
        return []
    listed = ", ".join(lacking[:3]) + ("…" if len(lacking) > 3 else "")
    several = "{n} goals have no value for this year: {list}."
    return [Change("?", "neutral", say.many("{n} goal has no value for this year: {list}.", several, len(lacking), list=listed), 90)]


def ahead(known: Known, urgent: Sequence[Change], questions: int) -> list[Change]:
    """What waits for a decision or for data: what is ``urgent``, ``questions`` to files without an answer, provisional figures."""
    say, found = known.say, [*urgent]
    if questions:
        found.append(Change("?", "warning", say.many("{n} question about the files", "{n} questions about the files", questions)))
    if provisional(known):
        found.append(Change("○", "neutral", say("{year} is provisional: final files are awaited", year=say.year(known.year))))
    return found
