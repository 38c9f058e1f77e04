"""What is measured, aimed for and reported to: indicators, policies and frameworks, one TOML file each.

An indicator is one file ``indicators/<theme>/<id>.toml``. The file's name is the indicator's id, ``code`` its catalogue code. All texts
stand in English and Turkish. The formula has one of four shapes, told apart by its keys:

============  =======================================  ==================================================================
shape         keys                                     meaning
============  =======================================  ==================================================================
sum           table, where, value                      an aggregate of the rows: ``sum(participants)``
ratio         table, where, numerator, denominator,    two aggregates divided; the denominator may have its own table and
              scale                                    ``where``. No denominator table: the same rows
spread        table, where, per, weight, value, scale  the rows are added up per country (partner, field …) first; ``value``
                                                       is an aggregate over these sums
derived       inputs, value, scale                     from other indicators' values of the same, an earlier or a fixed year
============  =======================================  ==================================================================

All expressions are DuckDB SQL. Every formula works per institution and academic year, with any breakdown and filter that its tables
have columns for; nothing about institution, year or breakdown is written into it. Rules that each formula obeys:

* Missing is not zero. ``sum`` over rows without a number gives no value. Where *no such row* means zero (a share of rows that are all
  known), the formula says so: ``coalesce(sum(participants) filter (where level = 'doctorate'), 0)``, ``level is not null`` in ``where``.
* ``domestic is not true`` in every international indicator; ``mode is distinct from 'virtual'`` where people travel. A column may be null.
* Division is guarded by the compiler (ratio) or by ``nullif(…, 0)`` (inside expressions). ``scale = 100`` for per cent.
* A spread's ``value`` sees one row per key: ``w`` (its weight), ``p`` (share), ``r`` (rank, 1 = largest), ``key``, ``c`` (cumulative weight
  in order of the key, for medians), and ``k`` (number of keys), ``n`` (total weight), the same in each row: use ``max(k)``, ``max(n)``.
  Unknown, stateless and "foreign, not told which" are left out of a country's ``p``; the value's numerator and denominator are the weight
  that counted and the whole weight. A breakdown by the spread's own ``per`` gives each key's share in per cent.
* ``populations`` (D indicators on ``core.country_weights``): the first is the headline, the others come with ``by = "population"``.
* ``denominator.whole = true`` (or a list of dimensions): in a breakdown each part is divided by the whole, a share of all. Otherwise the
  denominator is broken down too, and where its table lacks the dimension the breakdown is not available.
* ``people`` says on how many people a ratio rests whose denominator counts something else (credits, full-time equivalents): a value on few
  is hidden from the public.
* An input of a derived formula is a code, or ``{ indicator = "A01", lag = 1 }``, or ``{ indicator = "A01", year = 2018 }``.
* A ``where`` with ``"group"`` must quote it: it is a word of SQL.

The same thing counted by another rule (QS's exchange rate, UNESCO's mobile students) is a variant: a file of its own with ``variant_of``
(the code of its base), ``variant`` (a short label) and ``differs`` (in a sentence, why its number is another one). Both stand on each
other's page.

The tables a formula may name, with their columns, are listed in ``pipelines/measuring/tables.py``; ``views.sql`` and ``partners.sql``
beside it make the prepared ones.
The example is the test: ``rows`` draws tables in text, the source's name in the first cell of a header line, ``expected`` gives the value
of each year, ``missing`` the years that must have none, ``by`` parts of the last expected year. Institution and home country (TUR) are
filled in; an empty cell is missing.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.codes.words import fold
from pipelines.errors import ROOT, MeridianError
from pipelines.frameworks import Framework, frameworks
from pipelines.knowledge import Knowledge, Text, choose, load_folder
from pipelines.measuring.examples import Example
from pipelines.policies import Policy, policies, policy, profiles

__all__ = [
    "Framework", "Indicator", "Policy", "family", "frameworks", "indicator", "indicators", "opening", "policies", "policy", "profiles",
]  # fmt: skip

INDICATORS = ROOT / "indicators"

Unit = Literal[
    "people", "agreements", "countries", "partners", "units", "programmes", "projects", "activities", "languages", "courses",
    "percent", "ratio", "index", "days", "months", "years", "eur", "amount", "points", "count",
]  # fmt: skip
Better = Literal["higher", "lower", "band", "context"]
Dimension = Literal[
    "programme", "country", "region", "partner", "unit", "level", "field", "gender", "activity", "role", "direction", "mode", "kind",
    "group", "population", "criterion",
]  # fmt: skip
Shape = Literal["sum", "ratio", "spread", "derived"]


class Part(BaseModel):
    """A block of an indicator's file: unknown words are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FrameworkTag(Part):
    """The indicator's name in a framework. Only confirmed tags: an unconfirmed one stays away until somebody has read the source."""

    framework: str
    code: str = ""
    note: str = ""


