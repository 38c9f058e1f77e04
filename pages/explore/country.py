"""One country: who goes and comes, its share, agreements and partners there, what is done together."""

import streamlit as st

from pages.parts import charts, country, dossier, markup, messages, selection, sheets

visit = selection.visit()
say = visit.say

options = country.known(visit)
if not options:
    st.title(say("Country"), anchor=False)
    messages.nothing(visit, say("rows that name a country"), say("International Office"))
    st.stop()

head = st.container(gap="xsmall")
chosen = country.choose(visit, options)
name, where = country.name(visit, chosen), country.where(chosen)
with head:
    st.title(name, anchor=False)
    markup.paragraph(country.region(visit, chosen))
    markup.paragraph(country.sentence(visit, chosen), "m-verdict")
country.facts(visit, chosen)
sheets.about(visit, "country", chosen)

left, right = st.columns(2, gap="medium")
with left:
    charts.show_or_say(dossier.flows(visit, dossier.STUDENTS, where, name), visit, key="flows")
with right:
    charts.show_or_say(dossier.shares(visit, chosen, name), visit, key="share")
charts.show_or_say(dossier.flows(visit, dossier.STAFF, where, name), visit, key="staff")
dossier.units(visit, where)

st.header(say("Agreements and partners there"), anchor=False)
country.agreements(visit, chosen)

st.header(say("Activities"), anchor=False)
country.activities(visit, chosen)
