"""A framework's report as it would be printed now: what is missing, each section with the places to write in, and the ways to take it."""

import streamlit as st

from pages.parts import people, reporting, section, selection, taking

visit = selection.visit()
people.require("read", visit.institution.id)
say = visit.say

st.title(say("Report"), anchor=False)
asked = reporting.choose(visit)
if asked is None:
    st.stop()

whole = reporting.outline(visit, asked)
reporting.head(visit, asked, whole)
if people.may("export", visit.institution.id):
    taking.changed(visit, asked, whole)
    taking.offer(visit, asked)

contents, page = st.columns([1, 3], gap="medium")
with contents:
    criterion = reporting.contents(visit, asked, whole)
with page:
    section.show(visit, asked, whole, criterion)
