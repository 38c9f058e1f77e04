"""The policy, element by element: what measures it, where it stands, what was done. An element never vanishes for want of numbers."""

import streamlit as st

from pages.parts import aims, cohort, markup, messages, scores, selection

visit = selection.visit()
say = visit.say
policy = aims.policy(visit)

if policy is None:
    st.title(say("Policy"), anchor=False)
    messages.nothing(visit, say("the policy of this institution"), say("the office that keeps the policy"))
    st.stop()

st.title(say.pick(policy.title), anchor=False)
markup.paragraph(aims.sentence(visit, policy), "m-verdict")
markup.paragraph(aims.document(visit, policy))
scores.plan(visit)
cohort.show(visit)

for number, element in enumerate(policy.element, start=1):
    aims.element(visit, policy, number, element)

aims.programmes(visit, policy)
aims.places(visit, policy)
st.header(say("How a goal is judged"), anchor=False)
aims.rules(visit)
