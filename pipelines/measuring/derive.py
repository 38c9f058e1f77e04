"""Derived indicators: an expression over other indicators' values of the same place, an earlier or a fixed year.

An input that an institution only reported serves as well as a computed one; the result then counts as reported, and a bound stays a bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pipelines.catalogue import Indicator, Input
from pipelines.measuring import breaks
from pipelines.measuring.formulas import Question, run_named
from pipelines.measuring.value import Run, Value, flipped, scaled

Given = Callable[[str, Question], list[Value]]
"""An input indicator's values of a question."""

QUOTIENT = r"{0} / (nullif\()?{1}\b(, 0\))?$"
"""An expression that is one input over the other shows them as numerator and denominator."""


def derive(run: Run, indicator: Indicator, question: Question, given: Given) -> list[Value]:
    """The expression over the inputs' values of the same place, an earlier or a fixed year."""
    formula = indicator.formula
    elsewhen = any(one.lag or one.year is not None for one in formula.inputs.values())
    asked = replace(question, year=None) if elsewhen else question
    tables = [_input(given(one.indicator, asked), one.lag, one.year) for one in formula.inputs.values()]
    rows = [row for row in _joined(tables) if not elsewhen or not _divided(list(formula.inputs.values()), row)]
    results = _evaluate(run, indicator, [[one.value for one in row] for row in rows])
    values = [_combined(indicator, row, result) for row, result in zip(rows, results, strict=True)]
    _bound_precision(run, indicator, rows, values)
    return [value for value in values if question.year is None or value.year_from == value.year_to == question.year]


Column = tuple[dict[tuple[Any, ...], Value], bool]


def _input(values: Sequence[Value], lag: int, year: int | None) -> Column:
    """An input's values by the place where they are used. Fixed: of one year, used in all, its years left out of the place."""
    if year is not None:
        return {(one.institution, one.by, one.key): one for one in values if one.year_from == one.year_to == year}, True
    if not lag:
        return {one.spot: one for one in values}, False
    dated = [(one, one.year_from + lag) for one in values if one.year_from is not None and one.year_from == one.year_to]
    return {(one.institution, later, later, one.by, one.key): one for one, later in dated}, False


def _joined(columns: list[Column]) -> list[list[Value]]:
    """Rows of inputs that stand at the same place; absent parts are zero where that may be said."""
    moving = [column for column, fixed in columns if not fixed]
    places = dict.fromkeys(place for column in moving for place in column)
    zeros = [_zeros(column) for column, _ in columns]
    rows = []
    for place in places:
        row = [_at(column, fixed, zero, place) for (column, fixed), zero in zip(columns, zeros, strict=True)]
        if all(row):
            rows.append(_at_place(row, place))  # type: ignore[arg-type]
    return rows


def _at(column: dict[tuple[Any, ...], Value], fixed: bool, zeros: set[tuple[Any, ...]], place: tuple[Any, ...]) -> Value | None:
    who, first, last, by, key = place
    spot = (who, by, key) if fixed else place
    if spot in column:
        return column[spot]
    if by and key and spot[:-1] in zeros:
        return Value(who, "", first, last, by, key, value=0.0, people=0.0)
    return None


def _zeros(column: dict[tuple[Any, ...], Value]) -> set[tuple[Any, ...]]:
    """Places of a breakdown, without the key, where an absent part is none at all: counts from rows that all told their part."""
    untold = {
        place[:-1]
        for place, one in column.items()
        if one.origin != "computed" or one.numerator is not None or (not one.key and one.value != 0)
    }
    return {place[:-1] for place in column} - untold


def _divided(inputs: list[Input], row: list[Value]) -> bool:
    """Whether the definition of an input changed between its own year and the year of the result: then there is none."""
    for given, one in zip(inputs, row, strict=True):
        if one.year_from is not None:
            own = given.year if given.year is not None else one.year_from - given.lag
            if breaks.divided(one.institution, given.indicator, min(own, one.year_from), max(own, one.year_from)):
                return True
    return False


def _at_place(row: list[Value], place: tuple[Any, ...]) -> list[Value]:
    _, first, last, _, _ = place
    return [one if one.year_from == first else replace(one, year_from=first, year_to=last) for one in row]


def _evaluate(run: Run, indicator: Indicator, rows: list[list[float | None]]) -> list[float | None]:
    """The expression for every row of inputs, worked out by DuckDB."""
    if not rows:
        return []
    names = list(indicator.formula.inputs)
    columns = ", ".join(f'unnest(?::double[]) as "{name}"' for name in names)
    sql = f"select {indicator.formula.value} from (select unnest(range(?)) as place_, {columns}) order by place_"
    bound = (len(rows), *(list(column) for column in zip(*rows, strict=True)))
    return run_named(indicator, lambda: [scaled(value, indicator.formula.scale) for (value,) in run(sql, bound)])


def _combined(indicator: Indicator, row: list[Value], result: float | None) -> Value:
    first = row[0]
    people = [one.people for one in row if one.people is not None]
    stated = next((one for one in row if one.origin == "reported"), None)
    value = Value(
        first.institution, indicator.code, first.year_from, first.year_to, first.by, first.key, value=result,
        people=min(filter(None, people), default=0.0 if people else None),  # the smallest count that the result could give back
        origin="reported" if stated else "computed", provisional=any(one.provisional for one in row),
        series=next((one.series for one in row if one.series), ""),
    )  # fmt: skip
    if len(row) == 2 and re.match(QUOTIENT.format(*indicator.formula.inputs), indicator.formula.value or ""):
        value.numerator, value.denominator = (one.value for one in row)
    if stated:
        value.file, value.sheet, value.row, value.col = stated.file, stated.sheet, stated.row, stated.col
    return value


def _bound_precision(run: Run, indicator: Indicator, rows: list[list[Value]], values: list[Value]) -> None:
    """A bound stays a bound: "more than" of an input is "more than" of a result that grows with it, "less than" of one that falls."""
    vague = [(place, [one for one in row if one.precision != "exact"]) for place, row in enumerate(rows)]
    for place, inexact in vague:
        if not inexact:
            continue
        precision = "about"
        if len(inexact) == 1 and inexact[0].precision in ("more_than", "less_than") and values[place].value is not None:
            raised = [(one.value or 0) * 1.01 if one is inexact[0] else one.value for one in rows[place]]
            (result,) = _evaluate(run, indicator, [raised])
            grows = result is not None and result > values[place].value  # type: ignore[operator]
            precision = inexact[0].precision if grows else flipped(inexact[0].precision)
        values[place].precision = precision
