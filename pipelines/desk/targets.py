"""Goals edited in a grid: what was changed becomes a file of the goals dataset, which goes the way of every other file.

An old target is never written over: the changed one is a further row, valid from its year.
"""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.desk import handing
from pipelines.desk.drafts import DraftState
from pipelines.errors import Finding, MeridianError, Place, Refused
from pipelines.goals import examine
from pipelines.language import LANGUAGES
from pipelines.sources import sources
from pipelines.store import Store
from pipelines.warehouse import Version

Row = dict[str, Any]
GOAL = ("policy", "indicator", "unit")
KEY = (*GOAL, "target_year")
AIMED = ("target", "target_upper", "weight", "path")
"""What a change of makes a new row; everything else of a goal is corrected in place."""
NEEDED = ("policy", "indicator", "baseline_year", "baseline", "target_year", "target")
SHOWN = (
    "policy", "element", "indicator", "unit", "baseline_year", "baseline", "target_year", "target", "target_upper", "effective_year",
    "weight", "path", "responsible", "decided_in",
)  # fmt: skip


def grid(version: Version, institution: str) -> list[Row]:
    """The goals of an institution as they are on air, one row a target year and change."""
    sql = "select * from board.goals where institution = ? order by policy, indicator, unit, target_year, effective_year nulls first"
    return [{name: row.get(name) for name in SHOWN} for row in version.rows(sql, [institution])]


def changed(before: list[Row], after: list[Row], effective_year: int) -> list[Row]:
    """The rows to publish, each with its place in the grid (``row``, from 1).

    One whose target was changed stands twice: as it was, and as it is from ``effective_year`` on. A further target of a goal that there
    is comes into force in that year too: it must not reach back into years that were judged without it.
    """
    known = {_key(row): row for row in before}
    goals = {_key(row)[: len(GOAL)] for row in before}
    rows: list[Row] = []
    for at, row in enumerate(after, 1):
        row = _clean(row) | {"row": at}
        old = known.get(_key(row))
        if old is None:
            rows.append(row | {"effective_year": effective_year} if _key(row)[: len(GOAL)] in goals else row)
        elif _aims(old) == _aims(row) or old.get("effective_year") == effective_year:
            rows.append(row)
        else:
            rows += [row | {name: old.get(name) for name in AIMED}, row | {"effective_year": effective_year}]
    return rows


def same(before: list[Row], after: list[Row]) -> bool:
    """Whether the grid says what is on air."""
    return [_clean(row) for row in before] == [_clean(row) for row in after]


def faults(institution: str, rows: list[Row]) -> list[Finding]:
    """What makes these goals impossible to judge, each with its row in the grid: empty cells first, then what contradicts itself."""
    columns = sources()["goals"]
    empty = [
        Finding("V302", Place(row=row["row"]), {f"column_{language}": columns.column(name).title[language] for language in LANGUAGES})
        for row in rows
        for name in NEEDED
        if row[name] is None
    ]
    return empty or examine([row | {"institution": institution} for row in rows])


def as_file(institution: str, rows: list[Row]) -> tuple[str, bytes]:
    """A workbook in our own template's columns; numbers are typed cells, so that none can be read in two ways."""
    out = io.BytesIO()
    columns = sources()["goals"].columns
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Goals")
        sheet.write_row(0, 0, [column.en for column in columns])
        for at, row in enumerate(rows, 1):
            told = row | {"institution": institution}
            for number, column in enumerate(columns):
                _write(sheet, at, number, column.kind, told.get(column.name))
    return f"goals_{institution}.xlsx", out.getvalue()


def save(who: Person, store: Store, institution: str, before: list[Row], after: list[Row], reason: str, effective_year: int) -> DraftState:
    """A draft with the changed goals, on its way like any file. Raises P101, V103 (no reason), V301 (nothing changed), Refused (faults)."""
    require(who, "goals", institution, "goals")
    if not reason.strip():
        raise MeridianError("V103")
    if same(before, after):
        raise MeridianError("V301")
    rows = changed(before, after, effective_year)
    if found := faults(institution, rows):
        raise Refused(found)
    name, data = as_file(institution, rows)
    draft = handing.begin(who, store, institution, "goals", name, data)
    return handing.answer(who, store, draft.id, reason=reason.strip())


def _write(sheet: Any, row: int, column: int, kind: str, value: Any) -> None:
    if value is None or value == "":
        return
    if kind == "year":
        sheet.write_string(row, column, f"{int(value)}-{int(value) + 1}")
    elif kind == "number":
        sheet.write_number(row, column, float(value))
    else:
        sheet.write_string(row, column, str(value))


def _key(row: Row) -> tuple[Any, ...]:
    """What tells targets apart; a change of one is told by its year too."""
    return (*(row.get(name) or "" for name in KEY), row.get("effective_year") or 0)


def _aims(row: Row) -> tuple[Any, ...]:
    return tuple(row.get(name) or None if name == "path" else _number(row.get(name)) for name in AIMED)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _clean(row: Row) -> Row:
    """A row of the grid with empty cells as nothing and years as whole numbers."""
    plain: Row = {name: None if row.get(name) in ("", None) or row.get(name) != row.get(name) else row[name] for name in SHOWN}
    years = {name: int(plain[name]) for name in ("baseline_year", "target_year", "effective_year") if plain[name] is not None}
    numbers = {name: float(plain[name]) for name in ("baseline", "target", "target_upper", "weight") if plain[name] is not None}
    return plain | years | numbers
