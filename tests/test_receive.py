"""A file is received for what its bytes are; every animal of the zoo is told by its fault, in both languages, and nothing dies of it."""

import hashlib

import pytest
from zoo import HEAD, ROWS, ZOO, findings

from pipelines.errors import Refused, faults
from pipelines.receive import LARGEST, receive

HEADER_ROWS = {"merged_header_of_two_rows": 2}
TELLING = {name: code for name, (_, code) in ZOO.items() if code}
HARMLESS = [name for name, (_, code) in ZOO.items() if not code]


@pytest.mark.parametrize("name", TELLING)
def test_every_broken_file_is_told_by_its_fault(name, tmp_path):
    build, code = ZOO[name]
    told = findings(build(tmp_path), 1, HEADER_ROWS.get(name, 1))
    assert code in [finding.code for finding in told]
    chosen = next(finding for finding in told if finding.code == code)
    for part in ("what", "cause", "remedy"):
        english, turkish = chosen.say(part, "en"), chosen.say(part, "tr")
        assert english != turkish
        assert "{" not in english + turkish


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_dangerous_is_read_without_a_word(name, tmp_path):
    assert findings(ZOO[name][0](tmp_path), 1, HEADER_ROWS.get(name, 1)) == []


def test_every_fault_of_receiving_and_reading_lives_in_the_zoo():
    ours = {code for code in faults() if code[0] in "EQI" and "100" <= code[1:] < "300"}
    elsewhere = {"E100", "E102", "E218", "E223", "E226", "E227", "E228", "E242"}  # need no file of their own, or more time than a test has
    elsewhere |= {"Q234", "E264"}  # is seen in words, not in bytes: the zoo of tables has it
    assert ours - elsewhere == set(TELLING.values())


def test_a_good_file_is_weighed_hashed_and_named(tmp_path):
    path = tmp_path / "exchange.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    received = receive(path)
    assert (received.kind, received.name, received.size) == ("csv", "exchange.csv", len((HEAD + ROWS).encode()))
    assert received.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_stored_file_without_ending_is_known_by_its_content(tmp_path):
    path = ZOO["merged_header_of_two_rows"][0](tmp_path)
    stored = path.rename(tmp_path / ("0" * 64))
    assert receive(stored).kind == "xlsx"
    assert receive(stored, "numbers.xlsx").name == "numbers.xlsx"


def test_a_missing_file_is_a_fault_and_no_traceback(tmp_path):
    with pytest.raises(Refused) as refused:
        receive(tmp_path / "nowhere.csv")
    assert refused.value.finding.code == "E100"


def test_a_file_above_its_limit_is_refused_and_one_below_is_not(tmp_path, monkeypatch):
    path = tmp_path / "exchange.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    assert receive(path).kind == "csv"
    monkeypatch.setitem(LARGEST, "csv", 0)
    with pytest.raises(Refused) as refused:
        receive(path)
    assert refused.value.finding.code == "E102"


def test_the_published_workbooks_are_within_the_limits(real):
    names = [*sorted((real / "charter-holders").glob("*.xlsx")), *sorted((real / "statistics").glob("*.xlsx"))]
    assert len(names) == 13
    assert {receive(path).kind for path in names} == {"xlsx"}
    linked = [path.name for path in names if receive(path).findings]
    assert linked == ["2022-03.xlsx"]
