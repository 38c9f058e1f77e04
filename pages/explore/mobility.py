"""Who goes and comes, how many, in which programme: flows, mix, and the table of units and levels."""

import streamlit as st

from pages.parts import charts, crossings, markup, messages, movement, published, selection

visit = selection.visit()
say = visit.say

st.title(say("Mobility"), anchor=False)
if not movement.known(visit):
    messages.nothing(visit, say("rows of mobility"), say("International Office"))
    published.show(visit, "AB")
    st.stop()

chosen = movement.choose(visit)
markup.paragraph(movement.sentence(visit, chosen), "m-verdict")

charts.show_or_say(movement.flows(visit, chosen), visit, key="flows", filters=chosen.words)
left, right = st.columns(2, gap="medium")
with left:
    charts.show_or_say(movement.mix(visit, chosen), visit, key="mix", filters=chosen.words)
with right:
    charts.show_or_say(movement.units(visit, chosen), visit, key="units", filters=chosen.words)

st.header(say("Who sends, who receives"), anchor=False)
crossings.show(visit, chosen)

st.header(say("What it is made of"), anchor=False)
by = selection.choose("by", say("Break down by"), movement.DIMENSIONS, "activity", movement.dimension(visit), look="pills")
charts.show_or_say(movement.parts(visit, chosen, by), visit, key="parts", filters=chosen.words)
