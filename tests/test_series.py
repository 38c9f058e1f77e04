"""Several accounts of one number: series side by side, reported beside computed, periods, bounds; and the acceptance on real files."""

import json
from pathlib import Path

import pytest

from pipelines.warehouse import open_version


def asked(command, store: Path, *words: str) -> dict:
    done = command("--store", store, "value", *words, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def parts(told: dict, name: str = "values") -> dict:
    return {one["key"]: one["value"] for one in told[name]}


# --- the university's three files -------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def zaragoza(real, tmp_path_factory, command) -> dict[str, Path]:
    """A store for the resultados alone, one for erasmus alone, and one in which three series of one year stand side by side."""
    folder, data = tmp_path_factory.mktemp("zaragoza"), real / "zaragoza"
    stores = {
        "resultados": [("resultados", [data / f"resultados__{year}_{year + 1}.csv" for year in (2020, 2023)])],
        "erasmus": [("erasmus", [data / "erasmus__2023_2024.csv"])],
        "all": [(name, [data / f"{name}__2023_2024.csv"]) for name in ("erasmus", "procedencia", "resultados")],
    }
    for store, files in stores.items():
        for name, paths in files:
            words = ["--layout", f"zaragoza_{name}", "--institution", "zaragoza", "--by", "check"]
            done = command("--store", folder / store, "accept", *paths, *words)
            assert done.code == 0, done.out + done.err
    return {name: folder / name for name in stores}


@pytest.mark.real
@pytest.mark.parametrize(
    ("code", "year", "value"), [("A01", "2023", 1325), ("A02", "2023", 1804), ("A01", "2020", 729), ("A02", "2020", 817)]
)
def test_resultados_counts_outgoing_and_incoming_students(zaragoza, command, code, year, value):
    told = asked(command, zaragoza["resultados"], code, "--institution", "zaragoza", "--year", year)
    assert (told["value"], told["origin"]) == (value, "computed")


@pytest.mark.real
def test_erasmus_counts_no_domestic_exchange(zaragoza, command):
    store = zaragoza["erasmus"]
    assert asked(command, store, "A01", "--institution", "zaragoza", "--year", "2023")["value"] == 1496
    told = asked(command, store, "A01", "--institution", "zaragoza", "--year", "2023", "--by", "country")
    assert list(parts(told).items())[:5] == [("ITA", 457), ("PRT", 180), ("FRA", 119), ("DEU", 109), ("POL", 101)]
    assert "ESP" not in parts(told)


@pytest.mark.real
def test_places_without_assignments_are_missing_people_and_not_none(zaragoza, command):
    told = asked(command, zaragoza["erasmus"], "A02", "--institution", "zaragoza", "--year", "2023")
    assert told["value"] is None and "missing is not zero" in told["missing"]


@pytest.mark.real
def test_places_assigned_are_compared_with_places_offered_of_outgoing_international_exchange(zaragoza, command, real):
    import csv

    with (real / "zaragoza" / "erasmus__2023_2024.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file, delimiter=";") if row["IN_OUT"] == "OUT" and row["NOMBRE_PROGRAMA_MOVILIDAD"] == "ERASMUS"
        ]
    assigned, offered = (sum(int(row[name]) for row in rows) for name in ("PLAZAS_ASIGNADAS_ALUMNOS_OUT", "PLAZAS_OFERTADAS_ALUMNOS"))
    told = asked(command, zaragoza["erasmus"], "A30", "--institution", "zaragoza", "--year", "2023")
    assert told["value"] == pytest.approx(100 * assigned / offered)


@pytest.mark.real
def test_three_series_of_one_number_live_side_by_side_and_are_never_added_up(zaragoza, command):
    told = asked(command, zaragoza["all"], "A01", "--institution", "zaragoza", "--year", "2023")
    assert (told["value"], told["series"]) == (1325, "resultados")
    assert [(one["series"], one["value"], one["gap"]) for one in told["other_series"]] == [
        ("erasmus", 1496, -171),
        ("procedencia", 1323, 2),
    ]


@pytest.mark.real
def test_what_a_series_alone_tells_is_still_told_beside_the_primary_one(zaragoza, command):
    version = open_version(zaragoza["all"])
    sql = "select series, prime, value from board.indicator_values where indicator = 'A01' and year_from = 2023 and \"by\" = '' order by 2 desc, 1"
    assert version.query(sql) == [("resultados", True, 1325), ("erasmus", False, 1496), ("procedencia", False, 1323)]


# --- the Commission's totals and the charter list -----------------------------------------------------------------------
@pytest.fixture(scope="module")
def commission(real, tmp_path_factory, command) -> Path:
    store, data = tmp_path_factory.mktemp("commission") / "store", real
    totals = ["accept", data / "erasmus-eu" / "university_totals_2014_2019.csv", "--layout", "commission_university_totals"]
    charter = ["accept", data / "charter-holders" / "2026-04-08.xlsx", "--layout", "charter_holders"]
    for words in (totals, charter):
        done = command("--store", store, *words, "--by", "check")
        assert done.code == 0, done.out + done.err
    return store


@pytest.mark.real
@pytest.mark.parametrize(
    ("institution", "value"),
    [("Izmir Institute of Technology", 462), ("iztech", 462), ("TR IZMIR03", 462), ("TR ANKARA04", 1772), ("tr igdir01", 41)],
)
def test_the_commissions_total_is_found_by_name_and_by_erasmus_code(commission, command, institution, value):
    told = asked(command, commission, "A01", "--institution", institution)
    assert (told["value"], told["origin"], told["year_from"], told["year_to"]) == (value, "reported", 2014, 2019)
    assert "year" not in told


@pytest.mark.real
def test_a_code_with_two_blanks_finds_an_institution_that_no_profile_names(commission, command):
    for code in ("E  GRANADA01", "E GRANADA01"):
        told = asked(command, commission, "A01", "--institution", code)
        assert (told["institution"], told["value"]) == (
            "universidad-de-granada",
            asked(command, commission, "A01", "--institution", "Universidad de Granada")["value"],
        )
        assert told["value"] > 1000


@pytest.mark.real
def test_a_period_is_no_year(commission, command):
    assert asked(command, commission, "A01", "--institution", "iztech", "--year", "2014-2019")["value"] == 462
    assert asked(command, commission, "A01", "--institution", "iztech", "--year", "2014")["value"] is None


# --- the demo store -----------------------------------------------------------------------------------------------------
def test_a_reported_figure_stands_beside_the_computed_one_with_their_gap(demo_store, command):
    told = asked(command, demo_store, "A01", "--institution", "demo", "--year", "2023")
    assert (told["value"], told["origin"], told["reported"], told["gap"]) == (1342, "computed", 1342, 0)


def test_people_per_agreement_are_told_by_programme_and_the_domestic_one_apart(demo_store, command):
    told = asked(command, demo_store, "E10", "--institution", "igdir", "--by", "programme")
    assert parts(told) == {"erasmus": pytest.approx(148 / 105), "mevlana": pytest.approx(4 / 50)}
    assert [one["shown"] for one in told["values"]] == ["1.41", "0.08"]
    assert parts(told, "apart") == {"farabi": pytest.approx(73 / 104)}
    assert (told["year_from"], told["year_to"]) == (2015, 2023)


def test_a_bound_is_shown_as_a_bound_and_stands_beside_the_periods_total(demo_store, command):
    told = asked(command, demo_store, "A01", "--institution", "metu")
    assert (told["value"], told["year_from"], told["year_to"]) == (1772, 2014, 2019)
    assert [(one["shown"], one["precision"], one["year_from"]) for one in told["also"]] == [("> 500", "more_than", None)]


def test_a_stated_none_is_not_zero(demo_store, command):
    told = asked(command, demo_store, "E02", "--institution", "igdir", "--by", "programme")
    stated = {one["key"]: (one["value"], one["precision"]) for one in told["values"] + told["apart"]}
    assert stated["foreign_students_office"] == (None, "none")
    assert stated["erasmus"] == (105, "exact")
