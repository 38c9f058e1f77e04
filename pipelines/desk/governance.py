"""The rules of an installation that its people decide: four eyes, closed years, what is due when. Each decision is an event of the log."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pipelines import log
from pipelines.access.permissions import may, require
from pipelines.access.person import Person
from pipelines.desk import drafts
from pipelines.errors import MeridianError
from pipelines.sources import sources
from pipelines.store import Store
from pipelines.warehouse import Version

FOUR_EYES = ("off", "over_threshold", "always")
DEFAULTS: dict[str, Any] = {
    "four_eyes": "off", "threshold": 20.0, **{f"due_{name}": one.due for name, one in sources().items() if one.due},
    "provisional_years": 2,
}  # fmt: skip
"""Setting → its value before anybody decided. ``due_…``: month and day after the academic year; ``threshold``: per cent of a change;
``provisional_years``: years before the running one in which figures still move, whatever their file says."""
WHY = {
    "always": {"en": "every publication is decided by two people", "tr": "her yayına iki kişi karar verir"},
    "over_threshold": {
        "en": "{what} changes by {share} %, more than {limit} %", "tr": "{what} %{share} değişiyor, sınır %{limit}",
    },
    "appears": {"en": "{what} was {before} and is {after}", "tr": "{what} {before} iken {after} oluyor"},
    "unweighed": {"en": "more changes than can be weighed one by one", "tr": "tek tek tartılamayacak kadar çok şey değişiyor"},
    "flips": {"en": "a goal changes its status ({what})", "tr": "bir hedefin durumu değişiyor ({what})"},
    "sealed": {"en": "the year is closed ({who} · {what})", "tr": "yıl kapatılmış ({who} · {what})"},
}  # fmt: skip
COMMISSION = "commission_"
"""Layouts of files of the European Commission, which corrects its figures for years."""
State = Literal["published", "approval", "draft", "late", "due"]
Slot = tuple[str, str, int]
"""Institution, dataset, year."""


@dataclass(frozen=True)
class Duty:
    """What an institution owes for a year: which dataset, from whom, by when, and how far it is."""

    source: str
    deadline: date
    state: State
    file: str = ""
    by: str = ""
    at: str = ""
    provisional: bool = False


def setting(store: Store, name: str) -> Any:
    """A setting as it was last decided. KeyError: there is none of that name."""
    default = DEFAULTS[name]
    told = (event.facts["value"] for event in reversed(log.remembered(store)) if event.kind == "setting" and event.facts["name"] == name)
    return next(told, default)


def set_setting(who: Person, store: Store, name: str, value: Any, reason: str) -> None:
    """Decides a setting. Raises P101, V101 (no such value), V103 (no reason)."""
    set_settings(who, store, {name: value}, reason)


def set_settings(who: Person, store: Store, told: dict[str, Any], reason: str) -> None:
    """Decides several settings, looked at together before the first is written. Raises as ``set_setting`` does."""
    require(who, "settings")
    _reason(reason)
    for name, value in told.items():
        if name not in DEFAULTS or not _fits(name, value):
            raise MeridianError("V101", name=name, value=str(value)[:60])
    for name, value in told.items():
        log.append(store, "setting", who.id, {"reason": reason.strip()}, name=name, value=value)


def seal(who: Person, store: Store, institution: str, source: str, year: int, reason: str) -> None:
    """Closes a year of a dataset: what changes it from now on needs a reason and a second person."""
    _seal(who, store, "sealed", institution, source, year, reason)


def unseal(who: Person, store: Store, institution: str, source: str, year: int, reason: str) -> None:
    """Opens a closed year again."""
    _seal(who, store, "unsealed", institution, source, year, reason)


def sealed(store: Store) -> set[Slot]:
    """Every year that is closed now."""
    closed: set[Slot] = set()
    for event in log.remembered(store):
        if event.kind in ("sealed", "unsealed"):
            slot = (event.facts["institution"], event.facts["source"], event.facts["year"])
            (closed.add if event.kind == "sealed" else closed.discard)(slot)
    return closed


def needs_approval(store: Store, who: Person | None, facts: dict[str, Any], impact: dict[str, Any]) -> list[dict[str, str]]:
    """Why a second person has to decide, in both languages; nothing where one is enough.

    ``facts``: of the file (``path.described``, with ``institutions``); ``impact``: what it would change (``compare.impact``).
    """
    closed = _closed(store, facts, impact)
    why = [_said("sealed", who=institution, what=_dataset(source, year)) for institution, source, year in closed]
    policy = setting(store, "four_eyes")
    if policy == "always":
        return [*why, _said("always")]
    if policy == "over_threshold":
        flips = [one["indicator"] for one in impact.get("goals", ()) if one.get("flips")]
        why += [_said("flips", what=", ".join(dict.fromkeys(flips)))] if flips else []
        why += _over(impact, float(setting(store, "threshold")))
    return why


def may_approve(who: Person | None, proposed_by: str, institution: str, source: str) -> bool:
    """Whether a person may decide on what another one proposed: an approver for that institution and dataset, never on their own."""
    return may(who, "approve", institution, source) and who is not None and who.id != proposed_by


def settling(store: Store, year: int, today: date) -> bool:
    """Whether figures of an academic year still move at their source: those of the running year and of the years before it."""
    return year >= running(today) - int(setting(store, "provisional_years"))


def running(today: date) -> int:
    """The academic year that a day lies in: it begins in October."""
    return today.year if today.month >= 10 else today.year - 1


def due(
    store: Store, version: Version, institution: str, year: int, today: date, known: Iterable[drafts.DraftState] | None = None
) -> list[Duty]:  # fmt: skip
    """What an institution owes for a year, dataset by dataset, in the order of the deadlines.

    ``known``: the drafts that whoever asks may know of; left out, all of them.
    """
    published = {row["source"]: row for row in _on_air(version, institution, year)}
    waiting = [
        one for one in (drafts.listing(store) if known is None else known) if one.institution == institution and one.year in (None, year)
    ]
    duties = []
    for source in sources():
        if f"due_{source}" not in DEFAULTS:
            continue
        deadline = _deadline(setting(store, f"due_{source}"), year)
        row = published.get(source)
        mine = [one for one in waiting if one.source == source and one.stage != "published"]
        if row:
            moving = row["status"] == "provisional" or ((row["layout"] or "").startswith(COMMISSION) and settling(store, year, today))
            duties.append(Duty(source, deadline, "published", row["name"], row["by"] or "", str(row["accepted_at"]), moving))
        else:
            duties.append(Duty(source, deadline, _open_state(mine, deadline, today), by=mine[0].by if mine else ""))
    return sorted(duties, key=lambda one: one.deadline)


def _open_state(mine: list[drafts.DraftState], deadline: date, today: date) -> State:
    if any(one.stage == "proposed" for one in mine):
        return "approval"
    if mine:
        return "draft"
    return "late" if today > deadline else "due"


def _on_air(version: Version, institution: str, year: int) -> Iterable[dict[str, Any]]:
    """The file of each dataset with rows of that institution and year; a register counts for every year.

    Told by the slots: the file's own list names neither the institutions of a national list nor whose its years are. A dataset's last
    row counts: the newest of the primary series.
    """
    registers = [name for name, source in sources().items() if not source.year]
    sql = """select distinct files.*, slots.prime as shown from board.slots join board.files on log_no = no and files.source = slots.source
        where holder = no and slot_of = $institution and ($year between slot_from and slot_to or list_contains($registers, slots.source))
        order by shown, log_no"""
    return version.rows(sql, {"institution": institution, "year": year, "registers": registers})


def _deadline(day: str, year: int) -> date:
    """A month and day after the academic year: autumn days lie in the year it ends, days of January and spring in the one after."""
    month, of_month = map(int, day.split("-"))
    return date(year + (1 if month >= 7 else 2), month, of_month)


def _closed(store: Store, facts: dict[str, Any], impact: dict[str, Any]) -> list[Slot]:
    """The closed years that a file would change: by its own years, and by the slots it has rows in, of which a period covers several."""
    whose = set(facts.get("institutions", ()))
    filled = {(source, year) for source, own in facts.get("sources", {}).items() for year in own["years"]}
    spans = [(one["institution"], one["source"], one["year_from"], one["year_to"]) for one in impact.get("slots", ())]

    def touched(slot: Slot) -> bool:
        institution, source, year = slot
        if (source, year) in filled and (institution in whose or "*" in whose):
            return True
        return any((i, s) == (institution, source) and f is not None and f <= year <= (t or f) for i, s, f, t in spans)

    return sorted(filter(touched, sealed(store)))


def _over(impact: dict[str, Any], limit: float) -> list[dict[str, str]]:
    """The largest change of a total or an indicator that is over the threshold. What came from zero, or went, has no share and is over."""
    weighed = (*impact.get("totals", ()), *impact.get("indicators", ()))
    if impact.get("counts", {}).get("indicators", 0) > len(impact.get("indicators", ())):
        return [_said("unweighed")]
    found = []
    for one in weighed:
        before, after = one.get("before"), one.get("after")
        if before is None or before == after:
            continue  # a new year, or the same
        what = str(one["code"]) if one.get("code") else _dataset(one["source"], one["year"])
        if not before or after is None:
            return [_said("appears", what=what, before=f"{before:g}", after="–" if after is None else f"{after:g}")]
        if (share := abs(after - before) / abs(before) * 100) > limit:
            found.append((share, what))
    if not found:
        return []
    share, what = max(found, key=lambda one: one[0])
    return [_said("over_threshold", what=what, share=f"{share:.0f}", limit=f"{limit:g}")]


def _said(code: str, **values: str | dict[str, str]) -> dict[str, str]:
    """A reason in both languages; values that differ between them come by language."""
    return {"code": code} | {
        language: text.format(**{name: one if isinstance(one, str) else one[language] for name, one in values.items()})
        for language, text in WHY[code].items()
    }


def _dataset(source: str, year: int | None) -> dict[str, str]:
    """A dataset and its academic year, as people call them."""
    when = f" {year}–{(year + 1) % 100:02d}" if year else ""
    return {language: f"{title}{when}" for language, title in sources()[source].title.items()}


def _seal(who: Person, store: Store, kind: str, institution: str, source: str, year: int, reason: str) -> None:
    require(who, "seal", institution, source)
    _reason(reason)
    if source not in sources() or not sources()[source].year or not 1950 <= year <= date.today().year + 1:
        raise MeridianError("V104", source=source[:40], year=year)
    if ((institution, source, year) in sealed(store)) == (kind == "sealed"):
        raise MeridianError("V102", institution=institution, source=source, year=year)
    log.append(store, kind, who.id, {"reason": reason.strip()}, institution=institution, source=source, year=year)


def _reason(reason: str) -> None:
    if not reason.strip():
        raise MeridianError("V103")


def _fits(name: str, value: Any) -> bool:
    """Whether a value is one that the setting can have."""
    if name.startswith("due_"):
        return _day(str(value))
    checks: dict[str, Callable[[Any], bool]] = {
        "four_eyes": FOUR_EYES.__contains__,
        "threshold": lambda share: _number(share) and 0 <= share <= 1000,
        "provisional_years": lambda years: _number(years) and years in range(11),
    }
    return checks[name](value)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _day(word: str) -> bool:
    if not re.fullmatch(r"\d\d-\d\d", word):
        return False
    try:
        date(2023, *map(int, word.split("-")))
    except ValueError:
        return False
    return True
