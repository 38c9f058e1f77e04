"""What is answered: the columns of each resource with their meaning, and where its rows come from. Small numbers are hidden as on pages."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipelines import answers, catalogue, measure
from pipelines.catalogue import Indicator
from pipelines.interface.questions import AboutAgreements, AboutGoals, AboutIndicators, AboutValues, Question
from pipelines.measure import Value
from pipelines.warehouse import Version

Row = dict[str, Any]
Kind = Literal["string", "integer", "number", "boolean", "date"]


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` is a type of JSON and of the Table Schema alike; ``must``: never empty."""

    name: str
    kind: Kind
    says: str
    must: bool = False


@dataclass(frozen=True)
class Resource:
    """A kind of rows: its name in addresses and files, what one row is, which question it takes, and how it is read."""

    name: str
    title: str
    row: str
    question: type[Question]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    read: Callable[[Version, Any], list[Row]]


COLUMNS = Path(__file__).with_name("columns.toml")


def read(version: Version, resource: Resource, question: Question) -> tuple[list[Row], int]:
    """The asked piece of a resource's rows, each with its publication, and how many there are in all.

    Raises K101 for a name that is not known, M101 for a breakdown that the rows lack.
    """
    found = resource.read(version, question)
    stamp = {"publication": version.no, "as_of": version.about["as_of"][:10]}
    piece = found[question.offset : question.offset + question.limit]
    names = [column.name for column in resource.columns]
    return [{name: row.get(name) for name in names} | stamp for row in piece], len(found)


def _indicators(version: Version, asked: AboutIndicators) -> list[Row]:
    chosen = (
        [catalogue.indicator(asked.indicator)] if asked.indicator else sorted(catalogue.indicators().values(), key=lambda one: one.code)
    )
    return [_definition(one) for one in chosen if asked.theme in (None, one.theme)]


def _definition(one: Indicator) -> Row:
    texts = {"title": one.title, "definition": one.definition, "why": one.why, "year_rule": one.year_rule, "differs": one.differs or {}}
    told = {f"{name}_{language}": text.get(language) for name, text in texts.items() for language in ("en", "tr")}
    lists = {
        "breakdowns": ";".join(measure.dimensions(one)),
        "frameworks": ";".join(f"{tag.framework}:{tag.code}" for tag in one.frameworks),
    }
    facts = {name: getattr(one, name) for name in ("code", "id", "theme", "unit", "decimals", "better", "shape", "variant_of", "domestic")}
    lower, upper = one.band or (None, None)
    return facts | told | lists | {"band_lower": lower, "band_upper": upper, "reviewed": one.reviewed.isoformat()}


def _values(version: Version, asked: AboutValues) -> list[Row]:
    who = answers.resolve(version, asked.institution)
    chosen = [catalogue.indicator(asked.indicator)] if asked.indicator else on_board(version, who, asked.by)
    found = [(one, value) for one in chosen for value in public(version, one, who, asked.by)]
    return [
        value_row(one.of_parts(asked.by), value)
        for one, value in found
        if _within(value.year_from, value.year_to, asked.year_from, asked.year_to)
    ]


def on_board(version: Version, institution: str, by: str | None = None) -> list[Indicator]:
    """The indicators that a publication keeps a headline, or this breakdown, of."""
    kept = version.query(
        'select distinct indicator from board.indicator_values where institution = ? and "by" = ? order by 1', [institution, by or ""]
    )
    return [catalogue.indicators()[code] for (code,) in kept if code in catalogue.indicators()]


def public(version: Version, one: Indicator, institution: str, by: str | None = None) -> list[Value]:
    """An indicator's values as everybody may see them. Hidden is decided over whole tables, before any year is left out."""
    return [value for value in measure.values(version, one, institution=institution, by=by, audience="public") if value.prime]


def value_row(one: Indicator, value: Value) -> Row:
    """A value as a row: a hidden one without its numbers."""
    plain = {
        name: getattr(value, name)
        for name in ("institution", "year_from", "year_to", "by", "key", "origin", "precision", "provisional", "domestic")
    }
    shown = {"value": None, "reported": None} if value.hidden else {"value": value.value, "reported": value.other}
    return {"indicator": one.code, "unit": one.unit, "suppressed": value.hidden, "series": value.series} | plain | shown


