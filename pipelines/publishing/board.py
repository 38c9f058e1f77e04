"""What a version tells about itself: files, findings, checks, publications, institutions – ``board.*``, from the log and the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from pipelines.codes import institutions as register
from pipelines.log import Event
from pipelines.publishing.aliases import Alias
from pipelines.publishing.fingerprint import canonical
from pipelines.publishing.slots import Loaded
from pipelines.sources import sources

Row = dict[str, Any]
MANY = 20
"""A file with more institutions than that (a national list) names none of them."""
SENTENCES = ("what", "cause", "remedy")

FILES = """
    file varchar, name varchar, size bigint, institution varchar, source varchar, series varchar, part varchar, slot_years varchar,
    layout varchar, sheet varchar, rows bigint, rows_on_air bigint, accepted_at timestamp, "by" varchar, reason varchar, note varchar,
    log_no integer, supersedes varchar, superseded_by varchar, prime boolean, rank integer, status varchar, header json, columns json"""
FINDINGS = """
    file varchar, log_no integer, code varchar, severity varchar, cell varchar, what_en varchar, what_tr varchar, cause_en varchar,
    cause_tr varchar, remedy_en varchar, remedy_tr varchar, count bigint, note varchar"""
CHECKS = """
    file varchar, log_no integer, source varchar, suite varchar, rule varchar, severity varchar, ok boolean, offending bigint,
    reason_en varchar, reason_tr varchar"""
INSTITUTIONS = "institution varchar, name_en varchar, name_tr varchar, country varchar, erasmus_code varchar, sample boolean, kind varchar"
ALIAS = ("institution", "written", "means")
ALIASES = ", ".join(f"{name} varchar" for name in ALIAS)
PUBLICATIONS = 'no integer, "at" timestamp, "by" varchar, reason varchar, files integer, digest varchar'


def fill(connection: DuckDBPyConnection, loaded: Sequence[Loaded], aliases: Sequence[Alias] = ()) -> None:
    """Writes ``board.files``, ``board.findings``, ``board.checks``, ``board.partner_aliases`` and ``board.institutions``."""
    events = {one.arrival.event.no: one.arrival.event for one in loaded}.values()
    _write(connection, "files", FILES, [_file(one) for one in loaded])
    _write(connection, "findings", FINDINGS, [row for event in events for row in _findings(event)])
    _write(connection, "checks", CHECKS, [row for event in events for row in _checks(event)])
    _write(connection, "partner_aliases", ALIASES, [dict(zip(ALIAS, alias, strict=True)) for alias in aliases])
    _write(connection, "institutions", INSTITUTIONS, _institutions(connection))


def announce(connection: DuckDBPyConnection, published: Iterable[Row], about: Row) -> None:
    """Writes ``board.publications`` and ``board.about`` (key, value as text): what the digest does not cover."""
    _write(connection, "publications", PUBLICATIONS, list(published))
    _write(connection, "about", "key varchar, value varchar", [{"key": key, "value": str(value)} for key, value in about.items()])


def publication(no: int, at: str, by: str, facts: Row) -> Row:
    """A row of ``board.publications``."""
    said = {"reason": facts.get("reason", ""), "files": len(facts["accepted"]), "digest": facts["digest"]}
    return {"no": no, "at": _moment(at), "by": by, **said}


def _write(connection: DuckDBPyConnection, name: str, columns: str, rows: list[Row]) -> None:
    connection.execute(f"create or replace table board.{name} ({columns})")
    if rows:
        connection.register("arriving", pa.Table.from_pylist(rows))
        connection.execute(f"insert into board.{name} by name select * from arriving")
        connection.unregister("arriving")


def _file(one: Loaded) -> Row:
    event, source, facts = one.arrival.event, one.arrival.source, one.arrival.event.facts
    own = facts["sources"][source]
    return {
        "file": facts["file"], "log_no": event.no, "accepted_at": _moment(event.at), "by": event.by, "source": source,
        "institution": ",".join(one.institutions) if len(one.institutions) <= MANY else None, "series": facts.get("series") or "",
        "part": facts.get("part") or "", "rank": facts.get("rank") or 0, "slot_years": spans(own.get("years") or []),
        "rows": own.get("rows"), "rows_on_air": one.rows, "prime": one.prime,
        "supersedes": _numbers(one.supersedes), "superseded_by": _numbers(one.superseded_by),
        "header": _json(facts.get("header") or []), "columns": _json(own.get("columns") or {}),
        **{name: facts.get(name) for name in ("name", "size", "layout", "sheet", "reason", "note", "status")},
    }  # fmt: skip


def spans(years: Iterable[int]) -> str:
    """2014, 2015, 2016, 2019 → “2014–2016, 2019”."""
    runs = [[year for _, year in run] for _, run in groupby(enumerate(sorted(set(years))), lambda pair: pair[1] - pair[0])]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _json(value: Any) -> str:
    return canonical(value).decode("ascii")


def _moment(text: str) -> datetime:
    """A UTC time of the log as DuckDB's timestamp, which has no zone."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _findings(event: Event) -> Iterator[Row]:
    for said in event.facts.get("findings") or []:
        turkish = said.get("tr") or {}
        row = {"file": event.facts["file"], "log_no": event.no, "note": said.get("note") or event.facts.get("note")}
        row |= {name: said.get(name) for name in ("code", "severity", "cell", "count")}
        row |= {f"{part}_en": said.get(part) for part in SENTENCES}
        yield row | {f"{part}_tr": turkish.get(part) or said.get(part) for part in SENTENCES}


