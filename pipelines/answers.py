"""The answer to "what is the value of …": one indicator, one institution, for people (text) and machines (JSON)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines import catalogue, measure
from pipelines.codes import institutions, years
from pipelines.errors import MeridianError
from pipelines.language import number as written
from pipelines.warehouse import Version, current_version


def value(
    store: Path, indicator: str, institution: str | None, year: str | None, by: str | None, where: list[str], audience: str, language: str
) -> dict[str, Any]:
    """The answer as a plain dictionary: ``value`` for a whole, ``values`` for a breakdown (largest first), ``apart`` for domestic."""
    chosen = catalogue.indicator(indicator)
    version = current_version(store)
    who = resolve(version, institution)
    conditions = dict(part.split("=", 1) for part in where)
    start = _year(year)
    found = measure.values(version, chosen, institution=who, year=start, by=by, where=conditions, audience=audience)
    told = _newest(found) if start is None else found
    head = {
        "indicator": chosen.code, "id": chosen.id, "title": chosen.title[language], "institution": who, "unit": chosen.unit,
        "publication": version.id,
    }  # fmt: skip
    if by:
        shown = [_entry(one, by, chosen, language) for one in told if not one.domestic]
        apart = [_entry(one, by, chosen, language) for one in told if one.domestic]
        return head | _period(told) | {"by": by, "values": _sorted(shown), "apart": _sorted(apart)}
    one = next((one for one in told if one.value is not None or one.hidden), told[0] if told else None)
    if one is None:
        return head | {"value": None, "missing": "no data: missing is not zero"} | ({"year": start} if start is not None else {})
    return head | _period([one]) | _entry(one, None, chosen, language)


def resolve(version: Version, text: str | None) -> str:
    """An institution of the version by id, name, profile alias or Erasmus code (once a charter list is in). Raises K101."""
    known = [row[0] for row in version.query("select institution from board.institutions order by 1")]
    if text is None:
        if len(known) == 1:
            return known[0]
        raise MeridianError("K101", kind="institution", name="–", near="–", known=", ".join(known[:20]))
    code = institutions.resolve(text).code
    if text in known or code in known:
        return text if text in known else str(code)
    erasmus = institutions.erasmus_code(text)
    for (name,) in version.query("select name from core.institutions where erasmus_code = ? limit 1", [erasmus or text]):
        if (by_name := institutions.resolve(name).code) in known:
            return str(by_name)
    from difflib import get_close_matches

    near = ", ".join(get_close_matches(str(code), known, 3, 0.5)) or "–"
    raise MeridianError("K101", kind="institution", name=text, near=near, known=", ".join(known[:20]) + (" …" if len(known) > 20 else ""))


def as_text(told: dict[str, Any]) -> str:
    """The answer as lines."""
    head = f"{told['indicator']} {told['title']} – {told['institution']} {told.get('label', '')}".strip()
    if "values" not in told:
        return f"{head}: {told.get('shown', '–')}"
    lines = [f"  {one['key']:24} {one['shown']}" for one in told["values"]]
    lines += [f"  {one['key']:24} {one['shown']} (domestic, apart)" for one in told["apart"]]
    return "\n".join([head, *lines])


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    year = years.parse(text)
    if year is None:
        raise MeridianError("K101", kind="year", name=text, near="2023-2024", known="2023, 2023-2024")
    return year.start


def _newest(found: list[Any]) -> list[Any]:
    """The values of the newest year, computed before a period; a figure without a year last."""
    told = [one for one in found if one.value is not None or one.hidden or one.precision == "none"]
    if not told:
        return []
    newest = max(told, key=lambda one: (one.year_to if one.year_to is not None else -1, one.year_from or -1))
    return [one for one in told if (one.year_from, one.year_to) == (newest.year_from, newest.year_to)]


def _period(told: list[Any]) -> dict[str, Any]:
    if not told:
        return {}
    one = told[0]
    period = {"year_from": one.year_from, "year_to": one.year_to}
    return period | ({"year": one.year_from} if one.year_from == one.year_to else {})


def _shown(one: Any, chosen: Any, language: str) -> str:
    return "<5" if one.hidden else written(one.value, chosen.unit, chosen.decimals, language, one.precision)


def _entry(one: Any, by: str | None, chosen: Any, language: str) -> dict[str, Any]:
    number = int(one.value) if one.value is not None and float(one.value).is_integer() else one.value
    entry = {
        "value": None if one.hidden else number,
        "shown": _shown(one, chosen, language),
        "origin": one.origin,
        "precision": one.precision,
    }
    extras = {"provisional": one.provisional, "hidden": one.hidden, "series": one.series}
    entry |= {name: told for name, told in extras.items() if told}
    if getattr(one, "other", None) is not None:
        entry["reported"] = one.other
    return ({"key": one.key, by: one.key} if by else {}) | entry


def _sorted(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda e: (e["value"] is None, -(e["value"] or 0), str(e["key"])))
