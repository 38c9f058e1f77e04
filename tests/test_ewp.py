"""Erasmus Without Paper: every place of an agreement counts once, what is dirty is asked, nobody's name is kept, nothing hostile is opened."""

import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from ewp import answer, iia, mobilities, mobility, spec, written
from jobs import done, here_and_now

from pipelines import log, path
from pipelines.access.person import Person
from pipelines.desk import drafts, handing
from pipelines.errors import MeridianError, Refused
from pipelines.formats import nameless
from pipelines.layouts import given, layouts
from pipelines.path import Choices, draft
from pipelines.read import read
from pipelines.receive import receive
from pipelines.store import Store
from pipelines.tidy import Handed, Tidied, tidy
from pipelines.tidying.headers import recognise
from pipelines.warehouse import open_version

NAMES = (b"Deniz", b"Denemeci", b"urn:esi:", b"2001-02-03", b"deniz@", b"Ay\xc5\x9fe", b"ayse@")


def tidied(file: Path, **given: object) -> Tidied:
    sheets = read(receive(file))
    return tidy(sheets, recognise(sheets, file.name), Handed(file.name, **given))  # type: ignore[arg-type]


def agreements(folder: Path, *each: str, version: int = 7, **given: object) -> Tidied:
    return tidied(written(folder, answer(*each, version=version)), **given)


def ask(table: pa.Table, sql: str) -> list[tuple]:
    with duckdb.connect() as connection:
        connection.register("t", table)
        return connection.execute(sql).fetchall()


def codes(result: Tidied) -> list[str]:
    """What is told besides the people that were cut out, which every answer names."""
    return [finding.code for finding in result.findings if finding.code != "I278"]


def refusal(file: Path) -> str:
    with pytest.raises(Refused) as refused:
        read(receive(file))
    assert all(refused.value.finding.say(part, language) for part in ("what", "cause", "remedy") for language in ("en", "tr"))
    return refused.value.finding.code


# --- places ---------------------------------------------------------------------------------------------------------
def test_places_are_the_most_of_one_year_and_direction(tmp_path):
    result = agreements(
        tmp_path,
        iia(
            spec(places="2"),
            spec(kind="student-traineeship", places="3", months=None),
            spec("uw.edu.pl", "igdir.edu.tr", places="4"),
            spec(kind="staff-teacher", places="9", months=None),
        ),
    )
    row = "select institution, agreement, partner, country, kind, starts::varchar, ends::varchar, stage, quota_out, quota_in, months, months_out, months_in, blended from t"
    told = ("igdir", "IIA-1", "uw.edu.pl", "POL", "erasmus_ka131", "2023-09-01", "2029-08-31", "signed", 5.0, 4.0, 3.33, 10.0, 10.0, False)
    assert ask(result.tables["agreements"], row) == [told]
    assert codes(result) == ["L110"]  # staff's places are told


def test_places_of_different_years_are_not_added_up_and_those_of_one_year_are(tmp_path):
    early, late = spec(years=("2023/2024", "2024/2025"), places="2"), spec(years=("2025/2026", "2026/2027"), places="3", unit="5")
    result = agreements(tmp_path, iia(early, late))
    assert ask(result.tables["agreements"], "select quota_out, starts::varchar, ends::varchar from t") == [
        (3.0, "2023-09-01", "2027-08-31")
    ]
    assert "L107" in codes(result)
    both = agreements(tmp_path, iia(early, spec(years=("2024/2025", "2026/2027"), places="3", unit="5")))
    assert ask(both.tables["agreements"], "select quota_out from t") == [(5.0,)]


@pytest.mark.parametrize("version", [6, 7])
def test_a_list_of_years_and_first_and_last_say_the_same(tmp_path, version):
    years = tuple(f"{year}/{year + 1}" for year in range(2023, 2029))
    own = spec(years=years, version=version)
    result = agreements(tmp_path, iia(own), version=version)
    assert ask(result.tables["agreements"], "select starts::varchar, ends::varchar, quota_out from t") == [
        ("2023-09-01", "2029-08-31", 2.0)
    ]
    assert codes(result) == []


