"""Deadlines as a calendar file (iCalendar, RFC 5545): datasets, targets, agreements, actions. Whole days; the same event keeps its UID.

A calendar that is fetched again changes its events instead of doubling them. An agreement reminds 180 days before it ends.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

from pipelines.alerts import Words, kinds, owed, told
from pipelines.catalogue import indicators
from pipelines.desk import checkins
from pipelines.language import LANGUAGES, language
from pipelines.measuring.judge import YEAR_ENDS
from pipelines.sources import sources
from pipelines.store import Store
from pipelines.warehouse import Version

BEFORE = timedelta(days=180)
TARGETS = """select policy, indicator, target_year, target, target_upper from board.goals where institution = ? and coalesce(unit, '') = ''
    qualify row_number() over (partition by policy, indicator, target_year order by effective_year desc nulls last) = 1
    order by target_year, policy, indicator"""
ENDS = """select agreement, partner, ends from core.agreement_years where institution = $1 and active and not coalesce(renewed, false)
    and domestic is not true and ends >= $2 and academic_year = (
        select max(academic_year) from core.agreement_years where institution = $1 and reference <= $2)
    order by ends, agreement"""


def calendar(store: Store, version: Version, institution: str, name: str, today: date, lang: str) -> bytes:
    """The file. ``name`` is what the calendar is called; only what lies ahead is in it, and datasets and actions that are late."""
    made = Calendar()
    made.add("prodid", "-//Meridian//Deadlines//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    stamp = datetime.combine(date.fromisoformat(version.about["as_of"]), datetime.min.time(), UTC)
    for kind, key, day, text in sorted(_days(store, version, institution, today, lang), key=lambda one: (one[2], one[0], one[1])):
        made.add_component(_event(institution, kind, key, day, text, stamp, lang))
    return made.to_ical()


Day = tuple[str, str, date, str]
"""Kind, key, day and sentence."""


def _days(store: Store, version: Version, institution: str, today: date, lang: str) -> list[Day]:
    found: list[Day] = []
    for year, duty in owed(store, version, institution, today):
        said = told("dataset_soon", sources()[duty.source].title, year=year, day=duty.deadline)
        found.append(("dataset", f"{duty.source} {year}", duty.deadline, said[lang]))
    for row in version.rows(TARGETS, [institution]):
        day, known = date(row["target_year"] + 1, *YEAR_ENDS), indicators().get(row["indicator"])
        if known and day >= today:
            said = told("target", known.title, target=_target(row, known.unit, known.decimals), year=row["target_year"])
            found.append(("target", f"{row['policy']} {known.code} {row['target_year']}", day, said[lang]))
    for row in version.rows(ENDS, [institution, today]):
        said = told("expiring_365", dict.fromkeys(LANGUAGES, row["partner"] or row["agreement"]), day=row["ends"])
        found.append(("agreement", row["agreement"], row["ends"], said[lang]))
    for one in checkins.check_ins(store, institution):
        if one.open and one.due:
            said = told("action_soon", dict.fromkeys(LANGUAGES, one.action), owner=one.owner, day=one.due)
            found.append(("action", str(one.no), one.due, said[lang]))
    return found


def _target(row: dict[str, float], unit: str, decimals: int) -> Words:
    edges = [edge for edge in (row["target"], row["target_upper"]) if edge is not None]
    return {lang: " – ".join(language(lang).number(edge, unit, decimals) for edge in edges) for lang in LANGUAGES}


def _event(institution: str, kind: str, key: str, day: date, text: str, stamp: datetime, lang: str) -> Event:
    """A whole day: its end is the day after, and it blocks nobody's time."""
    event = Event()
    event.add("uid", f"{sha256(f'{institution}|{kind}|{key}'.encode()).hexdigest()[:32]}@meridian")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", text)
    event.add("categories", [kind])
    if kind == "agreement":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", kinds()["expiring_180"].title[lang])
        alarm.add("trigger", -BEFORE)
        event.add_component(alarm)
    return event
