"""What exactly is counted: every definition, printed from the files that compute it."""

import streamlit as st

from pages.parts import lexicon, markup, selection, sheets

visit = selection.visit()
say = visit.say

st.title(say("Handbook"), anchor=False)
markup.paragraph(lexicon.sentence(visit), "m-verdict")
sheets.handbook(visit)
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    theme = selection.choose("theme", say("Theme"), lexicon.THEMES, "A", lexicon.theme(visit), look="list")
    words = st.text_input(say("Search"), key="words", bind="query-params", placeholder=say("a word of the title or definition"), width=300)
    framework = selection.choose("framework", say("Framework"), lexicon.frameworks(), lexicon.ANY, lexicon.framework(visit), look="list")

found = lexicon.find(visit, theme, words, framework)
markup.paragraph(say.many("{n} indicator", "{n} indicators", len(found)))
for indicator in found:
    lexicon.entry(visit, indicator)

st.header(say("Rules that every figure obeys"), anchor=False)
lexicon.rules(visit)
