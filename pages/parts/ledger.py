"""The Data page: accepted files, findings, checks of every suite, publications."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import streamlit as st

from pages.parts import data, markup, tables
from pages.parts.data import Row, kept, version
from pages.parts.selection import Visit
from pipelines.figures import Column, Table
from pipelines.language import Language
from pipelines.sources import sources

VIEWS = ("files", "findings", "checks", "publications")
SIGN = {"error": "✖", "query": "?", "info": "i"}


def view(visit: Visit) -> Callable[[str], str]:
    say = visit.say
    return {"files": say("Files"), "findings": say("Findings"), "checks": say("Checks"), "publications": say("Publications")}.__getitem__


def files(visit: Visit) -> list[Row]:
    """Files of the institution on the page; files of several institutions belong to each."""
    return [row for row in data.files() if visit.institution.id in (row["institution"] or visit.institution.id).split(",")]


@kept
def findings() -> list[Row]:
    return version().rows(
        "select * from board.findings order by case severity when 'error' then 0 when 'query' then 1 else 2 end, file, code"
    )


@kept
def checks() -> list[Row]:
    return version().rows(
        "select * from board.checks order by ok, case severity when 'error' then 0 when 'query' then 1 else 2 end, suite, rule"
    )


@kept
def publications() -> list[Row]:
    return version().rows("select * from board.publications order by no desc")


@kept
def questions(institution: str) -> int:
    """How many questions the files of an institution raised that nobody has answered by a note."""
    own = {row["file"] for row in data.files() if institution in (row["institution"] or "").split(",")}
    return sum(1 for row in findings() if row["severity"] == "query" and row["file"] in own and not row["note"])


def sentence(visit: Visit) -> str:
    say, mine = visit.say, files(visit)
    rows = sum(row["rows"] or 0 for row in mine)
    own = {row["file"] for row in mine}
    by = Counter(row["severity"] for row in findings() if row["file"] in own)
    found = ", ".join(
        filter(
            None,
            (
                say.many("{n} question", "{n} questions", by["query"]) if by["query"] else "",
                say.many("{n} remark", "{n} remarks", by["info"]) if by["info"] else "",
            ),
        )
    )
    size = f"{say.many('{n} file', '{n} files', len(mine))}, {say.many('{n} row', '{n} rows', rows)}."
    return f"{size} {say('Findings: {found}.', found=found or say('none'))}"


def show(visit: Visit, name: str) -> None:
    """One of the four views."""
    {"files": _files, "findings": _findings, "checks": _checks, "publications": _publications}[name](visit)


def _files(visit: Visit) -> None:
    say = visit.say
    columns = (
        Column(say("File")),
        Column(say("Dataset")),
        Column(say("Series")),
        Column(say("Years")),
        Column(say("Rows"), "count"),
        Column(say("Layout")),
        Column(say("Accepted")),
        Column(say("Accepted by")),
        Column(say("Reason")),
        Column(say("Fingerprint (SHA-256)")),
    )
    rows = tuple(
        (
            row["name"],
            _source(row["source"], say),
            "" if row["series"] == row["source"] else row["series"] or "",
            _years(row["slot_years"], say),
            row["rows"],
            say("ours") if row["layout"] in (row["source"], "", None) else row["layout"],
            say.moment(row["accepted_at"]),
            row["by"] or "",
            row["reason"] or "",
            (row["file"] or "")[:16],
        )
        for row in files(visit)
    )
    tables.show(Table(columns, rows), say, say("Every file is kept as it was handed in, under its fingerprint."))
    with st.expander(say("Which column became which")):
        for row in files(visit)[:40]:
            _columns(row, say)


def _columns(row: Row, say: Language) -> None:
    found = json.loads(row["columns"]) if isinstance(row["columns"], str) else row["columns"] or {}
    source = sources().get(row["source"])
    if found and source:
        titles = {column.name: say.pick(column.title) for column in source.columns}
        listed = ", ".join(f"{place}: {titles.get(name, name)}" for name, place in found.items())
        markup.paragraph(f"{row['name']} — {listed}")


def _source(name: str, say: Language) -> str:
    return say.pick(sources()[name].title) if name in sources() else name


def _years(text: str | None, say: Language) -> str:
    years = sorted(int(part) for part in (text or "").replace(" ", "").split(",") if part.isdigit())
    if not years:
        return text or ""
    return say.year(years[0]) if len(years) == 1 else f"{say.year(years[0])} – {say.year(years[-1])}"


def _findings(visit: Visit) -> None:
    say, named = visit.say, {row["file"]: row["name"] for row in files(visit)}
    words = {"error": say("error"), "query": say("question"), "info": say("remark")}
    rows = [
        (
            f"{SIGN[row['severity']]} {words[row['severity']]}",
            named[row["file"]],
            row["cell"] or "",
            row[f"what_{say.code}"],
            row[f"cause_{say.code}"] or "",
            row[f"remedy_{say.code}"] or "",
            say.number(row["count"]),
            row["note"] or "",
            row["code"],
        )
        for row in findings()
        if row["file"] in named
    ]
    if rows:
        tables.plain(
            (
                say("Kind"),
                say("File"),
                say("Cell"),
                say("What"),
                say("Probable cause"),
                say("What to do"),
                say("Places"),
                say("Note"),
                say("Code"),
            ),
            rows,
            say,
        )
    else:
        markup.paragraph(say("No findings: every file was clean."))


def _checks(visit: Visit) -> None:
    say, named = visit.say, {row["file"]: row["name"] for row in files(visit)}
    mine = [row for row in checks() if row["file"] in named]
    good = sum(row["ok"] for row in mine)
    markup.paragraph(say("{good} of {all} checks passed, over all rows of every file.", good=say.number(good), all=say.number(len(mine))))
    rows = [
        (
            "✔ " + say("passed") if row["ok"] else "✖ " + say("not passed"),
            row["suite"],
            row["rule"],
            row[f"reason_{say.code}"] or "",
            say.number(row["offending"]),
            named[row["file"]],
        )
        for row in mine
    ]
    tables.plain((say("Result"), say("Suite"), say("Rule"), say("Reason"), say("Rows concerned"), say("File")), rows, say)


def _publications(visit: Visit) -> None:
    say = visit.say
    columns = (
        Column(say("Number"), "count"),
        Column(say("Published")),
        Column(say("Published by")),
        Column(say("Reason")),
        Column(say("Files"), "count"),
        Column(say("Digest")),
    )
    rows = tuple(
        (row["no"], say.moment(row["at"]), row["by"] or "", row["reason"] or "", row["files"], (row["digest"] or "")[:16])
        for row in publications()
    )
    tables.show(
        Table(columns, rows),
        say,
        say("A publication is a list of accepted files. It can be built again from them and gives the same digest."),
    )
