"""The backup test: the version on air built anew from raw files and log alone must hold the same."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import log
from pipelines.errors import Finding, MeridianError, Place, Refused
from pipelines.log import Event
from pipelines.publishing import aliases, board, build, contents, fingerprint, publications
from pipelines.publishing.slots import Arrival
from pipelines.store import Store, product_version, settle
from pipelines.tidying.arrays import write_tidy

Retidy = Callable[[Event, Path], dict[str, pa.Table]]
"""An accepted event and its raw file → its tidy tables by source, through the same reading and tidying."""


@dataclass(frozen=True)
class Rebuilt:
    """The publication that was built anew, its digest, and its new file, which is on air now."""

    no: int
    digest: str
    file: Path


def rebuild(store: Store, retidy: Retidy | None = None, *, steps: Sequence[build.Step] | None = None) -> Rebuilt:
    """Build the last publication anew, aside, and put it on air when it is the same.

    With ``retidy`` every file is read once more from its original bytes; without it, kept tidy tables are used. Raises Refused with
    S120, S121 (originals) and S151 (read differently now), S152 naming the tables that differ, S101 without a publication, S161 where a
    file of it was erased and nothing was published since.
    """
    with store.lock(), tempfile.TemporaryDirectory(prefix="meridian-") as folder:
        found = publications.caught_up(store)
        published = publications.last(found)
        if published is None:
            raise MeridianError("S101", Place(str(store.path)), store=store.path)
        if publications.erased(found) & set(published.facts["accepted"]):
            raise MeridianError("S161", left=f"versions/{published.facts['file']}")
        accepted = publications.listed(found, published.facts["accepted"])
        _refuse(originals(store, accepted))
        hashes = build.hashes(found)
        arrivals = _read_anew(store, accepted, retidy, Path(folder), hashes) if retidy else build.arrivals(store, accepted, hashes)
        return _put_back(store, found, published, arrivals, build.steps() if steps is None else steps, hashes)


def _put_back(
    store: Store, found: list[Event], published: Event, arrivals: list[Arrival], follow: Sequence[build.Step], hashes: dict[str, str]
) -> Rebuilt:
    facts = dict(published.facts)

    def told(digest: str) -> tuple[list[board.Row], board.Row]:
        return publications.rows(found, facts["no"]), publications.about(facts, digest)

    with build.built(store, _plan(found, facts, arrivals, follow), told) as made:
        _compare(facts, made.tables)
        facts |= {"digest": made.digest, "tables": made.tables, "bytes": made.bytes, "engine": duckdb.__version__}
        target = _free(store, f"{facts['no']}-{made.digest[:12]}")
        settle(made.path, target)
        store.put_current(publications.pointer(facts | {"file": target.name}, published.by, found))
    told_anew = {name: facts[name] for name in ("no", "digest", "tables", "bytes", "engine")}
    log.append(store, "rebuilt", published.by, **told_anew, file=target.name, tidy=_healed(store, arrivals, hashes))
    return Rebuilt(facts["no"], made.digest, target)


def _plan(found: list[Event], facts: dict[str, Any], arrivals: list[Arrival], follow: Sequence[build.Step]) -> build.Plan:
    """What the publication was made of: its day, and names of partners as they were understood then."""
    return build.Plan(arrivals, date.fromisoformat(facts["as_of"]), follow, aliases=aliases.told(found, facts["log_no"]))


def originals(store: Store, accepted: Sequence[Event]) -> list[Finding]:
    """What is wrong with the original bytes of accepted files and of the files beside them: missing (S120), changed (S121)."""
    findings: dict[str, Finding] = {}
    for event in accepted:
        for sha, name in kept_with(event).items():
            path = store.raw(sha)
            if not path.is_file():
                findings[sha] = Finding("S120", Place(f"raw/{sha}"), {"name": name, "sha": sha})
            elif fingerprint.of_file(path) != sha:
                findings[sha] = Finding("S121", Place(f"raw/{sha}"), {"name": name, "sha": sha})
    return list(findings.values())


def kept_with(event: Event) -> dict[str, str]:
    """Hash → name of the file of an accepted event and of its companions."""
    companions = (event.facts.get("params") or {}).get("companions") or {}
    return {event.facts["file"]: event.facts["name"]} | {sha: name for name, sha in companions.items()}


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise Refused(findings)


def _read_anew(store: Store, accepted: list[Event], retidy: Retidy, folder: Path, hashes: dict[str, str]) -> list[Arrival]:
    arrivals: list[Arrival] = []
    findings: list[Finding] = []
    for event in accepted:
        tables = retidy(event, store.raw(event.facts["file"]))
        for source, own in event.facts["sources"].items():
            path = folder / f"{event.no}-{source}.parquet"
            write_tidy(tables.get(source, pa.table({})), path)
            if not _same(own, path, build.place_of(store, event, source), hashes):
                findings.append(_differs(event, source, own["rows"], pq.read_metadata(path).num_rows))
            arrivals.append(Arrival(event, source, path))
    _refuse(findings)
    return arrivals


def _same(own: dict[str, Any], anew: Path, before: Path, hashes: dict[str, str]) -> bool:
    """Equal in rows, and in content with the table kept when it was accepted, while that is whole; columns may have come since."""
    if pq.read_metadata(anew).num_rows != own["rows"]:
        return False
    return not build.intact(before, hashes) or contents.compared(before, anew) != "apart"


def _differs(event: Event, source: str, expected: int, found: int) -> Finding:
    versions = {"then": event.facts["code"], "now": fingerprint.code_version(event.facts.get("params"))}
    rows = {"source": source, "expected": expected, "found": found}
    return Finding("S151", Place(event.facts["name"]), {"name": event.facts["name"], **rows, **versions})


def _healed(store: Store, arrivals: list[Arrival], hashes: dict[str, str]) -> dict[str, str]:
    """Puts back tidy tables that were missing or damaged; gives the hashes of their bytes, for the log."""
    healed: dict[str, str] = {}
    for one in arrivals:
        if not build.intact(build.place_of(store, one.event, one.source), hashes):
            kept = store.put_tidy(one.event.facts["file"], one.source, one.event.facts["code"], one.parquet)
            healed[kept["parquet"]] = kept["bytes"]
    return healed


def _compare(facts: dict[str, Any], anew: dict[str, list[str]]) -> None:
    """Raises S152 naming the tables that differ. DuckDB's hashes are equal within one version of it; else rows and columns are compared."""
    told = slice(None) if facts["engine"] == duckdb.__version__ else slice(0, 2)
    before: dict[str, list[str]] = facts["tables"]
    different = sorted(name for name in before.keys() | anew.keys() if before.get(name, [])[told] != anew.get(name, [])[told])
    if different:
        named = ", ".join(f"{name} ({before.get(name, ['0'])[0]} → {anew.get(name, ['0'])[0]})" for name in different)
        raise MeridianError("S152", no=facts["no"], tables=named, then=facts["code"], now=product_version())


def _free(store: Store, stem: str) -> Path:
    """A name that no version has had: a file is never replaced in place, as readers keep the old one open by its name."""
    again = 0
    while (path := store.versions / f"{stem}{f'-r{again}' if again else ''}.duckdb").exists():
        again += 1
    return path
