"""Tables of a report go into Word from the page: as a real table with its caption, and as text for everything else.

A button carries no program; one listener of the page finds the table that follows it. Where the browser keeps its clipboard shut, the
table is selected and copied as a person would; where even that fails it stays selected, and the page says so.
"""

from __future__ import annotations

import json
from html import escape

import streamlit as st

from pipelines.errors import ROOT
from pipelines.language import Language


def titled(caption: str, say: Language) -> None:
    """The caption of a table with the button that copies the table below it."""
    button = f'<button type="button" class="m-copy">{escape(say("Copy for Word"))}</button>'
    st.html(f'<div class="m-captioned"><p class="m-title">{escape(caption)}</p>{button}<span class="m-line" role="status"></span></div>')


def listen(say: Language) -> None:
    """Sends the listener; it is the same however often it comes."""
    told = {"done": say("Copied: paste it into Word."), "by_hand": say("Selected: press Ctrl+C, then paste it into Word.")}
    program = (ROOT / "static" / "copy.js").read_text(encoding="utf-8")
    st.html(f"<script>window.meridianCopied = {json.dumps(told)};\n{program}</script>", unsafe_allow_javascript=True)
