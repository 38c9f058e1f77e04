"""The path of a figure, from the bytes somebody handed in to the number on a page.

The stages are modules, in this order: receive, read, tidy, check, compare, publish, measure. Nothing here imports Streamlit.
"""
