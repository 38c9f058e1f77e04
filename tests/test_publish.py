"""Publishing: the right rows are on air, a fault leaves the last publication there, and the same can be built again."""

import os
import random
import time
from datetime import date

import duckdb
import pytest
from shelf import hand_in, moved, retidy, table

from pipelines import log, publish, warehouse
from pipelines.errors import MeridianError, Refused
from pipelines.publish import rebuild, status, waiting
from pipelines.publishing import build, fingerprint, verify
from pipelines.store import Store

DAY = date(2026, 11, 1)


@pytest.fixture
def shelf(tmp_path):
    return Store(tmp_path / "store")


def put(shelf, **more):
    return publish.publish(shelf, "publisher", as_of=DAY, steps=(), **more)


def ask(shelf, sql, *bound):
    return warehouse.open_version(shelf.path).query(sql, list(bound))


def on_air(shelf, source="mobility", value="participants", year="academic_year"):
    """{(year, series): sum} of the primary rows."""
    rows = ask(shelf, f"select {year}, series, sum({value}) from core.{source} group by all")
    return {(year, series): number for year, series, number in rows}


def count_rows(connection, as_of):
    """A step: one board table that depends on the rows and on the day."""
    connection.execute("create table board.counted as select count(*) as rows, ?::date as day, 1/3 as third from core.mobility", [as_of])


# --- what is on air ---


def test_every_column_of_the_source_is_there_with_series_file_rank_and_place(shelf):
    event = hand_in(shelf, rows=[moved(2023, 5, partner="Uni", gender="female", fewer_opportunities=True, days=90.0)], rank=2)
    put(shelf)
    (row,) = warehouse.open_version(shelf.path).rows("select * from facts.mobility")
    assert set(table("mobility", []).column_names) < set(row)
    assert (row["participants"], row["partner"], row["fewer_opportunities"], row["days"]) == (5.0, "Uni", True, 90.0)
    assert (row["series"], row["prime"], row["file"], row["publication_rank"], row["log_no"]) == (
        "main",
        True,
        event.facts["file"],
        2,
        event.no,
    )
    assert (row["sheet"], row["row"], row["col"]) == ("Data", 2, "D")


def test_every_source_has_its_table_even_when_nothing_came_in(shelf):
    hand_in(shelf, rows=[moved(2023, 5)])
    put(shelf)
    for source in ("agreements", "country_distribution", "yearly_figures", "activities", "goals", "institutions"):
        assert ask(shelf, f"select count(*) from core.{source}") == [(0,)]


def test_a_later_file_supersedes_the_years_it_has_and_no_others(shelf):
    first = hand_in(shelf, rows=[moved(2022, 10), moved(2023, 20)])
    second = hand_in(shelf, rows=[moved(2023, 25)], name="corrected.csv")
    put(shelf)
    assert on_air(shelf) == {(2022, "main"): 10, (2023, "main"): 25}
    told = ask(shelf, "select log_no, rows, rows_on_air, supersedes, superseded_by, slot_years from board.files order by log_no")
    assert told == [(first.no, 2, 1, "", str(second.no), "2022–2023"), (second.no, 1, 1, str(first.no), "", "2023")]


def test_a_file_that_is_wholly_superseded_stays_listed_with_no_row_on_air(shelf):
    hand_in(shelf, rows=[moved(2023, 20)])
    hand_in(shelf, rows=[moved(2023, 25), moved(2023, 1, country="FRA")])
    put(shelf)
    assert on_air(shelf) == {(2023, "main"): 26}
    assert ask(shelf, "select rows_on_air, prime from board.files order by log_no") == [(0, False), (2, True)]


def test_institutions_do_not_supersede_each_other(shelf):
    hand_in(shelf, rows=[moved(2023, 20), moved(2023, 7, institution="metu")])
    hand_in(shelf, rows=[moved(2023, 25)])
    put(shelf)
    assert sorted(ask(shelf, "select institution, participants from core.mobility")) == [("demo", 25), ("metu", 7)]