def test_a_list_with_a_gap_is_told_and_the_southern_year_is_a_calendar_year(tmp_path):
    gap = agreements(tmp_path, iia(spec(years=("2023/2024", "2026/2027"), version=6)), version=6)
    assert "L108" in codes(gap)
    south = agreements(tmp_path, iia(spec(years=("2025/2025", "2026/2026"))))
    assert ask(south.tables["agreements"], "select starts::varchar, ends::varchar from t") == [("2025-01-01", "2026-12-31")]


def test_places_not_stated_are_missing_and_never_zero(tmp_path):
    undecided = spec(places="2").replace("<mobilities-per-year>", '<mobilities-per-year not-yet-defined="true">')
    for one in (spec(places=None), undecided):
        result = agreements(tmp_path, iia(one))
        assert ask(result.tables["agreements"], "select quota_out, quota_in from t") == [(None, None)]
        assert "L109" in codes(result)


@pytest.mark.parametrize(
    ("more", "stage", "ends"),
    [
        ({"in_effect": "true"}, "signed", "2029-08-31"),
        ({"in_effect": "false"}, "draft", "2029-08-31"),
        ({"terminated": True}, "terminated", None),
    ],
)
def test_the_stage_follows_from_effect_and_termination(tmp_path, more, stage, ends):
    assert ask(agreements(tmp_path, iia(spec(), **more)).tables["agreements"], "select stage, ends::varchar from t") == [(stage, ends)]


def test_an_agreement_that_does_not_say_whether_it_is_in_effect_is_asked_at_its_cell_and_can_be_mended_there(tmp_path):
    file = written(tmp_path, answer(iia(spec(), in_effect=None)))
    (fault,) = [finding for finding in tidied(file).findings if finding.severity == "error"]
    assert (fault.code, fault.place.sheet, fault.place.row) == ("L101", "iia", 2)
    mended = tidied(file, fixes={fault.place.cell: "true"})
    assert [finding for finding in mended.findings if finding.severity == "error"] == []
    assert ask(mended.tables["agreements"], "select stage from t") == [("signed",)]


# --- dirty facts ----------------------------------------------------------------------------------------------------
def test_not_found_instead_of_a_university_is_asked_and_its_places_do_not_count(tmp_path):
    result = agreements(tmp_path, iia(spec(sender="Not found"), spec("uw.edu.pl", "Not found", places="7")))
    assert ask(result.tables["agreements"], "select quota_out, quota_in from t") == [(None, None)]
    assert "L103" in codes(result)
    assert "L102" in codes(agreements(tmp_path, iia(spec(), partner="Not found")))


def test_free_text_units_repeated_languages_and_odd_fields_do_not_stop_an_agreement(tmp_path):
    language = "<recommended-language-skill><language>en</language><cefr-level>B1</cefr-level></recommended-language-skill>" * 3
    odd = "<subject-area><isced-f-code>0007</isced-f-code><isced-clarification>,,</isced-clarification></subject-area>"
    result = agreements(tmp_path, iia(spec(unit="THK UNIVERSITY", more=language + odd)))
    assert ask(result.tables["agreements"], "select unit, quota_out from t") == [("THK UNIVERSITY", 2.0)]
    assert codes(result) == ["L111"]
    fine = agreements(tmp_path, iia(spec(more=odd.replace("0007", "0714"))))
    assert codes(fine) == []


def test_the_same_condition_twice_is_asked_and_two_faculties_are_not(tmp_path):
    assert "L104" in codes(agreements(tmp_path, iia(spec(), spec())))
    assert codes(agreements(tmp_path, iia(spec(unit="1"), spec(unit="2")))) == []


def test_places_and_years_that_are_none_are_refused_at_their_agreement(tmp_path):
    assert "L112" in codes(agreements(tmp_path, iia(spec(places="two"))))
    assert "L113" in codes(agreements(tmp_path, iia(spec(years=("2023/2024", "2029")))))


