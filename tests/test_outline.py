"""A report before it is printed: every criterion has its section, what is missing is said, and its numbers are those of the pages."""

from __future__ import annotations

import dataclasses

import pytest

from pipelines import catalogue, measure
from pipelines.errors import MeridianError
from pipelines.figures.model import Amount
from pipelines.frameworks import Criterion, Framework, framework, frameworks, reportable
from pipelines.language import language
from pipelines.reports import compose, make
from pipelines.reports.compose import Gap, Judgement, Said
from pipelines.reports.exhibits import exhibits
from pipelines.reports.material import Material
from pipelines.reports.outline import Exhibit, Heading, Level, Paragraph, Proof, Proofs
from pipelines.warehouse import open_version

YEARS = tuple(range(2020, 2025))


@pytest.fixture(scope="module")
def material(demo_store):
    return Material(open_version(demo_store), "demo", language("en"), YEARS)


@pytest.mark.parametrize("name", sorted(frameworks()))
def test_a_framework_names_only_what_exists(name):
    for criterion in frameworks()[name].criterion:
        assert set(criterion.indicators) <= set(catalogue.indicators()), criterion.code
        assert set(criterion.external) <= set(criterion.indicators), criterion.code
        assert {*criterion.tables, *criterion.figures} <= set(exhibits()), criterion.code


@pytest.mark.parametrize("name", sorted(reportable()))
@pytest.mark.parametrize("code", ["en", "tr"])
def test_every_framework_gives_a_whole_report(material, name, code):
    told = dataclasses.replace(material, say=language(code))
    outline = compose.outline(framework(name), told)
    headings = [block.code for block in outline.blocks if isinstance(block, Heading) and block.level == 1]
    assert headings == [one.code for one in framework(name).criterion]
    for _, blocks in outline.sections():
        assert any(isinstance(block, Paragraph) and block.role == "finding" and block.text for block in blocks)
    numbers = {kind: [one.number for one in outline.exhibits if one.kind == kind] for kind in ("table", "figure")}
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_a_table_s_numbers_are_those_of_the_measure_and_carry_their_unit(material):
    outline = compose.outline(framework("yokak"), material, ["A.5.1"])
    table = next(one.table for one in outline.exhibits if one.code == "T1")
    for row in table.rows:
        code = row[0].split()[0]
        known = {v.year_from: v.value for v in measure.values(material.version, code, institution="demo") if v.year_from == v.year_to}
        assert list(row[2:7]) == [known.get(year) for year in YEARS], code
        assert {cell.unit for cell in row[2:7] if isinstance(cell, Amount)} <= {catalogue.indicators()[code].unit}


def test_an_exhibit_cites_the_cells_behind_it(material):
    outline = compose.outline(framework("yokak"), material, ["A.5.1"])
    cited = {one.place for exhibit in outline.exhibits for one in exhibit.citations}
    assert any(place.startswith("etkinlikler.xlsx:Liste!") for place in cited)
    known = dict(material.version.query("select file, name from board.files"))
    assert {known[one.file] == one.name for exhibit in outline.exhibits for one in exhibit.citations} == {True}


def test_cited_ranges_hold_exactly_the_rows_that_were_counted(material):
    """Two routes: the range in the file against the rows of the value."""
    (cited,) = list(dataclasses.replace(material, years=(2023,)).citations(["A14"]))
    rows = material.version.query(
        'select min("row"), max("row"), count(*) from core.mobility where institution = \'demo\' and academic_year = 2023'
        " and direction = 'out' and role = 'student' and activity = 'traineeship' and domestic is not true and mode <> 'virtual'"
    )
    first, last, count = rows[0]
    assert (cited.cells[1:], cited.rows) == (f"{first}:Q{last}", count)


