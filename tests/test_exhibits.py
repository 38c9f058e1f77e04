"""Tables and figures of reports: each is there, shows what is published and nothing that was hidden, and a framework is one file."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines import measure
from pipelines.catalogue import indicators
from pipelines.desk.checkins import CheckIn, Reading
from pipelines.figures.model import Amount
from pipelines.frameworks import Criterion, Framework, framework
from pipelines.knowledge import load_folder
from pipelines.language import language
from pipelines.measure import Value
from pipelines.measuring import judge, margins, suppress
from pipelines.measuring.crossing import REST
from pipelines.measuring.margins import WHOLE
from pipelines.reports import compose, make
from pipelines.reports.exhibits import Asked, exhibits
from pipelines.reports.material import Material
from pipelines.reports.said import Judgement, Said
from pipelines.warehouse import open_version

YEARS = tuple(range(2020, 2025))
DONE = CheckIn(
    7, "2026-03-01T09:00:00Z", "p1", "demo", "", "A01", 2024, "Behind.", "Hold two fairs", "Office", date(2026, 9, 1),
    before=Reading(2023, 1342.0), closed_at="2026-10-01T09:00:00Z", result="Held", after=Reading(2024, 1482.0),
)  # fmt: skip


@pytest.fixture(scope="module")
def material(demo_store):
    return Material(open_version(demo_store), "demo", language("en"), YEARS)


def asked(indicators=(), said=None, **more):
    texts = {"en": "a", "tr": "b"}
    return Asked(framework("yokak"), Criterion(code="1", title=texts, asks=texts, indicators=indicators, **more), said or Said())


def made(code, material, *indicators, said=None, **more):
    return exhibits()[code][1](material, asked(indicators, said, **more))


def test_every_table_and_figure_that_a_report_must_carry_is_there():
    assert {f"T{n}" for n in range(1, 16)} | {f"F{n}" for n in range(1, 5)} <= set(exhibits())


@pytest.mark.parametrize("code", sorted(exhibits()))
def test_each_shows_something_of_the_demo_and_cites_its_cells(material, code):
    said = Said(levels={"A.5.1": Judgement(3, "so")}, done=(DONE,))
    found = made(code, material, "A01", "A02", "E02", said=said)
    assert found
    for one in found:
        assert (one.table is None) != (one.figure is None)
        assert one.caption
        if code != "T18":  # what people gave themselves has no cell
            assert material.citations(one.codes)


@pytest.mark.parametrize(("code", "by"), [("T3", "unit"), ("T4", "country")])
def test_numbers_side_by_side_are_those_that_are_published_alone(material, code, by):
    (one,) = made(code, material)
    table = one.table
    for at, indicator in enumerate(one.codes, start=1):
        known = measure.values(material.version, indicator, institution="demo", year=2024, by=by, audience="public")
        names = {v.value for v in known if not v.hidden}
        shown = {row[at] for row in table.rows[:-1] if isinstance(row[at], float) and not str(row[0]).startswith("Others")}
        assert shown <= names
        assert table.rows[-1][at] == next(v.value for v in material.headline(indicator) if v.year_from == v.year_to == 2024)


def test_what_stands_together_is_the_whole_less_what_is_shown_or_hidden_with_it(material):
    (one,) = made("T4", material)
    rest, whole, shown = one.table.rows[-2], one.table.rows[-1], one.table.rows[:-2]
    assert rest[0].startswith("Others")
    for at in range(1, len(whole)):
        hidden = any(isinstance(row[at], str) for row in shown)
        assert rest[at] == ("[c]" if hidden else whole[at] - sum(row[at] or 0 for row in shown))


@pytest.mark.parametrize(
    ("code", "down", "across"), [("C01", "country", "level"), ("C01", "country", "gender"), ("C13", "country", "gender")]
)
def test_no_line_of_a_crossed_table_gives_its_only_hidden_number_back(material, code, down, across):
    found = margins.table(material.version, indicators()[code], down, across, institution="demo", year=2024)
    exact = {
        tuple(v.key.split("\x1f")): v.value
        for v in measure.cells(material.version, indicators()[code], down, across, institution="demo", year=2024)
    }
    for side in (0, 1):
        for key in {at[side] for at in found.cells}:
            assert sum(v.hidden for at, v in found.cells.items() if at[side] == key) != 1, key
    for (row, column), value in found.cells.items():
        if not value.hidden and WHOLE not in (row, column) and row != REST:
            assert value.value == exact[row, column]
            assert value.value >= 5
    alone = {v.key: v for v in measure.values(material.version, code, institution="demo", year=2024, by=down, audience="public")}
    assert {row for row in found.down if row not in (REST, WHOLE)} <= {key for key, v in alone.items() if not v.hidden}


def test_what_is_published_elsewhere_is_never_hidden_in_its_place():
    def of(number, hidden=False):
        return Value("x", "C01", 2024, 2024, value=None if hidden else number, people=number, hidden=hidden)

    cells = {("a", "1"): of(3, True), ("b", "1"): of(12), ("c", "1"): of(30)}
    assert suppress.crossed(cells)["b", "1"].hidden
    kept = suppress.crossed(cells, {("b", "1")})
    assert not kept["b", "1"].hidden
    assert kept["c", "1"].hidden


def test_an_action_stands_with_its_values_before_and_after(material):
    (one,) = made("T15", material, "A01", said=Said(done=(DONE,)))
    (row,) = one.table.rows
    assert row[-2:] == ("1,342 (2023–24)", "1,482 (2024–25)")
    assert made("T15", material, "B13", said=Said(done=(DONE,))) == []


def test_goal_cards_cap_in_sight_and_their_score_is_the_judge_s(material):
    rows = [row for row in material.aimed() if row["element"] == "demo-2"]
    (card,) = [one for one in made("T16", material) if "demo-2" in one.caption]
    reached, counted, weight, points = (slice(-5, -1), -4, -3, -2)
    for row, told in zip(rows, card.table.rows, strict=False):
        assert told[reached][0] == pytest.approx(100 * row["attainment_path"])
        assert told[counted] == pytest.approx(100 * min(max(row["attainment_path"], 0), 1))
        assert told[points] == pytest.approx(told[counted] * told[weight] / 100)
    assert any(told[-5] > told[counted] for told in card.table.rows[:-1])
    assert "A02" in card.note
    assert card.table.rows[-1][counted] == pytest.approx(100 * judge.score(rows).value)


def test_a_data_sheet_carries_the_framework_s_names_and_what_a_share_is_made_of(material):
    (one,) = made("T17", material, "C02", external={"C02": "International Student Ratio"})
    (row,) = one.table.rows
    assert row[0] == "International Student Ratio"
    assert all(isinstance(cell, Amount) for cell in row[3:])
    assert row[-3] == pytest.approx(100 * row[-2] / row[-1])


FILE = """
title = { en = "Ours", tr = "Bizim" }
publisher = "Us"
edition = "1"
kind = "report"
[[criterion]]
code = "X.1"
title = { en = "Mobility", tr = "Hareketlilik" }
asks = { en = "Who went.", tr = "Kim gitti." }
indicators = ["A01"]
tables = ["T1", "T2"]
figures = ["F1"]
"""


def test_a_framework_is_one_file_and_a_whole_report(material, tmp_path):
    (tmp_path / "ours.toml").write_text(FILE, encoding="utf-8")
    entry = load_folder(tmp_path, Framework)["ours"]
    outline = compose.outline(entry, material)
    assert [one.code for one in outline.exhibits] == ["T1", "T2", "F1"]
    assert all(len(make.made(form, outline)) > 1000 for form in make.FORMATS)
