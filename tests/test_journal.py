"""The journal: one line an event, whole and without what is nobody's business. Asserted on the lines that come out."""

from __future__ import annotations

import io
import json
import logging

import pytest
from streamlit.testing.v1 import AppTest

from pages.door.tracing import named
from pipelines import journal

FORGED = 'list.csv\n{"level": "error", "message": "forged"}\u2028next\x1b[2J'


@pytest.fixture(params=["json", "text"])
def told(request):
    """A function that lets something be logged in this form and gives the lines."""

    def lines(work):
        out, root = io.StringIO(), logging.getLogger("meridian.test")
        handler = logging.StreamHandler(out)
        handler.setFormatter(journal.formatter(request.param))
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        try:
            work(root)
        finally:
            root.removeHandler(handler)
            journal.anew()
        return out.getvalue().split("\n")[:-1]

    return lines


def test_a_file_name_cannot_begin_a_line_of_its_own(told):
    (line,) = told(lambda log: log.info("file %s", FORGED, extra={"path": FORGED}))
    assert not {"\n", "\u2028", "\x1b"} & set(line)
    assert line.isprintable()


def test_a_plain_file_name_stays_as_it_is(told):
    (line,) = told(lambda log: log.info("file %s", "çizelge 2025.csv"))
    assert "çizelge 2025.csv" in line


def test_a_line_tells_what_it_may_and_nothing_else(told):
    def work(log):
        journal.anew(request_id="abcdef12", person="demo-editor", cell="Ayşe Yılmaz")
        log.info("done", extra={"ms": 3, "token": "meridian_secret", "password": "a good long word", "name_of": "Ayşe Yılmaz"})

    (line,) = told(work)
    assert all(word in line for word in ("abcdef12", "demo-editor", "3"))
    assert not [word for word in ("Ayşe", "meridian_secret", "good long word", "token", "password") if word in line]


def test_a_bug_is_told_by_its_kind_and_its_lines_never_by_its_words(told):
    def work(log):
        try:
            int("Ayşe Yılmaz")
        except ValueError:
            log.exception("broke")

    (line,) = told(work)
    assert "ValueError" in line and "tests/test_journal.py" in line
    assert "Ayşe" not in line and "int(" not in line


def test_json_lines_are_json():
    record = logging.makeLogRecord({"name": "meridian.x", "levelno": 20, "levelname": "INFO", "msg": "done", "ms": 7, "job": "1-a"})
    line = json.loads(journal.formatter("json").format(record))
    assert (line["level"], line["logger"], line["message"], line["ms"], line["job"]) == ("info", "meridian.x", "done", 7, "1-a")
    assert line["time"].endswith("Z")


def test_a_library_is_heard_from_warnings_on_and_without_what_it_quotes(capsys):
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    try:
        journal.begin("json")
        logging.getLogger("some.library").info("quiet")
        logging.getLogger("some.library").warning("odd value %s", "Ayşe Yılmaz")
        logging.getLogger("meridian.test").info("ours %s", "here")
    finally:
        root.handlers[:], root.level = before[0], before[1]
    lines = [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()]
    assert lines == ["odd value %s", "ours here"]


@pytest.mark.parametrize("given", ["abcdef12-3456", "0123456789abcdef0123456789abcdef"])
def test_a_well_formed_id_of_a_proxy_is_taken(given):
    assert named({"X-Request-ID": given, "x-forwarded-for": "203.0.113.5"}) == given


@pytest.mark.parametrize(
    ("given", "more"),
    [
        ("abcdef12-3456", {}),
        ("short", {"x-forwarded-for": "a"}),
        ("x" * 65, {"x-forwarded-for": "a"}),
        ('abcdef12"\n{', {"x-forwarded-for": "a"}),
    ],
)
def test_any_other_id_is_replaced(given, more):
    made = named({"X-Request-ID": given} | more)
    assert made != given and len(made) == 32


def test_the_number_that_a_person_sees_finds_the_bug_in_the_journal(caplog):
    def page():
        from pages.parts import messages

        messages.failed(ValueError("Ayşe Yılmaz"))

    shown = AppTest.from_function(page).run().error[0].value
    (record,) = [one for one in caplog.records if one.exc_info]
    assert record.error in shown
    assert "Ayşe" not in shown
