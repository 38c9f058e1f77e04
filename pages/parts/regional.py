"""The Countries page's comparisons: regions of a chosen scheme over the years, what changed since a year, how unequal countries are."""

from __future__ import annotations

from pages.parts import charts, data, messages, pictures, selection, world
from pages.parts.selection import Visit
from pipelines import catalogue, figures, regions
from pipelines.catalogue import Indicator
from pipelines.figures import Figure
from pipelines.figures.names import dimension, scheme
from pipelines.measure import Value
from pipelines.measuring import crossing
from pipelines.regions import Grouping

VIEWS = ("regions", "panels", "change", "inequality")
BEFORE = 5
"""Years back that a comparison begins with."""


def show(visit: Visit, what: str, view: str) -> None:
    """The figure of a view with the choices that belong to it."""
    if view in ("regions", "panels"):
        key = choose_scheme(visit)
        charts.show_or_say(shares(visit, what, key) if view == "regions" else panels(visit, what, key), visit, key=view)
    elif view == "change":
        since = _choose_since(visit, what)
        if since is None:
            messages.no_rows(visit, ())
        else:
            charts.show_or_say(change(visit, what, since), visit, key=view)
    else:
        charts.show_or_say(inequality(visit, what), visit, key=view)


def choose_scheme(visit: Visit) -> str:
    """Which regions, in which version: the key stands in the address."""
    known = groupings(visit.institution.id)
    first = next(iter(known))
    return selection.choose("scheme", visit.say("Regions"), list(known), first, lambda key: known[key].label(visit.say), width=380)


@data.kept
def groupings(institution: str) -> dict[str, Grouping]:
    """The schemes that the institution can choose from."""
    return regions.groupings(institution)


@data.kept
def _grouped(institution: str, code: str, key: str) -> list[Value]:
    of = groupings(institution)[key].of
    return crossing.grouped(data.version(), catalogue.indicators()[code], of, institution=institution, audience="public")


@data.kept
def shares(visit: Visit, what: str, key: str) -> Figure:
    """Shares of the regions over the years."""
    say, indicator, grouping = visit.say, _indicator(what), groupings(visit.institution.id)[key]
    by_year, note = pictures.yearly(_grouped(visit.institution.id, indicator.code, key), say)
    return figures.shares(
        f"{say.pick(indicator.title)}, {say('region')}", by_year, grouping.named(say), say, who=visit.institution.label(say),
        source=_source(visit, indicator), note=" · ".join(filter(None, (note, scheme(grouping, say)))), name=f"{indicator.code}_regions",
    )  # fmt: skip


@data.kept
def panels(visit: Visit, what: str, key: str) -> Figure:
    """A small trend a region, all on one scale."""
    say, indicator, grouping = visit.say, _indicator(what), groupings(visit.institution.id)[key]
    return figures.multiples(
        indicator, _grouped(visit.institution.id, indicator.code, key), grouping.named(say), say, by=dimension("region", say),
        who=visit.institution.label(say), source=_source(visit, indicator), note=scheme(grouping, say),
    )  # fmt: skip


def _choose_since(visit: Visit, what: str) -> int | None:
    """The year to compare with: any before the chosen one that has countries."""
    now = world.year_of(visit, world.INDICATOR[what])
    years = [year for year in _years(visit.institution.id, world.INDICATOR[what]) if now is not None and year < now]
    if not years:
        return None
    first = min(years, key=lambda year: (abs(year - ((now or 0) - BEFORE)), year))
    asked = selection.choose(
        "since", visit.say("Compared with"), [str(year) for year in years], str(first), lambda year: visit.say.year(int(year))
    )
    return int(asked)


@data.kept
def _years(institution: str, code: str) -> list[int]:
    """Years in which countries are known, the newest first."""
    found = {value.year_from for value in data.parts(institution, code, None, "country") if value.key and value.year_from == value.year_to}
    return sorted((year for year in found if year is not None), reverse=True)


@data.kept
def change(visit: Visit, what: str, since: int) -> Figure:
    """The largest countries in two years."""
    say, indicator = visit.say, _indicator(what)
    now = world.year_of(visit, indicator.code) or since
    sides = [_countries(visit, indicator, year) for year in (since, now)]
    return figures.slope(
        indicator, sides[0], sides[1], data.names("country", say.code), say, years=(since, now), by=dimension("country", say),
        who=visit.institution.label(say), source=_source(visit, indicator),
    )  # fmt: skip


def _countries(visit: Visit, indicator: Indicator, year: int) -> dict[str, Value]:
    found = data.parts(visit.institution.id, indicator.code, year, "country")
    return {value.key: value for value in found if value.key and (value.value is not None or value.hidden)}


@data.kept
def inequality(visit: Visit, what: str) -> Figure:
    """How unequally countries share, in the chosen year and some years before."""
    say, indicator = visit.say, _indicator(what)
    now = world.year_of(visit, indicator.code)
    years = [year for year in _years(visit.institution.id, indicator.code) if now is not None and year <= now]
    chosen = [year for year in (now, next((y for y in years if now is not None and y <= now - BEFORE), None)) if year is not None]
    sizes = {year: _sizes(visit.institution.id, indicator.code, year) for year in chosen}
    even = any(evened for _, evened in sizes.values())
    note = say("countries with a hidden small number stand at their common mean") if even else ""
    return figures.lorenz(
        indicator, {year: found for year, (found, _) in sizes.items()}, say, who=visit.institution.label(say),
        source=_source(visit, indicator), note=note,
    )  # fmt: skip


@data.kept
def _sizes(institution: str, code: str, year: int) -> tuple[list[float], int]:
    return crossing.amounts(data.version(), catalogue.indicators()[code], institution=institution, year=year, audience="public")


def _indicator(what: str) -> Indicator:
    return catalogue.indicators()[world.INDICATOR[what]]


def _source(visit: Visit, indicator: Indicator) -> str:
    return messages.source_line(visit, data.files_behind(visit.institution.id, indicator.code))
