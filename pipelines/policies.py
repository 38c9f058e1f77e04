"""What institutions aim for: a policy document is one TOML file."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.codes import countries
from pipelines.errors import ROOT
from pipelines.knowledge import Knowledge, Text, choose, load_folder
from pipelines.measuring.judge import Way

POLICIES = ROOT / "policies"


class Part(BaseModel):
    """A block of a knowledge file: unknown words are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Institution(Part):
    """Who the policy belongs to. ``names`` are all spellings met in files; ``kind`` tells what sort of institution it is."""

    names: list[str]
    name: Text
    country: str  # ISO 3166-1 alpha-3
    kind: str = "university"
    erasmus_code: str | None = None
    pic: str | None = None
    oid: str | None = None
    hei_id: str | None = None  # its name in Erasmus Without Paper
    sample: bool = False  # fictional data, marked on every page


class Element(Part):
    """One thing the policy says, in our own words, with the indicators and activities that show it. Never vanishes for want of numbers."""

    id: str
    title: Text
    text: Text
    indicators: list[str] = []  # codes
    activities: list[str] = []  # kinds of the activities source
    weight: float | None = None  # per cent of the policy


class Goal(Part):
    """A target on its way: baseline, then a value for each year named. ``upper`` makes a band. Years are academic start years."""

    indicator: str
    element: str | None = None
    unit: str | None = None  # a faculty or office; empty: the whole institution
    baseline_year: int
    baseline: float
    targets: dict[int, float]
    upper: float | None = None
    path: Way | None = None  # linear where nothing is said
    weight: float | None = None
    responsible: Text
    decided_in: str


class Programme(Part):
    """A programme the office runs, with what is special about it here."""

    code: str  # a word of data/reference/programmes.csv
    note: Text


class Region(Part):
    """A group of countries of an own scheme."""

    id: str
    name: Text
    countries: tuple[str, ...]  # ISO 3166-1 alpha-3


class RegionScheme(Part):
    """The institution's own way to group countries; what is in no group is “outside”. A changed scheme is a new version beside the old."""

    id: str
    version: str
    title: Text
    source: Text  # who decided it, and when
    region: tuple[Region, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _countries_exist_once(self) -> RegionScheme:
        every = [code for region in self.region for code in region.countries]
        lost, twice = sorted(set(every) - set(countries.regions("m49"))), sorted({code for code in every if every.count(code) > 1})
        if lost:
            raise ValueError(f"{self.id} {self.version}: there is no country {', '.join(lost)} (ISO 3166-1 alpha-3)")
        if twice:
            raise ValueError(f"{self.id} {self.version}: {', '.join(twice)} stands in two groups")
        return self


class Document(Part):
    """The paper behind the policy: what it is called and when it was decided or read."""

    what: Text
    when: str | None = None
    url: str | None = None


class Policy(Knowledge):
    """``policies/<id>.toml``: an institution's profile and what it aims for. The file's name is the institution's id."""

    title: Text
    institution: Institution
    document: Document
    source_note: Text
    element: list[Element]
    goal: tuple[Goal, ...] = ()
    programme: tuple[Programme, ...] = ()
    priority_countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-3: where the policy wants people to go
    region_scheme: tuple[RegionScheme, ...] = ()
    region_targets: dict[str, float] = Field(default_factory=dict)  # region of UN M49 → per cent that the policy wants there; together 100

    @model_validator(mode="after")
    def _places_exist(self) -> Policy:
        known = countries.regions("m49")
        lost = [*sorted(set(self.priority_countries) - set(known)), *sorted(set(self.region_targets) - set(known.values()))]
        if lost:
            raise ValueError(f"there is no country or region {', '.join(lost)}")
        if self.region_targets and round(sum(self.region_targets.values()), 6) != 100:
            raise ValueError("the targets of the regions are shares of one whole: together 100")
        return self

    @model_validator(mode="after")
    def _goals_name_elements(self) -> Policy:
        known = {element.id for element in self.element}
        if len(known) < len(self.element):
            raise ValueError("two elements have the same id")
        lost = sorted({goal.element for goal in self.goal if goal.element and goal.element not in known})
        if lost:
            raise ValueError(f"goals name elements that do not exist: {', '.join(lost)}")
        return self


@cache
def policies() -> dict[str, Policy]:
    """Every policy by the id of its institution. Raises K100 naming all broken files."""
    return load_folder(POLICIES, Policy)


def policy(name: str) -> Policy:
    """The policy of an institution, or K101 with the nearest names."""
    return choose("policy", name, policies())


def profiles() -> dict[str, dict[str, Any]]:
    """The [institution] block of every policy by institution id, as plain values."""
    return {key: entry.institution.model_dump() for key, entry in policies().items()}
