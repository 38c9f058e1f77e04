"""A run of a page as it is seen from outside: whose it is and which request's, on every line of the journal; and how long it took."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.door.tracing import ID
from pages.parts import people
from pipelines import journal
from pipelines.health import metrics

LOG = logging.getLogger("meridian.page")


def request() -> str:
    """The id of the socket that this run answers; empty where no server stands around the page."""
    return st.context.headers.get(ID, "")


def named() -> None:
    """From here on every line tells whose run this is. A run may come in any thread, so each says it anew."""
    person = people.here()
    journal.anew(request_id=request() or None, person=person.id if person else None)


@contextmanager
def timed(page: str, began: float) -> Iterator[None]:
    """Counts the run that began at ``began`` (``time.perf_counter``), also one that another click ended: it had taken that long."""
    try:
        yield
    finally:
        seconds = time.perf_counter() - began
        metrics.run(page, seconds)
        LOG.info("page shown", extra={"page": page, "ms": round(seconds * 1000)})
