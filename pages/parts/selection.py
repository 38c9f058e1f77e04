"""What the visitor has chosen, as plain values. Every choice stands in the address, as a code and never as a label.

Streamlit's own ``bind="query-params"`` writes the *label* of an option into the address (measured on 1.67), so a link would change with
the language. Here the address holds codes: ``?institution=demo&year=2024&lang=tr``, and a link shows the same page to everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from pages.parts import data, markup
from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.language import LANGUAGES, Language, language, spoken

Look = Literal["list", "segments", "pills"]
ALL = "all"
LONGEST = 120
"""Letters of a text that is looked for."""


@dataclass(frozen=True)
class Visit:
    """Who is looked at, in which year and language: the same on every page."""

    say: Language
    institution: data.Institution
    year: int | None

    @property
    def address(self) -> dict[str, str]:
        """The part of the address that goes along to every page."""
        return {"institution": self.institution.id, **({"year": str(self.year)} if self.year else {}), "lang": self.say.code}


def choose(
    key: str,
    label: str,
    options: Sequence[str],
    default: str,
    name: Callable[[str], str],
    *,
    look: Look = "list",
    pinned: bool = False,
    hide_label: bool = False,
    width: int | Literal["stretch", "content"] = 260,
) -> str:
    """One option. The address wins over what was chosen before; an unknown word in the address counts for nothing.

    ``pinned`` choices always stand in the address; others only where they differ from the default.
    """
    _recall(key, options, default)
    draw = {"list": st.selectbox, "segments": st.segmented_control, "pills": st.pills}[look]
    more = {} if look == "list" else {"required": True}
    width = width if look == "list" else "content"
    chosen = draw(
        label,
        options,
        key=key,
        format_func=name,
        on_change=_write,
        args=(key,),
        label_visibility="collapsed" if hide_label else "visible",
        width=width,
        **more,
    )
    chosen = chosen if chosen in options else default
    _note(key, chosen, default, pinned)
    return chosen


def several(key: str, label: str, options: Sequence[str], name: Callable[[str], str], none: str = "") -> tuple[str, ...]:
    """Any number of options, in the address joined by commas. ``none``: what it means to choose none, where that is not all."""
    asked = [word for word in st.query_params.get(key, "").split(",") if word in options]
    if asked:
        st.session_state[key] = asked
    else:
        before = st.session_state.get(key, [])
        st.session_state[key] = [word for word in before if word in options] if isinstance(before, list) else []
    placeholder = none or st.session_state["visit"].say("all")
    st.multiselect(label, options, key=key, format_func=name, on_change=_write, args=(key,), placeholder=placeholder)
    chosen = tuple(st.session_state[key])
    _note(key, ",".join(chosen), "", False)
    return chosen


def typed(key: str, label: str) -> str:
    """A text that is looked for; it stands in the address."""
    asked = st.query_params.get(key)
    if asked is not None and st.session_state.get(key) != asked:
        st.session_state[key] = asked[:LONGEST]
    st.text_input(label, key=key, on_change=_write, args=(key,), max_chars=LONGEST, width=260)
    chosen = str(st.session_state.get(key) or "").strip()
    _note(key, chosen, "", False)
    return chosen


def amount(key: str, label: str, default: float, most: float, step: float, help: str = "") -> float:
    """A number from nothing to ``most``, on a slider; in the address where it is not the default."""
    asked = _number(st.query_params.get(key))
    if asked is not None and 0 <= asked <= most and st.session_state.get(key) != asked:
        st.session_state[key] = asked
    elif key not in st.session_state:
        st.session_state[key] = default
    chosen = st.slider(label, 0.0, most, step=step, key=key, on_change=_write, args=(key,), format="%g", help=help or None)
    _note(key, f"{chosen:g}", f"{default:g}", False)
    return chosen


def _number(word: str | None) -> float | None:
    """A number of the address; None for anything else."""
    try:
        return float(word) if word else None
    except ValueError:
        return None


def _recall(key: str, options: Sequence[str], default: str) -> None:
    asked = st.query_params.get(key)
    if asked in options and st.session_state.get(key) != asked:
        st.session_state[key] = asked
    elif st.session_state.get(key) not in options:
        st.session_state[key] = default


def _write(key: str) -> None:
    """A widget was used: the address follows before the page is drawn anew."""
    value = st.session_state[key]
    st.query_params[key] = ",".join(value) if isinstance(value, list) else str(value or "")


def _note(key: str, chosen: str, default: str, pinned: bool) -> None:
    if pinned or chosen != default:
        if st.query_params.get(key) != chosen:
            st.query_params[key] = chosen
    elif key in st.query_params:
        del st.query_params[key]


def tongue() -> Language:
    """The language of the address, else the browser's, else English."""
    asked = st.query_params.get("lang") or st.session_state.get("lang") or (st.context.locale or "")[:2]
    return spoken(asked)


def visit() -> Visit:
    """What the frame has chosen for this run."""
    return st.session_state["visit"]


def frame(say: Language) -> Visit:
    """The row above every page: institution, year, language, and the mark of a sample."""
    asked = st.query_params.get("institution")
    known = data.institutions(asked or "")
    names: Mapping[str, data.Institution] = {entry.id: entry for entry in known}
    with st.container(horizontal=True, vertical_alignment="center", key="frame", gap="small"):
        chosen = choose(
            "institution",
            say("Institution"),
            list(names),
            known[0].id,
            lambda code: names[code].label(say),
            pinned=True,
            hide_label=True,
            width="stretch",
        )
        years = data.years(chosen)
        default = str(data.full_year(chosen))
        year = (
            choose(
                "year",
                say("Academic year"),
                [str(year) for year in years],
                default,
                lambda y: say.year(int(y)),
                pinned=True,
                hide_label=True,
                width=132,
            )
            if years
            else None
        )
        code = choose("lang", say("Language"), LANGUAGES, say.code, str.upper, look="segments", pinned=True, hide_label=True)
        st.session_state["visit"] = Visit(language(code), names[chosen], int(year) if year else None)
        if names[chosen].sample:
            markup.sample(say("Sample: this institution and all its figures are made up."))
    if asked and asked not in names:
        plain = "".join(sign for sign in asked[:60] if sign.isalnum() or sign in "-_.")
        st.warning(say("There is no institution called {name} here; another one is shown.", name=plain))
    return st.session_state["visit"]


def indicator() -> Indicator:
    """The indicator that the address names (?id=A01, a code or an id), else the first that the institution has values of."""
    known = data.measured(visit().institution.id)
    every = catalogue.indicators()
    asked = st.query_params.get("id", "")
    code = next((entry.code for entry in every.values() if asked.lower() in (entry.code.lower(), entry.id.lower())), None) or (
        known[0] if known else next(iter(every))
    )
    st.query_params["id"] = code if st.query_params.get("id") not in (code, every[code].id) else asked
    options = [*known, *(other for other in every if other not in known)]
    say = visit().say
    if st.session_state.get("indicator") != code:
        st.session_state["indicator"] = code
    st.selectbox(
        say("Indicator"),
        options,
        key="indicator",
        format_func=lambda c: f"{c} · {say.pick(every[c].title)}",
        on_change=_to_id,
        label_visibility="collapsed",
    )
    return every[code]


def _to_id() -> None:
    st.query_params["id"] = st.session_state["indicator"]