def test_what_is_missing_is_named_and_goes_when_it_is_there(material):
    yokak, lacking = framework("yokak"), compose.gaps(framework("yokak"), material, Said(), ["A.5.1"])
    assert {Gap("A.5.1", "evaluation"), Gap("A.5.1", "evidence"), Gap("A.5.1", "level")} <= set(lacking)
    said = Said(
        {("A.5.1", "evaluation"): "We did it."},
        {"A.5.1": [Proof("A.5.1.1", "Policy", "https://example.org")]},
        {"A.5.1": Judgement(3, "so")},
    )
    assert {gap.kind for gap in compose.gaps(yokak, material, said, ["A.5.1"])} <= {"values", "table"}


def test_what_people_wrote_takes_the_place_of_what_was_generated_and_nothing_else(material):
    said = Said({("A.5.1", "finding"): "Our own finding.", ("A.5.1", "evaluation"): "Good."}, levels={"A.5.1": Judgement(4, "because")})
    plain, own = (compose.outline(framework("yokak"), material, ["A.5.1"], one) for one in (None, said))
    texts = [block.text for block in own.blocks if isinstance(block, Paragraph) and block.own]
    assert texts == ["Our own finding.", "Good."]
    assert next(one for one in own.blocks if isinstance(one, Level)).chosen == 4
    assert [one for one in own.blocks if isinstance(one, Exhibit)] == [one for one in plain.blocks if isinstance(one, Exhibit)]
    assert not [one for one in own.blocks if isinstance(one, Proofs)]


def test_only_a_confirmed_wording_stands_in_quotation_marks():
    texts = {"en": "Something is asked.", "tr": "Bir şey sorulur."}
    asked = {
        wording: compose._asks(Criterion(code="1", title=texts, asks=texts, wording=wording), language("en"))
        for wording in ("confirmed", "own_summary", "not_confirmed")
    }
    assert asked["confirmed"] == "“Something is asked.”"
    assert "“" not in asked["own_summary"] + asked["not_confirmed"]
    assert asked["own_summary"] != asked["not_confirmed"]


def test_two_criteria_of_one_code_are_refused_and_one_is_allowed():
    texts = {"en": "a", "tr": "b"}
    entry = {"code": "1", "title": texts, "asks": texts}
    head = {"id": "x", "title": texts, "publisher": "p", "edition": "1", "kind": "report"}
    assert Framework.model_validate(head | {"criterion": [entry]}).of("1").code == "1"
    with pytest.raises(ValueError, match="two criteria"):
        Framework.model_validate(head | {"criterion": [entry, entry]})


def test_a_criterion_that_does_not_exist_is_refused_with_those_that_do(material):
    with pytest.raises(MeridianError) as error:
        compose.outline(framework("yokak"), material, ["A.9.9"])
    assert "A.5.1" in error.value.finding.say("remedy", "en") + error.value.finding.say("what", "en") + error.value.finding.say(
        "cause", "en"
    )


def test_the_command_writes_the_report_in_every_format(command, demo_store, tmp_path, monkeypatch):
    done = command("--store", demo_store, "report", "yokak", "--institution", "demo", "--lang", "tr", "--years", 5, "-o", tmp_path)
    assert done.code == 0, done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"yokak_demo_2020_2024_tr.{form}" for form in ("docx", "pdf", "xlsx")]


def test_the_command_refuses_a_format_that_does_not_exist(command, demo_store, tmp_path):
    done = command("--store", demo_store, "report", "yokak", "--institution", "demo", "--format", "odt", "-o", tmp_path)
    assert (done.code, "R103" in done.err) == (1, True)


def test_what_changed_since_the_report_was_taken_is_listed_and_nothing_else(material):
    entry = framework("yokak")
    now = make.numbers(entry, material)
    assert make.changes(entry, material, now).rows == ()
    before = now | {"E02 2023": "1"}
    (row,) = make.changes(entry, material, before).rows
    assert (row[0].split()[0], row[1], row[2], row[3]) == ("E02", "2023–24", "1", now["E02 2023"])
