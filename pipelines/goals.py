"""The goals that were handed in, judged year by year: ``core.goals`` + ``board.indicator_values`` → ``board.goals``, ``board.goal_status``.

How a goal is judged stands in ``pipelines.measuring.judge``, which of its targets hold in a year in ``pipelines.measuring.revisions``;
their functions are offered here too, so that a caller needs one name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from pipelines import catalogue
from pipelines.errors import Finding, Refused
from pipelines.measuring.judge import Goal, Judged, Rule, Score, Step, attainment, distance, expected, judge, rules, score, status
from pipelines.measuring.revisions import gather, groups, place, since, valid, versions

Row = dict[str, Any]
Actuals = dict[tuple[str, str, str], dict[int, Row]]
"""(institution, indicator, unit) → year → the headline value of that year."""

GOALS = pa.schema(
    [
        ("institution", pa.string()), ("policy", pa.string()), ("element", pa.string()), ("indicator", pa.string()), ("unit", pa.string()),
        ("baseline_year", pa.int32()), ("baseline", pa.float64()), ("target_year", pa.int32()), ("target", pa.float64()),
        ("target_upper", pa.float64()), ("weight", pa.float64()), ("responsible", pa.string()), ("decided_in", pa.string()),
        ("path", pa.string()), ("effective_year", pa.int32()), ("file", pa.string()), ("sheet", pa.string()), ("row", pa.int32()),
    ]
)  # fmt: skip
STATUS = pa.schema(
    [
        *(field for field in GOALS if field.name not in ("decided_in", "effective_year", "file", "sheet", "row")),
        ("year", pa.int32()), ("actual", pa.float64()), ("actual_origin", pa.string()), ("precision", pa.string()),
        ("provisional", pa.bool_()), ("expected", pa.float64()), ("expected_upper", pa.float64()), ("attainment", pa.float64()),
        ("attainment_path", pa.float64()), ("status", pa.string()), ("distance", pa.float64()),
    ]
)  # fmt: skip
HEADLINES = """
    select institution, indicator, case when "by" = 'unit' then key else '' end as unit, year_from, value, origin, "precision", provisional
    from board.indicator_values
    where prime and ("by" = '' or "by" = 'unit' and key <> '') and coalesce(year_to, year_from) = year_from and value is not null
    order by origin = 'computed'"""


def examine(rows: Sequence[Row]) -> list[Finding]:
    """What makes goals impossible to judge: two baselines, a target not after its baseline, a band upside down. All of it."""
    findings = [finding for row in rows for finding in _row_faults(row)]
    for (_, _, indicator, _), group in groups(rows).items():
        starts = sorted({(row["baseline_year"], row["baseline"]) for row in group})
        if len(starts) > 1:
            listed = ", ".join(f"{value:g} ({year})" for year, value in starts)
            findings.append(Finding("G101", place(group[0]), {"indicator": indicator, "baselines": listed}))
    return findings


def _row_faults(row: Row) -> Iterator[Finding]:
    named = {"indicator": row["indicator"]}
    if row["target_year"] <= row["baseline_year"]:
        yield Finding("G102", place(row), named | {"baseline": row["baseline_year"], "target": row["target_year"]})
    if since(row) > row["target_year"]:
        yield Finding("G104", place(row), named | {"target": row["target_year"], "since": since(row)})
    upper = row.get("target_upper")
    if upper is not None and upper < row["target"]:
        yield Finding("G103", place(row), named | {"lower": f"{row['target']:g}", "upper": f"{upper:g}"})


def fill(connection: DuckDBPyConnection, as_of: date) -> None:
    """Write ``board.goals`` and ``board.goal_status``. Raises Refused, with every fault, where goals cannot be judged.

    A goal has a row for every year from its baseline to the newest year of which its institution has any value: a year without
    the goal's own value says so, and is not left out. Each year is judged by the targets that hold in it.
    """
    rows = _rows(connection, "select * from core.goals order by institution, policy, indicator, unit, target_year")
    rows = [row for group in groups(rows).values() for row in group]
    findings = examine(rows)
    if findings:
        raise Refused(findings)
    actuals, newest = _actuals(connection)
    judged = [row for group in groups(rows).values() for row in _judged(versions(group), actuals, newest, as_of)]
    _write(connection, "goals", [{name: row.get(name) for name in GOALS.names} for row in rows], GOALS)
    _write(connection, "goal_status", judged, STATUS)


def _actuals(connection: DuckDBPyConnection) -> tuple[Actuals, dict[str, int]]:
    """Headline values; where a year is both reported and computed, the computed one, which is read last."""
    actuals: Actuals = {}
    newest: dict[str, int] = {}
    for row in _rows(connection, HEADLINES):
        actuals.setdefault((row["institution"], row["indicator"], row["unit"] or ""), {})[row["year_from"]] = row
        newest[row["institution"]] = max(row["year_from"], newest.get(row["institution"], 0))
    return actuals, newest


def _rows(connection: DuckDBPyConnection, sql: str) -> list[Row]:
    return connection.sql(sql).to_arrow_table().to_pylist()


def _judged(found: Sequence[tuple[int, Goal]], actuals: Actuals, newest: dict[str, int], as_of: date) -> Iterator[Row]:
    """A goal in every year in which it holds. ``found``: its versions."""
    first = found[0][1]
    better = catalogue.indicator(first.indicator).better
    known = actuals.get((first.institution, first.indicator, first.unit), {})
    for year in range(first.baseline_year, newest.get(first.institution, first.baseline_year - 1) + 1):
        if goal := valid(found, year):
            actual = known.get(year, {})
            judged = judge(goal, year, actual.get("value"), better=better, as_of=as_of)
            yield _aim(goal) | _outcome(actual, judged) | {"year": year}


def _aim(goal: Goal) -> Row:
    return {
        "institution": goal.institution, "policy": goal.policy, "element": goal.element, "indicator": goal.indicator, "unit": goal.unit,
        "baseline_year": goal.baseline_year, "baseline": goal.baseline, "target_year": goal.final.year, "target": goal.final.target,
        "target_upper": goal.final.upper, "weight": goal.weight, "responsible": goal.responsible, "path": goal.path,
    }  # fmt: skip


def _outcome(actual: Row, found: Judged) -> Row:
    due = found.expected
    return {
        "actual": actual.get("value"), "actual_origin": actual.get("origin"), "precision": actual.get("precision"),
        "provisional": actual.get("provisional"), "expected": due.target if due else None, "expected_upper": due.upper if due else None,
        "attainment": found.attainment, "attainment_path": found.attainment_path, "status": found.status, "distance": found.distance,
    }  # fmt: skip


def _write(connection: DuckDBPyConnection, name: str, rows: list[Row], schema: pa.Schema) -> None:
    connection.execute("create schema if not exists board")
    connection.register("arriving", pa.Table.from_pylist(rows, schema))
    connection.execute(f"create or replace table board.{name} as select * from arriving")
    connection.unregister("arriving")


__all__ = [
    "Goal", "Judged", "Rule", "Score", "Step",
    "attainment", "distance", "examine", "expected", "fill", "gather", "judge", "rules", "score", "status",
]  # fmt: skip
