"""The Mobility page's table of who sends and who receives, as numbers on tints or as bands."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.parts import charts, data, regional, selection
from pages.parts.movement import Choice, source
from pages.parts.selection import Visit
from pipelines import figures
from pipelines.figures import Figure
from pipelines.figures.names import dimension, names
from pipelines.figures.names import scheme as told
from pipelines.measuring import crossing
from pipelines.measuring.crossing import Crossing

OWN = ("unit", "programme", "level", "field")
OTHER = ("country", "region", "partner")
LOOKS = ("table", "bands")


def show(visit: Visit, chosen: Choice) -> None:
    """The choices – which side by what, as table or as bands – and the figure."""
    say = visit.say
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        own = selection.choose("own", say("Our side"), _own(visit, chosen), OWN[0], lambda by: _side(by, visit), look="segments")
        other = selection.choose("other", say("Their side"), OTHER, OTHER[0], lambda by: _side(by, visit), look="segments")
        words = {"table": say("Table"), "bands": say("Bands")}
        look = selection.choose("flowlook", say("Shown as"), LOOKS, LOOKS[0], words.__getitem__, look="segments")
        scheme = regional.choose_scheme(visit) if other == "region" else ""
    charts.show_or_say(figure(visit, chosen, own, other, look, scheme), visit, key="crossing", filters=chosen.words)


def _side(by: str, visit: Visit) -> str:
    return visit.say("institution") if by == "institution" else dimension(by, visit.say)


def _own(visit: Visit, chosen: Choice) -> tuple[str, ...]:
    """Our side can be every institution of the publication, where there are several with rows."""
    several = len(_institutions(chosen.indicator.code, visit.year)) > 1
    return (*OWN, "institution") if several else OWN


@data.kept
def _institutions(code: str, year: int | None) -> list[str]:
    """Institutions whose people were counted from rows in the year."""
    sql = (
        "select distinct institution from board.indicator_values"
        " where indicator = ? and \"by\" = '' and origin = 'computed' and year_from is not distinct from ?"
    )
    return [one for (one,) in data.version().query(sql, [code, year])]


@data.kept
def _table(institution: str, code: str, year: int, sides: tuple[str, str], where: data.Where, scheme: str) -> Crossing:
    of = regional.groupings(institution)[scheme].of if scheme else None
    indicator = data.indicators_of([code])[0]
    chosen = {name: list(words) for name, words in where}
    return crossing.crossing(
        data.version(), indicator, *sides, institution=institution, year=year, where=chosen, of=of, audience="public"
    )  # fmt: skip


@data.kept
def figure(visit: Visit, chosen: Choice, own: str, other: str, look: str, scheme: str) -> Figure:
    """Sending down, receiving across: outgoing people leave our side, incoming ones reach it."""
    say, code = visit.say, chosen.indicator.code
    sides = (own, other) if chosen.direction == "out" else (other, own)
    known = [_words(visit, side, scheme) for side in sides]
    table = _table(visit.institution.id, code, visit.year or 0, sides, chosen.where, scheme)
    made = figures.crossing(
        chosen.indicator, table, (known[0], known[1]), say, sides=(_side(sides[0], visit), _side(sides[1], visit)),
        who=say.year(visit.year), source=source(visit, code, chosen), note=_note(visit, scheme),
    )  # fmt: skip
    return figures.flow(made, say) if look == "bands" else made


def _note(visit: Visit, scheme: str) -> str:
    return told(regional.groupings(visit.institution.id)[scheme], visit.say) if scheme else ""


def _words(visit: Visit, side: str, scheme: str) -> Mapping[str, str]:
    """Key → name of one side."""
    if side == "institution":
        return {one.id: one.label(visit.say) for one in data.institutions()}
    return regional.groupings(visit.institution.id)[scheme].named(visit.say) if side == "region" else names(side, visit.say)
