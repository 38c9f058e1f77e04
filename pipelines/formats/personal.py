"""Personal data that slipped into a table of counts: told with its cell, never with its value.

Words are looked at once each. Headers speak English and Turkish; "Name" alone is fine, because institutions and programmes have names too.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.codes.words import fold
from pipelines.errors import Finding, Place, letters

_PERSON = (
    "first", "last", "family", "given", "middle", "full", "student", "participant", "person", "staff", "employee", "applicant", "candidate",
    "mother", "father", "ogrenci", "katilimci", "personel", "kisi", "aday", "anne", "baba", "ogretimuyesi", "ogretimelemani",
)  # fmt: skip
_OF_A_PERSON = ("name", "names", "adi", "ad", "ismi", "isim", "namesurname", "adisoyadi", "adsoyad")
_ALONE = """
surname surnames namesurname nameandsurname forename forenames soyad soyadi soyisim soyismi adsoyad adisoyadi advesoyad adivesoyadi
isimsoyisim isimsoyad adsoyisim tc tcno tckn iban email emails eposta mail mailadresi
telefon telefonno phone phoneno tel telno gsm gsmno ceptel cepno mobile mobileno
"""
_WHOLE = frozenset([*(who + name for who in _PERSON for name in _OF_A_PERSON), *_ALONE.split()])
_PARTS = re.compile(
    "pasaport|passport|kimlikno|kimliknumara|tckimlik|nationalid|identitynumber|identitycard|socialsecurity|soyadi|surname|emailad|epostaad|"
    "telefonnum|phonenumber|telephone|ceptelefon|mobilephone|mobilenumber|dogumtarih|dateofbirth|birthdate|ogrencino|ogrencinumara|studentnumber|studentno"
)

_MAIL = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}"
_PHONE = (
    r"^\s*(\+\d{1,3}[\s()\-./]*(\d[\s()\-./]*){8,12}"
    r"|0\s?\(?5\d{2}\)?[\s\-/]?\d{3}[\s\-/]?\d{2}[\s\-/]?\d{2}|\(?5\d{2}\)?[\s\-/]\d{3}[\s\-/]\d{2}[\s\-/]?\d{2})\s*$"
)
_IDENTITY = r"^\s*[1-9]\d{10}\s*$"
_FEWEST = {"E261": 1, "E262": 3, "E263": 3}
"""Different values of a column before it is believed: 1.08 % of random numbers of 11 digits pass the checksum."""
_BY_CHANCE = 0.2


def personal_data(names: list[str], table: pa.Table, place: Place | None = None) -> list[Finding]:
    """What looks like personal data: E260 by the header, E261 e-mail, E262 telephone, E263 T.C. number by the cells.

    ``names[i]`` is the header of column ``names[i]`` or, where the table numbers its columns, of column ``str(i + 1)``; "row" has the rows.
    """
    place = place or Place()
    findings: list[Finding] = []
    for number, name in enumerate(names, 1):
        at = Place(place.file, place.sheet, place.row, number)
        if is_personal(name):
            findings.append(Finding("E260", at, {"column": letters(number), "name": name[:60]}))
        column = name if name in table.column_names else str(number)
        if column in table.column_names and column != "row":
            findings += _in_cells(table, column, at)
    return findings


def is_personal(name: str) -> bool:
    """Whether a header asks for a person's name, number or address. A partner's or programme's name does not."""
    folded = fold(name)
    return folded in _WHOLE or bool(_PARTS.search(folded))


def tc_number(text: str) -> bool:
    """The checksum of Turkish identity numbers: eleven digits, the last two follow from those before."""
    digits = [int(sign) for sign in text.strip() if sign.isdecimal()]
    if len(digits) != 11 or not digits[0]:
        return False
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def _in_cells(table: pa.Table, column: str, at: Place) -> list[Finding]:
    cells = table[column]
    words = _words(cells)
    if words is None or not len(words):
        return []
    found: dict[str, list[str]] = {
        "E261": _holding(words, _MAIL) if pc.any(pc.match_substring(words, "@")).as_py() else [],
        "E262": _holding(words, _PHONE),
        "E263": [],
    }
    elevens = _holding(words, _IDENTITY)
    passing = [word for word in elevens if tc_number(word)]
    if len(passing) > _BY_CHANCE * len(elevens):
        found["E263"] = passing
        found["E262"] = [word for word in found["E262"] if word not in set(passing)]
    return [_finding(code, hits, table, cells, at) for code, hits in found.items() if len(hits) >= _FEWEST[code]]


def _words(cells: pa.ChunkedArray) -> pa.Array | None:
    """The different words of a text column; None for columns of numbers and dates."""
    kind = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return None
    if pa.types.is_dictionary(cells.type):
        parts = [chunk.dictionary for chunk in ([cells] if isinstance(cells, pa.Array) else cells.chunks)]
        return pc.unique(pa.chunked_array(parts, kind)).drop_null() if parts else pa.array([], kind)
    return pc.unique(cells).drop_null()


def _holding(words: pa.Array, pattern: str) -> list[str]:
    return words.filter(pc.match_substring_regex(words, pattern)).to_pylist()


def _finding(code: str, hits: list[str], table: pa.Table, cells: pa.ChunkedArray, at: Place) -> Finding:
    plain = cells.cast(pa.string()) if pa.types.is_dictionary(cells.type) else cells
    where = np.flatnonzero(pc.is_in(plain, pa.array(hits)).to_numpy())
    rows = table["row"].take(where[:20]).to_pylist() if "row" in table.column_names else (where[:20] + 1).tolist()
    places = tuple(Place(at.file, at.sheet, row, at.column) for row in rows)
    count = len(hits) if code == "E263" else len(where)
    return Finding(code, places[0], {"cell": places[0].cell}, count=count, places=places)
