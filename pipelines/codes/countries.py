"""Countries: their names in six languages, codes and spellings → ISO 3166-1 alpha-3; names back; regions by scheme and version.

Names come from CLDR (Babel) and ISO 3166-1 (pycountry), spellings from ``countries_aliases.csv``. What is disputed is a setting:
``country_settings.toml``, over which an installation puts its own choices. “Unknown”, “stateless” and “foreign, country not
stated” are answers of their own and never a country.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pipelines.codes import reference
from pipelines.codes.words import Index, Match, fold

LANGUAGES = ("en", "tr", "ar", "es", "de", "fr")
UNKNOWN, STATELESS, FOREIGN = "XXX", "XXA", "XXF"
SPECIAL = frozenset({UNKNOWN, STATELESS, FOREIGN})
"""Answers that are no country: never counted as one, never in a region."""
WITHDRAWN = frozenset({"ANT", "CPT"})
"""Codes of old data: read, but not offered in drop-downs."""


@dataclass(frozen=True)
class Scheme:
    """A way to group countries; political, therefore with version and source."""

    id: str
    version: str
    title: dict[str, str]
    source: str

    @property
    def key(self) -> str:
        """How an address names the scheme in this version: ``eu:2020-02``. It means the same after a newer version came."""
        return f"{self.id}:{self.version}"


@dataclass
class Countries:
    """All countries as one installation sees them. ``instead``: our default code → the code chosen in its place."""

    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    index: Index = field(default_factory=lambda: Index(exact_short=True))
    instead: dict[str, str] = field(default_factory=dict)

    def choose(self, code: str) -> str:
        return self.instead.get(code, code)


@cache
def _settings() -> dict[str, Any]:
    return tomllib.loads((reference.REFERENCE / "country_settings.toml").read_text(encoding="utf-8"))


def countries(choices: Mapping[str, str] | None = None) -> Countries:
    """The register under the given choices (default: those of the installation). See ``country_settings.toml`` for their shape."""
    if choices is None:
        from pipelines.settings import settings

        choices = settings().countries
    return _countries(tuple(sorted(choices.items())))


@cache
def _countries(choices: tuple[tuple[str, str], ...]) -> Countries:
    built = Countries()
    built.labels = _labels()
    _choose(built, dict(choices))
    _fill(built)
    return built


@cache
def _alpha() -> dict[str, str]:
    """alpha-2 → alpha-3 of ISO 3166-1, and XK."""
    import pycountry

    return {entry.alpha_2: entry.alpha_3 for entry in pycountry.countries} | {"XK": "XKX"}


@cache
def _cldr(language: str) -> dict[str, str]:
    """alpha-3 → name of CLDR."""
    from babel import Locale

    territories = Locale.parse(language).territories
    return {alpha3: territories[alpha2] for alpha2, alpha3 in _alpha().items() if alpha2 in territories}


def _labels() -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        for code, label in _cldr(language).items():
            labels.setdefault(code, {})[language] = label
    return labels


def _choose(built: Countries, choices: Mapping[str, str]) -> None:
    """Puts the settings over CLDR, and the installation's choices over the settings."""
    for thing, default in _settings().items():
        if thing == "special":
            continue
        code = choices.get(thing, default["code"])
        own = {language: choices[f"{thing}.{language}"] for language in LANGUAGES if f"{thing}.{language}" in choices}
        if code != default["code"]:
            built.instead[default["code"]] = code
        label = built.labels.get(code, {}) if code in built.labels and code != default["code"] else default["name"]
        built.labels[code] = {**built.labels.get(code, {}), **label, **own}
        for word in {*default["name"].values(), *own.values()}:
            built.index.name(word, code)
    built.labels |= _settings()["special"]


