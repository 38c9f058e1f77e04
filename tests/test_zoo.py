"""Broken files through the whole path: each is told once, at its cell, in both languages, changes nothing – and passes once mended.

Read ``zoo_tables.py`` for the animals and the sentences that people read.
"""

import hashlib
import json
from pathlib import Path

import pytest
from zoo_tables import ANIMALS, MOBILITY, Animal, as_csv, book, written

from pipelines.errors import MeridianError
from pipelines.layouts import layout
from pipelines.path import Choices, Draft, drafts
from pipelines.read import read
from pipelines.receive import receive
from pipelines.tidying.headers import locate

EACH = pytest.mark.parametrize("animal", ANIMALS.values(), ids=ANIMALS)
PARTS = ("what", "cause", "remedy")


def told(path: Path, animal: Animal) -> Draft:
    with drafts([path], Choices(**animal.choices)) as made:
        return made[0]


@EACH
def test_a_broken_file_is_told_once_at_its_cell_and_in_both_languages(animal, tmp_path):
    made = told(animal.build(tmp_path, False), animal)
    found = [finding for finding in made.findings if finding.severity != "info"]
    assert [(one.code, one.place.cell) for one in found] == [(animal.code, animal.cell)]
    assert found[0].say("what", "en").startswith(animal.says)
    sentences = [found[0].say(part, language) for part in PARTS for language in ("en", "tr")]
    assert all(sentences) and not any("{" in sentence for sentence in sentences)
    assert len(set(sentences)) == len(sentences), "a sentence is the same in two languages"


@EACH
def test_the_same_file_passes_once_it_is_mended(animal, tmp_path, monkeypatch):
    if not animal.code.startswith("C"):  # the rules, which take most of the time, have nothing to do with this fault
        monkeypatch.setattr("pipelines.path._check", lambda *of: None)
    made = told(animal.build(tmp_path, True), animal)
    assert [(one.code, one.place.cell, one.say("what")) for one in made.findings if one.severity != "info"] == []
    assert sum(facts["rows"] for facts in made.facts.values()) >= 2


@pytest.fixture(scope="module")
def store(tmp_path_factory, command):
    """A store that holds one accepted file."""
    folder = tmp_path_factory.mktemp("zoo")
    path = written(folder, as_csv(MOBILITY), "good.csv")
    assert command("--store", folder / "store", "accept", path, "--by", "keeper", "--no-publish").code == 0
    return folder / "store"


def tree(folder: Path) -> dict[str, str]:
    """Every file of a folder and the hash of its bytes; the lock is nobody's content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@EACH
def test_handing_in_a_broken_file_changes_nothing_in_the_store(animal, store, tmp_path, command):
    before = tree(store)
    path = animal.build(tmp_path, False)
    given = [word for name, value in animal.choices.items() for word in (f"--{name}", value)]
    done = command("--store", store, "accept", path, "--by", "keeper", *given)
    unreadable, asked = animal.code.startswith("E") and not animal.code.startswith("E26"), animal.code in ("T106", "T121", "T127", "Q234")
    assert done.code == (2 if unreadable else 3 if asked else 1)
    assert animal.says in done.out
    assert tree(store) == before and before


def test_one_broken_file_among_good_ones_keeps_all_of_them_out(store, tmp_path, command):
    before = tree(store)
    good = written(tmp_path, as_csv([row if at == 0 else [*row[:10], "new"] for at, row in enumerate(MOBILITY)]), "new.csv")
    bad = ANIMALS["unknown_country"].build(tmp_path, False)
    assert command("--store", store, "accept", good, bad, "--by", "keeper", "--no-publish").code == 1
    assert tree(store) == before


def test_machines_are_told_the_same_as_people(tmp_path, command):
    animal = ANIMALS["unknown_country"]
    done = command("check", animal.build(tmp_path, False), "--json", "--lang", "tr")
    (file,) = json.loads(done.out)
    assert done.code == 1
    assert (file["errors"], file["readable"], file["layout"]) == (1, True, "mobility")
    (finding,) = file["findings"]
    assert (finding["cell"], finding["row"], finding["column"], finding["severity"]) == ("G2", 2, 7, "error")
    assert finding["what"] == "“Almnya” Meridian'ın bildiği bir ülke değil; Almanya (DEU) olabilir."


def test_findings_are_printed_as_a_compiler_prints_them(tmp_path, command):
    done = command("check", ANIMALS["negative_count"].build(tmp_path, False))
    assert done.out.splitlines()[0] == "table.csv:J2: error W304: “-17” is below zero; a count of people or places cannot be."
    assert [line.split(":")[0].strip() for line in done.out.splitlines()[1:]] == ["Cause", "To do"]


@pytest.mark.parametrize(("name", "code"), [("unknown_country", 1), ("empty", 2), ("extra_column", 0)])
def test_the_exit_code_says_whether_a_file_is_good_faulty_or_unreadable(name, code, tmp_path, command):
    assert command("check", ANIMALS[name].build(tmp_path, False)).code == code
    (tmp_path / "mended").mkdir()
    assert command("check", ANIMALS[name].build(tmp_path / "mended", True)).code == 0


def test_a_sheet_that_the_layout_names_is_missed_by_name(tmp_path):
    wanted = layout("mobility").model_copy(update={"sheet": "^Trips"})
    book(tmp_path / "trips.xlsx", MOBILITY, "Trips 2023").close()
    assert locate(read(receive(tmp_path / "trips.xlsx")), wanted, "trips.xlsx").sheet.name == "Trips 2023"
    book(tmp_path / "renamed.xlsx", MOBILITY, "Sheet1").close()
    with pytest.raises(MeridianError, match=r"There is no sheet \^Trips; the workbook has: Sheet1"):
        locate(read(receive(tmp_path / "renamed.xlsx")), wanted, "renamed.xlsx")
