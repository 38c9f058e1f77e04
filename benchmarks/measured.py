"""Every indicator from the rows of a store of ``benchmarks.students``: ``python -m benchmarks.measured STORE FILES RESULT.json``.

Each is timed beside one ``group by`` over the tidy Parquet tables that the rows came from; what the board says is compared with sums that a
plain script draws from the files as they were handed in (FILES: their folder).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.asked import from_rows, seconds
from benchmarks.students import FOREIGN, TOTALS
from benchmarks.work import Unequal
from pipelines.catalogue import indicators
from pipelines.log import events
from pipelines.publishing import build, publications
from pipelines.store import Store
from pipelines.warehouse import Version, open_version

PLAIN = {"threads": 2}
FLOOR = "select institution, academic_year, sum(headcount) from read_parquet(?) group by all"
SHARES = {
    "C02": "true",
    "C24": "\"LMD\" in ('L', 'M', 'D')",
}
"""Indicator → whose share it is, in the words of the files."""


def floor(store: Store) -> float:
    """Seconds of the plain ``group by``."""
    found = events(store)
    published = publications.last(found)
    assert published is not None
    accepted = publications.listed(found, published.facts["accepted"])
    tables = [str(one.parquet) for one in build.arrivals(store, accepted, {})]
    with duckdb.connect(config=PLAIN) as connection:
        return median(seconds(lambda: connection.execute(FLOOR, [tables]).fetchall()) for _ in range(5))


def equal(version: Version, files: list[str]) -> int:
    """How many values of the board are what the plain script says. Raises Unequal."""
    checked = 0
    with duckdb.connect(config=PLAIN) as connection:
        for code, whose in SHARES.items():
            theirs = connection.execute(
                f"""select "Rentrée", count(*) filter ("Attractivité.internationale" = $foreign) as abroad, count(*)
                    from read_parquet($files) where {whose} group by "Rentrée", "Etablissement" having abroad > 0 order by all""",
                {"files": files, "foreign": FOREIGN},
            ).fetchall()
            sql = """select year_from, numerator, denominator from board.indicator_values
                where indicator = ? and prime and "by" = '' and numerator > 0 order by all"""
            ours = version.query(sql, [code])
            if ours != theirs:
                raise Unequal(f"{code}: {len(ours)} and {len(theirs)}, {sorted(set(ours) ^ set(theirs))[:6]}")
            checked += len(ours)
    return checked


def total(version: Version) -> bool:
    """Whether the rows hold the totals that the ministry states. Raises Unequal where a whole store does not."""
    sql = """select academic_year, sum(headcount) filter (international), sum(headcount) from core.country_distribution group by 1"""
    ours = {year: (foreign, everybody) for year, foreign, everybody in version.query(sql, seconds=60)}
    return all(ours.get(year) == told for year, told in TOTALS.items())


def main(store: Store, files: Path, result: Path) -> None:
    """Measures, compares and writes down."""
    version = open_version(store.path)
    plain, given = floor(store), [str(one) for one in files.glob("students-*.parquet")]
    computed = version.query("select distinct indicator from board.indicator_values where origin = 'computed' and prime order by 1")
    fed = [
        indicators()[code] for (code,) in computed if indicators()[code].formula.table not in ("board.goal_status", "board.expected_values")
    ]
    told = {
        "floor": plain, "ratios": from_rows(version, fed, plain), "equal": equal(version, given),
        "whole": total(version), "rows": version.query("select count(*) from core.country_distribution")[0][0],
    }  # fmt: skip
    result.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(Store(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3]))
