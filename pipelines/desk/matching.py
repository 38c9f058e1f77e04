"""An office's own workbook explained: where its table is, which column is which, what its words mean. Answers become a layout.

Remembered layouts come first, then names; what is left is asked. Nothing is matched by likeness alone: a likeness is a suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rapidfuzz import fuzz, process

from pipelines.codes.words import fold
from pipelines.layout_parts import Feed, Header, Unpivot
from pipelines.layouts import Layout, template
from pipelines.read import Sheet
from pipelines.sources import Column, Source, sources
from pipelines.tidying.headers import META, joined

SHOWN_ROWS, SHOWN_COLUMNS = 14, 40
CONFIDENT, LIKELY = 90, 80
"""From 90 of 100 on a column is matched beforehand, from 80 on it is suggested; below that it is asked without a suggestion."""
NOT_READ = ""
TOTAL = "="
"""Instead of a column of ours: the file's column is not read; it is the sum of the columns beside it."""
PEOPLE = {
    "female": ("kadın", "k", "kız", "female", "women", "f", "w", "mujer", "bayan"),
    "male": ("erkek", "e", "male", "men", "m", "hombre", "bay"),
    TOTAL: ("toplam", "t", "total", "all", "genel toplam", "sum"),
}
"""Heads of columns that count women, men and all."""


