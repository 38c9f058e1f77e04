"""Names that are nearly known: units and partners are free text, and "Müh. Fakültesi" beside "Mühendislik Fakültesi" would be two."""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
from rapidfuzz import fuzz, process

from pipelines import path
from pipelines.codes.words import fold
from pipelines.desk.drafts import DraftState
from pipelines.errors import MeridianError
from pipelines.sources import sources
from pipelines.store import Store
from pipelines.warehouse import Version, open_version

COLUMNS = ("unit", "partner")
NEAR = 86
"""From this likeness on (of 100) it is asked whether two names are one; names that differ by a number are never asked."""
MOST = 40
LARGE = 5_000
"""More distinct names than that are a register, in which near names are natural."""


def near_names(store: Store, draft: DraftState, made: path.Draft) -> list[dict[str, Any]]:
    """Questions about names of the file that are like one on air, but not the same. None of them must be answered."""
    try:
        version = open_version(store.path)
    except MeridianError:  # nothing is on air yet
        return []
    asked: list[dict[str, Any]] = []
    answered = draft.answers.get("words", {})
    for source, parquet in made.parquets.items():
        for column in COLUMNS:
            if column in pq.read_schema(parquet).names and column in {one.name for one in sources()[source].columns}:
                done = {fold(word) for word in answered.get(column, {})}
                asked += [one for one in _near(version, source, column, draft.institution, parquet) if fold(one["word"]) not in done]
    return asked[:MOST]


def _near(version: Version, source: str, column: str, institution: str, parquet: Any) -> list[dict[str, Any]]:
    sql = f'select distinct "{column}" from core.{source} where institution = ? and "{column}" is not null'
    known = {fold(name): name for (name,) in version.query(sql, [institution])}
    counts = pc.value_counts(pq.read_table(parquet, columns=[column])[column]).to_pylist()
    fresh = [(one["values"], one["counts"]) for one in counts if one["values"] and fold(one["values"]) not in known]
    if not known or len(known) > LARGE or len(fresh) > LARGE:
        return []
    return [found for word, rows in fresh if (found := _like(word, rows, known, column))]


def _like(word: str, rows: int, known: dict[str, str], column: str) -> dict[str, Any] | None:
    name = nearest(fold(word), known)
    if name is None:
        return None
    asked = {"word": word, "kind": "name", "column": column, "rows": rows, "must": False, "cells": []}
    return asked | {"suggestion": name, "candidates": [name]}


def nearest(folded: str, known: dict[str, str]) -> str | None:
    """The known name (folded → name) that a folded one is nearly, or None. Names that differ by a number are never near."""
    best = process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
    return known[best[0]] if best and _digits(best[0]) == _digits(folded) else None


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