def _checks(event: Event) -> Iterator[Row]:
    for told in event.facts.get("checks") or []:
        reason = told.get("reason") or {}
        known = {name: told.get(name) for name in ("source", "rule", "severity", "ok", "offending")}
        yield {"file": event.facts["file"], "log_no": event.no, "suite": told.get("suite") or told.get("source"), **known,
               "reason_en": reason.get("en"), "reason_tr": reason.get("tr")}  # fmt: skip


def _institutions(connection: DuckDBPyConnection) -> list[Row]:
    """Everybody with rows: named by the shipped profile, else by the files themselves, else by a charter list."""
    profiles, charter = register.profiles(), _charter(connection)
    rows = []
    for code, name, country in connection.execute(_WHO).fetchall():
        profile, listed = profiles.get(code, {}), charter.get(code, {})
        names = profile.get("name") or {}
        plain = name or listed.get("name") or code.replace("-", " ").title()
        rows.append(
            {
                "institution": code, "name_en": names.get("en") or plain, "name_tr": names.get("tr") or names.get("en") or plain,
                "country": profile.get("country") or country or listed.get("country"),
                "erasmus_code": profile.get("erasmus_code") or listed.get("erasmus_code"),
                "sample": bool(profile.get("sample")), "kind": profile.get("kind") or "university",
            }
        )  # fmt: skip
    return rows


_WHO = f"""
select institution, max(institution_name), max(institution_country)
from ({" union all ".join(f"select institution, institution_name, institution_country from facts.{source.name}"
      for source in sources().values() if "institution_name" in source.schema.names)})
where institution is not null group by institution order by institution"""  # fmt: skip


def _charter(connection: DuckDBPyConnection) -> dict[str, Row]:
    """Institution → its row of the newest charter list, or of another register where none has it; empty without one."""
    names = ("name", "country", "erasmus_code", "pic", "oid")
    found = connection.execute(
        f"select {', '.join(names)} from core.institutions where name is not null order by charter_to nulls first"
    ).fetchall()
    rows = [dict(zip(names, row, strict=True)) for row in found]
    lookup = register.register(rows)
    listed = ((lookup.get(register.erasmus_code(row["erasmus_code"] or "") or ""), row) for row in rows)
    return {code: row for code, row in listed if code}
