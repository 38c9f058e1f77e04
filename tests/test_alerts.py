"""Alerts and the calendar: what is told, what is not, the same number by another way, and a file that a calendar reads back."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
from shelf import hand_in, moved
from shown import demo_store, showing  # noqa: F401 - a fixture

from pages.parts import data, notices
from pages.parts.selection import Visit
from pipelines import alerts, log, measure, warehouse
from pipelines.access.person import VISITOR, Person
from pipelines.desk import checkins, governance
from pipelines.errors import MeridianError
from pipelines.language import LANGUAGES, language
from pipelines.publish import publish
from pipelines.reports import downloads
from pipelines.reports.calendar import calendar
from pipelines.store import Store

WHO = Person("editor", "Ece", "editor")
TODAY = date.today()


@pytest.fixture
def store(demo_store, tmp_path, monkeypatch):  # noqa: F811
    """A demo store of one's own."""
    with showing(demo_store, tmp_path / "store", monkeypatch) as found:
        yield found


def found(store, institution="demo", today=TODAY):
    return alerts.alerts(store, warehouse.open_version(store.path), institution, today)


def of_kind(store, *kinds, today=TODAY):
    return [one for one in found(store, today=today) if one.kind.id in kinds]


def visit(lang="en"):
    return Visit(language(lang), data.Institution("demo", {"en": "Demo"}, "TUR", True, "university"), 2024)


# --- agreements, by another way ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kinds", "code"), [(("expiring_180",), "E25"), (("expiring_180", "expiring_365"), "E06"), (("dormant",), "E09")])
def test_agreements_are_as_many_as_the_indicator_counts(store, kinds, code):
    version = warehouse.open_version(store.path)
    newest = measure.values(version, code, institution="demo")[-1]
    assert len(of_kind(store, *kinds)) == newest.value > 0


def test_an_agreement_is_named_with_its_day_and_leads_to_its_list(store):
    first = of_kind(store, "expiring_180")[0]
    assert first.name["en"] in first.text["en"]
    assert language("tr").date(first.day.isoformat()) in first.text["tr"]
    assert (first.page, first.about) == ("explore/agreements.py", (("state", "expiring_180"),))


# --- goals -----------------------------------------------------------------------------------------------------------------------------


def test_goals_are_behind_or_fell_by_the_status_of_the_newest_ended_year_that_could_be_judged(store):
    rows = warehouse.open_version(store.path).rows("select indicator, year, status from board.goal_status where institution = 'demo'")
    judged = {}
    for row in sorted(rows, key=lambda row: row["year"]):
        if row["status"] not in ("no_data", "not_due") and row["year"] < 2026:
            judged.setdefault(row["indicator"], []).append(row["status"])
    behind = {code for code, states in judged.items() if states[-1] == "behind"}
    order = ["reached", "on_track", "at_risk", "behind"]
    fell = {code for code, states in judged.items() if order.index(states[-1]) > order.index(states[-2])} - behind
    assert {dict(one.about)["id"] for one in of_kind(store, "behind", today=date(2026, 11, 26))} == behind
    assert {dict(one.about)["id"] for one in of_kind(store, "fell", today=date(2026, 11, 26))} == fell
    assert behind
    assert fell


# --- datasets and actions -----------------------------------------------------------------------------------------------------------------


def test_a_dataset_that_came_before_is_missed_after_its_day_and_not_before(store):
    before, after = (of_kind(store, "dataset_late", "dataset_soon", today=day) for day in (date(2026, 10, 15), date(2026, 10, 16)))
    mobility = [next(one for one in told if one.key == "mobility 2025") for told in (before, after)]
    assert [one.kind.id for one in mobility] == ["dataset_soon", "dataset_late"]
    assert {one.key.split()[0] for one in after} <= {
        "mobility",
        "country_distribution",
        "yearly_figures",
        "activities",
        "publications",
        "scores",
    }


def test_nothing_is_missed_of_an_institution_that_never_handed_a_dataset_in(store):
    assert not [one for one in found(store, "metu") if one.key.startswith("mobility")]


def test_an_action_is_told_when_it_is_late_and_no_more_when_it_is_closed(store):
    plan = checkins.Plan("a note", "count again", "Office", TODAY - timedelta(days=1))
    no = checkins.add(WHO, store, "demo", 2024, plan, indicator="A01").no
    assert str(no) in [one.key for one in of_kind(store, "late_action")]
    checkins.close(WHO, store, no, "counted")
    assert str(no) not in [one.key for one in found(store)]


# --- revised figures ------------------------------------------------------------------------------------------------------------------------


def revised(tmp_path, *counts):
    own = Store(tmp_path / "own")
    for at, count in enumerate(counts):
        hand_in(own, rows=[moved(2023, count), moved(2022, 40)], name=f"{at}.csv", institution="demo")
        publish(own, "editor", f"publication {at}")
    return [one for one in found(own) if one.kind.id == "revised"]