def _fill(built: Countries) -> None:
    import pycountry

    put = lambda word, code: built.index.name(word, built.choose(code))  # noqa: E731
    for entry in pycountry.countries:
        for word in (entry.alpha_2, entry.alpha_3, entry.name, getattr(entry, "common_name", ""), getattr(entry, "official_name", "")):
            put(word, entry.alpha_3)
    for language in LANGUAGES:
        for code, label in _cldr(language).items():
            put(label, code)
    for code, labels in built.labels.items():
        for word in (code, *labels.values()):
            built.index.name(word, code)
    for row in reference.table("countries_aliases"):
        for code in row["codes"].split():
            built.index.alias(row["word"], built.choose(code))


def country(word: str, choices: Mapping[str, str] | None = None) -> Match:
    """A country's word → alpha-3. An empty cell is missing; a word such as “unknown” or “-” is XXX, “stateless” XXA.

    Lists sorted by name invert them: “Benin, Republic of” is looked up as “Republic of Benin” too.
    """
    index = countries(choices).index
    match = index.match(word)
    if match.how == "none" and not match.candidates and word.count(",") == 1:
        turned = index.match(" ".join(reversed(word.split(","))))
        match = turned if turned.code else match
    if match.suggestion and (match.suggestion in SPECIAL or fold(word) in _no_country()):
        return Match(None, "none", score=0.0)
    return match


@cache
def _no_country() -> frozenset[str]:
    """“Africa” is no slip of “S. Africa”, “Diğer” none of “Nijer”."""
    regions = {row[language] for row in reference.table("region_names") for language in ("en", "tr", "ar")}
    return frozenset(map(fold, {*regions, "other", "others", "diğer", "diğerleri", "otros", "autres", "total", "toplam", "أخرى"}))


def name(code: str, language: str = "en", choices: Mapping[str, str] | None = None) -> str:
    """The name to show; the code itself where no name is known."""
    labels = countries(choices).labels.get(code, {})
    return labels.get(language) or labels.get("en") or code


def names(language: str = "en", choices: Mapping[str, str] | None = None) -> dict[str, str]:
    """alpha-3 → name, sorted by name, the answers that are no country last."""
    register = countries(choices)
    shown = {code: name(code, language, choices) for code in register.labels if code not in WITHDRAWN | set(register.instead)}
    return dict(sorted(shown.items(), key=lambda pair: (pair[0] in SPECIAL, fold(pair[1]))))


@cache
def schemes() -> dict[str, Scheme]:
    """Key (``eu:2020-02``) → a way to group countries; of one scheme the newest version first."""
    rows = reference.table("region_schemes")
    found = [Scheme(row["scheme"], row["version"], {"en": row["en"], "tr": row["tr"]}, row["source"]) for row in rows]
    order = list(dict.fromkeys(scheme.id for scheme in found))
    newest = sorted(found, key=lambda scheme: scheme.version, reverse=True)
    return {scheme.key: scheme for scheme in sorted(newest, key=lambda scheme: order.index(scheme.id))}


def scheme(name: str) -> Scheme:
    """A scheme by its key, or the newest version of it by its id alone. Raises KeyError for a name that is none."""
    newest = {one.id: one for one in reversed(schemes().values())}
    return schemes().get(name) or newest[name]


def regions(name: str = "m49", choices: Mapping[str, str] | None = None) -> dict[str, str]:
    """alpha-3 → region code for every country. Of a membership scheme: its own name for members, “outside” for all others.

    ``name``: the key of a version (``eu:2013-07``), or a scheme's id for its newest.
    """
    register, chosen = countries(choices), scheme(name)
    rows = reference.table("regions")
    found = {register.choose(r["country"]): r["region"] for r in rows if (r["scheme"], r["version"]) == (chosen.id, chosen.version)}
    if set(found.values()) != {chosen.id}:
        return found
    everywhere = {register.choose(row["country"]) for row in rows if row["scheme"] == "m49"}
    return {code: found.get(code, "outside") for code in sorted(everywhere | set(found))}


def region_names(scheme: str = "m49", language: str = "en") -> dict[str, str]:
    """region code → its name (en, tr, ar)."""
    plain = scheme.partition(":")[0]
    return {row["region"]: row[language] for row in reference.table("region_names") if row["scheme"] == plain}
