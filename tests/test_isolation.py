"""Two institutions in one store: whoever stands for one sees nothing of the other's that is not published. Each refusal has a twin.

Asked of the data, not of a menu: every reader below the pages, and the pages that could show what it gives.
"""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from jobs import done, here_and_now
from shown import opened
from test_handing import begun, noted, published, sheet

from pages.parts import people
from pipelines import log
from pipelines.access.person import Person
from pipelines.desk import checkins, drafts, evidence, examination, governance, handing, history, taking, writing
from pipelines.errors import MeridianError
from pipelines.frameworks import Section
from pipelines.settings import settings
from pipelines.store import Store
from pipelines.warehouse import open_version

OURS = Person("ece-of-ours", "Ece", "editor", (("demo", "*"),))
THEIRS = Person("nil", "Nil", "editor", (("metu", "*"),))
OUR_APPROVER = Person("can", "Can", "approver", (("demo", "*"),))
THEIR_APPROVER = Person("oya", "Oya", "approver", (("metu", "*"),))
OUR_REPORTER = Person("ali", "Ali", "reporter", (("demo", "*"),))
THEIR_REPORTER = Person("ada", "Ada", "reporter", (("metu", "*"),))
OUR_VIEWER = Person("veli", "Veli", "viewer", (("demo", "*"),))
THEIR_VIEWER = Person("vera", "Vera", "viewer", (("metu", "*"),))
MINISTRY = Person("ministry", "Mina", "approver")
SECTION = Section("demo", "yokak", "A.5.1")
PLAN = checkins.Plan("ours alone", "write to the deans", "Office", date(2030, 1, 31))


def of(institution, *rows):
    return sheet(*rows).replace(b"demo", institution.encode())


class Country:
    """A store of two: a publication of each, a draft of each, ours proposed as well; evidence and a check-in of ours."""

    def __init__(self, path):
        self.store = Store(path)
        self.store.work.mkdir(parents=True)
        published(self.store, of("demo", (2022, "Almanya", 50)), OURS, year=2022, name="ours_2022.csv", reason="our return")
        told = {"institution": "metu", "name": "theirs_2022.csv", "year": 2022}
        published(self.store, of("metu", (2022, "Fransa", 60)), THEIRS, reason="their return", **told)
        published(self.store, of("demo", (2023, "Almanya", 51)), OURS, year=2023, name="ours_2023.csv", reason="our return")
        accepted = [event for event in log.events(self.store) if event.kind == "accepted"]
        self.event = accepted[0].no
        self.open = noted(self.store, begun(self.store, of("demo", (2024, "Almanya", 777)), OURS, name="ours_2024.csv"), OURS).id
        other = noted(self.store, begun(self.store, of("demo", (2021, "Almanya", 52)), OURS, year=2021, name="ours_2021.csv"), OURS)
        self.proposed = handing.propose(OURS, self.store, other.id, "a late return").id
        self.action = checkins.add(OURS, self.store, "demo", 2023, PLAN, indicator="A01").no
        evidence.attach_file(OUR_REPORTER, self.store, SECTION, "Order", "ours_order.txt", b"appointed")
        done(self.store)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        here_and_now(patched)
        yield Country(tmp_path_factory.mktemp("country") / "store")


@pytest.fixture
def fresh(filled, tmp_path, monkeypatch):
    """A copy for what changes something."""
    here_and_now(monkeypatch)
    copied = object.__new__(Country)
    copied.__dict__ = filled.__dict__ | {"store": Store(shutil.copytree(filled.store.path, tmp_path / "store"))}
    return copied


READ = {
    "a draft": (OURS, THEIRS, lambda who, at: handing.seen(who, at.store, at.open)),
    "a draft for approval": (OUR_APPROVER, THEIR_APPROVER, lambda who, at: handing.seen(who, at.store, at.proposed)),
    "the marked workbook": (OURS, THEIRS, lambda who, at: handing.marked(who, at.store, at.open, "en")),
    "an original": (OURS, THEIRS, lambda who, at: history.original(who, at.store, at.event)),
    "a report": (OUR_REPORTER, THEIR_REPORTER, lambda who, at: taking.order(who, at.store, taking.Order("demo", "yokak", "en", 3, 2023))),
}
CHANGE = {
    "answer a draft": (OURS, THEIRS, lambda who, at: handing.answer(who, at.store, at.open, notes={"any": "theirs"})),
    "approve": (OUR_APPROVER, THEIR_APPROVER, lambda who, at: handing.approve(who, at.store, at.proposed)),
    "undo a publication": (OUR_APPROVER, THEIR_APPROVER, lambda who, at: history.undo(who, at.store, "wrong")),
    "show a publication again that lacks ours": (MINISTRY, THEIR_APPROVER, lambda who, at: history.restore(who, at.store, 2, "wrong")),
    "write our report": (OUR_REPORTER, THEIR_REPORTER, lambda who, at: writing.write(who, at.store, SECTION, "evaluation", "en", "well")),
    "file our evidence": (
        OUR_REPORTER, THEIR_REPORTER, lambda who, at: evidence.attach_link(who, at.store, SECTION, "Policy", "https://example.org"),
    ),
    "close our action": (OURS, THEIRS, lambda who, at: checkins.close(who, at.store, at.action, "done")),
}  # fmt: skip


