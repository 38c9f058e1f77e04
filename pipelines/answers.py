"""The answer to "what is the value of …": one indicator, one institution, for people (text) and machines (JSON)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines import catalogue, measure
from pipelines.catalogue import Indicator
from pipelines.codes import institutions, years
from pipelines.codes.years import Year
from pipelines.errors import MeridianError
from pipelines.figures.values import hidden as withheld
from pipelines.knowledge import unknown
from pipelines.language import number as written
from pipelines.language import year_label
from pipelines.measure import Audience
from pipelines.measuring.value import Value
from pipelines.policies import policies
from pipelines.warehouse import Version, open_version

Told = dict[str, Any]
STATED = """
    select v.* exclude (numerator, denominator, people), y.detail, y.file is null as derived from board.indicator_values v
    left join facts.yearly_figures y
        on y.file = v.file and y."row" = v."row" and y.col is not distinct from v.col and y.sheet is not distinct from v.sheet
        and y.measure = v.indicator
    where v.institution = ? and v.origin = 'reported' and v.prime"""


def value(
    store: Path, indicator: str, institution: str | None = None, year: str | None = None, by: str | None = None,
    where: list[str] | None = None, audience: Audience = "inside", language: str = "en", trace: bool = False,
) -> Told:  # fmt: skip
    """The answer as a plain dictionary: ``value`` of a whole, or ``values`` of a breakdown (largest first, domestic ones ``apart``).

    Beside a whole stand ``reported`` and ``gap`` (what its institution stated), ``other_series`` (what other series of the number say),
    ``variants`` (what other rules of counting give in the same year) and, where no year was asked for, ``also`` (figures of other periods,
    or of none). ``trace`` adds ``cells``: where it comes from.
    Raises K101 for an unknown name, A101, A102 or M101 for a question that cannot be put.
    """
    chosen = catalogue.indicator(indicator)
    version = open_version(store)
    who, when = resolve(version, institution), _year(year)
    conditions: dict[str, str | list[str]] = dict(map(_condition, where or []))
    headline = not by and not conditions
    start = when.start if when and when.end is None else None
    found = measure.values(version, chosen, institution=who, year=start, by=by, where=conditions, audience=audience, every_series=headline)
    told = _of_period(found, when) if when else _newest(found)
    head: Told = {"indicator": chosen.code, "id": chosen.id, "title": chosen.title[language], "institution": who, "unit": chosen.unit}
    head |= {"publication": version.id} | _period(told, when)
    if by:
        return head | {"unit": chosen.of_parts(by).unit} | _parts(told, by, chosen.of_parts(by), language)
    whole = head | _whole(told, found if year is None else [], chosen, language) | (_cells(version, chosen, told) if trace else {})
    return whole | (_variants(version, chosen, who, whole.get("year"), audience, language) if headline else {})


def resolve(version: Version, text: str | None) -> str:
    """An institution of the version by id, name, profile alias or Erasmus code (once a charter list is in). Raises K101, A102."""
    known = [row[0] for row in version.query("select institution from board.institutions order by 1")]
    if text is None:
        if len(known) == 1:
            return str(known[0])
        first = sorted(known, key=lambda one: (one not in policies(), one))  # ours before those of published lists
        raise MeridianError("A102", known=", ".join(first[:20]) + (" …" if len(known) > 20 else ""))
    for code in (text, institutions.resolve(text).code, _by_charter(version, text)):
        if code in known:
            return str(code)
    raise unknown("institution", text, known)


def full_year(version: Version, institution: str) -> int | None:
    """The newest year that most indicators have a value of: registers know next year before anybody has moved."""
    rows = version.query(
        "select year_from, count(distinct indicator) from board.indicator_values where institution = ? and \"by\" = '' and prime"
        " and year_from = year_to and value is not null group by 1 order by 1 desc",
        [institution],
    )
    most = max((count for _, count in rows), default=0)
    return next((year for year, count in rows if count * 3 >= most * 2), None)


def stated(version: Version, institution: str) -> list[tuple[Value, str, bool]]:
    """Every published value, its remark in the file, and whether it follows from others instead of standing
    in a cell itself; the newest first."""
    found = []
    for row in version.rows(STATED, [institution]):
        known = {name: word for name, word in row.items() if name in Value.__dataclass_fields__}
        found.append((Value(**known), row["detail"] or "", row["derived"]))
    return sorted(found, key=lambda one: (-(one[0].year_to or 9999), one[0].row or 0, one[0].indicator))


def questions(version: Version, institution: str) -> int:
    """How many questions the files of an institution raised that nobody has answered by a note."""
    files = version.query("select file, institution from board.files")
    own = {file for file, who in files if institution in (who or "").split(",")}
    asked = version.query("select file from board.findings where severity = 'query' and coalesce(note, '') = ''")
    return sum(file in own for (file,) in asked)


def _by_charter(version: Version, text: str) -> str | None:
    """The institution that the charter list calls by this Erasmus code."""
    code = institutions.erasmus_code(text) or text
    row = version.one("select name from core.institutions where erasmus_code = ? order by charter_to desc nulls last limit 1", [code])
    return institutions.resolve(row[0]).code if row else None


def as_text(told: Told) -> str:
    """The answer as lines."""
    head = f"{told['indicator']} {told['title']} – {told['institution']} {told['period']}".strip()
    if "values" in told:
        lines = [f"  {one['key']:24} {one['shown']}" for one in told["values"]]
        return "\n".join([head, *lines, *(f"  {one['key']:24} {one['shown']} (domestic, apart)" for one in told["apart"])])
    lines = [f"  {one['period'] or 'without a year'}: {one['shown']}" for one in told.get("also", [])]
    lines += [f"  {one['series']}: {one['shown']}" for one in told.get("other_series", [])]
    lines += [f"  {one['indicator']} {one['variant']}: {one.get('shown', '–')}" for one in told.get("variants", [])]
    lines += [f"  {one['part']}: {':'.join(filter(None, (one['file'], one['sheet'], one['cell'])))}" for one in told.get("cells", [])]
    stated = f" (reported: {told['reported']})" if "reported" in told else ""
    return "\n".join([f"{head}: {told.get('shown', '–')}{stated}", *lines])


def _condition(text: str) -> tuple[str, str]:
    name, sign, code = (part.strip() for part in text.partition("="))
    if not (name and sign and code):
        raise MeridianError("A101", condition=text)
    return name, code


def _year(text: str | None) -> Year | None:
    if text is None:
        return None
    year = years.parse(text)
    if year is None:
        raise unknown("year", text, ["2023", "2023-2024", "2015–2023"])
    return year


def _of_period(found: list[Value], when: Year) -> list[Value]:
    return [one for one in found if (one.year_from, one.year_to) == (when.start, when.end or when.start)]


def _newest(found: list[Value]) -> list[Value]:
    """The values of the newest year; a figure without a year last."""
    told = [one for one in found if one.prime and _says(one)]
    if not told:
        return []
    newest = max(told, key=lambda one: (one.year_to if one.year_to is not None else -1, one.year_from or -1))
    return [one for one in found if (one.year_from, one.year_to) == (newest.year_from, newest.year_to)]


def _says(one: Value) -> bool:
    """Whether a value tells something: a number, a hidden one, or that there is none."""
    return one.value is not None or one.hidden or one.precision == "none"


def _period(told: list[Value], when: Year | None) -> Told:
    """First and last year; ``year`` where both are one."""
    if told:
        first, last = told[0].year_from, told[0].year_to
    else:
        first, last = (when.start, when.end or when.start) if when else (None, None)
    period = {"year_from": first, "year_to": last, "period": year_label(first, end=last) if first is not None else ""}
    return period | ({"year": first} if first is not None and first == last else {})


def _parts(told: list[Value], by: str, chosen: Indicator, language: str) -> Told:
    """The parts of a breakdown, largest first; those that do not count as international apart."""
    entries = [(one.domestic, {"key": one.key, by: one.key} | _entry(one, chosen, language)) for one in told]
    abroad, apart = ([entry for domestic, entry in entries if domestic is wanted] for wanted in (False, True))
    return {"by": by, "values": _sorted(abroad), "apart": _sorted(apart)}


def _sorted(entries: list[Told]) -> list[Told]:
    return sorted(entries, key=lambda entry: (entry["value"] is None, -(entry["value"] or 0), str(entry["key"])))


def _whole(told: list[Value], found: list[Value], chosen: Indicator, language: str) -> Told:
    """The value itself and, beside it, what other series and other periods say."""
    one = next((one for one in told if one.prime and _says(one)), None)
    if one is None:
        return {"value": None, "missing": "no data: missing is not zero"}
    beside = {
        "other_series": [_entry(other, chosen, language) | _apart(one, other) for other in told if not other.prime],
        "also": [_period([other], None) | _entry(other, chosen, language) for other in found if other is not one and _unplaced(other)],
    }
    return _entry(one, chosen, language) | {name: entries for name, entries in beside.items() if entries}


def _variants(version: Version, chosen: Indicator, who: str, year: int | None, audience: Audience, language: str) -> Told:
    """The same thing by other rules, in the same year; nothing where there is one rule only, or no year."""
    told = []
    for one in catalogue.family(chosen.code) if year is not None else ():
        found = measure.values(version, one, institution=who, year=year, audience=audience)
        entry = _entry(found[0], one, language) if found else {"value": None}
        told.append({"indicator": one.code, "variant": (one.variant or one.title)[language]} | entry)
    return {"variants": [one for one in told if one["indicator"] != chosen.code]} if told else {}


def _unplaced(one: Value) -> bool:
    """Whether a value was stated for several years together, or for none."""
    return one.prime and (one.year_from is None or one.year_from != one.year_to)


def _apart(one: Value, other: Value) -> Told:
    """How far the primary series is from another one."""
    return {} if one.value is None or other.value is None else {"gap": _number(one.value - other.value)}


def _entry(one: Value, chosen: Indicator, language: str) -> Told:
    shown = withheld(one) if one.hidden else written(one.value, chosen.unit, chosen.decimals, language, one.precision)
    entry: Told = {"value": None if one.hidden else _number(one.value), "shown": shown, "origin": one.origin, "precision": one.precision}
    extras = {"provisional": one.provisional, "hidden": one.hidden, "series": one.series}
    entry |= {name: told for name, told in extras.items() if told}
    if one.other is not None and not one.hidden:
        entry |= {"reported": _number(one.other), "gap": _number(one.gap)}
    return entry


def _number(number: float | None) -> float | int | None:
    return int(number) if number is not None and float(number).is_integer() else number


def _cells(version: Version, chosen: Indicator, told: list[Value]) -> Told:
    """The first cells behind the value, and how many rows there are in each file."""
    if not told:
        return {"cells": []}
    parts = measure.explain(version, chosen, told[0].institution, told[0].year_from)
    cells = [{"part": part.part, "file": cell.name, "sheet": cell.sheet, "cell": cell.cell} for part in parts for cell in part.cells]
    return {"cells": cells}
