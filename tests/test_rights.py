"""Every action below the pages, tried by everybody: whoever may not is refused and nothing has changed; whoever may comes through."""

from __future__ import annotations

import shutil
from copy import copy
from datetime import date

import pytest
from jobs import done, here_and_now
from test_handing import EDITOR, begun, noted, published, sheet

from pipelines import log
from pipelines.access import people
from pipelines.access.permissions import ROLES
from pipelines.access.person import VISITOR, Person
from pipelines.desk import (
    checkins,
    drafts,
    evidence,
    governance,
    handing,
    history,
    letterhead,
    partners,
    remembered,
    taking,
    targets,
    writing,
)
from pipelines.errors import MeridianError
from pipelines.frameworks import Section
from pipelines.store import Store

SECTION = Section("demo", "yokak", "A.5.1")
ACTION = checkins.Plan("behind", "write to the deans", "Office", date(2030, 1, 31))
STRANGER = Person("stranger", "Nil", "editor", (("metu", "*"),))
BY = {"nobody": None, "visitor": VISITOR, "editor": EDITOR, "editor of another": STRANGER} | {
    role: Person(f"the {role}", role.title(), role) for role in ROLES if role != "editor"
}
"""Who tries: nobody signed in, a visitor of the open demo, one of each role (the editor for "demo" alone), an editor of another institution."""
ANYWHERE = ("compare", "forget a layout")
"""What is not limited to institutions."""
ACTIONS = {
    "hand in": ("editor", lambda who, at: handing.begin(who, at.store, institution="demo", source="mobility", year=2024, name="a.csv", data=at.data)),
    "see a draft": ("editor", lambda who, at: handing.seen(who, at.store, at.open)),
    "answer": ("editor", lambda who, at: handing.answer(who, at.store, at.open, notes={"any": "counted again"})),
    "take the marked workbook": ("editor", lambda who, at: handing.marked(who, at.store, at.open, "en")),
    "publish": ("editor", lambda who, at: handing.publish(who, at.store, at.open, "yearly return")),
    "propose": ("editor", lambda who, at: handing.propose(who, at.store, at.open, "yearly return")),
    "discard": ("editor", lambda who, at: handing.discard(who, at.store, at.open)),
    "approve": ("approver", lambda who, at: handing.approve(who, at.store, at.proposed)),
    "give back": ("approver", lambda who, at: handing.give_back(who, at.store, at.proposed, "count again")),
    "undo": ("approver", lambda who, at: history.undo(who, at.store, "wrong file")),
    "restore": ("approver", lambda who, at: history.restore(who, at.store, 1, "wrong file")),
    "compare": ("reporter", lambda who, at: history.compare(who, at.store, 1, 2)),
    "take an original": ("editor", lambda who, at: history.original(who, at.store, at.event)),
    "erase": ("administrator", lambda who, at: history.erase(who, at.store, at.sha, "a name was in it")),
    "close a year": ("approver", lambda who, at: governance.seal(who, at.store, "demo", "mobility", 2022, "reported")),
    "set": ("administrator", lambda who, at: governance.set_setting(who, at.store, "four_eyes", "always", "decided")),
    "add a person": ("administrator", lambda who, at: people.allow(who, at.store, "add", "new", name="New", role="viewer", grants=())),
    "join names": ("editor", lambda who, at: partners.join(who, at.store, "demo", "Uni A", "Universität A")),
    "part names": ("editor", lambda who, at: partners.part(who, at.store, "demo", at.name)),
    "publish with joined names": ("approver", lambda who, at: partners.show_now(who, at.store, "names")),
    "forget a layout": ("editor", lambda who, at: remembered.forget(who, at.store, at.layout)),
    "check in": ("editor", lambda who, at: checkins.add(who, at.store, "demo", 2024, ACTION, indicator="A01")),
    "close an action": ("editor", lambda who, at: checkins.close(who, at.store, at.action, "done")),
    "correct a check-in": ("editor", lambda who, at: checkins.correct(who, at.store, at.action, ACTION)),
    "write a report's text": ("reporter", lambda who, at: writing.write(who, at.store, SECTION, "evaluation", "en", "well done")),
    "judge a criterion": ("reporter", lambda who, at: writing.score(who, at.store, SECTION, 3, "practised everywhere")),
    "order a report": ("reporter", lambda who, at: taking.order(who, at.store, taking.Order("demo", "yokak", "en", 3, 2023))),
    "file a link": ("reporter", lambda who, at: evidence.attach_link(who, at.store, SECTION, "Policy", "https://example.org")),
    "file evidence": ("reporter", lambda who, at: evidence.attach_file(who, at.store, SECTION, "List", "a.csv", b"a;b")),
    "withdraw evidence": ("reporter", lambda who, at: evidence.withdraw(who, at.store, "demo", "yokak", "A.5.1.1", "wrong file")),
    "bring a Word template": ("administrator", lambda who, at: letterhead.keep(who, at.store, "", b"")),
    "erase evidence": ("administrator", lambda who, at: evidence.erase(who, at.store, at.proof, "a name was in it")),
    "change goals": ("editor", lambda who, at: targets.save(who, at.store, "demo", [], at.goals, "decided", 2026)),
}  # fmt: skip
"""Action → the lowest role that may, and how it is tried."""


