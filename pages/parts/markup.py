"""The few pieces of HTML that Streamlit has no element for. Every text that comes in is escaped here; nothing else writes HTML.

Streamlit cleans what it is given once more in the browser (DOMPurify, HTML profile): no script, no SVG, no form.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape

import streamlit as st

from pipelines.errors import ROOT
from pipelines.palette import LINE, ROLE


@cache
def stylesheet() -> str:
    """The text of static/meridian.css."""
    return (ROOT / "static" / "meridian.css").read_text(encoding="utf-8")


def dress() -> None:
    """Sends the stylesheet; the frame does it once a run."""
    st.html(f"<style>{stylesheet()}</style>")


def element(tag: str, text: str, kind: str = "", title: str = "") -> str:
    """One element with escaped text."""
    named = f' class="{escape(kind)}"' if kind else ""
    hint = f' title="{escape(title)}"' if title else ""
    return f"<{tag}{named}{hint}>{escape(text)}</{tag}>"


def paragraph(text: str, kind: str = "m-line") -> None:
    """A paragraph of a kind the stylesheet knows."""
    st.html(element("p", text, kind))


def sample(text: str) -> None:
    """The mark of made-up figures."""
    st.html(element("p", text, "m-sample"), width="content")


def code(text: str) -> None:
    """A formula or a drawn table, letter by letter. (Streamlit's own code element loads half a megabyte of colouring.)"""
    st.html(f'<pre class="m-code" tabindex="0">{escape(text)}</pre>')


def stressed(strong: str, rest: str, kind: str = "m-verdict") -> None:
    """A paragraph that begins with its finding in bold."""
    st.html(f'<p class="{escape(kind)}"><strong>{escape(strong)}</strong> {escape(rest)}</p>')


def judged(word: str, tone: str, icon: str, reasons: str) -> None:
    """A verdict: its status, and why."""
    st.html(f'<p class="m-verdict">{pill(word, tone, icon)} {escape(reasons)}</p>')


def pill(text: str, tone: str, icon: str = "") -> str:
    """A status: icon and word, never colour alone."""
    return f'<span class="m-pill {escape(tone)}"><span aria-hidden="true">{escape(icon)}</span>{escape(text)}</span>'


@lru_cache(maxsize=2048)
def sparkline(values: tuple[float | None, ...], goal: float | None, alt: str) -> str:
    """A small line of the last years as a picture with an alternative text; gaps stay gaps, the goal is a dashed line."""
    known = [value for value in values if value is not None] + ([goal] if goal is not None else [])
    if len([value for value in values if value is not None]) < 2:
        return ""
    low, high = min(known), max(known)
    spread = (high - low) or abs(high) or 1.0
    wide, tall, edge = 200.0, 38.0, 4.0

    def at(index: int, value: float) -> tuple[float, float]:
        return edge + index * (wide - 2 * edge) / max(len(values) - 1, 1), tall - edge - (value - low) / spread * (tall - 2 * edge)

    lines, run = [], []
    for index, value in enumerate((*values, None)):
        if value is None:
            lines += [run] if len(run) > 1 else []
            run = []
        else:
            run.append("{:.1f},{:.1f}".format(*at(index, value)))
    drawn = "".join(
        f'<polyline points="{" ".join(line)}" fill="none" stroke="{ROLE["first"]}" stroke-width="2" vector-effect="non-scaling-stroke"/>'
        for line in lines
    )
    if goal is not None:
        height = at(0, goal)[1]
        dashed = f'stroke="{ROLE["goal"]}" stroke-width="1" stroke-dasharray="3 3" vector-effect="non-scaling-stroke"'
        drawn += f'<line x1="0" x2="{wide}" y1="{height:.1f}" y2="{height:.1f}" {dashed}/>'
    last = next(index for index in range(len(values) - 1, -1, -1) if values[index] is not None)
    x, y = at(last, values[last] or 0.0)
    dot = f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="3" ry="3.4" fill="{ROLE["first"]}"/>'
    base = f'<line x1="0" x2="{wide}" y1="{tall - 0.5}" y2="{tall - 0.5}" stroke="{LINE}" stroke-width="1"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {tall:.0f}" preserveAspectRatio="none">{base}{drawn}{dot}</svg>'
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def _small_marks(value: str) -> str:
    """The number large, its marks ([p], [s]) small behind it."""
    number, mark, rest = value.partition(" [")
    return f"{escape(number)} <small>{escape((mark + rest).strip())}</small>" if mark else escape(value)


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """Numbers with what they count, side by side; as many in a row as fit."""
    cells = "".join(
        f'<div class="m-fact"><div class="v">{_small_marks(value)}</div><div class="k">{escape(words)}</div></div>'
        for value, words in pairs
    )
    st.html(f'<div class="m-facts">{cells}</div>')


@dataclass(frozen=True)
class Tile:
    """A number with its mark, what it counts, the page that explains it, and lines of small print."""

    value: str
    words: str
    address: str
    below: tuple[str, ...] = ()


def tiles(entries: Sequence[Tile]) -> None:
    """Numbers with links, side by side; as many in a row as fit."""
    cells = ""
    for tile in entries:
        name = f'<a href="{escape(tile.address)}">{escape(tile.words)}</a>'
        below = "".join(element("div", text, "p") for text in tile.below if text)
        cells += f'<div class="m-fact"><div class="v">{_small_marks(tile.value)}</div><div class="k">{name}</div>{below}</div>'
    st.html(f'<div class="m-facts wide">{cells}</div>')


def numbered(texts: Sequence[str]) -> None:
    """A numbered list."""
    st.html(f'<ol class="m-list">{"".join(element("li", text) for text in texts)}</ol>')


def definitions(pairs: Sequence[tuple[str, str]]) -> None:
    """Terms and their descriptions; an empty description is left out."""
    st.html('<dl class="m-def">' + "".join(element("dt", term) + element("dd", text) for term, text in pairs if text) + "</dl>")


Pill = tuple[str, str, str]
"""Text, tone and icon of a status."""


def lacks(entries: Sequence[tuple[Pill, str]]) -> None:
    """Statuses side by side, each with a hint that shows on pointing and is read aloud."""
    shown = "".join(f'<span title="{escape(hint)}">{pill(*told)}</span>' if hint else pill(*told) for told, hint in entries)
    st.html(f'<div class="m-pills">{shown}</div>')


def status(told: Pill) -> None:
    """A status that stands alone."""
    st.html(pill(*told))


def noted(lines: Sequence[tuple[Pill | None, str, str]]) -> None:
    """A note with what followed from it, a line each: a status or none, its text, its small print."""
    st.html(f'<div class="m-checkin">{"".join(_noted(*line) for line in lines if line[1] or line[2])}</div>')


def _noted(state: Pill | None, text: str, small: str) -> str:
    return f"<div>{pill(*state) if state else ''} {escape(text)} {element('span', small, 'p') if small else ''}</div>"


def ways(entries: Sequence[tuple[str, str]]) -> None:
    """A list of links: address and text."""
    rows = "".join(f'<li><a href="{escape(address)}">{escape(text)}</a></li>' for address, text in entries)
    st.html(f'<ul class="m-alerts">{rows}</ul>')


def account(words: str, link: str, address: str) -> None:
    """Who is here, and the way in or out: an address outside the pages, so the browser really goes there."""
    st.html(f'<p class="m-account">{escape(words)} <a href="{escape(address)}" target="_self">{escape(link)}</a></p>')


def declare(code: str) -> None:
    """Tells the browser, and so screen readers, the language of the page: Streamlit always says English."""
    st.html(f"<script>document.documentElement.lang = {code!r};</script>", unsafe_allow_javascript=True)
