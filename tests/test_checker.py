"""Checking in a process of its own says what checking here says."""

import sys

import pyarrow as pa
import pytest

from pipelines.check import check
from pipelines.checking import checker as aside
from pipelines.checking.checker import LARGE, CheckerLost, checker
from pipelines.sources import sources
from pipelines.tidying.arrays import write_tidy


def _mobility(path, **cells):
    row = {"institution": "bench", "academic_year": 2023, "direction": "out", "role": "student", "participants": 3.0, "row": 2, **cells}
    schema = sources()["mobility"].schema
    write_tidy(pa.table({name: pa.array([row.get(name)], schema.field(name).type) for name in schema.names}), path)
    return {"mobility": path}


@pytest.mark.parametrize("cells", [{}, {"participants": -1.0}, {"days": 2000.0}])
def test_a_process_of_its_own_finds_what_is_found_here(tmp_path, cells):
    parquets = _mobility(tmp_path / "m.parquet", **cells)
    here = check(parquets, name="m.csv", columns={"mobility": {"days": "P"}})
    with checker(LARGE) as there:
        found = there(parquets, name="m.csv", columns={"mobility": {"days": "P"}})
    assert found.results == here.results and len(found.results) > 20
    assert [one.as_dict("tr") for one in found.findings] == [one.as_dict("tr") for one in here.findings]
    assert bool(found.findings) is bool(cells)


def test_a_small_file_is_checked_here(tmp_path, monkeypatch):
    monkeypatch.setattr(aside.subprocess, "Popen", None)
    with checker(LARGE - 1) as small:
        assert small(_mobility(tmp_path / "m.parquet"), name="m.csv").results


def test_a_process_that_dies_is_a_bug_and_never_a_clean_file(tmp_path):
    with checker(LARGE) as there, pytest.raises(CheckerLost, match="exit code"):
        there({"mobility": tmp_path / "not there.parquet"}, name="m.csv")


def test_what_is_put_off_is_there_when_somebody_asks():
    from scipy import stats

    from pipelines.check import warm

    warm()
    assert stats.norm.cdf(0) == 0.5 and "scipy.stats" in sys.modules
