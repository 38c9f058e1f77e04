"""Links between pages: institution, year and language go along, so that a copied address shows the same page."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from pages.parts.selection import Visit


def indicator(visit: Visit, code: str, label: str) -> None:
    """A link to the page of an indicator."""
    st.page_link("leadership/indicator.py", label=label, query_params={"id": code, **visit.address})


def page(visit: Visit, path: str, label: str, **more: str) -> None:
    """A link to any page of ours; ``path`` is relative to ``pages/``."""
    st.page_link(path, label=label, query_params={**more, **visit.address})


def here(label: str, key: str, **more: str | None) -> None:
    """A way within the page one is on: Streamlit's own link leaves the address as it was then, so this is a button that changes it."""
    st.button(label, key=key, type="tertiary", on_click=_change, args=(more,))


def _change(more: dict[str, str | None]) -> None:
    for name, word in more.items():
        if word is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = word


def go(visit: Visit, path: str, **more: str) -> None:
    """Leads the visitor to another page of ours."""
    st.switch_page(path, query_params={**more, **visit.address})


def to_partner(visit: Visit, key: str) -> str:
    """The address of a partner's page, for links inside tables."""
    return "partner?" + urlencode({"partner": key, **visit.address})


def to_indicator(visit: Visit, code: str) -> str:
    """The address of an indicator's page, for links inside tables; relative, so that it holds behind any prefix."""
    return "indicator?" + urlencode({"id": code, **visit.address})
