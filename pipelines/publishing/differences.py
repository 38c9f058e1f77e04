"""What differs between two versions in one database: rows, totals, indicators, goals. Plain values, for people to read.

The later version is the database in use; of the earlier one ``was.*`` shows what is compared (see ``look_back``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from duckdb import DuckDBPyConnection

from pipelines.publishing.slots import ON_AIR, SLOT, slot
from pipelines.sources import Source, sources

Row = dict[str, Any]
NAMED = 200
"""Changed rows that are told one by one; their counts are always exact."""
LISTED = 2000
"""The same for slots, indicators and goals: a national list has thousands of institutions."""
SUMS = {"mobility": ("participants", "places"), "country_distribution": ("headcount",)}
"""What is added up of a source, beside its rows."""
BOARD = ("board.slots", "board.indicator_values", "board.goal_status")
HEADLINES = """(
    select institution, indicator, year_from, year_to, value, "precision", provisional from {} where prime and "by" = ''
    qualify row_number() over (
      partition by institution, indicator, year_from, year_to order by origin <> 'computed', file, sheet, "row", col) = 1)"""
INDICATORS = f"""
    select coalesce(a.institution, b.institution) as institution, coalesce(a.indicator, b.indicator) as code,
           coalesce(a.year_from, b.year_from) as year_from, coalesce(a.year_to, b.year_to) as year_to, a.value as before, b.value as after,
           a."precision" as precision_before, b."precision" as precision_after,
           a.provisional as provisional_before, b.provisional as provisional_after
    from {HEADLINES.format("was_indicator_values")} as a full join {HEADLINES.format("board.indicator_values")} as b
      on a.institution = b.institution and a.indicator = b.indicator
         and a.year_from is not distinct from b.year_from and a.year_to is not distinct from b.year_to
    where a.institution is null or b.institution is null or a."precision" is distinct from b."precision"
       or a.provisional is distinct from b.provisional
       or format('{{:.9g}}', coalesce(a.value + 0.0, 'nan'::double)) <> format('{{:.9g}}', coalesce(b.value + 0.0, 'nan'::double))
    order by all"""
GOALS = """
    select institution, policy, indicator, unit, year, a.status as status_before, b.status as status_after,
           a.attainment as attainment_before, b.attainment as attainment_after, a.target as target_before, b.target as target_after
    from was_goal_status as a full join board.goal_status as b using (institution, policy, indicator, unit, year)
    where a.status is distinct from b.status or a.target is distinct from b.target
       or format('{:.9g}', coalesce(a.attainment + 0.0, 'nan'::double)) <> format('{:.9g}', coalesce(b.attainment + 0.0, 'nan'::double))
    order by all"""


def look_back(connection: DuckDBPyConnection, before: str | None, only: bool) -> None:
    """Views of an attached earlier version; ``only`` of the institutions in ``affected``. None: there was nothing."""
    now = _columns(connection, None)
    then = _columns(connection, before) if before else {}
    for table in [f"facts.{name}" for name in sources()] + list(BOARD):
        columns, there = now[table], then.get(table, {})
        shown = ", ".join(f'"{one}"' if one in there else f'null::{kind} as "{one}"' for one, kind in columns.items())
        rows = f"from {before}.{table}" if there else f"from {table} where false"
        if only and there and "institution" in columns:
            rows += " where institution in (select institution from affected)"
        connection.execute(f"create or replace temp view was_{table.partition('.')[2]} as select {shown} {rows}")


def _columns(connection: DuckDBPyConnection, database: str | None) -> dict[str, dict[str, str]]:
    """Table → its columns with their types, of a database (None: the one in use)."""
    sql = """select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()
        where database_name = coalesce(?, current_database()) and schema_name in ('facts', 'board') order by table_oid, column_index"""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(sql, [database]).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def tell(connection: DuckDBPyConnection) -> Row:
    """Everything that differs: rows, changes, totals, indicators, goals, and how many there are of each."""
    connection.execute(f"create or replace temp table left_slots as {ON_AIR.format('was_slots')} except {ON_AIR.format('board.slots')}")
    connection.execute(f"create or replace temp table new_slots as {ON_AIR.format('board.slots')} except {ON_AIR.format('was_slots')}")
    names = [one["source"] for one in _rows(connection, "select source from left_slots union select source from new_slots order by 1")]
    rows: dict[str, Row] = {}
    changes: list[Row] = []
    for name in names:
        rows[name] = _paired(connection, sources()[name])
        changes += _changes(connection, sources()[name], NAMED - len(changes))
    indicators, goals = _rows(connection, INDICATORS), _rows(connection, GOALS)
    for goal in goals:
        goal["flips"] = None not in (goal["status_before"], goal["status_after"]) and goal["status_before"] != goal["status_after"]
    counts = {"changes": sum(sum(one.values()) - one["same"] for one in rows.values()), "indicators": len(indicators), "goals": len(goals)}
    totals = [total for name in names for total in _totals(connection, sources()[name])]
    told = {"rows": rows, "changes": changes, "totals": totals[:LISTED], "indicators": indicators[:LISTED], "goals": goals[:LISTED]}
    return told | {"counts": counts}


def _rows(connection: DuckDBPyConnection, sql: str, *bound: Any) -> list[Row]:
    found = connection.execute(sql, list(bound))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in found.fetchall()]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def slots_of(connection: DuckDBPyConnection, no: int) -> list[Row]:
    """The slots that an accepted file has rows in, whoever holds them."""
    sql = """select distinct nullif(slot_of, '') as institution, source, nullif(slot_from, -1) as year_from, nullif(slot_to, -1) as year_to
        from board.slots where no = ? order by all limit ?"""
    return _rows(connection, sql, no, LISTED)


def _paired(connection: DuckDBPyConnection, source: Source) -> Row:
    """Pairs the rows of changed slots by their key, into ``pairs``; rows that are equal in everything go first. Gives the counts."""
    for side, table, slots in (("a", f"was_{source.name}", "left_slots"), ("b", f"facts.{source.name}", "new_slots")):
        theirs = f"(from {slots} where source = '{source.name}')"
        connection.execute(
            f"""create or replace temp table rows_{side} as
            select *, hash({_listed(_compared(source))}) as whole, hash({_listed(_keys(source))}) as key,
                   row_number() over (partition by whole order by "row") as copy
            from (select *, log_no as no, {slot(source)} from {table} where log_no in (select no from {theirs}))
            semi join {theirs} using (no, {", ".join(SLOT)})"""
        )
    left = """select rowid as id, key, row_number() over (partition by key order by "row") as nth, sheet, "row"
        from rows_{} as one where not exists (from rows_{} as other where other.whole = one.whole and other.copy = one.copy)"""
    connection.execute(
        f"""create or replace temp table pairs as
        with a as ({left.format("a", "b")}), b as ({left.format("b", "a")})
        select a.id as old, b.id as new, case when a.id is null then 'new' when b.id is null then 'removed' else 'changed' end as kind,
               coalesce(b.sheet, a.sheet) as sheet, coalesce(b."row", a."row") as "row"
        from a full join b using (key, nth)"""
    )
    counts = dict(connection.execute("select kind, count(*) from pairs group by kind").fetchall())
    (same,) = connection.execute("select count(*) - (select count(new) from pairs) from rows_b").fetchone() or (0,)
    return {kind: counts.get(kind, 0) for kind in ("new", "changed", "removed")} | {"same": same}


def _keys(source: Source) -> list[str]:
    return ["series", *(column.name for column in source.columns if column.key)]


def _compared(source: Source) -> list[str]:
    return ["series", *(column.name for column in source.columns)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _changes(connection: DuckDBPyConnection, source: Source, limit: int) -> Iterator[Row]:
    """Changed, removed and new rows, the first ones of each file's order, with the cell they stand in."""
    first = """from pairs order by kind <> 'changed', kind <> 'removed', sheet, "row" limit ?"""
    sql = f"""select pairs.kind, a, b from ({first}) as pairs left join rows_a as a on a.rowid = old left join rows_b as b on b.rowid = new
        order by pairs.kind <> 'changed', pairs.kind <> 'removed', pairs.sheet, pairs."row\""""
    keys = _keys(source)
    for kind, before, after in connection.execute(sql, [max(limit, 0)]).fetchall():
        old, new = before if kind != "new" else {}, after if kind != "removed" else {}
        one = new or old
        values = [name for name in _compared(source) if name not in keys and old.get(name) != new.get(name)]
        cell = f"{one['col'] or ''}{one['row'] or ''}"
        yield {
            "kind": kind, "source": source.name, "key": {name: _plain(one[name]) for name in keys if one[name] is not None},
            "before": {name: _plain(old.get(name)) for name in values} if old else {},
            "after": {name: _plain(new.get(name)) for name in values} if new else {},
            "cell": f"{one['sheet']}!{cell}" if one["sheet"] else cell, "file": one["file"],
        }  # fmt: skip


