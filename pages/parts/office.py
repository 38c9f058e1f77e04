"""The Settings page: each decision is a form with a reason; below them the log, and the proof that nobody changed it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts import data, markup, messages, people, selection, tables, waiting
from pages.parts.selection import Visit
from pipelines import log
from pipelines.desk import governance, letterhead
from pipelines.errors import MeridianError
from pipelines.language import Language
from pipelines.log import Event
from pipelines.sources import sources

MOST = 200
ALL = "all"


def four_eyes(visit: Visit) -> None:
    """Who decides alone, and from which change on not."""
    say, store = visit.say, waiting.store()
    words = {
        "off": say("one person is enough"), "over_threshold": say("two people where much changes"), "always": say("always two people"),
    }  # fmt: skip
    with st.form("four_eyes", border=True):
        before = governance.setting(store, "four_eyes")
        policy = st.radio(say("Publishing"), governance.FOUR_EYES, governance.FOUR_EYES.index(before), format_func=words.__getitem__)
        limit = st.number_input(
            say("Much is a total or an indicator that changes by more than so many per cent"),
            0.0,
            1000.0,
            float(governance.setting(store, "threshold")),
            step=1.0,
            format="%g",
            width=190,
        )
        reason = st.text_input(say("Reason"), key="why_eyes")
        if st.form_submit_button(say("Decide"), type="primary"):
            _decide(visit, {"four_eyes": policy, "threshold": limit}, reason)
    markup.paragraph(say("A closed year always needs two people, and a goal that changes its status counts as much."))


def deadlines(visit: Visit) -> None:
    """Month and day for each dataset."""
    say, store = visit.say, waiting.store()
    names = [name for name in governance.DEFAULTS if name.startswith("due_")]
    with st.form("deadlines", border=True):
        with st.container(horizontal=True, gap="small"):
            told: dict[str, Any] = {name: _day(visit, name, governance.setting(store, name)) for name in names}
        years = governance.setting(store, "provisional_years")
        told["provisional_years"] = st.number_input(
            say("Years back in which figures of the Commission are provisional"), 0, 10, years, width=190
        )
        reason = st.text_input(say("Reason"), key="why_days")
        if st.form_submit_button(say("Decide"), type="primary"):
            _decide(visit, told, reason)
    markup.paragraph(say("Month and day after the academic year, as 10-15."))


def template(visit: Visit) -> None:
    """The university's own Word template: which is in use, another in its place, or Meridian's own again."""
    say, store = visit.say, waiting.store()
    kept = letterhead.current(store)
    words = (
        say("In use: {name} ({by}, {day})", name=kept.name, by=kept.by, day=say.date(kept.at[:10])) if kept else "",
        say("Words that it may ask for: {words}", words=letterhead.ASKED),
    )
    markup.paragraph(" · ".join(filter(None, words)))
    with st.form("template", border=True):
        file = st.file_uploader(say("Word template (.docx)"), ("docx",), key="letterhead", max_upload_size=letterhead.LARGEST // 2**20)
        plain = st.checkbox(say("Meridian's own again"), key="plain") if kept else False
        if not st.form_submit_button(say("Decide"), type="primary") or not (file or plain):
            return
    try:
        letterhead.keep(people.require("settings"), store, file.name if file else "", file.getvalue() if file else b"")
    except MeridianError as error:
        messages.refused(visit, error)
        return
    st.rerun()


def _day(visit: Visit, name: str, before: str) -> str:
    return st.text_input(visit.say.pick(sources()[name.removeprefix("due_")].title), before, key=name, width=190)


def _decide(visit: Visit, told: dict[str, Any], reason: str) -> None:
    """Writes what differs from before."""
    store = waiting.store()
    try:
        changed = {name: value for name, value in told.items() if value != governance.setting(store, name)}
        if changed:
            governance.set_settings(people.require("settings"), store, changed, reason)
    except MeridianError as error:
        st.error(error.finding.say("what", visit.say.code))
        return
    st.rerun()


def closed(visit: Visit) -> None:
    """Years that nobody changes alone any more; to close one, and to open it again."""
    say, store = visit.say, waiting.store()
    known = sorted(governance.sealed(store))
    if known:
        rows = [(institution, say.pick(sources()[source].title), say.year(year)) for institution, source, year in known]
        tables.plain((say("Institution"), say("Dataset"), say("Year")), rows, say)
    else:
        markup.paragraph(say("No year is closed."))
    with st.form("closed", border=True):
        with st.container(horizontal=True, gap="small"):
            named = [name for name, source in sources().items() if source.year]
            source = st.selectbox(say("Dataset"), named, format_func=lambda name: say.pick(sources()[name].title), width=220)
            years = data.years(visit.institution.id)
            at = years.index(visit.year) if visit.year in years else 0
            year = st.selectbox(say("Academic year"), years, at, format_func=say.year, width=160)
        reason = st.text_input(say("Reason"), key="why_closed")
        with st.container(horizontal=True, gap="small"):
            close = st.form_submit_button(say("Close it"), type="primary", icon=":material/lock:")
            reopen = st.form_submit_button(say("Open it again"), icon=":material/lock_open:")
    if (close or reopen) and year is not None:
        _seal(visit, source, year, reason, close)


def _seal(visit: Visit, source: str, year: int, reason: str, close: bool) -> None:
    act = governance.seal if close else governance.unseal
    try:
        act(people.require("seal"), waiting.store(), visit.institution.id, source, year, reason)
    except MeridianError as error:
        st.error(error.finding.say("what", visit.say.code))
        return
    st.rerun()


def log_lines(visit: Visit) -> None:
    """The newest lines of the log, and whether its chain is whole."""
    say, events = visit.say, log.remembered(waiting.store())
    kinds = [ALL, *sorted({event.kind for event in events})]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = selection.choose("kind", say("Kind"), kinds, ALL, lambda one: _kind(one, say))
        if st.button(say("Check the chain"), key="chain"):
            _chain(visit)
    mine = [event for event in reversed(events) if kind in (ALL, event.kind)]
    rows = [(str(event.no), say.moment(event.at), event.by, _kind(event.kind, say), _about(event)) for event in mine[:MOST]]
    tables.plain((say("Number"), say("When"), say("Who"), say("Kind"), say("What")), rows, say)


def _chain(visit: Visit) -> None:
    say, faults = visit.say, [one for one in log.verify(waiting.store()) if one.severity == "error"]
    if faults:
        st.error(" ".join(one.say("what", say.code) for one in faults[:5]))
    else:
        st.success(say("Every line follows on the one before: nobody changed the log."))


def _kind(name: str, say: Language) -> str:
    files = {
        "uploaded": say("file handed in"), "accepted": say("file accepted"), "published": say("published"), "rebuilt": say("built anew"),
        "erased": say("file erased"), "exported": say("downloaded"),
    }  # fmt: skip
    decisions = {
        "proposed": say("sent for approval"), "returned": say("given back"), "approved": say("approved"), "setting": say("setting"),
        "discarded": say("draft discarded"), "sealed": say("year closed"), "unsealed": say("year opened"), "layout": say("layout"),
    }  # fmt: skip
    aims = {
        "check_in": say("check-in"), "check_in_closed": say("action closed"), "check_in_corrected": say("check-in corrected"),
    }  # fmt: skip
    reports = {
        "report_text": say("report text"), "report_score": say("self-score"), "report_taken": say("report taken"),
        "report_template": say("Word template"), "evidence": say("evidence filed"), "evidence_withdrawn": say("evidence withdrawn"),
        "evidence_erased": say("evidence erased"), "partner": say("name of a partner"),
    }  # fmt: skip
    coming = {
        "signed_in": say("signed in"), "sign_in_refused": say("sign-in refused"), "signed_out": say("signed out"),
        "account": say("account"), "token": say("token of a programme"),
        "backed_up": say("backed up"), "recovered": say("restored from a backup"), "reread": say("read anew"),
    }  # fmt: skip
    running = {
        "refused": say("file refused"), "job_failed": say("job failed"), "checked": say("store checked"), "backed_up": say("backup made"),
    }  # fmt: skip
    return ({ALL: say("all")} | files | decisions | aims | reports | coming | running).get(name, name)


def _about(event: Event) -> str:
    """The facts of an event that a person can read."""
    shown = ("name", "account", "change", "role", "value", "institution", "source", "year", "what", "format", "no", "reason", "address")
    faults = (", ".join(event.facts.get("codes", ())), event.facts.get("code"), event.facts.get("faults"))
    return " · ".join(str(told) for told in (*map(event.facts.get, shown), *faults) if told not in (None, "", [], {}))
