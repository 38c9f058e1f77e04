"""Which agreements live, which end soon, which sleep; places given and used; partners and countries."""

import streamlit as st

from pages.parts import agreed, charts, contracts, markup, messages, partners, published, selection

visit = selection.visit()
say = visit.say

st.title(say("Agreements"), anchor=False)
if not contracts.known(visit):
    messages.nothing(visit, say("a register of agreements"), say("International Office"))
    published.show(visit, "E", ("A39",))
    st.stop()

markup.paragraph(contracts.sentence(visit), "m-verdict")
markup.paragraph(contracts.judged_on(visit))
contracts.facts(visit)
charts.show_or_say(contracts.ending(visit), visit, key="ending")
left, right = st.columns(2, gap="medium")
with left:
    charts.show_or_say(partners.use(visit), visit, key="places")
    charts.show_or_say(contracts.reciprocity(visit), visit, key="reciprocity")
with right:
    charts.show_or_say(partners.use(visit, partners.MONTHS), visit, key="months")
    charts.show_or_say(contracts.approved(visit), visit, key="approved")

st.header(say("The register"), anchor=False)
agreed.show(visit, agreed.choose(visit, contracts.state(visit)))

st.header(say("Units, kinds, countries"), anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    charts.show_or_say(contracts.units(visit), visit, key="units")
    charts.show_or_say(contracts.countries(visit), visit, key="countries")
with right:
    charts.show_or_say(contracts.kinds(visit), visit, key="kinds")

st.header(say("Partners"), anchor=False)
partners.show(visit)