def test_another_series_lives_beside_the_first_and_the_lower_rank_is_primary(shelf):
    hand_in(shelf, rows=[moved(2022, 10), moved(2023, 20)], series="by origin", rank=2)
    hand_in(shelf, rows=[moved(2023, 21)], series="results", rank=1)
    put(shelf)
    assert on_air(shelf) == {(2022, "by origin"): 10, (2023, "results"): 21}
    assert ask(shelf, "select participants from facts.mobility where not prime") == [(20,)]
    assert ask(shelf, "select series, rows_on_air, prime from board.files order by 1") == [("by origin", 2, True), ("results", 1, True)]


def test_of_equal_ranks_the_series_that_came_first_stays_primary_after_a_correction(shelf):
    hand_in(shelf, rows=[moved(2023, 20)], series="b")
    hand_in(shelf, rows=[moved(2023, 30)], series="a")
    hand_in(shelf, rows=[moved(2023, 22)], series="b", name="corrected.csv")
    put(shelf)
    assert on_air(shelf) == {(2023, "b"): 22}
    assert ask(shelf, "select series, participants from facts.mobility where not prime") == [("a", 30)]


def test_series_about_other_people_do_not_push_each_other_aside(shelf):
    hand_in(shelf, rows=[moved(2023, 20)], series="students", rank=1)
    hand_in(shelf, rows=[moved(2023, 3, role="academic_staff"), moved(2023, 99)], series="staff", rank=2)
    put(shelf)
    assert ask(shelf, "select role, participants from core.mobility order by 1") == [("academic_staff", 3), ("student", 20)]
    assert ask(shelf, "select participants from facts.mobility where not prime") == [(99,)]


def test_parts_of_one_year_stand_side_by_side_and_a_later_file_of_a_part_supersedes_that_part_only(shelf):
    first = hand_in(shelf, rows=[moved(2023, 20)], part="Erasmus")
    hand_in(shelf, rows=[moved(2023, 3, country="FRA")], part="Mevlana", name="mevlana.csv")
    put(shelf)
    assert on_air(shelf) == {(2023, "main"): 23}
    again = hand_in(shelf, rows=[moved(2023, 21)], part="Erasmus", name="corrected.csv")
    put(shelf)
    assert on_air(shelf) == {(2023, "main"): 24}
    told = ask(shelf, "select part, rows_on_air, supersedes, superseded_by from board.files order by log_no")
    assert told == [("Erasmus", 0, "", str(again.no)), ("Mevlana", 1, "", ""), ("Erasmus", 1, str(first.no), "")]


def test_a_part_adds_to_the_whole_that_was_there_and_a_later_whole_takes_all_of_it(shelf):
    hand_in(shelf, rows=[moved(2022, 10), moved(2023, 20)])
    hand_in(shelf, rows=[moved(2023, 3)], part="Mevlana", name="mevlana.csv")
    put(shelf)
    assert on_air(shelf) == {(2022, "main"): 10, (2023, "main"): 23}
    whole = hand_in(shelf, rows=[moved(2023, 30)], name="whole.csv")
    put(shelf)
    assert on_air(shelf) == {(2022, "main"): 10, (2023, "main"): 30}
    assert ask(shelf, "select superseded_by from board.files where part = 'Mevlana'") == [(str(whole.no),)]


def test_undoing_a_whole_brings_back_the_parts_it_took(shelf):
    parts = [hand_in(shelf, rows=[moved(2023, number)], part=part).no for part, number in (("Erasmus", 20), ("Mevlana", 3))]
    hand_in(shelf, rows=[moved(2023, 99)], name="whole.csv")
    put(shelf)
    put(shelf, files=parts)
    assert on_air(shelf) == {(2023, "main"): 23}


