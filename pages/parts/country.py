"""The page of one country: its choice, how it stands, its agreements and partners."""

from __future__ import annotations

from pages.parts import agreed, data, dossier, markup, messages, register, selection
from pages.parts.selection import Visit
from pipelines.codes import countries
from pipelines.figures import values as written

FACTS = ("A01", "A02", "C01", "B13", "B03", "E02", "E13", "E11")
NONE = ""


def known(visit: Visit) -> list[str]:
    """Countries that anything is known of here, by their names."""
    names = data.names("country", visit.say.code)
    return sorted(register.countries(visit.institution.id), key=lambda code: names.get(code, code))


def choose(visit: Visit, options: list[str]) -> str:
    """The country of the page; it stands in the address."""
    say, names = visit.say, data.names("country", visit.say.code)
    return selection.choose("country", say("Country"), options, options[0], lambda code: names.get(code, code), pinned=True)


def name(visit: Visit, country: str) -> str:
    return data.names("country", visit.say.code).get(country, country)


def where(country: str) -> data.Where:
    return (("country", (country,)),)


def region(visit: Visit, country: str) -> str:
    """The part of the world it lies in."""
    return countries.region_names(language=visit.say.code).get(countries.regions("m49").get(country, ""), "")


def sentence(visit: Visit, country: str) -> str:
    """Agreements, partners, and the share of those who go and of those who come."""
    say = visit.say
    rows = [row for row in dossier.agreed(visit, "country", country) if row["active"]]
    partners = len({row["partner"] for row in rows})
    said = [say.many("{n} active agreement", "{n} active agreements", len(rows)), say.many("{n} partner", "{n} partners", partners)]
    for population, text in (("outgoing", say("{share} of outgoing students")), ("incoming", say("{share} of incoming students"))):
        value = next((v for v in dossier.share(visit, country, population) if v.year_from == visit.year), None)
        if value is not None:
            shown = written.hidden(value) if value.hidden else say.percent(value.value, 1)
            said.append(text.format(share=shown))
    return " · ".join(said)


def facts(visit: Visit, country: str) -> None:
    """People and agreements of the chosen year."""
    told = dossier.facts(visit, FACTS, where(country))
    if told:
        markup.facts(told)
    else:
        messages.nothing(visit, visit.say("figures of this country in the chosen year"))


def agreements(visit: Visit, country: str) -> None:
    """Every agreement with partners there, those in force first."""
    rows = dossier.agreed(visit, "country", country)
    agreed.table(visit, sorted(rows, key=lambda row: not row["active"]))


def activities(visit: Visit, country: str) -> None:
    """Visits, projects and programmes with the country."""
    rows = [row for row in register.activities(visit.institution.id) if row["country"] == country]
    dossier.activities(visit, rows, partner=True)
