"""The Handbook: finding definitions and printing them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.parts import data, explain, links, markup, variants
from pages.parts.selection import Visit
from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.figures import defined

THEMES = tuple("ABCDEFGH")
ANY = "any"


def theme(visit: Visit) -> Callable[[str], str]:
    return lambda letter: f"{letter} · {defined.theme(letter, visit.say)}"


def frameworks() -> list[str]:
    """Frameworks that at least one indicator names."""
    named = {tag.framework for entry in catalogue.indicators().values() for tag in entry.frameworks}
    return [ANY, *sorted(named)]


def framework(visit: Visit) -> Callable[[str], str]:
    known = catalogue.frameworks()
    return lambda name: visit.say("any") if name == ANY else visit.say.pick(known[name].title) if name in known else name.upper()


def sentence(visit: Visit) -> str:
    say, every = visit.say, catalogue.indicators()
    return say.many(
        "{n} indicator is defined; every definition below is the one that computes the figures.",
        "{n} indicators are defined; every definition below is the one that computes the figures.",
        len(every),
    )


def find(visit: Visit, letter: str, words: str, tag: str) -> list[Indicator]:
    """The indicators of a theme; with words or a framework, those of all themes that fit."""
    wanted = words.casefold().replace("i̇", "i").split()
    found = [
        entry
        for entry in catalogue.indicators().values()
        if (entry.theme == letter or wanted or tag != ANY)
        and all(word in _text(entry, visit) for word in wanted)
        and (tag == ANY or any(one.framework == tag for one in entry.frameworks))
    ]
    return sorted(found, key=lambda entry: (entry.variant_of or entry.code, entry.code))  # a variant stands under its base


def _text(entry: Indicator, visit: Visit) -> str:
    said = f"{entry.code} {entry.id} {visit.say.pick(entry.title)} {visit.say.pick(entry.definition)}"
    return said.replace("İ", "i").casefold() if visit.say.code == "tr" else said.casefold()


def entry(visit: Visit, indicator: Indicator) -> None:
    """One definition, opened on demand; what is closed is not drawn."""
    say = visit.say
    indent = f"↳ {say('another count of {code}', code=indicator.variant_of)} · " if indicator.variant_of else ""
    box = st.expander(f"{indent}**{indicator.code}** · {say.pick(indicator.title)}", key=f"entry_{indicator.code}", on_change="rerun")
    if not box.open:
        return
    with box:
        markup.paragraph(explain.kicker(visit, indicator))
        explain.definition_plain(visit, indicator)
        if catalogue.family(indicator.code):
            markup.paragraph(say("Counted by other rules:"), "m-title")
            variants.below(visit, indicator)
        if indicator.code in data.measured(visit.institution.id):
            links.indicator(visit, indicator.code, say("Its values"))


def rules(visit: Visit) -> None:
    """The rules of computation, in words."""
    markup.definitions(defined.rules(visit.say))
