"""Two routes to a number: every indicator's compiled SQL against plain Python, on 200 random institutions with all their gaps.

``tests/oracle`` computes what the definitions say, ``pipelines`` what the formulas say; all years, whole and broken down, exactly.
"""

from __future__ import annotations

import math
from collections import defaultdict

import pytest
from building import AS_OF, version
from oracle import ORACLES, made
from oracle.route import House, same

from pipelines import measure
from pipelines.catalogue import indicators

HOUSES = 200
ASKED = [(code, by) for code, one in indicators().items() for by in (None, *one.breakdowns)]


@pytest.fixture(scope="module")
def tables():
    return made.several(HOUSES)


@pytest.fixture(scope="module")
def houses(tables):
    """The same rows, institution by institution."""
    found = defaultdict(lambda: House({name: [] for name in tables}))
    for name, rows in tables.items():
        for row in rows:
            found[row.get("institution") or row["who"]][name].append(row)
    return found


@pytest.fixture(scope="module")
def measured(tables):
    return version(tables, AS_OF)


@pytest.mark.parametrize("code", indicators())
def test_every_indicator_has_a_second_route(code):
    assert code in ORACLES, f"{code} {indicators()[code].id}: write its definition a second time, in tests/oracle"


@pytest.mark.parametrize(("code", "by"), ASKED, ids=[f"{code}-{by or 'whole'}" for code, by in ASKED])
def test_both_routes_lead_to_the_same_number(measured, houses, code, by):
    expected = {
        (who, year, key): one
        for who, house in houses.items()
        for (year, key), one in ORACLES[code].ask(house, by).items()
        if one.value is not None
    }
    values = measure.values(measured, code, by=by)
    found = {(one.institution, one.year_from, same(one.key) if by == "partner" else one.key): one for one in values}
    assert len(found) == len(values)
    assert sorted(found) == sorted(expected)
    for place, one in found.items():
        assert math.isclose(one.value, expected[place].value, rel_tol=1e-9, abs_tol=1e-9), (place, one.value, expected[place])
        assert one.provisional == expected[place].provisional, place
    assert found, "random rows give this indicator no value: it would not be tested"
