"""The scorecard of partners: weights that everybody sees and may change, one partner line by line, all partners in order."""

from __future__ import annotations

import streamlit as st

from pages.parts import data, downloads, links, markup, messages, register, related, selection, tables
from pages.parts.selection import Visit
from pipelines import scorecard
from pipelines.figures import Column, Figure, Table
from pipelines.language import Language

Weights = tuple[tuple[str, float], ...]
HEAVIEST = 5.0


def weights(visit: Visit) -> Weights:
    """What each dimension counts; changed ones stand in the address."""
    say = visit.say
    with st.expander(say("Weights of the score")):
        markup.paragraph(say("0 leaves a dimension out. The link in the address keeps your weights; nobody else's change."))
        with st.grid(3, min_column_width=210, gap="small"):
            return tuple(
                (one.id, selection.amount(f"w_{one.id}", say.pick(one.title), one.weight, HEAVIEST, 0.5, say.pick(one.why)))
                for one in scorecard.rules().dimension
            )


def first(visit: Visit, options: list[str]) -> str:
    """The partner that a page opens with: the one with the highest score under the weights of the house."""
    found = scores(visit, tuple((one.id, one.weight) for one in scorecard.rules().dimension))
    keys = {row["partner"]: key for key, row in register.known_partners(visit.institution.id).items()}
    best = max(found, key=lambda name: (found[name].total or 0.0, name), default=None)
    return keys.get(best or "", options[0])


@data.kept
def scores(visit: Visit, chosen: Weights) -> dict[str, scorecard.Score]:
    """Partner → its score under these weights."""
    return scorecard.scores(related.related(visit).numbers, dict(chosen))


def total(visit: Visit, chosen: Weights, name: str) -> float | None:
    """The score of one partner."""
    score = scores(visit, chosen).get(name)
    return score.total if score else None


def card(visit: Visit, chosen: Weights, name: str) -> None:
    """One partner: every dimension with its number, rank and weight."""
    say, score = visit.say, scores(visit, chosen).get(name)
    if score is None:
        markup.paragraph(say("Only partners in other countries are compared."))
        return
    columns = (
        Column(say("Dimension")), Column(say("Value"), "count"), Column(say("Rank"), "count"), Column(say("Weight"), "count", 1),
    )  # fmt: skip
    given = dict(chosen)
    rows: list[tuple[tables.Cell, ...]] = [
        (
            (say.pick(one.title), say.pick(one.why)),
            number(visit, one, name),
            say.number(score.ranks.get(one.id)),
            say.number(given[one.id], decimals=1),
        )
        for one in scorecard.rules().dimension
    ]
    rows.append((say("Score: weighted mean of the ranks"), "", say.number(score.total), ""))
    tables.told(columns, rows, say("Scorecard"), "score")
    span = related.window(visit)
    markup.paragraph(
        say(
            "{first} to {last} together. A rank is the share of the other partners that this one surpasses; what is not known is left out.",
            first=say.year(span[0]),
            last=say.year(span[-1]),
        )
    )


def number(visit: Visit, one: scorecard.Dimension, name: str) -> str:
    """A partner's number in a dimension as people read it; small counts stay hidden."""
    say, made = visit.say, related.related(visit)
    if one.people:
        people = made.people[one.id].get(name)
        return people.written(say) if people else say.number(made.numbers[one.id].get(name))
    value = made.numbers[one.id].get(name)
    unsure = one.id == "balance" and any(made.people[side].get(name, related.People()).hidden for side in ("students_out", "students_in"))
    return ("≈ " if unsure and value is not None else "") + say.number(value)


def ranking(visit: Visit, chosen: Weights) -> None:
    """All partners abroad, the highest score first, each leading to its page."""
    say, figure = visit.say, listed(visit, chosen)
    if not figure.told:
        messages.no_rows(visit, ())
        return
    downloads.menu(figure, say, "ranking")
    keys = {row["partner"]: row["partner_key"] for row in register.known_partners(visit.institution.id).values()}
    rows: list[tuple[tables.Cell, ...]] = []
    for place, (name, country, score, _, *numbers) in enumerate(figure.table.rows[: tables.MOST], 1):
        word = related.verdict(visit, str(name), score)  # type: ignore[arg-type]
        mark = tables.Mark(say.pick(word.title), word.tone, word.icon)
        link = tables.Link(f"{place}. {name}", links.to_partner(visit, keys[str(name)]))
        rows.append(((link, str(country)), say.number(score), mark, *(str(cell) for cell in numbers)))  # type: ignore[arg-type]
    columns = [Column(head.name, "count" if at not in (0, 2) else "") for at, head in enumerate(_shown(figure.table.columns))]
    tables.told(columns, rows, figure.title, "ranked")
    if len(figure.table.rows) > tables.MOST:
        markup.paragraph(
            say("The first {n} of {all} rows; the download holds all.", n=say.number(tables.MOST), all=say.number(len(figure.table.rows)))
        )
    markup.paragraph(figure.source)


def _shown(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Without the country, which stands below the name."""
    return columns[0], *columns[2:]


@data.kept
def listed(visit: Visit, chosen: Weights) -> Figure:
    """The ranking for a spreadsheet."""
    say, found = visit.say, scores(visit, chosen)
    country = data.names("country", say.code)
    known = {row["partner"]: row for row in related.abroad(visit)}
    ranked = sorted(known, key=lambda name: (-(found[name].total if name in found and found[name].total is not None else -1.0), name))
    columns = (
        Column(say("Partner institution")), Column(say("Country")), Column(say("Score"), "count", 1), Column(say("Relation")),
        *(Column(say.pick(one.title)) for one in scorecard.rules().dimension),
    )  # fmt: skip
    rows = tuple((name, country.get(known[name]["country"] or "", ""), *_line(visit, name, found[name].total)) for name in ranked)
    source = messages.source_line(visit, data.files_behind(visit.institution.id, "E11"))
    return Figure(
        "columns", say("Partners by score"), visit.institution.label(say), (), Table(columns, rows), "count",
        note=_note(chosen, say), source=source, name="partners_by_score", language=say.code,
    )  # fmt: skip


def _line(visit: Visit, name: str, score: float | None) -> tuple[str | float | None, ...]:
    relation = visit.say.pick(related.verdict(visit, name, score).title)
    return score, relation, *(number(visit, one, name) for one in scorecard.rules().dimension)


def _note(chosen: Weights, say: Language) -> str:
    """The weights that the list was made with."""
    titles = {one.id: say.pick(one.title) for one in scorecard.rules().dimension}
    return say("Weights: {weights}", weights=", ".join(f"{titles[name]} {say.number(weight, decimals=1)}" for name, weight in chosen))