def preview(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """The first rows of every sheet, as they stand, for the picture on which the header can be moved."""
    shown = (sheet for sheet in sheets if sheet.name != META and sheet.rows and not (sheet.name or "").startswith("_"))
    return [{"name": sheet.name, "hidden": sheet.hidden, "rows": _first_rows(sheet)} for sheet in shown]


def _first_rows(sheet: Sheet) -> list[list[str]]:
    return [[word[:80] for word in row[:SHOWN_COLUMNS]] for row in sheet.peek(SHOWN_ROWS)]


def propose(pictures: Sequence[dict[str, Any]], source: Source) -> dict[str, Any]:
    """The best guess of all answers: sheet, header row, columns, and what the file does not say. Every part of it can be changed."""
    best: tuple[float, dict[str, Any]] = (-1.0, {"sheet": None, "row": 1, "rows": 1})
    for at, picture in enumerate(pictures):
        for row in range(1, len(picture["rows"]) + 1):
            for count in (1, 2):
                found = names(picture, row, count)
                if found is None:
                    continue
                score = _worth(found, source) - 0.01 * row - 0.2 * (count - 1) - 0.001 * at
                if score > best[0]:
                    best = (score, {"sheet": picture["name"], "row": row, "rows": count})
    return best[1] | columns_of(pictures, best[1], source) | {"constants": {}}


def columns_of(pictures: Sequence[dict[str, Any]], where: dict[str, Any], source: Source) -> dict[str, Any]:
    """The proposed columns below a header: by exact name at once, by likeness as a suggestion to confirm."""
    heads = header(pictures, where)
    matched: dict[str, str] = {}
    stands: dict[str, Any] = {}
    for name in heads:
        code = exact(name, source)
        if code and code not in matched.values():
            matched[name] = code
    for name in (one for one in heads if one not in matched):
        column, score = _likest(name, source)
        if column and score >= CONFIDENT and column not in matched.values():
            matched[name] = column
    value = measured(source)
    people = {name: who for name in heads if (who := _who(name)) and value}
    if {"female", "male"} <= set(people.values()):
        matched = {name: code for name, code in matched.items() if code != value or name in people} | dict.fromkeys(
            (name for name, who in people.items() if who != TOTAL), value or ""
        )
        stands = {name: {"gender": who} for name, who in people.items() if who != TOTAL}
        matched |= {name: TOTAL for name, who in people.items() if who == TOTAL}
    return {"columns": matched, "stands": stands}


def header(pictures: Sequence[dict[str, Any]], where: dict[str, Any]) -> list[str]:
    """The names of the columns below the chosen header row, in order; columns without a name have none."""
    picture = next((one for one in pictures if one["name"] == where.get("sheet")), pictures[0] if pictures else None)
    found = names(picture, where["row"], where.get("rows", 1)) if picture else None
    return [name for name in dict.fromkeys(found or ()) if name.strip()]


def measured(source: Source) -> str | None:
    """Our column that holds the number of a row."""
    return Feed(source=source.name).value_column


def missing(answers: dict[str, Any], source: Source, year: int | None) -> list[Column]:
    """Required columns that neither the file nor an answer fills; institution and year were chosen beforehand and are not missing."""
    told = (
        ({source.year} if year else set())
        | set(answers.get("columns", {}).values())
        | {name for name, word in answers.get("constants", {}).items() if word}
    )
    needed = [column for column in source.columns if column.required and column.name not in ("institution", *told)]
    value = measured(source)
    if value and value not in told and not any(column.kind == "count" and column.name in told for column in source.columns):
        needed.append(source.column(value))
    return needed


def unclear(answers: dict[str, Any], source: Source) -> list[str]:
    """Columns of numbers that do not say what they stand for, where there are several of them."""
    value = measured(source)
    counted = [name for name, code in answers.get("columns", {}).items() if code == value]
    return [name for name in counted if len(counted) > 1 and not answers.get("stands", {}).get(name)]


def doubled(answers: dict[str, Any], source: Source) -> list[str]:
    """Columns of ours that two of the file's claim, other than the number's."""
    claimed = [code for code in answers.get("columns", {}).values() if code not in (NOT_READ, TOTAL, measured(source))]
    return sorted({code for code in claimed if claimed.count(code) > 1})


def ready(answers: dict[str, Any], source: Source, year: int | None) -> bool:
    """Whether the answers make a layout."""
    return bool(answers.get("row")) and not (missing(answers, source, year) or unclear(answers, source) or doubled(answers, source))


def made(answers: dict[str, Any], source: Source, heads: Sequence[str], year: int | None) -> Layout:
    """The answers as a layout. ``heads`` are all names of the header: those that are not read are named as such."""
    value = measured(source) or ""
    columns: dict[str, str] = answers.get("columns", {})
    counted = [name for name, code in columns.items() if code == value]
    fields: dict[str, tuple[str, ...]] = {_field(name): (name,) for name, code in columns.items() if code != NOT_READ}
    stand = {name: code for name, code in columns.items() if code not in (NOT_READ, TOTAL) and (code != value or len(counted) < 2)}
    plain: dict[str, str | tuple[str, ...]] = {code: _field(name) for name, code in stand.items()}
    parts = [Unpivot(field=_field(name), set=answers["stands"][name]) for name in counted] if len(counted) > 1 else []
    sheet = answers.get("sheet")
    explained = Layout(
        id="own",
        title={"en": answers.get("title") or "Own workbook", "tr": answers.get("title") or "Kendi çalışma kitabı"},
        supplier="",
        series=source.name,
        rank=10,
        kind="own",
        sheet=f"^{re.escape(sheet)}$" if sheet else None,
        numbers=answers.get("numbers"),
        dates=answers.get("dates"),
        header=Header(row=answers["row"], rows=answers.get("rows", 1)),
        fields=fields,
        optional=tuple(_field(name) for name, code in columns.items() if code == TOTAL),
        ignore=tuple(name for name in heads if columns.get(name, NOT_READ) == NOT_READ),
        totals="compare",
        row_total=next((_field(name) for name, code in columns.items() if code == TOTAL), None) if parts else None,
        feeds=(
            Feed(
                source=source.name,
                columns=plain,
                constants={name: word for name, word in answers.get("constants", {}).items() if word and name not in plain},
                words=answers.get("words", {}),
                unpivot=tuple(parts),
            ),
        ),
    )
    return dated(explained, year)


def dated(layout: Layout, year: int | None) -> Layout:
    """Where a file has no column of its year, its rows are of the year that was chosen."""
    feeds = []
    for feed in layout.feeds:
        named = sources()[feed.source].year
        told = named and ({named} <= {*feed.columns, *feed.constants} or any(named in part.set for part in feed.unpivot))
        more = {named: f"{year}-{year + 1}"} if named and year and not told else {}
        feeds.append(feed.model_copy(update={"constants": feed.constants | more}) if more else feed)
    return layout.model_copy(update={"feeds": tuple(feeds)})


def undated(told: dict[str, Any]) -> dict[str, Any]:
    """A layout to remember: the year was this file's, the next one has its own."""
    years = {source.year for source in sources().values()}
    feeds = [
        feed | {"constants": {name: word for name, word in feed.get("constants", {}).items() if name not in years}}
        for feed in told["feeds"]
    ]
    return told | {"feeds": feeds}


def told(layout: Layout) -> dict[str, Any]:
    """A layout as plain values, without what is left at its default: the shape of a TOML file."""
    return layout.model_dump(mode="json", exclude_defaults=True, exclude={"id"})


def adapted(layout: Layout, answers: dict[str, Any], year: int | None) -> Layout:
    """A known layout with what a person said about words, numbers, dates and totals of this file."""
    words: dict[str, dict[str, str]] = answers.get("words", {})
    feeds = [feed.model_copy(update={"words": _more_words(feed, words)}) for feed in layout.feeds]
    changed = {name: answers[name] for name in ("numbers", "dates", "totals") if answers.get(name)}
    changed |= {"feeds": tuple(feeds)} if any(words.values()) else {}
    return dated(layout.model_copy(update=changed) if changed else layout, year if layout.kind == "own" else None)


def _more_words(feed: Feed, words: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The word lists of a feed with the answers of those columns that its source has."""
    ours = {column.name for column in sources()[feed.source].columns}
    return feed.words | {name: feed.words.get(name, {}) | given for name, given in words.items() if name in ours and given}


def exact(name: str, source: Source) -> str | None:
    """Our column of this name: whole, or its last or first part where the header has two rows."""
    for part in dict.fromkeys((name, name.rpartition(" / ")[2], name.partition(" / ")[0])):
        folded = fold(part)
        for one, spellings in template(source).fields.items():
            if folded and folded in {fold(word) for word in spellings}:
                return one
    return None


def suggestion(name: str, source: Source) -> str | None:
    """A column whose name is like this one, to be confirmed; None where nothing is near."""
    column, score = _likest(name, source)
    return column if score >= LIKELY else None


def _likest(name: str, source: Source) -> tuple[str | None, float]:
    known = {fold(word): one for one, spellings in template(source).fields.items() for word in spellings}
    found = process.extractOne(fold(name.rpartition(" / ")[2] or name), known.keys(), scorer=fuzz.ratio)
    return (known[found[0]], found[1]) if found else (None, 0.0)


def _who(name: str) -> str | None:
    """Whether a column counts women, men or all."""
    folded = fold(name.rpartition(" / ")[2] or name)
    return next((who for who, words in PEOPLE.items() if folded in {fold(word) for word in words}), None)


def _worth(heads: list[str], source: Source) -> float:
    """How much a row looks like the header of this dataset: exact names count most."""
    given = [name for name in heads if name.strip()]
    known = {code for name in given if (code := exact(name, source))}
    people = {who for name in given if (who := _who(name))}
    return len(known) + (0.9 if {"female", "male"} <= people else 0.0) - 0.05 * (len(heads) - len(given))


def names(picture: dict[str, Any], row: int, count: int) -> list[str] | None:
    """The names in a header of one or two rows, one a column; None where the picture ends before it."""
    rows = picture["rows"]
    return joined(rows, row, count) if row >= 1 and row + count - 1 <= len(rows) else None


def _field(name: str) -> str:
    return fold(name) or "column"
