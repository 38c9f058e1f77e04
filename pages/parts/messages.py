"""Sentences around the figures: sample data, where a figure stands, what is missing and who provides it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import uuid4

import streamlit as st

from pages.parts import data, running
from pages.parts.selection import Visit
from pipelines.errors import MeridianError
from pipelines.figures import names
from pipelines.health import metrics
from pipelines.language import Language, language
from pipelines.settings import settings
from pipelines.store import Store
from pipelines.warehouse import Version

LOG = logging.getLogger("meridian")


def standing(visit: Visit) -> str:
    """As of when, which publication: the line below the verdict and below every chart."""
    return names.standing(visit.say, data.about().get("as_of"), data.publication())


def stand_in(say: Language, version: Version) -> None:
    """Where the version on air is damaged on disk: which one answers in its place, above every page; and it is made anew."""
    if version.instead_of is None:
        return
    from pipelines.desk import mending  # publishing, which only a damaged store needs here

    mending.ask(Store(settings().store), version)
    st.warning(
        say(
            "Publication {no} is damaged on disk and is being made anew from its originals. Until then you see publication {older}.",
            no=str(version.instead_of),
            older=str(version.no),
        ),
        icon=":material/healing:",
    )


def source_line(visit: Visit, files: Sequence[str]) -> str:
    """Files, publication and day: the evidence below a chart."""
    return names.source_line(visit.say, files, standing(visit))


def nothing(visit: Visit, what: str, steward: str = "") -> None:
    """An empty place says what is missing and who provides it."""
    say = visit.say
    who = say("It is provided by: {who}.", who=steward) if steward else ""
    st.info(f"{say('There is no value here yet: {what}.', what=what)} {who}", icon=":material/info:")


def no_rows(visit: Visit, filters: Sequence[str]) -> None:
    """A filter that leaves nothing is named."""
    say = visit.say
    st.info(
        say("Nothing is left with this filter: {filters}. Choose fewer.", filters=", ".join(filters))
        if filters
        else say("There are no rows for this selection."),
        icon=":material/filter_alt:",
    )


def refused(visit: Visit, error: MeridianError) -> None:
    """What somebody asked for was not done: why, and what to do."""
    metrics.refusal(error.finding.code)
    st.error(error.finding.sentence(visit.say.code))


def failed(error: BaseException) -> bool:
    """The outermost edge of a page: a known fault is a sentence, a bug is a number here and a traceback in the log. Always handled."""
    visited = st.session_state.get("visit")
    say = visited.say if visited else language("en")
    running.named()
    if isinstance(error, MeridianError):
        metrics.refusal(error.finding.code)
        LOG.warning("a page was refused", extra={"code": error.finding.code})
        st.warning(error.finding.sentence(say.code))
        return True
    number = uuid4().hex[:8]
    LOG.error("a page broke", exc_info=error, extra={"error": number})
    st.error(
        say(
            "Something went wrong here; it is not your fault. Please give this number to whoever looks after Meridian: {number}",
            number=" / ".join(filter(None, (number, running.request()))),
        )
    )
    return True


def unavailable(say: Language, error: MeridianError) -> None:
    """No publication can be read: what, why and what to do, in the visitor's language."""
    finding = error.finding
    st.title("Meridian")
    st.warning(
        f"**{finding.say('what', say.code)}** {finding.say('cause', say.code)}\n\n{finding.say('remedy', say.code)}",
        icon=":material/hourglass_empty:",
    )
