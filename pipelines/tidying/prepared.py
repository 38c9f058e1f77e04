"""Facts that lie in several of a supplier's rows are put into one row by the layout's question; what its conditions ask is told.

The question is SQL of the product's own (``pipelines.layouts.Prepared``): it sees the rows as text and nothing else of the machine.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import Finding
from pipelines.layout_parts import Ask
from pipelines.layouts import Layout
from pipelines.tidying.arrays import encoded
from pipelines.tidying.supplied import Supplied, holding


def prepare(table: Supplied, layout: Layout) -> Supplied:
    """The rows that the layout's question gives, each with the row of the file it begins on; the same rows where it asks none."""
    if not layout.prepared:
        return table
    absent = {name: pa.nulls(len(table), pa.string()) for name in layout.fields if name not in table.fields}
    given = pa.table({name: array.cast(pa.string()) for name, array in table.fields.items()} | absent | {"row": table.rows})
    with duckdb.connect() as connection:
        connection.register("given", given)
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        found = connection.sql(layout.prepared.sql).to_arrow_table()
    fields = {name: encoded(found[name].cast(pa.string())) for name in found.column_names if name != "row"}
    places = {new: table.positions[old] for new, old in layout.prepared.places.items() if old in table.positions}
    rows = found["row"].cast(pa.int32()).combine_chunks()
    typed = {name: words for name, words in table.typed.items() if name in fields}
    return Supplied(fields, table.positions | places, typed, rows, table.place, table.findings)


def ask(table: Supplied, asks: Iterable[Ask]) -> None:
    """One finding for every condition that holds somewhere, with its rows."""
    for one in asks:
        held = holding(table, one)
        if count := pc.sum(held).as_py():
            where = table.where(held, one.field)
            texts = {"what": one.what, "cause": one.reason or {}, "remedy": one.remedy}
            words = dict.fromkeys(word for word in table.fields[one.field].filter(held).cast(pa.string()).to_pylist() if word)
            told = {"list": ", ".join([*words][:5])}
            table.findings.append(Finding(one.code, where[0], told, count, where, texts, one.severity))
