"""An institution among its peers: rank, quartiles and its own dot, from published lists that hold both."""

import streamlit as st

from pages.parts import charts, markup, messages, rivals, selection

visit = selection.visit()
say = visit.say

st.title(say("Benchmark"), anchor=False)
if not rivals.offers(visit.institution.id):
    messages.nothing(visit, say("a list that holds this institution and others"), say("International Office"))
    st.stop()

markup.paragraph(
    say("Like with like: one indicator, one period, one published list. Our own rows are never set against somebody else's list.")
)
chosen = rivals.choose(visit)
charts.show_or_say(rivals.figure(visit, chosen), visit, key="peers")
