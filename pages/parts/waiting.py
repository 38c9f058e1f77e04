"""Work that takes a while: which stage it is in, told while the rest of the page stays usable."""

from __future__ import annotations

import streamlit as st

from pages.parts.selection import Visit
from pipelines.desk import worker
from pipelines.desk.worker import Job
from pipelines.language import Language
from pipelines.settings import settings
from pipelines.store import Store

EVERY = 0.6
"""Seconds between two looks at the worker."""


def store() -> Store:
    """The store of this installation."""
    return Store(settings().store)


def stage(name: str, say: Language) -> str:
    """A stage of the path in words."""
    words = {
        "": say("Waiting for the worker"),
        "read": say("Reading the cells"),
        "tidy": say("Matching columns and words"),
        "check": say("Checking every row"),
        "effect": say("Weighing what would change"),
        "publish": say("Building the publication"),
        "compare": say("Comparing"),
        "erase": say("Erasing and building anew"),
        "report": say("Making the report"),
    }
    return words.get(name, words[""])


def show(visit: Visit, job: str) -> Job | None:
    """The job as it is now; while it is not over its progress stands on the page, which is drawn anew at the end."""
    found = worker.state(store(), job) if job else None
    if found and not found.over:
        _progress(visit, job)
    return found


@st.fragment(run_every=EVERY)
def _progress(visit: Visit, job: str) -> None:
    found = worker.state(store(), job)
    if found is None or found.over:
        st.rerun()
    worker.start(store())
    st.progress(min(found.share, 1.0), text=stage(found.stage, visit.say))


def fault(visit: Visit, job: Job | None) -> bool:
    """What went wrong, where it did; tells whether."""
    if job is None or job.state != "failed" or not job.error:
        return False
    told = job.error if visit.say.code == "en" else job.error["tr"]
    st.error(f"{told['what']} {told['remedy']}", icon=":material/error:")
    return True
