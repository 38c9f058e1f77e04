"""Names of partners that a person joins: suggested, remembered in the log, counted from the next publication on, rebuilt as they were."""

from __future__ import annotations

from datetime import date

import pytest
from jobs import done, here_and_now
from shelf import hand_in, moved

from pipelines import log
from pipelines.access.person import Person
from pipelines.desk import partners, worker
from pipelines.errors import MeridianError
from pipelines.publish import publish, rebuild
from pipelines.publishing import aliases, build
from pipelines.store import Store
from pipelines.warehouse import open_version

EDITOR = Person("editor", "Edi", "editor", (("ada", "*"),))
APPROVER = Person("approver", "App", "approver", (("*", "*"),))
DAY = date(2026, 11, 1)


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "store")
    for who in ("ada", "ben"):
        rows = [
            moved(2023, 6, institution=who, direction="out", role="student", partner=name, country="DEU")
            for name in ("Universität Lindental", "Universitaet Lindental", "Hochschule Eichbergen")
        ]
        hand_in(made, rows=rows, name=f"{who}.csv")
    publish(made, "publisher", as_of=DAY)
    return made


def keys(store, who="ada"):
    sql = "select written, partner_key from core.partners where institution = ?"
    return dict(open_version(store.path).query(sql, [who]))


def test_a_name_that_is_like_another_is_suggested_and_nothing_is_joined_by_itself(store):
    found = {one.written: one.means for one in partners.unresolved(open_version(store.path), "ada")}
    assert found["Universität Lindental"] == "Universitaet Lindental"
    assert found["Universitaet Lindental"] is None, "one of the two means the other"
    assert found["Hochschule Eichbergen"] is None
    assert len(set(keys(store).values())) == 3


def test_a_joined_name_counts_from_the_next_publication_on_as_if_built_from_nothing(store):
    partners.join(EDITOR, store, "ada", "Universitaet Lindental", "Universität Lindental")
    assert (len(set(keys(store).values())), partners.waiting(store)) == (3, 1)
    done = publish(store, "publisher", as_of=DAY)
    assert log.events(store)[-1].facts["grown_from"] == 1
    assert len(set(keys(store).values())) == 2
    assert len(set(keys(store, "ben").values())) == 3
    assert partners.waiting(store) == 0
    found = log.events(store)
    listed = [event for event in found if event.no in done.accepted]
    plan = build.Plan(build.arrivals(store, listed, build.hashes(found)), DAY, build.steps(), aliases=aliases.told(found))
    with build.built(store, plan, lambda digest: ([], {})) as made:
        assert made.digest == done.digest


def test_a_rebuild_understands_names_as_they_were_understood_then(store):
    partners.join(EDITOR, store, "ada", "Universitaet Lindental", "Universität Lindental")
    done = publish(store, "publisher", as_of=DAY)
    partners.part(EDITOR, store, "ada", "Universitaet Lindental")
    assert rebuild(store).digest == done.digest
    publish(store, "publisher", as_of=DAY)
    assert len(set(keys(store).values())) == 3


def test_whoever_may_publishes_the_same_files_with_the_names_of_now(store, monkeypatch):
    here_and_now(monkeypatch)
    partners.join(EDITOR, store, "ada", "Universitaet Lindental", "Universität Lindental")
    waiting = hand_in(store, rows=[moved(2024, 3, institution="ada", partner="Uni C")], name="later.csv")
    job = partners.show_now(APPROVER, store, "names")
    done(store)
    newest = log.events(store)[-1]
    assert worker.state(store, job).result == {"publication": 2}
    assert waiting.no not in newest.facts["accepted"]
    assert len(set(keys(store).values())) == 2


REFUSED = {
    "V601": ("Universität  LINDENTAL", "Universitat Lindental"),
    "V602": ("Universität Lindental", "Universitaet Lindental"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_name_means_neither_itself_nor_one_that_means_it(store, code):
    partners.join(EDITOR, store, "ada", "Universitaet Lindental", "Universität Lindental")
    with pytest.raises(MeridianError) as stopped:
        partners.join(EDITOR, store, "ada", *REFUSED[code])
    assert stopped.value.finding.code == code


def test_only_what_was_joined_can_be_parted(store):
    partners.join(EDITOR, store, "ada", "Universitaet Lindental", "Universität Lindental")
    partners.part(EDITOR, store, "ada", "UNIVERSITAET Lindental")
    assert partners.joined(store, "ada") == []
    with pytest.raises(MeridianError) as stopped:
        partners.part(EDITOR, store, "ada", "Universitaet Lindental")
    assert stopped.value.finding.code == "V603"
