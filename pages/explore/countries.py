"""From where and to where, how concentrated. Ranked bars first; the map is the second view."""

import streamlit as st

from pages.parts import charts, markup, regional, selection, world

visit = selection.visit()
say = visit.say

st.title(say("Countries"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    measure = selection.choose("measure", say("What is counted"), world.MEASURES, world.first(visit), world.measure(visit), look="segments")
    view = selection.choose("view", say("View"), world.VIEWS, "ranking", world.view(visit), look="segments")
    world.to_country(visit)

world.diversity(visit, measure)
if view == "map":
    charts.show_map(world.map_of(visit, measure), visit, key="map")
elif view in regional.VIEWS:
    regional.show(visit, measure, view)
elif view == "balance":
    charts.show_or_say(world.balance(visit), visit, key="balance")
else:
    charts.show_or_say(world.ranking(visit, measure), visit, key="ranking")
markup.paragraph(
    say("Unknown, stateless and “foreign, country not told” are no countries: they are left out of the measures of diversity.")
)
