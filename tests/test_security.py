"""The table of security requirements says what is there: every one of the standard's two levels, evidence that exists, right counts."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import asvs

LINES = asvs.requirements()


def test_every_requirement_of_the_two_levels_is_there_once_and_in_order():
    numbers = [tuple(map(int, line.requirement.split("."))) for line in LINES]
    assert numbers == sorted(set(numbers))
    assert Counter(line.level for line in LINES) == asvs.ASKED
    assert {chapter for chapter, *_ in numbers} == set(range(1, len(asvs.CHAPTERS) + 1))


def test_a_pass_has_evidence_and_everything_else_a_reason():
    assert {line.verdict for line in LINES} == set(asvs.VERDICTS)
    assert [line.requirement for line in LINES if line.verdict == "pass" and not line.evidence] == []
    assert [line.requirement for line in LINES if line.verdict != "pass" and not line.remark] == []


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.requirement)
def test_every_piece_of_evidence_exists(line):
    assert [one for one in line.evidence if asvs.unknown(one)] == []


def test_evidence_that_is_not_there_would_be_seen():
    assert asvs.unknown("tests/test_security.py::test_that_nobody_wrote") and asvs.unknown("docs/nowhere.md")
    assert not asvs.unknown("tests/test_security.py::test_evidence_that_is_not_there_would_be_seen")


def test_the_page_is_the_one_that_the_table_gives():
    written = asvs.PAGE.read_text(encoding="utf-8")
    assert written == asvs.page(written), "run `python -m benchmarks.asvs`"
    assert asvs.counts(LINES) in written.partition(asvs.HEADING)[0]
