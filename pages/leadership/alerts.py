"""What asks for attention today, all of it; as a list and as a calendar to take along."""

import streamlit as st

from pages.parts import markup, notices, selection

visit = selection.visit()
say = visit.say

st.title(say("What asks for attention"), anchor=False)
markup.stressed(*notices.sentence(visit))
notices.take(visit)
notices.show(visit)