def _within(first: int | None, last: int | None, year_from: int | None, year_to: int | None) -> bool:
    """Whether a period lies in the asked years; a figure without a year does where none are asked for."""
    if year_from is None and year_to is None:
        return True
    if first is None or last is None:
        return False
    return (year_from is None or first >= year_from) and (year_to is None or last <= year_to)


def _goals(version: Version, asked: AboutGoals) -> list[Row]:
    rows = version.rows(
        "select * from board.goals where institution = ? order by policy, indicator, unit, target_year",
        [answers.resolve(version, asked.institution)],
    )
    return [
        row for row in rows if _asked_for(row, asked) and _within(row["target_year"], row["target_year"], asked.year_from, asked.year_to)
    ]


def _asked_for(row: Row, asked: AboutGoals) -> bool:
    return asked.indicator is None or row["indicator"] == catalogue.indicator(asked.indicator).code


def _goal_status(version: Version, asked: AboutGoals) -> list[Row]:
    who = answers.resolve(version, asked.institution)
    rows = version.rows("select * from board.goal_status where institution = ? order by policy, indicator, unit, year, target_year", [who])
    kept = [row for row in rows if _asked_for(row, asked) and _within(row["year"], row["year"], asked.year_from, asked.year_to)]
    hidden = {code: _hidden(version, code, who) for code in {row["indicator"] for row in kept}}
    return [_withheld(row) if (row["year"], row["unit"] or "") in hidden[row["indicator"]] else row | {"suppressed": False} for row in kept]


def _hidden(version: Version, code: str, institution: str) -> set[tuple[int | None, str]]:
    """(year, unit) of the values that the public does not see."""
    one = catalogue.indicators().get(code)
    if one is None:
        return set()
    parts = public(version, one, institution, "unit") if "unit" in measure.dimensions(one) else []
    return {(value.year_from, value.key) for value in (*public(version, one, institution), *parts) if value.hidden}


def _withheld(row: Row) -> Row:
    """A goal\'s state without the number it was judged on, and without what would give it back."""
    return row | dict.fromkeys(("actual", "attainment", "attainment_path", "distance")) | {"suppressed": True}


def _agreements(version: Version, asked: AboutAgreements) -> list[Row]:
    names = ", ".join(f'"{column.name}"' for column in AGREEMENTS)
    rows = version.rows(
        f"""select {names} from core.agreements where institution = ? and (? is null or country = ?)
            and (? is null or (starts <= ? and (ends is null or ends >= ?))) order by agreement, partner""",
        [answers.resolve(version, asked.institution), asked.country, asked.country, asked.on, asked.on, asked.on],
    )
    return [{name: _plain(cell) for name, cell in row.items()} for row in rows]


def _plain(cell: Any) -> Any:
    return cell.isoformat() if hasattr(cell, "isoformat") else cell


def _columns(name: str) -> tuple[Column, ...]:
    return tuple(Column(column, **told) for column, told in tomllib.loads(COLUMNS.read_text(encoding="utf-8"))[name].items())


PUBLICATION = _columns("publication")
AGREEMENTS = _columns("agreements")
VALUE = ("indicator", "institution", "year_from", "year_to", "by", "key")
GOAL = ("institution", "policy", "indicator", "unit", "target_year")
RESOURCES: dict[str, Resource] = {
    name: Resource(name, title, row, question, _columns(name), key, read_by)
    for name, title, row, question, key, read_by in (
        ("indicators", "Indicators", "One definition.", AboutIndicators, ("code",), _indicators),
        ("values", "Values", "One value of one indicator, of a year or a period.", AboutValues, VALUE, _values),
        ("goals", "Goals", "One target of one goal.", AboutGoals, GOAL, _goals),
        ("goal_status", "Status of goals", "One goal in one year.", AboutGoals, (*GOAL, "year"), _goal_status),
        ("agreements", "Agreements", "One agreement.", AboutAgreements, ("institution", "agreement"), _agreements),
    )
}


def columns_of(resource: Resource) -> tuple[Column, ...]:
    """All columns of an answer: the resource's own, and its publication."""
    return (*resource.columns, *PUBLICATION)
