"""The People page: accounts as a table, forms for new and changed ones, the table of permissions as it is."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts import data, markup, messages, people, tables, waiting
from pages.parts.selection import Visit
from pipelines.access import people as accounts
from pipelines.access.permissions import actions
from pipelines.access.person import EVERYTHING, ROLES
from pipelines.errors import MeridianError
from pipelines.figures import Column
from pipelines.sources import sources

ALL = "*"
HANDED = "handed_over"
"""In the session: the code that was just made, shown once."""


def sentence(visit: Visit) -> str:
    """How many accounts there are and how many are shut."""
    say, known = visit.say, accounts.everybody(waiting.store())
    shut = sum(row["disabled"] for row in known)
    return say.many("{n} account", "{n} accounts", len(known)) + (f", {say.many('{n} is shut', '{n} are shut', shut)}." if shut else ".")


def handed_over(visit: Visit) -> None:
    """The one-time code that was just made: shown once, to be handed over."""
    told = st.session_state.pop(HANDED, None)
    if told:
        account, code = told
        say = visit.say
        st.success(say("Hand this code to {account}: it sets a password at /signin/first within the hour.", account=account))
        markup.code(code)
        markup.paragraph(say("It is shown only now."))


def table(visit: Visit) -> None:
    """Every account."""
    say = visit.say
    columns = (Column(say("Account")), Column(say("Name")), Column(say("Role")), Column(say("For")), Column(say("State")))
    rows = [
        (row["id"], row["name"], people.role(row["role"], say), _grants(row["grants"], visit), _state(row, visit))
        for row in accounts.everybody(waiting.store())
    ]
    tables.told(columns, rows, say("Accounts"))


def _state(row: dict[str, Any], visit: Visit) -> str:
    say = visit.say
    if row["disabled"]:
        return say("shut")
    ways = [say("password") if row["password"] else "", say("university account") if row["issuer"] else ""]
    return ", ".join(filter(None, ways)) or say("waits for the one-time code")


def _grants(grants: tuple[tuple[str, str], ...], visit: Visit) -> str:
    say = visit.say
    places = ((say("all institutions") if whose == ALL else whose, what) for whose, what in grants)
    return "; ".join(f"{whose} · {say('all datasets') if what == ALL else _dataset(what, visit)}" for whose, what in places)


def _dataset(name: str, visit: Visit) -> str:
    return visit.say.pick(sources()[name].title) if name in sources() else name


def add(visit: Visit) -> None:
    """A new account; its one-time code is shown once."""
    say = visit.say
    with st.form("add", border=True, clear_on_submit=True):
        account = st.text_input(say("Account"), placeholder=say("e.g. the e-mail address"))
        name = st.text_input(say("Name"))
        role = st.selectbox(say("Role"), ROLES, format_func=lambda one: people.role(one, say))
        grants = _choose_grants(visit, "add", EVERYTHING)
        if st.form_submit_button(say("Make the account"), type="primary"):
            _do(visit, "add", account.strip(), name=name, role=role, grants=grants)


def change(visit: Visit) -> None:
    """Role, grants, shut or open; a new code for a forgotten password."""
    say, known = visit.say, {row["id"]: row for row in accounts.everybody(waiting.store())}
    account = st.selectbox(say("Account"), list(known), key="account")
    if not account:
        return
    row = known[account]
    with st.form(f"change_{account}", border=True):
        role = st.selectbox(say("Role"), ROLES, index=ROLES.index(row["role"]), format_func=lambda one: people.role(one, say))
        grants = _choose_grants(visit, account, row["grants"])
        if st.form_submit_button(say("Keep the change"), type="primary"):
            _do(visit, "change", account, role=role, grants=grants)
    with st.container(horizontal=True, gap="small"):
        if st.button(say("A new one-time code"), key="code"):
            _do(visit, "code", account)
        label = say("Open the account again") if row["disabled"] else say("Shut the account")
        if st.button(label, key="shut", type="tertiary"):
            _do(visit, "change", account, disabled=not row["disabled"])


def _choose_grants(visit: Visit, key: str, before: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Institutions and datasets; nothing chosen means all of them."""
    say = visit.say
    known = {one.id: one.label(say) for one in data.institutions()}
    whose = [name for name in dict.fromkeys(whose for whose, _ in before) if name in known]
    what = [name for name in dict.fromkeys(what for _, what in before) if name in sources()]
    hint = say("all")
    chosen = st.multiselect(say("Institutions"), list(known), whose, format_func=known.__getitem__, key=f"whose_{key}", placeholder=hint)
    datasets = st.multiselect(
        say("Datasets"), list(sources()), what, format_func=lambda name: _dataset(name, visit), key=f"what_{key}", placeholder=hint
    )
    return tuple((one, other) for one in chosen or [ALL] for other in datasets or [ALL])


def _do(visit: Visit, action: str, account: str, **told: Any) -> None:
    try:
        code = accounts.allow(people.require("people"), waiting.store(), action, account, **told)
    except MeridianError as error:
        messages.refused(visit, error)
        return
    if code:
        st.session_state[HANDED] = (account, code)
    st.rerun()


def permissions(visit: Visit) -> None:
    """The one table that every page and action asks."""
    say = visit.say
    columns = (Column(say("Action")), *(Column(people.role(role, say)) for role in ROLES))
    rows = []
    for rule in actions().values():
        marks = ["✔" if ROLES.index(role) >= ROLES.index(rule["from"]) else "–" for role in ROLES]
        limited = say("limited by institutions and datasets") if rule.get("scoped") else ""
        rows.append(((say.pick(rule["title"]), limited), *marks))
    tables.told(columns, rows, say("Who may do what"), "rights")
    markup.paragraph(say("An administrator may do everything. Nobody approves what they handed in themselves."))
