"""Hostile workbooks in the process that examines files: it lives, says a code, stays small, and reads the next good workbook."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from zoo_hostile import HOSTILE
from zoo_tables import MOBILITY, book

from pipelines.errors import Refused, faults
from pipelines.formats import archive, child, spreadsheet

ROOT = Path(__file__).resolve().parent.parent
MB = 1024**2
WORKER_MOST, CHILD_MOST = 1000 * MB, 1600 * MB
WORKER = """
import json, re, resource, sys, tempfile
from pathlib import Path
from pipelines.path import Choices, draft

for line in sys.stdin:
    with tempfile.TemporaryDirectory() as folder:
        made = draft(Path(line.strip()), Choices(), Path(folder))
        told = {"errors": [[one.code, str(one.place)] for one in made.errors], "rows": made.facts.get("mobility", {}).get("rows")}
    own = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])  # ru_maxrss begins with what the parent had
    peaks = [own * 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]
    print(json.dumps(told | {"peaks": peaks}), flush=True)
"""


class Worker:
    """A process that examines one file after another, as the one beside the web server does."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
        )

    def examine(self, path: Path) -> dict:
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"the worker died of {path.name}"
        return json.loads(answer)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """The same process for every file."""
    made = Worker()
    yield made
    made.process.stdin.close()
    assert made.process.wait(timeout=60) == 0


@pytest.mark.fault("F5", full=1, short=1)
@pytest.mark.parametrize("name", HOSTILE)
def test_the_worker_lives_says_why_and_reads_the_next_good_workbook(name, worker, tmp_path):
    build, code = HOSTILE[name]
    path = build(tmp_path)
    assert path.stat().st_size < 10 * MB, "a hostile file is small"
    told = worker.examine(path)
    assert [one for one, _ in told["errors"]] == ([code] if code else [])
    assert all(place.startswith(path.name) for _, place in told["errors"])
    assert (told["rows"] is None) == bool(code)
    book(tmp_path / "good.xlsx", MOBILITY).close()
    after = worker.examine(tmp_path / "good.xlsx")
    assert (after["errors"], after["rows"]) == ([], 4)
    assert after["peaks"][0] < WORKER_MOST
    assert after["peaks"][1] < CHILD_MOST


@pytest.mark.parametrize("name", [name for name, (_, code) in HOSTILE.items() if code])
def test_what_is_told_of_a_hostile_workbook_is_said_in_both_languages(name):
    fault = faults()[HOSTILE[name][1]]
    assert all(fault[part][language] for part in ("what", "cause", "remedy") for language in ("en", "tr"))


@pytest.mark.parametrize("name", ["a_string_of_a_gigabyte", "a_size_that_is_a_lie", "a_billion_laughs", "truncated_workbook"])
def test_the_child_survives_or_dies_alone_even_when_nobody_looked_from_outside(name, tmp_path):
    """Two walls: were the first ever passed, the second holds."""
    with pytest.raises(Refused) as refused:
        spreadsheet.sheets(HOSTILE[name][0](tmp_path), name)
    assert refused.value.finding.code in ("E240", "E241", "E242")


def test_a_workbook_at_the_limits_is_still_read(tmp_path):
    """The twin of all that: large, packed well, and somebody's honest work."""
    rows = [MOBILITY[0], *[[*row[:10], f"{row[10]}{number}"] for number in range(2000) for row in MOBILITY[1:]]]
    path = tmp_path / "large.xlsx"
    book(path, rows).close()
    assert archive.check(path, path.name) == []
    (sheet,) = spreadsheet.sheets(path, path.name)
    assert sheet.rows == len(rows) and child.MEMORY < CHILD_MOST
