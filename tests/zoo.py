"""A zoo of broken files, each named after its fault. ``ZOO[name]`` is (builder, code): the builder writes the file into a folder.

An empty code marks an animal that looks dangerous and must be read all the same. ``findings(path)`` is what a person is told.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from containers import compound, text_row, xls, xlsx
from ewp import CONTACT, answer, iia, spec

from pipelines.errors import Finding, Refused
from pipelines.formats.personal import personal_data
from pipelines.read import read
from pipelines.receive import receive

Builder = Callable[[Path], Path]
ZOO: dict[str, tuple[Builder, str]] = {}

HEAD = "year,country,partner,participants\n"
ROWS = "2022,DEU,Example University,12\n2022,ITA,Università di Esempio,7\n2023,TUR,Örnek Üniversitesi,31\n"
LATIN = "yıl;ülke;kurum;sayı\n2023;Türkiye;Iğdır Üniversitesi;31\n2023;İtalya;Şehir Üniversitesi;7\n"


def findings(path: Path, header: int = 1, header_rows: int = 1) -> list[Finding]:
    """Everything that is told about a file up to its text cells, whether it is refused or not."""
    try:
        sheet = read(receive(path))[0]
        body = sheet.body(header, header_rows)
    except Refused as refused:
        return refused.findings
    return [*sheet.findings, *body.findings, *personal_data(body.names, body.table, sheet.place(header))]


def _text(name: str, code: str, content: str | bytes, ending: str = ".csv") -> None:
    def build(folder: Path) -> Path:
        path = folder / f"{name}{ending}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    ZOO[name] = (build, code)


def _keep(code: str) -> Callable[[Builder], Builder]:
    def keep(build: Builder) -> Builder:
        ZOO[build.__name__] = (build, code)
        return build

    return keep


# --- not a table at all ---------------------------------------------------------------------------------------------
_text("empty", "E101", "")
_text("only_blanks", "E101", "\ufeff \n\n")
_text("wrong_type_pdf", "E103", b"%PDF-1.7\n%\xe2\xe3\n", ".pdf")
_text("wrong_type_json", "E103", '[{"year": 2023}]')
_text("wrong_type_binary", "E103", bytes(range(1, 32)) * 40)
_text("renamed_html", "E104", "<!DOCTYPE html>\n<html><body><table><tr><td>year</td></tr></table></body></html>", ".xls")
_text("renamed_csv", "E105", HEAD + ROWS, ".xlsx")

# --- bytes and letters ----------------------------------------------------------------------------------------------
_text("windows_1254", "E202", LATIN.encode("cp1254"))
_text("nul_byte", "E203", HEAD + ROWS.replace("12", "1\0"))
_text("utf_16_without_mark", "E203", (HEAD + ROWS).encode("utf-16-le"))
_text("control_character", "E204", HEAD + ROWS.replace("Example", "Exam\x1fple"))
_text("damaged_letters", "E230", HEAD.encode() + b"2022,DEU,\x81\x8d\x8f\xff,3\n")
_text("encoded_twice", "E216", (HEAD + ROWS).encode().decode("cp1252").encode())
_text("turkish_read_as_western", "Q217", LATIN.encode("cp1254").decode("cp1252").encode())
_text("lost_letters", "E221", HEAD + ROWS.replace("Ö", "\ufffd"))
_text("two_files_in_one", "E222", "\ufeff" + HEAD + ROWS + "\ufeff" + ROWS)
_text("invisible_signs", "I229", HEAD + ROWS.replace("di", "\x96"))
_text("utf_16_with_mark", "", (HEAD + ROWS).encode("utf-16"))
_text("two_byte_order_marks", "", "\ufeff\ufeff" + HEAD + ROWS)

# --- answers of Erasmus Without Paper ---------------------------------------------------------------------------------
IIA = answer(iia(spec())).replace(CONTACT, "")
_text("xml", "", IIA, ".xml")
_text("xml_cut_off", "E270", IIA[:-30], ".xml")
_text("xml_with_an_entity", "E271", f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{IIA}', ".xml")
_text("xml_without_bottom", "E272", "<iias-get-response>" + "<a>" * 1000, ".xml")
_text("xml_of_identifiers", "E273", "<iias-index-response><iia-id>1</iia-id></iias-index-response>", ".xml")
_text("xml_of_another_kind", "E274", "<Workbook><Worksheet/></Workbook>", ".xml")
_text("xml_without_records", "E275", answer(), ".xml")
_text("xml_without_its_key", "E276", answer("<iia><in-effect>true</in-effect></iia>"), ".xml")
_text("xml_with_something_new", "I277", IIA.replace("<in-effect>", "<novelty>1</novelty><in-effect>"), ".xml")
_text("xml_with_people", "I278", answer(iia(spec())), ".xml")

# --- line ends, quotes, delimiters, rows ------------------------------------------------------------------------------
_text("header_only", "E201", HEAD)
_text("bare_carriage_return", "E205", HEAD + ROWS.replace("University,", "University\r,"))
_text("old_line_ends", "E205", (HEAD + ROWS).replace("\n", "\r"))
_text("mixed_line_ends", "E206", HEAD + ROWS.replace("7\n", "7\r\n"))
_text("unclosed_quote", "E207", HEAD + ROWS.replace("Örnek", '"Örnek'))
_text("stray_quote", "E208", HEAD + ROWS.replace("Example University", 'Example "Old" University'))
_text("quotes_by_backslash", "E209", HEAD + ROWS.replace("Example University", '"Example \\"Old\\" University"'))
_text("one_column", "E210", "participants\n12\n7\n")
_text("mixed_delimiters", "E211", "year,country;partner,people\n2022,DEU;Example,12\n2023,ITA;Esempio,7\n")
_text("ragged_rows", "E212", HEAD + ROWS.replace("DEU,", "DEU,,"))
_text("line_break_without_quotes", "E212", HEAD + ROWS.replace("Example ", "Example\n"))
_text("one_row_with_another_delimiter", "E212", HEAD + ROWS.replace("2022,ITA,Università di Esempio,7", "2022;ITA;Università di Esempio;7"))
_text("empty_line_inside", "E213", HEAD + ROWS + "\n" + ROWS)
_text("blank_after_every_delimiter", "E214", (HEAD + ROWS).replace(",", ", "))
_text("single_quotes", "E215", HEAD + ROWS.replace("Example University", "'Example University'"))
_text("too_many_columns", "E219", ",".join(f"c{n}" for n in range(2001)) + "\n" + "," * 2000 + "\n" + "1," * 2000 + "1\n")
_text("header_again", "E220", HEAD + ROWS + HEAD + ROWS)
_text("doubled_delimiter", "E232", (HEAD + ROWS).replace(",", ",,"))
_text("blank_rows", "I224", HEAD + ROWS + ",,,\n")
_text("padded_cells", "I231", HEAD + ROWS.replace("DEU", "DEU   "))
_text("delimiter_at_every_end", "I233", (HEAD + ROWS).replace("\n", ",\n"))

# --- people ---------------------------------------------------------------------------------------------------------
_text("names_of_people", "E260", "year,First name,Soyadı\n2023,A,B\n")
_text("e_mail_addresses", "E261", HEAD + ROWS.replace("Example University", "someone@example.edu"))
_text("telephone_numbers", "E262", "year,contact\n" + "".join(f"2023,0532 000 00 0{n}\n" for n in range(4)))
_text("identity_numbers", "E263", "year,number\n2023,10000000146\n2023,10000000214\n2023,10000000382\n2023,10000000450\n")
_text("names_of_institutions", "", "year,Name,Programme name,Üniversite adı\n2023,A,B,C\n")


# --- workbooks ------------------------------------------------------------------------------------------------------
def workbook(path: Path, *sheets: list[list[object]]) -> xlsxwriter.Workbook:
    """An ordinary workbook, still open."""
    book = xlsxwriter.Workbook(path)
    for rows in sheets:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return book


TABLE = [["year", "country", "people"], [2022, "DEU", 12], [2022, "ITA", 7], [2023, "TUR", 31]]
CELLS = text_row(1, "year", "people") + text_row(2, "2023", "7")


@_keep("E106")
def truncated_workbook(folder: Path) -> Path:
    path = folder / "truncated_workbook.xlsx"
    workbook(path, TABLE).close()
    path.write_bytes(path.read_bytes()[:-400])
    return path


@_keep("E106")
def changed_byte(folder: Path) -> Path:
    path = xlsx(folder / "changed_byte.xlsx", CELLS * 50)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        content[archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80] ^= 0xFF
    path.write_bytes(content)
    return path


@_keep("E240")
def broken_xml(folder: Path) -> Path:
    return xlsx(folder / "broken_xml.xlsx", '<row r="1"><c r="A1" t="inlineStr"><is><t>year</row>')


@_keep("E101")
def empty_workbook(folder: Path) -> Path:
    return xlsx(folder / "empty_workbook.xlsx", "")


@_keep("E103")
def word_document(folder: Path) -> Path:
    path = folder / "word_document.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return path


@_keep("E107")
def password(folder: Path) -> Path:
    return compound(folder / "password.xlsx", {"EncryptionInfo": b"\x04\0\x04\0", "EncryptedPackage": bytes(64)})


@_keep("E107")
def old_password(folder: Path) -> Path:
    return xls(folder / "old_password.xls", [["year"], [2023.0]], protected=True)


@_keep("E108")
def macros(folder: Path) -> Path:
    return xlsx(folder / "macros.xlsm", CELLS, **{"xl/vbaProject.bin": b"\0" * 40})


@_keep("E109")
def zip_bomb(folder: Path) -> Path:
    shared = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"a" * 60_000_000}</t></si></sst>'
    return xlsx(folder / "zip_bomb.xlsx", CELLS, **{"xl/sharedStrings.xml": shared})


@_keep("E109")
def many_parts(folder: Path) -> Path:
    return xlsx(folder / "many_parts.xlsx", CELLS, **{f"xl/media/image{number}.png": b"x" for number in range(300)})


@_keep("E109")
def packed_blanks(folder: Path) -> Path:
    return xlsx(folder / "packed_blanks.xlsx", CELLS + "<row/>" * 2_000_000)


@_keep("E241")
def far_cell(folder: Path) -> Path:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return xlsx(folder / "far_cell.xlsx", text_row(1, "year") + far)


@_keep("E110")
def path_out_of_the_archive(folder: Path) -> Path:
    return xlsx(folder / "path_out_of_the_archive.xlsx", CELLS, **{"../../outside.xml": "x"})


@_keep("E111")
def external_entity(folder: Path) -> Path:
    declared = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    sheet = (
        f'{declared}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{CELLS}</sheetData></worksheet>'
    )
    return xlsx(folder / "external_entity.xlsx", CELLS, **{"xl/worksheets/sheet1.xml": sheet})


@_keep("I246")
def links_to_other_workbooks(folder: Path) -> Path:
    return xlsx(folder / "links_to_other_workbooks.xlsx", CELLS, **{"xl/externalLinks/externalLink1.xml": "<externalLink/>"})


@_keep("E245")
def formulas_never_calculated(folder: Path) -> Path:
    return xlsx(folder / "formulas_never_calculated.xlsx", CELLS + '<row r="3"><c r="A3"><v>2024</v></c><c r="B3"><f>B2+1</f></c></row>')


@_keep("I243")
def hidden_sheet(folder: Path) -> Path:
    book = workbook(folder / "hidden_sheet.xlsx", TABLE, TABLE)
    book.worksheets()[1].activate()
    book.worksheets()[1].set_first_sheet()
    book.worksheets()[0].hide()
    book.close()
    return folder / "hidden_sheet.xlsx"


@_keep("Q244")
def merged_cells_in_the_body(folder: Path) -> Path:
    book = workbook(folder / "merged_cells_in_the_body.xlsx", TABLE)
    book.worksheets()[0].merge_range("B2:B3", "DEU")
    book.close()
    return folder / "merged_cells_in_the_body.xlsx"


@_keep("")
def merged_header_of_two_rows(folder: Path) -> Path:
    rows = [["country", "bachelor", None, "master", None], [None, "women", "men", "women", "men"], ["DEU", 1, 2, 3, 4]]
    book = workbook(folder / "merged_header_of_two_rows.xlsx", rows)
    for area, word in (("A1:A2", "country"), ("B1:C1", "bachelor"), ("D1:E1", "master")):
        book.worksheets()[0].merge_range(area, word)
    book.close()
    return folder / "merged_header_of_two_rows.xlsx"


@_keep("")
def words_of_errors(folder: Path) -> Path:
    return xlsx(
        folder / "words_of_errors.xlsx",
        CELLS + '<row r="3"><c r="A3" t="e"><v>#REF!</v></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>',
    )


# --- Parquet --------------------------------------------------------------------------------------------------------
@_keep("E250")
def truncated_parquet(folder: Path) -> Path:
    path = folder / "truncated_parquet.parquet"
    pq.write_table(pa.table({"year": [2022, 2023]}), path)
    path.write_bytes(path.read_bytes()[:-12])
    return path


@_keep("E251")
def nested_parquet(folder: Path) -> Path:
    pq.write_table(pa.table({"year": [2022], "people": [[1, 2]]}), folder / "nested_parquet.parquet")
    return folder / "nested_parquet.parquet"


@_keep("E201")
def parquet_without_rows(folder: Path) -> Path:
    pq.write_table(pa.table({"year": pa.array([], pa.int64())}), folder / "parquet_without_rows.parquet")
    return folder / "parquet_without_rows.parquet"
