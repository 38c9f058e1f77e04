"""The locker of evidence: what proves a report, numbered per criterion; files and links, who attached them and when."""

import streamlit as st

from pages.parts import locker, people, reporting, selection

visit = selection.visit()
people.require("read", visit.institution.id)
say = visit.say

st.title(say("Evidence"), anchor=False)
scheme = reporting.scheme(visit)
named = {entry.code: f"{entry.code} {say.pick(entry.title)}" for entry in scheme.criterion}
criterion = selection.choose("criterion", say("Criterion"), list(named), next(iter(named)), named.__getitem__, width=420)

locker.sentence(visit, scheme)
locker.listing(visit, scheme, criterion)
locker.hints(visit, scheme, criterion)
if people.may("write", visit.institution.id):
    locker.attach(visit, scheme, criterion)
