"""The Overview in words: the verdict, the cards that matter most, what changed since last year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.parts import aims, cards, data, ledger, links, markup, messages, published
from pages.parts.cards import Goal
from pages.parts.selection import Visit
from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.figures import values as words
from pipelines.figures.time import filled
from pipelines.language import Language
from pipelines.measure import Value

FIRST = ("A01", "A02", "C02", "E02", "B04", "B03", "D05", "C07", "E10", "D02", "B01", "F03", "E01", "H04", "A05")
"""The order in which cards are chosen; an institution shows the first six that it has values of."""
CARDS = 6
NOTABLE = 10.0
"""Per cent of change from which a rise or fall is told."""
TOLD = 7


@dataclass(frozen=True)
class Change:
    """One thing that happened: a sign, a tone and a sentence."""

    sign: str
    tone: str
    text: str
    weight: float


def verdict(visit: Visit, judged: Sequence[Goal]) -> tuple[str, str]:
    """Two sentences: how many goals are met, and where the largest gap is."""
    say = visit.say
    known = [goal for goal in judged if goal.path is not None]
    if not judged:
        return published.sentence(visit, counted(visit))
    if not known:
        return say.many("{n} goal is set.", "{n} goals are set.", len(judged)), say("None of them can be judged in this year.")
    good = sum(goal.rule.good for goal in known)
    count = Counter(goal.rule.id for goal in known)
    first = say(
        "{good} of {all} goals are met or on track.",
        good=say.of(good) if visit.say.code == "tr" else say.number(good),
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


def counted(visit: Visit) -> bool:
    """Whether anything was computed from rows that the institution handed in; how complete its data are does not count as such."""
    return any(
        value.origin == "computed" and value.value is not None
        for code in data.measured(visit.institution.id)
        if catalogue.indicators()[code].theme != "H"
        for value in data.headline(visit.institution.id, code)
    )


def policy(visit: Visit) -> None:
    """The policy with its link: how many elements it has and what is known of them; their titles where nothing else is known."""
    chosen = aims.policy(visit)
    if chosen is None:
        return
    with st.container(border=True, key="policy", gap="xxsmall"):
        markup.paragraph(visit.say.pick(chosen.title), "m-title")
        markup.paragraph(aims.sentence(visit, chosen))
        if not data.measured(visit.institution.id):
            markup.numbered([visit.say.pick(element.title) for element in chosen.element])
        links.page(visit, "leadership/policy.py", visit.say("The policy and everything that measures it →"))


def news(visit: Visit, judged: Sequence[Goal]) -> None:
    """What changed since the year before, and what comes next."""
    markup.paragraph(visit.say("What changed"), "m-title")
    changes(visit, judged)
    markup.paragraph(visit.say("What comes next"), "m-title")
    ahead(visit)


def standing(visit: Visit) -> str:
    """As of when, which publication, and whether the year is provisional."""
    say = visit.say
    provisional = any(
        (value := data.latest(data.headline(visit.institution.id, code), visit.year)) and value.provisional
        for code in FIRST
        if code in data.measured(visit.institution.id)
    )
    year = say("{year} is provisional [p]", year=say.year(visit.year)) if provisional else ""
    return " · ".join(filter(None, (visit.institution.label(say), messages.standing(visit), year)))


def headlines(visit: Visit, judged: Sequence[Goal]) -> list[str]:
    """The codes of the cards: the usual headlines that the institution has, then its goals, then whatever it measures."""
    known = data.measured(visit.institution.id)
    wanted = [*FIRST, *(goal.code for goal in judged), *known]
    current = [code for code in dict.fromkeys(wanted) if code in known and _shown(visit, code)]
    return current[:CARDS]


def _shown(visit: Visit, code: str) -> bool:
    value = data.latest(data.headline(visit.institution.id, code), visit.year)
    return value is not None and (value.value is not None or value.hidden)


def changes(visit: Visit, judged: Sequence[Goal]) -> None:
    """What is worth knowing since last year, the weightiest first."""
    found = sorted([*_flips(visit, judged), *_moves(visit), *_missing(visit, judged)], key=lambda change: -change.weight)[:TOLD]
    if not found:
        st.html(f'<p class="m-line">{escape(visit.say("Nothing that can be compared with the year before."))}</p>')
        return
    st.html(_list(found))


def _list(found: Sequence[Change]) -> str:
    rows = "".join(
        f'<li class="{change.tone}"><span class="s" aria-hidden="true">{change.sign}</span><span>{escape(change.text)}</span></li>'
        for change in found
    )
    return f'<ul class="m-changes">{rows}</ul>'


def _flips(visit: Visit, judged: Sequence[Goal]) -> list[Change]:
    """Goals whose status is another one than a year ago."""
    if visit.year is None:
        return []
    say = visit.say
    before = {goal.code: goal for goal in cards.goals(visit, visit.year - 1)}
    found = []
    for goal in judged:
        old = before.get(goal.code)
        if old is None or old.rule.id == goal.rule.id or goal.path is None or old.path is None:
            continue
        better = goal.rule.order < old.rule.order
        text = say("{title}: from “{old}” to “{new}” ({value}).", title=goal.title, old=old.status, new=goal.status, value=goal.written)
        found.append(Change("▲" if better else "▼", goal.rule.tone, text, 300 if goal.rule.id == "reached" or not better else 200))
    return found


def _moves(visit: Visit) -> list[Change]:
    """Headlines that rose or fell notably; a second fall in a row is said."""
    found = []
    for indicator in data.indicators_of([code for code in FIRST if code in data.measured(visit.institution.id)]):
        series = {v.year_from: v for v in filled([v for v in data.headline(visit.institution.id, indicator.code) if words.yearly(v)])}
        change = _move(visit.year, series, indicator, visit.say)
        found += [change] if change else []
    return found


def _move(year: int | None, series: dict[int, Value], indicator: Indicator, say: Language) -> Change | None:
    three = [series.get((year or 0) - back) for back in range(3)]
    if any(v is None or v.value is None or v.hidden or v.origin == "reported" for v in three[:2]) or not three[1].value:
        return None
    now, before = three[0].value, three[1].value
    percent = 100 * (now - before) / abs(before)
    again = three[2] is not None and three[2].value is not None and now < before < three[2].value
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


def _missing(visit: Visit, judged: Sequence[Goal]) -> list[Change]:
    lacking = [goal.title for goal in judged if goal.rule.id == "no_data"]
    if not lacking:
        return []
    say = visit.say
    listed = ", ".join(lacking[:3]) + ("…" if len(lacking) > 3 else "")
    return [
        Change(
            "?",
            "neutral",
            say.many(
                "{n} goal has no value for this year: {list}.", "{n} goals have no value for this year: {list}.", len(lacking), list=listed
            ),
            90,
        )
    ]


def ahead(visit: Visit) -> None:
    """What waits for a decision or for data: agreements about to end, agreements that sleep, provisional figures, questions to files."""
    say, here = visit.say, visit.institution.id
    found = []
    for code, tone in (("E06", "warning"), ("E09", "neutral")):
        value = data.latest(data.headline(here, code), visit.year) if code in data.measured(here) else None
        if value is not None and value.value:
            indicator = catalogue.indicators()[code]
            found.append(Change("!", tone, f"{say.pick(indicator.title)}: {words.written(value, indicator, say)}", 0))
    waiting = ledger.questions(here)
    if waiting:
        found.append(Change("?", "warning", say.many("{n} question about the files", "{n} questions about the files", waiting), 0))
    if any(
        value.provisional for code in FIRST if code in data.measured(here) and (value := data.latest(data.headline(here, code), visit.year))
    ):
        found.append(Change("○", "neutral", say("{year} is provisional: final files are awaited", year=say.year(visit.year)), 0))
    if found:
        st.html(_list(found))
    else:
        markup.paragraph(say("Nothing is waiting."))
