"""The whole path in order: a file is received, read, tidied and checked; what is free of errors may be accepted and published.

``draft`` changes nothing. ``accept`` writes the file, its tidy tables and one line of the log, and only then is anything accepted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import log
from pipelines.checking.checker import Check, checker
from pipelines.errors import Finding, MeridianError, Refused
from pipelines.formats import nameless
from pipelines.layouts import Layout, given, layout, part_of
from pipelines.publishing import fingerprint, publications
from pipelines.read import Sheet, read
from pipelines.receive import Received, receive
from pipelines.sources import sources
from pipelines.store import Store
from pipelines.tidy import Handed, Tidied, tidy
from pipelines.tidying.arrays import write_tidy
from pipelines.tidying.headers import locate_all, recognise

Tell = Callable[[str], None]
"""Hears which stage begins: read, tidy, check."""


@dataclass(frozen=True)
class Choices:
    """What a person says when handing in a file; None is left to the file, the layout or the profile."""

    layout: str | None = None
    institution: str | None = None
    home: str | None = None
    series: str | None = None
    status: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    part: str | None = None
    """Which part of the slot the file fills, beside other files; None: the whole of it, or what its layout finds in its name."""
    given: dict[str, Any] | None = None
    """A layout in full, where the file came with one instead of the name of a shipped one."""
    fixes: dict[str, str] | None = None
    """Cells that a person corrected: place → text."""


@dataclass
class Draft:
    """A file on its way: what it is, its tidy tables as Parquet by source, and everything that was found."""

    received: Received
    choices: Choices
    layout: Layout | None = None
    part: str = ""
    tidied: Tidied | None = None
    parquets: dict[str, Path] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    checks: list[Any] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    """What a person said to a query: its key → words."""

    @property
    def unreadable(self) -> bool:
        """Whether no table could be read from the bytes at all; a table that is read and then refused is another matter."""
        return self.tidied is None and any(finding.code.startswith("E") for finding in self.errors)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]

    @property
    def queries(self) -> list[Finding]:
        """What is unusual and not yet explained: by a note of its own, or by the layout for what its supplier's files always raise."""
        known = {one.rule for one in self.layout.explained} if self.layout else set()
        return [f for f in self.findings if f.severity == "query" and f.code not in known and not self.notes.get(f.key, "").strip()]


