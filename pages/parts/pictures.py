"""From what was chosen to figures: reads the values, names their parts, adds who and whence. Figures are kept per publication."""

from __future__ import annotations

from pages.parts import data, messages
from pages.parts.selection import Visit
from pipelines import catalogue, figures
from pipelines.catalogue import Indicator
from pipelines.figures import Figure
from pipelines.figures.names import dimension, names
from pipelines.language import Language
from pipelines.measure import Value
from pipelines.measuring import breaks, outlook

AHEAD = 3


def values(visit: Visit, indicator: Indicator) -> tuple[list[Value], int | None]:
    """All values of the whole, and the year to take apart: the chosen one where it has a value, else the newest."""
    found = [v for v in data.headline(visit.institution.id, indicator.code) if v.value is not None or v.hidden]
    told = {v.year_from for v in found if v.year_from is not None}
    return found, visit.year if visit.year in told else max(told, default=None)


@data.kept
def trend(visit: Visit, indicator: Indicator) -> Figure:
    """The indicator over the years with its goal and its other series."""
    found, _ = values(visit, indicator)
    goals = data.goals(visit.institution.id, indicator.code)
    others = {
        name: [v for v in entries if v.value is not None]
        for name, entries in data.other_series(visit.institution.id, indicator.code).items()
    }
    source = messages.source_line(visit, data.files_behind(visit.institution.id, indicator.code))
    return figures.trend(
        indicator,
        found,
        visit.say,
        goal=data.goal_path(goals),
        upper=data.goal_path(goals, upper=True),
        former=data.former_paths(goals),
        others=others,
        projection=projection(visit, indicator),
        breaks=breaks.of(visit.institution.id, indicator.code),
        who=visit.institution.label(visit.say),
        source=source,
    )


def projection(visit: Visit, indicator: Indicator) -> outlook.Projection | None:
    """Where the indicator leads: to the year of its last target, or ``AHEAD`` years on where it has no goal."""
    known = outlook.comparable(data.headline(visit.institution.id, indicator.code))
    targets = [row["target_year"] for row in data.goals(visit.institution.id, indicator.code)]
    until = max(targets, default=(known[-1][0] if known else 0) + AHEAD)
    return outlook.project(known, until, outlook.bounds(indicator))


@data.kept
def breakdown(visit: Visit, indicator: Indicator, by: str, year: int | None, where: data.Where = ()) -> Figure:
    """The parts of one year, largest first; where that year has none, those of the newest year or period that has."""
    parts = [v for v in data.parts(visit.institution.id, indicator.code, year, by, where) if v.value is not None or v.hidden]
    if not parts or year is None:
        parts = _newest([v for v in data.parts(visit.institution.id, indicator.code, None, by, where) if v.value is not None or v.hidden])
    source = messages.source_line(visit, data.files_behind(visit.institution.id, indicator.code))
    return figures.breakdown(
        indicator.of_parts(by),
        parts,
        names(by, visit.say),
        visit.say,
        by=dimension(by, visit.say),
        who=visit.institution.label(visit.say),
        source=source,
        whole=_whole(visit, indicator, parts) if not where else None,
    )


def _whole(visit: Visit, indicator: Indicator, parts: list[Value]) -> float | None:
    """What published parts are parts of: a list of the largest countries alone does not add up to everybody."""
    if not any(v.origin == "reported" and not v.domestic for v in parts):
        return None
    at = {(v.year_from, v.year_to) for v in parts}
    found = [v.value for v in data.headline(visit.institution.id, indicator.code) if (v.year_from, v.year_to) in at and not v.hidden]
    return max((value for value in found if value is not None), default=None)


def _newest(parts: list[Value]) -> list[Value]:
    newest = max(((v.year_to or 0, v.year_from or 0) for v in parts), default=None)
    return [v for v in parts if (v.year_to or 0, v.year_from or 0) == newest]


def yearly(parts: list[Value], say: Language) -> tuple[dict[int, dict[str, float]], str]:
    """International amounts by year and part, and the remark that hidden ones are left out where there are any."""
    by_year: dict[int, dict[str, float]] = {}
    for value in parts:
        if value.value and value.year_from is not None and value.year_from == value.year_to and not value.domestic:
            by_year.setdefault(value.year_from, {})[value.key] = value.value
    return by_year, say("Hidden small numbers are left out of the shares.") if any(value.hidden for value in parts) else ""


def title(code: str, say: Language) -> str:
    """The title of an indicator."""
    return say.pick(catalogue.indicators()[code].title)
