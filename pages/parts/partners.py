"""Partners with active agreements: how many, whether they are used, how far the agreed places are filled, out and in."""

from __future__ import annotations

from pages.parts import data, downloads, links, markup, messages, register, tables
from pages.parts.selection import Visit
from pipelines import catalogue, figures
from pipelines.figures import Column, Figure, Table
from pipelines.figures import values as written
from pipelines.measure import Value

PLACES, MONTHS = "E11", "E12"
MOST = 100


def show(visit: Visit) -> None:
    """The table with its download."""
    figure = listed(visit)
    downloads.menu(figure, visit.say, "partners")
    keys = {row["partner"]: row["partner_key"] for row in register.partners(visit.institution.id, visit.year or 0)}
    rows: list[tuple[tables.Cell, ...]] = [
        ((tables.Link(name, links.to_partner(visit, keys[name])), country), *cells)
        for name, country, *cells in figure.table.written(visit.say)[:MOST]
    ]
    tables.told([figure.table.columns[0], *figure.table.columns[2:]], rows, figure.title, "ranked")
    more = visit.say("The first {n} of {all} rows; the download holds all.", n=visit.say.number(MOST), all=visit.say.number(len(keys)))
    markup.paragraph(" · ".join(filter(None, (more if len(keys) > MOST else "", figure.note, figure.source))))


@data.kept
def use(visit: Visit, code: str = PLACES) -> Figure:
    """Use of agreed places or months over the years, out and in."""
    say, indicator = visit.say, catalogue.indicators()[code]
    out, into = (_known(data.parts(visit.institution.id, code, None, None, (("direction", (way,)),))) for way in ("out", "in"))
    return figures.flows(
        (indicator, out),
        (indicator, into),
        say,
        who=f"{visit.institution.label(say)} · {say.pick(indicator.title)}",
        source=messages.source_line(visit, data.files_behind(visit.institution.id, code)),
        names=(say("Places out"), say("Places in")) if code == PLACES else (say("Months out"), say("Months in")),
    )


def _known(values: list[Value]) -> list[Value]:
    return [v for v in values if (v.value is not None or v.hidden) and written.yearly(v)]


@data.kept
def listed(visit: Visit) -> Figure:
    """Every partner with active agreements, the most agreements first; the use of places as far as small numbers allow."""
    say, names, year = visit.say, data.names("country", visit.say.code), visit.year or 0
    out, into = (_by_partner(visit, way) for way in ("out", "in"))
    columns = (
        Column(say("Partner institution")),
        Column(say("Country")),
        Column(say("Active agreements"), "agreements"),
        Column(say("Places out used"), "percent"),
        Column(say("Places in used"), "percent"),
        Column(say("Used in three years")),
        Column(say("First to end")),
    )
    used = {True: say("yes"), False: say("no"), None: say("not known")}
    rows = tuple(
        (
            row["partner"] or "",
            names.get(row["country"] or "", ""),
            row["agreements"],
            written.cell(out.get(row["partner"] or "")),
            written.cell(into.get(row["partner"] or "")),
            used[row["used"]],
            say.date(row["first_end"]) if row["first_end"] else say("open-ended"),
        )
        for row in register.partners(visit.institution.id, year)
    )
    note = " · ".join(
        filter(None, (say("A dash: no places are agreed in this direction."), written.remarks([*out.values(), *into.values()], say)))
    )
    source = messages.source_line(visit, data.files_behind(visit.institution.id, PLACES))
    return Figure(
        "columns", say("Partners with active agreements"), visit.institution.label(say), (), Table(columns, rows),
        "agreements", note=note, source=source, name="partners", language=say.code,
    )  # fmt: skip


def _by_partner(visit: Visit, way: str) -> dict[str, Value]:
    found = data.parts(visit.institution.id, PLACES, visit.year, "partner", (("direction", (way,)),))
    return {v.key: v for v in found}
