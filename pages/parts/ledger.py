"""The Data page: accepted files, findings, checks of every suite, publications."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import streamlit as st

from pages.parts import data, markup, tables
from pages.parts.data import Row, kept, version
from pages.parts.selection import Visit
from pipelines import answers
from pipelines.figures import Column, Table
from pipelines.language import Language
from pipelines.sources import sources

VIEWS = ("files", "findings", "checks", "publications")
MOST = 200
"""Rows shown of a list."""
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
    return answers.questions(version(), institution)


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
    say, mine = visit.say, files(visit)
    columns = (
        Column(say("File")),
        Column(say("Dataset")),
        Column(say("Years")),
        Column(say("Rows"), "count"),
        Column(say("Accepted")),
        Column(say("Reason")),
        Column(say("State")),
    )
    names = {row["log_no"]: row["name"] for row in data.files()}
    tables.told(columns, [_file(row, names, say) for row in mine[:MOST]], say("Files"), "files")
    markup.paragraph(
        say("Every file is kept as it was handed in, under its fingerprint (SHA-256): its first eight signs stand below its name.")
    )
    with st.expander(say("Full fingerprints")):
        tables.plain((say("File"), say("Fingerprint (SHA-256)")), [(row["name"], row["file"] or "") for row in mine], say)
    with st.expander(say("Which column became which")):
        for row in mine[:40]:
            _columns(row, say)


def _file(row: Row, names: dict[int, str], say: Language) -> tuple[tables.Lines, ...]:
    """One file: its name and fingerprint, what it feeds, when and by whom it was accepted and why, and what became of it."""
    layout = "" if row["layout"] in (row["source"], "", None) else say("layout {name}", name=row["layout"])
    series = "" if row["series"] in (row["source"], "", None) else say("series {name}", name=row["series"])
    return (
        (row["name"], f"{(row['file'] or '')[:8]}|{row['file'] or ''}", layout),
        (_source(row["source"], say), series),
        _years(row["slot_years"], say),
        say.number(row["rows"]),
        (say.moment(row["accepted_at"]), row["by"] or ""),
        (row["reason"] or say.number(None), say("Note: {words}", words=row["note"]) if row["note"] else ""),
        _state(row, names, say),
    )


def _state(row: Row, names: dict[int, str], say: Language) -> tuple[str, ...]:
    """Whether a file's rows are shown, stand beside the primary series, or have been superseded, and by which file."""
    later = ", ".join(names.get(int(no), no) for no in (row["superseded_by"] or "").split(", ") if no)
    earlier = ", ".join(names.get(int(no), no) for no in (row["supersedes"] or "").split(", ") if no)
    by = say("by {file}", file=later) if later else ""
    instead = say("in place of {file}", file=earlier) if earlier else ""
    if later and not row["rows_on_air"]:
        return say("superseded"), by, instead
    main = say("shown, primary series") if row["prime"] else say("second series: stands beside the primary one")
    return main, say("superseded in part") if later else "", by, instead


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
    mine = [row for row in findings() if row["file"] in named]
    if not mine:
        markup.paragraph(say("No findings: every file was clean."))
        return
    columns = (Column(say("Kind")), Column(say("Where")), Column(say("What")), Column(say("What to do")), Column(say("Note")))
    tables.told(columns, [_finding(row, named[row["file"]], say) for row in mine[:MOST]], say("Findings"), "findings")


def _finding(row: Row, name: str, say: Language) -> tuple[tables.Lines, ...]:
    words = {"error": say("error"), "query": say("question"), "info": say("remark")}
    places = say.many("{n} place", "{n} places", row["count"]) if (row["count"] or 0) > 1 else ""
    unanswered = say("no answer yet") if row["severity"] == "query" else say.number(None)
    return (
        (f"{SIGN[row['severity']]} {words[row['severity']]}", row["code"]),
        (name, row["cell"] or "", places),
        (row[f"what_{say.code}"], row[f"cause_{say.code}"] or ""),
        row[f"remedy_{say.code}"] or "",
        row["note"] or unanswered,
    )


def _checks(visit: Visit) -> None:
    """Every rule once: in how many files it was put to the test, and where it did not hold."""
    say, named = visit.say, {row["file"]: row["name"] for row in files(visit)}
    mine = [row for row in checks() if row["file"] in named]
    good = sum(row["ok"] for row in mine)
    markup.paragraph(say("{good} of {all} checks passed, over all rows of every file.", good=say.number(good), all=say.number(len(mine))))
    rules: dict[tuple[str, str], list[Row]] = {}
    for row in mine:
        rules.setdefault((row["suite"], row["rule"]), []).append(row)
    ranked = sorted(rules.items(), key=lambda one: (all(row["ok"] for row in one[1]), one[0]))
    columns = (
        Column(say("Result")),
        Column(say("Rule")),
        Column(say("Reason")),
        Column(say("Files"), "count"),
        Column(say("Rows concerned"), "count"),
    )
    tables.told(columns, [_rule(found, named, say) for _, found in ranked], say("Checks"), "checks")


def _rule(found: list[Row], named: dict[str, str], say: Language) -> tuple[tables.Lines, ...]:
    words = {"error": say("an error where it fails"), "query": say("a question where it fails"), "info": say("a remark where it fails")}
    first, failed = found[0], [row for row in found if not row["ok"]]
    return (
        ("✖ " + say("not passed") if failed else "✔ " + say("passed"), *(named[row["file"]] for row in failed)),
        (first["rule"], _source(first["suite"], say), words.get(first["severity"], "")),
        first[f"reason_{say.code}"] or "",
        say.number(len(found)),
        say.number(sum(row["offending"] or 0 for row in failed)),
    )


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
        (row["no"], say.moment(row["at"]), row["by"] or "", row["reason"] or "", row["files"], (row["digest"] or "")[:12])
        for row in publications()
    )
    tables.show(
        Table(columns, rows),
        say,
        say("A publication is a list of accepted files. It can be built again from them and gives the same digest."),
    )
