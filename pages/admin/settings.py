"""What this installation decides: four eyes, deadlines, closed years; and what was done in it."""

import streamlit as st

from pages.parts import office, people, selection

visit = selection.visit()
people.require("seal")
say = visit.say

st.title(say("Settings"), anchor=False)
if people.may("settings"):
    st.header(say("Four eyes"), anchor=False)
    office.four_eyes(visit)
    st.header(say("What is due when"), anchor=False)
    office.deadlines(visit)
    st.header(say("Word template of reports"), anchor=False)
    office.template(visit)

st.header(say("Closed years"), anchor=False)
office.closed(visit)

if people.may("audit"):
    st.header(say("What was done"), anchor=False)
    office.log_lines(visit)
