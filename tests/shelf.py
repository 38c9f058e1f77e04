"""Small files for tests of the store: a source's rows become raw bytes, a tidy table and an event, as ``path.accept`` makes them."""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import log
from pipelines.sources import sources
from pipelines.store import Store, code_version


@dataclass(frozen=True)
class Bytes:
    path: Path
    name: str
    size: int
    sha256: str


def received(folder, name, content):
    path = Path(folder) / name
    path.write_bytes(content)
    return Bytes(path, name, len(content), hashlib.sha256(content).hexdigest())


def table(source, rows):
    """Rows as dictionaries → a tidy table of the source; what a row leaves out is empty."""
    schema = sources()[source].schema
    return pa.Table.from_pylist([{"sheet": "Data", "row": at, "col": "D"} | row for at, row in enumerate(rows, 2)], schema=schema)


def moved(year, participants, **more):
    """A row of mobility."""
    row = {
        "institution": "demo",
        "academic_year": year,
        "direction": "out",
        "role": "student",
        "country": "DEU",
        "participants": participants,
    }
    return row | more


def hand_in(store: Store, source="mobility", rows=(), *, name="file.csv", by="editor", **facts) -> log.Event:
    """Accept rows as a file of one source; the raw bytes are the rows as JSON, so that ``retidy`` can read them again."""
    content = json.dumps({"source": source, "rows": list(rows), "name": name}, default=str).encode()
    params = {"layout": "", "name": name}
    with tempfile.TemporaryDirectory() as folder, store.lock():
        given = received(folder, Path(name).name, content)
        sha, version = store.put_raw(given), code_version(params)
        pq.write_table(table(source, rows), parquet := Path(folder) / "tidy.parquet")
        column = sources()[source].year
        own = {
            "rows": len(rows),
            "years": sorted({row[column] for row in rows if row.get(column)}) if column else [],
            "columns": {"participants": "D"},
        }
        own |= store.put_tidy(sha, source, version, parquet)
        told = {
            "file": sha,
            "name": name,
            "size": len(content),
            "series": "main",
            "rank": 0,
            "layout": "test",
            "params": params,
            "code": version,
        }
        return log.append(store, "accepted", by, **(told | {"sources": {source: own}} | facts))


def retidy(event, raw):
    """What ``path.retidy`` does for real files."""
    held = json.loads(raw.read_bytes())
    return {held["source"]: table(held["source"], held["rows"])}


def in_child(work):
    """Run ``work`` in a forked process; gives its exit code, 99 for an exception."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(work() or 0)
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
