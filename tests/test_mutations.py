"""A good table, spoilt at random: what is accepted equals the truth exactly, or the file is refused, or a question is asked at a place.

Nothing in between: no shifted cell, no lost row, no thousandfold number. ``make test`` spoils 1,000 tables, ``make fuzz`` 10,000
(``MERIDIAN_EXAMPLES``): of 100, 85 as CSV files, 12 as sheets of workbooks (ten to a workbook, so that one child reads ten), 3 as workbooks
with a second sheet. What is spoilt, and how, stands in ``zoo_mutations.py``.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st
from zoo_mutations import BOOKS, BYTES, CELLS, GOOD, HARMLESS, Pick, meant, mutated, page, text

from pipelines.errors import Finding, MeridianError, Refused
from pipelines.path import Choices, draft
from pipelines.read import Sheet, read
from pipelines.receive import receive
from pipelines.sources import sources
from pipelines.tidy import Handed, tidy
from pipelines.tidying.headers import recognise

EXAMPLES = int(os.environ.get("MERIDIAN_EXAMPLES", "1000"))
ANEW = "MERIDIAN_EXAMPLES" in os.environ
"""Whoever asks for a number of their own wants other tables than those of every day."""
PER_BOOK = 10
WHOSE = "iztech"
NAMES = [column.name for column in sources()["mobility"].columns]
OF_THE_FILE = ("T118", "E101", "E103", "E104", "E105", "E106", "E210", "E211", "E202", "E240")
"""Faults of a file as a whole: there is no cell to name."""
OF_SUMS = ("C211", "C214")
"""Queries about the sum of many cells: their sentence names the flow and the year."""


def told(path: Path, sheets: list[Sheet] | None = None) -> tuple[list[dict] | None, list[Finding]]:
    """The table that comes out, without places, and what is asked or refused before the rules are."""
    try:
        sheets = sheets or read(receive(path))
        made = tidy(sheets, recognise(sheets, path.name), Handed(path.name, WHOSE))
    except MeridianError as error:
        return None, error.findings if isinstance(error, Refused) else [error.finding]
    findings = [one for one in [*(f for sheet in sheets for f in sheet.findings), *made.findings] if one.severity != "info"]
    if any(one.severity == "error" for one in findings) or list(made.tables) != ["mobility"]:
        return None, findings
    return [{name: row[name] for name in NAMES} for row in made.tables["mobility"].to_pylist()], findings


def ruled(path: Path, sheets: list[Sheet] | None = None) -> list[Finding]:
    """What the rules find too. They take as long as forty readings, so they are asked only where nothing else objected."""
    with tempfile.TemporaryDirectory() as folder:
        found = draft(path, Choices(institution=WHOSE), Path(folder), sheets=sheets).findings
    return [one for one in found if one.severity != "info"]


def judge(path: Path, truth: Truth, cells: Iterable[str], sheet: Sheet | None = None, also: Iterable[str] | None = None) -> None:
    """Fails where the table that comes out is another one and nobody said so, or said it without a place.

    Where a second sheet holds a table too, ``also`` is what happened to that one.
    """
    table, findings = told(path, [sheet] if sheet else None)
    assert all(one.place.file == path.name for one in findings)
    rows = meant(cells, truth.rows)
    if table == rows or (also is not None and table == meant(also, truth.rows)):
        return
    findings = findings or [one for one in ruled(path, [sheet] if sheet else None) if one.say("what") not in truth.asked]
    assert findings, f"accepted as something else: {differences(table or [], rows)}"
    unplaced = [(one.code, one.say("what")) for one in findings if not one.place.cell and one.code not in OF_THE_FILE + OF_SUMS]
    assert unplaced == []


def differences(table: list[dict], truth: list[dict]) -> list:
    """Where two tables differ; their lengths where those do."""
    if len(table) != len(truth):
        return [len(table), len(truth)]
    return [
        (at, name, row[name], true[name])
        for at, (row, true) in enumerate(zip(table, truth, strict=True))
        for name in row
        if row[name] != true[name]
    ]


@dataclass(frozen=True)
class Truth:
    """The rows of the good table, and what the rules ask about it as it is: five rows are few, and jump from year to year."""

    rows: list[dict]
    asked: frozenset[str]


@pytest.fixture(scope="module")
def truth(tmp_path_factory) -> Truth:
    path = tmp_path_factory.mktemp("truth") / "good.csv"
    path.write_text(text(GOOD, ";", False, "\n"), encoding="utf-8")
    table, findings = told(path)
    assert findings == []
    assert [(row["country"], row["participants"], row["days"]) for row in table] == [
        ("DEU", 17, 150.5), ("ITA", 1306, 120.5), ("JOR", 4, 90), ("FRA", 2294, 5), ("POL", 1234567, 140),
    ]  # fmt: skip
    asked = ruled(path)
    assert {one.severity for one in asked} <= {"query"}
    return Truth(table, frozenset(one.say("what") for one in asked))


def examples(share: float) -> settings:
    return settings(max_examples=max(1, round(EXAMPLES * share)), deadline=None, derandomize=not ANEW, print_blob=True)


def picking(seed: int | None) -> Pick:
    """Always the middle one, or whatever the seed says."""
    if seed is None:
        return lambda below: below // 2
    chance = random.Random(seed)
    return lambda below: chance.randrange(max(1, below))


MUTATIONS = st.lists(st.sampled_from(sorted(CELLS)), max_size=2, unique=True)
SEEDS = st.integers(0, 2**32)


@examples(0.85)
@given(MUTATIONS, st.sampled_from(sorted(BYTES)), st.sampled_from(",;\t|"), st.booleans(), st.sampled_from(["\n", "\r\n", "\r"]), SEEDS)
@example(["thousands_by_points"], "plain", ";", False, "\n", None)
@example(["one_thousand_by_point"], "plain", ";", False, "\n", None)
@example(["one_point_in_days"], "plain", ";", False, "\n", None)
@example(["wrong_total"], "windows_1254", ",", True, "\r\n", None)
def test_a_spoilt_file_is_read_exactly_or_refused_at_a_place(truth, cells, spoilt, delimiter, quote_all, end, seed):
    pick = picking(seed)
    content = BYTES[spoilt](text(mutated(cells, pick), delimiter, quote_all, end), pick, delimiter)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(content)
        judge(path, truth, cells)


@examples(0.12 / PER_BOOK)
@given(st.lists(st.tuples(MUTATIONS, st.sampled_from(sorted(BOOKS)), st.booleans(), SEEDS), min_size=PER_BOOK, max_size=PER_BOOK))
@example([([], name, typed, None) for name in BOOKS for typed in (True, False)])
def test_a_spoilt_sheet_is_read_exactly_or_refused_at_a_place(truth, tables):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.xlsx"
        with xlsxwriter.Workbook(path) as book:
            done = [
                [*cells, *page(book, f"Sheet{number}", mutated(cells, picking(seed)), name, typed, picking(seed))[1]]
                for number, (cells, name, typed, seed) in enumerate(tables)
            ]
        sheets = read(receive(path))
        assert len(sheets) == len(tables)
        for sheet, names in zip(sheets, done, strict=True):
            judge(path, truth, names, sheet)


SECOND = ["none", "shown", "hidden", "first", "first hidden"]


@examples(0.03)
@given(MUTATIONS, MUTATIONS, st.sampled_from(sorted(BOOKS)), st.sampled_from(SECOND), st.booleans(), SEEDS)
def test_a_spoilt_workbook_is_read_exactly_or_refused_at_a_place(truth, cells, others, name, second, typed, seed):
    pick = picking(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheets = [("Veri", cells, name), ("Geçen yıl", others, "plain")][: 1 if second == "none" else 2]
            made = {
                title: page(book, title, mutated(names, pick), how, typed, pick)
                for title, names, how in (sheets[::-1] if second.startswith("first") else sheets)
            }
            if second.endswith("hidden"):
                made["Veri"][0].activate()
                made["Veri"][0].set_first_sheet()
                made["Geçen yıl"][0].hide()
        judge(path, truth, [*cells, *made["Veri"][1]], also=None if second == "none" else others)


@pytest.mark.parametrize("name", [*HARMLESS, "byte_order_mark", "utf_16", "no_end"])
def test_what_does_no_harm_is_read_exactly_and_without_a_question(truth, name, tmp_path):
    cells, pick = [name] if name in CELLS else [], picking(None)
    content = BYTES[name if name in BYTES else "plain"](text(mutated(cells, pick), ";", False, "\n"), pick, ";")
    (tmp_path / "table.csv").write_bytes(content)
    assert told(tmp_path / "table.csv") == (meant(cells, truth.rows), [])


@pytest.mark.parametrize("name", sorted(set(CELLS) - set(HARMLESS)))
def test_what_may_do_harm_alone_is_read_exactly_or_refused_at_a_place(truth, name, tmp_path):
    (tmp_path / "table.csv").write_text(text(mutated([name], picking(None)), ";", False, "\n"), encoding="utf-8")
    judge(tmp_path / "table.csv", truth, [name])
