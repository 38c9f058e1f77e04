"""Files that explain another file, and rows that a supplier lists twice: the two ways in which a table is not whole by itself."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.codes.words import fold
from pipelines.errors import Finding, Place
from pipelines.layout_parts import Lookup
from pipelines.layouts import Layout
from pipelines.read import read
from pipelines.receive import receive
from pipelines.sources import Source
from pipelines.tidying.arrays import recoded


def lend(
    fields: dict[str, pa.DictionaryArray], rows: pa.Array, place: Place, layout: Layout, folder: Path | None, findings: list[Finding]
) -> tuple[Path, ...]:
    """Adds to ``fields`` what the companion files say about codes of this one; returns the companions that were read."""
    files: list[Path] = []
    for look in layout.lookups:
        path = (folder or Path()) / look.file
        if not path.is_file():
            findings.append(Finding("T113", place, {"file": look.file}))
            continue
        files.append(path)
        known = _companion(path, look)
        words = fields[look.field]
        for word in {w for w in words.dictionary.to_pylist() if w and w not in known}:
            findings.append(Finding("T114", place, {"word": word, "column": look.field, "file": look.file}))
        for ours, name in look.take.items():
            fields[ours] = recoded(words, {key: values.get(name) for key, values in known.items()}, pa.string())
    return tuple(files)


def _companion(path: Path, look: Lookup) -> dict[str, dict[str, str | None]]:
    """key → {column: word} of a companion file with its header in the first row."""
    body = read(receive(path))[0].body(1)
    wanted = {fold(name): name for name in (look.key, *look.take.values())}
    columns = {
        wanted[fold(name)]: body.table[str(at)].cast(pa.string()).to_pylist()
        for at, name in enumerate(body.names, 1)
        if fold(name) in wanted
    }
    return {key: {name: words[at] for name, words in columns.items()} for at, key in enumerate(columns[look.key]) if key}


def number_repeats(table: pa.Table, source: Source, place: Place, findings: list[Finding]) -> pa.Table:
    """Rows that share a whole key get " (2)", " (3)" … behind their detail, so that each stays a fact of its own."""
    key = ", ".join(f'"{name}"' for name in source.key)
    with duckdb.connect() as connection:
        connection.register("t", table.append_column("position", pa.array(range(len(table)), pa.int64())))
        first = "min(position) over (partition by sheet) as first from t"  # sheets one below the other, each in the order of its rows
        numbered = f'select position, row_number() over (partition by {key} order by first, "row", position) as n from (select *, {first})'
        numbers = connection.sql(f"select n from ({numbered}) order by position").fetchnumpy()["n"]
    repeated = int((numbers > 1).sum())
    if not repeated:
        return table
    findings.append(Finding("T115", place, {}, repeated))
    detail = table["detail"].cast(pa.string()).to_pylist()
    told = [f"{(text or '').strip()} ({n})".strip() if n > 1 else text for text, n in zip(detail, numbers, strict=True)]
    return table.set_column(table.schema.get_field_index("detail"), "detail", pa.array(told, pa.string()).dictionary_encode())
