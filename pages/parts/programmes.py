"""Tokens of programmes on the People page: which there are, a new one shown once, and ending one."""

from __future__ import annotations

import streamlit as st

from pages.parts import markup, messages, people, tables, waiting
from pages.parts.selection import Visit
from pipelines.access import tokens
from pipelines.errors import MeridianError
from pipelines.figures import Column

ISSUED = "token_issued"
"""In the session: the token that was just made, shown once."""
ADDRESS = "/api/v1/openapi.json"


def show(visit: Visit) -> None:
    """What a token is for, the new one, all others, and the two actions."""
    say, known = visit.say, tokens.listing(waiting.store())
    markup.paragraph(
        say("A token lets a programme read the published figures, with small numbers hidden, and nothing else: {where}", where=ADDRESS)
    )
    markup.paragraph(say("One whose name begins with “metrics” reads the measurements of the server as well: /metrics"))
    _new(visit)
    if known:
        columns = (Column(say("Programme")), Column(say("Issued")), Column(say("Until")), Column(say("Last used")))
        rows = [(row["name"], (say.moment(row["issued"]), row["by"]), say.moment(row["until"]), say.moment(row["used"])) for row in known]
        tables.told(columns, rows, say("Tokens of programmes"))
    with st.form("token", border=True, clear_on_submit=True):
        name = st.text_input(say("Programme that will use it"), placeholder=say("e.g. data warehouse"))
        if st.form_submit_button(say("Issue a token")):
            _issue(visit, name.strip())
    if known:
        with st.form("revoke", border=True):
            ended = st.selectbox(say("Token"), [row["name"] for row in known])
            if st.form_submit_button(say("End this token")):
                _revoke(visit, ended)


def _new(visit: Visit) -> None:
    token = st.session_state.pop(ISSUED, None)
    if token:
        st.success(visit.say("The new token. Copy it now: it is shown only this once."))
        markup.code(token)


def _issue(visit: Visit, name: str) -> None:
    try:
        st.session_state[ISSUED] = tokens.issue(waiting.store(), people.require("people"), name)
    except MeridianError as error:
        messages.refused(visit, error)
        return
    st.rerun()


def _revoke(visit: Visit, name: str) -> None:
    try:
        tokens.revoke(waiting.store(), people.require("people"), name)
    except MeridianError as error:
        messages.refused(visit, error)
        return
    st.rerun()