def test_parts_of_the_primary_series_are_all_primary_and_parts_of_another_series_are_not(shelf):
    hand_in(shelf, rows=[moved(2023, 20)], part="Erasmus", series="results", rank=1)
    hand_in(shelf, rows=[moved(2023, 99)], part="Mevlana", series="by origin", rank=2)
    hand_in(shelf, rows=[moved(2023, 3)], part="Mevlana", series="results", rank=1)
    put(shelf)
    assert on_air(shelf) == {(2023, "results"): 23}
    assert ask(shelf, "select participants from facts.mobility where not prime") == [(99,)]


def test_a_period_is_a_slot_of_its_own_beside_its_first_year(shelf):
    figure = {"institution": "demo", "measure": "students", "precision": "exact"}
    hand_in(
        shelf,
        "yearly_figures",
        [figure | {"year_from": 2015, "year_to": 2023, "value": 148.0}, figure | {"year_from": 2015, "value": 11.0}],
    )
    hand_in(shelf, "yearly_figures", [figure | {"year_from": 2015, "value": 12.0}], name="corrected.csv")
    put(shelf)
    assert sorted(ask(shelf, "select value from core.yearly_figures")) == [(12,), (148,)]


def test_a_figure_without_a_year_is_a_slot_too(shelf):
    figure = {"institution": "metu", "measure": "units", "precision": "about"}
    hand_in(shelf, "yearly_figures", [figure | {"value": 900.0}])
    hand_in(shelf, "yearly_figures", [figure | {"value": 1000.0}], name="newer.csv")
    put(shelf)
    assert ask(shelf, "select year_from, value from core.yearly_figures") == [(None, 1000)]


def test_a_register_is_replaced_whole(shelf):
    def agreement(number):
        return {"institution": "demo", "agreement": number, "partner": "Uni", "country": "DEU", "starts": date(2020, 1, 1)}

    hand_in(shelf, "agreements", [agreement("1"), agreement("2")])
    hand_in(shelf, "agreements", [agreement("2"), agreement("3")], name="newer.csv")
    put(shelf)
    assert ask(shelf, "select agreement from core.agreements order by 1") == [("2",), ("3",)]


def test_a_register_of_institutions_belongs_to_nobody_and_is_replaced_whole(shelf):
    hand_in(shelf, "institutions", [{"name": "Old", "country": "DEU", "erasmus_code": "D  AACHEN01"}], institution="*")
    hand_in(shelf, "institutions", [{"name": "New", "country": "DEU", "erasmus_code": "D  AACHEN01"}], institution="*")
    put(shelf)
    assert ask(shelf, "select name from core.institutions") == [("New",)]


def test_a_tidy_table_from_before_a_column_was_added_is_still_read(shelf, tmp_path):
    import pyarrow.parquet as pq

    event = hand_in(shelf, rows=[moved(2023, 5)])
    path = build.place_of(shelf, event, "mobility")
    older = pq.read_table(path).drop_columns(["special_needs", "institution_name"])
    pq.write_table(older, tmp_path / "older.parquet")
    kept = shelf.put_tidy(event.facts["file"], "mobility", "older", tmp_path / "older.parquet")
    own = {"mobility": event.facts["sources"]["mobility"] | kept}
    log.append(shelf, "accepted", "editor", **(event.facts | {"sources": own, "code": "older"}))
    put(shelf)
    assert ask(shelf, "select participants, special_needs from core.mobility") == [(5, None)]


# --- what the board tells ---


def test_findings_and_checks_are_told_in_both_languages_with_the_note(shelf):
    finding = {
        "code": "T111",
        "severity": "query",
        "cell": "D4",
        "count": 2,
        "what": "What",
        "cause": "Why",
        "remedy": "Do",
        "tr": {"what": "Ne"},
    }
    check = {
        "source": "mobility",
        "rule": "ten times",
        "severity": "query",
        "ok": False,
        "offending": 2,
        "reason": {"en": "Why", "tr": "Neden"},
    }
    hand_in(shelf, rows=[moved(2023, 5)], findings=[finding], checks=[check], note="A new faculty.")
    put(shelf)
    told = ask(shelf, 'select code, severity, cell, "count", what_en, what_tr, remedy_tr, note from board.findings')
    assert told == [("T111", "query", "D4", 2, "What", "Ne", "Do", "A new faculty.")]
    assert ask(shelf, "select suite, rule, ok, offending, reason_en, reason_tr from board.checks") == [
        ("mobility", "ten times", False, 2, "Why", "Neden")
    ]


