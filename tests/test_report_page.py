"""The Report page: the report as it would be printed, texts that stay, the self-score, files that the worker makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from jobs import here_and_now
from shown import demo_store, opened, showing  # noqa: F401 - a fixture

from pages.parts import people
from pipelines import log
from pipelines.access.person import VISITOR, Person
from pipelines.desk import evidence, taking, worker, writing
from pipelines.desk.taking import Order
from pipelines.errors import MeridianError
from pipelines.frameworks import Section
from pipelines.publish import publish
from pipelines.reports import make, wording
from pipelines.warehouse import open_version

ROOT = Path(__file__).resolve().parent.parent
WHO = {
    "visitor": VISITOR,
    "viewer": Person("viewer", "Veli", "viewer"),
    "reporter": Person("reporter", "Rana", "reporter"),
    "editor": Person("editor", "Ece", "editor", (("metu", "*"),)),
    "administrator": Person("admin", "Ali", "administrator"),
}
HERE = Section("demo", "yokak", "A.5.2")
SPOT = "demo_yokak_A.5.2_evaluation_en"


@pytest.fixture
def store(demo_store, tmp_path, monkeypatch):  # noqa: F811
    """A demo store of one's own; jobs are done when the test says so."""
    here_and_now(monkeypatch)
    with showing(demo_store, tmp_path / "store", monkeypatch) as found:
        yield found


@pytest.fixture
def open_page(store, monkeypatch):
    def at(who="reporter", page="report", **address):
        monkeypatch.setattr(people, "here", lambda: WHO[who])
        query = {"lang": "en", "institution": "demo", "framework": "yokak", "criterion": "A.5.2"}
        return opened(f"accreditation/{page}.py", query | address, seconds=90)

    return at


def text(app):
    shown = [*app.title, *app.header, *app.subheader, *app.markdown, *app.info, *app.warning, *app.error]
    return "\n".join([str(one.value) for one in shown] + [str(one.proto.body) for one in app.get("html")])


def printed(store, lang="en"):
    read = make.material(open_version(store.path), "demo", lang)
    return make.outline(store, "yokak", read), read


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_every_cell_of_the_page_s_tables_is_that_of_the_report(open_page, store, lang):
    whole, read = printed(store, lang)
    shown = text(open_page("visitor", lang=lang))
    blocks = next(blocks for heading, blocks in whole.sections() if heading.code == "A.5.2")
    told = [one for one in blocks if getattr(one, "table", None) is not None]
    assert told
    for one in told:
        assert f"{wording.called(one, read.say)}: " in shown
        for row in one.table.written(read.say)[:50]:
            assert all(cell.split("\n")[0].replace("&", "&amp;").replace("'", "&#x27;") in shown for cell in row), row


def test_only_the_section_that_is_open_is_drawn(open_page):
    shown = [one.value for one in open_page("visitor").header]
    assert len(shown) == 1
    assert shown[0].startswith("A.5.2")


@pytest.mark.parametrize("who", ["visitor", "viewer"])
def test_who_may_not_write_sees_the_report_and_no_place_to_write_in(open_page, who):
    app = open_page(who)
    assert not app.text_area
    assert not app.radio
    assert "No evaluation has been written yet." in text(app)


@pytest.mark.parametrize(("who", "offered"), [("visitor", False), ("viewer", False), ("reporter", True)])
def test_files_are_offered_to_whom_they_are_for(open_page, who, offered):
    assert any(one.key == "make_docx" for one in open_page(who).button) is offered


def test_an_editor_of_another_institution_reads_no_report_of_this_one(open_page):
    assert "You may not do this" in text(open_page("editor"))


def test_a_text_is_saved_and_stays_through_another_publication(open_page, store):
    app = open_page()
    app.text_area(key=f"box_{SPOT}").set_value("We have enough places.").run()
    app.button(key=f"save_{SPOT}").click().run()
    assert not app.error
    publish(store, "editor", "the same once more")
    again = open_page()
    assert again.text_area(key=f"box_{SPOT}").value == "We have enough places."
    assert writing.texts(store, "demo", "yokak", "tr").get(("A.5.2", "evaluation")) != "We have enough places."
    assert printed(store)[0].publication == 2


def test_a_text_that_is_typed_and_not_saved_waits_while_another_section_is_open(open_page, store):
    app = open_page()
    app.text_area(key=f"box_{SPOT}").set_value("half a thought").run()
    app.button(key="open_A.5.3").click().run()
    assert app.header[0].value.startswith("A.5.3")
    app.button(key="open_A.5.2").click().run()
    assert app.text_area(key=f"box_{SPOT}").value == "half a thought"
    assert writing.text(store, HERE, "evaluation", "en") is None


