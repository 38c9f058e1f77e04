"""Doubts about a table that was parsed without a fault: signs of another dialect, and what people do not see on their screen."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import Finding, Place
from pipelines.formats.refusal import refused

_LOST = r"\p{L}\?\p{L}|(^|[\s(\"])\?\p{Ll}{2}"


def check_header(names: list[str], place: Place) -> None:
    """Raise E215 where every header is wrapped in the same sign: the file has another quote than the standard's."""
    if len(names) < 2 or any(len(name) < 2 for name in names):
        return
    signs = {name[0] + name[-1] for name in names}
    if len(signs) == 1 and not any(sign.isalnum() for sign in signs.pop()):
        raise refused("E215", place, row=place.row, column="A", excerpt=names[0][:40])


def without_empty_columns(names: list[str], table: pa.Table, place: Place) -> tuple[list[str], pa.Table, list[Finding]]:
    """Without the columns at the end that have neither name nor cell; raises E232 where every second column is like that."""
    empty = [not name.strip() and table[str(number)].null_count == len(table) for number, name in enumerate(names, 1)]
    if len(names) > 2 and all(empty[1::2]) and not any(empty[0::2]):
        raise refused("E232", place, row=place.row)
    width = max((number for number, nothing in enumerate(empty, 1) if not nothing), default=0)
    if width == len(names) or not width:
        return names, table, []
    note = Finding("I233", Place(place.file, place.sheet, place.row, width + 1), count=len(names) - width)
    return names[:width], table.select([str(number) for number in range(1, width + 1)]), [note]


def blanks(table: pa.Table, place: Place) -> list[Finding]:
    """One note on the cells that begin or end with a blank; they are kept as they stand."""
    places: list[Place] = []
    count = 0
    for name in table.column_names:
        before = 0
        for chunk in table[name].chunks if name != "row" else []:
            before, start = before + len(chunk), before
            words = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
            padded = pc.or_(pc.starts_with(words, " "), pc.ends_with(words, " "))
            if not pc.any(padded).as_py():
                continue
            here = _at(padded, chunk) + start
            count += len(here)
            places += [Place(place.file, place.sheet, table["row"][int(row)].as_py(), int(name)) for row in here[:20]]
    places = sorted(places, key=lambda one: (one.row or 0, one.column or 0))[:20]
    return [Finding("I231", places[0], {"cell": places[0].cell}, count=count, places=tuple(places))] if places else []


def lost_letters(table: pa.Table, place: Place) -> list[Finding]:
    """One query on the words in which a question mark stands for a letter: “?zmir”, “Mu?la”. Addresses of the web are no words."""
    words: list[str] = []
    places: list[Place] = []
    for name in table.column_names:
        if name == "row":
            continue
        held = table[name].cast(pa.string())
        lost = pc.and_(pc.match_substring_regex(held, _LOST), pc.invert(pc.match_substring_regex(held, r"://|www\.")))
        rows = np.flatnonzero(pc.fill_null(lost, False).to_numpy(zero_copy_only=False))
        places += [Place(place.file, place.sheet, table["row"][int(row)].as_py(), int(name)) for row in rows]
        words += pc.unique(held.take(pa.array(rows))).to_pylist()
    places.sort(key=lambda one: (one.row or 0, one.column or 0))
    excerpt = ", ".join(dict.fromkeys(word[:40] for word in words[:3]))
    return [Finding("Q234", places[0], {"excerpt": excerpt}, count=len(places), places=tuple(places[:20]))] if places else []


def _at(padded: pa.BooleanArray, chunk: pa.Array) -> np.ndarray:
    held = padded.take(chunk.indices) if pa.types.is_dictionary(chunk.type) else padded
    return np.flatnonzero(pc.fill_null(held, False).to_numpy(zero_copy_only=False))