def test_institutions_are_named_by_their_profile_else_by_the_file_else_by_the_charter_list(shelf):
    named = moved(2023, 1, institution="uni-x", institution_name="Uni X", institution_country="FRA")
    hand_in(shelf, rows=[moved(2023, 5, institution="metu"), named, moved(2023, 2, institution="universidad-de-granada")])
    charter = {"name": "UNIVERSIDAD DE GRANADA", "country": "ESP", "erasmus_code": "E  GRANADA01"}
    hand_in(shelf, "institutions", [charter, charter | {"name": "Nobody", "erasmus_code": "E  NOBODY01"}])
    put(shelf)
    told = {row[0]: row[1:] for row in ask(shelf, "select institution, name_en, country, erasmus_code, sample from board.institutions")}
    assert told["uni-x"] == ("Uni X", "FRA", None, False)
    assert told["metu"][1] == "TUR"
    assert told["universidad-de-granada"] == ("UNIVERSIDAD DE GRANADA", "ESP", "E  GRANADA01", False)
    assert len(told) == 3


def test_the_board_lists_all_publications_with_the_one_on_air(shelf):
    hand_in(shelf, rows=[moved(2023, 5)])
    first = put(shelf, reason="first")
    second = put(shelf)
    told = ask(shelf, 'select no, "by", reason, files, digest from board.publications order by no')
    assert told == [(1, "publisher", "first", 1, first.digest), (2, "publisher", "", 1, second.digest)]
    about = warehouse.open_version(shelf.path).about
    assert (about["publication"], about["digest"], about["as_of"]) == ("2", second.digest, "2026-11-01")


@pytest.mark.parametrize(("years", "said"), [([], ""), ([2020], "2020"), ([2021, 2019, 2020, 2023, 2025, 2024], "2019–2021, 2023–2025")])
def test_years_are_told_in_runs(years, said):
    from pipelines.publishing.board import spans

    assert spans(years) == said


# --- putting on air, undoing ---


def test_a_publication_says_what_it_is_and_the_log_and_the_pointer_agree(shelf):
    accepted = hand_in(shelf, rows=[moved(2023, 5)])
    done = put(shelf, reason="first")
    event, current = log.events(shelf)[-1], shelf.current()
    assert (done.no, done.files, done.accepted, done.as_of) == (1, 1, (accepted.no,), DAY)
    assert (event.kind, event.by, event.facts["digest"], event.facts["reason"]) == ("published", "publisher", done.digest, "first")
    assert (current.no, current.file, current.digest, current.log_no) == (1, done.file.name, done.digest, accepted.no)
    assert done.file.name == f"1-{done.digest[:12]}.duckdb"
    assert done.file.stat().st_mode & 0o222 == 0


def test_nothing_accepted_is_nothing_to_publish(shelf):
    with pytest.raises(MeridianError) as refused:
        put(shelf)
    assert refused.value.finding.code == "S106"
    assert shelf.current() is None


def test_undo_is_publishing_the_list_before_and_lasts_until_the_file_is_listed_again(shelf):
    first = hand_in(shelf, rows=[moved(2023, 5)])
    put(shelf)
    wrong = hand_in(shelf, rows=[moved(2023, 500)], name="wrong.csv")
    put(shelf)
    assert on_air(shelf) == {(2023, "main"): 500}
    put(shelf, files=[first.no], reason="undo")
    assert on_air(shelf) == {(2023, "main"): 5}
    hand_in(shelf, rows=[moved(2024, 6)], name="next.csv")
    put(shelf)
    assert on_air(shelf) == {(2023, "main"): 5, (2024, "main"): 6}
    put(shelf, files=[first.no, wrong.no])
    assert on_air(shelf) == {(2023, "main"): 500}


