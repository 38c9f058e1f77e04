"""The brief for a rector: one A4 page that says how the institution stands, what changed, what waits. The sentences are the Overview's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from pathlib import Path
from typing import Any

from pipelines import alerts, answers, catalogue
from pipelines.figures import aims, verdict
from pipelines.figures import values as words
from pipelines.figures.aims import Goal
from pipelines.figures.time import filled
from pipelines.figures.verdict import Change
from pipelines.language import Language, language
from pipelines.measure import Value
from pipelines.reports.material import Material
from pipelines.store import Store
from pipelines.warehouse import Version, open_version

MOST = 14
"""Goals on the page; of more, the rest is counted."""
STATUSES = "select * from board.goal_status where institution = ? order by indicator, year"
MEASURED = "select distinct indicator from board.indicator_values where institution = ? and value is not null order by 1"


@dataclass(frozen=True)
class Read:
    """One institution in one year (None: nothing of it has a year), read for the public."""

    version: Version
    institution: str
    say: Language
    year: int | None
    store: Store
    today: Date
    """Alerts are those of this day."""
    _headlines: dict[str, list[Value]] = field(default_factory=dict)

    @property
    def material(self) -> Material:
        return Material(self.version, self.institution, self.say, (self.year or 0,))

    def measured(self) -> list[str]:
        """Codes of the indicators that have a value."""
        return [code for (code,) in self.version.query(MEASURED, [self.institution]) if code in catalogue.indicators()]

    def headline(self, code: str) -> list[Value]:
        """Every value of the whole."""
        if code not in self._headlines:
            self._headlines[code] = self.material.headline(code)
        return self._headlines[code]

    def goals(self, year: int) -> list[Goal]:
        """The goals of a year, the one furthest behind first."""
        return aims.goals(self.version.rows(STATUSES, [self.institution]), year, catalogue.indicators(), self.say)


def pdf(read: Read) -> bytes:
    """The page: PDF/UA-1 and PDF/A-2a, exactly one A4 page; the same publication and day give the same bytes."""
    from pipelines.reports.pdf import compiled

    return compiled("brief.typ", page(read))


def page(read: Read) -> dict[str, Any]:
    """Everything on the page, written in its language."""
    say, material = read.say, read.material
    judged = read.goals(read.year) if read.year is not None else []
    strong, rest = verdict.verdict(judged, say) if judged else _unjudged(read)
    cards = [_card(read, code) for code in verdict.headlines(read, judged)]
    urgent = alerts.lines(alerts.alerts(read.store, read.version, read.institution, read.today), say.code)
    waiting = verdict.ahead(read, [Change(*line) for line in urgent], answers.questions(read.version, read.institution))
    shown = [value for code in verdict.headlines(read, judged) if (value := words.latest(read.headline(code), read.year))]
    return {
        "language": say.code, "title": say("Internationalization at a glance"), "institution": material.who,
        "year": say.year(read.year) if read.year else "", "strong": strong, "rest": rest, "standing": _standing(read),
        "sample": say("Sample: this institution and all its figures are made up.") if material.profile.get("sample") else "",
        "cards": cards, "goals": [_goal(goal, say) for goal in judged[:MOST]], "beyond": _beyond(judged, say),
        "changes": _lines(verdict.changes(read, judged)), "ahead": _lines(waiting), "words": _words(say),
        "marks": words.remarks(shown, say),
    }  # fmt: skip


def _words(say: Language) -> dict[str, Any]:
    return {
        "goals": say("How far each goal is, the one furthest behind first"),
        "legend": say("Share of the way from baseline to target; the dark tick is the target, the tint what was due by now."),
        "heads": [say("Goal"), say("On the way"), say("Value and target"), say("Status")],
        "changes": say("What changed"), "none": say("Nothing that can be compared with the year before."),
        "ahead": say("What asks for attention"), "quiet": say("Nothing is waiting."), "figures": say("Key figures"),
    }  # fmt: skip


def _unjudged(read: Read) -> tuple[str, str]:
    stated = sum(not derived for _, _, derived in answers.stated(read.version, read.institution))
    return verdict.unjudged(read.say, verdict.counted(read), stated)


def _standing(read: Read) -> str:
    say = read.say
    soft = say("{year} is provisional [p]", year=say.year(read.year)) if read.year and verdict.provisional(read) else ""
    return " · ".join(filter(None, (read.material.standing, soft)))


def _card(read: Read, code: str) -> dict[str, str]:
    """A key figure: what it counts, its newest value, the change on the year before."""
    indicator = catalogue.indicators()[code]
    every = read.headline(code)
    value = words.latest(every, read.year)
    yearly = {v.year: v for v in filled([v for v in every if words.yearly(v)])}
    strong, rest = verdict.moved(value, yearly, indicator, read.say)
    title, written = read.say.pick(indicator.title), words.written(value, indicator, read.say)
    return {"title": title, "value": written, "change": " ".join(filter(None, (strong, rest)))}


def _goal(goal: Goal, say: Language) -> dict[str, Any]:
    """A goal as a bar. ``done`` and ``due`` are fractions of the whole way; None where it cannot be judged."""
    share = say.percent(100 * goal.attainment) if goal.attainment is not None else say("cannot be judged")
    way = say("{value} of {target}", value=goal.written, target=goal.target_written)
    told = {"title": goal.title, "share": share, "way": way, "responsible": goal.responsible}
    return told | {"done": goal.attainment, "due": goal.due, "icon": goal.rule.icon, "status": goal.status, "tone": goal.rule.tone}


def _beyond(judged: Sequence[Goal], say: Language) -> str:
    more = len(judged) - MOST
    return say.many("{n} more goal is on the Overview.", "{n} more goals are on the Overview.", more) if more > 0 else ""


def _lines(found: Sequence[Change]) -> list[dict[str, str]]:
    return [{"sign": one.sign, "text": one.text} for one in found]


def write(store: Path, institution: str | None, lang: str, folder: Path, today: Date) -> Path:
    """The brief of the newest full year, seen from a day, as a file. Raises K101 for an institution the publication does not know."""
    version = open_version(store)
    who = answers.resolve(version, institution)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"brief_{who}_{lang}.pdf"
    path.write_bytes(pdf(Read(version, who, language(lang), answers.full_year(version, who), Store(store), today)))
    return path
