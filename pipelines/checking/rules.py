"""What must be true of a source's rows: the structural rules that follow from the source, and the suites of ``expectations/``.

Nothing is evaluated here. ``pipelines.check`` hands every rule to Great Expectations; this module only says what the rules are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import ROOT, MeridianError, Severity, fault
from pipelines.knowledge import Knowledge, Text, unknown
from pipelines.sources import Column, Source, sources

EXPECTATIONS = ROOT / "expectations"
MACROS = Path(__file__).with_name("rules.sql")
YEARS = (1990, 2)
"""The first year that is believed, and how many years after this one."""
ROWS = "unexpected_rows_expectation"


class Rule(BaseModel):
    """One rule, said in one of three ways: a Great Expectations type, a condition of a bad row, or a query that finds bad places.

    A ``query`` returns one row per offence with the columns sheet, row, col (null where no single row is to blame). ``item`` is how
    one offence is listed in the sentence's ``{list}``. ``column`` is the column of ours whose cell is shown. ``beside`` joins a table
    of the suite to the rows that ``where`` looks at: "limits using (programme)".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    severity: Severity
    what: Text
    reason: Text
    remedy: Text
    column: str | None = None
    expect: str | None = None
    kwargs: dict[str, Any] = {}
    where: str | None = None
    beside: str | None = None
    query: str | None = None
    item: str | None = None
    values: dict[str, Any] = {}

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(way is not None for way in (self.expect, self.where, self.query)) != 1:
            raise ValueError("a rule needs exactly one of expect, where, query")
        return self

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        return {"what": self.what, "cause": self.reason, "remedy": self.remedy}

    @property
    def shown(self) -> list[str]:
        """The columns that the sentences and the place need."""
        return [name for _, name, _, _ in Formatter().parse(self.item or "") if name] + ([self.column] if self.column else [])

    def expectation(self, name: str) -> dict[str, Any]:
        """The rule as Great Expectations reads it, marked with its name so that its result is found again."""
        severity = {"error": "critical", "query": "warning", "info": "info"}[self.severity]
        kind, kwargs = (self.expect, self.kwargs) if self.expect else (ROWS, {"unexpected_rows_query": self.sql})
        return {"type": kind, "kwargs": kwargs, "severity": severity, "meta": {"rule": name}}

    @property
    def sql(self) -> str:
        """``{batch}`` stands for the rows of the file. A query over prepared tables names it too, as GX asks for."""
        if self.where is not None:
            beside = f" join {self.beside}" if self.beside else ""
            return f"select * from {{batch}}{beside} where {self.where}"
        return f"select * from ({self.query}) where exists (select 1 from {{batch}})"


class Change(BaseModel):
    """A total per year whose change is watched: ``<name>_known`` and ``<name>_changes`` are prepared from it for the rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: tuple[str, ...]
    year: str
    value: str
    where: str = "true"


class Table(BaseModel):
    """A small table of knowledge that rules look into, written out in the suite."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Suite(Knowledge):
    """One file of ``expectations/``: the rules of a source, and what is prepared for them."""

    years: dict[str, tuple[int, int]] = Field(default_factory=dict)
    """Bounds other than ``YEARS`` for a year column: first year, years after this one."""
    repeats: str = "true"
    """Which rows must have a key of their own: a condition."""
    severities: dict[str, Severity] = Field(default_factory=dict)
    """Structural rules that are taken less or more seriously here than elsewhere."""
    tables: dict[str, Table] = Field(default_factory=dict)
    changes: dict[str, Change] = Field(default_factory=dict)
    rules: dict[str, Rule] = Field(default_factory=dict)


