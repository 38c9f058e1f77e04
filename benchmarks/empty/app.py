"""The empty page that ours are measured against."""

import streamlit as st

st.title("Empty")