def _totals(connection: DuckDBPyConnection, source: Source) -> Iterator[Row]:
    """Rows and sums of primary rows by institution and year, of the slots that changed."""
    whose = "institution" if "institution" in source.schema.names else "null::varchar"
    year = f"{source.year}::int" if source.year else "null::int"
    for what, sum_of in [("rows", "count(*)"), *((name, f"sum({name})") for name in SUMS.get(source.name, ()))]:
        total = f"select {whose} as institution, {year} as year, {sum_of} as total from {{}} where prime group by 1, 2"
        yield from _rows(
            connection,
            f"""with slots as (
              select slot_of, slot_from from (from left_slots union all from new_slots) where source = $1)
            select $1 as source, coalesce(a.institution, b.institution) as institution, coalesce(a.year, b.year) as year, $2 as what,
                   a.total as before, b.total as after
            from ({total.format(f"was_{source.name}")}) as a full join ({total.format(f"facts.{source.name}")}) as b
              on a.institution is not distinct from b.institution and a.year is not distinct from b.year
            where (coalesce(a.institution, b.institution, ''), coalesce(a.year, b.year, -1)) in (select (slot_of, slot_from) from slots)
              and (a.total is not null or b.total is not null)
            order by 2, 3""",
            source.name,
            what,
        )