def test_whoever_saves_over_another_s_text_is_shown_it_and_keeps_their_own(open_page, store):
    app = open_page()
    writing.write(WHO["administrator"], store, HERE, "evaluation", "en", "Theirs")
    app.text_area(key=f"box_{SPOT}").set_value("Mine")
    app.button(key=f"save_{SPOT}").click().run()
    assert "Theirs" in app.error[0].value
    assert app.text_area(key=f"box_{SPOT}").value == "Mine"
    assert writing.text(store, HERE, "evaluation", "en").text == "Theirs"
    app.button(key=f"save_{SPOT}").click().run()
    assert not app.error
    assert writing.text(store, HERE, "evaluation", "en").text == "Mine"


def test_a_finding_can_be_written_anew_and_the_generated_one_brought_back(open_page, store):
    app, spot = open_page(), SPOT.replace("evaluation", "finding")
    generated = app.text_area(key=f"box_{spot}").value
    app.button(key=f"save_{spot}").click().run()
    assert writing.text(store, HERE, "finding", "en") is None, "what is generated is not frozen"
    app.text_area(key=f"box_{spot}").set_value("In our own words")
    app.button(key=f"save_{spot}").click().run()
    assert "In our own words" in str(printed(store)[0].blocks)
    app.button(key=f"back_{spot}").click().run()
    assert app.text_area(key=f"box_{spot}").value == generated


def test_a_self_score_needs_its_reason(open_page, store):
    app = open_page()
    submit = "FormSubmitter:score_yokak_A.5.2-Save the self-score"
    app.radio(key="level_yokak_A.5.2").set_value(3)
    app.button(key=submit).click().run()
    assert app.error
    app.text_area(key="reason_yokak_A.5.2").set_value("balanced between units")
    app.button(key=submit).click().run()
    assert not app.error
    assert writing.scores(store, "demo", "yokak")["A.5.2"].level == 3


def test_a_report_is_made_by_the_worker_taken_and_its_numbers_remembered(open_page, store):
    app = open_page(criteria="A.5.2")
    app.button(key="make_docx").click().run()
    worker.serve(store, idle=0.1)
    app.run()
    (file,) = [one for one in app.get("download_button") if one.proto.label == "Save Word"]
    assert file
    job = worker.state(store, app.session_state["report_job"])
    content = taking.take(WHO["reporter"], store, job)
    assert content[:2] == b"PK"
    assert writing.last_taken(store, "demo", "yokak", "en").numbers == make.numbers(make.framework("yokak"), printed(store)[1])
    assert "No number has changed" in text(open_page())
    assert log.events(store)[-1].kind == writing.TAKEN


def test_numbers_that_changed_since_it_was_taken_are_told(open_page, store):
    _, read = printed(store)
    before = make.numbers(make.framework("yokak"), read)
    code = next(key for key in before if key.endswith("2024"))
    writing.taken(WHO["reporter"], store, "demo", "yokak", "en", "docx", 1, before | {code: "7"})
    shown = text(open_page())
    assert "1 number changed" in shown
    assert ">7<" in shown


def test_a_file_goes_to_whoever_ordered_it_and_to_nobody_else(store):
    def refused(code, who):
        with pytest.raises(MeridianError) as stopped:
            taking.take(who, store, job)
        assert stopped.value.finding.code == code

    order = Order("demo", "yokak", "en", 3, 2024, ("A.5.2",), "xlsx")
    name = taking.order(WHO["reporter"], store, order)
    worker.serve(store, idle=0.1)
    job = worker.state(store, name)
    refused("P101", WHO["viewer"])
    refused("R104", WHO["administrator"])
    assert taking.take(WHO["reporter"], store, job)[:2] == b"PK"
    worker.forget(store)
    refused("R104", WHO["reporter"])


def test_a_link_is_filed_listed_and_withdrawn_with_a_reason(open_page, store):
    app = open_page(page="evidence", criterion="A.5.3")
    app.text_input(key="proof_title").set_value("Chart of mobility")
    app.text_input(key="proof_link").set_value("https://example.org/chart")
    app.button(key="FormSubmitter:attach-Attach").click().run()
    assert not app.error
    assert "Chart of mobility" in text(app)
    number = evidence.items(store, "demo", "yokak")[-1].number
    app.button(key="FormSubmitter:withdraw-Withdraw").click().run()
    assert app.error, "a reason is asked for"
    app.selectbox(key="withdrawn_number").set_value(number)
    app.text_input(key="why_withdrawn").set_value("the wrong year")
    app.button(key="FormSubmitter:withdraw-Withdraw").click().run()
    assert number not in [one.number for one in evidence.items(store, "demo", "yokak")]
    assert "the wrong year" in text(app)


@pytest.mark.parametrize(("who", "may"), [("visitor", False), ("editor", False), ("reporter", True)])
def test_evidence_is_attached_by_whoever_may_write(open_page, who, may):
    app = open_page(who, page="evidence")
    assert bool([one for one in app.text_input if one.key == "proof_title"]) is may