def test_a_country_that_the_ending_does_not_say_is_asked_as_a_word(tmp_path):
    result = agreements(tmp_path, iia(spec(receiver="example.edu"), partner="example.edu"))
    assert [(finding.code, finding.values["word"]) for finding in result.findings if finding.severity == "error"] == [
        ("W101", "example.edu")
    ]


def test_two_agreements_of_one_code_stay_two(tmp_path):
    result = agreements(tmp_path, iia(spec(), number="1"), iia(spec(), number="2"), iia(spec(), number="3", code=None))
    assert ask(result.tables["agreements"], "select agreement from t order by 1") == [("3",), ("IIA-1 · 1",), ("IIA-1 · 2",)]


# --- whose it is ----------------------------------------------------------------------------------------------------
def test_an_identifier_that_no_profile_knows_is_asked_and_a_known_one_must_be_the_right_one(tmp_path):
    own = iia(spec("example.edu.tr"), local="example.edu.tr")
    result = agreements(tmp_path, own, institution="Example University")
    assert ask(result.tables["agreements"], "select institution from t") == [("example-university",)]
    assert codes(result) == ["T132"]
    assert codes(agreements(tmp_path, iia(spec()), institution="igdir")) == []
    assert "T119" in codes(agreements(tmp_path, iia(spec()), institution="metu"))


# --- people ---------------------------------------------------------------------------------------------------------
def test_whoever_went_is_a_participant_and_the_cancelled_and_the_nominated_are_none(tmp_path):
    states = {"a": "live", "b": "recognized", "c": "cancelled", "d": "nomination"}
    result = tidied(written(tmp_path, mobilities(*(mobility(number, status=state) for number, state in states.items()))))
    row = "select distinct institution, academic_year, direction, role, activity, partner, country, level, field, gender, mode, days from t"
    told = ("igdir", 2023, "out", "student", "study", "uw.edu.pl", "POL", "bachelor", "0314", "female", "physical", 140.0)
    assert ask(result.tables["mobility"], row) == [told]
    counted = "select sum(participants), count(participants), sum(nominated), sum(withdrawn), list(distinct col) from t"
    assert ask(result.tables["mobility"], counted) == [(2.0, 3, 4.0, 1.0, ["K"])]
    assert codes(result) == ["T115"]
    assert "L122" in codes(tidied(written(tmp_path, mobilities(mobility(status="verified")))))


