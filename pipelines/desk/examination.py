"""What the worker sees in a draft: the picture of its first rows, how it is read, what was found, what it would change.

The result is plain values (JSON): ``step`` says where a person has to go on: ``file`` (cannot be read), ``columns``, ``values``,
``findings`` or ``effect``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import compare, path
from pipelines.access.permissions import may
from pipelines.access.person import Person
from pipelines.desk import drafts, likeness, matching, remembered, worker
from pipelines.desk.drafts import DraftState
from pipelines.errors import Finding, MeridianError, Place, Refused
from pipelines.layouts import Layout, layouts
from pipelines.read import Sheet, read
from pipelines.receive import receive
from pipelines.sources import sources
from pipelines.store import Store
from pipelines.tidying.headers import META, fits, recognise
from pipelines.warehouse import current_path

MANY = 20
"""A file with more institutions names none of them."""
MOST_CELLS = 500
FAR = 50_000
"""Down to which row the words of faulty cells are shown."""
PARTS: tuple[Literal["what", "cause", "remedy"], ...] = ("what", "cause", "remedy")
SHARES = {"read": 0.1, "tidy": 0.25, "check": 0.4, "effect": 0.7}
"""How far a look is when a stage begins."""


def examine(store: Store, draft: DraftState, who: Person | None, tell: worker.Tell) -> dict[str, Any]:
    """Everything about a draft as it is now. Never raises for a fault of the file."""
    found: dict[str, Any] = {"step": "file", "pictures": [], "findings": [], "values": [], "cells": {}, "holders": []}
    try:
        sheets = _sheets(store, draft, tell)
    except MeridianError as error:
        return found | {"findings": _told(error.findings if isinstance(error, Refused) else [error.finding])}
    found["pictures"] = matching.preview(sheets)
    layout = _layout(store, draft, sheets, found["pictures"])
    if layout is None:
        return found | _columns(draft, found["pictures"])
    made = _through(store, draft, layout, drafts.tables(store, draft), sheets, tell)
    if made.received.sha256 not in ("", draft.sha256):  # columns of people were emptied: what came is not kept, not even in the draft
        data = made.received.path.read_bytes()
        made.received.path.unlink()
        return examine(store, drafts.add_file(store, drafts.load(store, draft.id), draft.name, data), who, tell)
    findings = [*made.findings, *_other_years(draft, made), *_on_air(store, made)]
    found |= {"layout": _plain(layout), "layout_id": layout.id, "kind": layout.kind, "answers": draft.answers, "rows": _rows(made)}
    found |= {"findings": _told(findings, _explained(layout)), "values": _values(store, draft, made), "cells": _cells(sheets, findings)}
    if made.tidied and not any(finding.severity == "error" for finding in findings):
        found |= _effect(store, draft, made, who, tell)
    return found | {"step": step(found, draft)}


def made(store: Store, draft: DraftState, folder: Path, tell: worker.Tell) -> path.Draft:
    """The draft once more through reading, tidying and checking. Raises what makes it unreadable, H106 without a layout."""
    sheets = _sheets(store, draft, tell)
    layout = _layout(store, draft, sheets, matching.preview(sheets))
    if layout is None:
        raise MeridianError("H106")
    again = _through(store, draft, layout, folder, sheets, tell)
    again.findings += _other_years(draft, again)
    return again


def effect(who: Person | None, told: dict[str, Any]) -> dict[str, Any]:
    """What was found about a draft, as a person may see it. What waits goes on air with it, of others too: theirs is not told."""
    if "impact" not in told:
        return told
    own = set(told["facts"]["institutions"]) - {"*"}

    def mine(one: dict[str, Any]) -> bool:
        whose, source = one.get("institution") or one.get("key", {}).get("institution") or "*", one.get("source")
        return whose in own or may(who, "upload", whose, source) or may(who, "approve", whose, source)

    limited = {name: [one for one in told["impact"][name] if mine(one)] for name in ("changes", "totals", "indicators", "goals")}
    return told | {"impact": told["impact"] | limited}


def open_findings(found: dict[str, Any], notes: dict[str, str]) -> list[dict[str, Any]]:
    """Errors, and queries that nobody has explained."""
    return [
        one
        for one in found.get("findings", ())
        if one["severity"] == "error" or (one["severity"] == "query" and not one.get("explained") and not notes.get(one["key"], "").strip())
    ]


def refusals(found: dict[str, Any] | None) -> dict[str, int]:
    """Code of an error → at how many places it stands: why the file cannot be published as it is."""
    codes: Counter[str] = Counter()
    for one in (found or {}).get("findings", ()):
        if one["severity"] == "error":
            codes[one["code"]] += one["count"]
    return dict(sorted(codes.items()))


def _sheets(store: Store, draft: DraftState, tell: worker.Tell) -> list[Sheet]:
    tell("read", SHARES["read"])
    received = receive(drafts.given(store, draft), draft.name)
    asked = layouts().get(draft.answers.get("layout") or "")
    delimiter, encoding = (asked.delimiter, asked.encoding) if asked else (None, None)
    return read(received, delimiter=draft.delimiter or delimiter, encoding=draft.encoding or encoding)


def _layout(store: Store, draft: DraftState, sheets: list[Sheet], pictures: list[dict[str, Any]]) -> Layout | None:
    """How the file is read: as the person explained it, else as one that was explained before, is shipped, or is our own template."""
    own = remembered.remembered(store)
    answers, source = draft.answers, sources()[draft.source]
    if answers.get("columns") is not None:
        if not matching.ready(answers, source, draft.year):
            return None
        return matching.made(answers, source, matching.header(pictures, answers), draft.year)
    if (named := answers.get("layout")) in {**layouts(), **own, **sources()}:
        return matching.adapted({**own, **layouts()}.get(named) or path.layout(named), answers, draft.year)
    try:
        known = recognise(sheets, draft.name, [*own.values()])
    except MeridianError:
        return None
    whole = any(sheet.name == META for sheet in sheets) or fits(sheets, known)[0]
    feeds = {feed.source for feed in known.feeds}
    return matching.adapted(known, answers, draft.year) if whole and draft.source in feeds else None


def _columns(draft: DraftState, pictures: list[dict[str, Any]]) -> dict[str, Any]:
    """What is to be answered about the table: proposals where nothing has been said yet."""
    source, answers = sources()[draft.source], draft.answers
    if answers.get("columns") is None:
        where: dict[str, Any] = {name: answers[name] for name in ("sheet", "row", "rows") if name in answers}
        proposed = matching.propose(pictures, source)
        answers = proposed | ({**where, **matching.columns_of(pictures, proposed | where, source)} if where else {})
    asked = matching.missing(answers, source, draft.year)
    return {
        "step": "columns", "answers": answers, "header": matching.header(pictures, answers),
        "missing": [column.name for column in asked], "unclear": matching.unclear(answers, source),
        "doubled": matching.doubled(answers, source),
    }  # fmt: skip


def _through(store: Store, draft: DraftState, layout: Layout, folder: Path, sheets: list[Sheet], tell: worker.Tell) -> path.Draft:
    """Shipped layouts that nothing was said about go by their name; any other comes with the file."""
    known = layouts().get(layout.id) or (path.layout(layout.id) if layout.id in sources() else None)
    way: dict[str, Any] = {"layout": layout.id} if layout == known else {"given": _plain(layout)}
    whose = None if draft.institution == "*" else draft.called or draft.institution
    choices = path.Choices(
        **way, institution=whose, home=draft.home, status=draft.status, delimiter=draft.delimiter, encoding=draft.encoding,
        part=draft.part or None, fixes=draft.fixes or None,
    )  # fmt: skip
    return path.draft(
        drafts.given(store, draft), choices, folder, current_path(store.path), name=draft.name, sheets=list(sheets), notes=draft.notes,
        tell=lambda stage: tell(stage, SHARES[stage]),
    )  # fmt: skip


def _plain(layout: Layout) -> dict[str, Any]:
    return matching.told(layout)


def _other_years(draft: DraftState, made: path.Draft) -> list[Finding]:
    """A file of another year than the one chosen is asked about."""
    years = sorted({year for facts in made.facts.values() for year in facts["years"]})
    if draft.year is None or not years or years == [draft.year]:
        return []
    told = {"found": ", ".join(map(str, years[:12])), "chosen": draft.year}
    return [Finding("H104", Place(draft.name), told)]


def _on_air(store: Store, made: path.Draft) -> list[Finding]:
    """The very same file, read in the same way, that was accepted before and still stands."""
    before = path.earlier(store, made) if made.tidied and not made.errors else None
    if before is None:
        return []
    return [Finding("H102", Place(made.received.name), {"no": before.no, "day": before.at[:10], "by": before.by})]


def _rows(made: path.Draft) -> dict[str, int]:
    return {source: facts["rows"] for source, facts in made.facts.items()}


def _effect(store: Store, draft: DraftState, made: path.Draft, who: Person | None, tell: worker.Tell) -> dict[str, Any]:
    """Facts of the file, and what it would change. What cannot be published (goals that cannot be judged) is a finding of it."""
    tell("effect", SHARES["effect"])
    facts = path.described(made) | {"institutions": _institutions(made)}
    try:
        impact = compare.impact(store, facts, made.parquets, draft.by)
    except MeridianError as error:
        return {"findings": _told([*made.findings, *(error.findings if isinstance(error, Refused) else [error.finding])])}
    return {"facts": facts, "impact": impact, "holders": impact["holders"], "foreign": _foreign(who, facts)}


def _institutions(made: path.Draft) -> list[str]:
    """Whose rows the file holds; "*" where they are too many to name, or none is named."""
    found: set[str] = set()
    for parquet in made.parquets.values():
        if "institution" in pq.read_schema(parquet).names:
            found |= {code or "*" for code in pc.unique(pq.read_table(parquet, columns=["institution"])["institution"]).to_pylist()}
        else:
            found.add("*")
    return sorted(found) if len(found) <= MANY else ["*"]


def _foreign(who: Person | None, facts: dict[str, Any]) -> list[str]:
    """Institutions for which the person may not hand in."""
    return [name for name in facts["institutions"] if not all(may(who, "upload", name, source) for source in facts["sources"])]


def _values(store: Store, draft: DraftState, made: path.Draft) -> list[dict[str, Any]]:
    """The distinct words that are to be answered once for all rows: unknown ones first, then names that are nearly known ones."""
    asked = []
    for finding in made.findings:
        if "ours" in finding.values and finding.code.startswith("W1"):
            told = {name: finding.values.get(name) for name in ("word", "kind", "candidates")}
            asked.append(
                told
                | {"column": finding.values["ours"], "suggestion": finding.values.get("suggested"), "rows": finding.count, "must": True}
                | {"cells": [place.cell for place in finding.places[:5]]}
            )
    return asked + likeness.near_names(store, draft, made)


def _cells(sheets: list[Sheet], findings: Iterable[Finding]) -> dict[str, str]:
    """The words that stand in the cells of findings: place → text."""
    wanted = [place for one in findings for place in (one.places or (one.place,)) if place.row and place.column and place.row <= FAR]
    found: dict[str, str] = {}
    for sheet in sheets:
        here = [place for place in wanted if place.sheet == sheet.name][:MOST_CELLS]
        rows = sheet.peek(max((place.row or 0 for place in here), default=0)) if here else []
        for place in here:
            row = rows[(place.row or 1) - 1] if (place.row or 1) <= len(rows) else []
            found[place.cell] = row[(place.column or 1) - 1] if (place.column or 1) <= len(row) else ""
    return found


def _told(findings: Iterable[Finding], explained: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """Findings in both languages, with a suggestion for the cell and whether the layout has answered the query once and for all."""
    return [
        one.as_dict("en") | {"tr": {part: one.say(part, "tr") for part in PARTS}, "fix": _fix(one), "explained": one.code in explained}
        for one in findings
    ]


def _explained(layout: Layout) -> frozenset[str]:
    return frozenset(one.rule for one in layout.explained)


def _fix(finding: Finding) -> str:
    suggested = finding.values.get("suggestion")
    return str(suggested) if suggested and finding.code.startswith(("W3", "W4")) else ""


def step(found: dict[str, Any], draft: DraftState) -> str:
    """Where a person goes on: words before cells, cells before the effect. Notes may have been written since the worker looked."""
    if "rows" not in found:
        return found["step"]
    if not found["rows"] and not any(one["severity"] == "error" for one in found["findings"]):
        return "file"
    if any(one["must"] for one in found["values"]):
        return "values"
    return "findings" if open_findings(found, draft.notes) or not found.get("facts") else "effect"


def summary(found: dict[str, Any]) -> Counter[str]:
    """How many errors, queries and remarks there are."""
    return Counter(one["severity"] for one in found.get("findings", ()))
