"""Layouts that were learnt from answers: seen, edited, taken along as TOML, forgotten."""

from __future__ import annotations

import streamlit as st

from pages.parts import markup, people, waiting
from pages.parts.selection import Visit
from pipelines.desk import remembered
from pipelines.errors import MeridianError


def show(visit: Visit) -> None:
    """All remembered layouts, each with its text."""
    say, known = visit.say, remembered.remembered(waiting.store())
    if not people.may("layouts") or not known:
        return
    st.header(say("Remembered layouts"), anchor=False)
    markup.paragraph(say("How files of this installation are read. A layout is a text file; whoever likes may edit it."))
    for name in known:
        with st.expander(name):
            _one(visit, name)


def _one(visit: Visit, name: str) -> None:
    say, text = visit.say, remembered.text(waiting.store(), name)
    edited = st.text_area(say("The layout {name}", name=name), text, key=f"layout_{name}", height=320)
    with st.container(horizontal=True, gap="small"):
        if st.button(say("Save"), key=f"save_{name}", disabled=edited == text):
            _keep(visit, name, edited)
        st.download_button(say("Download (TOML)"), text, f"{name}.toml", "application/toml", key=f"toml_{name}", on_click="ignore")
        if st.button(say("Forget"), key=f"forget_{name}", type="tertiary", icon=":material/delete:"):
            remembered.forget(people.here(), waiting.store(), name)
            st.rerun()


def _keep(visit: Visit, name: str, text: str) -> None:
    try:
        remembered.keep(people.here(), waiting.store(), name, text)
    except MeridianError as error:
        st.error(error.finding.say("what", visit.say.code))
        return
    st.rerun()
