"""The board is filled: every indicator's values, from rows and as reported, for every institution and year of a publication.

Runs inside the build of a version, on its writable connection, after ``facts.*`` and ``core.<source>`` exist. Breakdowns are not kept: they
are asked live through the same formulas (``measure.values``). An institution's values come from its own rows alone, whoever else is there:
a later publication measures only the institutions whose rows changed (``publishing.onward``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from pipelines.catalogue import Indicator, indicators
from pipelines.codes import countries
from pipelines.engines.duckdb import Engine, here
from pipelines.engines.partitions import of_board, of_rows
from pipelines.measuring import partners
from pipelines.measuring.compute import compute
from pipelines.measuring.formulas import Question
from pipelines.measuring.reported import Pool, stated
from pipelines.measuring.tables import TABLES
from pipelines.measuring.value import Run, Value, winners
from pipelines.policies import policies
from pipelines.sources import sources

VIEWS = tuple(Path(__file__).with_name(f"{name}.sql") for name in ("views", "partners"))
REGION_SCHEME = "m49"
Aims = frozenset[tuple[str, str]]

COLUMNS = pa.schema(
    [
        ("institution", pa.string()), ("indicator", pa.string()), ("year_from", pa.int32()), ("year_to", pa.int32()), ("by", pa.string()),
        ("key", pa.string()), ("value", pa.float64()), ("numerator", pa.float64()), ("denominator", pa.float64()), ("people", pa.float64()),
        ("origin", pa.string()), ("precision", pa.string()), ("provisional", pa.bool_()), ("domestic", pa.bool_()), ("series", pa.string()),
        ("prime", pa.bool_()), ("file", pa.string()), ("sheet", pa.string()), ("row", pa.int32()), ("col", pa.string()),
    ]
)  # fmt: skip


def fill(connection: DuckDBPyConnection, as_of: date, engine: Engine = here) -> None:
    """Writes ``board.indicator_values`` anew: headlines, parts that goals ask for, populations, reported figures, other series."""
    prepare(connection, as_of)
    units = _aimed_at_units(connection)
    with engine(connection, of_rows()) as run:
        pool = _measured(run, [one for one in _in_order() if not _of_board(one)], units)
    series = _other_series(connection)
    others = [value for name, changed in series.items() for value in _measured_otherwise(connection, name, changed, engine)]
    _write(connection, [value for values in pool.values() for value in values] + others, anew=True)


def complete(connection: DuckDBPyConnection, as_of: date, engine: Engine = here) -> None:
    """Adds what is measured on the board itself (attainment of goals, completeness), after goals have been judged."""
    _expect(connection)
    with engine(connection, of_board()) as run:
        pool = {code: [value for value in values if value.prime] for code, values in stated(run).items()}
        values = []
        for one in filter(_of_board, _in_order()):
            found = compute(run, one, Question(), lambda code, _: winners(pool.get(code, [])))
            pool[one.code] = pool.get(one.code, []) + _known(found)
            values += _known(found)
    _write(connection, values)


def prepare(connection: DuckDBPyConnection, as_of: date) -> None:
    """Calendar, regions, partners and the prepared tables of ``views.sql`` and what follows it."""
    connection.execute("create schema if not exists core; create schema if not exists board")
    connection.execute("create or replace table core.calendar (as_of date)")
    connection.execute("insert into core.calendar values (?)", [as_of])
    connection.execute("create or replace table core.regions (country varchar, region varchar)")
    connection.executemany("insert into core.regions values (?, ?)", sorted(countries.regions(REGION_SCHEME).items()))
    _group_countries(connection)
    _note_aims(connection)
    partners.fill(connection)
    _prepared(connection)


def _prepared(connection: DuckDBPyConnection) -> None:
    for file in VIEWS:
        connection.execute(file.read_text(encoding="utf-8"))


def _group_countries(connection: DuckDBPyConnection) -> None:
    """``core.country_groups``: of every country its subregion, and whether it is a member of what indicators ask for."""
    connection.execute(
        "create or replace table core.country_groups (country varchar, subregion varchar, programme_country bool, ldc bool, lmic bool)"
    )
    flags = [countries.regions(scheme) for scheme in ("erasmus", "ldc", "lmic")]
    rows = [(code, part, *(known.get(code) != "outside" for known in flags)) for code, part in countries.regions("m49_sub").items()]
    connection.executemany("insert into core.country_groups values (?, ?, ?, ?, ?)", sorted(rows))


def _note_aims(connection: DuckDBPyConnection) -> None:
    """``core.priority_countries`` and ``core.region_targets``: what the policies that ship say of places (who: the institution)."""
    connection.execute("create table if not exists core.priority_countries (who varchar, country varchar)")
    connection.execute("create table if not exists core.region_targets (who varchar, region varchar, share double)")
    for who, policy in sorted(policies().items()):
        for table in ("priority_countries", "region_targets"):
            connection.execute(f"delete from core.{table} where who = ?", [who])
        for country in policy.priority_countries:
            connection.execute("insert into core.priority_countries values (?, ?)", [who, country])
        for region, share in policy.region_targets.items():
            connection.execute("insert into core.region_targets values (?, ?, ?)", [who, region, share / 100])


def _of_board(indicator: Indicator) -> bool:
    """Whether an indicator is measured on the board: its table is, or an input of it."""
    tables = {indicator.formula.table or ""}
    return any(table.startswith("board.") for table in tables) or any(
        _of_board(indicators()[one.indicator]) for one in indicator.formula.inputs.values()
    )


def _in_order() -> list[Indicator]:
    """All indicators, inputs before what is derived from them. A circle of inputs ends in RecursionError: a bug of the files."""
    done: dict[str, Indicator] = {}

    def visit(code: str) -> None:
        for one in indicators()[code].formula.inputs.values():
            visit(one.indicator)
        done[code] = indicators()[code]

    for code in indicators():
        visit(code)
    return list(done.values())


def _measured(run: Run, chosen: list[Indicator], units: Aims = frozenset(), *, reported: bool = True) -> Pool:
    """All values kept of the indicators: from rows first, then as reported, then derived from either."""
    pool: Pool = {one.code: [] for one in chosen}
    said = stated(run) if reported else {}
    for one in chosen:
        given = _given(pool)
        values = _known(compute(run, one, Question(), given))
        if one.formula.populations:
            values += _known(compute(run, one, Question(by="population"), given))
        if any(code == one.code for _, code in units):
            parts = _known(compute(run, one, Question(by="unit"), _live(run)))
            values += [part for part in parts if (part.institution, one.code) in units]
        pool[one.code] = _merged(values, said.get(one.code, []))
    return pool


def _given(pool: Pool) -> Any:
    return lambda code, _: winners(value for value in pool.get(code, []) if value.prime)


def _live(run: Run) -> Any:
    return lambda code, question: compute(run, indicators()[code], question, _live(run))


def _merged(values: list[Value], stated: list[Value]) -> list[Value]:
    """Measured and reported together; what is only derived from reported figures gives way to a figure stated for the same place."""
    said = {value.spot for value in stated if value.prime}
    return [value for value in values if value.origin == "computed" or value.spot not in said] + stated


def _known(values: list[Value]) -> list[Value]:
    return [value for value in values if value.value is not None]


def _aimed_at_units(connection: DuckDBPyConnection) -> Aims:
    """(institution, indicator) with a goal for a single unit: their values by unit are kept too."""
    rows = connection.execute("select distinct institution, indicator from core.goals where unit is not null").fetchall()
    return frozenset((who, code) for who, code in rows if code in indicators() and "unit" in indicators()[code].breakdowns)


def _other_series(connection: DuckDBPyConnection) -> dict[str, list[str]]:
    """Series measured beside the primary ones → the sources that have rows of them."""
    found: dict[str, list[str]] = {}
    for source in sorted({one for table in TABLES.values() for one in table.sources} - {"goals"}):
        for (series,) in connection.execute(f"select distinct series from facts.{source} where not prime order by 1").fetchall():
            found.setdefault(series, []).append(source)
    return found


def _measured_otherwise(connection: DuckDBPyConnection, series: str, changed: list[str], engine: Engine) -> list[Value]:
    """Headlines with another series in the place of the primary one; the database is as before afterwards.

    An institution that has no rows of the series in one of the sources keeps its primary ones there.
    """
    chosen = [one for one in _in_order() if not _of_board(one)]
    theirs = "not prime and series = '" + series.replace("'", "''") + "'"
    connection.execute("begin")
    try:
        for source in changed:
            others = f"prime and institution not in (select institution from facts.{source} where {theirs})"
            connection.execute(f"create or replace view core.{source} as select * from facts.{source} where ({theirs}) or ({others})")
        _prepared(connection)
        spots = {source: _spots(connection, source, theirs) for source in changed}
        with engine(connection, of_rows()) as run:
            pool = _measured(run, chosen, reported=False)
    finally:
        connection.execute("rollback")
    return [
        replace(value, series=series, prime=False)
        for one in chosen
        for value in pool[one.code]
        if any(spots[source] & {(value.institution, value.year_from), (value.institution, None)} for source in _sources(one) & set(changed))
    ]


def _spots(connection: DuckDBPyConnection, source: str, which: str) -> set[tuple[str, int | None]]:
    """(institution, year) that a source has such rows of; a register's rows are of no year."""
    year = sources()[source].year or "null"
    return set(connection.execute(f"select distinct institution, {year}::int from facts.{source} where {which}").fetchall())


