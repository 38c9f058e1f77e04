"""What an indicator's value is: the headline from the board, breakdowns and filters live from the rows, small numbers hidden here, once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

from duckdb import DuckDBPyConnection

from pipelines.catalogue import Indicator, indicators
from pipelines.catalogue import indicator as named
from pipelines.measuring import suppress
from pipelines.measuring.compute import compute
from pipelines.measuring.formulas import Question, available
from pipelines.measuring.provenance import Provenance, explain
from pipelines.measuring.value import STORED, Run, Value, winners
from pipelines.settings import settings

if TYPE_CHECKING:
    from pipelines.warehouse import Version

__all__ = ["Policy", "Provenance", "Value", "complete", "crossed", "dimensions", "explain", "fill", "values"]

Policy = suppress.Policy
crossed = suppress.crossed
Audience = Literal["inside", "public"]
KEPT = 1024
"""How many answers of a version are remembered in this process; they go with the version."""

ALL = ", ".join(f'"{name}"' for name in STORED)

_answers: WeakKeyDictionary[Version, OrderedDict[tuple[Any, ...], list[Value]]] = WeakKeyDictionary()
_boards: WeakKeyDictionary[Version, dict[str, dict[tuple[str, str], list[Value]]]] = WeakKeyDictionary()
_lock = Lock()


def fill(connection: DuckDBPyConnection, as_of: date) -> None:
    """Writes ``board.indicator_values``; ``complete`` adds the rest once goals have been judged."""
    from pipelines.measuring import fill as writer  # Arrow and all that only a publisher needs

    writer.fill(connection, as_of)


def complete(connection: DuckDBPyConnection, as_of: date) -> None:
    """Adds what is measured on the board itself, see ``pipelines.measuring.fill``."""
    from pipelines.measuring import fill as writer

    writer.complete(connection, as_of)


def values(
    version: Version, indicator: Indicator | str, *, institution: str | None = None, year: int | None = None, by: str | None = None,
    where: dict[str, str | list[str]] | None = None, audience: Audience = "inside", every_series: bool = False,
    policy: Policy | None = None,
) -> list[Value]:  # fmt: skip
    """An indicator's values, one per institution, year or period and part of the breakdown, in that order.

    Missing values are not in the list; a stated "none" is, with ``value`` None. ``every_series`` adds what other series of the same number
    say (``prime`` false; headlines only). ``audience="public"`` hides small numbers by ``policy`` (default: the installation's setting).
    Raises M101 for a dimension that the rows lack, K101 for an unknown indicator.
    """
    chosen = named(indicator) if isinstance(indicator, str) else indicator
    question = Question.of(institution, year, by, where)
    found = _remembered(version, chosen, question, every_series)
    if audience == "public":
        return suppress.shown(found, chosen, policy or Policy(settings().small_numbers))
    return list(found)


def cells(
    version: Version, indicator: Indicator, down: str, across: str, *, institution: str | None = None, year: int | None = None,
    where: dict[str, str | list[str]] | None = None,
) -> list[Value]:  # fmt: skip
    """Every pair of two dimensions, exact and computed from rows: the key is both words, parted by ``BETWEEN``. See ``measuring.crossing``.

    For indicators that are sums; raises M101 as ``values`` does.
    """
    question = replace(Question.of(institution, year, down, where), across=across)
    return _remembered(version, indicator, question, False)


def dimensions(indicator: Indicator) -> tuple[str, ...]:
    """What an indicator can be broken down and filtered by; for a derived one: what all its inputs can."""
    if indicator.shape != "derived":
        return available(indicator)
    first, *others = (dimensions(indicators()[one.indicator]) for one in indicator.formula.inputs.values())
    return tuple(name for name in first if all(name in other for other in others))


def _remembered(version: Version, indicator: Indicator, question: Question, every_series: bool) -> list[Value]:
    key = (indicator.code, question, every_series)
    with _lock:
        known = _answers.setdefault(version, OrderedDict())
        if key in known:
            known.move_to_end(key)
            return known[key]
    found = _asked(version, indicator, question, every_series)
    with _lock:
        known[key] = found
        while len(known) > KEPT:
            known.popitem(last=False)
    return found


def _asked(version: Version, indicator: Indicator, question: Question, every_series: bool) -> list[Value]:
    if question.by is None and not question.where:
        kept = _on_board(version, indicator, question)
        others = [value for value in kept if not value.prime] if every_series else []
        return _sorted(winners(value for value in kept if value.prime) + others)
    return _sorted(_live(version, indicator, question))


def _live(version: Version, indicator: Indicator, question: Question) -> list[Value]:
    """Computed from rows, with what was reported for the same places."""
    found = compute(_run(version), indicator, question, lambda code, asked: _live(version, indicators()[code], asked))
    stated = [value for value in _on_board(version, indicator, question) if value.origin == "reported" and value.prime]
    said = {value.spot for value in stated}
    fresh = [value for value in found if value.value is not None and (value.origin == "computed" or value.spot not in said)]
    return winners(fresh + stated)


def _run(version: Version) -> Run:
    return Run(lambda sql, bound: version.query(sql, list(bound)))


def _on_board(version: Version, indicator: Indicator, question: Question) -> list[Value]:
    """Values kept on the board: of the whole, of the breakdown, or of the one part that a filter names."""
    by, key = question.by or "", None
    if question.where:
        if by or len(question.where) > 1 or len(question.where[0][1]) > 1:
            return []
        by, (key,) = question.where[0]
    if question.institution:
        kept = _of_institution(version, question.institution).get((indicator.code, by), [])
        rows = [value for value in kept if question.year is None or question.year == value.year_from == value.year_to]
        rows = rows if key is None else [value for value in rows if value.key == key]
    else:
        conditions = {"year_from": question.year, "year_to": question.year, "key": key}
        used = {name: value for name, value in conditions.items() if value is not None}
        rows = _stored(version, {"indicator": indicator.code, "by": by} | used)
    return rows if key is None else [replace(value, by="", key="") for value in rows]


def _of_institution(version: Version, institution: str) -> dict[tuple[str, str], list[Value]]:
    """What the board keeps of an institution by indicator and dimension: a page asks for many, and one question costs as much as all."""
    with _lock:
        known = _boards.setdefault(version, {})
    if institution not in known:
        found: dict[tuple[str, str], list[Value]] = {}
        for value in _stored(version, {"institution": institution}):
            found.setdefault((value.indicator, value.by), []).append(value)
        known[institution] = found
    return known[institution]


def _stored(version: Version, conditions: dict[str, Any]) -> list[Value]:
    sql = f"select {ALL} from board.indicator_values where " + " and ".join(f'"{name}" = ?' for name in conditions)
    return [Value(**dict(zip(STORED, row, strict=True))) for row in version.query(sql, list(conditions.values()))]


def _sorted(values: list[Value]) -> list[Value]:
    return sorted(
        values, key=lambda one: (one.institution, one.year_from or 0, one.year_to or 0, one.by, one.key, not one.prime, one.series)
    )
