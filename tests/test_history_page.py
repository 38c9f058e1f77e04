"""The History page: long lists, and a comparison that is about the numbers chosen. Its dialogs are pressed in a browser only."""

from __future__ import annotations

from pathlib import Path

import pytest
from jobs import here_and_now
from shelf import hand_in, moved
from streamlit.testing.v1 import AppTest

from pages.parts import past, people
from pipelines.access.person import Person
from pipelines.desk import worker
from pipelines.publish import publish
from pipelines.settings import settings
from pipelines.store import Store

ROOT = Path(__file__).resolve().parent.parent
APPROVER = Person("approver", "Ayşe", "approver")


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Two publications of one file each; jobs wait until ``served``."""
    here_and_now(monkeypatch)
    monkeypatch.setattr(people, "here", lambda: APPROVER)
    monkeypatch.setenv("MERIDIAN_STORE", str(tmp_path / "store"))
    settings.cache_clear()
    found = Store(tmp_path / "store")
    published(found, 2024)
    published(found, 2025)
    yield found
    settings.cache_clear()


def published(store, year):
    hand_in(store, rows=[moved(year, 5)], name=f"{year}.csv", institution="demo")
    publish(store, "editor", f"the year {year}")


@pytest.fixture
def app(store):
    opened = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    for name, word in {"lang": "en", "institution": "demo"}.items():
        opened.query_params[name] = word
    opened.run().switch_page("staff/history.py").run()
    assert not opened.exception, [one.message for one in opened.exception]
    return opened


def served(store):
    worker.serve(store, idle=0.01)


def numbers(app):
    return [one.label.split(" · ")[0] for one in app.expander if one.label.startswith("No. ")]


def test_older_publications_are_shown_when_asked_for(app, monkeypatch):
    monkeypatch.setattr(past, "MOST", 1)
    app.run()
    assert numbers(app) == ["No. 2"]
    app.button(key="more_publications").click().run()
    assert numbers(app) == ["No. 2", "No. 1"]
    assert "more_publications" not in [one.key for one in app.button]


def test_a_comparison_stands_only_under_the_numbers_it_is_about(app, store):
    def told():
        return [one.value for one in app.header if one.value == "Totals"]

    app.button(key="compare").click().run()
    served(store)
    app.run()
    assert told()
    app.selectbox(key="first").set_value(2).run()
    assert not told()
    app.selectbox(key="first").set_value(1).run()
    assert told()
