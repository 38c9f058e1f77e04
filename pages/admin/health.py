"""How the installation is doing: what needs somebody, what it can do, what is on air, what was kept out."""

import streamlit as st

from pages.parts import condition, markup, people, selection

visit = selection.visit()
people.require("health")
say = visit.say

st.title(say("System health"), anchor=False)
state = condition.look()
markup.paragraph(condition.sentence(visit, state), "m-verdict")
condition.alarms(visit, state)

st.header(say("What it must be able to do"), anchor=False)
condition.checks(visit, state)

st.header(say("What is on air"), anchor=False)
condition.on_air(visit, state)

st.header(say("Disk and backup"), anchor=False)
condition.kept(visit, state)
condition.prove(visit)

st.header(say("Web processes"), anchor=False)
condition.processes(visit, state)

st.header(say("Jobs of the worker"), anchor=False)
condition.jobs(visit, state)

st.header(say("Kept out in the last thirty days"), anchor=False)
condition.refused(visit)
