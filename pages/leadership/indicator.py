"""One indicator in full: trend and goal, what it is made of, how it is defined, and the cells its numbers come from."""

import streamlit as st

from pages.parts import charts, diary, explain, markup, messages, pictures, selection, trace, variants, way

visit = selection.visit()
say = visit.say
indicator = selection.indicator()
values, year = pictures.values(visit, indicator)

with st.container(gap="xsmall"):
    st.title(say.pick(indicator.title), anchor=False)
    markup.paragraph(explain.kicker(visit, indicator))
    explain.answer(visit, indicator, values)

parts = pictures.breakdown(visit, indicator, explain.by(visit, indicator), year) if indicator.breakdowns else None
if values:
    charts.show(pictures.trend(visit, indicator), visit, key="trend")
elif parts and parts.told:
    markup.paragraph(say("The whole has no value; its parts stand below."))
else:
    messages.nothing(visit, say.pick(indicator.title), say.pick(indicator.steward))
way.show(visit, indicator)
diary.of_indicator(visit, indicator)
explain.gap(visit, indicator)

if parts:
    st.header(say("What it is made of"), anchor=False)
    explain.choose_by(visit, indicator)
    charts.show_or_say(parts, visit, key="breakdown")

variants.show(visit, indicator, year)

st.header(say("Definition"), anchor=False)
explain.definition(visit, indicator)

st.header(say("Where the numbers come from"), anchor=False)
trace.show(visit, indicator, year)
