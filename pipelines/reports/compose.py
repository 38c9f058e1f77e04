"""From a framework and what is known to a report's outline: criterion by criterion, with what is missing said, never left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.desk.checkins import CheckIn
from pipelines.figures import values as words
from pipelines.figures.time import definition
from pipelines.frameworks import Criterion, Framework
from pipelines.language import Language
from pipelines.measuring import judge
from pipelines.reports.exhibits import Asked, Made, made, named
from pipelines.reports.material import Material, indicators_of
from pipelines.reports.outline import Block, Exhibit, Heading, Level, Outline, Paragraph, Proofs, Slot
from pipelines.reports.said import Judgement, Said

TOLD = 4
"""Indicators that a generated finding speaks of; the table has all."""


@dataclass(frozen=True)
class Gap:
    """What a criterion's section still lacks: ``kind`` is values, table, evaluation, evidence or level; ``what`` names it."""

    criterion: str
    kind: str
    what: str = ""


def outline(framework: Framework, material: Material, criteria: Sequence[str] = (), said: Said | None = None) -> Outline:
    """The report of a framework; of the named criteria, or of all. Raises K101 for a criterion it does not have."""
    say, said = material.say, said or Said()
    chosen = [framework.of(code) for code in criteria] or list(framework.criterion)
    counter = {"table": 0, "figure": 0}
    blocks = [block for criterion in chosen for block in _section(Asked(framework, criterion, said), material, counter)]
    codes = [code for criterion in chosen for code in criterion.indicators]
    first, last = say.year(material.years[0]), say.year(material.year)
    return Outline(
        name=f"{framework.id}_{material.institution}_{material.years[0]}_{material.year}_{say.code}",
        language=say.code,
        title=say.pick(framework.title),
        subtitle=f"{first} – {last}" if len(material.years) > 1 else last,
        institution=material.who,
        edition=f"{framework.publisher} · {framework.edition}",
        standing=material.standing,
        publication=material.publication,
        blocks=tuple(blocks),
        provisional=any(_provisional(material, code) for code in codes if code in catalogue.indicators()),
        sample=bool(material.profile.get("sample")),
        definitions=tuple((f"{one.code} {say.pick(one.title)}", definition(one, say)) for one in indicators_of(list(dict.fromkeys(codes)))),
    )


def _provisional(material: Material, code: str) -> bool:
    return any(value.provisional for year, value in material.by_year(code).items() if year in material.years)


def _section(asked: Asked, material: Material, counter: dict[str, int]) -> Iterator[Block]:
    """Heading, what is asked, finding, tables and figures, evaluation, improvement, self-score, evidence."""
    say, criterion, said = material.say, asked.criterion, asked.said
    yield Heading(1, say.pick(criterion.title), criterion.code)
    yield Paragraph(_asks(criterion, say), "asks")
    shown = list(_exhibits(asked, material, counter))
    yield Heading(2, say("Finding"))
    own = said.texts.get((criterion.code, "finding"))
    refers = tuple(dict.fromkeys(one.code for one in shown))
    yield Paragraph(own or finding(criterion, material), "finding", refers, bool(own), "finding")
    yield from shown
    yield from _written(criterion, say("Evaluation"), "evaluation", said, say("No evaluation has been written yet."))
    yield from _improvement(criterion, material, said)
    if criterion.levels:
        yield Heading(2, say("Self-score"))
        yield _level(criterion, said.levels.get(criterion.code), say)
    yield Heading(2, say("Evidence"))
    proofs = tuple(said.proofs.get(criterion.code, ()))
    yield Proofs(proofs) if proofs else Paragraph(say("No evidence has been attached yet."), "missing")


def _asks(criterion: Criterion, say: Language) -> str:
    """What the criterion asks for, in quotation marks only where somebody has read the official text."""
    text = say.pick(criterion.asks)
    if criterion.wording == "confirmed":
        return f"“{text}”"
    mark = say("our own summary") if criterion.wording == "own_summary" else say("wording not confirmed")
    return f"{text} ({mark})"


def _exhibits(asked: Asked, material: Material, counter: dict[str, int]) -> Iterator[Exhibit]:
    for code in (*asked.criterion.tables, *asked.criterion.figures):
        for one in made(code, material, asked):
            yield _numbered(code, one, material, counter)


