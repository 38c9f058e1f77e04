"""What an installation decides: settings, closed years, why a second person is asked, and what is due; each refusal with its twin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from shelf import hand_in, moved

from pipelines import compare, log
from pipelines.access.person import VISITOR, Person
from pipelines.desk import drafts, governance
from pipelines.errors import MeridianError
from pipelines.language import LANGUAGES
from pipelines.publish import publish
from pipelines.sources import sources
from pipelines.store import Store
from pipelines.warehouse import open_version

EDITOR = Person("editor", "Ece", "editor")
APPROVER = Person("approver", "Ayşe", "approver", (("demo", "*"),))
ADMIN = Person("admin", "Ali", "administrator")
DAY = date(2026, 11, 1)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def refused(code, call, *args, **more):
    with pytest.raises(MeridianError) as stopped:
        call(*args, **more)
    assert stopped.value.finding.code == code


def facts(institution="demo", source="mobility", *years):
    return {"institutions": [institution], "sources": {source: {"years": list(years)}}}


def codes(store, found=None, impact=None):
    return [one["code"] for one in governance.needs_approval(store, EDITOR, found or facts(), impact or {})]


# --- settings -----------------------------------------------------------------------------------------------------------


def test_a_setting_has_a_value_before_anybody_decided_and_the_last_decision_counts(store):
    assert governance.setting(store, "four_eyes") == "off"
    governance.set_setting(ADMIN, store, "four_eyes", "always", "senate 2026/4")
    governance.set_setting(ADMIN, store, "four_eyes", "over_threshold", "too slow")
    assert governance.setting(store, "four_eyes") == "over_threshold"


def test_a_decision_is_a_line_of_the_log_with_who_and_why(store):
    governance.set_setting(ADMIN, store, "threshold", 10.0, "senate 2026/4")
    event = log.events(store)[-1]
    assert (event.kind, event.by) == ("setting", "admin")
    assert (event.facts["name"], event.facts["value"], event.facts["reason"]) == ("threshold", 10.0, "senate 2026/4")


@pytest.mark.parametrize("who", [VISITOR, EDITOR, APPROVER])
def test_only_an_administrator_decides_settings(store, who):
    refused("P101", governance.set_setting, who, store, "four_eyes", "always", "why not")
    assert governance.setting(store, "four_eyes") == "off"
    governance.set_setting(ADMIN, store, "four_eyes", "always", "why not")


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("four_eyes", "always", "sometimes"), ("four_eyes", "off", 1), ("threshold", 12.5, -1), ("threshold", 0, "20 %"),
        ("threshold", 1000, True), ("threshold", 5, float("nan")), ("due_mobility", "02-28", "02-30"), ("due_goals", "12-31", "31.12."),
        ("due_activities", "10-15", 1015), ("provisional_years", 0, 1.5), ("provisional_years", 3, -1), ("four_eyes", "always", ["always"]),
    ],
)  # fmt: skip
def test_a_setting_takes_values_of_its_kind_only(store, name, good, bad):
    refused("V101", governance.set_setting, ADMIN, store, name, bad, "a try")
    assert log.events(store) == []
    governance.set_setting(ADMIN, store, name, good, "a try")
    assert governance.setting(store, name) == good


def test_of_several_settings_one_that_does_not_fit_leaves_all_as_they_were(store):
    refused("V101", governance.set_settings, ADMIN, store, {"due_mobility": "11-02", "due_goals": "31.12."}, "a try")
    assert log.events(store) == []
    governance.set_settings(ADMIN, store, {"due_mobility": "11-02", "due_goals": "12-30"}, "a try")
    assert (governance.setting(store, "due_mobility"), governance.setting(store, "due_goals")) == ("11-02", "12-30")


def test_a_setting_that_nobody_knows_is_refused(store):
    refused("V101", governance.set_setting, ADMIN, store, "six_eyes", "always", "more is better")


def test_a_decision_needs_a_reason(store):
    refused("V103", governance.set_setting, ADMIN, store, "four_eyes", "always", "  ")
    refused("V103", governance.seal, ADMIN, store, "demo", "mobility", 2020, "")
    governance.seal(ADMIN, store, "demo", "mobility", 2020, "reported")


# --- closed years ---------------------------------------------------------------------------------------------------------


def test_a_year_is_closed_and_opened_again(store):
    governance.seal(APPROVER, store, "demo", "mobility", 2020, "reported to the Council")
    governance.seal(APPROVER, store, "demo", "mobility", 2021, "reported to the Council")
    governance.unseal(APPROVER, store, "demo", "mobility", 2020, "late returns")
    assert governance.sealed(store) == {("demo", "mobility", 2021)}
    assert [event.kind for event in log.events(store)] == ["sealed", "sealed", "unsealed"]


def test_what_is_closed_is_not_closed_twice_and_what_is_open_is_not_opened(store):
    refused("V102", governance.unseal, APPROVER, store, "demo", "mobility", 2020, "late")
    governance.seal(APPROVER, store, "demo", "mobility", 2020, "reported")
    refused("V102", governance.seal, APPROVER, store, "demo", "mobility", 2020, "reported")


@pytest.mark.parametrize(("who", "institution"), [(VISITOR, "demo"), (EDITOR, "demo"), (APPROVER, "metu")])
def test_an_approver_closes_years_of_their_own_institutions(store, who, institution):
    refused("P101", governance.seal, who, store, institution, "mobility", 2020, "reported")
    governance.seal(APPROVER, store, "demo", "mobility", 2020, "reported")
    refused("P101", governance.unseal, who, store, institution, "mobility", 2020, "late")


@pytest.mark.parametrize(("source", "year"), [("agreements", 2020), ("goals", 2020), ("nothing", 2020), ("mobility", 1066)])
def test_only_a_year_that_there_can_be_is_closed(store, source, year):
    refused("V104", governance.seal, ADMIN, store, "demo", source, year, "reported")
    governance.seal(ADMIN, store, "demo", "yearly_figures", 2020, "reported")


def test_a_file_for_a_closed_year_asks_for_a_second_person_and_for_another_year_does_not(store):
    governance.seal(ADMIN, store, "demo", "mobility", 2020, "reported")
    assert codes(store, facts("demo", "mobility", 2019, 2020)) == ["sealed"]
    assert codes(store, facts("demo", "mobility", 2019)) == []
    assert codes(store, facts("demo", "country_distribution", 2020)) == []
    assert codes(store, facts("metu", "mobility", 2020)) == []
    assert codes(store, facts("*", "mobility", 2020)) == ["sealed"], "a file of many institutions may hold this one"


def test_a_period_that_covers_a_closed_year_touches_it(store):
    governance.seal(ADMIN, store, "demo", "yearly_figures", 2018, "reported")
    slot = {"institution": "demo", "source": "yearly_figures", "year_from": 2015, "year_to": 2023}
    assert codes(store, facts("demo", "yearly_figures", 2015), {"slots": [slot]}) == ["sealed"]
    assert codes(store, facts("demo", "yearly_figures", 2015), {"slots": [slot | {"year_to": 2017}]}) == []


# --- four eyes ------------------------------------------------------------------------------------------------------------


def test_off_asks_nobody_and_always_asks_always(store):
    assert codes(store) == []
    governance.set_setting(ADMIN, store, "four_eyes", "always", "senate")
    assert codes(store) == ["always"]


def over(store, **change):
    return codes(store, None, {"indicators": [{"code": "A01"} | change]})


@pytest.fixture
def careful(store):
    governance.set_setting(ADMIN, store, "four_eyes", "over_threshold", "senate")
    return store


def test_a_change_over_the_threshold_asks_and_one_up_to_it_does_not(careful):
    assert over(careful, before=100, after=121) == ["over_threshold"]
    assert over(careful, before=100, after=79) == ["over_threshold"]
    assert over(careful, before=100, after=120) == []
    assert over(careful, before=100, after=80) == []


def test_the_threshold_is_the_installations_own(careful):
    governance.set_setting(ADMIN, careful, "threshold", 5, "senate")
    assert over(careful, before=100, after=106) == ["over_threshold"]
    assert over(careful, before=100, after=105) == []


def test_totals_are_weighed_as_indicators_are(careful):
    total = {"source": "mobility", "year": 2024, "what": "participants"}
    assert codes(careful, None, {"totals": [total | {"before": 100, "after": 130}]}) == ["over_threshold"]
    assert codes(careful, None, {"totals": [total | {"before": 100, "after": 110}]}) == []


def test_what_came_from_zero_or_went_away_is_over_every_threshold_and_a_new_year_is_not(careful):
    assert over(careful, before=0, after=3) == ["appears"]
    assert over(careful, before=3, after=None) == ["appears"]
    assert over(careful, before=3, after=0) == ["over_threshold"]
    assert over(careful, before=None, after=3) == []
    assert over(careful, before=0, after=0) == []


def test_a_goal_that_flips_asks_whatever_the_share(careful):
    assert codes(careful, None, {"goals": [{"indicator": "A01", "flips": True}]}) == ["flips"]
    assert codes(careful, None, {"goals": [{"indicator": "A01", "flips": False}]}) == []


def test_more_changes_than_are_listed_ask_too(careful):
    assert codes(careful, None, {"indicators": [], "counts": {"indicators": 3000}}) == ["unweighed"]
    assert codes(careful, None, {"indicators": [], "counts": {"indicators": 0}}) == []


def test_every_reason_is_a_whole_phrase_in_both_languages(careful):
    governance.seal(ADMIN, careful, "demo", "mobility", 2020, "reported")
    impact = {"goals": [{"indicator": "A01", "flips": True}], "indicators": [{"code": "A02", "before": 10, "after": 20}]}
    said = governance.needs_approval(careful, EDITOR, facts("demo", "mobility", 2020), impact)
    assert [one["code"] for one in said] == ["sealed", "flips", "over_threshold"]
    for one in said:
        assert all(one[language] and "{" not in one[language] for language in LANGUAGES)
        assert one["en"] != one["tr"]
    assert said[2]["en"] == "A02 changes by 100 %, more than 20 %"


def test_the_real_effect_of_a_file_is_weighed_as_one_counts_by_hand(careful):
    hand_in(careful, rows=[moved(2024, 100)])
    publish(careful, "editor", as_of=DAY)
    folder = careful.path / "tidy"
    for people, asked in ((120, []), (121, ["over_threshold"])):
        other = Store(careful.path.parent / f"other{people}")
        event = hand_in(other, rows=[moved(2024, people)])
        parquet = other.path / "tidy" / event.facts["sources"]["mobility"]["parquet"]
        impact = compare.impact(careful, event.facts | {"institution": "demo"}, {"mobility": parquet}, "editor", DAY)
        assert codes(careful, facts("demo", "mobility", 2024), impact) == asked
    assert folder.is_dir()


def test_nobody_approves_their_own_and_only_approvers_of_that_institution_approve(store):
    assert governance.may_approve(APPROVER, "editor", "demo", "mobility")
    assert governance.may_approve(ADMIN, "editor", "metu", "mobility")
    assert not governance.may_approve(APPROVER, "approver", "demo", "mobility")
    assert not governance.may_approve(ADMIN, "admin", "demo", "mobility")
    assert not governance.may_approve(APPROVER, "editor", "metu", "mobility")
    assert not governance.may_approve(EDITOR, "somebody", "demo", "mobility")
    assert not governance.may_approve(None, "somebody", "demo", "mobility")


# --- what is due ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(store):
    """Mobility of 2024 and 2025 on air, the later one provisional."""
    hand_in(store, rows=[moved(2024, 5)], name="2024.csv", institution="demo")
    hand_in(store, rows=[moved(2025, 5)], name="2025.csv", institution="demo", status="provisional")
    publish(store, "editor", as_of=DAY)
    return store


def duty(store, year, today, source="mobility", institution="demo"):
    found = governance.due(store, open_version(store.path), institution, year, today)
    return next(one for one in found if one.source == source)


def test_every_dataset_of_an_institution_is_due_in_the_order_of_the_deadlines(shelf):
    found = governance.due(shelf, open_version(shelf.path), "demo", 2024, DAY)
    assert {one.source for one in found} == {name for name in sources() if name != "institutions"}
    assert [one.deadline for one in found] == sorted(one.deadline for one in found)


def test_deadlines_lie_after_the_academic_year(shelf):
    assert duty(shelf, 2024, DAY).deadline == date(2025, 10, 15)
    assert duty(shelf, 2024, DAY, "yearly_figures").deadline == date(2026, 1, 31)
    governance.set_setting(ADMIN, shelf, "due_mobility", "11-02", "the registrar is late")
    assert duty(shelf, 2024, DAY).deadline == date(2025, 11, 2)


def test_what_is_on_air_is_named_with_its_file_and_provisional_is_said(shelf):
    assert (duty(shelf, 2024, DAY).state, duty(shelf, 2024, DAY).file, duty(shelf, 2024, DAY).provisional) == (
        "published",
        "2024.csv",
        False,
    )
    assert duty(shelf, 2025, DAY).provisional


def test_what_is_missing_is_due_up_to_its_day_and_late_after_it(shelf):
    assert duty(shelf, 2026, date(2027, 10, 15)).state == "due"
    assert duty(shelf, 2026, date(2027, 10, 16)).state == "late"


def test_a_draft_and_one_that_waits_for_approval_are_seen_on_the_board(shelf):
    draft = drafts.create(shelf, "editor", "new.csv", b"a;b\n", institution="demo", source="mobility", year=2026)
    assert (duty(shelf, 2026, DAY).state, duty(shelf, 2026, DAY).by) == ("draft", "editor")
    drafts.save(shelf, replace(draft, stage="proposed"))
    assert duty(shelf, 2026, DAY).state == "approval"
    assert duty(shelf, 2027, DAY).state == "due", "of another year"


def test_the_board_of_one_institution_shows_nothing_of_another(shelf):
    assert duty(shelf, 2024, DAY, institution="metu").state == "late"


def test_figures_of_the_commission_are_provisional_for_the_running_year_and_two_before(store):
    hand_in(
        store, rows=[moved(year, 5) for year in range(2020, 2027)], name="ka1.csv", institution="demo", layout="commission_ka1_mobility"
    )
    publish(store, "editor", as_of=DAY)
    assert [year for year in range(2020, 2027) if duty(store, year, DAY).provisional] == [2024, 2025, 2026]
    governance.set_setting(ADMIN, store, "provisional_years", 0, "they are final now")
    assert [year for year in range(2020, 2027) if duty(store, year, DAY).provisional] == [2026]


def test_a_national_list_counts_for_each_of_its_institutions_and_for_their_own_years_only(store):
    others = [moved(2024, 5, institution=f"office-{number}") for number in range(24)]
    hand_in(store, rows=[*others, moved(2023, 5)], name="national.csv")
    publish(store, "editor", as_of=DAY)
    assert [duty(store, year, DAY, institution="office-7").state for year in (2023, 2024)] == ["late", "published"]
    assert [duty(store, year, DAY).state for year in (2023, 2024)] == ["published", "late"]


def test_the_file_of_the_primary_series_is_named_though_another_came_later(store):
    hand_in(store, rows=[moved(2024, 5)], name="own.csv")
    hand_in(store, rows=[moved(2024, 9)], name="other.csv", series="other", rank=5)
    publish(store, "editor", as_of=DAY)
    assert duty(store, 2024, DAY).file == "own.csv"
