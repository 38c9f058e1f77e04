"""Columns that nobody wrote and that follow from others: whose rows they are, domestic, international, the end of a period, the status."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.codes import countries, institutions, programmes
from pipelines.errors import Finding, Refused
from pipelines.layouts import Layout
from pipelines.sources import Source
from pipelines.tidying.arrays import constant, recoded
from pipelines.tidying.columns import Converted, clean
from pipelines.tidying.supplied import Supplied

Arrays = dict[str, pa.Array]


@dataclass(frozen=True)
class Handed:
    """What a person says when handing in a file: whose it is, which country is home, provisional or final."""

    file: str = ""
    institution: str | None = None
    home: str | None = None
    status: str | None = None
    folder: Path | None = None
    fixes: dict[str, str] | None = None


def whose(table: Supplied, raw: pa.DictionaryArray, codes: pa.Array, layout: Layout, handed: Handed) -> Arrays:
    """Who the rows are about: the column, or whom the person named; both must agree. Raises Refused with T109 where neither says."""
    if len(table) and raw.null_count == len(table):
        return _named(table, layout, handed)
    names = {word: clean(word) for word in raw.dictionary.to_pylist() if word}
    if layout.network_ids and handed.institution:
        codes = _translated(table, raw, codes, handed.institution)
    words = codes.dictionary.to_pylist()
    found = {words[at] for at in pc.unique(codes.indices).to_pylist() if at is not None} - {None}  # not of rows that were left out
    if handed.institution and found - {institutions.resolve(handed.institution).code}:
        table.findings.append(Finding("T119", table.place, {"found": ", ".join(sorted(found)[:5]), "given": handed.institution}))
    homes = {code: institutions.country(code) or handed.home or layout.home for code in found}
    told = {"institution_name": recoded(raw, names, pa.string()), "institution_country": recoded(codes, homes, pa.string())}
    return told | ({"institution": codes} if layout.network_ids else {})


def _translated(table: Supplied, raw: pa.DictionaryArray, codes: pa.DictionaryArray, given: str) -> pa.DictionaryArray:
    """An identifier that no profile knows stands for the institution that the person named, which is asked; two of them are none."""
    strange = {word for word in raw.dictionary.to_pylist() if word and institutions.resolve(word).how == "new"}
    if len(strange) != 1:
        return codes
    (word,) = strange
    code = institutions.resolve(given).code
    if institutions.resolve(word).code != code:
        table.findings.append(Finding("T132", table.place, {"word": word, "given": given}))
    values = dict(zip(codes.dictionary.to_pylist(), codes.dictionary.to_pylist(), strict=True))
    return recoded(codes, values | {institutions.resolve(word).code: code}, pa.string())


def _named(table: Supplied, layout: Layout, handed: Handed) -> Arrays:
    given = layout.institution or handed.institution
    if not given:
        raise Refused([*table.findings, Finding("T109", table.place)])
    code = institutions.resolve(given).code
    country = institutions.country(code) or handed.home or layout.home
    told = {"institution": code, "institution_name": given, "institution_country": country}
    return {name: constant(word, len(table)) for name, word in told.items()}


def told_apart(codes: pa.DictionaryArray, homes: pa.DictionaryArray) -> pa.DictionaryArray:
    """Two institutions of one name in two countries are two: their codes end in the country's."""
    rows = list(zip(codes.cast(pa.string()).to_pylist(), homes.cast(pa.string()).to_pylist(), strict=True))
    shared = {code for code, times in Counter(code for code, _ in set(rows)).items() if times > 1}
    if not shared:
        return codes
    return pa.array([f"{code}-{(home or 'xxx').lower()}" if code in shared else code for code, home in rows]).dictionary_encode()


def imply(source: Source, arrays: Arrays, table: Supplied, handed: Handed, years: Converted | None, named: object) -> None:
    """Adds the derived columns of a source. ``years`` and ``named``: how the words of ``year_from`` were read, and their field."""
    arrays.setdefault("institution_country", constant(None, len(table)))
    derived = {name for name, _ in source.derived}
    if "domestic" in derived:
        inside = {code: code in programmes.domestic() for code in arrays["programme"].dictionary.to_pylist()}
        arrays["domestic"] = pc.fill_null(recoded(arrays["programme"], inside, pa.bool_()), False)
    if "international" in derived:
        arrays["international"] = _international(arrays, table)
    if years is not None:
        arrays["year_to"] = _end(arrays, table, years, named)
        arrays["precision"] = _filled(arrays["precision"], "exact")
    if "status" in arrays:
        arrays["status"] = _filled(arrays["status"], handed.status or "final")


def _filled(array: pa.Array, word: str) -> pa.Array:
    return pc.fill_null(array.cast(pa.string()), word).dictionary_encode()


def _international(arrays: Arrays, table: Supplied) -> pa.Array:
    """Citizenship other than the institution's country; unknown citizenship (XXX) is neither, hence null."""
    homes = arrays["institution_country"]
    if homes.null_count == len(homes):
        who = next(iter(arrays["institution"].dictionary.to_pylist()), "")
        table.findings.append(Finding("T110", table.place, {"institution": who}))
    known = {code: code for code in arrays["country"].dictionary.to_pylist() if code != countries.UNKNOWN}
    return pc.not_equal(recoded(arrays["country"], known, pa.string()).cast(pa.string()), homes.cast(pa.string()))


def _end(arrays: Arrays, table: Supplied, years: Converted, named: Any) -> pa.Array:
    """A period written in one cell ("2015–2023") fills both years; one year alone begins and ends in itself."""
    ends = recoded(table.fields[named], years.until, pa.int32()) if isinstance(named, str) and years.until else None
    return pc.coalesce(*[one for one in (arrays["year_to"], ends, arrays["year_from"]) if one is not None])
