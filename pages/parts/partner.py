"""The page of one partner: who it is, how the relation stands and why, what is there and what is missing."""

from __future__ import annotations

from pages.parts import agreed, data, dossier, links, markup, messages, register, related, selection
from pages.parts.selection import Visit
from pipelines import catalogue, figures, scorecard
from pipelines.figures import Figure

FACTS = ("A01", "A02", "A13", "B13", "B03", "E02", "E11")
LAST = 10
"""Years of joint publications that are drawn."""


def known(visit: Visit) -> list[str]:
    """Keys of all partners, by name."""
    return list(register.known_partners(visit.institution.id))


def choose(visit: Visit, options: list[str], first: str) -> str:
    """The partner of the page; it stands in the address."""
    names = register.known_partners(visit.institution.id)
    label = visit.say("Partner institution")
    return selection.choose("partner", label, options, first, lambda key: names[key]["partner"], pinned=True, width=460)


def where(row: data.Row) -> data.Where:
    return (("partner", (row["partner"],)),)


def identity(visit: Visit, row: data.Row) -> None:
    """City, country, codes; that no list holds it; the spellings met."""
    say = visit.say
    country = data.names("country", say.code).get(row["country"] or "", "")
    codes = [f"{word} {row[name]}" for word, name in ((say("Erasmus code"), "erasmus_code"), ("PIC", "pic"), ("OID", "oid")) if row[name]]
    place = " · ".join(filter(None, ((row["city"] or "").title(), country, *codes)))
    markup.paragraph(place if codes else f"{place} · {say('not found in a list of charter holders')}")
    others = [written for written in row["written"] if written != row["partner"]]
    if others:
        markup.paragraph(say("Also written: {names}", names=" · ".join(others[:6])))


def standing(visit: Visit, row: data.Row, total: float | None) -> None:
    """The verdict with its reason in words."""
    say, name = visit.say, row["partner"]
    if row["country"] == visit.institution.country:
        markup.paragraph(say("A partner inside the country: shown apart, never compared."), "m-verdict")
        return
    word, made = related.verdict(visit, name, total), related.related(visit)
    titles = {one.id: say.pick(one.title) for one in scorecard.rules().dimension}
    alive = [titles[one.id] for one in scorecard.rules().dimension if one.id in made.alive[name]]
    span = related.window(visit)
    reasons = [
        say.pick(word.why),
        say(
            "alive from {first} to {last}: {strands}",
            first=say.year(span[0]),
            last=say.year(span[-1]),
            strands=", ".join(alive) or say("nothing"),
        ),
        say.many("{n} active agreement", "{n} active agreements", int(made.numbers["agreements"].get(name) or 0)),
    ]
    score = say("score {score} of 100", score=say.number(total)) if total is not None else ""
    markup.judged(say.pick(word.title), word.tone, word.icon, " · ".join(filter(None, (score, *reasons))))


def facts(visit: Visit, row: data.Row) -> None:
    """People and agreements of the chosen year."""
    if told := dossier.facts(visit, FACTS, where(row)):
        markup.facts(told)


def agreements(visit: Visit, row: data.Row) -> None:
    """All agreements with the partner, the newest first."""
    rows = dossier.agreed(visit, "partner_key", row["partner_key"])
    agreed.table(visit, sorted(rows, key=lambda one: str(one["starts"]), reverse=True), partner=False)


@data.kept
def course(visit: Visit, name: str) -> Figure:
    """Active agreements over the years."""
    indicator = catalogue.indicators()["E02"]
    values = dossier.series(visit, "E02", (("partner", (name,)),))
    source = messages.source_line(visit, data.files_behind(visit.institution.id, "E02"))
    return figures.trend(indicator, values, visit.say, who=f"{visit.institution.label(visit.say)}, {name}", source=source)


@data.kept
def places(visit: Visit, name: str) -> Figure:
    """Use of agreed places, out and in."""
    say, indicator = visit.say, catalogue.indicators()[related.PLACES]
    out, into = (dossier.series(visit, related.PLACES, (("direction", (way,)), ("partner", (name,)))) for way in ("out", "in"))
    source = messages.source_line(visit, data.files_behind(visit.institution.id, related.PLACES))
    who = f"{visit.institution.label(say)}, {name} · {say.pick(indicator.title)}"
    return figures.flows((indicator, out), (indicator, into), say, who=who, source=source, names=(say("Places out"), say("Places in")))


@data.kept
def publications(visit: Visit, key: str, name: str) -> Figure | None:
    """Joint publications by year; None where none were handed in of anybody."""
    say, every = visit.say, register.publications(visit.institution.id)
    if not every:
        return None
    rows = [row for row in every if row["partner_key"] == key]
    bars = [(str(row["academic_year"]), row["publications"], say.number(row["publications"])) for row in rows[-LAST:]]
    count = int(sum(row["publications"] for row in rows))
    title = say.many("{n} joint publication in all years", "{n} joint publications in all years", count)
    return figures.columns_of(
        title, f"{visit.institution.label(say)}, {name}", bars, say, unit="count",
        head=(say("Year of publication"), say("Joint publications")), source=messages.standing(visit), name="joint_publications",
    )  # fmt: skip


def activities(visit: Visit, row: data.Row) -> None:
    """Joint programmes, projects, visits with the partner."""
    rows = [one for one in register.activities(visit.institution.id) if one["partner_key"] == row["partner_key"]]
    dossier.activities(visit, rows)


def missing(visit: Visit, row: data.Row) -> None:
    """What is not there, said plainly."""
    said = [text for text in _gaps(visit, row) if text]
    if said:
        markup.numbered(said)
    else:
        markup.paragraph(visit.say("Nothing that we look for is missing."))


def _gaps(visit: Visit, row: data.Row) -> list[str]:
    say, name, made = visit.say, row["partner"], related.related(visit)
    rows = [one for one in dossier.agreed(visit, "partner_key", row["partner_key"]) if one["active"]]
    ending = [one for one in rows if one["standing"] == "expiring"]
    alive, told = made.alive[name], {dimension for dimension, column in made.numbers.items() if any(v is not None for v in column.values())}
    texts = {
        "students_out": say("No student of ours went there in these years."),
        "students_in": say("No student came from there in these years."),
        "staff": say("No staff went or came in these years."),
        "joint": say("There is no joint programme and no project."),
        "publications": say("There is no joint publication."),
        "visits": say("Nobody visited the other in these years."),
    }
    unknown = {"publications": say("Joint publications were not handed in: nothing is known of them.")}
    return [
        "" if rows else say("No agreement is in force."),
        _ending(visit, len(ending)),
        *(text for dimension, text in texts.items() if dimension in told and dimension not in alive),
        *(text for dimension, text in unknown.items() if dimension not in told),
        "" if row["erasmus_code"] else say("No Erasmus code is known: the name was found in no list of charter holders."),
    ]  # fmt: skip


def _ending(visit: Visit, count: int) -> str:
    if not count:
        return ""
    return visit.say.many(
        "{n} agreement ends within a year without a follower", "{n} agreements end within a year without a follower", count
    )


def to_country(visit: Visit, row: data.Row) -> None:
    """The way to the page of its country."""
    if row["country"]:
        name = data.names("country", visit.say.code).get(row["country"], row["country"])
        links.page(visit, "explore/country.py", visit.say("All of {country}", country=name), country=row["country"])
