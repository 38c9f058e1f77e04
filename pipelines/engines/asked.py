"""Every question that can be asked of the catalogue, and the statements it leads to, without an answer to any."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pipelines import measure
from pipelines.catalogue import indicators
from pipelines.measuring.compute import compute
from pipelines.measuring.formulas import Question
from pipelines.measuring.value import Rows, Run, Value

Asked = tuple[str, Question]
"""An indicator's code and what is asked of it."""
Bound = tuple[Any, ...]


def questions() -> list[Asked]:
    """Every indicator, whole and in each of its breakdowns."""
    return [(code, Question(by=by)) for code, one in indicators().items() for by in (None, *measure.dimensions(one))]


def answer(run: Run, asked: Asked) -> list[Value]:
    """An indicator's values, those of its inputs asked on the way; missing ones too."""
    code, question = asked
    return compute(run, indicators()[code], question, lambda other, their: answer(run, (other, their)))


def statements(asked: Iterable[Asked], blank: Callable[[str], bool] = lambda table: False) -> list[tuple[str, Bound]]:
    """What a run would be asked, each statement once. Values of a derived indicator are worked out from those few at home.

    Left out is what would be asked of a table that is ``blank``.
    """
    found: dict[tuple[str, Bound], None] = {}

    def note(sql: str, bound: Sequence[Any]) -> Rows:
        found[sql, tuple(bound)] = None
        return []

    for one in asked:
        answer(Run(note, blank), one)
    return list(found)
