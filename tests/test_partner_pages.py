"""The register, a partner's page and a country's page on the real demo store: what stands in the address, what is hidden, what is said."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from shown import demo_store  # noqa: F401 - a fixture
from test_pages import open_page, text  # noqa: F401 - a fixture

AT = {"lang": "en", "institution": "demo", "year": "2024"}


def asked(sql, *bound):
    from pages.parts import data

    return data.version().query(sql, list(bound))


def test_the_registers_filters_stand_in_the_address_and_leave_what_they_say(open_page):  # noqa: F811
    shown = text(open_page("agreements", **AT, state="all", standing="renewed", country="DEU"))
    pills = shown.count('<span aria-hidden="true">➔</span>Renewed</span>')
    sql = "select count(*) from core.register_years where institution = 'demo' and academic_year = 2024 and country = 'DEU' and standing = 'renewed'"
    assert asked(sql) == [(pills,)] and pills > 0
    assert "Filter: Renewed, Germany" in shown
    assert "✔</span>Active</span>" not in shown


def test_a_text_that_nothing_holds_is_named(open_page):  # noqa: F811
    assert "Nothing is left with this filter: “qqqq”" in text(open_page("agreements", **AT, find="qqqq"))


def test_every_agreement_leads_to_its_partner(open_page):  # noqa: F811
    shown = text(open_page("agreements", **AT))
    key, name = asked(
        "select partner_key, partner from core.register_years where institution = 'demo' and academic_year = 2024 and active limit 1"
    )[0]
    assert f'href="partner?{urlencode({"partner": key})}&amp;' in shown
    assert name in text(open_page("partner", **AT, partner=key))


def test_few_people_stay_hidden_on_a_partners_page(open_page):  # noqa: F811
    sql = """select partner_key, students_out from core.partner_years where institution = 'demo' and academic_year = 2024
        and students_out between 1 and 4 order by all limit 1"""
    ((key, _),) = asked(sql)
    shown = text(open_page("partner", **AT, partner=key))
    assert '<div class="v">&lt;5</div><div class="k">Outgoing students</div>' in shown


def test_weights_in_the_address_change_the_score_and_nothing_else(open_page):  # noqa: F811
    whole, some = (text(open_page("partner", **AT, partner=key(), **more)) for more in ({}, {"w_students_out": "0", "w_students_in": "0"}))
    assert score(whole) != score(some)
    assert whole.count('class="m-fact"') == some.count('class="m-fact"')
    assert score(text(open_page("partner", **AT, partner=key(), w_students_out="many"))) == score(whole), "no number counts for nothing"


def key():
    sql = "select partner_key from core.partner_years where institution = 'demo' and academic_year = 2024 order by students_out desc, 1 limit 1 offset 8"
    return asked(sql)[0][0]


def score(shown):
    return shown.partition("score ")[2].partition(" of 100")[0]


def test_a_partner_with_an_agreement_that_nothing_ever_came_of_is_on_paper_only(open_page):  # noqa: F811
    ((unused,),) = asked("select partner_key from core.partners where institution = 'demo' and partner = 'Hochschule Tannenried'")
    shown = text(open_page("partner", **AT, partner=unused))
    assert "On paper only" in shown
    assert "No student of ours went there in these years." in shown


@pytest.mark.parametrize("country", ["DEU", "KAZ"])
def test_a_countrys_page_tells_the_same_numbers_as_the_indicators(open_page, country):  # noqa: F811
    from pages.parts import data

    shown = text(open_page("country", **AT, country=country))
    (agreements,) = data.parts("demo", "E02", 2024, None, (("country", (country,)),))
    assert f"{agreements.value:.0f} active agreement" in shown
