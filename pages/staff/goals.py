"""Goals in a grid: changed with a reason, from a year on; what they were stays in the path and in the history."""

import streamlit as st

from pages.parts import aims_grid, markup, people, selection

visit = selection.visit()
people.require("goals")
say = visit.say

st.title(say("Goals"), anchor=False)
markup.paragraph(aims_grid.sentence(visit), "m-verdict")
if people.may("goals", visit.institution.id, "goals"):
    aims_grid.edit(visit)
else:
    markup.paragraph(say("You may edit goals of other institutions, not of this one."))