def test_a_list_of_files_that_nobody_accepted_is_refused(shelf):
    hand_in(shelf, rows=[moved(2023, 5)])
    done = put(shelf)
    for wrong in ([7], [1, 2]):  # 2 is the publication itself
        with pytest.raises(MeridianError) as refused:
            put(shelf, files=wrong)
        assert refused.value.finding.code == "S105"
    assert shelf.current().no == done.no


def test_waiting_are_the_files_accepted_since(shelf):
    hand_in(shelf, rows=[moved(2023, 5)])
    put(shelf)
    assert waiting(shelf) == []
    later = hand_in(shelf, rows=[moved(2024, 5)], name="later.csv")
    assert [event.no for event in waiting(shelf)] == [later.no]
    assert status(shelf)["waiting"] == [later.no]
    put(shelf)
    assert waiting(shelf) == []


def test_a_step_that_fails_leaves_the_last_publication_on_air_and_no_file_behind(shelf):
    def broken(connection, as_of):
        raise MeridianError("K101", kind="indicator", name="x", near="", known="")

    hand_in(shelf, rows=[moved(2023, 5)])
    done = put(shelf)
    hand_in(shelf, rows=[moved(2023, 50)], name="later.csv")
    with pytest.raises(MeridianError) as refused:
        publish.publish(shelf, "publisher", steps=[count_rows, broken])
    assert refused.value.finding.code == "K101"
    assert shelf.current().no == done.no
    assert on_air(shelf) == {(2023, "main"): 5}
    assert [path.name for path in shelf.versions.iterdir()] == [done.file.name]
    assert put(shelf).no == 2


def test_a_version_that_does_not_hold_what_was_written_is_not_put_on_air(shelf, monkeypatch):
    hand_in(shelf, rows=[moved(2023, 5)])
    done = put(shelf)
    right = fingerprint.of_version
    monkeypatch.setattr(fingerprint, "of_version", lambda connection: right(connection) | {"facts.mobility": ["7", "", ""]})
    with pytest.raises(MeridianError) as refused:
        put(shelf)
    assert refused.value.finding.code == "S108"
    assert shelf.current().no == done.no


def test_a_changed_tidy_table_is_not_published(shelf):
    event = hand_in(shelf, rows=[moved(2023, 5)])
    path = build.place_of(shelf, event, "mobility")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o640)
    path.write_bytes(content)
    with pytest.raises(MeridianError) as refused:
        put(shelf)
    assert refused.value.finding.code == "S107"
    assert "file.csv" in str(refused.value)


def test_steps_follow_on_the_rows_in_order_and_know_the_day(shelf):
    def reads_the_first(connection, as_of):
        connection.execute("create table board.later as select rows + 1 as more from board.counted")

    hand_in(shelf, rows=[moved(2023, 5), moved(2023, 6, country="FRA")])
    done = publish.publish(shelf, "publisher", as_of=DAY, steps=[count_rows, reads_the_first])
    assert ask(shelf, "select rows, day, more from board.counted, board.later") == [(2, DAY, 3)]
    assert list(done.seconds) == ["load", "test_publish.count_rows", "test_publish.reads_the_first", "write"]


def test_a_crash_between_pointer_and_log_is_made_good_by_the_next_publication(shelf, monkeypatch):
    hand_in(shelf, rows=[moved(2023, 5)])

    def killed(*args, **facts):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(publish.log, "append", killed)
        put(shelf)
    assert shelf.current().no == 1
    assert [finding.code for finding in verify.verify(shelf)] == ["S117"]
    hand_in(shelf, rows=[moved(2024, 6)], name="meanwhile.csv")
    assert put(shelf).no == 2
    assert [(event.kind, event.facts.get("no")) for event in log.events(shelf) if event.kind == "published"] == [
        ("published", 1),
        ("published", 2),
    ]
    assert on_air(shelf) == {(2023, "main"): 5, (2024, "main"): 6}
    assert verify.verify(shelf) == []


