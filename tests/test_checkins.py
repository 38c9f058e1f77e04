"""Check-ins: written, closed, corrected; read back from the log alone; refused where something is missing, and allowed once it is not."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from shown import browser, demo_store, quiet, serving, sign_in  # noqa: F401 - fixtures
from test_office_pages import labels, open_page, store, text  # noqa: F401 - fixtures and their readers

from pipelines import log
from pipelines.access.person import Person
from pipelines.desk import checkins
from pipelines.desk.checkins import Plan, Reading
from pipelines.errors import MeridianError
from pipelines.measuring.value import Value
from pipelines.policies import policy
from pipelines.store import Store

WHO = Person("editor", "Ece", "editor", (("demo", "*"),))
PLAN = Plan("behind for a third year", "write to the deans", "Deans", date(2026, 3, 31))
ELEMENTS = {one.id: one for one in policy("demo").element}


@pytest.fixture
def own(tmp_path):
    """An empty store."""
    return Store(tmp_path / "own")


def wrote(store, plan=PLAN, **about):  # noqa: F811
    return checkins.add(WHO, store, "demo", 2024, plan, **({"indicator": "B13", "element": "demo-3"} | about)).no


def refused(code, act, *given, **more):
    with pytest.raises(MeridianError) as stopped:
        act(*given, **more)
    assert stopped.value.finding.code == code


# --- writing and reading back -----------------------------------------------------------------------------------------------------


def test_a_check_in_is_read_back_as_it_was_written(own):
    no = wrote(own, before=Reading(2024, 61.0))
    (one,) = checkins.check_ins(own, "demo")
    assert (one.no, one.by, one.year, one.note, one.action, one.owner, one.due) == (no, "editor", 2024, *vars_of(PLAN))
    assert (one.before, one.after, one.open) == (Reading(2024, 61.0), None, True)


def vars_of(plan):
    return plan.note, plan.action, plan.owner, plan.due


def test_an_action_is_closed_with_what_came_of_it_and_the_value_after(own):
    no = wrote(own, before=Reading(2023, 61.0))
    checkins.close(WHO, own, no, "more applications", Reading(2024, 70.0))
    (one,) = checkins.check_ins(own, "demo")
    assert (one.open, one.result, one.closed_by, one.before, one.after) == (
        False, "more applications", "editor", Reading(2023, 61.0), Reading(2024, 70.0),
    )  # fmt: skip


def test_a_correction_is_a_further_event_and_what_was_written_stays_in_the_log(own):
    no = wrote(own)
    checkins.correct(WHO, own, no, Plan("two years, not three", "write to the deans", "Deans", date(2026, 4, 30)))
    (one,) = checkins.check_ins(own, "demo")
    assert (one.note, one.due, bool(one.corrected_at)) == ("two years, not three", date(2026, 4, 30), True)
    assert [(event.kind, event.facts["note"]) for event in log.events(own)] == [
        ("check_in", "behind for a third year"), ("check_in_corrected", "two years, not three"),
    ]  # fmt: skip


def test_the_newest_stands_first_and_each_page_has_its_own(own):
    first, second = wrote(own), wrote(own, Plan("fine"), indicator="A01", element="")
    other = checkins.add(Person("x", "", "administrator"), own, "iztech", 2024, Plan("ours"), element="iztech-1").no
    assert [one.no for one in checkins.check_ins(own, "demo")] == [second, first]
    assert [one.no for one in checkins.check_ins(own, "demo", indicator="A01")] == [second]
    assert [one.no for one in checkins.check_ins(own, "demo", element=ELEMENTS["demo-3"])] == [first]
    assert [one.no for one in checkins.check_ins(own, "demo", element=ELEMENTS["demo-1"])] == [second], "by its indicator"
    assert [one.no for one in checkins.check_ins(own, "iztech")] == [other]


def test_the_answer_follows_the_log_at_once(own):
    assert checkins.check_ins(own, "demo") == []
    wrote(own)
    assert len(checkins.check_ins(own, "demo")) == 1
    wrote(own)
    assert len(checkins.check_ins(own, "demo")) == 2


def test_only_an_open_action_whose_day_has_passed_is_late(own):
    wrote(own)
    (one,) = checkins.check_ins(own, "demo")
    assert [one.late(day) for day in (date(2026, 3, 31), date(2026, 4, 1))] == [False, True]
    checkins.close(WHO, own, one.no, "done")
    assert not checkins.check_ins(own, "demo")[0].late(date(2026, 4, 1))


def test_what_was_typed_lies_beside_the_log_and_not_in_it(own):
    wrote(own)
    assert "deans" not in own.log_file.read_text(encoding="utf-8")
    assert "deans" in log.events(own)[0].facts["action"]


def test_a_hidden_value_is_not_kept_beside_a_check_in():
    known = [Value("demo", "A01", 2023, 2023, value=40.0), Value("demo", "A01", 2024, 2024, value=3.0, hidden=True)]
    assert checkins.reading(known) == Reading(2023, 40.0)
    assert checkins.reading(known, 2024) is None
    assert checkins.reading(known, 2023) == Reading(2023, 40.0)
    assert checkins.reading([]) is None


# --- refusals and their twins ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "plan"),
    [
        ("V401", Plan("  ")), ("V402", Plan("a note", "an action")), ("V402", Plan("a note", "an action", "Office")),
        ("V402", Plan("a note", owner="Office")), ("V402", Plan("a note", due=date(2026, 1, 1))), ("V406", Plan("n" * 4001)),
    ],
)  # fmt: skip
def test_half_a_check_in_is_refused_and_leaves_no_event(own, code, plan):
    refused(code, wrote, own, plan)
    assert log.events(own) == []


@pytest.mark.parametrize("plan", [PLAN, Plan("a note alone"), Plan("n" * 4000)])
def test_a_whole_one_is_allowed(own, plan):
    wrote(own, plan)
    assert len(log.events(own)) == 1


@pytest.mark.parametrize("about", [{"element": "metu-1"}, {"indicator": "Z99"}, {"element": "", "indicator": ""}])
def test_it_is_about_something_that_the_institution_has(own, about):
    refused("V403", wrote, own, **about)
    wrote(own, element="demo-3", indicator="")


def test_what_is_not_there_or_not_open_is_not_closed(own):
    refused("V404", checkins.close, WHO, own, 7, "done")
    note = wrote(own, Plan("a note alone"))
    refused("V405", checkins.close, WHO, own, note, "done")
    no = wrote(own)
    refused("V401", checkins.close, WHO, own, no, " ")
    checkins.close(WHO, own, no, "done")
    refused("V405", checkins.close, WHO, own, no, "done once more")
    refused("V405", checkins.correct, WHO, own, no, PLAN)
    checkins.correct(WHO, own, note, PLAN)


def test_an_editor_of_another_institution_closes_nothing_here(own):
    no = wrote(own)
    refused("P101", checkins.close, Person("x", "", "editor", (("metu", "*"),)), own, no, "done")
    checkins.close(Person("x", "", "editor", (("demo", "goals"),)), own, no, "done")


# --- the pages ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pages(monkeypatch):
    """The two pages, for ``open_page``."""
    import test_office_pages

    own = {"indicator": "leadership/indicator.py", "policy": "leadership/policy.py"}
    monkeypatch.setattr(test_office_pages, "PAGES", test_office_pages.PAGES | own)


@pytest.mark.parametrize(("lang", "word"), [("en", "Check-ins"), ("tr", "İzleme kayıtları")])
def test_the_demo_shows_actions_in_both_states(open_page, pages, lang, word):  # noqa: F811
    closed = open_page("indicator", "reporter", id="B13", lang=lang)
    assert word in text(closed)
    assert "Calendar sent, both days held" in text(closed)
    late = open_page("indicator", "reporter", id="C14", lang=lang)
    assert "Announce academic vacancies" in text(late)
    assert {"en": "late", "tr": "geç"}[lang] in text(late)


def test_the_policy_has_an_action_log_for_each_element(open_page, pages):  # noqa: F811
    shown = [one.label for one in open_page("policy", "visitor", lang="en").expander if "Action log" in one.label]
    assert shown == [
        "Action log: 1 check-in", "Action log: 1 check-in", "Action log: 1 check-in, 1 action open",
        "Action log: 1 check-in, 1 action open, 1 late",
    ]  # fmt: skip


def test_a_form_is_offered_to_whom_it_is_for(open_page, pages):  # noqa: F811
    def offered(who):
        return "New check-in" in labels(open_page("indicator", who, id="A01"))

    assert [offered(who) for who in ("visitor", "reporter", "editor", "approver", "administrator")] == [False, False, True, True, True]


@pytest.mark.browser
def test_a_check_in_is_written_in_a_browser_refused_while_it_is_half_and_closed_later(demo_store, tmp_path, browser):  # noqa: F811
    shutil.copytree(demo_store, tmp_path / "store")
    own = Store(tmp_path / "store")
    with serving(own.path) as address:
        page = browser.new_context(viewport={"width": 1366, "height": 900}).new_page()
        sign_in(page, address, "demo-editor")
        page.goto(f"{address}/indicator?institution=demo&id=A02&lang=en")
        quiet(page)
        page.get_by_role("button", name="New check-in").click()
        page.get_by_label("What was found").fill("above the path")
        page.get_by_label("What is to be done").fill("tell the faculties")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("An action needs three things").wait_for()
        assert not checkins.check_ins(own, "demo", indicator="A02")
        page.get_by_label("Who does it").fill("Office")
        page.get_by_role("spinbutton", name="day, Until").click()
        page.keyboard.type("31012030")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Save").click()
        page.locator(".m-checkin", has_text="tell the faculties").wait_for()
        quiet(page)
        page.get_by_role("button", name="Close the action").click()
        page.get_by_label("What came of it").fill("told all of them")
        page.get_by_role("button", name="Save").click()
        page.locator(".m-checkin", has_text="told all of them").wait_for()
        page.context.close()
    (one,) = checkins.check_ins(own, "demo", indicator="A02")
    assert (one.note, one.owner, one.element, one.due) == ("above the path", "Office", "demo-2", date(2030, 1, 31))
    assert (one.before.year, one.after.year, one.result, one.by) == (2024, 2024, "told all of them", "demo-editor")


def test_words_that_look_like_html_stay_words(open_page, pages, store):  # noqa: F811
    wrote(store, Plan("<script>alert(1)</script>"), indicator="A05", element="")
    shown = text(open_page("indicator", "visitor", id="A05"))
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown
