"""CSV is read exactly or refused with its place: nothing between, whatever one sign of the file is changed into."""

import random

import pyarrow as pa
import pytest
from zoo import HEAD, LATIN, ROWS

from pipelines.errors import Refused
from pipelines.formats import csv_records
from pipelines.read import read
from pipelines.receive import receive


def load(path, header=1, **how):
    """Names and rows as text, "" for an empty cell."""
    body = read(receive(path), **how)[0].body(header)
    columns = [body.table[name].to_pylist() for name in body.table.column_names if name != "row"]
    return [body.names, *([cell or "" for cell in row] for row in zip(*columns, strict=True))]


def written(tmp_path, content):
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path, header=1, **how):
    with pytest.raises(Refused) as refused:
        load(path, header, **how)
    return refused.value.finding


TRUTH = [
    ["date", "quantity", "kind", "text", "remark"],
    ["01/02/2020", "12", "Book", "plain", ""],
    ["02/02/2020", "7", "Çay", "with, comma", "ok"],
    ["03/02/2020", "007", "Toy", 'says "hi" twice', "NA"],
    ["04/02/2020", "1.306", "Toy", "two\nlines", ""],
    ["05/02/2020", "12.5", "Book", 'ends with "quote"', "ok"],
    ["06/02/2020", "1E5", "Çay", "semi;colon | bar", ""],
]


def dumped(rows, delimiter=",", quote='"', escape='"', line_end="\n", always=False):
    def cell(word):
        if always or any(sign in word for sign in (delimiter[0], quote, "\n")):
            return quote + word.replace(quote, escape + quote) + quote
        return word

    return line_end.join(delimiter.join(map(cell, row)) for row in rows) + line_end


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("always", [True, False])
def test_every_correct_way_to_write_a_table_gives_the_same_table(tmp_path, delimiter, line_end, encoding, always):
    content = dumped(TRUTH, delimiter, line_end=line_end, always=always)
    assert load(written(tmp_path, content.encode(encoding))) == TRUTH


def polluted():
    """One thing changed at a time: signs of the whole file, of one row, of one place."""
    plain = dumped(TRUTH)
    for always in (True, False):
        for delimiter in (" ", ", ", " ,", ",,", ";;", ":", "^", "\x01", "; "):
            yield dumped(TRUTH, delimiter, always=always)
        for quote in ("'", "`", "´", "*", "|"):
            yield dumped(TRUTH, quote=quote, escape=quote, always=always)
        for escape in ("\\", "/", "'", "~", ""):
            yield dumped(TRUTH, escape=escape, always=always)
        for line_end in ("\r", "\n\r", "\n\n", "\r\r\n", "\x0b", "\x1e", "\u2028"):
            yield dumped(TRUTH, line_end=line_end, always=always)
    for encoding in ("cp1254", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp500"):
        yield plain.encode(encoding)
    yield from (plain + "\n", plain[:-1], "\n" + plain, "Title\n" + plain, plain + "Source: x\n", plain + plain, plain + "\n" + plain)
    for number, row in enumerate(TRUTH):
        for delimiter in (";", "\t", ", ", " ,", ",,", " "):
            yield dumped(TRUTH[:number]) + dumped([row], delimiter) + dumped(TRUTH[number + 1 :])
        for line_end in ("\r\n", "\r", ""):
            yield dumped(TRUTH[: number + 1])[:-1] + line_end + dumped(TRUTH[number + 1 :])
        for escape in ("\\", "'"):
            yield dumped(TRUTH[:number]) + dumped([row], escape=escape, always=True) + dumped(TRUTH[number + 1 :])
    for at in range(len(plain)):
        for sign in ('"', "\r", "\0", "\ufeff", "\ufffd"):
            yield plain[:at] + sign + plain[at:]
        if plain[at] in ',"':
            yield plain[:at] + plain[at + 1 :]
            yield plain[:at] + "," + plain[at:] if plain[at] == "," else plain


def test_one_polluted_sign_is_read_exactly_or_refused_with_a_place(tmp_path):
    read_exactly, refused, differing = 0, 0, []
    for content in polluted():
        path = written(tmp_path, content)
        try:
            exact = load(path) == TRUTH
            read_exactly += exact
            differing += [] if exact or _inside_quotes(content) else [content]
        except Refused as refusal:
            refused += 1
            assert refusal.finding.place.row, refusal.finding.code
    assert differing == []
    assert read_exactly > 5
    assert refused > 1_000


def _inside_quotes(content):
    """A comma added or removed within quotes, where it is part of the cell: no reader could know."""
    return isinstance(content, str) and content.count('"') == dumped(TRUTH).count('"') and content.count(",") != dumped(TRUTH).count(",")


def test_cells_stay_the_words_that_were_written(tmp_path):
    words = ["NA", "null", "007", "1E5", "TRUE", "-", "12,5", " x ", '""', "#N/A", "2024-01-01"]
    rows = [["number", "word"], *[[str(at), word] for at, word in enumerate(words)]]
    assert load(written(tmp_path, dumped(rows, ";"))) == rows


def test_an_empty_cell_is_null_and_keeps_its_row(tmp_path):
    body = read(receive(written(tmp_path, 'a;b\n1;\n;""\n;;\n3;4\n'.replace(";;", ";"))))[0].body(1)
    assert body.table.to_pydict() == {"1": ["1", "3"], "2": [None, "4"], "row": [2, 5]}
    assert [finding.code for finding in body.findings] == ["I224"]
    assert body.findings[0].count == 2


def test_rows_above_the_header_may_be_ragged_and_rows_below_may_not(tmp_path):
    title = 'Title:,"Numbers of students"\nDate:,2020,x,y,z\n\n'
    assert load(written(tmp_path, title + HEAD + ROWS), header=4)[0] == HEAD.strip().split(",")
    assert refusal(written(tmp_path, title + HEAD + ROWS), header=1).code == "E213"
    assert refusal(written(tmp_path, title.replace("\n\n", "\n") + HEAD + ROWS), header=1).code == "E212"


def test_all_ragged_rows_are_counted_and_the_first_are_named(tmp_path):
    lines = (HEAD + ROWS * 20).splitlines()
    for row in range(5, 55, 2):
        lines[row - 1] += ",x"
    fault = refusal(written(tmp_path, "\n".join(lines)))
    assert (fault.code, fault.count, len(fault.places)) == ("E212", 25, 20)
    assert [place.row for place in fault.places] == list(range(5, 45, 2))


def test_the_place_of_a_fault_counts_records_not_lines(tmp_path):
    content = 'a,b\n"one\ntwo",x\n3,y"z\n'
    fault = refusal(written(tmp_path, content))
    assert (fault.code, fault.place.cell) == ("E208", "B3")


def test_a_fault_far_into_a_large_file_has_its_place(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_records, "PIECE", 1000)
    lines = ["a,b,c", *(f'{number},"x, ""y""",z' for number in range(2, 5000))]
    assert len(load(written(tmp_path, "\n".join(lines)))) == 4999
    lines[3210] = '3211,x"y,z'
    assert refusal(written(tmp_path, "\n".join(lines))).place.cell == "B3211"


def test_pieces_of_any_size_give_the_same_table(tmp_path, monkeypatch):
    path = written(tmp_path, dumped(TRUTH * 3)[: -len("\n")].replace("date", "day", 1))
    whole = load(path)
    for size in (1, 7, 64, 101):
        monkeypatch.setattr(csv_records, "PIECE", size)
        assert load(path) == whole


def test_a_wrong_encoding_is_shown_and_read_once_it_is_told(tmp_path):
    path = written(tmp_path, LATIN.encode("cp1254"))
    fault = refusal(path)
    assert (fault.code, fault.values["turkish"]) == ("E202", "yıl;ülke;kurum;sayı")
    assert load(path, encoding="windows-1254")[1][2] == "Iğdır Üniversitesi"


def test_the_wrong_answer_about_the_encoding_is_noticed(tmp_path):
    western = read(receive(written(tmp_path, LATIN.encode("cp1254"))), encoding="windows-1252")[0]
    assert [finding.code for finding in western.findings] == ["Q217"]
    assert refusal(written(tmp_path, HEAD + ROWS), encoding="windows-1252").code == "E216"
    assert refusal(written(tmp_path, LATIN), encoding="klingon").code == "E223"
    assert refusal(written(tmp_path, b"a;b\n\x81;x\n"), encoding="windows-1252").code == "E227"


def test_icelandic_and_czech_names_are_no_mojibake(tmp_path):
    names = ["Háskóli Íslands", "Norðurþing", "Þórshöfn", "Český Krumlov", "Nový Jičín"]
    assert read(receive(written(tmp_path, "id;name\n" + "".join(f"1;{name}\n" for name in names))))[0].findings == []


def test_a_delimiter_that_was_told_is_kept_to(tmp_path):
    path = written(tmp_path, "a:b\n1:2\n")
    assert refusal(path).code == "E210"
    assert load(path, delimiter=":") == [["a", "b"], ["1", "2"]]
    assert refusal(path, delimiter="::").code == "E228"


def test_decimal_commas_do_not_make_the_delimiter_ambiguous(tmp_path):
    assert load(written(tmp_path, "year;share\n2022;12,5\n2023;13,0\n"))[1] == ["2022", "12,5"]


def test_two_header_rows_become_one_name_and_labels_are_carried_right(tmp_path):
    content = "country;bachelor;;master;\n;women;men;women;men\nDEU;1;2;3;4\n"
    body = read(receive(written(tmp_path, content)))[0].body(1, 2)
    assert body.names == ["country", "bachelor / women", "bachelor / men", "master / women", "master / men"]


def test_a_header_that_is_not_there_is_refused(tmp_path):
    assert refusal(written(tmp_path, HEAD + ROWS), header=9).code == "E226"


def test_two_counts_that_differ_are_refused(tmp_path, monkeypatch):
    sheet = read(receive(written(tmp_path, HEAD + ROWS)))[0]
    monkeypatch.setattr(sheet, "_parse", lambda first, width: pa.table({str(n + 1): ["x"] for n in range(width)}))
    with pytest.raises(Refused) as refused:
        sheet.body(1)
    assert refused.value.finding.code == "E218"


def test_repeated_words_are_stored_once_and_others_as_they_are(tmp_path):
    rows = [["kind", "number"], *[[random.Random(at).choice("abc"), f"R{at}"] for at in range(9000)]]
    table = read(receive(written(tmp_path, dumped(rows))))[0].body(1).table
    assert pa.types.is_dictionary(table.schema.field("1").type)
    assert not pa.types.is_dictionary(table.schema.field("2").type)
    assert table["2"].to_pylist()[-1] == "R8999"


EXACT = {
    "erasmus-eu/university_totals_2014_2019.csv": 3_037,
    "erasmus-eu/country_pairs_2014_2019.csv": 986,
    "erasmus-eu/universities_2018_nodes.csv": 4_192,
    "erasmus-eu/universities_2018_edges.csv": 83_575,
    "erasmus-eu/country_flows_2013_2014.csv": 928,
    "erasmus-eu/trips_2013_2014.csv": 207_790,
    "erasmus-eu/spain_outgoing_persons_2012_2013.csv": 27_989,
    "erasmus-eu/ka1_rows_sample_2014.csv": 39,
    "statistics/unesco_inbound.csv": 6_879,
    "statistics/unesco_inbound_netflow.csv": 9_186,
    "zaragoza/erasmus__2015_2016.csv": 3_360,
    "zaragoza/erasmus__2023_2024.csv": 4_435,
}


@pytest.mark.parametrize("name", EXACT)
def test_published_files_have_the_rows_they_are_known_for(real, name):
    assert read(receive(real / name))[0].body(1).table.num_rows == EXACT[name]


@pytest.mark.parametrize(("kind", "rows"), [("erasmus", 39_239), ("resultados", 3_153), ("procedencia", 39_817)])
def test_the_years_of_one_publisher_add_up(real, kind, rows):
    assert sum(read(receive(path))[0].body(1).table.num_rows for path in (real / "zaragoza").glob(f"{kind}__*.csv")) == rows


def test_a_table_below_seventeen_lines_of_metadata_is_read(real):
    path = real / "statistics" / "hesa_table1_2014_2015.csv"
    body = read(receive(path))[0].body(18)
    assert (body.table.num_rows, len(body.names)) == (164, 13)


def test_line_breaks_in_unquoted_cells_are_refused_and_never_counted_as_rows(real):
    fault = refusal(real / "zaragoza" / "rendimiento__2023_2024.csv")
    assert (fault.code, fault.place.row, fault.count) == ("E212", 2671, 38)
    assert refusal(real / "zaragoza" / "rendimiento__2017_2018.csv").count == 2