class Denominator(Part):
    """What is divided by. Without ``table`` it is the numerator's; without ``where`` (and table) the same rows."""

    value: str
    table: str | None = None
    where: str | None = None
    whole: bool | tuple[Dimension, ...] = False

    def is_whole(self, dimension: str) -> bool:
        """Whether parts by this dimension are divided by the whole."""
        return self.whole if isinstance(self.whole, bool) else dimension in self.whole


class Input(Part):
    """Another indicator as an input: of the same year, ``lag`` years before, or of the fixed ``year``."""

    indicator: str
    lag: int = Field(default=0, ge=0)
    year: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        return {"indicator": given} if isinstance(given, str) else given


class Formula(Part):
    """How the value follows from rows. See the top of this module for the four shapes."""

    table: str | None = None
    where: str = "true"
    value: str | None = None
    numerator: str | None = None
    denominator: Denominator | None = None
    per: Dimension | Literal["days", "subregion"] | None = None
    weight: str | None = None
    populations: tuple[str, ...] = ()
    people: str | None = None  # of a ratio whose denominator counts no people: how many the value rests on, by the numerator's rows
    inputs: dict[str, Input] = Field(default_factory=dict)
    scale: float = 1.0

    @property
    def shape(self) -> Shape:
        if self.inputs:
            return "derived"
        return "spread" if self.per else "ratio" if self.denominator else "sum"

    @model_validator(mode="after")
    def _complete(self) -> Formula:
        needs = {
            "sum": ("table", "value"),
            "ratio": ("table", "numerator"),
            "spread": ("table", "per", "weight", "value"),
            "derived": ("value",),
        }[self.shape]
        lacking = [key for key in needs if not getattr(self, key)]
        if lacking:
            raise ValueError(f"a formula of the shape “{self.shape}” needs {', '.join(lacking)}")
        unused = {"table", "value", "numerator", "per", "weight"} - set(needs)
        idle = sorted(key for key in unused if getattr(self, key))
        if idle:
            raise ValueError(f"a formula of the shape “{self.shape}” has no {', '.join(idle)}")
        if self.people and self.shape != "ratio":
            raise ValueError("only a ratio says apart on how many people it rests")
        for text in filter(None, (self.value, self.where, self.numerator, self.weight, self.people)):
            _one_expression(text)
        return self


