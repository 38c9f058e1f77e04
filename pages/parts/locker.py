"""The Evidence page: the list of a criterion, what is usually shown for it, attaching, withdrawing, and erasing for administrators."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.parts import downloads, markup, messages, people, tables, waiting
from pages.parts.selection import Visit
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.desk import evidence
from pipelines.desk.evidence import Item
from pipelines.errors import MeridianError
from pipelines.figures import Column
from pipelines.frameworks import Framework, Section
from pipelines.language import Language
from pipelines.store import Store

ENDINGS = [*evidence.BEGINS, *evidence.TEXTS]


def sentence(visit: Visit, scheme: Framework) -> None:
    """How much there is, and for how many criteria."""
    say = visit.say
    found = evidence.items(waiting.store(), visit.institution.id, scheme.id)
    covered = len({one.where.criterion for one in found})
    first = say.many("{n} piece of evidence", "{n} pieces of evidence", len(found))
    markup.stressed(f"{first}.", say("{n} of {all} criteria have some.", n=covered, all=len(scheme.criterion)))


def listing(visit: Visit, scheme: Framework, criterion: str) -> None:
    """Everything filed for a criterion in the order of its numbers; what was withdrawn stays in the list with its reason."""
    say, found = visit.say, evidence.items(waiting.store(), visit.institution.id, scheme.id, withdrawn=True)
    mine = [one for one in found if one.where.criterion == criterion]
    if not mine:
        markup.paragraph(say("Nothing has been filed for this criterion yet."))
        return
    columns = [Column(say("Number")), Column(say("Evidence")), Column(say("State")), Column(say("Filed")), Column("SHA-256")]
    tables.told(columns, [_row(one, say) for one in mine], say("Evidence"))
    standing = [one for one in mine if not one.withdrawn]
    if people.may("export", visit.institution.id):
        _files(visit, [one for one in standing if one.digest and not one.erased])
    if standing and people.may("write", visit.institution.id):
        _withdraw(visit, scheme, standing)
    held = [one for one in mine if one.digest and not one.erased]
    if held and people.may("erase"):
        _erase(visit, held)


def _row(one: Item, say: Language) -> tuple[tables.Cell, ...]:
    title: tables.Cell = (tables.Link(one.title, one.link), one.link) if one.link else (one.title, one.name)
    state: tables.Cell = tables.Mark(say("filed"), "good", "✔")
    if one.erased:
        state = (tables.Mark(say("erased"), "bad", "✖"), say.date(one.erased[:10]))
    elif one.withdrawn:
        state = (tables.Mark(say("withdrawn"), "neutral", "○"), say.date(one.withdrawn[:10]), one.reason)
    return (one.number, title, state, (say.date(one.at[:10]), one.by), f"{one.digest[:16]}…" if one.digest else "")


def _files(visit: Visit, held: list[Item]) -> None:
    """A button for each file."""
    with st.container(horizontal=True, gap="small", key="held"):
        for one in held:
            st.download_button(
                f"{one.number} {one.name}", partial(_taken, people.here(), waiting.store(), one), one.name, key=f"take_{one.number}",
                on_click="ignore", icon=":material/download:",
            )  # fmt: skip


def _taken(who: Person | None, store: Store, one: Item) -> bytes:
    """A file of the locker for whoever may have it, written down."""
    require(people.again(who), "export", one.where.institution)
    downloads.noted(who, f"{one.number} {one.name}", one.name.rpartition(".")[2].lower(), one.where.institution, 0, [])
    return evidence.content(store, one)


def _withdraw(visit: Visit, scheme: Framework, standing: list[Item]) -> None:
    say, named = visit.say, {one.number: f"{one.number} {one.title}" for one in standing}
    with st.expander(say("Withdraw a piece")), st.form("withdraw", border=False, clear_on_submit=True):
        number = st.selectbox(say("Piece"), list(named), format_func=named.__getitem__, key="withdrawn_number")
        reason = st.text_input(say("Reason"), key="why_withdrawn")
        markup.paragraph(say("It leaves every report to come; its number is never given again."))
        if st.form_submit_button(say("Withdraw")) and number:
            try:
                evidence.withdraw(people.here(), waiting.store(), visit.institution.id, scheme.id, number, reason)
            except MeridianError as error:
                messages.refused(visit, error)
                return
            st.rerun()


def _erase(visit: Visit, held: list[Item]) -> None:
    say, named = visit.say, {one.digest: f"{one.number} {one.name}" for one in held}
    with st.expander(say("Erase a file")), st.form("erase_evidence", border=False, clear_on_submit=True):
        digest = st.selectbox(say("File"), list(named), format_func=named.__getitem__, key="erased_file")
        reason = st.text_input(say("Reason"), key="why_erased")
        markup.paragraph(say("Its bytes are removed for good; that it was there stays known."))
        if st.form_submit_button(say("Erase")) and digest:
            try:
                evidence.erase(people.here(), waiting.store(), digest, reason)
            except MeridianError as error:
                messages.refused(visit, error)
                return
            st.rerun()


def hints(visit: Visit, scheme: Framework, criterion: str) -> None:
    """What is usually shown for the criterion."""
    usual = [visit.say.pick(text) for text in scheme.of(criterion).evidence]
    if usual:
        st.header(visit.say("What is usually shown here"), anchor=False)
        markup.numbered(usual)


def attach(visit: Visit, scheme: Framework, criterion: str) -> None:
    """A link or a file, with the title under which reports list it."""
    say, where = visit.say, Section(visit.institution.id, scheme.id, criterion)
    st.header(say("Attach evidence"), anchor=False)
    with st.form("attach", border=True, clear_on_submit=False):
        title = st.text_input(say("Title"), key="proof_title", max_chars=evidence.LONGEST)
        link = st.text_input(say("Link"), key="proof_link", placeholder="https://")
        label = say("or a file ({endings}; up to {n} MB)", endings=", ".join(ENDINGS), n=evidence.LARGEST // 2**20)
        file = st.file_uploader(
            label, ENDINGS, key=f"proof_file_{st.session_state.get('filed', 0)}", max_upload_size=evidence.LARGEST // 2**20
        )
        sent = st.form_submit_button(say("Attach"), type="primary", icon=":material/attach_file:")
    if not sent:
        return
    try:
        if file is not None:
            evidence.attach_file(people.here(), waiting.store(), where, title, file.name, file.getvalue())
        else:
            evidence.attach_link(people.here(), waiting.store(), where, title, link)
    except MeridianError as error:
        messages.refused(visit, error)
        return
    st.session_state["filed"] = st.session_state.get("filed", 0) + 1
    for key in ("proof_title", "proof_link"):
        st.session_state.pop(key, None)
    st.rerun()
