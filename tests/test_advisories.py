"""The look for known holes tells what it could not ask, and stops at what it found."""

from __future__ import annotations

import pytest

from benchmarks.advisories import judged

SAFE = {"name": "safe", "version": "1", "vulns": []}
HOLE = {"name": "holed", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
SILENT = {"name": "unknown", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("told", "required", "fine"),
    [
        ([SAFE], True, True), ([SAFE, HOLE], False, False), ([SAFE, SILENT], False, True), ([SAFE, SILENT], True, False),
        ([], False, True), ([], True, False),
    ],
)  # fmt: skip
def test_a_hole_stops_and_silence_is_never_taken_for_an_answer(told, required, fine):
    lines, passed = judged(told, required=required)
    assert passed is fine
    assert any("PYSEC-1" in line for line in lines) is (HOLE in told)
    assert any(line.startswith("NOT AUDITED") for line in lines) is (SILENT in told or not told)
