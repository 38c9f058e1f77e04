"""Figures: what they say, what they hide, and that the screen, paper, the table and the downloads say the same."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from pipelines import figures
from pipelines.catalogue import indicators
from pipelines.figures import Column, Figure, Table, spread
from pipelines.figures import values as words
from pipelines.figures.cohort import Judged
from pipelines.language import language
from pipelines.measuring.crossing import REST, Crossing
from pipelines.measuring.value import Value
from pipelines.reports import downloads, paper

EN, TR = language("en"), language("tr")
A01 = indicators()["A01"]


def value(year, number, key="", **more):
    return Value("demo", "A01", year, more.pop("year_to", year), "country" if key else "", key, number, **more)


def trend(*values, say=EN, **more):
    return figures.trend(A01, list(values), say, who="Demo", source="file.xlsx", **more)


# --- what a trend says ------------------------------------------------------------------------------------------------------


def test_a_title_says_the_newest_value_and_its_change():
    assert trend(value(2022, 100), value(2023, 130)).title == "Outgoing students rose to 130 in 2023–24 (+30%)"
    assert trend(value(2022, 100), value(2023, 130), say=TR).title == "Giden öğrenci 2023–24 yılında arttı: 130 (+%30)"


def test_a_fall_is_called_a_fall():
    assert "fell to 70" in trend(value(2022, 100), value(2023, 70)).title


def test_no_change_is_told_over_a_gap():
    assert trend(value(2021, 100), value(2023, 130)).title == "Outgoing students: 130 in 2023–24"


def test_no_change_is_computed_from_a_number_that_is_not_exact():
    assert trend(value(2022, 100), value(2023, 500, precision="more_than")).title == "Outgoing students: > 500 in 2023–24"


def test_a_missing_year_is_a_gap_and_not_zero():
    figure = trend(value(2021, 100), value(2023, 130))
    assert [point.x for point in figure.series[0].points] == [2021, 2023]
    assert all(point.y for point in figure.series[0].points)


def test_a_true_zero_is_drawn():
    assert trend(value(2022, 5), value(2023, 0)).series[0].points[1].y == 0


def test_a_provisional_point_is_open_and_marked():
    point = trend(value(2022, 100), value(2023, 130, provisional=True)).series[0].points[1]
    assert (point.open, point.label) == (True, "130 [p]")
    assert not trend(value(2023, 130)).series[0].points[0].open


def test_a_figure_over_a_period_is_in_the_table_and_not_in_the_line():
    figure = trend(value(2015, 148, year_to=2023, origin="reported"))
    assert figure.empty
    assert figure.table.written(EN)[0][:2] == ["2015–2023", "148"]


def test_a_figure_without_a_year_is_shown_with_its_sign():
    figure = trend(value(None, 500, precision="more_than", origin="reported"))
    assert figure.table.written(EN)[0] == ["year not told", "> 500", "as published, more than"]


def test_the_goal_is_a_path_and_its_future_stands_in_the_table():
    figure = trend(value(2022, 100), goal=[(2020, 80), (2025, 200)])
    assert [(p.x, p.y) for p in figure.series[1].points] == [(2020, 80), (2025, 200)]
    assert ("2025–26", None, 200, "goal") in figure.table.rows


def test_computed_is_drawn_where_a_year_is_reported_too():
    figure = trend(value(2023, 120, origin="reported"), value(2023, 130))
    assert [point.y for point in figure.series[0].points] == [130]


# --- small numbers ----------------------------------------------------------------------------------------------------------


def test_a_hidden_value_is_nowhere_in_the_figure():
    figure = trend(value(2022, 7777), value(2023, None, hidden=True))
    assert figure.series[0].points[1].y is None
    assert figure.table.rows[1][1] in ("<5", "[c]")
    assert "hidden" in figure.note


def test_a_count_of_few_people_and_a_number_that_protects_it_are_told_apart():
    cells = {("Law", "bachelor"): value(2023, None, hidden=True, few=True), ("Law", "master"): value(2023, None, hidden=True)}
    figure = figures.heat(A01, cells, {"Law": "Law"}, {"bachelor": "B", "master": "M"}, EN, corner="Unit")
    assert figure.table.rows == (("Law", "<5", "[c]"),)
    assert "<5 hidden: one to four people" in figure.note
    assert "[c] hidden" in figure.note


# --- parts ------------------------------------------------------------------------------------------------------------------


def parts(*pairs, **more):
    return figures.breakdown(A01, [value(2023, number, key, **more) for key, number in pairs], {"DEU": "Germany"}, EN, by="country")


def test_parts_stand_largest_first_with_their_share():
    figure = parts(("ITA", 10), ("DEU", 30))
    assert [row[:3] for row in figure.table.rows] == [("Germany", 30, 75.0), ("ITA", 10, 25.0)]
    assert figure.title == "Germany leads with 30 of 40"


def test_more_parts_than_fit_are_told_in_the_note_and_all_stand_in_the_table():
    figure = parts(*((f"C{n:02}", 100 - n) for n in range(20)))
    assert (len(figure.series[0].points), len(figure.table.rows)) == (15, 20)
    assert "5 more, together 415" in figure.note


def test_domestic_parts_stand_apart_and_do_not_count_in_the_share():
    values = [value(2023, 30, "DEU"), value(2023, 70, "farabi", domestic=True)]
    figure = figures.breakdown(A01, values, {}, EN, by="programme")
    assert figure.table.rows[0][2] == 100.0
    assert figure.table.rows[1][2] is None
    assert "domestic" in str(figure.series[0].points[1].x)


def test_shares_of_a_year_add_up_to_a_hundred():
    figure = figures.shares("Mix", {2023: {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 5.0, "f": 6.0}}, {}, EN)
    assert sum(series.points[0].y for series in figure.series) == pytest.approx(100)
    assert len(figure.series) == 5


# --- one figure, every way it is shown --------------------------------------------------------------------------------------

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\0x"]


def sheet_of(figure):
    return openpyxl.load_workbook(io.BytesIO(downloads.to_xlsx(figure)))


def table_figure(*rows, say=EN, unit="people"):
    return Figure("bars", "T", "S", (), Table((Column("Name"), Column("Value", unit, 1)), tuple(rows)), language=say.code)


def test_english_csv_opens_in_columns():
    text = downloads.to_csv(table_figure(("Ağrı", 1234.5)))
    assert text.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(text.decode("utf-8-sig")))) == [["Name", "Value"], ["Ağrı", "1234.5"]]


def test_turkish_csv_has_semicolons_and_decimal_commas():
    text = downloads.to_csv(table_figure(("Ağrı", 1234.5), say=TR)).decode("utf-8-sig")
    assert text.splitlines() == ["Name;Value", "Ağrı;1234,5"]


@pytest.mark.parametrize("text", RISKY)
def test_text_that_a_spreadsheet_would_run_is_disarmed(text):
    read = next(
        iter(csv.reader(io.StringIO(downloads.to_csv(table_figure((text, 1))).decode("utf-8-sig").split("\r\n", 1)[1], newline="")))
    )
    assert read[0].startswith("'")


def test_negative_numbers_stay_numbers_in_csv():
    assert downloads.to_csv(table_figure(("a", -5))).decode("utf-8-sig").splitlines()[1] == "a,-5"


def test_a_workbook_has_typed_cells_definition_and_source():
    book = sheet_of(table_figure(("=1+1", 1234.5), ("b", None)))
    assert len(book.sheetnames) == 3
    data = book.worksheets[0]
    assert (data["A2"].value, data["A2"].data_type, data["B2"].value, data["B2"].data_type) == ("=1+1", "s", 1234.5, "n")
    assert data["B3"].value is None


def test_an_inexact_number_is_never_an_exact_one_in_a_download():
    figure = trend(value(2023, 500, precision="more_than", origin="reported"))
    assert b"> 500" in downloads.to_csv(figure)
    assert sheet_of(figure).worksheets[0]["B2"].value == "> 500"


def test_one_number_is_the_same_on_screen_on_paper_in_table_and_downloads():
    from pages.parts import drawing

    figure = trend(value(2022, 1340), value(2023, 1482))
    drawn = drawing.plain(figure)["data"][0]
    assert list(drawn["y"]) == [1340, 1482]
    printed = paper.chart(figure)["vconcat"][0]["layer"][0]["data"]["values"]
    assert [record["y"] for record in printed] == [1340, 1482]
    assert figure.table.written(EN)[1][1] == words.written(value(2023, 1482), A01, EN) == "1,482"
    assert "1482" in downloads.to_csv(figure).decode()
    assert sheet_of(figure).worksheets[0]["B3"].value == 1482


ALL_KINDS = {
    "trend": trend(value(2022, 1340), value(2023, 1482, provisional=True), goal=[(2020, 900), (2028, 1800)], say=TR),
    "bars": parts(("DEU", 30), ("ITA", 12)),
    "shares": figures.shares("Mix", {2022: {"a": 1.0, "b": 2.0}, 2023: {"a": 2.0, "b": 2.0}}, {}, TR),
    "columns": figures.columns_of("T", "S", [("2026", 3, "3"), ("later", 5, "5")], EN, unit="agreements", head=("Ends", "n")),
    "heat": figures.heat(A01, {("L", "b"): value(2023, 20)}, {"L": "Law"}, {"b": "B"}, EN, corner="Unit"),
    "map": figures.world(parts(("DEU", 30)), {"DEU": value(2023, 30, "DEU"), "MLT": value(2023, 8, "MLT")}, {}, A01, EN),
    "balance": figures.balance((A01, {"DEU": value(2023, 5)}), (indicators()["A02"], {"DEU": value(2023, 7)}), {}, EN),
}


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_kind_has_words_and_is_drawn_on_paper(kind):
    figure = ALL_KINDS[kind]
    assert figure.title and figure.alt and figure.table.rows
    drawn = paper.svg(figure).decode()
    assert drawn.startswith("<svg")
    assert figure.title.split()[0] in drawn


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_kind_is_drawn_on_the_screen_without_a_template(kind):
    from pages.parts import drawing

    spec = drawing.plain(ALL_KINDS[kind])
    assert spec["data"] and spec["layout"]["template"] is None


def test_a_picture_for_paper_is_a_png():
    assert paper.png(ALL_KINDS["bars"], 1.0).startswith(b"\x89PNG")


def test_the_map_on_paper_shows_the_whole_world_and_tints_what_is_known():
    layers = paper.chart(ALL_KINDS["map"])["vconcat"][0]["layer"]
    assert len(layers[0]["data"]["values"]) > 150
    assert [feature["id"] for feature in layers[1]["data"]["values"]] == ["DEU"]


# --- kinds that compare -----------------------------------------------------------------------------------------------------


def crossed(say=EN):
    cells = {("Law", "DEU"): 30.0, ("Law", "ITA"): 6.0, ("Arts", "DEU"): 9.0, ("Arts", REST): 20.0, ("Law", REST): None}
    made = {at: value(2023, number, hidden=number is None) for at, number in cells.items()}
    wholes = {("Law", ""): value(2023, 40.0), ("Arts", ""): value(2023, 29.0)}
    table = Crossing(("Law", "Arts"), ("DEU", "ITA", REST), made | wholes, (0, 5))
    return figures.crossing(A01, table, ({}, {"DEU": "Germany", "ITA": "Italy"}), say, sides=("unit", "country"), who="Demo")


def panels(*values, say=EN):
    return figures.multiples(A01, list(values), {"DEU": "Germany", "ITA": "Italy"}, say, by="country", who="Demo")


def slope(before, now, say=EN):
    sides = [{key: value(year, number, key) for key, number in side.items()} for year, side in ((2019, before), (2023, now))]
    return figures.slope(A01, *sides, {}, say, years=(2019, 2023), by="country")


COMPARING = {
    "flow": figures.flow(crossed(), EN),
    "multiples": panels(value(2022, 4, "DEU"), value(2023, 9, "DEU"), value(2023, 7, "ITA")),
    "slope": slope({"DEU": 5, "ITA": 9}, {"DEU": 12, "ITA": 6}),
    "lorenz": figures.lorenz(A01, {2019: [1, 1, 8], 2023: [2, 3, 5]}, TR),
}


def test_the_rest_of_a_table_is_counted_in_its_name_and_leads_no_title():
    figure = crossed()
    assert [column.name for column in figure.table.columns] == ["unit → country", "Germany", "Italy", "Others (5)", "All"]
    assert figure.title == "Largest flow: Law to Germany (30)"
    assert "the others together: country (5)" in figure.note


def test_countries_outside_of_a_scheme_are_no_largest_flow():
    cells = {("Law", "eu"): value(2023, 5), ("Law", "outside"): value(2023, 50)}
    names = {"eu": "European Union", "outside": "Outside"}
    figure = figures.crossing(A01, Crossing(("Law",), ("outside", "eu"), cells, (0, 0)), ({}, names), EN, sides=("unit", "region"))
    assert figure.title == "Largest flow: Law to European Union (5)"


def test_a_hidden_number_has_no_band_and_the_chart_says_so():
    figure = COMPARING["flow"]
    assert {(p.y_label, p.x) for p in figure.series[0].points} == {
        ("Law", "Germany"),
        ("Law", "Italy"),
        ("Arts", "Germany"),
        ("Arts", "Others (5)"),
    }
    assert "hidden numbers have no band" in figure.note
    assert figure.table.rows[0] == ("Law", 30, 6, "[c]", 40)


def test_bands_fill_both_sides_and_keep_their_order_on_paper():
    layers = paper.chart(COMPARING["flow"])["vconcat"][0]["layer"]
    first, last = ({p["band"]: p for p in layers[0]["data"]["values"] if (p["x"] > 0.5) == late} for late in (False, True))
    assert sorted(round(p["value"]) for p in first.values()) == [6, 9, 20, 30] == sorted(round(p["value"]) for p in last.values())
    nodes = [n for n in layers[1]["data"]["values"] if n["side"] == "left"]
    assert nodes[0]["label"].startswith("Law") and nodes[0]["y2"] > nodes[1]["y"]
    assert sum(n["y"] - n["y2"] for n in nodes) == pytest.approx(98)


def test_panels_share_one_scale_and_a_year_without_a_value_is_a_gap():
    from pages.parts import panels as drawn

    figure = COMPARING["multiples"]
    assert figure.title == "Germany changed most: from 4 to 9"
    assert [(s.name, [p.y for p in s.points]) for s in figure.series] == [("Germany", [4, 9]), ("Italy", [None, 7])]
    assert "from 0 to 9" in figure.note
    assert drawn.drawn(figure.series[0], 9.0).count("<line") == 1 + 3
    assert drawn.drawn(figure.series[1], 9.0).count("<line") == 3


def test_at_most_twelve_panels_are_drawn_and_the_table_has_all():
    figure = panels(*(value(2023, at, f"C{at:02}") for at in range(1, 15)))
    assert (len(figure.series), len(figure.table.columns), "2 more in the table" in figure.note) == (12, 15, True)
    assert figure.series[0].name == "C14"


def test_two_years_tell_the_largest_rise_and_fall():
    figure = COMPARING["slope"]
    assert figure.title == "Largest rise: DEU (+7); Largest fall: ITA (−3)"
    assert figure.table.rows == (("DEU", 5, 12, "+140%"), ("ITA", 9, 6, "−33%"))
    assert "Largest fall" not in slope({"DEU": 5}, {"DEU": 12}).title


def test_two_years_show_eight_at_most_and_only_those_that_both_years_tell():
    keys = [f"C{at}" for at in range(10)]
    figure = slope(dict.fromkeys(keys, 10), {key: 20 + at for at, key in enumerate(keys)} | {"NEW": 99})
    assert [s.name for s in figure.series] == keys[:1:-1]
    assert ("NEW", None, 99, "–") in figure.table.rows
    assert "3 more in the table" in figure.note


def test_a_curve_of_countries_is_told_in_words():
    figure = figures.lorenz(A01, {2023: [1, 1, 1, 7], 2019: [2, 2, 3, 3]}, EN)
    assert figure.title == "The smaller half of 4 countries has 20.0%"
    assert "Gini coefficient 0.45" in figure.note and "1 country alone makes up half" in figure.note
    assert "more unequal than in 2019–20" in figure.note
    assert [row[1] for row in figure.table.rows if row[0] == 50] == [pytest.approx(20)]


def test_a_curve_without_countries_says_that_there_is_nothing():
    figure = figures.lorenz(A01, {2023: []}, EN)
    assert (figure.title, figure.told) == ("No value for this selection", False)


def test_labels_that_would_overlap_are_moved_apart_and_others_stay():
    moved = spread.apart([10.0, 10.5, 50.0], 5)
    assert min(b - a for a, b in zip(sorted(moved), sorted(moved)[1:], strict=False)) >= 5
    assert spread.apart([0.0, 50.0], 5) == [0.0, 50.0]


def test_dots_that_would_cover_each_other_are_lifted():
    assert spread.swarm([1.0, 1.1, 1.2, 9.0], 1) == [0.0, 1.0, -1.0, 0.0]


@pytest.mark.parametrize("kind", COMPARING)
def test_a_chart_that_compares_says_the_same_on_screen_and_on_paper(kind):
    from pages.parts import drawing

    figure = COMPARING[kind]
    assert figure.kind == kind and figure.title and figure.alt and figure.table.rows
    assert figure.title.split()[0] in paper.svg(figure).decode()
    printed = str(paper.chart(figure))
    labels = [p.label for s in figure.series for p in s.points if p.y is not None and kind != "lorenz"]
    if kind != "multiples":  # drawn as HTML, see panels
        spec = drawing.plain(figure)
        assert spec["data"] and spec["layout"]["template"] is None
        assert all(label in str(spec) for label in labels)
    if kind != "flow":  # a band's number stands at its ends, added up
        assert all(label in printed for label in labels)


# --- goals over the years ---------------------------------------------------------------------------------------------------


def judged(goal, year, attainment, good=True):
    told = ("Reached", "good", "✔") if good else ("No data", "neutral", "○") if attainment is None else ("Behind", "bad", "✖")
    return Judged(goal, year, attainment, *told, good)


GOALS = [judged("A", 2022, 0.4, False), judged("A", 2023, 1.2), judged("B", 2022, 0.9, False), judged("B", 2023, 0.7, False)]
UNTOLD = judged("C", 2023, None, False)


def test_goals_over_the_years_say_how_many_are_met_and_put_the_last_first():
    figure = figures.cohort([*GOALS, UNTOLD], EN)
    assert figure.title == "1 of 2 goals reached or on track in 2023–24; 0 of 2 in 2022–23"
    assert figure.table.rows == (
        ("B", "90% ✖ Behind", "70% ✖ Behind"), ("A", "40% ✖ Behind", "120% ✔ Reached"), ("C", None, "– ○ No data"),
    )  # fmt: skip


def test_goals_that_nobody_can_judge_are_shown_and_counted_nowhere():
    figure = figures.cohort([UNTOLD], EN)
    assert (figure.title, figure.table.rows) == ("No goal can be judged yet", (("C", "– ○ No data"),))


def test_hardly_any_way_is_no_negative_zero():
    labels = [s.points[0].label for way in (-0.003, -0.01) for s in figures.cohort([judged("A", 2023, way, False)], EN).series]
    assert labels == ["0%", EN.percent(-1)]


def test_a_status_is_said_in_words_on_paper_too():
    drawn = paper.svg(figures.cohort(GOALS, EN)).decode()
    assert all(word in drawn for word in ("✖ Behind", "✔ Reached", "120%"))
