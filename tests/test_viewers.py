"""The visitors that ``make soak`` is measured with: they see whole pages, tell what is broken, and a run shows one publication."""

import contextlib

import pytest

from benchmarks import soak
from benchmarks.pages import APP
from benchmarks.session import serving
from benchmarks.viewers import Crowd, click
from pages.parts import data
from pipelines import warehouse
from pipelines.publish import publish
from tests import shown


@pytest.fixture(scope="module")
def server(demo_store):
    with serving(APP, demo_store) as running:
        yield running


def test_visitors_click_on_whole_pages_without_an_error(server):
    found = click(server, Crowd(2, 3, 0.5, soak.addresses(), within=0.1, least=soak.SHOWN))
    assert found.errors == []
    assert len(found.seconds) >= 2
    assert found.mixed == 0


def test_visitors_who_come_and_go_click_too(server):
    found = click(server, Crowd(2, 2, 0.2, [("", "institution=demo&lang=en")], stays=0.5, within=0.1, least=soak.SHOWN))
    assert found.errors == []
    assert len(found.seconds) >= 2


def test_a_page_that_is_not_there_is_an_error(server):
    found = click(server, Crowd(1, 0.5, 0.2, [("nowhere", "")], within=0.1))
    assert found.errors
    assert all("nowhere" in one for one in found.errors)


def test_a_page_told_in_too_few_messages_is_an_error(server):
    found = click(server, Crowd(1, 0.5, 0.2, [("", "institution=demo&lang=en")], within=0.1, least=100_000))
    assert found.errors and not found.seconds


def test_a_run_shows_the_publication_it_began_with_and_the_next_run_the_new_one(demo_store, tmp_path, monkeypatch):
    with shown.showing(demo_store, tmp_path / "store", monkeypatch) as store, contextlib.ExitStack() as after:
        after.callback(data._pinned.set, None)
        first = data.pin()
        number = data.publication()
        publish(store, by="test", reason="once more")
        assert warehouse.open_version(store.path).id != first.id
        assert data.version() is first
        assert data.publication() == number
        data.pin()
        assert data.publication() == number + 1
