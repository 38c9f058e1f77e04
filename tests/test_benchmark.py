"""One institution among its peers: like with like, ranks with ties, quartiles, per student, names by licence. Two routes each."""

from __future__ import annotations

import random
import re

import duckdb
import pytest
from building import version

from pipelines import benchmark, figures
from pipelines.benchmark import Offer
from pipelines.catalogue import indicators
from pipelines.language import language
from pipelines.layouts import layouts
from pipelines.measuring.value import Value
from pipelines.settings import settings
from pipelines.warehouse import open_version

EN, TR = language("en"), language("tr")


def value(institution, number, **more):
    return Value(institution, "A01", 2014, 2019, value=number, origin="reported", series="list", **more)


def compared(numbers, own="us", per=None, **more):
    values = {name: value(name, number) for name, number in numbers.items()} | more
    return benchmark.compare(own, values, [name for name in values if name != own], per)


# --- ranks and quartiles ----------------------------------------------------------------------------------------------------


def test_equal_values_share_a_rank_and_the_next_is_counted_on():
    told = compared({"us": 20, "a": 30, "b": 20, "c": 10})
    assert [(one.institution, one.rank, one.shared) for one in told.standings] == [
        ("a", 1, False), ("us", 2, True), ("b", 2, True), ("c", 4, False),
    ]  # fmt: skip


CHANCE = random.Random(3)
SAMPLES = [[float(CHANCE.randint(0, 30)) for _ in range(n)] for n in (4, 5, 6, 7, 40, 333)]


@pytest.mark.parametrize("numbers", SAMPLES, ids=len)
def test_ranks_and_quartiles_are_those_that_the_database_finds(numbers):
    base = duckdb.connect()
    base.execute("create table told (name varchar, value double)")
    base.executemany("insert into told values (?, ?)", [(f"u{at}", number) for at, number in enumerate(numbers)])
    ranks = dict(base.execute("select name, rank() over (order by value desc) from told").fetchall())
    (edges,) = base.execute("select quantile_cont(value, [0.25, 0.5, 0.75]) from told").fetchone()
    told = compared({f"u{at}": number for at, number in enumerate(numbers)}, own="u0")
    assert {one.institution: one.rank for one in told.standings} == ranks
    assert told.quartiles == pytest.approx(tuple(edges))


def test_below_four_values_there_are_ranks_but_no_quartiles():
    told = compared({"us": 20, "a": 30, "b": 10})
    assert (told.quartiles, told.mine.rank, told.mine.quarter) == (None, 2, 0)


def test_a_quarter_is_told_by_the_edges():
    told = compared({"us": 40, "a": 30, "b": 20, "c": 10})
    assert [one.quarter for one in told.standings] == [4, 3, 2, 1]


def test_hidden_and_inexact_values_have_no_rank_and_are_counted():
    told = compared({"us": 20, "a": 30}, b=value("b", None, hidden=True), c=value("c", 500, precision="more_than"))
    assert ([one.institution for one in told.standings], told.hidden, told.inexact) == (["a", "us"], 1, 1)


def test_without_an_own_value_there_is_no_own_place():
    assert compared({"a": 30, "b": 10}).mine is None


# --- per student ------------------------------------------------------------------------------------------------------------


def test_a_per_capita_value_is_of_a_thousand_students_and_who_has_none_is_counted():
    told = compared({"us": 20, "a": 30, "b": 10}, per={"us": 1000.0, "a": 10000.0})
    assert ([(one.institution, one.value) for one in told.standings], told.without) == ([("us", 20.0), ("a", 3.0)], 1)


def test_students_are_those_that_rates_divide_by():
    rows = [{"institution": name, "year_from": 2019, "measure": "students", "value": 900} for name in ("us", "a")]
    home = [{"institution": "us", "academic_year": 2019, "group": "students", "country": "TUR", "headcount": 1200}]
    assert benchmark.students(version({"yearly_figures": rows, "country_distribution": home}), 2019) == {"us": 1200, "a": 900}


# --- who is a peer ----------------------------------------------------------------------------------------------------------