def refused(call, who, at):
    with pytest.raises(MeridianError) as stopped:
        call(who, at)
    assert stopped.value.finding.code == "P101"


@pytest.mark.parametrize("what", READ)
def test_nobody_reads_what_is_anothers_and_its_own_people_do(fresh, what):
    ours, theirs, call = READ[what]
    refused(call, theirs, fresh)
    assert call(ours, fresh)


@pytest.mark.parametrize("what", CHANGE)
def test_nobody_changes_what_is_anothers_and_its_own_people_do(fresh, what):
    ours, theirs, call = CHANGE[what]
    refused(call, theirs, fresh)
    call(ours, fresh)


@pytest.mark.parametrize(("who", "seen"), [(OURS, True), (OUR_APPROVER, True), (MINISTRY, True), (THEIRS, False), (OUR_VIEWER, False)])
def test_drafts_are_listed_for_those_who_may_go_on_with_them_alone(filled, who, seen):
    assert (filled.open in {one.id for one in handing.mine(who, filled.store)}) is seen


def states(at, who):
    duties = governance.due(at.store, open_version(at.store.path), "demo", 2024, date(2026, 6, 1), handing.mine(who, at.store))
    return next((one.state, one.by) for one in duties if one.source == "mobility")


def test_that_a_draft_is_in_work_is_told_to_those_who_may_see_it(filled):
    assert states(filled, OURS) == ("draft", "ece-of-ours")
    assert states(filled, THEIRS) == ("late", "")


def history_of(who, at):
    told = history.shown(who, at.store)
    return {file["name"] for one in told for file in one["came"] + one["left"]}, {one["reason"] for one in told}


def test_the_history_tells_files_reasons_and_findings_to_their_own_people_and_that_there_was_one_to_all(filled):
    assert history_of(OUR_REPORTER, filled) == ({"ours_2022.csv", "ours_2023.csv"}, {"our return", ""})
    assert history_of(THEIR_REPORTER, filled) == ({"theirs_2022.csv"}, {"their return", ""})
    assert history_of(MINISTRY, filled)[0] == {"ours_2022.csv", "ours_2023.csv", "theirs_2022.csv"}
    assert len(history.shown(THEIR_REPORTER, filled.store)) == 3
    with pytest.raises(MeridianError):
        history.shown(OUR_VIEWER, filled.store)


def test_the_preview_of_an_effect_does_not_tell_what_of_others_waits_with_it(fresh):
    draft = begun(fresh.store, of("metu", (2024, "Fransa", 61)), THEIRS, institution="metu", name="theirs_2024.csv")
    told = drafts.examined(fresh.store, draft)
    alien = [one | {"institution": "demo"} for one in told["impact"]["indicators"]]
    row = told["impact"]["changes"][0]
    told["impact"] |= {
        "indicators": told["impact"]["indicators"] + alien, "changes": [row, row | {"key": row["key"] | {"institution": "demo"}}],
    }  # fmt: skip
    for who, expected in ((THEIRS, {"metu"}), (MINISTRY, {"metu", "demo"})):
        impact = examination.effect(who, told)["impact"]
        assert {one["institution"] for one in impact["indicators"]} == expected
        assert {one["key"]["institution"] for one in impact["changes"]} == expected


# --- the pages --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(filled, monkeypatch):
    monkeypatch.setenv("MERIDIAN_STORE", str(filled.store.path))
    settings.cache_clear()

    def shown(who, script, **address):
        monkeypatch.setattr(people, "here", lambda: who)
        app = opened(script, {"institution": "demo", "lang": "en", "year": "2023"} | address)
        words = [str(one.value) for kind in ("title", "header", "markdown", "info", "warning") for one in getattr(app, kind)]
        words += [str(one.proto.body) for one in app.get("html")] + [one.label for one in [*app.button, *app.expander]]
        return "\n".join(words)

    yield shown
    settings.cache_clear()


PAGES = [
    ("staff/upload.py", OURS, THEIRS, "ece-of-ours", {"due": "2024"}),
    ("staff/review.py", OUR_APPROVER, THEIR_APPROVER, "ours_2021.csv", {}),
    ("staff/history.py", OUR_REPORTER, THEIR_REPORTER, "ours_2023.csv", {}),
    ("accreditation/evidence.py", OUR_VIEWER, THEIR_VIEWER, "ours_order.txt", {"criterion": "A.5.1"}),
    ("leadership/indicator.py", OUR_VIEWER, THEIR_VIEWER, "ours alone", {"id": "A01"}),
]


@pytest.mark.parametrize(("script", "ours", "theirs", "word", "address"), PAGES, ids=[one[0] for one in PAGES])
def test_a_page_shows_unpublished_words_to_its_own_people_alone(page, script, ours, theirs, word, address):
    assert word in page(ours, script, **address)
    assert word in page(MINISTRY, script, **address)
    assert word not in page(theirs, script, **address)


def test_what_is_published_is_shown_to_everybody_in_the_store(page):
    assert "51" in page(THEIR_VIEWER, "leadership/indicator.py", id="A01")
