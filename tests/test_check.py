"""Every rule refuses what it should and allows its twin; the cell that is named is the person's own; no rule passes unevaluated."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import check as checking
from pipelines.check import Checked, RuleBroken, check
from pipelines.checking import rules
from pipelines.checking.rules import Lookups, Rule, Suite, suites
from pipelines.errors import ROOT, MeridianError, faults
from pipelines.sources import sources

TODAY = date(2026, 11, 23)
CODES = {
    "country": ["TUR", "DEU", "FRA", "ITA", "ESP", "POL", "XXX"],
    "direction": ["out", "in"],
    "role": ["student", "academic_staff", "administrative_staff"],
    "activity": ["study", "traineeship", "teaching", "training"],
    "programme": ["erasmus_ka131", "mevlana", "farabi", "bilateral"],
    "group": ["students", "new_entrants", "graduates", "academic_staff", "faculty_members"],
    "level": ["bachelor", "master"],
    "status": ["final", "provisional"],
}
UNITS = {"students": "people", "graduates": "people", "new_entrants": "people", "A01": "people", "A05": "percent", "funds": "money"}
LOOKUPS = Lookups(CODES, {"farabi"}, UNITS, TODAY)

USUAL = {
    "mobility": {
        "academic_year": 2024,
        "direction": "out",
        "role": "student",
        "country": "DEU",
        "participants": 2.0,
        "domestic": False,
        "status": "final",
    },
    "agreements": {
        "partner": "P",
        "country": "DEU",
        "starts": date(2024, 9, 1),
        "responsible": "Office",
        "domestic": False,
        "status": "final",
    },
    "country_distribution": {
        "academic_year": 2024,
        "group": "students",
        "country": "DEU",
        "headcount": 5.0,
        "international": True,
        "status": "final",
    },
    "yearly_figures": {"year_from": 2024, "year_to": 2024, "measure": "students", "value": 9.0, "precision": "exact", "status": "final"},
    "activities": {"date": date(2025, 5, 1), "kind": "event", "title": "T", "status": "final"},
    "goals": {
        "policy": "p",
        "indicator": "A01",
        "baseline_year": 2023,
        "baseline": 10.0,
        "target_year": 2026,
        "target": 20.0,
        "responsible": "Office",
    },
    "institutions": {"erasmus_code": "TR ANKARA04", "name": "N", "country": "TUR"},
    "joint_publications": {"academic_year": 2024, "partner": "P", "country": "DEU", "publications": 3.0, "international": True},
    "scores": {"academic_year": 2024, "scheme": "qs", "criterion": "overall", "edition": "2026", "score": 20.0},
}

Rows = list[dict]


def _years(source: str, column: str, *numbers: float, first: int = 2021, **more) -> Rows:
    year = "year_from" if source == "yearly_figures" else "academic_year"
    both = {"year_to": None} if source == "yearly_figures" else {}
    rows = [{year: first + at, column: float(number), **more} for at, number in enumerate(numbers)]
    return [row | ({"year_to": row[year]} if both else {}) for row in rows]


def _of(source: str, column: str):
    return lambda *numbers, **more: _years(source, column, *numbers, **more)


went, people, figure = _of("mobility", "participants"), _of("country_distribution", "headcount"), _of("yearly_figures", "value")
papers = _of("joint_publications", "publications")
four = [{"agreement": str(n), "partner": f"P{n}"} for n in range(40)]

# fmt: off
# source → rule → (rows that offend, rows that must pass, what is published beside the first, beside the second)
CASES: dict[str, dict[str, tuple]] = {
    "mobility": {
        "nothing_counted": ([{"participants": None}], [{"participants": None, "places": 3.0}]),
        "stay_negative": ([{"days": -3.0}], [{"days": 0.0}]),
        "stay_endless": ([{"days": 1001.0}], [{"days": 1000.0}]),
        "stay_outside_programme": (
            [{"programme": "mevlana", "activity": "study", "days": 10.0}],
            [{"programme": "mevlana", "activity": "study", "days": 120.0}, {"programme": "mevlana",
                "activity": "study", "days": 10.0, "mode": "virtual"}],
        ),
        "domestic_abroad": ([{"programme": "farabi", "domestic": True}], [{"programme": "farabi", "country": "TUR", "domestic": True}]),
        "abroad_at_home": ([{"programme": "erasmus_ka131", "country": "TUR"}], [{"programme": "erasmus_ka131", "country": "DEU"}]),
        "role_and_activity": ([{"activity": "teaching"}], [{"activity": "teaching", "role": "academic_staff"}]),
        "more_than_places": ([{"participants": 5.0, "places": 4.0}], [{"participants": 4.0, "places": 4.0}]),
        "not_begun": ([{"academic_year": 2027}], [{"academic_year": 2026}]),
        "shifted": (went(40, 400), went(2, 20)),
        "jumped": (went(40, 190), went(8, 28)),
        "revised": (went(100), went(100), went(40), went(90)),
        "country_jumped": (went(10, 12, 96, country="FRA"), went(10, 12, 40, country="FRA")),
        "country_vanished": (
            [*went(20, country="ITA"), *went(20, 21)], [*went(9, country="POL"), *went(20, 21)],
        ),
        "more_than_enrolled": (went(50), went(50), [], []),
        "unknown_country": ([*went(50, country="XXX"), *went(90)], [*went(5, country="XXX"), *went(90)]),
        "provisional": ([{"status": "provisional"}], [{"status": "final"}]),
        "grant_negative": ([{"grant": -1.0}], [{"grant": 0.0}]),
        "grant_large": ([{"grant": 25001.0}], [{"grant": 25000.0}]),
        "withdrawn_more": ([{"nominated": 2.0, "withdrawn": 3.0}], [{"nominated": 3.0, "withdrawn": 3.0}, {"withdrawn": 3.0}]),
        "ects_more": ([{"ects_planned": 30.0, "ects_recognised": 31.0}], [{"ects_planned": 30.0, "ects_recognised": 30.0}]),
        "ects_many": ([{"participants": 2.0, "ects_planned": 181.0}], [{"participants": 2.0, "ects_planned": 180.0}]),
    },
    "agreements": {
        "ends_before_start": ([{"ends": date(2024, 8, 31)}], [{"ends": date(2024, 9, 1)}]),
        "over_ten_years": ([{"ends": date(2034, 9, 2)}], [{"ends": date(2034, 9, 1)}]),
        "no_places": ([{"quota_out": 0.0, "quota_in": 0.0}], [{"quota_out": 0.0, "quota_in": 2.0}, {"agreement": "x"}]),
        "signed_ahead": ([{"signed": date(2026, 11, 24), "starts": date(2027, 1, 1)}],
            [{"signed": date(2026, 11, 23), "starts": date(2027, 1, 1)}]),
        "signed_late": ([{"signed": date(2025, 9, 2)}], [{"signed": date(2025, 9, 1)}]),
        "months_negative": ([{"months": -1.0}], [{"months": 0.0}]),
        "months_many": ([{"months": 25.0}], [{"months": 24.0}]),
        "renews_itself": ([{"agreement": "7", "renews": "7"}], [{"agreement": "7"}, {"agreement": "8", "renews": "7", "partner": "Q"}]),
        "renews_unknown": ([{"renews": "0"}], [{"renews": "0"}], [], [{"agreement": "0"}]),
        "partner_at_home": ([{"country": "TUR"}], [{"country": "TUR", "programme": "farabi"}]),
        "same_content": ([{"agreement": "1"}, {"agreement": "2"}], [{"agreement": "1"}, {"agreement": "2", "unit": "Law"}]),
        "ended_but_active": ([{"stage": "active", "ends": date(2026, 11, 22)}], [{"stage": "active", "ends": date(2026, 11, 23)}]),
        "vanished": ([{}], [{}], [{}, {"agreement": "gone", "partner": "Gone U"}], [{},
            {"agreement": "over", "partner": "Over U", "ends": date(2025, 1, 1)}]),
        "register_changed": (four, four, four[:4], four[:30]),
        "months_beyond_places": ([{"quota_out": 2.0, "months_out": 25.0}], [{"quota_out": 2.0, "months_out": 24.0}]),
        "approved_before_signed": ([{"ewp_approved": date(2017, 5, 1)}], [{"ewp_approved": date(2021, 5, 1)}]),
        "provisional": ([{"status": "provisional"}], [{"status": "final"}]),
    },
    "country_distribution": {
        "home_as_international": ([{"country": "TUR"}], [{"country": "TUR", "international": False}]),
        "level_total": (
            [{"headcount": 9.0}, {"level": "bachelor", "headcount": 5.0}, {"level": "master", "headcount": 4.0}],
            [{"headcount": 1.0}, {"level": "bachelor", "headcount": 5.0}, {"level": "master", "headcount": 4.0}],
        ),
        "gender_total": (
            [{"headcount": 9.0}, {"gender": "female", "headcount": 5.0}, {"gender": "male", "headcount": 4.0}],
            [{"gender": "undisclosed", "headcount": 9.0}, {"gender": "female", "headcount": 5.0}, {"gender": "male", "headcount": 4.0}],
        ),
        "unit_total": (
            [{"headcount": 10.0}, {"unit": "Law", "headcount": 5.0}, {"unit": "Art", "headcount": 4.0}],
            [{"unit": "All", "headcount": 10.0}, {"unit": "Law", "headcount": 5.0}, {"unit": "Art", "headcount": 4.0}],
        ),
        "more_than_students": (
            [{"group": "new_entrants", "headcount": 6.0}, {"headcount": 5.0}], [{"group": "new_entrants", "headcount": 5.0},
                {"headcount": 5.0}],
        ),
        "more_international_than_enrolled": ([{"headcount": 50.0}], [{"headcount": 5.0}]),
        "not_begun": ([{"academic_year": 2027}], [{"academic_year": 2026}]),
        "shifted": (people(500, 5000), people(2, 20)),
        "jumped": (people(100, 25), people(100, 40)),
        "revised": (people(100), people(100), people(40), people(99)),
        "country_jumped": (people(10, 12, 96, country="FRA"), people(10, 12, 40, country="FRA")),
        "country_vanished": ([*people(20, country="ITA"), *people(20, 21)], [*people(9, country="POL"), *people(20, 21)]),
        "unknown_country": ([*people(50, country="XXX"), *people(90)], [*people(5, country="XXX"), *people(90)]),
        "provisional": ([{"status": "provisional"}], [{"status": "final"}]),
    },
    "yearly_figures": {
        "value_missing": ([{"value": None}], [{"value": None, "precision": "none"}]),
        "value_beside_none": ([{"precision": "none"}], [{"precision": "about"}]),
        "period_backwards": ([{"year_from": 2023, "year_to": 2015}], [{"year_from": 2015, "year_to": 2023}]),
        "period_open": ([{"year_from": None}], [{"year_from": None, "year_to": None}]),
        "period_long": ([{"year_from": 1956}], [{"year_from": 1956, "year_to": 1956}]),
        "negative": ([{"value": -1.0}], [{"value": -1.0, "measure": "A05"}]),
        "percent_range": ([{"measure": "A05", "value": 101.0}], [{"measure": "A05", "value": 100.0}]),
        "percent_as_fraction": ([{"measure": "A05", "value": 0.008}], [{"measure": "A05", "value": 0.8}]),
        "amount_without_currency": ([{"measure": "funds"}], [{"measure": "funds", "currency": "EUR"}]),
        "currency_code": ([{"measure": "funds", "currency": "euro"}], [{"measure": "funds", "currency": "TRY"}]),
        "part_over_whole": (
            [{"value": 50.0}, {"measure": "new_entrants", "value": 51.0}],
            [{"value": 50.0}, {"measure": "new_entrants", "value": 50.0}],
        ),
        "parts_and_total": (
            [{"value": 9.0}, {"level": "bachelor", "value": 5.0}, {"level": "master", "value": 5.0}],
            [{"value": 10.0}, {"level": "bachelor", "value": 5.0}, {"level": "master", "value": 5.0}],
        ),
        "not_begun": ([{"year_from": 2027, "year_to": 2027}], [{"year_from": 2026, "year_to": 2026}]),
        "shifted": (figure(1306, 13.1), figure(1306, 1400)),
        "jumped": (figure(1000, 300), figure(1000, 400)),
        "revised": (figure(1000), figure(1000), figure(600), figure(700)),
        "provisional": ([{"status": "provisional"}], [{"status": "final"}]),
    },
    "activities": {
        "ends_before_start": ([{"ends": date(2025, 4, 30)}], [{"ends": date(2025, 5, 1)}]),
        "far_ahead": ([{"date": date(2027, 11, 24)}], [{"date": date(2027, 11, 23)}]),
        "amount_negative": ([{"amount": -1.0, "currency": "EUR"}], [{"amount": 0.0}]),
        "amount_without_currency": ([{"amount": 5.0}], [{"amount": 5.0, "currency": "EUR"}]),
        "currency_code": ([{"amount": 5.0, "currency": "€"}], [{"amount": 5.0, "currency": "EUR"}]),
        "link": ([{"link": "www.example.org"}], [{"link": "https://example.org/a"}]),
        "project_without_amount": ([{"kind": "project"}], [{"kind": "project", "amount": 5.0, "currency": "EUR"}]),
        "same_title": ([{}, {"date": date(2025, 5, 3)}], [{}, {"date": date(2025, 9, 3)}]),
        "provisional": ([{"status": "provisional"}], [{"status": "final"}]),
    },
    "goals": {
        "target_is_baseline": ([{"target": 10.0}], [{"target": 10.0, "target_upper": 12.0}]),
        "target_before_baseline": ([{"target_year": 2023}], [{"target_year": 2024}]),
        "band_upside_down": ([{"target_upper": 20.0}], [{"target_upper": 21.0}]),
        "weight_range": ([{"weight": 101.0}], [{"weight": 100.0}]),
        "weights_sum": (
            [{"weight": 60.0}, {"indicator": "A02", "weight": 30.0}],
            [{"weight": 60.0, "element": "1"}, {"indicator": "A02", "weight": 40.0, "element": "1"},
                {"indicator": "A03", "weight": 100.0, "element": "2"}],
        ),
        "two_baselines": ([{}, {"target_year": 2027, "baseline": 11.0}], [{}, {"target_year": 2027, "target": 25.0}]),
        "path_turns": ([{"target": 30.0}, {"target_year": 2027, "target": 25.0}], [{}, {"target_year": 2027, "target": 25.0}]),
        "far_from_baseline": ([{"target": 1000.0}], [{"target": 100.0}]),
        "nobody_responsible": ([{"responsible": None}], [{}]),
        "valid_after_target": ([{"effective_year": 2027, "decided_in": "d"}], [{"effective_year": 2026, "decided_in": "d"}]),
        "changed_without_decision": ([{"effective_year": 2025}], [{"effective_year": 2025, "decided_in": "d"}]),
    },
    "institutions": {
        "code_grammar": ([{"erasmus_code": "ANKARA04"}], [{"erasmus_code": "E  MADRID143"}, {"erasmus_code": "E MADRID142"},
            {"erasmus_code": "IRLDUBLIN01"}]),
        "pic": ([{"pic": "99964349"}], [{"pic": "999643492"}]),
        "oid": ([{"oid": "10208251"}], [{"oid": "E10208251"}]),
        "charter_dates": (
            [{"charter_from": date(2027, 1, 1), "charter_to": date(2021, 1, 1)}],
                [{"charter_from": date(2021, 1, 1), "charter_to": date(2027, 1, 1)}],
        ),
        "one_oid_two_codes": ([{"oid": "E10000001"}, {"oid": "E10000001"}], [{"oid": "E10000002"}]),
    },
    "joint_publications": {
        "at_home": ([{"country": "TUR", "international": False}], [{}]),
        "country_twice": ([{"partner": None}, {"publications": 4.0}], [{"partner": None}, {"publications": 3.0}]),
        "two_countries": ([{}, {"country": "FRA", "partner": "p "}], [{}, {"country": "FRA", "partner": "Q"}]),
        "jumped": (papers(10, 12, 40), papers(10, 12, 30)),
        "provisional": ([{"status": "provisional"}], [{"status": "final"}]),
    },
    "scores": {
        "says_nothing": ([{"score": None}], [{"score": None, "rank": 5.0}]),
        "outside_scale": ([{"scheme": "survey", "score": 6.0, "responses": 9.0}], [{"score": 6.0}]),
        "more_answers_than_asked": ([{"responses": 9.0, "invited": 8.0}], [{"responses": 8.0, "invited": 8.0}]),
        "few_answers": ([{"responses": 9.0, "invited": 91.0}], [{"responses": 9.0, "invited": 90.0}]),
        "survey_without_responses": ([{"scheme": "survey", "score": 4.0}], [{"scheme": "survey", "score": 4.0, "responses": 9.0}]),
        "rank_out_of_reach": ([{"rank": 0.0}], [{"rank": 1.0}]),
        "leapt": (_years("scores", "rank", 100, 401, partner="P"), _years("scores", "rank", 100, 400, partner="P")),
        "ranking_without_edition": ([{"edition": None}], [{"edition": None, "scheme": "yokak", "score": 3.0}]),
        "provisional": ([{"status": "provisional"}], [{"status": "final"}]),
    },
}
# fmt: on
WITHOUT_ROW = {
    "mobility.country_vanished": ("ITA", "POL"),
    "mobility.unknown_country": ("unknown_country_bad", "unknown_country_good"),
    "country_distribution.country_vanished": ("ITA", "POL"),
    "country_distribution.unknown_country": ("unknown_country_bad", "unknown_country_good"),
    "agreements.vanished": ("Gone U", "Over U"),
    "agreements.register_changed": ("register_changed_bad", "register_changed_good"),
}
"""Rules that no single row is to blame for: what their sentence lists, and what it must not."""
ENROLLED = {
    "mobility": ("yearly_figures", "more_than_enrolled"),
    "country_distribution": ("yearly_figures", "more_international_than_enrolled"),
}


def _complete(source: str, rows: Rows, institution: str, first: int) -> Rows:
    """Each case has an institution of its own, so that all cases of a source fit into one file."""
    own = {"institution": institution, "institution_country": "TUR", "agreement": institution} if source != "institutions" else {}
    codes = [{"erasmus_code": f"TR TOWN{first + at:03}"} if source == "institutions" else {} for at in range(len(rows))]
    return [USUAL[source] | own | codes[at] | row | {"row": first + at, "col": "R"} for at, row in enumerate(rows)]


def _table(source: str, rows: Rows) -> pa.Table:
    schema = sources()[source].schema
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)


def _written(folder: Path, source: str, rows: Rows) -> Path:
    path = folder / f"{source}.parquet"
    pq.write_table(_table(source, rows), path)
    return path


def _version(path: Path, published: dict[str, Rows]) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema core")
        for source, rows in published.items():
            connection.register("given", _table(source, rows))
            connection.execute(f"create table core.{source} as select * from given")
    return path


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory) -> dict[str, tuple[Checked, dict[str, tuple[set[int], set[int]]]]]:
    """Source → what one file with all its cases was found to be, and rule → (rows of the bad case, rows of the good one)."""
    found = {}
    for source, cases in CASES.items():
        folder = tmp_path_factory.mktemp(source)
        rows: Rows = []
        published: dict[str, Rows] = {source: []}
        where = {}
        for rule, (bad, good, *beside) in cases.items():
            marks = []
            for kind, given, before in (("bad", bad, beside[0] if beside else []), ("good", good, beside[1] if beside else [])):
                first = len(rows) + 2
                rows += _complete(source, given, f"{rule}_{kind}", first)
                published[source] += _complete(source, before, f"{rule}_{kind}", 2)
                marks.append(set(range(first, len(rows) + 2)))
            where[rule] = tuple(marks)
        if source in ENROLLED:
            beside, rule = ENROLLED[source]
            year = 2024 if source == "country_distribution" else 2021
            given = [{"value": value, "year_from": year, "year_to": year} for value in (49.0, 50.0)]
            published[beside] = [_complete(beside, [row], f"{rule}_{kind}", 2)[0] for row, kind in zip(given, ("bad", "good"), strict=True)]
        version = _version(folder / "version.duckdb", published)
        path = _written(folder, source, rows)
        lookups = Lookups({"country": CODES["country"]}, LOOKUPS.domestic, UNITS, TODAY)
        letters = {source: {"days": "P", "country": "G", "title": "E"}}
        found[source] = (check({source: path}, name="office.csv", columns=letters, published=version, lookups=lookups), where)
    return found


@pytest.mark.parametrize(("source", "rule"), [(source, rule) for source, cases in CASES.items() for rule in cases])
def test_a_rule_refuses_what_offends_it_and_allows_its_twin(laid_out, source, rule):
    checked, where = laid_out[source]
    asked = suites()[source].rules[rule]
    findings = [finding for finding in checked.findings if finding.code == asked.code]
    assert len(findings) == 1, f"{rule} found nothing"
    assert findings[0].severity == asked.severity
    if hidden := WITHOUT_ROW.get(f"{source}.{rule}"):
        assert hidden[0] in findings[0].values["list"] and hidden[1] not in findings[0].values["list"]
        return
    rows = {place.row for place in findings[0].places}
    bad, good = where[rule]
    assert rows & bad, f"the offending rows {bad} are not among {rows}"
    assert not rows & good


def test_every_rule_of_every_suite_has_a_case():
    assert {source: set(suite.rules) for source, suite in suites().items()} == {source: set(cases) for source, cases in CASES.items()}


def test_every_source_has_a_suite():
    assert set(suites()) == set(sources())


def test_every_rule_was_evaluated_and_has_a_result(laid_out):
    for source, (checked, _) in laid_out.items():
        asked = rules.rules(sources()[source], LOOKUPS, 1)
        assert set(suites()[source].rules) <= {result.rule for result in checked.results} <= set(asked)
        assert {result.code for result in checked.results if not result.ok} == {finding.code for finding in checked.findings}
        assert all(result.ok == (result.offending == 0) for result in checked.results)


def test_every_sentence_is_complete_in_both_languages(laid_out):
    for checked, _ in laid_out.values():
        for finding in checked.findings:
            for language in ("en", "tr"):
                said = [finding.say(part, language) for part in ("what", "cause", "remedy")]
                assert all(said) and not any("{" in sentence for sentence in said), said


def test_the_codes_of_rules_are_their_own():
    codes = [rule.code for suite in suites().values() for rule in suite.rules.values()]
    assert len(codes) == len(set(codes)) and not set(codes) & set(faults())


def _checked(tmp_path: Path, source: str, rows: Rows, **more) -> Checked:
    return check({source: _written(tmp_path, source, _complete(source, rows, "demo", 2))}, name="office.csv", lookups=LOOKUPS, **more)


def _found(checked: Checked, code: str) -> list:
    return [finding for finding in checked.findings if finding.code == code]


BASE = {"activity": "study", "programme": "bilateral"}


@pytest.mark.parametrize(
    ("code", "bad", "good"),
    [
        ("C101", {"role": None}, {"role": "student"}),
        ("C102", {"direction": "away"}, {"direction": "in"}),
        ("C102", {"country": "QQQ"}, {"country": "XXX"}),
        ("C103", {"participants": -1.0}, {"participants": 0.0}),
        ("C104", {"participants": 1.306}, {"participants": 1306.0}),
        ("C105", {"days": float("nan")}, {"days": 90.0}),
        ("C106", {"academic_year": 1899}, {"academic_year": 1990}),
        ("C106", {"academic_year": 2029}, {"academic_year": 2028}),
    ],
)
def test_what_the_source_says_is_held(tmp_path, code, bad, good):
    refused = _found(
        _checked(tmp_path, "mobility", [BASE | bad, BASE | {"country": "FRA"}], columns={"mobility": {next(iter(bad)): "D"}}), code
    )
    assert [finding.severity for finding in refused] == ["error"]
    assert refused[0].count == 1 and refused[0].place.row == 2
    assert not _found(_checked(tmp_path, "mobility", [BASE | good]), code)


def test_dates_of_a_typing_slip_are_refused_and_old_ones_allowed(tmp_path):
    assert _found(_checked(tmp_path, "activities", [{"date": date(1026, 5, 1)}]), "C107")
    assert not _found(_checked(tmp_path, "activities", [{"date": date(1956, 11, 15)}]), "C107")


def test_two_rows_with_one_key_are_refused_even_where_parts_of_the_key_are_empty(tmp_path):
    twice = _found(_checked(tmp_path, "mobility", [BASE, BASE | {"participants": 3.0}, BASE | {"country": "FRA"}]), "C108")
    assert twice[0].count == 2 and [place.row for place in twice[0].places] == [2, 3]
    assert "2; 3" in twice[0].say("what", "tr")
    assert not _found(_checked(tmp_path, "mobility", [BASE, BASE | {"detail": "spring"}]), "C108")


def test_one_amount_in_two_currencies_is_two_figures_and_twice_in_one_is_refused(tmp_path):
    euro, lira = ({"measure": "funds", "currency": code} for code in ("EUR", "TRY"))
    assert not _found(_checked(tmp_path, "yearly_figures", [euro, lira | {"value": 300.0}]), "C108")
    assert _found(_checked(tmp_path, "yearly_figures", [euro, euro | {"value": 300.0}]), "C108")[0].count == 2


def test_a_register_of_somebody_else_is_not_blocked_by_what_its_owner_wrote_twice(tmp_path):
    twice = _found(_checked(tmp_path, "institutions", [{"erasmus_code": "F LYON136"}, {"erasmus_code": "F LYON136", "name": "M"}]), "C108")
    assert [finding.severity for finding in twice] == ["info"] and twice[0].count == 2
    assert not _found(_checked(tmp_path, "institutions", [{"erasmus_code": "F LYON136"}, {"erasmus_code": "F LYON137"}]), "C108")


def test_a_severity_for_a_rule_that_does_not_exist_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(rules, "suites", lambda: {"mobility": Suite(id="mobility", severities={"keyy": "info"})})
    with pytest.raises(MeridianError, match="keyy"):
        _checked(tmp_path, "mobility", [BASE])


def test_single_people_may_look_alike(tmp_path):
    assert not _found(_checked(tmp_path, "mobility", [BASE | {"participants": 1.0}] * 3), "C108")


def test_the_persons_own_cell_is_named(laid_out):
    findings = {finding.code: finding for finding in laid_out["mobility"][0].findings}
    stay, country, number = (findings[code].place for code in ("C203", "C205", "C208"))
    assert (stay.file, stay.cell[0], country.cell[0], number.cell[0]) == ("office.csv", "P", "G", "R")


def test_a_thousand_offending_rows_are_counted_exactly_and_a_hundred_listed(tmp_path):
    rows = [BASE | {"days": -1.0, "detail": str(n)} for n in range(1000)]
    for code, wrong in (("C202", rows), ("C204", [row | {"programme": "mevlana", "days": 5.0} for row in rows])):
        found = _found(_checked(tmp_path, "mobility", wrong), code)[0]
        assert (found.count, len(found.places)) == (1000, 100)
        assert [place.row for place in found.places] == list(range(2, 102))


def test_the_largest_row_of_a_jump_is_the_one_named(tmp_path):
    rows = [*went(40, 40), *went(400, first=2022, country="FRA"), *went(5, first=2022, country="ITA")]
    found = _found(_checked(tmp_path, "mobility", rows), "C210")[0]
    assert found.place.row == 4 and "2022: 40 → 445" in found.values["list"]


def test_a_total_that_falls_to_nothing_is_asked_about_and_a_missing_one_is_not(tmp_path):
    assert _found(_checked(tmp_path, "mobility", went(30, 0)), "C211")
    assert not _found(_checked(tmp_path, "mobility", [*went(30), {"academic_year": 2022, "participants": None}]), "C211")


def test_a_year_is_compared_with_the_published_one_before_it(tmp_path):
    version = _version(tmp_path / "v.duckdb", {"mobility": _complete("mobility", went(40, first=2023), "demo", 2)})
    assert _found(_checked(tmp_path, "mobility", went(400, first=2024), published=version), "C210")
    assert not _found(_checked(tmp_path, "mobility", went(60, first=2024), published=version), "C210")
    assert not _found(_checked(tmp_path, "mobility", went(400, first=2025), published=version), "C210"), "years apart are no neighbours"


def test_a_published_version_can_be_compared_while_a_reader_holds_it(tmp_path):
    version = _version(tmp_path / "v.duckdb", {"mobility": _complete("mobility", went(40, first=2023), "demo", 2)})
    locked = {"enable_external_access": "false", "lock_configuration": "true"}
    with duckdb.connect(str(version), read_only=True, config=locked) as reader:
        assert _found(_checked(tmp_path, "mobility", went(400, first=2024), published=version), "C210")
        assert reader.execute("select sum(participants) from core.mobility").fetchone() == (40.0,)


def test_two_sources_of_one_file_are_held_against_each_other(tmp_path):
    mobility = _written(tmp_path, "mobility", _complete("mobility", went(50, first=2024), "demo", 2))
    for students, expected in ((49.0, 1), (50.0, 0)):
        figures = _written(tmp_path, "yearly_figures", _complete("yearly_figures", [{"value": students}], "demo", 2))
        checked = check({"mobility": mobility, "yearly_figures": figures}, name="f", lookups=LOOKUPS)
        assert len(_found(checked, "C215")) == expected
        assert {result.source for result in checked.results} == {"mobility", "yearly_figures"}


def test_the_students_of_one_faculty_are_not_all_students(tmp_path):
    mobility = _written(tmp_path, "mobility", _complete("mobility", went(50, first=2024), "demo", 2))
    figures = _written(tmp_path, "yearly_figures", _complete("yearly_figures", [{"value": 9.0, "unit": "Law"}], "demo", 2))
    assert not _found(check({"mobility": mobility, "yearly_figures": figures}, name="f", lookups=LOOKUPS), "C215")


def test_an_empty_table_has_no_findings(tmp_path):
    assert _checked(tmp_path, "mobility", []).findings == []


@pytest.mark.parametrize(
    "broken",
    [
        {"where": "no_such_column > 1"},
        {"expect": "expect_column_values_to_not_be_null", "kwargs": {"column": "no_such_column"}},
        {"query": "select * from no_such_table"},
        {"expect": "expect_column_values_to_match_regex", "kwargs": {"column": "country", "regex": "."}},
    ],
)
def test_a_rule_that_cannot_be_evaluated_is_a_bug_and_never_a_success(tmp_path, monkeypatch, broken):
    text = {"en": "x", "tr": "x"}
    rule = Rule(code="X1", severity="info", what=text, reason=text, remedy=text, **broken)
    monkeypatch.setattr(rules, "suites", lambda: {"mobility": Suite(id="mobility", rules={"broken": rule})})
    with pytest.raises(RuleBroken, match="broken"):
        _checked(tmp_path, "mobility", [BASE])


def test_a_rule_that_great_expectations_leaves_out_is_a_bug(tmp_path, monkeypatch):
    expectation = Rule.expectation
    monkeypatch.setattr(Rule, "expectation", lambda self, name: expectation(self, "another" if name == "provisional" else name))
    with pytest.raises(RuleBroken, match="provisional"):
        _checked(tmp_path, "mobility", [BASE])


def test_a_worker_that_checks_many_files_keeps_nothing_of_them(tmp_path):
    for _ in range(3):
        _checked(tmp_path, "goals", [{}])
    _, context = checking._great_expectations()
    assert list(context.data_sources.all()) == []


def test_viewers_do_not_pay_for_the_import_and_the_terminal_stays_clean(tmp_path):
    path = _written(tmp_path, "goals", _complete("goals", [{}], "demo", 2))
    script = f"""
import sys
from pathlib import Path
from pipelines.check import check
from pipelines.checking.rules import Lookups
assert "great_expectations" not in sys.modules and "duckdb_engine" not in sys.modules
checked = check({{"goals": Path({str(path)!r})}}, name="f", lookups=Lookups({{}}))
assert "great_expectations" in sys.modules
print(len(checked.results))
"""
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == "" and ran.stdout.strip().isdigit(), ran.stdout