def test_a_mobility_that_stands_twice_is_refused(tmp_path):
    assert "L121" in codes(tidied(written(tmp_path, mobilities(mobility("a"), mobility("a")))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_nobody_is_kept_in_the_store_and_lines_stay_where_they_were(tmp_path, encoding):
    text = (
        mobilities(mobility("a"), mobility("b"))
        if encoding == "utf-8"
        else "<?xml version='1.0' encoding='UTF-16'?>\n" + mobilities(mobility("a"))
    )
    file = written(tmp_path, text.encode(encoding))
    store = Store(tmp_path / "store")
    (tmp_path / "tidy").mkdir()
    made = draft(file, Choices(), tmp_path / "tidy")
    assert [finding.code for finding in made.errors] == []
    assert "I278" in [finding.code for finding in made.findings]
    path.accept(store, made, "test", note="tested")
    kept = [one.read_bytes() for one in (tmp_path / "store").rglob("*") if one.is_file()]
    assert kept and not [name for name in NAMES for data in kept if name in data]
    raw = store.raw(made.received.sha256)
    assert raw.read_bytes().count(b"\n") == text.count("\n")
    (event,) = [one for one in log.events(store) if one.kind == "accepted"]
    again = path.retidy(store)(event, raw)["mobility"]
    assert ask(again, "select sum(participants) from t") == [(text.count("<student-mobility>"),)]


def test_a_document_without_people_is_kept_as_it_came_and_one_cleaned_already_is_not_changed_again(tmp_path):
    plain = receive(written(tmp_path, "<iias-stats-response><iia-both-approved>1</iia-both-approved></iias-stats-response>"))
    assert nameless.copy(plain, tmp_path) is plain
    first = nameless.copy(receive(written(tmp_path, answer(iia(spec())))), tmp_path)
    assert nameless.copy(receive(first.path), tmp_path).sha256 == first.sha256
    assert not [name for name in NAMES if name in first.path.read_bytes()]


# --- what is no table of ours ---------------------------------------------------------------------------------------
HOSTILE = {
    "a document cut off": (answer(iia(spec()))[:-40], "E270"),
    "another encoding than it says": (b'<?xml version="1.0" encoding="UTF-8"?>' + answer(iia(spec())).encode("iso-8859-9"), "E270"),
    "an encoding that does not exist": ('<?xml version="1.0" encoding="x-none"?>' + answer(iia(spec())), "E270"),
    "a billion laughs": (
        '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>" + answer(iia(spec())),
        "E271",
    ),
    "an entity of this computer": ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + answer(iia(spec(unit="&e;"))), "E271"),
    "a declaration alone": ('<!DOCTYPE iias-get-response SYSTEM "http://example.com/x.dtd">' + answer(iia(spec())), "E271"),
    "elements without end inside each other": ("<iias-get-response>" + "<a>" * 100_000, "E272"),
    "one text of 30 MB": ("<iias-get-response><iia>" + "x" * 30_000_000 + "</iia></iias-get-response>", "E272"),
    "identifiers only": ("<iias-index-response><iia-id>1</iia-id></iias-index-response>", "E273"),
    "another interface": ("<factsheet-response><factsheet/></factsheet-response>", "E274"),
    "no record": (answer(), "E275"),
    "no key element": (answer("<iia><in-effect>true</in-effect></iia>"), "E276"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_or_must_not_be_read_is_refused_with_a_sentence(name, tmp_path):
    content, code = HOSTILE[name]
    assert refusal(written(tmp_path, content)) == code


def test_their_honest_twin_is_read(tmp_path):
    (sheet,) = read(receive(written(tmp_path, answer(iia(spec())))))
    assert (sheet.name, sheet.rows) == ("iia", 2)
    assert sheet.peek()[0][:3] == ["line", "number", "partner[1]/hei-id"]
    assert sheet.peek()[1][:3] == ["6", "1", "igdir.edu.tr"]
    turkish = b'<?xml version="1.0" encoding="iso-8859-9"?>' + answer(iia(spec(unit="İktisat"))).encode("iso-8859-9")
    assert "İktisat" in read(receive(written(tmp_path, turkish)))[0].peek()[1]


def test_a_document_too_large_is_refused_by_its_size(tmp_path):
    file = tmp_path / "large.xml"
    with file.open("wb") as handle:
        handle.write(b"<iias-get-response>")
        handle.truncate(60 * 1024**2)
    assert refusal(file) == "E102"


def test_a_question_in_sql_comes_with_the_product_only():
    shipped = layouts()["ewp_agreements"].model_dump(mode="json", exclude_defaults=True, exclude={"id"})
    assert given(shipped).prepared == layouts()["ewp_agreements"].prepared
    with pytest.raises(MeridianError):
        given(shipped | {"prepared": {"sql": "select 1", "places": {}}})


def test_two_thousand_agreements_are_read_to_the_last(tmp_path):
    file = written(tmp_path, answer(*(iia(spec(), spec("uw.edu.pl", "igdir.edu.tr"), number=str(n), code=f"IIA-{n}") for n in range(2000))))
    began = time.process_time()
    result = tidied(file)
    print(f"2,000 agreements: {time.process_time() - began:.2f} s beside the child")
    assert ask(result.tables["agreements"], "select count(*), count(distinct agreement), sum(quota_out), sum(quota_in) from t") == [
        (2000, 2000, 4000.0, 4000.0)
    ]


# --- the published examples -----------------------------------------------------------------------------------------
@pytest.mark.real
def test_the_example_agreement_has_twelve_students_places_a_year(real):
    result = tidied(real / "ewp" / "iias" / "endpoints__get-response-example.xml")
    row = "select institution, agreement, partner, country, starts::varchar, ends::varchar, quota_out, quota_in, months, unit from t"
    told = ("uw-edu-pl", "983/E+/III14&15", "hibo.no", "NOR", "2014-09-01", "2021-08-31", 12.0, None, 1.25, "140")
    assert ask(result.tables["agreements"], row) == [told]


@pytest.mark.real
@pytest.mark.parametrize("version", [6, 7])
def test_the_example_of_both_versions_is_one_agreement_of_the_same_years(real, version):
    result = tidied(real / "ewp" / "iias" / f"resources__xsltKit__get-response-v{version}.xml")
    assert ask(result.tables["agreements"], "select starts::varchar, ends::varchar, quota_out from t") == [
        ("2014-09-01", "2021-08-31", None)
    ]


@pytest.mark.real
def test_the_example_institution_gets_its_canonical_code(real):
    result = tidied(real / "ewp" / "institutions" / "response-example.xml")
    row = "select erasmus_code, name, city, country, website from t"
    assert ask(result.tables["institutions"], row) == [("N  OSLO01", "University of Oslo", "Oslo", "NOR", "http://www.uio.no/english/")]


@pytest.mark.real
def test_the_example_statistics_are_two_figures_of_the_year_handed_in_for(real):
    from pipelines.desk.matching import dated

    file = real / "ewp" / "iias" / "endpoints__stats-response-example.xml"
    result = tidy(read(receive(file)), dated(layouts()["ewp_agreement_stats"], 2025), Handed(file.name, "igdir"))
    told = [("iia_both_approved", 204.0, 2025), ("iia_waiting", 106.0, 2025)]
    assert ask(result.tables["yearly_figures"], "select measure, value, year_from from t order by 1") == told


@pytest.mark.real
def test_the_example_mobility_is_read_but_for_its_field_that_does_not_exist(real):
    result = tidied(real / "ewp" / "omobilities" / "endpoints__get-response-example.xml")
    assert [(one.code, one.values.get("word")) for one in result.findings if one.severity == "error"] == [("W111", "1234")]


@pytest.mark.real
@pytest.mark.parametrize(("folder", "code"), [("hostile/*xxe*", "E271"), ("hostile/*syntax*", "E274"), ("iias/*index*", "E273"), ("factsheet/*", "E274"), ("ounits/*", "E274")])  # fmt: skip
def test_the_hostile_and_the_foreign_examples_are_refused(real, folder, code):
    files = list((real / "ewp").glob(folder))
    assert files and {refusal(file) for file in files} == {code}


# --- over the page --------------------------------------------------------------------------------------------------
EDITOR = Person("editor", "Ece", "editor", (("igdir", "*"),))


def holding_people(store: Store) -> list[str]:
    return [file.name for file in store.path.rglob("*") if file.is_file() for name in NAMES if name in file.read_bytes()]


def test_a_revised_register_replaces_the_one_before_and_no_draft_keeps_a_person(tmp_path, monkeypatch):
    here_and_now(monkeypatch)
    store = Store(tmp_path / "store")
    store.work.mkdir(parents=True)
    for places, others in (("2", iia(spec(), number="2", code="IIA-2")), ("3", "")):
        data = answer(iia(spec(places=places)), others).encode()
        begun = handing.begin(EDITOR, store, "igdir", "agreements", "iias.xml", data)
        done(store)
        told = drafts.examined(store, begun)
        assert [one["code"] for one in told["findings"] if one["severity"] == "error"] == []
        assert "I278" in [one["code"] for one in told["findings"]]
        notes = {one["key"]: "seen" for one in told["findings"] if one["severity"] == "query"}
        begun = handing.answer(EDITOR, store, begun.id, notes=notes)
        handing.publish(EDITOR, store, begun.id, "the register of today")
        done(store)
    assert open_version(store.path).query("select agreement, quota_out from core.agreements")[0] == ("IIA-1", 3.0)
    assert holding_people(store) == []


def test_a_document_that_cannot_be_read_never_becomes_a_draft(tmp_path):
    store = Store(tmp_path / "store")
    with pytest.raises(Refused) as refused:
        handing.begin(EDITOR, store, "igdir", "mobility", "mobilities.xml", mobilities(mobility())[:-30].encode(), year=2023)
    assert refused.value.finding.code == "E270" and drafts.listing(store) == []
