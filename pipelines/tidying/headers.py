"""Where the table begins and which column is which: the header row found, its names matched, what is missing or unread named."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pipelines.codes.words import fold
from pipelines.errors import Finding, MeridianError, Place, Refused, letters
from pipelines.layouts import Layout, layout, layouts, template
from pipelines.read import Sheet
from pipelines.sources import sources

META = "_meta"
"""The hidden sheet of our own workbooks: it names template and version."""
ALMOST = 0.6
"""From which part of its header on a file is taken for one of a layout although a column is missing."""


@dataclass
class Located:
    """A table found: its sheet, the header's first row (1-based), and the supplier's fields by column position (1-based)."""

    sheet: Sheet
    row: int
    names: list[str]
    positions: dict[str, int]
    findings: list[Finding] = field(default_factory=list)


def locate(sheets: list[Sheet], chosen: Layout, file: str) -> Located:
    """The table that the layout describes. Raises Refused with every missing or doubled column."""
    candidates = _named(sheets, chosen, file)
    best = max((_best_row(sheet, chosen) for sheet in candidates), key=lambda found: found[0])
    score, sheet, row, names = best
    wanted = _required(chosen)
    if (chosen.header.find and score < len(chosen.header.find)) or score < max(1, min(2, len(wanted))):
        first = next((" | ".join(r)[:120] for s in candidates for r in s.peek(1)), "–")
        raise Refused([Finding("T101", Place(file, candidates[0].name, 1), {"wanted": ", ".join(wanted), "first": first})])
    positions, findings = _match(names, chosen, Place(file, sheet.name, row))
    findings += _other_sheets(candidates, chosen, sheet, file)
    if any(finding.severity == "error" for finding in findings):
        raise Refused(findings)
    return Located(sheet, row, names, positions, findings)


def locate_all(sheets: list[Sheet], chosen: Layout, file: str) -> list[Located]:
    """The table on one sheet, or on every sheet where the layout reads them all. Raises Refused with the faults of all sheets."""
    if chosen.sheets == "one":
        return [locate(sheets, chosen, file)]
    located: list[Located] = []
    faults: list[Finding] = []
    without: list[str] = []
    for sheet in _named(sheets, chosen, file):
        if len(_found(_best_row(sheet, chosen)[3], chosen)) < max(2, ALMOST * len(_required(chosen))):
            without.append(sheet.name or "")
            continue
        try:
            located.append(locate([sheet], chosen, file))
        except Refused as refused:
            faults += refused.findings
    if faults:
        raise Refused(faults)
    if not located:
        return [locate(sheets, chosen, file)]
    if without:
        told = {"others": ", ".join(without), "sheets": len(located)}
        located[0].findings.append(Finding("T128", Place(file, without[0]), told, len(without)))
    return located


def recognise(sheets: list[Sheet], file: str, remembered: Sequence[Layout] = ()) -> Layout:
    """The layout that fits: what our own workbook says it is, else the one whose columns are all there.

    ``remembered`` are those that people here have explained before; of equals they win. Where none fits wholly, the one that explains most
    of the header, so that its missing column can be named. Raises T118.
    """
    for sheet in sheets:
        if sheet.name == META and sheet.rows and len(sheet.peek(1)[0]) > 1 and sheet.peek(1)[0][1] in sources():
            return layout(sheet.peek(1)[0][1])
    known = [*remembered, *layouts().values(), *(template(source) for source in sources().values())]
    fit, best = max(((fits(sheets, one), one) for one in known), key=lambda pair: pair[0])
    if fit > (False, ALMOST):
        return best
    first = next((" | ".join(row)[:160] for sheet in sheets for row in sheet.peek(1)), "–")
    raise MeridianError("T118", Place(file), first=first, known=", ".join(one.id for one in known))


def fits(sheets: list[Sheet], chosen: Layout) -> tuple[bool, float]:
    """Whether every required column is there, and how much of the header the layout explains."""
    best = (False, 0.0)
    for sheet in sheets:
        names = [name for name in _best_row(sheet, chosen)[3] if name]
        found = _found(names, chosen)
        if len(found) > 1:
            known = len(found) + sum(any(_spelt(word, (fold(name),)) for word in (*chosen.ignore, *chosen.people)) for name in names)
            best = max(best, (set(_required(chosen)) <= found, known / len(names)))
    return best


def _named(sheets: list[Sheet], chosen: Layout, file: str) -> list[Sheet]:
    """The sheets that may hold the table. Raises T105, or T117 where nothing but our own lists is in the workbook."""
    data = [sheet for sheet in sheets if sheet.name != META and not (sheet.name or "").startswith("_") and sheet.rows]
    if chosen.sheet:
        data = [sheet for sheet in data if re.search(chosen.sheet, sheet.name or "")]
    if not data and chosen.sheet:
        names = ", ".join(str(sheet.name) for sheet in sheets) or "–"
        raise MeridianError("T105", Place(file), wanted=chosen.sheet, sheets=names)
    if not data:
        raise MeridianError("T117", Place(file))
    return data


def _other_sheets(candidates: list[Sheet], chosen: Layout, read: Sheet, file: str) -> list[Finding]:
    """Sheets with the same columns and rows below them: they are not read, which must not go unsaid.

    In our own shape also one that has most of them: a misspelt header must not hide a whole sheet.
    """
    most = max(2, ALMOST * len(_found(_best_row(read, chosen)[3], chosen)))
    others = []
    for sheet in candidates:
        _, _, row, names = _best_row(sheet, chosen)
        found = _found(names, chosen)
        alike = set(_required(chosen)) <= found or (chosen.kind != "supplier" and len(found) >= most)
        if sheet is not read and alike and sheet.rows >= row + chosen.header.rows:
            others.append(sheet.name or "")
    told = {"sheet": read.name, "others": ", ".join(others)}
    return [Finding("T121", Place(file, others[0]), told, len(others))] if others else []


def _best_row(sheet: Sheet, chosen: Layout) -> tuple[int, Sheet, int, list[str]]:
    """(score, sheet, row, names) of the row that looks most like the header.

    Of equals the first; of headers of several rows the last, because the rows above them may be blank.
    """
    rows = sheet.peek(chosen.header.within)
    if chosen.header.row:
        names = joined(rows, chosen.header.row, chosen.header.rows) if len(rows) >= chosen.header.row else []
        return len(_found(names, chosen)), sheet, chosen.header.row, names
    count = chosen.header.rows
    scored = [(_score(joined(rows, number, count), chosen), number) for number in range(1, len(rows) + 2 - count)]
    score, row = max(scored, key=lambda found: (found[0], found[1] if count > 1 else -found[1]), default=(0, 1))
    return score, sheet, row, joined(rows, row, count)


def _score(names: list[str], chosen: Layout) -> int:
    if chosen.header.find:
        words = {fold(name) for name in names}
        return len(chosen.header.find) if all(_spelt(word, words) for word in chosen.header.find) else 0
    return len(_found(names, chosen))


def joined(rows: list[list[str]], row: int, count: int) -> list[str]:
    """A header of several rows as one: upper words filled to the right, joined by " / "."""
    if count == 1:
        return rows[row - 1] if row else []
    parts = rows[row - 1 : row - 1 + count]
    width = max(map(len, parts))
    filled = []
    for part in parts:
        last, line = "", []
        for word in [*part, *[""] * (width - len(part))]:
            last = word or (last if part is not parts[-1] else "")
            line.append(last)
        filled.append(line)
    return [" / ".join(dict.fromkeys(w for w in words if w)) for words in zip(*filled, strict=True)]


def _found(names: list[str], chosen: Layout) -> set[str]:
    words = {fold(name) for name in names if name}
    return {one for one, spellings in chosen.fields.items() if any(_spelt(spelling, words) for spelling in spellings)}


def _spelt(spelling: str, words: Collection[str]) -> bool:
    """Whether a folded word is spelt so. A spelling that ends in … stands for every name that begins with it: “Fiscal Year …”."""
    if spelling.endswith("…"):
        begin = fold(spelling[:-1])
        return any(word.startswith(begin) for word in words)
    return fold(spelling) in words


def _match(names: list[str], chosen: Layout, header: Place) -> tuple[dict[str, int], list[Finding]]:
    """Field → position. A spelling that stands earlier in a field's list wins over a later one in another column."""
    positions: dict[str, int] = {}
    findings: list[Finding] = []
    taken: set[int] = set()
    folded = [fold(name) for name in names]
    for rank in range(max(map(len, chosen.fields.values()))):
        for one, spellings in chosen.fields.items():
            if rank >= len(spellings) or one in positions:
                continue
            here = [at for at, word in enumerate(folded, 1) if word and at not in taken and _spelt(spellings[rank], (word,))]
            if len(here) > 1:
                places = ", ".join(letters(at) for at in here)
                findings.append(Finding("T104", _at(header, here[1]), {"column": names[here[0] - 1], "letters": places}))
            if here:
                positions[one] = here[0]
                taken.update(here)
    # A missing column is said together with the unread ones: it is probably among them.
    missing = _missing(names, positions, chosen, header)
    return positions, [*findings, *(missing or _unread(names, taken, chosen, header))]


