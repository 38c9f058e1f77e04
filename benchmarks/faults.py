"""``make faults``: what goes wrong outside of the product, as often as promised; the counts are kept in ``docs/trust.md``.

    python -m benchmarks.faults [F1 F7 …] [--share 0.1]

The faults are tests (marker ``fault``): ``make test`` makes each a few times, this makes them in full and writes down what held.
"""

from __future__ import annotations

import argparse
import os
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.report import TRUST, keep, machine

TITLE = "Under faults"
LIST = Path(__file__).with_name("faults.toml")


@dataclass
class Outcome:
    """Of a fault's tests: how often it was made and held, what failed, what could not be made here."""

    made: int = 0
    held: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


class Count:
    """Asks pytest for the tests of the faults wanted, and counts what they came to."""

    def __init__(self, wanted: set[str], share: float) -> None:
        self.wanted, self.share = wanted, share
        self.found: dict[str, Outcome] = defaultdict(Outcome)
        self._rounds: dict[str, tuple[str, int]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [(item, mark) for item in items if (mark := item.get_closest_marker("fault")) and mark.args[0] in self.wanted]
        items[:] = [item for item, _ in chosen]
        for item, mark in chosen:
            self._rounds[item.nodeid] = mark.args[0], max(mark.kwargs["short"], round(mark.kwargs["full"] * self.share))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.nodeid not in self._rounds or (report.when != "call" and report.passed):
            return
        fault, rounds = self._rounds[report.nodeid]
        one = self.found[fault]
        if report.skipped:
            one.skipped.append(str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr))
            return
        one.made += rounds
        one.held += rounds if report.passed else 0
        if report.failed:
            one.failed.append(report.nodeid.rpartition("::")[2])


def main() -> None:
    """Makes the faults, prints the table and keeps it."""
    known = tomllib.loads(LIST.read_text(encoding="utf-8"))
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("faults", nargs="*", help="F1 …; left out: all")
    asked.add_argument("--share", type=float, default=1.0, help="of the full counts")
    given = asked.parse_args()
    os.environ["MERIDIAN_FAULTS"] = str(given.share)
    count = Count(set(given.faults or known), given.share)
    pytest.main(["-m", "fault", "-q", "-p", "no:cacheprovider", "tests"], plugins=[count])
    print(keep({TITLE: _section(known, count.found)}, TRUST))


def _section(known: dict[str, dict[str, str]], found: dict[str, Outcome]) -> str:
    """The table of all faults. Those that were not made now keep the line of the last time."""
    before = {line.split("|")[1].strip(): line for line in TRUST.read_text(encoding="utf-8").splitlines() if line.startswith("| F")}
    lines = [
        _line(name, about, found[name]) if name in found else before.get(name, _line(name, about, None)) for name, about in known.items()
    ]
    table = ["| | what goes wrong | held | what must be true afterwards | remarks |", "|---|---|---|---|---|", *lines]
    return "\n".join([f"## {TITLE}", "", *machine(), "", *table, ""])


def _line(name: str, about: dict[str, str], came: Outcome | None) -> str:
    remarks = [about["remark"]] if "remark" in about else []
    if came:
        remarks += [f"**failed: {one}**" for one in came.failed] + [f"not made here: {one}" for one in dict.fromkeys(came.skipped)]
    told = f"{came.held} of {came.made}" if came and came.made else "–"
    return f"| {name} | {about['fault']} | {told} | {about['oracle']} | {'; '.join(remarks)} |"


if __name__ == "__main__":
    main()
