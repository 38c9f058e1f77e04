"""Institutions: a shipped profile by id, name, Erasmus code, PIC, OID or hei-id; any other by the slug of its name.

Profiles are the table ``[institution]`` of ``policies/*.toml``, read lightly here: resolving a name must not load every policy.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.codes.words import BLANK, Index, Match, fold

POLICIES = Path(__file__).resolve().parents[2] / "policies"
LONGEST = 80
ALIKE = 92
"""Names of institutions share half their letters (“… Üniversitesi”): a likeness is said only from here on, of 100."""
ONE = frozenset("ABDEFGINPS")
"""Country parts of one letter in Erasmus codes."""
PREFIXES = {
    "A": "AUT", "B": "BEL", "D": "DEU", "E": "ESP", "F": "FRA", "G": "GRC", "I": "ITA", "N": "NOR", "P": "PRT", "S": "SWE",
    "BE": "BEL", "SF": "FIN", "IRL": "IRL", "LUX": "LUX", "UK": "GBR", "XK": "XKX", "AL": "ALB", "BA": "BIH", "BG": "BGR", "CH": "CHE",
    "CY": "CYP",
    "CZ": "CZE", "DK": "DNK", "EE": "EST", "HR": "HRV", "HU": "HUN", "IS": "ISL", "LI": "LIE", "LT": "LTU", "LV": "LVA", "ME": "MNE",
    "MK": "MKD", "MT": "MLT", "NL": "NLD", "PL": "POL", "RO": "ROU", "RS": "SRB", "SI": "SVN", "SK": "SVK", "TR": "TUR",
}  # fmt: skip
"""Country part of an Erasmus code → alpha-3. The country of the charter, not always the institution's (Greenland: DK)."""


@cache
def profiles() -> dict[str, dict[str, Any]]:
    """id → the table [institution] of its policy file."""
    found = {}
    for path in sorted(POLICIES.glob("*.toml")):
        profile = tomllib.loads(path.read_text(encoding="utf-8")).get("institution")
        if profile:
            found[path.stem] = profile
    return found


@cache
def _index() -> Index:
    built = Index()
    for code, profile in profiles().items():
        built.name(code, code)
        for word in (*profile.get("names", ()), *profile.get("name", {}).values()):
            built.alias(word, code)
        for key in ("erasmus_code", "pic", "oid", "hei_id"):
            if profile.get(key):
                built.alias(str(profile[key]), code)
    return built


def names(language: str = "en") -> dict[str, str]:
    """id → name of the shipped profiles."""
    return {code: profile["name"].get(language, profile["name"]["en"]) for code, profile in profiles().items()}


def country(code: str | None) -> str | None:
    """alpha-3 of a shipped profile's country; None for any other institution."""
    return profiles().get(code or "", {}).get("country")


def resolve(word: str, country: str | None = None, register: Mapping[str, str] | None = None) -> Match:
    """The institution's code. Profile → ``register`` (see :func:`register`) → slug of the name (how “new”, perhaps with a suggestion).

    ``country`` (alpha-3) keeps a profile of another country from taking the name.
    """
    match = _index().match(word)
    if match.code and country and profiles()[match.code].get("country", country) != country:
        match = Match(None, "none", score=0.0)
    if match.code or match.how == "missing":
        return match
    known = (register or {}).get(erasmus_code(word) or "") or (register or {}).get(fold(word))
    if known:
        return Match(known, "alias")
    code = slug(word)
    near = match.suggestion if match.score >= ALIKE else None
    return Match(code, "new", near, match.score) if code else BLANK


def register(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Lookup from the rows of a charter list (columns of the source ``institutions``): Erasmus code, PIC, OID, name → code.

    A name that two institutions share is left out; their Erasmus codes tell them apart.
    """
    names: dict[str, set[str]] = {}
    lookup: dict[str, str] = {}
    for row in rows:
        code = resolve(row["name"]).code
        own = _index().match(row.get("erasmus_code") or "").code or code
        if not own:
            continue
        names.setdefault(fold(row["name"]), set()).add(own)
        lookup |= {fold(str(row[key])): own for key in ("pic", "oid") if row.get(key)}
        if tidy_code := erasmus_code(row.get("erasmus_code") or ""):
            lookup[tidy_code] = own
    return lookup | {name: next(iter(codes)) for name, codes in names.items() if len(codes) == 1}


def slug(name: str) -> str:
    """“Universidad de Granada” → “universidad-de-granada”, the same for all-caps; at most 80 letters, a cut one ends in a digest."""
    words = re.split(r"[^\w]+|_", unicodedata.normalize("NFKC", name).replace("'", "").replace("’", ""))
    whole = "-".join(filter(None, map(fold, words)))
    if len(whole) <= LONGEST:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return f"{whole[: LONGEST - 9].rstrip('-')}-{digest}"


def erasmus_code(text: str) -> str | None:
    """The code as the charter list pads it (“E  OVIEDO23”, “TR ANKARA04”, “IRLDUBLIN01”), or None.

    NFKC turns no-break spaces into blanks; browsers and spreadsheets lose one of two blanks, people add some or write “N Oslo01”.
    """
    letters = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    prefix, rest = _parts(letters)
    town = rest.replace(" ", "")
    if not prefix or not re.fullmatch(r"[A-Z][A-Z-]*[A-Z]\d{2,3}", town):
        return None
    return prefix.ljust(3) + town


def _parts(letters: str) -> tuple[str, str]:
    """Country part and the rest. Without a blank, only where a single reading is possible."""
    first, _, rest = letters.partition(" ")
    if rest and (first in ONE or first in PREFIXES or re.fullmatch(r"[A-Z]{2}", first)):
        return first, rest
    readings = [prefix for prefix in PREFIXES if letters.startswith(prefix)]
    known = [prefix for prefix in readings if len(prefix) == 3] or readings
    return (known[0], letters[len(known[0]) :]) if len(known) == 1 else ("", "")


def erasmus_country(code: str) -> str | None:
    """alpha-3 of the country part of a canonical code."""
    return PREFIXES.get(code[:3].strip())
