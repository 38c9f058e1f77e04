"""The ways to group countries that an institution can choose from: those that ship, by version, and its own from its policy file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.codes import countries
from pipelines.language import Language
from pipelines.policies import RegionScheme, policies

OUTSIDE = "outside"
"""Countries that a scheme does not name."""
STANDARD = "m49"


@dataclass(frozen=True, eq=False)
class Grouping:
    """A scheme in one version. ``key`` stands in addresses; ``of``: alpha-3 → group; ``names``: group → its name per language."""

    key: str
    version: str
    title: Mapping[str, str]
    source: Mapping[str, str]
    of: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]

    def label(self, say: Language) -> str:
        """Title and version: two versions of a scheme stand side by side in a list."""
        return f"{say.pick(dict(self.title))} · {self.version}"

    def named(self, say: Language) -> dict[str, str]:
        """Group → its name; what has no group is told apart from “outside”."""
        return {**{group: say.pick(dict(name)) for group, name in self.names.items()}, "": say("not stated")}


def groupings(institution: str) -> dict[str, Grouping]:
    """Key → grouping: the standard first, then the institution's own, then the memberships."""
    shipped = [_shipped(key) for key in countries.schemes()]
    policy = policies().get(institution)
    own = [_own(scheme) for scheme in reversed(policy.region_scheme if policy else ())]
    first = [one for one in shipped if one.key.startswith(f"{STANDARD}:")]
    return {one.key: one for one in (*first, *own, *(one for one in shipped if one not in first))}


def _shipped(key: str) -> Grouping:
    scheme = countries.schemes()[key]
    names = {language: countries.region_names(scheme.id, language) for language in ("en", "tr")}
    both = {group: {language: words[group] for language, words in names.items()} for group in names["en"]}
    return Grouping(key, scheme.version, scheme.title, {"en": scheme.source, "tr": scheme.source}, countries.regions(key), both)


def _own(scheme: RegionScheme) -> Grouping:
    """Every country that the scheme does not name is outside of it."""
    everywhere = dict.fromkeys(countries.regions(STANDARD), OUTSIDE)
    of = everywhere | {code: region.id for region in scheme.region for code in region.countries}
    names = {region.id: region.name for region in scheme.region} | {OUTSIDE: {"en": "Other countries", "tr": "Öteki ülkeler"}}
    return Grouping(f"own-{scheme.id}:{scheme.version}", scheme.version, scheme.title, scheme.source, of, names)