def test_old_versions_go_but_never_a_young_one_nor_one_of_the_last_ten(shelf, monkeypatch):
    monkeypatch.setattr(publish, "KEEP", 2)
    hand_in(shelf, rows=[moved(2023, 5)])
    old = [put(shelf).file for _ in range(3)]
    assert all(path.exists() for path in old)
    yesterday = time.time() - publish.YOUNG - 60
    for path in old:
        os.utime(path, (yesterday, yesterday))
    new = put(shelf).file
    assert [path.exists() for path in [*old, new]].count(True) == 2
    assert new.exists()


# --- the same again ---


def test_the_digest_knows_nothing_of_time_place_person_or_order_of_rows(tmp_path):
    rows = [moved(2023, number, country=country, partner=f"Uni {number}") for number in range(1, 40) for country in ("DEU", "FRA")]
    digests = set()
    for number in range(2):
        shelf = Store(tmp_path / str(number))
        hand_in(shelf, rows=rows, by=f"person {number}")
        digests.add(publish.publish(shelf, f"person {number}", f"reason {number}", as_of=DAY, steps=[count_rows]).digest)
    assert len(digests) == 1


def shuffled_fingerprint(seed):
    rows = [(number, f"word {number % 7}", number / 7) for number in range(500)]
    random.Random(seed).shuffle(rows)
    with duckdb.connect() as connection:
        connection.execute("create schema board; create table board.values_of (number integer, word varchar, share double)")
        connection.executemany("insert into board.values_of values (?, ?, ?)", rows)
        return fingerprint.of_version(connection)


def test_the_fingerprint_of_a_version_does_not_know_the_order_of_rows():
    assert shuffled_fingerprint(1) == shuffled_fingerprint(2)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ("update board.t set share = share + 1e-14", True),
        ("update board.t set share = 0.3334", False),
        ("update board.t set word = 'b'", False),
        ("update board.t set word = null", False),
        ("insert into board.t values ('a', 1/3)", False),
        ("alter table board.t rename column word to wort", False),
        ("update board.publications set no = 7", True),
    ],
)
def test_the_fingerprint_of_a_version_sees_content_but_not_the_last_digits_of_a_fraction(change, same):
    with duckdb.connect() as connection:
        connection.execute(
            "create schema board; create table board.t as select 'a' as word, 1/3 as share; create table board.publications as select 1 as no"
        )
        before = fingerprint.of_version(connection)
        connection.execute(change)
        assert (fingerprint.of_version(connection) == before) is same


def test_another_figure_is_another_digest(tmp_path):
    digests = []
    for number in (5, 6):
        shelf = Store(tmp_path / str(number))
        hand_in(shelf, rows=[moved(2023, number)])
        digests.append(put(shelf).digest)
    assert digests[0] != digests[1]


@pytest.fixture
def two(shelf):
    """Two files, the second superseding a year of the first; published with a step."""
    hand_in(shelf, rows=[moved(2022, 10), moved(2023, 20)])
    hand_in(shelf, rows=[moved(2023, 25)], name="corrected.csv")
    publish.publish(shelf, "publisher", as_of=DAY, steps=[count_rows])
    return shelf


def test_from_raw_files_and_log_alone_the_same_publication_is_built_and_served(two):
    digest = two.current().digest
    for path in [*two.versions.glob("*"), *(two.path / "tidy").glob("*"), two.pointer]:
        path.unlink()
    done = rebuild(two, retidy, steps=[count_rows])
    assert done.digest == digest == two.current().digest
    assert on_air(two) == {(2022, "main"): 10, (2023, "main"): 25}
    assert verify.verify(two) == []
    assert publish.publish(two, "publisher", as_of=DAY, steps=[count_rows]).digest == digest


