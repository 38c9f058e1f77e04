"""From a file to a publication, in steps; three for a perfect file. The draft that the address names goes on where it was left."""

import streamlit as st

from pages.parts import duties, effect, handing, matching, mending, people, remembered, selection

visit = selection.visit()
people.require("upload")
say = visit.say

st.title(say("Hand in data"), anchor=False)
handing.refusals()
draft = handing.current(visit)
if draft is None:
    duties.board(visit)
    st.header(say("A file"), anchor=False)
    source, year = handing.choose(visit)
    handing.drop(visit, source, year)
    st.header(say("Drafts"), anchor=False)
    handing.listing(visit)
    remembered.show(visit)
    st.stop()

handing.head(visit, draft)
if draft.stage == "published":
    effect.published(visit, draft)
    st.stop()

found = handing.found(visit, draft)
if draft.stage == "proposed":
    effect.proposed(visit, draft, found)
    st.stop()
if found is None:
    st.stop()

step = handing.step(visit, draft, found)
if step == "columns":
    matching.columns(visit, draft, found)
elif step == "values":
    matching.values(visit, draft, found)
elif step == "effect":
    effect.show(visit, found)
    effect.decide(visit, draft, found)
else:
    mending.show(visit, draft, found)
