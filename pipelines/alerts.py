"""What asks for somebody's attention: goals that fell behind, agreements that end or sleep, late datasets and actions, revised figures.

Computed from the publication on air, the one before it and the log; the kinds, their urgency and words are ``data/reference/alerts.toml``.
An alert names no number of people. Only years that have ended are judged, and a dataset is missed only where it was handed in before.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import groupby
from textwrap import shorten
from typing import Any, Literal

import duckdb

from pipelines import log
from pipelines.catalogue import indicators
from pipelines.desk import checkins, governance
from pipelines.errors import ROOT
from pipelines.language import LANGUAGES, language
from pipelines.measuring.judge import rules
from pipelines.sources import sources
from pipelines.store import Store
from pipelines.warehouse import LOCKED, Version

KINDS = ROOT / "data" / "reference" / "alerts.toml"
SOON = 60
"""Days ahead in which a deadline is told."""
LONGEST = 90
"""Characters of an action in a sentence."""
NAMED = 3
"""How many of a kind are named in one sentence."""
SIGN = {"high": ("!", "bad"), "medium": ("▲", "warning"), "low": ("·", "neutral")}
"""Severity → sign and tone."""
URGENT = 5
"""Kinds of alerts on the Overview and on the rector's page."""
Severity = Literal["high", "medium", "low"]
Words = dict[str, str]
"""A text in each language."""
STATES = """select "indicator", policy, year, status from board.goal_status
    where institution = ? and coalesce(unit, '') = '' and year < ? order by policy, "indicator", year"""
AGREEMENTS = """select agreement, partner, ends, reference, used, expiring_180 and not coalesce(renewed, false) as half,
        expiring_365 and not coalesce(renewed, false) as whole
    from core.agreement_years where institution = $1 and active and domestic is not true and academic_year = (
        select max(academic_year) from core.agreement_years where institution = $1 and academic_year <= $2)
    order by ends nulls last, partner, agreement"""
REVISED = """
    select indicator, year_from, format('{:.9g}', value + 0.0) from board.indicator_values
    where institution = ? and prime and "by" = '' and year_from = year_to and origin = 'computed' and value is not null"""


@dataclass(frozen=True)
class Kind:
    """A kind of alert: how urgent, its title, the sentence of one and that of several."""

    id: str
    severity: Severity
    title: Words
    one: Words
    many: Words
    order: int


@dataclass(frozen=True)
class Alert:
    """One alert. ``key`` is the same as long as it is about the same thing; ``page`` and ``about`` lead to where something can be done."""

    kind: Kind
    key: str
    name: Words
    text: Words
    day: date | None = None
    page: str = "leadership/indicator.py"
    about: tuple[tuple[str, str], ...] = ()


@cache
def kinds() -> dict[str, Kind]:
    """Every kind, the most urgent first."""
    told = tomllib.loads(KINDS.read_text(encoding="utf-8"))
    return {name: Kind(name, order=order, **entry) for order, (name, entry) in enumerate(told.items())}


def alerts(store: Store, version: Version, institution: str, today: date) -> tuple[Alert, ...]:
    """Every alert of an institution on a day, the most urgent kind first, in it the earliest day. Shared: nobody may change them."""
    return _all(store, version, institution, today, log.tip(store))


@lru_cache(maxsize=64)
def _all(store: Store, version: Version, institution: str, today: date, head: str) -> tuple[Alert, ...]:
    """``head``: the log's last hash, which names all that came before it."""
    found = [
        *_of_version(store, version, institution, today),
        *_datasets(store, version, institution, today),
        *_actions(store, institution, today),
    ]
    return tuple(sorted(found, key=lambda one: (one.kind.order, one.day or date.max, one.key)))


@lru_cache(maxsize=64)
def _of_version(store: Store, version: Version, institution: str, today: date) -> tuple[Alert, ...]:
    """What only another publication or another day changes."""
    return (*_goals(version, institution, today), *_agreements(version, institution, today), *_revised(store, version, institution))


def grouped(found: Iterable[Alert]) -> list[tuple[Alert, ...]]:
    """The alerts of each kind together, in their order."""
    return [tuple(same) for _, same in groupby(found, key=lambda one: one.kind)]


def sentence(same: Sequence[Alert], lang: str) -> str:
    """What several alerts of one kind come to: one in full, several counted and the first named."""
    if len(same) == 1:
        return same[0].text[lang]
    names = list(dict.fromkeys(one.name[lang] for one in same))
    listed = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return same[0].kind.many[lang].format(n=language(lang).number(len(same)), names=listed)


def lines(found: Iterable[Alert], lang: str) -> list[tuple[str, str, str]]:
    """Sign, tone and sentence of the most urgent kinds."""
    return [(*SIGN[same[0].kind.severity], sentence(same, lang)) for same in grouped(found)[:URGENT]]


def told(kind: str, name: Words, **values: Any) -> Words:
    """The sentence of one alert in each language; days and academic years are written as people of the language write them."""
    return {lang: kinds()[kind].one[lang].format(name=name[lang], **_written(values, lang)) for lang in LANGUAGES}


