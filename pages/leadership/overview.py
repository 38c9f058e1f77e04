"""Are we on track, what changed, what needs attention: one screen, no chart library. Without goals: what is known and published."""

import streamlit as st

from pages.parts import brief, cards, downloads, links, markup, published, selection, sheets

visit = selection.visit()
say = visit.say
judged = cards.goals(visit, visit.year)

with st.container(key="overview", gap="medium"):
    with st.container(gap="xsmall", key="verdict"):
        st.title(say("Internationalization at a glance"), anchor=False)
        markup.stressed(*brief.verdict(visit, judged))
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            markup.paragraph(brief.standing(visit))
            sheets.brief(visit)
    if judged or brief.counted(visit):
        cards.grid(visit, brief.headlines(visit, judged), judged)
    if judged:
        aims, news = st.columns([3, 2], gap="medium")
        with aims, st.container(border=True, key="aims"):
            markup.paragraph(say("How far each goal is, the one furthest behind first"), "m-title")
            markup.paragraph(say("Share of the way from baseline to target; the dark tick is the target, the tint what was due by now."))
            cards.bullets(visit, judged)
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                links.page(visit, "leadership/policy.py", say("The policy and everything that measures it →"))
                downloads.menu(cards.figure(visit, judged), say, "goals")
        with news, st.container(border=True, key="news"):
            brief.news(visit, judged)
    else:
        published.show(visit)
        brief.policy(visit)
        if brief.counted(visit):
            with st.container(border=True, key="news"):
                brief.news(visit, judged)
