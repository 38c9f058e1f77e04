"""Fields of education: ISCED-F 2013 by code, text and name; old codes are not taken for new ones."""

import csv

import pytest

from pipelines.codes import fields, reference
from pipelines.codes.fields import field, read_fields
from pipelines.codes.words import doubt


def test_the_list_is_complete():
    rows = [row for row in reference.table("isced_f_2013") if not row["residual"]]
    assert [sum(row["level"] == level for row in rows) for level in ("broad", "narrow", "detailed")] == [11, 29, 80]
    assert all(row["code"][:-1] in fields.codes() for row in reference.table("isced_f_2013") if len(row["code"]) > 2)
    assert all(row["en"] and row["tr"] for row in reference.table("isced_f_2013"))


@pytest.mark.parametrize(
    ("text", "code"),
    [("0314", "0314"), ("031", "031"), ("03", "03"), ("713", "0713"), ("912", "0912"), ("1015", "1015"),
     ("0314 - Sociology", "0314"), ("0110-0110-Educación, no definido", "0110"), ("688-0688 Inter-disciplinary", "0688"),
     ("[092]-092-Bienestar", "092"),
     ("023 Idiomas", "023"),     ("10.1-0421 - Derecho", "0421"), ("05-05-Ciencias naturales", "05"),
     ("Business and administration", "041"),
     ("Law", "042"), ("Hukuk", "042"), ("Education", "01"), ("EĞİTİM, ayrıntısı belirtilmemiş", "01"), ("Fizik", "0533"),
     ("713.0", "0713")],
)  # fmt: skip
def test_codes_and_texts_that_begin_with_one_are_known(text, code):
    assert field(text).code == code


@pytest.mark.parametrize(
    "text",
    [
        "222-Idiomas y ciencias filológicas",
        "14-Ciencias de la educación",
        "02.2-Diseño",
        "00.0-Área para Sicue",
        "0007",
        "06.0",
        "142",
        "620",
    ],
)
def test_codes_of_older_lists_are_not_taken_for_new_ones(text):
    assert (field(text).code, field(text).how) == (None, "none")


@pytest.mark.parametrize(("text", "candidate"), [("314", "0314"), ("421", "0421"), ("7", "07"), ("31", "031")])
def test_a_code_that_an_older_list_has_too_is_asked(text, candidate):
    match = field(text)
    assert (match.code, match.candidates) == (None, (candidate,))
    assert doubt("field", text, match)[0] == "W131"


def test_the_rest_of_the_column_gives_lost_zeros_back():
    assert read_fields(["314", "0912"])["314"].code == "0314"
    assert read_fields(["314", "713"])["314"].code == "0314"
    assert read_fields(["314"])["314"].code is None


def test_a_column_with_an_old_code_gets_no_zeros():
    assert read_fields(["314", "713", "142"])["314"].code is None


@pytest.mark.parametrize("text", ["", "-", "?? Unknown", "bilinmiyor"])
def test_a_field_that_is_not_told_is_missing(text):
    assert (field(text).code, field(text).how) == (None, "missing")


def test_every_choice_of_a_drop_down_reads_back_as_its_code():
    choices = {code: text for language in ("en", "tr") for code, text in fields.choices(language).items()}
    assert {code: field(text).code for code, text in choices.items()} == {code: code for code in choices}


def test_every_name_leads_to_its_code_or_one_above_it():
    wrong = [(code, name) for code, name in fields.names("tr").items() if code[:2] != "99" and not code.startswith(field(name).code or "?")]
    assert wrong == []


def test_of_the_spanish_areas_only_old_codes_stay_unknown(real):
    """116 spellings; 18 of them (ISCED 1997 and earlier Erasmus codes) are left to the person or the layout."""
    words = set()
    for path in (real / "zaragoza").glob("erasmus__*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            words |= {row["NOMBRE_AREA_ESTUDIOS_MOV"] for row in csv.DictReader(file, delimiter=";")}
    unknown = {word for word in words if field(word).code is None}
    assert (len(words), len(unknown)) == (116, 18)
    assert all(word[:3].rstrip("-") in fields.older() or word[2] in ".9" or word[:3] in ("149", "429", "449") for word in unknown)


def test_the_fields_of_the_commission_rows_are_known(real):
    with (real / "erasmus-eu" / "ka1_rows_sample_2014.csv").open(encoding="utf-8", newline="") as file:
        found = {row["FieldOfEducation"]: field(row["FieldOfEducation"]).code for row in csv.DictReader(file)}
    assert None not in found.values() and found["Travel, tourism and leisure"] == "1015"
