"""T15 – T18: what was done and what came of it, goal cards, a framework's data sheet, the self-scores side by side."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.catalogue import indicators
from pipelines.desk.checkins import CheckIn, Reading
from pipelines.figures import Column, Table
from pipelines.figures.model import Amount, Cell
from pipelines.figures.time import unit_words
from pipelines.figures.values import remarks
from pipelines.frameworks import Criterion
from pipelines.language import Language
from pipelines.measuring import judge
from pipelines.policies import policies
from pipelines.reports.exhibits import Asked, Made, exhibit, named
from pipelines.reports.exhibits.rows import amount, listed, part_of, year_columns
from pipelines.reports.material import Material, Row, indicators_of
from pipelines.reports.said import Said

CAP = (0.0, 1.0)
"""Between what an attainment counts in a score: nobody makes good with one goal what another lacks."""


@exhibit("T15", "Actions taken, with values before and after", "Yapılan işler, önceki ve sonraki değerlerle")
def actions(material: Material, asked: Asked) -> list[Made]:
    """The check-ins of the criterion's indicators, all of them where it has none; the oldest first: plan, do, check, act."""
    say, found = material.say, [one for one in reversed(asked.said.done) if _about(one, material, asked.criterion)]
    heads = (say("Date"), say("Indicator"), say("Note"), say("Action"), say("Responsible"), say("Until"), say("Result"))
    rows = [
        (
            say.date(one.at[:10]), _called(one.indicator, say), one.note, one.action, one.owner, say.date(one.due) if one.due else "",
            one.result or (say("open") if one.open else ""), _read(one.before, one, say), _read(one.after, one, say),
        )
        for one in found
    ]  # fmt: skip
    codes = tuple(dict.fromkeys(one.indicator for one in found if one.indicator in indicators()))
    table = listed([*map(Column, heads), Column(say("Before")), Column(say("After"))], rows)
    return [Made(named("T15", say), table, codes=codes)] if rows else []


def _about(one: CheckIn, material: Material, criterion: Criterion) -> bool:
    if not criterion.indicators or one.indicator in criterion.indicators:
        return True
    policy = policies().get(material.institution)
    elements = [element for element in policy.element if element.id == one.element] if policy and not one.indicator else []
    return any(set(element.indicators) & set(criterion.indicators) for element in elements)


def _called(code: str, say: Language) -> str:
    return f"{code} {say.pick(indicators()[code].title)}" if code in indicators() else code


def _read(reading: Reading | None, one: CheckIn, say: Language) -> str:
    """A value as it was shown then, with its year."""
    if reading is None or one.indicator not in indicators():
        return ""
    known = indicators()[one.indicator]
    return f"{say.number(reading.value, known.unit, known.decimals)} ({say.year(reading.year)})"


@exhibit("T16", "Goal cards", "Hedef kartları")
def goal_cards(material: Material, asked: Asked) -> list[Made]:
    """A table for each goal of the policy: baseline, target of each year, what was reached, what of it counts, weight and points."""
    wanted = [row for row in material.aimed() if not asked.codes or row["indicator"] in asked.codes]
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in wanted:
        groups.setdefault((row["policy"], row["element"] or ""), []).append(row)
    return [_card(material, policy, element, rows) for (policy, element), rows in groups.items()]


def _card(material: Material, policy: str, element: str, rows: list[Row]) -> Made:
    say, score = material.say, judge.score(rows, CAP)
    targets = (Column(say("Target {year}", year=say.year(year)), "count") for year in material.years)
    heads = (
        Column(say("Indicator")), Column(say("Baseline"), "count"), *targets, Column(say.year(material.year), "count"),
        Column(say("Attainment"), "percent", 1), Column(say("Counts as"), "percent", 1), Column(say("Weight"), "count", 1),
        Column(say("Points"), "count", 1), Column(say("Responsible unit")),
    )  # fmt: skip
    body = [_line(material, row) for row in rows]
    total = None if score.value is None else 100 * score.value
    body.append((say("Score"), *([None] * (len(material.years) + 2)), None, total, score.known, _points(score.value, score.known), ""))
    notes = [say("Attainment is measured from the baseline to the year's target; in the score each counts between 0 and 100 per cent.")]
    if score.capped:
        notes.append(say("Counted less or more than reached: {codes}.", codes=", ".join(score.capped)))
    if score.missing:
        notes.append(say("Without a value, left out of the score: {codes}.", codes=", ".join(score.missing)))
    values = [v for row in rows if (v := material.by_year(row["indicator"]).get(material.year))]
    note = " ".join(notes) + (f" · {found}" if (found := remarks(values, say)) else "")
    codes = tuple(dict.fromkeys(row["indicator"] for row in rows if row["indicator"] in indicators()))
    return Made(f"{named('T16', say)}: {_element(policy, element, say)}", Table(heads, tuple(body)), note=note, codes=codes)


