"""What is behind the figures: publications, files, findings, checks — who and when."""

import streamlit as st

from pages.parts import ledger, markup, messages, selection

visit = selection.visit()
say = visit.say

st.title(say("Data"), anchor=False)
markup.paragraph(ledger.sentence(visit), "m-verdict")
markup.paragraph(messages.standing(visit))
view = selection.choose("show", say("View"), ledger.VIEWS, "files", ledger.view(visit), look="segments", hide_label=True)
ledger.show(visit, view)
