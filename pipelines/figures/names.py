"""What the parts of a breakdown are called, and where a figure stands: words that pages and reports share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipelines.codes import countries, words
from pipelines.language import LANGUAGES, Language

if TYPE_CHECKING:
    from pipelines.regions import Grouping


def names(by: str, say: Language) -> Mapping[str, str]:
    """Key → label of a dimension's parts. Units and partners are their own names."""
    if by == "region":
        return countries.region_names(language=say.code)
    if by == "kind":
        return _spoken({**words.names("activity_kind", say.code), **words.names("agreement_kind", say.code)}, say)
    if by in ("unit", "partner"):
        return {}
    if by == "population":
        return {
            "outgoing": say("outgoing students"),
            "incoming": say("incoming students"),
            "students": say("international students"),
            "agreements": say("active agreements"),
        }
    return _spoken(words.names(by, say.code), say)


def _spoken(found: dict[str, str], say: Language) -> dict[str, str]:
    """Labels in the language; those that their vocabulary has in the languages of the pages only, by their English words."""
    return found if say.code in LANGUAGES else {key: say(text) for key, text in found.items()}


def dimension(by: str, say: Language) -> str:
    """The word for a dimension."""
    return {
        "programme": say("programme"),
        "country": say("country"),
        "region": say("region"),
        "partner": say("partner institution"),
        "unit": say("unit"),
        "level": say("level"),
        "field": say("field of education"),
        "gender": say("gender"),
        "activity": say("activity"),
        "role": say("role"),
        "direction": say("direction"),
        "mode": say("mode"),
        "kind": say("kind"),
        "group": say("group"),
        "population": say("population"),
        "criterion": say("criterion"),
    }.get(by, by)


def scheme(grouping: Grouping, say: Language) -> str:
    """Below a chart of regions: by which scheme, in which version, and who says so."""
    title, source = say.pick(dict(grouping.title)), say.pick(dict(grouping.source))
    return say("Regions: {title}, version {version}. {source}", title=title, version=grouping.version, source=source)


def standing(say: Language, as_of: str | None, publication: int) -> str:
    """As of when, which publication: the line below the verdict and below every chart."""
    return say("Data as of {date} · publication {no}", date=say.date(as_of), no=publication)


def source_line(say: Language, files: Sequence[str], where: str) -> str:
    """Files, publication and day: the evidence below a chart. ``where`` is its ``standing``."""
    told = ", ".join(files[:3]) + (say.many(" and {n} more", " and {n} more", len(files) - 3) if len(files) > 3 else "")
    return " · ".join(filter(None, (say("Source: {files}", files=told) if files else "", where)))
