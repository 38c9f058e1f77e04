"""The national view: who is named to whom, and that its numbers are those of the store."""

from __future__ import annotations

import pytest
from shown import opened

from pages.parts import people
from pipelines import national
from pipelines.access.person import Person
from pipelines.settings import settings
from pipelines.warehouse import open_version

MINISTRY = Person("ministry", "Ada", "viewer")
OWN = Person("own", "Ece", "editor", (("demo", "*"),))
OTHER = Person("other", "Nil", "editor", (("metu", "*"),))


@pytest.fixture
def view(demo_store, monkeypatch):
    monkeypatch.setenv("MERIDIAN_STORE", str(demo_store))
    settings.cache_clear()

    def shown(who):
        monkeypatch.setattr(people, "here", lambda: who)
        app = opened("leadership/national.py", {"institution": "demo", "lang": "en", "view_spread": "table"})
        assert app.title[0].value == "National view"
        return "\n".join(str(one.proto.body) for one in app.get("html")) + "\n".join(str(one) for one in app.get("arrow_data_frame"))

    yield shown
    settings.cache_clear()


def names(demo_store, but=()):
    rows = open_version(demo_store).query("select institution, name_en from board.institutions where country = 'TUR'")
    return {name for who, name in rows if who not in but}


def seen(view, demo_store, who):
    page = view(who)
    return {name for name in names(demo_store) if name in page}, "Institution 17" in page or "Institution 1<" in page


def test_whoever_stands_for_all_institutions_reads_their_names(view, demo_store):
    found, numbered = seen(view, demo_store, MINISTRY)
    assert len(found) >= 14 and not numbered


def test_an_institutions_people_read_their_own_name_and_numbers_for_the_others(view, demo_store):
    found, numbered = seen(view, demo_store, OWN)
    assert found == names(demo_store) - names(demo_store, but=("demo",)) and numbered


def test_another_institutions_people_read_no_name_at_all(view, demo_store):
    page = view(OTHER)
    standing = {n for n in names(demo_store, but=("demo",)) if n in page}
    assert standing == set() and "Institution 1" in page


def test_the_total_on_the_page_is_the_sum_of_the_list(view, demo_store):
    made = open_version(demo_store)
    offer = next(one for one in national.offers(made, "TUR") if one.indicator == "A01")
    rows = made.query(
        "select sum(value) from board.indicator_values join board.institutions using (institution) where country = 'TUR'"
        " and indicator = 'A01' and series = ? and year_from = ? and year_to = ? and \"by\" = ''",
        [offer.series, offer.year_from, offer.year_to],
    )
    assert f"{rows[0][0]:,.0f}" in view(MINISTRY)