def _written(values: dict[str, Any], lang: str) -> dict[str, str]:
    say = language(lang)
    write = {"year": lambda value: say.year(value), "day": lambda value: say.date(value.isoformat())}
    return {
        name: write[name](value) if name in write else value[lang] if isinstance(value, dict) else str(value)
        for name, value in values.items()
    }


def _goals(version: Version, institution: str, today: date) -> Iterator[Alert]:
    """Of each goal the newest ended year that could be judged: behind, or worse than the judged year before."""
    ladder = {rule.id: rule for rule in rules().values() if rule.measured}
    rows = version.rows(STATES, [institution, governance.running(today)])
    for (policy, code), years in groupby(rows, key=lambda row: (row["policy"], row["indicator"])):
        judged = [row for row in years if row["status"] in ladder]
        if not judged or code not in indicators():
            continue
        now, before = judged[-1], judged[-2] if len(judged) > 1 else None
        new, old = ladder[now["status"]], ladder[before["status"]] if before else None
        kind = "behind" if new.id == "behind" else "fell" if old and new.order > old.order else None
        if kind:
            said = {lang: f"“{text}”" for lang, text in new.label.items()}
            was = {lang: f"“{text}”" for lang, text in old.label.items()} if old else {"en": "–", "tr": "–"}
            title = indicators()[code].title
            yield Alert(
                kinds()[kind],
                f"{policy} {code}",
                title,
                told(kind, title, status=said, year=now["year"], before=was),
                about=(("id", code),),
            )


def _agreements(version: Version, institution: str, today: date) -> Iterator[Alert]:
    """Agreements in force that end and are not renewed, or that nobody has used; judged on the register's day of the running year."""
    for row in version.rows(AGREEMENTS, [institution, governance.running(today)]):
        kind = "expiring_180" if row["half"] else "expiring_365" if row["whole"] else None
        name = dict.fromkeys(LANGUAGES, row["partner"] or row["agreement"])
        page = "explore/agreements.py"
        if kind:
            state = (("state", kind),)
            yield Alert(kinds()[kind], row["agreement"], name, told(kind, name, day=row["ends"]), row["ends"], page, state)
        if row["used"] is False:
            yield Alert(kinds()["dormant"], row["agreement"], name, told("dormant", name), None, page, (("state", "dormant"),))


def _datasets(store: Store, version: Version, institution: str, today: date) -> Iterator[Alert]:
    """Datasets of the last two ended years that are late, and those due soon."""
    for year, duty in owed(store, version, institution, today):
        kind = "dataset_late" if duty.deadline < today else "dataset_soon" if duty.deadline <= today + timedelta(days=SOON) else None
        if kind:
            name = sources()[duty.source].title
            address = (("dataset", duty.source), ("for", str(year)), ("due", str(year)))
            said = told(kind, name, year=year, day=duty.deadline)
            yield Alert(kinds()[kind], f"{duty.source} {year}", name, said, duty.deadline, "staff/upload.py", address)


def owed(store: Store, version: Version, institution: str, today: date) -> list[tuple[int, governance.Duty]]:
    """(academic year, duty) of what is not on air: of the year that has ended last and of the running one, where it came before."""
    known = {name for (name,) in version.query("select distinct source from board.slots where slot_of = ?", [institution])}
    years = (governance.running(today) - 1, governance.running(today))
    duties = [(year, one) for year in years for one in governance.due(store, version, institution, year, today)]
    return [(year, one) for year, one in duties if one.state != "published" and one.source in known]


def _actions(store: Store, institution: str, today: date) -> Iterator[Alert]:
    """Open actions of check-ins whose day has passed or is near."""
    for one in checkins.check_ins(store, institution):
        if not one.open or one.due is None or one.due > today + timedelta(days=SOON):
            continue
        kind, name = (
            "late_action" if one.late(today) else "action_soon",
            dict.fromkeys(LANGUAGES, shorten(one.action, LONGEST, placeholder=" …")),
        )
        page = "leadership/indicator.py" if one.indicator else "leadership/policy.py"
        about = (("id", one.indicator),) if one.indicator else ()
        yield Alert(kinds()[kind], str(one.no), name, told(kind, name, owner=one.owner, day=one.due), one.due, page, about)


def _revised(store: Store, version: Version, institution: str) -> list[Alert]:
    """Headlines that another number stands for than in the publication before; none where that one's file is no longer kept."""
    published = [event.facts for event in log.remembered(store) if event.kind == "published"]
    if len(published) < 2 or not (before := store.versions / published[-2]["file"]).is_file():
        return []
    with duckdb.connect(str(before), read_only=True, config=LOCKED) as connection:
        then = {(code, year): value for code, year, value in connection.execute(REVISED, [institution]).fetchall()}
    now = {(code, year): value for code, year, value in version.query(REVISED, [institution])}
    kind, no = kinds()["revised"], published[-1]["no"]
    changed = sorted(spot for spot in now.keys() & then.keys() if now[spot] != then[spot] and spot[0] in indicators())
    titles = {code: indicators()[code].title for code, _ in changed}
    return [
        Alert(kind, f"{code} {year} {no}", titles[code], told("revised", titles[code], year=year, no=no), about=(("id", code),))
        for code, year in changed
    ]
