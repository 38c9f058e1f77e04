"""The Overview in words: the verdict, the cards that matter most, what changed since last year. What is said stands in ``verdict``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.parts import aims, cards, data, ledger, links, markup, messages, notices, published
from pages.parts.cards import Goal
from pages.parts.selection import Visit
from pipelines import alerts
from pipelines.figures import verdict as told
from pipelines.figures.verdict import Change
from pipelines.language import Language
from pipelines.measure import Value


@dataclass(frozen=True)
class Seen:
    """What a visit knows of its institution."""

    visit: Visit

    @property
    def say(self) -> Language:
        return self.visit.say

    @property
    def year(self) -> int | None:
        return self.visit.year

    def measured(self) -> Sequence[str]:
        """Codes of the indicators that have a value."""
        return data.measured(self.visit.institution.id)

    def headline(self, code: str) -> Sequence[Value]:
        """Every value of the whole."""
        return data.headline(self.visit.institution.id, code)

    def goals(self, year: int) -> Sequence[Goal]:
        """The goals of a year, the one furthest behind first."""
        return cards.goals(self.visit, year)


def verdict(visit: Visit, judged: Sequence[Goal]) -> tuple[str, str]:
    """Two sentences: how many goals are met, and where the largest gap is; without goals what is known."""
    return told.verdict(judged, visit.say) if judged else published.sentence(visit, counted(visit))


def counted(visit: Visit) -> bool:
    """Whether anything was computed from rows that the institution handed in."""
    return told.counted(Seen(visit))


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
    _lines(told.changes(Seen(visit), judged), visit.say("Nothing that can be compared with the year before."))
    markup.paragraph(visit.say("What asks for attention"), "m-title")
    _lines(ahead(visit), visit.say("Nothing is waiting."))
    if every := len(notices.found(visit)):
        links.page(visit, "leadership/alerts.py", visit.say.many("The alert →", "All {n} alerts →", every))


def standing(visit: Visit) -> str:
    """As of when, which publication, and whether the year is provisional."""
    say = visit.say
    year = say("{year} is provisional [p]", year=say.year(visit.year)) if told.provisional(Seen(visit)) else ""
    return " · ".join(filter(None, (visit.institution.label(say), messages.standing(visit), year)))


def headlines(visit: Visit, judged: Sequence[Goal]) -> list[str]:
    """The codes of the cards."""
    return told.headlines(Seen(visit), judged)


def _lines(found: Sequence[Change], nothing: str) -> None:
    if not found:
        markup.paragraph(nothing)
        return
    rows = "".join(
        f'<li class="{change.tone}"><span class="s" aria-hidden="true">{change.sign}</span><span>{escape(change.text)}</span></li>'
        for change in found
    )
    st.html(f'<ul class="m-changes">{rows}</ul>')


def ahead(visit: Visit) -> list[Change]:
    """What waits for a decision or for data: the most urgent alerts of today, questions to files, provisional figures."""
    found = [Change(*line) for line in alerts.lines(notices.found(visit), visit.say.code)]
    return told.ahead(Seen(visit), found, ledger.questions(visit.institution.id))