class Office:
    """A store with two publications, a draft that is ready, one that waits for approval, a remembered layout."""

    def __init__(self, path):
        self.store, self.data = Store(path), sheet((2024, "Almanya", 17))
        self.goals = [
            {
                "institution": "demo",
                "policy": "demo",
                "element": "x",
                "indicator": "A01",
                "target_year": 2028,
                "target": 10,
                "baseline_year": 2022,
                "baseline": 5,
            }
        ]

    def fill(self):
        self.store.work.mkdir(parents=True)
        published(self.store, sheet((2022, "Almanya", 5)), year=2022, name="first.csv")
        published(self.store, sheet((2023, "Almanya", 6)), year=2023, name="second.csv")
        event = next(event for event in log.events(self.store) if event.kind == "accepted")
        self.event, self.sha = event.no, event.facts["file"]
        ready = noted(self.store, begun(self.store, self.data))
        other = noted(self.store, begun(self.store, sheet((2021, "Almanya", 4)), year=2021, name="other.csv"))
        self.open, self.proposed = ready.id, handing.propose(EDITOR, self.store, other.id, "yearly return").id
        found = drafts.examined(self.store, drafts.load(self.store, self.open))
        self.layout = remembered.learn(self.store, "editor", "demo mobility", found["layout"] | {"kind": "own"})
        self.action = checkins.add(EDITOR, self.store, "demo", 2023, ACTION, indicator="A01").no
        evidence.attach_file(BY["reporter"], self.store, SECTION, "Order", "order.txt", b"appointed")
        self.proof = evidence.items(self.store, "demo", "yokak")[0].digest
        self.name = "Uni B"
        partners.join(EDITOR, self.store, "demo", self.name, "Universität B")
        done(self.store)
        return self

    def copy(self, path):
        """The same office in another place."""
        other = copy(self)
        other.store = Store(shutil.copytree(self.store.path, path))
        return other


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        here_and_now(patched)
        yield Office(tmp_path_factory.mktemp("office") / "store").fill()


def may(role, action):
    if role == "editor of another":
        return action in ANYWHERE
    return role in ROLES and ROLES.index(role) >= ROLES.index(ACTIONS[action][0])


def everything(store):
    """All bytes that an action could have written."""
    return {path: path.read_bytes() for path in sorted(store.path.rglob("*")) if path.is_file() and path.suffix not in (".duckdb", ".lock")}


REFUSED = [(action, role) for action in ACTIONS for role in BY if not may(role, action)]
ALLOWED = [(action, role) for action in ACTIONS for role in BY if may(role, action)]


@pytest.mark.parametrize(("action", "role"), REFUSED)
def test_whoever_may_not_is_refused_and_nothing_has_changed(filled, action, role):
    before = everything(filled.store)
    with pytest.raises(MeridianError) as stopped:
        ACTIONS[action][1](BY[role], filled)
    assert stopped.value.finding.code == "P101"
    assert everything(filled.store) == before


@pytest.mark.parametrize(("action", "role"), ALLOWED)
def test_whoever_may_comes_through(filled, tmp_path, action, role):
    ACTIONS[action][1](BY[role], filled.copy(tmp_path / "store"))