@dataclass(frozen=True)
class Lookups:
    """What rules need from outside: the codes of every vocabulary, which programmes are domestic, units of measures, the day."""

    codes: Mapping[str, Collection[str]]
    domestic: Collection[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    today: date = field(default_factory=date.today)

    @property
    def year(self) -> int:
        """The academic year (its start) that the day belongs to; it begins in September."""
        return self.today.year if self.today.month >= 9 else self.today.year - 1

    @classmethod
    def load(cls) -> Lookups:
        """From the reference data and the catalogue of indicators."""
        from pipelines import catalogue
        from pipelines.codes import countries, measures, programmes, words

        vocabularies = {_vocabulary(column) for source in sources().values() for column in source.columns} - {None}
        codes = {name: frozenset(words.names(name, "en")) for name in vocabularies if name}
        codes["country"] |= countries.WITHDRAWN  # never offered, but old data hold them
        units = measures.units() | {code: one.unit for code, one in catalogue.indicators().items()}
        return cls(codes, programmes.domestic(), units)


@cache
def suites() -> dict[str, Suite]:
    """Every suite by source. Raises K100 naming all broken files."""
    found: dict[str, Suite] = {}
    broken: list[str] = []
    for path in sorted(EXPECTATIONS.glob("*.toml")):
        try:
            found[path.stem] = Suite.model_validate(tomllib.loads(path.read_text(encoding="utf-8")) | {"id": path.stem})
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            broken.append(f"{path.name}: {error}")
    if broken:
        raise MeridianError("K100", count=len(broken), list="; ".join(broken))
    return found


def rules(source: Source, lookups: Lookups, rows: int) -> dict[str, Rule]:
    """Every rule of a source by name: first the structural ones, then those of its suite."""
    suite = suites().get(source.name) or Suite(id=source.name)
    found = structural(source, suite, lookups, rows)
    if strange := set(suite.severities) - set(found):
        raise unknown("structural rule", min(strange), found)
    for name, severity in suite.severities.items():
        found[name] = found[name].model_copy(update={"severity": severity})
    return found | suite.rules


def structural(source: Source, suite: Suite, lookups: Lookups, rows: int) -> dict[str, Rule]:
    """The rules that follow from the source's own description. ``rows``: how many rows the file's table holds."""
    found = {"all_rows": _rule("C100", None, expect="expect_table_row_count_to_equal", kwargs={"value": rows})}
    for column in source.columns:
        for name, rule in _of_column(column, suite, lookups):
            found[f"{column.name}_{name}"] = rule
    if source.key:
        found["key"] = _unique(source, suite)
    return found


def _of_column(column: Column, suite: Suite, lookups: Lookups) -> list[tuple[str, Rule]]:
    found = []
    if column.required:
        found.append(("required", _expected("C101", column, "expect_column_values_to_not_be_null")))
    if codes := lookups.codes.get(_vocabulary(column) or ""):
        found.append(("known", _expected("C102", column, "expect_column_values_to_be_in_set", value_set=sorted(codes))))
    if column.kind in ("count", "number"):
        found.append(("finite", _rule("C105", column, where=f'not isfinite("{column.name}")')))
    if column.kind == "count":
        found.append(("counted", _expected("C103", column, "expect_column_values_to_be_between", min_value=0)))
        found.append(("whole", _rule("C104", column, where=f'"{column.name}" <> round("{column.name}")')))
    if column.kind == "year":
        first, after = suite.years.get(column.name, YEARS)
        bounds = {"min_value": first, "max_value": lookups.year + after}
        found.append(("believable", _expected("C106", column, "expect_column_values_to_be_between", **bounds)))
    if column.kind == "date":
        last = lookups.today.year + 50
        found.append(("believable", _rule("C107", column, where=f'year("{column.name}") not between 1900 and {last}')))
    return found


def _vocabulary(column: Column) -> str | None:
    return "country" if column.kind == "country" else column.vocabulary


def _unique(source: Source, suite: Suite) -> Rule:
    """Rows that share a key. GX's own compound expectation joins with ``=``, on which keys with an empty part never meet, and takes
    five times as long: the short hashes of :func:`repeated` are the candidates, then the whole keys are compared."""
    key = _key(source)
    offends = f"({suite.repeats}) and hash({key}) in (from {source.name}_repeated) qualify count(*) over (partition by {key}) > 1"
    return _rule("C108", None, where=offends, item="{row}")


def repeated(source: Source) -> str:
    """A select of the hashes of keys that several rows of the file have: prepared once as ``<source>_repeated``, mostly empty."""
    suite = suites().get(source.name) or Suite(id=source.name)
    return f"select hash({_key(source)}) as key from {source.name} where {suite.repeats} group by 1 having count(*) > 1"


def _key(source: Source) -> str:
    return ", ".join(f'"{name}"' for name in source.key)


def _expected(code: str, column: Column, kind: str, **kwargs: Any) -> Rule:
    return _rule(code, column, expect=kind, kwargs={"column": column.name, **kwargs})


def _rule(code: str, column: Column | None, **way: Any) -> Rule:
    said = fault(code)
    names = {"column": column.en, "column_tr": column.tr} if column else {}
    return Rule(
        code=code, severity=said["severity"], what=said["what"], reason=said["cause"], remedy=said["remedy"],
        column=column.name if column else None, values=names | way.get("kwargs", {}) | names, **way,
    )  # fmt: skip
