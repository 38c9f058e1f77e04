"""Totals in somebody's table: never data. In our own template they are a fault; in an office's workbook they are compared and left out."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.codes import numbers
from pipelines.codes.words import fold
from pipelines.errors import Finding, Place
from pipelines.layout_parts import RowTotal
from pipelines.layouts import Layout
from pipelines.tidying.arrays import recoded
from pipelines.tidying.supplied import SHOWN, Supplied

TOTALS = frozenset(
    map(
        fold,
        (
            "total", "totals", "toplam", "genel toplam", "grand total", "sum", "subtotal", "ara toplam", "toplamı", "yekun", "yekûn",
            "genel yekun", "türkiye toplamı", "üniversite toplamı", "المجموع", "الإجمالي",
        ),
    )
)  # fmt: skip


def without_totals(table: Supplied, layout: Layout) -> Supplied:
    """The rows that are no totals. A total row is one finding; its cells are not complained about a second time."""
    how = layout.totals or ("keep" if layout.kind == "supplier" else "refuse")
    if how == "keep":
        return table
    mask, word, where = _total_rows(table)
    count = pc.sum(mask).as_py() or 0
    if not count:
        return table
    if how == "refuse":
        table.findings.append(Finding("T112", where[0], {"word": word}, count, where))
    else:
        table.findings.append(Finding("T124", where[0], {"word": word}, count, where))
        _compare(table, layout, mask)
    return table.take(pc.invert(mask))


def without_notes(table: Supplied, layout: Layout) -> Supplied:
    """Without the lines that somebody wrote below (or between) the rows of an office's workbook: one cell and no number. They are said."""
    if layout.kind != "own" or len(table.fields) < 3:
        return table
    filled = [pc.is_valid(array).cast(pa.int32()) for array in table.fields.values()]
    count = filled[0]
    for one in filled[1:]:
        count = pc.add(count, one)
    numbers = [pc.is_valid(table.fields[name]) for name in _measured(table, layout)]
    note = pc.less_equal(count, 1)
    for one in numbers:
        note = pc.and_(note, pc.invert(one))
    lines = pc.sum(note).as_py() or 0
    if lines:
        places = table.where(note, next(iter(table.fields)))
        table.findings.append(Finding("T125", places[0], {"rows": ", ".join(str(place.row) for place in places[:20])}, lines, places))
    return table.take(pc.invert(note)) if lines else table


def _total_rows(table: Supplied) -> tuple[pa.BooleanArray, str, tuple[Place, ...]]:
    mask = pa.array([False] * len(table), pa.bool_())
    first = ""
    places: tuple[Place, ...] = ()
    for name, array in table.fields.items():
        words = [word for word in array.dictionary.to_pylist() if word and fold(word) in TOTALS]
        if not words:
            continue
        here = pc.fill_null(pc.is_in(array.cast(pa.string()), pa.array(words)), False)
        if not first:
            first, places = words[0], table.where(here, name)
        mask = pc.or_(mask, here)
    return mask, first, places


def _compare(table: Supplied, layout: Layout, totals: pa.BooleanArray) -> None:
    """Every total with the rows since the last total (a part), or with all rows above (the whole); neither being equal is asked."""
    rows = totals.to_pylist()
    for name in _measured(table, layout):
        values = _numbers(table, name, layout)
        if values is None:
            continue
        part = whole = 0.0
        for at, is_total in enumerate(rows):
            if not is_total:
                part, whole = part + (values[at] or 0), whole + (values[at] or 0)
                continue
            if values[at] is not None and values[at] not in (part, whole):
                where = table.where(pa.array([index == at for index in range(len(rows))], pa.bool_()), name)
                told = {"total": f"{values[at]:g}", "sum": f"{whole if len(rows) - 1 == at else part:g}", "column": _said(layout, name)}
                table.findings.append(Finding("T122", where[0], told, 1, where))
            part = 0.0


def compare_row_totals(table: Supplied, layout: Layout) -> None:
    """Where a column is the sum of those beside it (women, men, all), rows in which it is not are asked."""
    parts = tuple(sorted({part.field for feed in layout.feeds for part in feed.unpivot}))
    named = [RowTotal(total=layout.row_total, parts=parts)] if layout.row_total and parts else []
    for one in (*named, *layout.row_totals):
        if one.total in table.fields:
            _compare_row_total(table, layout, one)


def _compare_row_total(table: Supplied, layout: Layout, row_total: RowTotal) -> None:
    parts = [name for name in row_total.parts if name in table.fields]
    whole, *columns = [_numbers(table, name, layout) for name in (row_total.total, *parts)]
    if whole is None or not columns or any(column is None for column in columns):
        return
    wrong = []
    for at, value in enumerate(whole):
        beside = [number for column in columns if column and (number := column[at]) is not None]
        wrong.append(value is not None and bool(beside) and value != sum(beside))
    if any(wrong):
        where = table.where(pa.array(wrong, pa.bool_()), row_total.total)
        told = {"column": _said(layout, row_total.total), "parts": " + ".join(_said(layout, part) for part in parts)}
        table.findings.append(Finding("T123", where[0], told, sum(wrong), where[:SHOWN]))


def _measured(table: Supplied, layout: Layout) -> list[str]:
    """The fields whose cells are the numbers."""
    named = {part.field for feed in layout.feeds for part in feed.unpivot}
    for feed in layout.feeds:
        field = feed.columns.get(feed.value_column or "")
        named |= {field} if isinstance(field, str) else set()
    return sorted(name for name in named if name in table.fields)


def _said(layout: Layout, name: str) -> str:
    """A field as the person's own header calls it."""
    return layout.fields[name][0]


def _numbers(table: Supplied, name: str, layout: Layout) -> list[float | None] | None:
    """A field's cells as numbers; None while it is not certain how they are written, which is asked elsewhere."""
    array = table.fields[name]
    words = [word for word in array.dictionary.to_pylist() if word]
    read = numbers.read_numbers(words, table.typed.get(name, set()), whole=False, style=layout.numbers)
    return None if read.faults else recoded(array, dict(read.values), pa.float64()).to_pylist()
