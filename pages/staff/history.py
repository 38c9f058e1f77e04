"""Every publication with its files, people, reasons and notes; undone in one click, compared, and originals given back."""

import streamlit as st

from pages.parts import markup, past, people, selection

visit = selection.visit()
people.require("history")
say = visit.say

st.title(say("History"), anchor=False)
markup.paragraph(past.sentence(visit), "m-verdict")
past.running(visit)
past.undo(visit)

st.header(say("Publications"), anchor=False)
past.publications(visit)

st.header(say("Compare two publications"), anchor=False)
past.compare(visit)
