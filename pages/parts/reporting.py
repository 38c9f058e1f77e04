"""The Report page, its frame: which framework, criteria, years and language; what is missing; which section is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts import data, links, markup, messages, selection, waiting
from pages.parts.selection import Visit
from pipelines.errors import MeridianError
from pipelines.frameworks import Framework, Section, reportable
from pipelines.language import Language, language
from pipelines.reports import compose, make, wording
from pipelines.reports.compose import Gap
from pipelines.reports.material import Material
from pipelines.reports.outline import Outline

FIRST = "yokak"
"""The framework that is shown where the address names none."""
MOST_YEARS = 10
TONGUES = {"en": "English", "tr": "Türkçe", "ar": "العربية"}


@dataclass(frozen=True)
class Asked:
    """Which report: of a framework, of the named criteria (none: of all), of so many years, in a language that need not be the page's."""

    scheme: Framework
    criteria: tuple[str, ...]
    read: Material

    def where(self, criterion: str) -> Section:
        """The place of a criterion, for what people write."""
        return Section(self.read.institution, self.scheme.id, criterion)


def scheme(visit: Visit) -> Framework:
    """The framework that the address names."""
    known = reportable()
    first = FIRST if FIRST in known else next(iter(known))
    named = {name: called(one, visit.say) for name, one in known.items()}
    return known[selection.choose("framework", visit.say("Framework"), list(known), first, named.__getitem__, width=420)]


def called(one: Framework, say: Language) -> str:
    """A framework in a list: who publishes it and what it is."""
    return f"{say.pick(one.title)} · {one.publisher}"


def choose(visit: Visit) -> Asked | None:
    """What the visitor asks for, all of it in the address; None, and why, where there is nothing to report."""
    say = visit.say
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        one = scheme(visit)
        spans = [str(n) for n in range(1, MOST_YEARS + 1)]
        many = lambda n: say.many("{n} year", "{n} years", int(n))  # noqa: E731
        years = selection.choose("years", say("Years"), spans, str(make.YEARS), many, width=120)
        tongues = [code for code in one.languages if language(code).code == code]
        own = say.code if say.code in tongues else tongues[0]
        tongue = selection.choose("in", say("Language of the report"), tongues, own, lambda code: TONGUES[code], look="segments")
    named = {entry.code: f"{entry.code} {say.pick(entry.title)}" for entry in one.criterion}
    criteria = selection.several("criteria", say("Criteria"), list(named), named.__getitem__) if len(named) > 1 else ()
    try:
        return Asked(one, criteria, material(visit.institution.id, tongue, int(years), visit.year))
    except MeridianError as error:
        if error.finding.code not in ("R102", "K101"):  # no value of a year, or not in this publication at all
            raise
        messages.nothing(visit, say("a value of a year"), say("International Office"))
        return None


@data.kept
def material(institution: str, tongue: str, years: int, last: int | None) -> Material:
    """What a report is made of, kept with all that was read for it. Raises R102 where there is no value of a year."""
    return make.material(data.version(), institution, tongue, years, last)


def outline(visit: Visit, asked: Asked) -> Outline:
    """The report as Word, PDF and workbook would have it now."""
    return make.outline(waiting.store(), asked.scheme.id, asked.read, asked.criteria)


def head(visit: Visit, asked: Asked, whole: Outline) -> None:
    """What is looked at, of which publication, and what may still change or is made up."""
    say = visit.say
    markup.stressed(whole.title, f"{whole.subtitle} · {whole.edition}")
    markup.paragraph(f"{messages.standing(visit)}. {say('A report holds what is published; drafts are not in it.')}")
    if whole.provisional:
        markup.judged(
            wording.watermark(whole, say), "warning", "◷", say("Figures marked [p] may still change; every printed page says so.")
        )


def contents(visit: Visit, asked: Asked, whole: Outline) -> str:
    """The sections with what each still lacks; gives the one that is open."""
    say = visit.say
    sections = [heading for heading, _ in whole.sections()]
    found = compose.gaps(asked.scheme, asked.read, make.said(waiting.store(), asked.scheme, asked.read), asked.criteria)
    lacking = {heading.code: [gap for gap in found if gap.criterion == heading.code] for heading in sections}
    wanted = st.query_params.get("criterion", "")
    current = wanted if wanted in lacking else sections[0].code
    done = sum(not gaps for gaps in lacking.values())
    markup.paragraph(say.many("{done} of {n} section complete", "{done} of {n} sections complete", len(sections), done=done), "m-kicker")
    for heading in sections:
        with st.container(key=f"listed_{heading.code}", gap="xxsmall", border=heading.code == current):
            title = f"{heading.code} {heading.text}"
            if heading.code == current:
                markup.stressed(heading.code, heading.text, "m-line now")
            else:
                links.here(title, f"open_{heading.code}", criterion=heading.code)
            markup.lacks(_pills(lacking[heading.code], say))
    return current


def _pills(found: Sequence[Gap], say: Language) -> list[tuple[markup.Pill, str]]:
    """What is missing: a word and an icon each, with the names of the missing values and tables on pointing."""
    if not found:
        return [((say("complete"), "good", "✔"), "")]
    counted = Counter(gap.kind for gap in found)
    words = {
        "values": (say.many("{n} value missing", "{n} values missing", counted["values"]), "warning", "○"),
        "table": (say.many("{n} table empty", "{n} tables empty", counted["table"]), "warning", "▦"),
        "evaluation": (say("evaluation missing"), "neutral", "✎"),
        "evidence": (say("evidence missing"), "neutral", "§"),
        "level": (say("self-score missing"), "neutral", "◔"),
    }
    return [(words[kind], "\n".join(gap.what for gap in found if gap.kind == kind and gap.what)) for kind in words if counted[kind]]