class Indicator(Knowledge):
    """``indicators/<theme>/<id>.toml``."""

    code: Annotated[str, Field(pattern=r"^[A-H]\d{2}$")]
    title: Text
    definition: Text
    why: Text
    unit: Unit
    decimals: int = Field(default=0, ge=0, le=4)
    better: Better
    band: tuple[float, float] | None = None
    breakdowns: tuple[Dimension, ...] = ()
    frameworks: tuple[FrameworkTag, ...] = ()
    year_rule: Text
    steward: Text
    reviewed: date
    variant_of: Annotated[str, Field(pattern=r"^[A-H]\d{2}$")] | None = None  # the code of the indicator that this is another count of
    variant: Text | None = None  # by whose or which rule; a base may have a label too
    differs: Text | None = None  # why a variant's number is another one than its base's
    domestic: bool = False  # counts exchange inside the country: shown apart, never added to international figures
    formula: Formula
    example: Example

    @property
    def theme(self) -> str:
        return self.code[0]

    @property
    def shape(self) -> Shape:
        return self.formula.shape

    def of_parts(self, dimension: str | None) -> Indicator:
        """The indicator as its parts are written: by its own key, a spread's parts are shares in per cent whatever the whole is."""
        own = self.shape == "spread" and dimension == self.formula.per and self.unit != "percent"
        return self.model_copy(update={"unit": "percent", "decimals": 1}) if own else self

    @model_validator(mode="after")
    def _consistent(self) -> Indicator:
        if (self.better == "band") != (self.band is not None):
            raise ValueError("better = “band” and band = [lower, upper] belong together")
        if self.variant_of and not (self.variant and self.differs):
            raise ValueError("a variant needs its label (variant) and why it differs (differs)")
        if self.differs and not self.variant_of:
            raise ValueError("only a variant (variant_of) differs from something")
        return self


def _one_expression(text: str) -> None:
    """An expression, not a statement: knowledge files are reviewed, this catches slips."""
    bare = re.sub(r"'[^']*'", "''", text)
    if ";" in bare or "--" in bare or bare.count("(") != bare.count(")") or "'" in bare.replace("''", ""):
        raise ValueError(f"this is not one SQL expression: {text}")


def dimension_names() -> tuple[str, ...]:
    """Everything by which some indicator can be broken down or filtered."""
    return get_args(Dimension)


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by code, in order of the codes. Raises K100 (broken files) or K102 (the files disagree)."""
    found = load_folder(INDICATORS, Indicator)
    by_code = {entry.code: entry for entry in sorted(found.values(), key=lambda entry: entry.code)}
    faults = [
        f"{entry.id}: the code {entry.code} is taken by {by_code[entry.code].id}"
        for entry in found.values()
        if by_code[entry.code] is not entry
    ]
    for entry in by_code.values():
        lost = sorted({given.indicator for given in entry.formula.inputs.values()} - set(by_code))
        faults += [f"{entry.id}: there is no input {', '.join(lost)}"] if lost else []
        faults += _misplaced(entry, by_code)
    if faults:
        raise MeridianError("K102", list="; ".join(faults))
    return by_code


def _misplaced(entry: Indicator, by_code: dict[str, Indicator]) -> list[str]:
    """What is wrong with a variant's place: one base, of its theme, that is no variant itself."""
    base = by_code.get(entry.variant_of or "")
    if not entry.variant_of:
        alone = entry.variant and not any(one.variant_of == entry.code for one in by_code.values())
        return [f"{entry.id}: it has a label among variants, and none"] if alone else []
    if base is None:
        return [f"{entry.id}: there is no base {entry.variant_of}"]
    if base.variant_of:
        return [f"{entry.id}: its base {base.code} is itself a variant, of {base.variant_of}"]
    return [] if base.theme == entry.theme else [f"{entry.id}: its base {base.code} belongs to another theme"]


@cache
def family(code: str) -> tuple[Indicator, ...]:
    """An indicator's base and all its variants, in order of the codes; empty where it is counted in one way only."""
    base = indicators()[code].variant_of or code
    variants = tuple(one for one in indicators().values() if one.variant_of == base)
    return (indicators()[base], *variants) if variants else ()


def opening(text: str) -> str:
    """The first sentence of a definition."""
    return re.split(r"(?<=[.!?])\s+(?=[A-ZÇĞİÖŞÜ])", text.strip(), maxsplit=1)[0]


@cache
def _names() -> dict[str, str]:
    """Folded code, id and both titles → code."""
    return {fold(name): entry.code for entry in indicators().values() for name in (*entry.title.values(), entry.id, entry.code)}


def indicator(name: str) -> Indicator:
    """The indicator of a code, an id or a title in either language; else K101 with the nearest names."""
    code = _names().get(fold(name), name)
    return indicators().get(code) or choose("indicator", name, {entry.id: entry for entry in indicators().values()})
