"""Check-ins: what somebody said about a goal on a day, what is to be done, by whom and until when, and what came of it.

Plan, do, check, act. Every one is an event of the log; an action is closed by a further event, a correction is one too, and nothing is ever
taken away. What people typed lies beside the log as with every event. Pages and reports read them with ``check_ins``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from pipelines import catalogue, log
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.errors import MeridianError
from pipelines.log import Event
from pipelines.measuring.value import Value
from pipelines.policies import Element, policies
from pipelines.store import Store

MADE, CLOSED, CORRECTED = "check_in", "check_in_closed", "check_in_corrected"
LONGEST = 4000
"""Characters of a text."""
TYPED = ("note", "action", "owner")


@dataclass(frozen=True)
class Reading:
    """A value of the indicator as it was shown then: academic year and number in the indicator's unit."""

    year: int
    value: float


@dataclass(frozen=True)
class Plan:
    """What a person writes: a note, and, where something is to be done, what, who does it and until when."""

    note: str
    action: str = ""
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True)
class CheckIn:
    """One check-in as it stands now. ``no`` is the number of its event; ``at`` UTC times; ``element`` and ``indicator`` may be empty."""

    no: int
    at: str
    by: str
    institution: str
    element: str
    indicator: str
    year: int
    note: str
    action: str = ""
    owner: str = ""
    due: date | None = None
    before: Reading | None = None
    closed_at: str = ""
    closed_by: str = ""
    result: str = ""
    after: Reading | None = None
    corrected_at: str = ""

    @property
    def open(self) -> bool:
        """Whether something is to be done still."""
        return bool(self.action) and not self.closed_at

    def late(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return self.open and self.due is not None and self.due < today

    def belongs(self, element: Element) -> bool:
        """Whether it is about an element of the policy: said so, or by its indicator where none was said."""
        return self.element == element.id if self.element else self.indicator in element.indicators


def add(
    who: Person | None, store: Store, institution: str, year: int, plan: Plan, *,
    element: str = "", indicator: str = "", before: Reading | None = None,
) -> Event:  # fmt: skip
    """A check-in about an element of the institution's policy, an indicator, or both.

    Raises P101, V401 (no note), V402 (an action without owner or day), V403 (nothing that it could be about), V406 (too long).
    """
    require(who, "check_in", institution)
    assert who is not None
    _examine(plan)
    policy = policies().get(institution)
    known = {one.id for one in policy.element} if policy else set()
    if not (element or indicator) or (element and element not in known) or (indicator and indicator not in catalogue.indicators()):
        raise MeridianError("V403", what=(element or indicator or "–")[:60])
    facts = {
        "institution": institution,
        "element": element,
        "indicator": indicator,
        "year": year,
        "due": _day(plan),
        "before": _read(before),
    }
    return log.append(store, MADE, who.id, _typed(plan), **facts)


def close(who: Person | None, store: Store, no: int, result: str, after: Reading | None = None) -> Event:
    """An action is done, or given up: what came of it. Raises P101, V401, V404 (no such check-in), V405 (nothing is open), V406."""
    known = _named(who, store, no)
    if not known.open:
        raise MeridianError("V405", no=no)
    _examine(Plan(result))
    assert who is not None
    return log.append(store, CLOSED, who.id, {"result": result.strip()}, institution=known.institution, check_in=no, after=_read(after))


def correct(who: Person | None, store: Store, no: int, plan: Plan) -> Event:
    """The check-in reads otherwise from now on; what it said stays in the log. Raises P101, V401, V402, V404, V405 (closed), V406."""
    known = _named(who, store, no)
    if known.closed_at:
        raise MeridianError("V405", no=no)
    _examine(plan)
    assert who is not None
    return log.append(store, CORRECTED, who.id, _typed(plan), institution=known.institution, check_in=no, due=_day(plan))


def reading(values: Iterable[Value], year: int | None = None) -> Reading | None:
    """Of an indicator's headline values, as the public sees them, the one of a year (None: the newest); a hidden one is none."""
    known = {
        one.year_from: one.value for one in values if one.year_to in (None, one.year_from) and not one.hidden and one.value is not None
    }
    dated = {when: value for when, value in known.items() if when is not None}
    chosen = max(dated, default=None) if year is None else year
    return Reading(chosen, dated[chosen]) if chosen in dated else None


def check_ins(store: Store, institution: str, element: Element | None = None, indicator: str | None = None) -> list[CheckIn]:
    """Those of an institution, of an element of its policy or of an indicator; the newest first. For pages and reports."""
    return [
        one
        for one in reversed(_every(store).values())
        if one.institution == institution
        and (element is None or one.belongs(element))
        and (indicator is None or one.indicator == indicator)
    ]


def _every(store: Store) -> dict[int, CheckIn]:
    """All check-ins by number, as the log has them now; read once for each of its heads. Nobody may change the answer."""
    return _replayed(store, log.tip(store))


@lru_cache(maxsize=8)
def _replayed(store: Store, head: str) -> dict[int, CheckIn]:
    """``head``: the log's last hash, which names all that came before it."""
    known: dict[int, CheckIn] = {}
    for event in log.remembered(store):
        if event.kind == MADE:
            known[event.no] = _made(event)
        elif event.kind in (CLOSED, CORRECTED) and (one := known.get(event.facts["check_in"])):
            known[one.no] = _closed(one, event) if event.kind == CLOSED else _corrected(one, event)
    return known


def _made(event: Event) -> CheckIn:
    facts = event.facts
    named = {name: facts[name] for name in ("institution", "element", "indicator", "year")}
    return CheckIn(event.no, event.at, event.by, **named, **_said(facts), before=_reading(facts["before"]))


def _closed(one: CheckIn, event: Event) -> CheckIn:
    told = {"result": event.facts.get("result", ""), "after": _reading(event.facts["after"])}
    return replace(one, closed_at=event.at, closed_by=event.by, **told)


def _corrected(one: CheckIn, event: Event) -> CheckIn:
    return replace(one, corrected_at=event.at, **_said(event.facts))


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    """What was typed (nothing of it where it was erased) and the day."""
    return {name: facts.get(name, "") for name in TYPED} | {"due": date.fromisoformat(facts["due"]) if facts["due"] else None}


def _named(who: Person | None, store: Store, no: int) -> CheckIn:
    """The check-in of a number, for whoever may write about its institution."""
    require(who, "check_in")
    known = _every(store).get(no)
    if known is None:
        raise MeridianError("V404", no=no)
    require(who, "check_in", known.institution)
    return known


def _examine(plan: Plan) -> None:
    if not plan.note.strip():
        raise MeridianError("V401")
    if len({bool(plan.action.strip()), bool(plan.owner.strip()), plan.due is not None}) > 1:
        raise MeridianError("V402")
    longest = max(len(getattr(plan, name)) for name in TYPED)
    if longest > LONGEST:
        raise MeridianError("V406", most=LONGEST, length=longest)


def _typed(plan: Plan) -> dict[str, str]:
    return {name: getattr(plan, name).strip() for name in TYPED}


def _day(plan: Plan) -> str:
    return plan.due.isoformat() if plan.due else ""


def _read(reading: Reading | None) -> dict[str, Any] | None:
    return {"year": reading.year, "value": reading.value} if reading else None


def _reading(told: dict[str, Any] | None) -> Reading | None:
    return Reading(told["year"], told["value"]) if told else None
