"""What waits for a second person: the difference, its effect, the notes; approve, or give back with a word."""

import streamlit as st

from pages.parts import decision, effect, handing, people, selection

visit = selection.visit()
people.require("approve")
say = visit.say

st.title(say("To approve"), anchor=False)
draft = handing.current(visit)
if draft is None:
    decision.listing(visit)
    st.stop()

decision.head(visit, draft)
if draft.stage == "published":
    effect.published(visit, draft)
    st.stop()

found = handing.found(visit, draft)
if found is None or draft.stage != "proposed":
    decision.elsewhere(visit, draft)
    st.stop()

decision.reasons(visit, draft)
effect.show(visit, found)
decision.findings(visit, draft, found)
decision.decide(visit, draft)
