"""From statements to values: an indicator's formula run, its halves joined, its inputs combined.

SQL adds up; what is joined here are the few rows of the results. An absent part of a breakdown is zero only where the year was handed in
and every row told its part; otherwise it stays missing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from pipelines.catalogue import Formula, Indicator
from pipelines.codes import programmes
from pipelines.measuring import formulas
from pipelines.measuring.derive import Given, derive
from pipelines.measuring.formulas import Question, run_named
from pipelines.measuring.tables import TABLES
from pipelines.measuring.value import Run, Value, flipped, scaled

DIGITS = 12  # the last digits of a sum depend on the order of threads


@dataclass(slots=True)
class Sum:
    """One row of an aggregate."""

    value: float | None
    provisional: bool
    series: str
    precision: str
    second: float | None
    people: float | None = None


Place = tuple[str, int, str]


def compute(run: Run, indicator: Indicator, question: Question, given: Given) -> list[Value]:
    """The values of an indicator from rows, also missing ones (value None). ``given`` supplies a derived formula's inputs.

    Raises M101 where the question names a dimension that the rows lack, M102 where the formula does not run.
    """
    shape = indicator.shape
    if shape == "derived":
        values = derive(run, indicator, question, given)
    else:
        formulas.refuse_unknown(indicator, question, formulas.available(indicator))
        steps = {"sum": _sum, "ratio": _ratio, "spread": _spread}
        asked, nothing = _headline(indicator.formula, question), run.blank(indicator.formula.table or "")
        values = [] if nothing else run_named(indicator, lambda: steps[shape](run, indicator, asked))
    return [_marked(value, indicator) for value in values]


def _headline(formula: Formula, question: Question) -> Question:
    """Of several populations the first is meant, unless the question names another."""
    if not formula.populations or "population" in question.dimensions:
        return question
    return replace(question, where=(*question.where, ("population", formula.populations[:1])))


def _marked(value: Value, indicator: Indicator) -> Value:
    value.domestic = indicator.domestic or (value.by == "programme" and value.key in programmes.domestic())
    value.value = _tidy(value.value)
    return value


def _tidy(number: float | None) -> float | None:
    return None if number is None or not math.isfinite(number) else float(f"{number:.{DIGITS}g}")


def _sums(run: Run, statement: formulas.Statement) -> dict[Place, Sum]:
    rows = run(statement.sql, statement.bound)
    return {
        (who, year, part): Sum(value, bool(soft), series or "", precise or "exact", two, people)
        for who, year, part, value, soft, series, precise, two, people in rows
    }


def _value(indicator: Indicator, question: Question, place: Place, **known: Any) -> Value:
    who, year, part = place
    return Value(who, indicator.code, year, year, question.by or "", part, **known)


def _sum(run: Run, indicator: Indicator, question: Question) -> list[Value]:
    formula = indicator.formula
    table = TABLES[formula.table or ""]
    found = _sums(run, formulas.aggregate(formula.table or "", formula.where, formula.value or "", question, precise=table.grained))
    about = table.people and indicator.unit == "people"
    return [
        _value(
            indicator, question, place, value=scaled(one.value, formula.scale), people=one.value if about else None,
            provisional=one.provisional, series=one.series, precision=one.precision,
        )
        for place, one in found.items()
    ]  # fmt: skip


def _ratio(run: Run, indicator: Indicator, question: Question) -> list[Value]:
    formula, under = indicator.formula, indicator.formula.denominator
    assert under is not None
    table = under.table or formula.table or ""
    if under.table is None and under.where is None and not any(under.is_whole(name) for name in question.dimensions):
        both = _sums(
            run, formulas.aggregate(table, formula.where, formula.numerator or "", question, second=under.value, people=formula.people)
        )
        pairs = {place: (one, replace(one, value=one.second)) for place, one in both.items()}
    else:
        over = _sums(run, formulas.aggregate(formula.table or "", formula.where, formula.numerator or "", question, people=formula.people))
        whole = {name for name in question.dimensions if under.is_whole(name)}
        parts = question.without(whole)
        where = under.where if under.where is not None else ("true" if under.table else formula.where)
        below = _sums(run, formulas.aggregate(table, where, under.value, parts, precise=TABLES[table].grained))
        pairs = _paired(over, below, broken=parts.by is not None)
    about = TABLES[table].people
    return [_divided(indicator, question, place, *pair, about and not _agreements(question, place[2])) for place, pair in pairs.items()]


def _paired(over: dict[Place, Sum], below: dict[Place, Sum], *, broken: bool) -> dict[Place, tuple[Sum, Sum]]:
    """Numerators with their denominators. Broken down together, a part without a numerator is zero where that may be said."""
    if not broken:
        return {place: (one, below[(*place[:2], "")]) for place, one in over.items() if (*place[:2], "") in below}
    told = _told(over)
    zero = Sum(0.0, False, "", "exact", None)
    pairs = {place: (one, below[place]) for place, one in over.items() if place in below}
    return pairs | {place: (zero, one) for place, one in below.items() if place not in over and place[:2] in told and place[2]}


def _told(sums: dict[Place, Sum]) -> set[tuple[str, int]]:
    """Institutions and years whose rows all told their part."""
    return {place[:2] for place in sums} - {place[:2] for place, one in sums.items() if not place[2] and one.value != 0}


def _divided(indicator: Indicator, question: Question, place: Place, over: Sum, below: Sum, people: bool) -> Value:
    known = over.value is not None and below.value not in (None, 0)
    return _value(
        indicator, question, place,
        value=indicator.formula.scale * float(over.value) / float(below.value) if known else None,  # type: ignore[arg-type]
        numerator=over.value, denominator=below.value, people=over.people if indicator.formula.people else below.value if people else None,
        provisional=over.provisional or below.provisional, series=over.series,
        precision=over.precision if below.precision == "exact" else "about" if over.precision != "exact" else flipped(below.precision),
    )  # fmt: skip


def _spread(run: Run, indicator: Indicator, question: Question) -> list[Value]:
    formula = indicator.formula
    weights = formulas.keyed(formula, question)
    kept = formulas.Statement(*run.kept(weights.sql, weights.bound))
    statement = formulas.spread(formula, question, kept)
    about = TABLES[formula.table or ""].people
    shares = question.by == formula.per
    return [
        _value(
            indicator, question, (who, year, part), value=value if shares else scaled(value, formula.scale),
            numerator=counted, denominator=whole, provisional=bool(soft), series=series or "",
            people=(whole if shares else counted) if about and not _agreements(question, part) else None,
        )
        for who, year, part, value, soft, series, _, counted, whole in run(statement.sql, statement.bound)
    ]  # fmt: skip


def _agreements(question: Question, part: str) -> bool:
    """Whether the weights are agreements, which are not people."""
    return (question.by == "population" and part == "agreements") or ("population", ("agreements",)) in question.where