VALUES = {"us": 100.0, "a": 60.0, "b": 210.0, "c": 40.0, "d": 200.0}
COUNTRY = {"us": "TUR", "a": "TUR", "b": "TUR", "c": "DEU", "d": None}


@pytest.mark.parametrize(
    ("by", "more", "expected"),
    [
        ("country", {}, ["a", "b"]),
        ("country", {"countries": ["DEU"]}, ["c"]),
        ("size", {"size": VALUES, "factor": 2.0}, ["a", "d"]),
        ("size", {"size": VALUES, "factor": 3.0}, ["a", "b", "c", "d"]),
        ("students", {"size": {"a": 5.0}}, []),
        ("hand", {"hand": ["c", "nobody"]}, ["c"]),
        ("all", {}, ["a", "b", "c", "d"]),
    ],
)
def test_peers_are_chosen_by_country_by_size_or_by_hand(by, more, expected):
    assert benchmark.chosen("us", VALUES, by, country=COUNTRY, **more) == expected


# --- like with like ---------------------------------------------------------------------------------------------------------


def listed(institution, number, series="list", **more):
    row = {"institution": institution, "year_from": 2014, "year_to": 2019, "measure": "A01", "value": number, "series": series}
    return row | more


def test_only_values_of_one_list_and_period_are_compared():
    made = version({"yearly_figures": [listed("us", 10), listed("a", 20), listed("b", 30, "other"), listed("c", 5, year_to=2018)]})
    (offer,) = benchmark.offers(made, "us")
    assert (offer, offer.key) == (Offer("A01", 2014, 2019, "list", 2), "A01.2014-2019.list")
    assert {name: one.value for name, one in benchmark.members(made, offer).items()} == {"us": 10, "a": 20}
    assert benchmark.offers(made, "b") == []


def test_the_own_value_of_the_list_counts_though_another_series_comes_first():
    made = version({"yearly_figures": [listed("us", 10, prime=False), listed("us", 99, "own"), listed("a", 20)]})
    (offer,) = benchmark.offers(made, "us")
    assert benchmark.members(made, offer)["us"].value == 10


# --- names ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def known(demo_store):
    return open_version(demo_store)


def demo_offer(made):
    return next(offer for offer in benchmark.offers(made, "demo") if offer.indicator == "A01")


def test_peers_are_named_where_the_licence_lets_them_and_never_where_the_setting_forbids_it(known, monkeypatch):
    assert benchmark.named(known, demo_offer(known))
    monkeypatch.setenv("MERIDIAN_PEER_NAMES", "never")
    settings.cache_clear()
    assert not benchmark.named(known, demo_offer(known))
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("name", "shown"),
    [("commission_university_totals", True), ("hesa_table1", True), ("sise_enrolments", False), ("commission_country_flows", True)],
)
def test_a_layout_says_whether_its_institutions_may_be_named(name, shown):
    assert layouts()[name].names_shown is shown


# --- the figure -------------------------------------------------------------------------------------------------------------


def drawn(told, names=None, say=EN):
    names = names or {one.institution: one.institution.upper() for one in told.standings} | {"us": "US"}
    return figures.peers(indicators()["A01"], told, names, {}, say, when="2014–2019", chosen="all")


def test_the_own_dot_stands_out_and_the_quartiles_are_named():
    figure = drawn(compared({"us": 20, "a": 30, "b": 20, "c": 10}))
    assert figure.title == "US: rank 2 of 4, shared (20)"
    assert {s.role: [p.x for p in s.points] for s in figure.series} == {"muted": ["A", "B", "C"], "first": ["US"]}
    assert figure.marks == ((17.5, "Q1 17.5"), (20.0, "median 20"), (22.5, "Q3 22.5"))
    assert figure.table.rows[1][:4] == ("2 =", "US", "", 20.0)
    assert figure.breaks == () and len(figure.definition) > 1
    assert "1, 2, 2, 4" in figure.note and "type 7" in figure.note
    assert drawn(compared({"us": 20, "a": 30}), say=TR).title == "US: 2 kurumda 2. sıra (20)"


