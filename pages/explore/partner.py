"""One partner in all dimensions: how the relation stands and why, people, agreements, joint work, what is missing; and all in order."""

import streamlit as st

from pages.parts import charts, dossier, messages, naming, partner, register, selection, sheets, weighing

visit = selection.visit()
say = visit.say

options = partner.known(visit)
if not options:
    st.title(say("Partner"), anchor=False)
    messages.nothing(visit, say("rows that name a partner"), say("International Office"))
    st.stop()

head = st.container(gap="xsmall")
chosen = partner.choose(visit, options, weighing.first(visit, options))
weights = weighing.weights(visit)
row = register.known_partners(visit.institution.id)[chosen]
name, where = row["partner"], partner.where(row)
with head:
    st.title(name, anchor=False)
    partner.identity(visit, row)
    partner.standing(visit, row, weighing.total(visit, weights, name))
partner.facts(visit, row)
sheets.about(visit, "partner", name)
partner.to_country(visit, row)

left, right = st.columns(2, gap="medium")
with left:
    charts.show_or_say(dossier.flows(visit, dossier.STUDENTS, where, name), visit, key="students")
    charts.show_or_say(partner.places(visit, name), visit, key="places")
with right:
    charts.show_or_say(dossier.flows(visit, dossier.STAFF, where, name), visit, key="staff")
    charts.show_or_say(partner.course(visit, name), visit, key="course")

st.header(say("Agreements"), anchor=False)
partner.agreements(visit, row)

st.header(say("Joint programmes, projects, visits"), anchor=False)
partner.activities(visit, row)
if published := partner.publications(visit, chosen, name):
    charts.show_or_say(published, visit, key="publications")

st.header(say("What is missing"), anchor=False)
partner.missing(visit, row)

st.header(say("Scorecard"), anchor=False)
weighing.card(visit, weights, name)

st.header(say("All partners by score"), anchor=False)
weighing.ranking(visit, weights)
naming.show(visit)
