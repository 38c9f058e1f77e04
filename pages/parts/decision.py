"""Approving: drafts that wait, why a second person is asked, what was noted, and the decision itself."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts import handing, links, markup, messages, people, tables, waiting
from pages.parts.selection import Visit
from pipelines.desk import handing as desk
from pipelines.desk.drafts import DraftState
from pipelines.errors import MeridianError
from pipelines.figures import Column


def listing(visit: Visit) -> None:
    """Every draft that waits for somebody like this person."""
    say, who = visit.say, people.here()
    waiting_ones = [
        one for one in desk.mine(who, waiting.store()) if one.stage == "proposed" and people.may("approve", one.institution, one.source)
    ]
    if not waiting_ones:
        markup.paragraph(say("Nothing waits for approval."), "m-verdict")
    for draft in waiting_ones:
        with st.container(border=True, key=f"wait_{draft.id}", gap="xxsmall"):
            links.here(draft.name, f"open_{draft.id}", draft=draft.id)
            markup.paragraph(" · ".join((handing.dataset(draft, say), draft.by, say.moment(draft.changed), draft.reason)))
            if draft.by == who.id:
                markup.paragraph(say("Yours: another person has to decide."))


def head(visit: Visit, draft: DraftState) -> None:
    """Whose draft this is and why it was sent."""
    say = visit.say
    markup.stressed(draft.name, handing.dataset(draft, say), "m-line")
    markup.paragraph(say("Sent by {who}: {reason}", who=draft.by, reason=draft.reason or "–"))
    links.here(say("← Everything that waits"), "back", draft=None)


def reasons(visit: Visit, draft: DraftState) -> None:
    """Why a second person is asked."""
    for one in desk.reasons_for_approval(people.here(), waiting.store(), draft):
        st.info(visit.say.pick(one), icon=":material/group:")


def findings(visit: Visit, draft: DraftState, told: dict[str, Any]) -> None:
    """The queries with what was said to them."""
    say = visit.say
    asked = [one for one in told["findings"] if one["severity"] == "query"]
    st.header(say.many("{n} question and its note", "{n} questions and their notes", len(asked)), anchor=False)
    if asked:
        rows = [((one if say.code == "en" else one["tr"])["what"], one["cell"], draft.notes.get(one["key"], "") or "–") for one in asked]
        tables.told((Column(say("What")), Column(say("Cell")), Column(say("Note"))), rows, say("Questions"))
    if draft.fixes:
        rows = [(cell, told["cells"].get(cell, ""), text) for cell, text in draft.fixes.items()]
        tables.told((Column(say("Cell")), Column(say("Stands there")), Column(say("Correction"))), rows, say("Corrections"))


def decide(visit: Visit, draft: DraftState) -> None:
    """Approve, or give back with a word. Nobody decides on their own."""
    say = visit.say
    if draft.by == people.here().id:
        st.warning(say("Nobody approves what they handed in themselves."))
        return
    with st.form("decision", border=True):
        words = st.text_area(say("A word to the sender (needed when giving back)"), key="words", height=80)
        with st.container(horizontal=True, gap="small"):
            approved = st.form_submit_button(say("Approve and publish"), type="primary", icon=":material/check:")
            returned = st.form_submit_button(say("Give back"), icon=":material/undo:")
    if approved or returned:
        _done(visit, draft, words if returned else None)


def _done(visit: Visit, draft: DraftState, words: str | None) -> None:
    try:
        if words is None:
            desk.approve(people.here(), waiting.store(), draft.id)
        else:
            desk.give_back(people.here(), waiting.store(), draft.id, words)
    except MeridianError as error:
        messages.refused(visit, error)
        return
    st.rerun()


def elsewhere(visit: Visit, draft: DraftState) -> None:
    """A draft that is not to be decided now."""
    if draft.stage in desk.CHANGEABLE:
        markup.paragraph(visit.say("It is in work again: {who} has it.", who=draft.by))