def test_without_a_peer_there_is_no_rank():
    figure = drawn(compared({"us": 20}))
    assert (figure.title, figure.told) == ("No peer has a value to compare with", False)


@pytest.mark.parametrize("many", [5, 60], ids=["rows", "strip"])
def test_few_peers_have_rows_and_many_a_strip_on_screen_and_on_paper(many):
    from pages.parts import drawing
    from pipelines.reports import paper

    figure = drawn(compared({"us": 20} | {f"p{at}": at * 3 for at in range(many)}))
    spec, printed = str(drawing.plain(figure)), str(paper.chart(figure))
    assert ("P3" in spec) is True and all(word in text for text in (spec, printed) for word in ("US", "median"))
    assert "US" in paper.svg(figure).decode()


# --- the demo and the real list ---------------------------------------------------------------------------------------------


def test_the_sample_is_compared_with_invented_peers_and_real_offices_are_not(known):
    offer = demo_offer(known)
    members = benchmark.members(known, offer, "public")
    assert len(members) == offer.institutions == 62
    assert not {"metu", "iztech", "igdir"} & set(members)
    assert members["demo"].value == 1652
    others = [offer for offer in benchmark.offers(known, "metu") if offer.indicator == "A01"]
    assert others and all("demo" not in benchmark.members(known, one) for one in others)


def test_the_page_of_the_sample_shows_its_rank_and_hides_nobodys_name(known):
    country = dict(known.query("select institution, country from board.institutions"))
    values = benchmark.members(known, demo_offer(known), "public")
    peers = benchmark.chosen("demo", {name: one.value for name, one in values.items()}, "country", country=country)
    told = benchmark.compare("demo", values, peers)
    assert (len(told.standings), told.mine.rank) == (15, 4)
    assert [one.rank for one in told.standings if one.shared] == [8, 8]
    per = benchmark.compare("demo", values, peers, benchmark.students(known, 2019))
    assert per.without > 0 and per.mine is not None


@pytest.fixture(scope="module")
def commission(real, tmp_path_factory, command):
    store = tmp_path_factory.mktemp("commission") / "store"
    file = real / "erasmus-eu" / "university_totals_2014_2019.csv"
    for words in (["accept", file, "--layout", "commission_university_totals", "--by", "check"], ["publish", "--by", "check"]):
        done = command("--store", store, *words)
        assert done.code == 0, done.out + done.err
    return open_version(store), file


@pytest.mark.real
@pytest.mark.parametrize(("name", "out", "into"), [("metu", 1772, 354), ("iztech", 462, 47), ("igdir", 41, 1)])
def test_three_universities_among_the_turkish_ones_stand_where_the_file_itself_puts_them(commission, name, out, into):
    made, file = commission
    country = dict(made.query("select institution, country from board.institutions"))
    for code, column, number in (("A01", "outgoing", out), ("A02", "incoming", into)):
        offer = next(one for one in benchmark.offers(made, name) if one.indicator == code)
        values = benchmark.members(made, offer, "public")
        peers = benchmark.chosen(name, {who: one.value for who, one in values.items()}, "country", country=country)
        told = benchmark.compare(name, values, peers)
        sql = f"from read_csv(?, header = true) where country_code = 'TR' and {column} is not null"
        above, whole = duckdb.execute(f"select count(*) filter ({column} > ?), count(*) {sql}", [number, str(file)]).fetchone()
        (edges,) = duckdb.execute(f"select quantile_cont({column}, [0.25, 0.5, 0.75]) {sql}", [str(file)]).fetchone()
        assert (told.mine.value, told.mine.rank, len(told.standings)) == (number, above + 1, whole)
        assert told.quartiles == pytest.approx(tuple(edges))
        assert benchmark.named(made, offer)
        assert benchmark.students(made, 2019) == {}


def test_no_real_name_stands_in_the_invented_list():
    from data.demo import peers

    words = {row["university"] for row in peers.totals()}
    assert len(words) == 62 and not any(re.search("Middle East|Izmir|Iğdır|Bogazici", word) for word in words)
