"""Which rows of a supplier's file are ours, where it tells of both ends of a stay: whoever sends or receives is us."""

from __future__ import annotations

from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.codes import institutions
from pipelines.errors import Finding, Refused
from pipelines.layouts import Feed, Layout
from pipelines.tidying.implied import Handed
from pipelines.tidying.supplied import Supplied


def ours(table: Supplied, feed: Feed, handed: Handed) -> pa.BooleanArray:
    """The rows whose institution is the one that the file is handed in for. Raises Refused with T109 where none was named."""
    if not handed.institution:
        raise Refused([*table.findings, Finding("T109", table.place)])
    us = institutions.resolve(handed.institution).code
    named = feed.columns["institution"]
    array = table.fields[named if isinstance(named, str) else named[0]]
    mine = [bool(word) and institutions.resolve(word).code == us for word in array.dictionary.to_pylist()]
    return pc.fill_null(pa.array(mine, pa.bool_()).take(array.indices), False)


def tell_strangers(table: Supplied, layout: Layout, handed: Handed) -> None:
    """Rows that are ours at neither end are asked."""
    feeds = [feed for feed in layout.feeds if feed.only_ours]
    if not feeds:
        return
    strange = pc.invert(reduce(pc.or_, (ours(table, feed, handed) for feed in feeds)))
    if count := pc.sum(strange).as_py():
        named = feeds[0].columns["institution"]
        field = named if isinstance(named, str) else named[0]
        words = dict.fromkeys(word for word in table.fields[field].filter(strange).cast(pa.string()).to_pylist() if word)
        where = table.where(strange, field)
        told = {"given": handed.institution, "list": ", ".join([*words][:5])}
        table.findings.append(Finding("T134", where[0], told, count, where))
