"""A country's institutions together: its own number, quantiles, a ranking without names for those who may not read them, the years."""

import streamlit as st

from pages.parts import charts, markup, messages, nation, people, selection

visit = selection.visit()
people.require("national")
say = visit.say

st.title(say("National view"), anchor=False)
if not nation.offers(visit.institution.country):
    messages.nothing(visit, say("the same figure of at least two institutions of the country"))
    st.stop()

markup.paragraph(say("One country, one indicator, one period, one series. Missing is not zero: who has no value is counted apart."))
chosen = nation.choose(visit)
nation.facts(visit, chosen)
charts.show_or_say(nation.spread(visit, chosen), visit, key="spread")

course = nation.course(visit, chosen)
if course.told:
    st.header(say("Over the years"), anchor=False)
    charts.show(course, visit, key="course")