def _numbered(code: str, shown: Made, material: Material, counter: dict[str, int]) -> Exhibit:
    kind = "table" if shown.figure is None else "figure"
    counter[kind] += 1
    cited = material.citations(shown.codes)
    return Exhibit(code, counter[kind], shown.caption, shown.table, shown.figure, shown.note, material.source(shown.codes), cited)


def _written(criterion: Criterion, title: str, slot: Slot, said: Said, nothing: str) -> Iterator[Block]:
    yield Heading(2, title)
    text = said.texts.get((criterion.code, slot))
    yield Paragraph(text, slot, own=True, slot=slot) if text else Paragraph(nothing, "missing", slot=slot)


def _improvement(criterion: Criterion, material: Material, said: Said) -> Iterator[Block]:
    """What people wrote, then what the check-ins say was done: plan, do, check, act."""
    say = material.say
    yield from _written(criterion, say("Improvement"), "improvement", said, say("No improvement has been written yet."))
    done = [one for one in reversed(said.done) if one.indicator in criterion.indicators]
    yield from (Paragraph(action(one, say), "improvement") for one in done)


def action(one: CheckIn, say: Language) -> str:
    """A check-in in one paragraph: plan, do, check, act."""
    parts = [f"{say.date(one.at[:10])} · {one.indicator} · {one.note}"]
    if one.action:
        until = say.date(one.due) if one.due else ""
        parts.append(say("Action: {action} ({owner}, until {day}).", action=one.action.rstrip("."), owner=one.owner, day=until))
    if one.result:
        parts.append(say("Result: {result}", result=one.result))
    return " ".join(parts)


def _level(criterion: Criterion, judged: Judgement | None, say: Language) -> Level:
    texts = tuple(say.pick(level) for level in criterion.levels)
    return Level(texts, judged.level, judged.reason, judged.proofs, judged.by, judged.at) if judged else Level(texts)


def finding(criterion: Criterion, material: Material) -> str:
    """Generated sentences: of the first indicators that have a value, from the first year told to the newest, and the goal."""
    if not criterion.indicators:
        shown = criterion.tables or criterion.figures
        return material.say("See the tables of this section.") if shown else material.say("This section is answered in words.")
    told = [sentence for one in indicators_of(criterion.indicators) if (sentence := _sentence(material, one))]
    if not told:
        return material.say("No value of this criterion's indicators has been published for these years.")
    return " ".join(told[:TOLD])


def _sentence(material: Material, indicator: Indicator) -> str:
    """ "Outgoing students: 268 in 2020–21, 1,482 [p] in 2024–25; 74 % of the way to the target of 1,800 (On track)." """
    say = material.say
    values = {year: v for year, v in material.by_year(indicator.code).items() if year in material.years and v.value is not None}
    if not values:
        return ""
    ends = [min(values), max(values)] if len(values) > 1 else [max(values)]
    told = ", ".join(say("{value} in {year}", value=words.written(values[year], indicator, say), year=say.year(year)) for year in ends)
    sentence = f"{say.pick(indicator.title)}: {told}"
    goal = material.judged(indicator.code, max(values))
    if goal and goal["attainment"] is not None:
        target = say.number(goal["target"], indicator.unit, indicator.decimals)
        status = say.pick(judge.rules()[goal["status"]].label)
        share = say.percent(100 * goal["attainment"])
        sentence += say("; {share} of the way to the target of {target} ({status})", share=share, target=target, status=status)
    return f"{sentence}."


def gaps(framework: Framework, material: Material, said: Said, criteria: Sequence[str] = ()) -> list[Gap]:
    """What is missing, criterion by criterion, in the order of the sections."""
    chosen = [framework.of(code) for code in criteria] or list(framework.criterion)
    return [gap for criterion in chosen for gap in _gaps(Asked(framework, criterion, said), material)]


def _gaps(asked: Asked, material: Material) -> Iterator[Gap]:
    criterion, said = asked.criterion, asked.said
    for one in indicators_of(criterion.indicators):
        if material.year not in material.by_year(one.code):
            yield Gap(criterion.code, "values", f"{one.code} {material.say.pick(one.title)}")
    for code in (*criterion.tables, *criterion.figures):
        if not made(code, material, asked):
            yield Gap(criterion.code, "table", f"{code} {named(code, material.say)}")
    if not said.texts.get((criterion.code, "evaluation")):
        yield Gap(criterion.code, "evaluation")
    if not said.proofs.get(criterion.code):
        yield Gap(criterion.code, "evidence")
    if criterion.levels and criterion.code not in said.levels:
        yield Gap(criterion.code, "level")
