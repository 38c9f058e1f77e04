"""Reading what is on air: locked, limited in time, and always one whole version."""

import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import duckdb
import pytest
from shelf import hand_in, in_child, moved

from pipelines import warehouse
from pipelines.errors import MeridianError
from pipelines.publish import publish
from pipelines.store import Store

DAY = date(2026, 11, 1)
ENDLESS = "select count(*) from range(1000000000) a, range(1000000) b where (a.range * b.range) % 7 = 3"


@pytest.fixture
def shelf(tmp_path):
    found = Store(tmp_path / "store")
    hand_in(found, rows=[moved(2023, 5), moved(2022, 4)])
    publish(found, "publisher", as_of=DAY, steps=())
    return found


@pytest.fixture
def version(shelf):
    return warehouse.open_version(shelf.path)


def test_a_store_without_a_publication_says_so(tmp_path):
    with pytest.raises(MeridianError) as refused:
        warehouse.open_version(tmp_path / "nowhere")
    assert refused.value.finding.code == "S101"
    assert warehouse.current_path(tmp_path / "nowhere") is None


def test_values_are_bound_by_position_and_by_name(version):
    assert version.query("select participants from core.mobility where academic_year = ?", [2023]) == [(5,)]
    assert version.rows("select participants from core.mobility where academic_year = $year", {"year": 2022}) == [{"participants": 4}]
    assert version.one("select sum(participants) from core.mobility") == (9,)
    assert version.one("select 1 from core.mobility where academic_year = ?", [1999]) is None
    assert version.table("select academic_year from core.mobility where academic_year > ? order by 1", [2000]).to_pydict() == {
        "academic_year": [2022, 2023]
    }


@pytest.mark.parametrize(
    "sql",
    [
        "delete from facts.mobility",
        "create table facts.more as select 1",
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy core.mobility to 'out.csv'",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "install excel",
    ],
)
def test_nothing_can_be_written_read_from_outside_or_set(version, sql):
    with pytest.raises((duckdb.Error, MeridianError)):
        version.query(sql)
    assert version.one("select sum(participants) from core.mobility") == (9,)


def test_a_python_variable_is_no_table(version):
    secret = duckdb.connect().sql("select 1 as a").df()
    assert len(secret) == 1
    with pytest.raises(duckdb.CatalogException):
        version.query("select * from secret")


def test_a_question_that_takes_too_long_is_stopped_and_the_next_is_answered(version):
    with pytest.raises(MeridianError) as refused:
        version.query(ENDLESS, seconds=0.2)
    assert refused.value.finding.code == "S150"
    assert version.one("select sum(participants) from core.mobility") == (9,)


def test_stopping_one_question_leaves_others_alone(version):
    answers = []

    def ask():
        answers.extend(version.one("select sum(participants) from core.mobility") for _ in range(300))

    other = threading.Thread(target=ask)
    other.start()
    with pytest.raises(MeridianError):
        version.query(ENDLESS, seconds=0.2)
    other.join()
    assert answers == [(9,)] * 300


def test_many_threads_read_at_once(version):
    wrong = []

    def ask(number):
        for _ in range(50):
            if version.query("select ?::int, sum(participants) from core.mobility", [number]) != [(number, 9)]:
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_limit_of_time_holds_in_a_forked_process_too(shelf):
    def ask():
        try:
            warehouse.Version(warehouse.current_path(shelf.path), shelf.current()).query(ENDLESS, seconds=0.2)
        except MeridianError as error:
            return 12 if error.finding.code == "S150" else 13
        return 14

    warehouse.Watch().end()
    assert in_child(ask) == 12


def test_the_same_handle_serves_until_a_new_publication_and_then_the_old_one_still_answers(shelf, version):
    assert warehouse.open_version(shelf.path) is version
    hand_in(shelf, rows=[moved(2023, 50)], name="corrected.csv")
    publish(shelf, "publisher", as_of=DAY, steps=())
    newer = warehouse.current_version(str(shelf.path))
    assert newer is not version
    assert (version.no, newer.no) == (1, 2)
    assert version.id != newer.id
    assert version.one("select sum(participants) from core.mobility") == (9,)
    assert newer.one("select sum(participants) from core.mobility") == (54,)
    assert warehouse.current_path(shelf.path) == newer.path


def test_a_version_that_is_gone_or_damaged_is_named(shelf):
    path = shelf.versions / shelf.current().file
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(MeridianError) as refused:
        warehouse.open_version(shelf.path)
    assert refused.value.finding.code == "S130"
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(MeridianError) as refused:  # when it is opened, or when the missing part is asked for
        warehouse.open_version(shelf.path).query("select mobility.*, files.* from core.mobility, board.files")
    assert refused.value.finding.code == "S132"


def test_readers_see_whole_versions_while_others_are_published(shelf):
    """Every version holds one year with one figure: a mixture would show two."""
    seen, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            seen.append(
                warehouse.open_version(shelf.path).query(
                    "select (select count(*) from core.mobility), (select max(no) from board.publications)"
                )[0]
            )

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 6):
        hand_in(shelf, rows=[moved(2000 + number, 1)], name=f"{number}.csv")
        publish(shelf, "publisher", as_of=DAY, steps=())
    stop.set()
    reader.join()
    assert set(seen) <= {(rows, rows - 1) for rows in range(2, 8)}
    assert seen == sorted(seen)
    assert len(set(seen)) > 1


def test_the_end_of_a_process_is_quiet(shelf):
    code = "import sys; from pipelines import warehouse; v = warehouse.open_version(sys.argv[1]); print(v.one('select 1'))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(shelf.path)],
        capture_output=True,
        text=True,
        cwd=Path(warehouse.__file__).parent.parent,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("(1,)\n", "")