def _element(policy: str, element: str, say: Language) -> str:
    """What an element of a policy is called; its short name where the policy is not one of ours."""
    known = {one.id: one for found in policies().values() for one in found.element}
    return f"{element} {say.pick(known[element].title)}" if element in known else element or policy


def _line(material: Material, row: Row) -> tuple[Cell, ...]:
    known = indicators()[row["indicator"]]
    due = [material.judged(known.code, year) for year in material.years]
    targets = tuple(_target(one["expected"] if one else None, known.unit, known.decimals) for one in due)
    reached = row["attainment_path"]
    counted = judge.counted(reached, CAP)
    return (
        _called(known.code, material.say), _target(row["baseline"], known.unit, known.decimals), *targets,
        amount(material.by_year(known.code).get(material.year), known), None if reached is None else 100 * reached,
        None if counted is None else 100 * counted, row["weight"], _points(counted, row["weight"]), row["responsible"] or "",
    )  # fmt: skip


def _target(value: float | None, unit: str, decimals: int) -> Cell:
    return None if value is None else Amount(value, unit, decimals)


def _points(part: float | None, weight: float | None) -> Cell:
    return None if part is None or weight is None else part * weight


@exhibit("T17", "Data sheet", "Veri formu")
def data_sheet(material: Material, asked: Asked) -> list[Made]:
    """The criterion's indicators under the names of the framework's edition, with what they are made of in the newest year."""
    say, rows, shown = material.say, [], []
    for one in indicators_of(asked.codes):
        values = {year: v for year, v in material.by_year(one.code).items() if year in material.years}
        newest = values.get(material.year)
        parts = (newest.numerator, newest.denominator) if newest and one.shape == "ratio" else (None, None)
        years = tuple(amount(values.get(year), one) for year in material.years)
        made = tuple(part_of(newest, part, "count") if part is not None else None for part in parts)
        outer = asked.criterion.external.get(one.code, "")
        rows.append((outer, f"{one.code} {say.pick(one.title)}", unit_words(one.unit, say), *years, *made))
        shown += list(values.values())
    heads = [*year_columns(material, say("Code or name in the framework"), say("Indicator"), say("Unit"))]
    heads += [Column(say("Numerator"), "count"), Column(say("Denominator"), "count")]
    caption = f"{named('T17', say)}: {say.pick(asked.criterion.title)}"
    return [Made(caption, listed(heads, rows), note=remarks(shown, say), codes=asked.codes)] if rows else []


@exhibit("T18", "Self-scores", "Öz değerlendirme puanları")
def self_scores(material: Material, asked: Asked) -> list[Made]:
    """Every criterion of the framework that is judged in levels, with what was given so far."""
    say, judged = material.say, [one for one in asked.framework.criterion if one.levels]
    if not judged or not asked.said.levels:
        return []
    heads = (
        Column(say("Criterion")),
        Column(say("Level"), "count"),
        Column(say("Of"), "count"),
        Column(say("Reason")),
        Column(say("Evidence")),
    )
    return [Made(named("T18", say), Table(heads, tuple(_scored(one, asked.said, say) for one in judged)))]


def _scored(one: Criterion, said: Said, say: Language) -> tuple[Cell, ...]:
    given = said.levels.get(one.code)
    proofs: Sequence[str] = given.proofs if given else ()
    title = f"{one.code} {say.pick(one.title)}"
    return (title, given.level if given else None, len(one.levels), given.reason if given else "", ", ".join(proofs))
