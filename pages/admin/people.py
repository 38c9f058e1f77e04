"""Accounts: who there is, with which role and for what; new ones, codes, and shutting one; tokens of programmes."""

import streamlit as st

from pages.parts import accounts, markup, people, programmes, selection

visit = selection.visit()
people.require("people")
say = visit.say

st.title(say("People"), anchor=False)
markup.paragraph(accounts.sentence(visit), "m-verdict")
accounts.handed_over(visit)
accounts.table(visit)

st.header(say("A new account"), anchor=False)
accounts.add(visit)

st.header(say("Change an account"), anchor=False)
accounts.change(visit)

st.header(say("Programmes that read"), anchor=False)
programmes.show(visit)

st.header(say("Who may do what"), anchor=False)
accounts.permissions(visit)
