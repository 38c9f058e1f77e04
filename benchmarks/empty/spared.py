"""The empty page in a server that spares its memory as ours does: what is left between it and our pages is our own work."""

import streamlit as st

from pages.door import rubbish

rubbish.spare()
st.title("Empty")