def test_the_day_of_the_publication_counts_in_a_rebuild_not_today(two):
    rebuild(two, retidy, steps=[count_rows])
    assert ask(two, "select day from board.counted") == [(DAY,)]


def test_a_rebuild_without_reading_anew_uses_the_kept_tables_and_says_when_one_is_gone(two):
    digest = two.current().digest
    assert rebuild(two, steps=[count_rows]).digest == digest
    next((two.path / "tidy").glob("*")).unlink()
    with pytest.raises(MeridianError) as refused:
        rebuild(two, steps=[count_rows])
    assert refused.value.finding.code == "S107"


def test_a_rebuild_replaces_no_file_in_place(two):
    before = two.versions / two.current().file
    content = before.read_bytes()
    done = rebuild(two, retidy, steps=[count_rows])
    assert done.file != before
    assert before.read_bytes() == content


def test_a_rebuild_after_files_were_accepted_shows_the_publication_not_the_new_files(two):
    hand_in(two, rows=[moved(2024, 99)], name="waiting.csv")
    rebuild(two, retidy, steps=[count_rows])
    assert on_air(two) == {(2022, "main"): 10, (2023, "main"): 25}
    assert len(waiting(two)) == 1


def reads_otherwise(event, raw):
    return {
        source: held.set_column(held.column_names.index("participants"), "participants", [[99.0] * len(held)])
        for source, held in retidy(event, raw).items()
    }


def drops_a_row(event, raw):
    return {source: held.slice(1) for source, held in retidy(event, raw).items()}


@pytest.mark.parametrize("reading", [reads_otherwise, drops_a_row, lambda event, raw: {}], ids=["other value", "row lost", "nothing read"])
def test_a_file_that_is_read_differently_now_is_named_and_the_version_on_air_stays(two, reading):
    before = two.current()
    with pytest.raises(Refused) as refused:
        rebuild(two, reading, steps=[count_rows])
    assert {(finding.code, finding.place.file) for finding in refused.value.findings} == {("S151", "file.csv"), ("S151", "corrected.csv")}
    assert two.current() == before


def test_a_rebuild_that_comes_out_differently_names_the_tables_and_the_version_on_air_stays(two):
    def otherwise(connection, as_of):
        count_rows(connection, as_of)
        connection.execute("insert into board.counted select * from board.counted")

    before = two.current()
    with pytest.raises(MeridianError) as refused:
        rebuild(two, retidy, steps=[otherwise])
    assert refused.value.finding.code == "S152"
    assert "board.counted (1 → 2)" in str(refused.value)
    assert "facts.mobility" not in str(refused.value)
    assert two.current() == before


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_rebuild_names_an_original_that_is_damaged(two, damage):
    path = two.raw(log.events(two)[0].facts["file"])
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b" ") if damage == "changed" else path.unlink()
    with pytest.raises(Refused) as refused:
        rebuild(two, retidy, steps=[count_rows])
    (finding,) = refused.value.findings
    assert (finding.code, finding.values["name"]) == ("S121" if damage == "changed" else "S120", "file.csv")


def test_nothing_published_is_nothing_to_rebuild(shelf):
    hand_in(shelf, rows=[moved(2023, 5)])
    with pytest.raises(MeridianError) as refused:
        rebuild(shelf, retidy, steps=())
    assert refused.value.finding.code == "S101"


def test_status_tells_what_is_on_air(two, monkeypatch):
    told = status(two)
    assert (told["publication"], told["files_on_air"], told["files_accepted"], told["events"], told["versions"]) == (1, 2, 2, 3, 1)
    assert told["as_of"] == "2026-11-01"
    assert told["code_changed"] is False
    monkeypatch.setattr(verify, "product_version", lambda: "other")
    assert status(two)["code_changed"] is True


def test_status_of_an_empty_store_says_nothing_is_on_air(shelf):
    told = status(shelf)
    assert (told["publication"], told["files_accepted"], told["waiting"]) == (None, 0, [])