def test_a_figure_that_changed_between_the_last_two_publications_is_told(tmp_path):
    told = revised(tmp_path, 30, 35)
    assert "A01 2023 2" in [one.key for one in told]
    assert "A01 2022 2" not in [one.key for one in told]
    assert "35" not in next(one for one in told if one.key == "A01 2023 2").text["en"], "no number of people in an alert"


def test_an_unchanged_figure_a_single_publication_and_an_older_change_tell_nothing(tmp_path):
    assert revised(tmp_path / "a", 30) == []
    assert "A01 2023 3" not in [one.key for one in revised(tmp_path / "b", 30, 35, 35)]


# --- words ----------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_most_urgent_stand_first_and_several_of_a_kind_are_one_line(store, lang):
    every = found(store)
    ranks = [["high", "medium", "low"].index(one.kind.severity) for one in every]
    assert ranks == sorted(ranks)
    groups = alerts.grouped(every)
    assert sum(map(len, groups)) == len(every)
    assert len(groups) == len({one.kind.id for one in every})
    assert all("{" not in alerts.sentence(same, lang) for same in groups)
    assert all("{" not in one.text[lang] for one in every)


def test_the_list_goes_along_as_csv_and_as_a_workbook(store):
    figure = notices.listed(visit("tr"))
    lines = downloads.to_csv(figure).decode("utf-8-sig").splitlines()
    assert lines[0] == "Aciliyet;Tür;Ne;Gün"
    assert len(lines) == len(found(store)) + 1
    assert downloads.to_xlsx(figure)[:2] == b"PK"


# --- the calendar -------------------------------------------------------------------------------------------------------------------------


def events(store, lang="en", today=TODAY):
    made = calendar(store, warehouse.open_version(store.path), "demo", "Deadlines", today, lang)
    return list(icalendar.Calendar.from_ical(made).walk("VEVENT"))


def test_the_calendar_is_read_back_as_whole_days_with_a_uid_each(store):
    read = events(store)
    assert {str(one["categories"].cats[0]) for one in read} == {"dataset", "target", "agreement", "action"}
    assert len({str(one["uid"]) for one in read}) == len(read)
    for one in read:
        start, end = one["dtstart"].dt, one["dtend"].dt
        assert type(start) is date
        assert end - start == timedelta(days=1)


def test_a_uid_stays_the_same_in_another_language_on_another_day_and_after_another_event(store):
    before = {str(one["uid"]) for one in events(store)}
    checkins.add(WHO, store, "demo", 2024, checkins.Plan("a note", "count", "Office", date(2031, 1, 1)), indicator="A01")
    later = {str(one["uid"]) for one in events(store, "tr", TODAY + timedelta(days=1))}
    assert len(later - before) == 1
    assert len(before - later) <= 1, "only what ended on the day itself is gone"


def test_an_agreement_reminds_180_days_before_it_ends_and_nothing_else_does(store):
    for one in events(store):
        alarms = one.walk("VALARM")
        assert [alarm["trigger"].dt for alarm in alarms] == [timedelta(days=-180)] * (str(one["categories"].cats[0]) == "agreement")


def test_agreements_in_the_calendar_are_those_that_end_and_are_not_renewed(store):
    sql = """select count(*) from core.agreement_years where institution = 'demo' and academic_year = ? and active and ends is not null
        and not coalesce(renewed, false) and domestic is not true"""
    ((count,),) = warehouse.open_version(store.path).query(sql, [governance.running(TODAY)])
    assert len([one for one in events(store) if str(one["categories"].cats[0]) == "agreement"]) == count


def test_a_target_lies_on_the_last_day_of_its_academic_year(store):
    days = {one["dtstart"].dt for one in events(store) if str(one["categories"].cats[0]) == "target"}
    assert date(2029, 9, 30) in days
    assert all((day.month, day.day) == (9, 30) and day >= TODAY for day in days)


def test_whoever_may_take_things_along_gets_the_calendar_and_it_is_written_down(store):
    assert notices.taken(Person("r", "Rana", "reporter"), visit(), 1).startswith(b"BEGIN:VCALENDAR")
    last = log.events(store)[-1]
    assert (last.kind, last.by, last.facts["what"], last.facts["format"]) == ("exported", "r", "calendar", "ics")


@pytest.mark.parametrize("who", [None, VISITOR])
def test_whoever_may_not_gets_none_and_nothing_is_written(store, who):
    before = len(log.events(store))
    with pytest.raises(MeridianError) as stopped:
        notices.taken(who, visit(), 1)
    assert stopped.value.finding.code == "P101"
    assert len(log.events(store)) == before
