"""A whole publication as a Frictionless Data Package: tables as CSV and Parquet, their schema, the definitions, sources and licences.

The same publication gives the same bytes, as a folder and as an archive.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipelines.interface import written
from pipelines.interface.questions import MOST, AboutAgreements, AboutGoals, AboutIndicators, AboutValues
from pipelines.interface.resources import RESOURCES, Column, Resource, Row, columns_of, read
from pipelines.layouts import layouts
from pipelines.reports.archive import packed
from pipelines.warehouse import Version, open_version

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
NULLABLE = frozenset({"by", "key"})
"""Empty texts mean something here, and a table of text has one word for both: their columns carry no “required”."""
OWN = """
    select distinct institution from board.institutions where institution in (
        select unnest(string_split(institution, ',')) from board.files where institution is not null) order by 1"""
"""Institutions that a file was handed in for; peers out of somebody's long list stay with that list."""


def export(store: Path, to: Path) -> Path:
    """Writes the publication on air to a folder, or to an archive where the name ends in .zip; gives its path. Raises S101."""
    files = contents(open_version(store))
    if to.suffix.lower() == ".zip":
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(packed(files.items()))
        return to
    for name, content in files.items():
        place = to / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return to / "datapackage.json"


def contents(version: Version) -> dict[str, bytes]:
    """Name → bytes of every file of the package."""
    tables = {name: _rows(version, resource) for name, resource in RESOURCES.items()}
    files: dict[str, bytes] = {}
    told = []
    for name, rows in tables.items():
        columns = columns_of(RESOURCES[name])
        for kind, content in (("csv", written.to_csv(columns, rows)), ("parquet", written.to_parquet(columns, rows))):
            path = f"data/{name}.{kind}"
            files[path] = content
            told.append(_described(RESOURCES[name], columns, kind, path, content))
    files["SOURCES.md"] = _sources(version)
    return {"datapackage.json": _descriptor(version, told)} | files


def _rows(version: Version, resource: Resource) -> list[Row]:
    own = [code for (code,) in version.query(OWN)]
    if resource.name == "indicators":
        return _every(version, resource, [AboutIndicators(limit=MOST)])
    if resource.name == "values":
        return [row for code in own for row in _values(version, code)]
    question = AboutAgreements if resource.name == "agreements" else AboutGoals
    return _every(version, resource, [question(institution=code, limit=MOST) for code in own])


def _every(version: Version, resource: Resource, questions: Sequence[Any]) -> list[Row]:
    """All pieces of all answers."""
    found: list[Row] = []
    for question in questions:
        total = 1
        while question.offset < total:
            rows, total = read(version, resource, question)
            found += rows
            question = question.model_copy(update={"offset": question.offset + question.limit})
    return found


def _values(version: Version, institution: str) -> list[Row]:
    """The headlines of an institution and the breakdowns that the board keeps, in order."""
    kept = [
        by for (by,) in version.query('select distinct "by" from board.indicator_values where institution = ? order by 1', [institution])
    ]
    questions = [AboutValues(institution=institution, by=by or None, limit=MOST) for by in kept]
    return _every(version, RESOURCES["values"], questions)


def _described(resource: Resource, columns: Sequence[Column], kind: str, path: str, content: bytes) -> dict[str, Any]:
    name = resource.name.replace("_", "-") + ("-parquet" if kind == "parquet" else "")
    form = {"encoding": "utf-8", "dialect": {"delimiter": ",", "lineTerminator": "\r\n"}} if kind == "csv" else {}
    schema = {"fields": [_field(one) for one in columns], "missingValues": [""]}
    keyed = {"primaryKey": list(resource.key)} if resource.name == "indicators" else {}
    return {
        "name": name, "title": resource.title, "description": resource.row, "path": path, "format": kind,
        "mediatype": written.MEDIA["csv" if kind == "csv" else "parquet"].partition(";")[0], **form,
        "bytes": len(content), "hash": f"sha256:{sha256(content).hexdigest()}", "schema": schema | keyed,
    }  # fmt: skip


def _field(column: Column) -> dict[str, Any]:
    must = {"constraints": {"required": True}} if column.must and column.name not in NULLABLE else {}
    return {"name": column.name, "type": column.kind, "description": column.says} | must


def _descriptor(version: Version, told: list[dict[str, Any]]) -> bytes:
    suppliers = sorted({chosen.supplier for chosen in _layouts(version) if chosen.supplier})
    made = version.one('select "at" from board.publications where no = ?', [version.no])
    whole = {
        "$schema": PROFILE, "name": f"meridian-publication-{version.no}", "title": f"Meridian, publication {version.no}",
        "description": "Figures of internationalization: values, goals, agreements of one publication, and definitions. Counts of few "
        "people are suppressed, as on the pages.",
        "version": f"{version.no}", "id": version.digest, "created": f"{made[0].isoformat()}Z" if made else version.about["as_of"],
        "sources": [{"title": name} for name in suppliers], "licenses": [{"path": "SOURCES.md", "title": "As its sources allow"}],
        "resources": told,
    }  # fmt: skip
    return (json.dumps({key: value for key, value in whole.items() if value}, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _layouts(version: Version) -> list[Any]:
    names = [name for (name,) in version.query("select distinct layout from board.files order by 1")]
    return [layouts()[name] for name in names if name in layouts()]


def _sources(version: Version) -> bytes:
    """Whose data it is, and what may be done with it."""
    lines = [f"# Sources of publication {version.no}", "", f"As of {version.about['as_of'][:10]}. Digest {version.digest}.", ""]
    own = "Files handed in by the institutions themselves in Meridian's own workbooks: theirs; ask them before it is published elsewhere."
    lines += [own, "", *(f"- {one.title['en']} ({one.supplier}): {one.licence or 'licence not stated'}" for one in _layouts(version))]
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8")
