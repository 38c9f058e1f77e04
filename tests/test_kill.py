"""``kill -9`` at random moments: nothing that was acknowledged is lost, no reader sees half, the next run is clean.

A warm process is forked and killed; what it acknowledged it has written to a pipe. The page cache survives a kill: power cuts are
another test.
"""

from datetime import date

import duckdb
import pytest
from jobs import killed, moments
from shelf import hand_in, moved

from pipelines import log
from pipelines.publish import publish
from pipelines.publishing import build, fingerprint
from pipelines.publishing.verify import verify
from pipelines.store import Store

SECONDS = 0.005, 0.15
HARMLESS = {"S115", "S117", "S122", "S140"}
"""What a crash may leave: a torn last line, a publication not yet in the log, an original not yet accepted, something temporary."""


@pytest.fixture
def shelf(tmp_path):
    """A store with a publication, and everything imported that a child will need."""
    found = Store(tmp_path / "store")
    hand_in(found, rows=[moved(2023, 1)], name="first.csv")
    publish(found, "publisher", as_of=date(2026, 11, 1), steps=())
    return found


def accept_on_and_on(shelf, turn):
    def work(acknowledge):
        for number in range(100_000):
            event = hand_in(shelf, rows=[moved(2023, number)], name=f"{turn}-{number}.csv")
            acknowledge([event.no, event.hash, event.facts["file"]])

    return work


def publish_on_and_on(shelf, turn):
    def work(acknowledge):
        for number in range(100_000):
            hand_in(shelf, rows=[moved(2023, turn * 1000 + number)], name=f"{turn}-{number}.csv")
            done = publish(shelf, "publisher", as_of=date(2026, 11, 1), steps=())
            acknowledge([done.no, done.digest, turn * 1000 + number])

    return work


@pytest.mark.fault("F1", full=200, short=25)
def test_no_accepted_file_is_lost_whenever_the_process_is_killed(shelf, rounds):
    acknowledged = []
    for turn, seconds in moments("accept", rounds, *SECONDS):
        acknowledged += killed(accept_on_and_on(shelf, turn), seconds)
        events = {event.no: event for event in log.events(shelf)}
        for no, known, sha in acknowledged:
            assert events[no].hash == known
            assert fingerprint.of_file(shelf.raw(sha)) == sha
    assert {finding.code for finding in verify(shelf)} <= HARMLESS
    assert acknowledged
    hand_in(shelf, rows=[moved(2023, 5)], name="after.csv")
    publish(shelf, "publisher", as_of=date(2026, 11, 1), steps=())
    assert {finding.code for finding in verify(shelf)} <= {"S122"}


def on_air(shelf):
    """What a reader sees: number, digest and figure of a version that is whole."""
    current = shelf.current()
    with duckdb.connect(str(shelf.versions / current.file), read_only=True, config=build.LIMITS) as connection:
        digest = fingerprint.digest(fingerprint.of_version(connection))
        (figure,) = connection.execute("select sum(participants) from core.mobility").fetchone()
        (told,) = connection.execute("select max(no) from board.publications").fetchone()
    assert digest == current.digest
    assert told == current.no
    return current.no, digest, figure


@pytest.mark.fault("F3", full=200, short=25)
def test_readers_see_whole_versions_whenever_the_publisher_is_killed(shelf, rounds):
    newest, published = 1, 0
    for turn, seconds in moments("publish", rounds, *SECONDS):
        acknowledged = killed(publish_on_and_on(shelf, turn), seconds * 15)
        no, digest, figure = on_air(shelf)
        assert no >= newest
        for told, its_digest, its_figure in acknowledged:
            assert told <= no
            assert (its_digest, its_figure) == (digest, figure) or told < no
        said = {event.facts["no"]: event.facts["digest"] for event in log.events(shelf) if event.kind == "published"}
        assert all(said[told] == its_digest for told, its_digest, _ in acknowledged)
        newest, published = no, published + len(acknowledged)
    assert published
    assert {finding.code for finding in verify(shelf)} <= HARMLESS
    done = publish(shelf, "publisher", as_of=date(2026, 11, 1), steps=())
    assert on_air(shelf)[:2] == (done.no, done.digest)
    assert {finding.code for finding in verify(shelf)} <= {"S122", "S140"}
    assert shelf.temporary() == []


def test_the_kill_does_fall_into_the_middle_of_writing(shelf):
    """The twin: a writer that puts bytes straight under their final name is caught by the same means."""
    target = shelf.path / "straight"
    whole = b"x" * (4 << 20)

    def work(acknowledge):
        while True:
            with target.open("wb") as file:
                for at in range(0, len(whole), 1 << 16):
                    file.write(whole[at : at + (1 << 16)])

    sizes = []
    for _, seconds in moments("straight", 20, *SECONDS):
        killed(work, seconds / 4)
        sizes.append(target.stat().st_size if target.exists() else 0)
    assert any(0 < size < len(whole) for size in sizes)