def _sources(indicator: Indicator) -> set[str]:
    """The datasets an indicator's value comes from, its inputs' too."""
    formula = indicator.formula
    tables = [formula.table, formula.denominator.table if formula.denominator else None]
    found = {source for table in tables if table for source in TABLES[table].sources}
    return found.union(*(_sources(indicators()[one.indicator]) for one in formula.inputs.values()))


def _expect(connection: DuckDBPyConnection) -> None:
    """``board.expected_values``: of which indicators an institution should have a value, in every year it has any, and whether it has."""
    wanted = [(who, code) for who, policy in policies().items() for code in {c for part in policy.element for c in part.indicators}]
    everything = [code for code, one in indicators().items() if not _of_board(one)]
    connection.execute("create or replace temp table wanted (institution varchar, indicator varchar)")
    connection.execute("create or replace temp table everything (indicator varchar)")
    connection.executemany("insert into everything values (?)", [(code,) for code in everything])
    if wanted:
        connection.executemany("insert into wanted values (?, ?)", wanted)
    connection.execute(
        """create or replace table board.expected_values as
        with years as (select distinct institution, year_from as academic_year from board.indicator_values
                       where prime and year_from = year_to and value is not null
                         and year_from < (select core.academic(as_of) from core.calendar)),  -- the running year is not due yet
        expected as (
          select years.*, indicator from years join wanted using (institution) semi join everything using (indicator)
          union all
          select years.*, indicator from years, everything where institution not in (select institution from wanted)
        ), filled as (
          select distinct institution, year_from as academic_year, indicator, 1 as filled from board.indicator_values
          where prime and year_from = year_to and "by" = '' and value is not null)
        select institution, academic_year, indicator, coalesce(filled, 0) as filled, 'final' as status, null::varchar as series
        from expected left join filled using (institution, academic_year, indicator)"""
    )


def _write(connection: DuckDBPyConnection, values: list[Value], *, anew: bool = False) -> None:
    """Values as rows of the board, in a fixed order."""
    ordered = sorted(values, key=_order)
    rows = {name: [getattr(value, name) for value in ordered] for name in COLUMNS.names}
    connection.register("measured", pa.table(rows, COLUMNS))
    start = "create or replace table board.indicator_values as" if anew else "insert into board.indicator_values by name"
    connection.execute(f"{start} select * from measured")
    connection.unregister("measured")


def _order(value: Value) -> tuple[Any, ...]:
    when = (value.year_from is None, value.year_from or 0, value.year_to or 0)
    return (value.institution, value.indicator, *when, value.by, value.key, not value.prime, value.series, value.origin, value.row or 0)
