"""Taking a report along: which numbers changed since it was taken last, the formats, the worker's progress, the file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.parts import downloads, markup, people, tables, waiting
from pages.parts.reporting import Asked
from pages.parts.selection import Visit
from pipelines.access.person import Person
from pipelines.desk import taking, writing
from pipelines.desk.taking import Order
from pipelines.desk.worker import Job
from pipelines.errors import MeridianError
from pipelines.language import Language
from pipelines.reports import make
from pipelines.reports.outline import Outline

MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
    "xlsx": downloads.MIME["xlsx"], "zip": "application/zip",
}  # fmt: skip


def changed(visit: Visit, asked: Asked, whole: Outline) -> None:
    """What is written otherwise now than in the report that left the house last."""
    say, read = visit.say, asked.read
    before = writing.last_taken(waiting.store(), read.institution, asked.scheme.id, read.say.code)
    if before is None or whole.revisions is None:
        return
    n, when = len(whole.revisions.rows), say.moment(before.at)
    if not n:
        markup.paragraph(say("No number has changed since this report was last taken ({when}, {who}).", when=when, who=before.by))
        return
    told = say.many("{n} number changed since this report was last taken ({when}, {who}).",
                    "{n} numbers changed since this report was last taken ({when}, {who}).", n, when=when, who=before.by)  # fmt: skip
    st.info(told, icon=":material/change_circle:")
    with st.expander(say("What changed")):
        tables.show(whole.revisions, read.say, told)


def offer(visit: Visit, asked: Asked) -> None:
    """A button for each format; while the worker makes it the page stays usable, then the file can be saved."""
    say, key = visit.say, "report_job"
    wanted = {form: _order(asked, form) for form in (*make.FORMATS, make.PACKAGE)}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="take"):
        for form, order in wanted.items():
            st.button(_named(form, say), key=f"make_{form}", on_click=_ask, args=(order, key), icon=":material/description:")
    if refusal := st.session_state.pop("report_refused", None):
        st.error(refusal.sentence(say.code))
    job = waiting.show(visit, st.session_state.get(key, ""))
    waiting.fault(visit, job)
    if job and job.state == "done" and _fits(job, wanted):
        _file(visit, job)


def _order(asked: Asked, form: str) -> Order:
    read = asked.read
    return Order(read.institution, asked.scheme.id, read.say.code, len(read.years), read.year, asked.criteria, form)


def _named(form: str, say: Language) -> str:
    return {"docx": "Word", "pdf": "PDF", "xlsx": say("Workbook"), "zip": say("Evidence package")}[form]


def _ask(order: Order, key: str) -> None:
    try:
        st.session_state[key] = taking.order(people.here(), waiting.store(), order)
    except MeridianError as error:
        st.session_state["report_refused"] = error.finding


def _fits(job: Job, wanted: dict[str, Order]) -> bool:
    """Whether what was made is what is on the page: after another choice an old file is not offered as the new one."""
    order = wanted[job.facts["format"]]
    return all(job.facts[name] == (list(told) if isinstance(told, tuple) else told) for name, told in vars(order).items())


def _file(visit: Visit, job: Job) -> None:
    say, form, name = visit.say, job.facts["format"], job.result["name"]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.download_button(
            say("Save {name}", name=_named(form, say)), partial(_taken, people.here(), job), name, MIME[form], key=f"save_{job.id}",
            type="primary", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        size = say.number(max(1, round(job.result["size"] / 1024)))
        markup.paragraph(say("{name}, {size} KB, of publication {n}", name=name, size=size, n=job.result["publication"]))


def _taken(who: Person | None, job: Job) -> bytes:
    return taking.take(people.again(who), waiting.store(), job)
