"""The command line: every command, its exit codes, and a sentence instead of a traceback for whatever cannot be done."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from zoo_tables import MOBILITY, as_csv, changed, written

from pipelines import log
from pipelines.__main__ import app
from pipelines.settings import ROOT, settings
from pipelines.store import Store

COMMANDS = {"check", "accept", "publish", "rebuild", "verify", "status", "value", "template", "dictionary", "demo", "report", "export"}


def test_every_command_is_there_and_says_what_it_does():
    assert {one.callback.__name__ for one in app.registered_commands} == COMMANDS
    assert all(one.callback.__doc__ for one in app.registered_commands)


def test_a_process_of_its_own_says_the_same_and_prints_no_traceback(tmp_path):
    def python(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "pipelines", *words], cwd=ROOT, capture_output=True, text=True, timeout=120)

    shown = python("--help")
    assert shown.returncode == 0 and all(name in shown.stdout for name in COMMANDS)
    asked = python("--store", str(tmp_path), "value", "A01", "--lang", "tr")
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr.splitlines()[0] == f"{tmp_path}: error S101: Henüz hiçbir şey yayımlanmadı."


# --- files ------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def office(tmp_path_factory, command):
    """A store with one published file of four rows."""
    folder = tmp_path_factory.mktemp("office")
    done = command("--store", folder / "store", "accept", written(folder, as_csv(MOBILITY)), "--by", "the office")
    assert done.code == 0, done.out + done.err
    return folder / "store"


def test_check_prints_nothing_and_gives_0_for_a_good_file(tmp_path, command):
    done = command("--store", tmp_path / "store", "check", written(tmp_path, as_csv(MOBILITY)))
    assert (done.code, done.out) == (0, "")
    assert not (tmp_path / "store").exists()


def test_check_of_several_files_gives_the_worst_code(tmp_path, command):
    good, bad = written(tmp_path, as_csv(MOBILITY), "good.csv"), written(tmp_path, as_csv(changed({"G2": "Almnya"})), "bad.csv")
    assert command("check", good, bad).code == 1
    assert command("check", good, bad, written(tmp_path, b"", "empty.csv")).code == 2


def test_check_tells_machines_what_a_file_holds(tmp_path, command):
    done = command("check", written(tmp_path, as_csv(MOBILITY)), "--json")
    (file,) = json.loads(done.out)
    assert (file["file"], file["layout"], file["readable"], file["errors"], file["queries"]) == ("table.csv", "mobility", True, 0, 0)
    assert (file["sources"]["mobility"]["rows"], file["sources"]["mobility"]["years"]) == (4, [2023])
    assert file["checks"] > 30


def test_an_unknown_layout_is_named_with_those_that_exist(tmp_path, command):
    done = command("check", written(tmp_path, as_csv(MOBILITY)), "--layout", "zaragosa_erasmus")
    assert done.code == 1
    assert "There is no layout called “zaragosa_erasmus”." in done.out and "zaragoza_erasmus" in done.out


def test_a_missing_file_is_said_to_be_missing(tmp_path, command):
    done = command("check", tmp_path / "nowhere.csv")
    assert done.code == 2 and "nowhere.csv: error E100: The file cannot be read" in done.out


@pytest.mark.parametrize("words", [("accept", "FILE"), ("publish",)])
def test_nothing_is_accepted_or_published_without_somebody_who_answers_for_it(words, tmp_path, command):
    path = written(tmp_path, as_csv(MOBILITY))
    done = command("--store", tmp_path / "store", *[path if word == "FILE" else word for word in words])
    assert done.code == 1 and "--by NAME" in done.err
    assert not (tmp_path / "store" / "log").exists()


def test_a_query_needs_a_note_and_the_note_is_kept(tmp_path, command):
    path = written(tmp_path, as_csv([[*row, "x" if at else "Scholarship"] for at, row in enumerate(MOBILITY)]))
    words = ("--store", tmp_path / "store", "accept", path, "--by", "the office", "--no-publish")
    assert command(*words).code == 3
    assert command(*words, "--note", "the column is for ourselves").code == 0
    accepted = log.remembered(Store(tmp_path / "store"))[-1]
    assert "the column is for ourselves" in accepted.facts["note"]
    assert command(*words).out.endswith("nothing was changed\n"), "what was explained once need not be explained again"


def test_publishing_an_empty_store_says_what_to_do(tmp_path, command):
    done = command("--store", tmp_path / "store", "publish", "--by", "the office")
    assert done.code == 1 and "error S106: There is no accepted file to publish." in done.err


def test_publish_puts_on_air_what_was_only_accepted(tmp_path, command):
    store = tmp_path / "store"
    command("--store", store, "accept", written(tmp_path, as_csv(MOBILITY)), "--by", "the office", "--no-publish")
    assert command("--store", store, "value", "A01").code == 1
    done = command("--store", store, "publish", "--by", "the office", "--reason", "spring")
    assert done.code == 0 and done.out.startswith("published no. 1: 1 files, digest ")
    assert command("--store", store, "value", "A01").code == 0


def test_status_tells_people_and_machines_what_is_on_air(office, command):
    told = json.loads(command("--store", office, "status", "--json").out)
    assert (told["publication"], told["files_on_air"], told["waiting"]) == (1, 1, [])
    assert f"digest: {told['digest']}" in command("--store", office, "status").out


@pytest.mark.parametrize(("name", "expected"), [("verify", "verified"), ("rebuild", "rebuilt: digest")])
def test_a_whole_store_is_verified_and_rebuilt(office, command, name, expected):
    done = command("--store", office, name)
    assert done.code == 0 and done.out.startswith(expected)


def test_the_setting_names_the_store_where_the_command_does_not(office, command, monkeypatch):
    monkeypatch.setenv("MERIDIAN_STORE", str(office))
    settings.cache_clear()
    try:
        assert command("value", "A01", "--year", "2023").out == "A01 Outgoing students – iztech 2023–24: 32\n"
    finally:
        settings.cache_clear()


# --- values -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("Z99",), "There is no indicator called “Z99”."),
        (("outgoing_student",), "near it: outgoing_students"),
        (("A01", "--institution", "iztch"), "There is no institution called “iztch”.\n    Cause: Probably a typing slip; near it: iztech."),
        (("A01", "--year", "soon"), "There is no year called “soon”."),
        (("A01", "--by", "zodiac"), "A01 cannot be broken down or filtered by “zodiac”."),
        (("A01", "--where", "zodiac=lion"), "A01 cannot be broken down or filtered by “zodiac”."),
        (("A01", "--where", "country"), "“country” is not a condition."),
        (("A01", "--where", "=DEU"), "“=DEU” is not a condition."),
    ],
)
def test_a_question_that_cannot_be_put_ends_with_a_sentence(office, command, words, sentence):
    done = command("--store", office, "value", *words)
    assert (done.code, done.out) == (1, "")
    assert sentence in done.err and "Traceback" not in done.err


def test_the_sentence_is_in_the_language_that_was_asked_for(office, command):
    done = command("--store", office, "value", "Z99", "--lang", "tr")
    assert done.err.splitlines()[:2] == [
        "error K101: “Z99” adında bir gösterge yok.",
        "    Neden: Büyük olasılıkla yazım yanlışı; yakın olanlar: –.",
    ]
    assert command("--store", office, "value", "A01", "--lang", "xx").code == 2


def test_several_institutions_must_be_told_apart(demo_store, command):
    done = command("--store", demo_store, "value", "A01")
    assert done.code == 1
    assert "Name it with --institution. Published: demo, igdir, iztech, metu" in done.err


def test_a_value_is_told_whole_filtered_and_in_parts(office, command):
    assert command("--store", office, "value", "A01", "--where", "country=DEU").out.endswith(": 17\n")
    lines = command("--store", office, "value", "A01", "--by", "country").out.splitlines()
    assert [line.split() for line in lines[1:]] == [["DEU", "17"], ["ESP", "9"], ["ITA", "6"]]
    assert command("--store", office, "value", "A01", "--year", "1999").out.endswith(": –\n")


def test_the_public_does_not_see_small_numbers(office, command):
    assert json.loads(command("--store", office, "value", "A02", "--json").out)["value"] == 4
    told = json.loads(command("--store", office, "value", "A02", "--audience", "public", "--json").out)
    assert (told["value"], told["shown"], told["hidden"]) == (None, "<5", True)


# --- what people download ---------------------------------------------------------------------------------------------
def test_the_template_is_written_where_it_was_asked_for(tmp_path, command, monkeypatch):
    done = command("template", "mobility", "--lang", "tr", "--out", tmp_path / "bos.xlsx")
    assert (done.code, done.out) == (0, f"{tmp_path / 'bos.xlsx'}\n")
    assert openpyxl.load_workbook(tmp_path / "bos.xlsx").sheetnames[0] == "Hareketlilik"
    monkeypatch.chdir(tmp_path)
    assert command("template", "goals").out == "goals.en.xlsx\n" and Path("goals.en.xlsx").is_file()


def test_a_template_of_nothing_is_refused(command):
    done = command("template", "mobilty")
    assert done.code == 1 and "There is no source called “mobilty”." in done.err and "near it: mobility" in done.err


def test_the_dictionary_is_printed_in_both_languages(command):
    assert command("dictionary").out.startswith("# Data dictionary\n")
    assert command("dictionary", "--lang", "tr").out.startswith("# Veri sözlüğü\n")


# --- the demo ---------------------------------------------------------------------------------------------------------
def test_the_demo_is_not_built_again_when_nothing_has_changed(demo_store, command):
    before = (demo_store / "CURRENT").stat().st_mtime_ns
    assert command("--store", demo_store, "demo").out == f"demo store is up to date: {demo_store}\n"
    assert (demo_store / "CURRENT").stat().st_mtime_ns == before


def test_the_demo_leaves_somebodys_own_store_alone(office, command):
    done = command("--store", office, "demo")
    assert done.code == 1 and "holds a store that is not the demo's" in done.err
    assert command("--store", office, "value", "A01").code == 0
