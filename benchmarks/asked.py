"""What the whole catalogue costs to ask: ``python -m benchmarks.asked DEMO LARGE RESULT``.

In the demo's store every indicator is asked for its headline and each of its breakdowns, once, by a process that has asked nothing yet. In
a store of a million mobility rows every indicator that they feed is computed from the rows, beside one plain count over the same table;
and the filters of the Mobility page are set, each for the first time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from pipelines import measure
from pipelines.catalogue import Indicator, indicators
from pipelines.measuring.compute import compute
from pipelines.measuring.formulas import Question
from pipelines.measuring.tables import TABLES
from pipelines.measuring.value import Run, Value
from pipelines.warehouse import Version, open_version

LONG = 60.0
FLOOR = "select institution, academic_year, count(*) from core.mobility group by institution, academic_year"
FILTERED = ("A01", "A02", "A20", "B13", "D05")
PARTS = (None, "programme", "unit", "country", "level")


def seconds(work: Callable[[], Any]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def everything(version: Version, institution: str) -> tuple[float, int]:
    """Seconds for every indicator and breakdown of an institution, and how many questions that were."""
    asked = [(one, by) for one in indicators().values() for by in (None, *one.breakdowns)]

    def ask() -> None:
        for one, by in asked:
            measure.values(version, one, institution=institution, by=by, audience="public")

    return seconds(ask), len(asked)


def from_rows(version: Version, fed: list[Indicator], floor: float) -> dict[str, float]:
    """Indicator → its time from the rows, with all it is derived from, as a multiple of ``floor`` seconds."""
    run = Run(lambda sql, bound: version.query(sql, list(bound), seconds=LONG))

    def live(code: str, question: Question) -> list[Value]:
        return compute(run, indicators()[code], question, live)

    return {one.code: median(seconds(lambda one=one: live(one.code, Question())) for _ in range(3)) / floor for one in fed}


def fed_by(source: str) -> list[Indicator]:
    """The indicators that a dataset feeds."""
    return [one for one in indicators().values() if source in _sources(one)]


def _sources(indicator: Indicator) -> set[str]:
    formula = indicator.formula
    tables = (formula.table, formula.denominator and formula.denominator.table)
    own = {source for table in tables if table for source in TABLES[table].sources}
    return own.union(*(_sources(indicators()[one.indicator]) for one in formula.inputs.values()))


def filtered(version: Version) -> list[float]:
    """Milliseconds of filters of the Mobility page, each set for the first time."""
    units = [unit for (unit,) in version.query("select distinct unit from core.mobility where unit is not null order by 1 limit 3")]
    found = []
    for code, by, unit in product(FILTERED, PARTS, units):
        where = {"unit": unit, "level": ["bachelor", "master"]}
        if {by, *where} - {None} <= set(measure.dimensions(indicators()[code])):
            ask = {"institution": "bench", "by": by, "where": where, "audience": "public"}
            found.append(1000 * seconds(lambda code=code, ask=ask: measure.values(version, code, **ask)))
    return found


def main(demo: Path, large: Path, result: Path) -> None:
    """Measures and writes down."""
    total, questions = everything(open_version(demo), "demo")
    version = open_version(large)
    floor = median(seconds(lambda: version.query(FLOOR)) for _ in range(9))
    ratios = from_rows(version, fed_by("mobility"), floor)
    told = {"everything": total, "questions": questions, "from rows": ratios, "filtered": filtered(version)}
    result.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