@contextmanager
def drafts(paths: Sequence[Path], choices: Choices, published: Path | None = None) -> Iterator[list[Draft]]:
    """A draft of every file, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
        yield [draft(path, choices, Path(folder), published) for path in paths]


def draft(
    path: Path, choices: Choices, folder: Path, published: Path | None = None, *,
    name: str | None = None, sheets: list[Sheet] | None = None, notes: dict[str, str] | None = None, tell: Tell = lambda stage: None,
) -> Draft:  # fmt: skip
    """Receive, read, tidy and check one file. Never raises for a fault of the file: every fault is a finding of the draft.

    ``sheets`` are those of the file where it has been read before; ``tell`` hears of each stage as it begins.
    """
    with checker(path.stat().st_size if path.is_file() else 0) as check:
        try:
            received = receive(path, name)
            received = received if sheets else nameless.copy(received, folder)
        except MeridianError as error:
            return Draft(Received(path, name or path.name, 0, "", ""), choices, findings=_said(error))
        made = Draft(received, choices, findings=list(received.findings), notes=notes or {})
        try:
            _through(made, folder, path.parent, sheets, tell)
        except MeridianError as error:
            made.findings += _said(error)
        if made.tidied and not made.errors:
            tell("check")
            _check(made, published, check)
    return made


def _asked_for(choices: Choices) -> Layout | None:
    if choices.given:
        return given(choices.given)
    return layout(choices.layout) if choices.layout else None


def _said(error: MeridianError) -> list[Finding]:
    return error.findings if isinstance(error, Refused) else [error.finding]


def _through(made: Draft, folder: Path, beside: Path, sheets: list[Sheet] | None, tell: Tell) -> None:
    """Read and tidy; the tables go to Parquet files, so that a draft stays small."""
    choices, name = made.choices, made.received.name
    asked = _asked_for(choices)
    delimiter, encoding = (asked.delimiter, asked.encoding) if asked else (None, None)
    if sheets is None:
        tell("read")
        sheets = read(made.received, delimiter=choices.delimiter or delimiter, encoding=choices.encoding or encoding)
    tell("tidy")
    made.layout = asked or recognise(sheets, name)
    made.part = choices.part or part_of(made.layout, name)
    handed = Handed(name, choices.institution, choices.home, choices.status, beside, choices.fixes)
    made.tidied = tidy(sheets, made.layout, handed)
    made.received = _nameless(made, sheets, folder)
    made.findings += [finding for finding in made.tidied.findings if finding not in made.findings]
    for source, table in made.tidied.tables.items():
        made.parquets[source] = folder / f"{made.received.sha256[:16]}-{source}.parquet"
        write_tidy(table, made.parquets[source])
        made.facts[source] = {"rows": len(table), "years": years(table, source), "columns": made.tidied.columns.get(source, {})}
    made.tidied.tables.clear()
    sheets.clear()
    pa.default_memory_pool().release_unused()


def _nameless(made: Draft, sheets: list[Sheet], folder: Path) -> Received:
    """The file as it may be kept: where its layout knows columns of people, with these columns empty."""
    assert made.layout is not None
    if not made.layout.people:
        return made.received
    located = locate_all(sheets, made.layout, made.received.name)
    people = {one.sheet.name: (one.row, nameless.positions(one.names, made.layout.people)) for one in located}
    return nameless.emptied(made.received, sheets, people, folder)


def years(table: pa.Table, source: str) -> list[int]:
    """The years that the rows fill, each a slot of its own; none for a register."""
    column = sources()[source].year
    return sorted(year for year in pc.unique(table[column]).to_pylist() if year is not None) if column else []


def _check(made: Draft, published: Path | None, check: Check) -> None:
    columns = {source: facts["columns"] for source, facts in made.facts.items()}
    checked = check(made.parquets, name=made.received.name, columns=columns, published=published)
    made.findings += checked.findings
    made.checks = checked.results


def accept(where: Store, made: Draft, by: str, reason: str = "", note: str = "", **more: Any) -> log.Event:
    """From here nothing is ever lost: raw bytes, tidy tables, then one line of the log. ``more`` are further facts of its event.

    What was accepted before in the same way is not accepted twice: its event is given back. Raises Refused with the errors, or with the
    queries that have no note.
    """
    if made.errors:
        raise Refused(made.errors)
    with where.lock():
        if before := earlier(where, made):
            _keep(where, made, before.facts["code"])
            return before
        if made.queries and not note.strip():
            raise Refused(made.queries)
        params = _params(made)
        version = fingerprint.code_version(params)
        _keep(where, made, version)
        aside = _aside(made, params, note)
        return log.append(where, "accepted", by, aside, **described(made), reason=reason, code=version, **more)


def earlier(where: Store, made: Draft) -> log.Event | None:
    """The event that accepted these very bytes with the same choices, where it still stands.

    None where another file has taken one of its slots since, where a publication left it out, or where the code reads it differently now.
    """
    found = log.events(where)
    accepted = publications.due(found)
    mine = _slots(described(made))
    rivals = {"", made.part}  # a later whole replaces a part, a later part leaves the whole as it is
    later = (event for event in reversed(accepted) if (event.facts.get("part") or "") in rivals)
    event = next((event for event in later if _slots(event.facts) & mine), None)
    if event is None or event.facts["file"] != made.received.sha256:
        return None
    same = _params(made) | {"name": ""} == event.facts["params"] | {"name": ""}
    return event if same and fingerprint.code_version(event.facts["params"]) == event.facts["code"] else None


def _slots(facts: dict[str, Any]) -> set[tuple[Any, ...]]:
    """What a file fills, as far as its event tells it."""
    named = (facts["institution"], facts["series"])
    return {(*named, source, year) for source, own in facts["sources"].items() for year in own["years"] or [None]}


def _keep(where: Store, made: Draft, version: str) -> None:
    """Raw bytes and tidy tables into the store; the same bytes once more mend a damaged copy."""
    for received in (made.received, *_companions(made)):
        where.put_raw(received)
    for source, path in made.parquets.items():
        made.facts[source] |= where.put_tidy(made.received.sha256, source, version, path)


def _companions(made: Draft) -> list[Received]:
    return [receive(path) for path in made.tidied.companions] if made.tidied else []


def _params(made: Draft) -> dict[str, Any]:
    """Everything needed to tidy the raw bytes once more and get the same tables."""
    chosen = {name: value for name, value in vars(made.choices).items() if value is not None}
    beside = {received.name: received.sha256 for received in _companions(made)}
    return chosen | {"layout": made.layout.id if made.layout else "", "name": made.received.name, "companions": beside}


def described(made: Draft) -> dict[str, Any]:
    """Whose file it is and what it fills: the facts of its event that hold nothing out of a cell."""
    chosen = made.layout
    assert chosen is not None
    return {
        "file": made.received.sha256, "name": made.received.name, "size": made.received.size,
        "institution": made.choices.institution or chosen.institution or "*", "series": made.choices.series or chosen.series,
        "rank": chosen.rank, "part": made.part, "layout": chosen.id, "status": made.choices.status or "final",
        "sources": made.facts,
    }  # fmt: skip


def _aside(made: Draft, params: dict[str, Any], note: str) -> dict[str, Any]:
    """How the file was read, what was found and what a person said to it: it may quote cells, so it lies beside the log."""
    assert made.tidied is not None
    findings = [finding.as_dict("en") | {"tr": finding.as_dict("tr"), "note": made.notes.get(finding.key, "")} for finding in made.findings]
    checks = [vars(result) for result in made.checks]
    told = {"note": note, "params": params, "header": made.tidied.header, "sheet": made.tidied.sheet}
    return told | {"findings": findings, "checks": checks}


def retidy(where: Store) -> Callable[[log.Event, Path], dict[str, pa.Table]]:
    """For a rebuild: the raw bytes of an accepted file once more through read and tidy."""

    def again(event: log.Event, raw: Path) -> dict[str, pa.Table]:
        params = dict(event.facts["params"])
        with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
            named = Path(folder) / params.pop("name")
            named.symlink_to(raw.resolve())
            for name, sha in params.pop("companions", {}).items():
                (Path(folder) / name).symlink_to(where.raw(sha).resolve())
            choices = Choices(**params)
            chosen = _asked_for(choices) or layout(params["layout"])
            sheets = read(receive(named), delimiter=choices.delimiter or chosen.delimiter, encoding=choices.encoding or chosen.encoding)
            handed = Handed(named.name, choices.institution, choices.home, choices.status, Path(folder), choices.fixes)
            return tidy(sheets, chosen, handed).tables

    return again
