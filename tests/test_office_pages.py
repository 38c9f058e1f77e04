"""The pages of going back, deciding and aiming: what each role sees of them, in both languages, on the real demo store."""

from __future__ import annotations

from pathlib import Path

import pytest
from shown import demo_store, opened, showing  # noqa: F401 - a fixture

from pages.parts import people
from pipelines import log
from pipelines.access.person import VISITOR, Person
from pipelines.desk import governance
from pipelines.language import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"history": "staff/history.py", "goals": "staff/goals.py", "settings": "admin/settings.py", "upload": "staff/upload.py"}
WHO = {
    "visitor": VISITOR,
    "reporter": Person("reporter", "Rana", "reporter"),
    "editor": Person("editor", "Ece", "editor", (("demo", "*"),)),
    "approver": Person("approver", "Ayşe", "approver"),
    "administrator": Person("admin", "Ali", "administrator"),
}
OPEN = {
    "history": ("reporter", "editor", "approver", "administrator"), "goals": ("editor", "approver", "administrator"),
    "settings": ("approver", "administrator"),
}  # fmt: skip


@pytest.fixture
def store(demo_store, tmp_path, monkeypatch):  # noqa: F811
    """A demo store of one's own."""
    with showing(demo_store, tmp_path / "store", monkeypatch) as found:
        yield found


@pytest.fixture
def open_page(store, monkeypatch):
    def at(page, who, **address):
        monkeypatch.setattr(people, "here", lambda: WHO[who])
        return opened(PAGES[page], {"lang": "en", "institution": "demo"} | address)

    return at


def text(app):
    shown = [*app.title, *app.header, *app.markdown, *app.info, *app.warning, *app.error]
    labels = [one.label for one in [*app.button, *app.expander]]
    return "\n".join([str(one.value) for one in shown] + [str(one.proto.body) for one in app.get("html")] + labels)


def labels(app):
    return [one.label for one in app.button]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("page", OPEN)
def test_each_role_has_the_pages_that_are_for_it_and_no_other(open_page, page, who):
    if who in OPEN[page]:
        assert open_page(page, who).title[0].value != "Not for everybody"
    else:
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            open_page(page, who)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_the_office_is_the_same_in_two_languages(open_page, page):
    english, turkish = (open_page(page, "administrator", lang=lang) for lang in LANGUAGES)
    assert english.title[0].value != turkish.title[0].value
    assert not english.error
    assert not turkish.error


# --- history --------------------------------------------------------------------------------------------------------------


def test_the_history_names_the_publication_on_air_its_files_and_notes(open_page):
    shown = text(open_page("history", "reporter"))
    assert "Publication 1 is on air" in shown
    assert "No. 1" in shown
    assert "anlasmalar.xlsx" in shown


def again(store):
    """A second publication, so that there is something to undo."""
    from pipelines.publish import publish

    publish(store, "editor", "the same once more")


def test_who_may_undo_is_offered_it_and_who_may_not_is_not(open_page, store):
    assert not [one for one in labels(open_page("history", "approver")) if "Undo" in one], "there is nothing before the first"
    again(store)
    assert "Undo publication 2" in labels(open_page("history", "approver"))
    assert not [one for one in labels(open_page("history", "editor")) if "Undo" in one]


def test_originals_and_erasing_are_offered_to_whom_they_are_for(open_page):
    def offered(who):
        app = open_page("history", who)
        return bool([one for one in app.get("download_button") if "original" in one.proto.label]), "Erase" in labels(app)

    assert [offered(who) for who in ("reporter", "editor", "administrator")] == [(False, False), (True, False), (True, True)]


# --- settings -------------------------------------------------------------------------------------------------------------


def test_an_administrator_decides_with_a_reason_and_without_one_nothing_changes(open_page, store):
    app = open_page("settings", "administrator")
    app.radio[0].set_value("always")
    app.button(key="FormSubmitter:four_eyes-Decide").click().run()
    assert app.error
    assert governance.setting(store, "four_eyes") == "off"
    app.radio[0].set_value("always")
    app.text_input(key="why_eyes").set_value("senate 2026/4")
    app.button(key="FormSubmitter:four_eyes-Decide").click().run()
    assert not app.error
    assert governance.setting(store, "four_eyes") == "always"
    assert log.events(store)[-1].by == "admin"


def test_a_deadline_is_decided_and_one_that_is_no_day_is_refused(open_page, store):
    app = open_page("settings", "administrator")
    for day, kept in (("31.10.", "10-15"), ("10-31", "10-31")):
        app.text_input(key="due_mobility").set_value(day)
        app.text_input(key="why_days").set_value("the registrar is late")
        app.button(key="FormSubmitter:deadlines-Decide").click().run()
        assert bool(app.error) == (day != kept)
        assert governance.setting(store, "due_mobility") == kept


def test_an_approver_closes_a_year_and_sees_neither_settings_nor_the_log(open_page, store):
    app = open_page("settings", "approver", year="2022")
    assert [one.value for one in app.header] == ["Closed years"]
    next(box for box in app.selectbox if box.label == "Dataset").set_value("mobility")
    app.text_input(key="why_closed").set_value("reported to the Council")
    app.button(key="FormSubmitter:closed-Close it").click().run()
    assert governance.sealed(store) == {("demo", "mobility", 2022)}
    assert "Four eyes" in [one.value for one in open_page("settings", "administrator").header]


def test_the_chain_is_checked_and_a_changed_line_is_named(open_page, store):
    def checked():
        return open_page("settings", "administrator").button(key="chain").click().run()

    assert [one.value for one in checked().success] == ["Every line follows on the one before: nobody changed the log."]
    content = store.log_file.read_bytes()
    store.log_file.write_bytes(content.replace(b'"by":"Meridian"', b'"by":"Somebody"', 1))
    assert checked().error


# --- goals and the board --------------------------------------------------------------------------------------------------


def test_the_goals_are_counted_and_edited_by_those_of_the_institution(open_page):
    assert "12 goals" in text(open_page("goals", "editor"))
    assert "You may edit goals of other institutions, not of this one." in text(open_page("goals", "editor", institution="metu"))


def test_an_untouched_grid_is_not_sent(open_page, store):
    app = open_page("goals", "editor")
    app.text_input(key="why_goals").set_value("a try")
    next(one for one in app.button if one.label == "Show what would change").click().run()
    assert [one.value for one in app.error] == ["Nothing has changed. Change a goal first."]


def test_the_board_says_what_is_there_what_is_late_and_from_whom(open_page):
    shown = text(open_page("upload", "editor", due="2023"))
    assert "2023–24: 8 of 8 datasets are on air." in shown
    assert "Nothing is late." in shown
    assert "International Office" in shown
