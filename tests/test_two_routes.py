"""Two routes to a number: the compiled SQL against a second computation in plain Python, on random rows with all their gaps."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from datetime import date, timedelta
from statistics import fmean

import pytest
from building import AS_OF, version

from pipelines import measure

SEEDS = range(6)
YEARS = range(2019, 2024)
PLACES = ("DEU", "ITA", "FRA", "JPN", "XXX", "XXA", "TUR")
NO_PLACE = {"XXX", "XXA", "XXF"}


def made(seed):
    """Random rows: numbers missing, zero and large; every text sometimes missing; domestic and virtual rows among them."""
    dice = random.Random(seed)
    pick = lambda *words: dice.choice(words)  # noqa: E731
    mobility = [
        {
            "institution": pick("one", "two"), "academic_year": dice.choice(YEARS), "direction": pick("out", "out", "in"),
            "role": pick("student", "student", "student", "academic_staff", "administrative_staff"),
            "activity": pick("study", "traineeship", None), "programme": pick("erasmus", "mevlana", "farabi", None),
            "country": pick(*PLACES, None), "partner": pick("P1", "P2", "P3", None), "unit": pick("Law", "Arts", "Medicine", None),
            "level": pick("bachelor", "doctorate", None), "gender": pick("female", "male", "undisclosed", None),
            "mode": pick("physical", "virtual", None), "days": pick(None, 30, 90, 150.5), "participants": pick(None, 0, 1, 2, 17),
            "status": pick("final", "final", "final", "provisional"),
        }
        for _ in range(dice.randrange(5, 160))
    ]  # fmt: skip
    people = [
        {
            "institution": pick("one", "two"), "academic_year": dice.choice(YEARS), "group": pick("students", "academic_staff"),
            "country": pick(*PLACES), "unit": pick("Law", "Arts"), "level": pick("bachelor", "master"),
            "headcount": pick(None, 0, 3, 40, 400),
        }
        for _ in range(dice.randrange(5, 80))
    ]  # fmt: skip
    agreements = [
        {
            "institution": "one", "agreement": str(number), "partner": pick("P1", "P2", "P3", "P4"), "country": pick("DEU", "ITA", "FRA"),
            "starts": (start := date(2016, 1, 1) + timedelta(dice.randrange(3000))),
            "ends": pick(None, start + timedelta(dice.randrange(2500))),
            "programme": pick("erasmus", "farabi"), "stage": pick("signed", None, "draft", "active"),
        }
        for number in range(dice.randrange(1, 40))
    ]  # fmt: skip
    return {"mobility": mobility, "country_distribution": people, "agreements": agreements}


def total(rows, value):
    numbers = [value(row) for row in rows]
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def groups(rows, *names):
    found = defaultdict(list)
    for row in rows:
        found[tuple(row.get(name) for name in names)].append(row)
    return found


def abroad(rows, direction="out", role="student"):
    return [
        row for row in rows
        if row["direction"] == direction and row["role"] == role and row["programme"] != "farabi" and row["mode"] != "virtual"
    ]  # fmt: skip


def people(row):
    return row["participants"]


def per_year(rows, compute):
    found = {place: compute(group) for place, group in groups(rows, "institution", "academic_year").items()}
    return {place: number for place, number in found.items() if number is not None}


def share(rows, within, of=lambda row: True):
    known = [row for row in rows if of(row) and row["participants"] is not None]
    whole = sum(map(people, known))
    return 100 * sum(people(row) for row in known if within(row)) / whole if whole else None


def weights(rows, key, value):
    found = defaultdict(float)
    for row in rows:
        if row[key] is not None and row[key] not in NO_PLACE and value(row):
            found[row[key]] += value(row)
    return [weight for weight in found.values() if weight > 0]


def shares(weights_):
    return [weight / sum(weights_) for weight in weights_]


def spread(rows, expression, key="country", value=people):
    found = weights(rows, key, value)
    return expression(shares(found)) if found else None


def entropy(parts):
    return -sum(part * math.log(part) for part in parts)


def mean_days(rows):
    known = [row["days"] for row in rows if row["days"] is not None and row["participants"] is not None for _ in range(row["participants"])]
    return fmean(known) if known else None


def median_days(rows):
    known = sorted(row["days"] for row in rows if row["days"] is not None and row["participants"] for _ in range(row["participants"]))
    return known[(len(known) + 1) // 2 - 1] if known else None


SIMPLE = {
    "A01": lambda rows: per_year(abroad(rows), lambda group: total(group, people)),
    "A02": lambda rows: per_year(abroad(rows, "in"), lambda group: total(group, people)),
    "A14": lambda rows: per_year([r for r in abroad(rows) if r["activity"] == "traineeship"], lambda group: total(group, people)),
    "A15": lambda rows: per_year(abroad(rows), lambda g: share(g, lambda r: r["activity"] == "traineeship", lambda r: r["activity"])),
    "A19": lambda rows: per_year(abroad(rows), lambda g: share(g, lambda r: r["level"] == "doctorate", lambda r: r["level"])),
    "A20": lambda rows: per_year(abroad(rows), mean_days),
    "A40": lambda rows: per_year(abroad(rows), median_days),
    "A27": lambda rows: per_year(
        abroad(rows), lambda g: share(g, lambda r: r["gender"] == "female", lambda r: r["gender"] in ("female", "male"))
    ),
    "A39": lambda rows: per_year(
        [r for r in rows if r["programme"] != "farabi" and r["mode"] != "virtual"], lambda group: total(group, people)
    ),
    "D03": lambda rows: per_year(abroad(rows), lambda g: spread(g, lambda parts: sum(p * p for p in parts))),
    "D05": lambda rows: per_year(abroad(rows), lambda g: spread(g, lambda parts: 1 / sum(p * p for p in parts))),
    "D06": lambda rows: per_year(abroad(rows), lambda g: spread(g, entropy)),
    "D08": lambda rows: per_year(abroad(rows), lambda g: spread(g, lambda p: entropy(p) / math.log(len(p)) if len(p) > 1 else None)),
}


def found(version_, code, **more):
    return {(one.institution, one.year_from, *((one.key,) if more else ())): one.value for one in measure.values(version_, code, **more)}


@pytest.fixture(scope="module", params=SEEDS)
def pair(request):
    tables = made(request.param)
    return tables, version(tables)


@pytest.mark.parametrize("code", SIMPLE)
def test_an_indicator_of_mobility_agrees_with_plain_python(pair, code):
    tables, version_ = pair
    expected = SIMPLE[code](tables["mobility"])
    assert found(version_, code) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("dimension", ["programme", "country", "unit", "level", "partner"])
def test_a_breakdown_agrees_with_plain_python_and_adds_up(pair, dimension):
    tables, version_ = pair
    parts = {
        (who, year, key or ""): number
        for (who, year, key), group in groups(abroad(tables["mobility"]), "institution", "academic_year", dimension).items()
        if (number := total(group, people)) is not None
    }
    assert found(version_, "A01", by=dimension) == parts
    sums = defaultdict(float)
    for (who, year, _), number in parts.items():
        sums[who, year] += number
    assert found(version_, "A01") == sums


def test_rates_balances_and_growth_agree_with_plain_python(pair):
    tables, version_ = pair
    out, came = SIMPLE["A01"](tables["mobility"]), SIMPLE["A02"](tables["mobility"])
    students = groups([r for r in tables["country_distribution"] if r["group"] == "students"], "institution", "academic_year")
    whole = {place: total(g, lambda r: r["headcount"]) for place, g in students.items() if any(r["country"] == "TUR" for r in g)}
    rate = {place: 100 * n / whole[place] for place, n in out.items() if whole.get(place)}
    both = {place: (came[place], out[place]) for place in out if place in came}
    assert found(version_, "A05") == pytest.approx(rate)
    assert found(version_, "A12") == {place: i - o for place, (i, o) in both.items()}
    assert found(version_, "A13") == pytest.approx({place: (i - o) / (i + o) for place, (i, o) in both.items() if i + o})
    before = {(who, year): out.get((who, year - 1)) for who, year in out}
    assert found(version_, "A33") == pytest.approx({place: 100 * (out[place] / b - 1) for place, b in before.items() if b}, abs=1e-9)


def test_diversity_of_other_populations_agrees_with_plain_python(pair):
    tables, version_ = pair
    foreign = [r for r in tables["country_distribution"] if r["group"] == "students" and r["country"] not in ("TUR", "XXX")]
    rows = {"incoming": abroad(tables["mobility"], "in"), "outgoing": abroad(tables["mobility"]), "students": foreign}
    expected = {}
    for population, given in rows.items():
        value = (lambda r: r["headcount"]) if population == "students" else people
        per = per_year(given, lambda g, v=value: spread(g, lambda parts: sum(p * p for p in parts), value=v))
        expected |= {(who, year, population): number for (who, year), number in per.items()}
    kept = {place: number for place, number in found(version_, "D03", by="population").items() if place[2] != "agreements"}
    assert kept == pytest.approx(expected)


def test_active_and_expiring_agreements_agree_with_plain_python(pair):
    tables, version_ = pair
    rows = [r for r in tables["agreements"] if r["stage"] != "draft" and r["programme"] != "farabi"]
    for year in range(2016, 2026):
        day = min(date(year + 1, 8, 31), AS_OF)
        active = [r for r in rows if r["starts"] <= day and (r["ends"] is None or r["ends"] >= day)]
        ending = [r for r in active if r["ends"] and (r["ends"] - day).days <= 365]
        assert found(version_, "E02").get(("one", year), 0) == len(active)
        assert found(version_, "E13").get(("one", year), 0) == len({r["partner"] for r in active})
        kept = version_.query(
            "select count(*) from core.agreement_years where academic_year = ? and expiring_365 and domestic is not true", [year]
        )
        assert kept == [(len(ending),)]


def test_a_value_is_provisional_exactly_where_one_of_its_rows_is(pair):
    tables, version_ = pair
    marked = {
        place: any(row["status"] == "provisional" for row in group)
        for place, group in groups(abroad(tables["mobility"]), "institution", "academic_year").items()
    }
    for one in measure.values(version_, "A01"):
        assert one.provisional == marked[one.institution, one.year_from]