def _missing(names: list[str], positions: dict[str, int], chosen: Layout, header: Place) -> list[Finding]:
    unread = ", ".join(name for at, name in enumerate(names, 1) if name and at not in positions.values()) or "–"
    return [
        Finding("T102", header, {"column": _title(chosen, one), "unread": unread, "names": ", ".join(chosen.fields[one][:4])})
        for one in [*_required(chosen), *_number(chosen, positions)]
        if one not in positions
    ]


def _number(chosen: Layout, positions: dict[str, int]) -> list[str]:
    """The column of the number, where a table in our own shape has none at all: it would count nothing."""
    feed = chosen.feeds[0]
    if chosen.kind != "template" or not feed.value_column:
        return []
    counts = {feed.value_column, *(column.name for column in sources()[feed.source].columns if column.kind == "count")}
    return [] if counts & set(positions) else [feed.value_column]


def _unread(names: list[str], taken: set[int], chosen: Layout, header: Place) -> list[Finding]:
    """A supplier's further columns are told; in our own shape a column too many may be a misspelt one, so that is asked."""
    people = [at for at, name in enumerate(names, 1) if any(_spelt(word, (fold(name),)) for word in chosen.people)]
    told = [Finding("T133", _at(header, at), {"column": names[at - 1]}) for at in people]
    if "*" in chosen.ignore:
        return told
    taken = taken | set(people)
    code = "T103" if chosen.kind == "supplier" else "T106"
    return told + [
        Finding(code, _at(header, at), {"column": name, "layout": chosen.id})
        for at, name in enumerate(names, 1)
        if name and at not in taken and not any(_spelt(word, (fold(name),)) for word in chosen.ignore)
    ]


def _required(chosen: Layout) -> list[str]:
    return [one for one in chosen.fields if one not in chosen.optional]


def _title(chosen: Layout, one: str) -> str:
    return chosen.fields[one][min(1, len(chosen.fields[one]) - 1)] if chosen.kind == "template" else chosen.fields[one][0]


def _at(header: Place, column: int) -> Place:
    return Place(header.file, header.sheet, header.row, column)
