"""Who is here. The gate puts the digest of the session into a header of its own; its person is looked up anew for every run.

Where no gate stands – a page served around ``app.py`` – there is nobody, whatever a header says. Tests run pages without a server: theirs
put a visitor into ``WITHOUT_GATE``, or a function of their own in the place of ``here``.
"""

from __future__ import annotations

import streamlit as st

from pages.door.gate import HEADER, OPEN, Gate
from pages.parts import markup
from pipelines.access import people as accounts
from pipelines.access import permissions, sessions
from pipelines.access.person import VISITOR, Person
from pipelines.errors import MeridianError
from pipelines.language import Language
from pipelines.settings import settings
from pipelines.store import Store

WITHOUT_GATE: Person | None = None
"""Who is here where no gate stands."""


def here() -> Person | None:
    """The person of this run; None where the session has ended."""
    if not Gate.stands:
        return WITHOUT_GATE
    known = st.context.headers.get(HEADER, "")
    return VISITOR if known == OPEN else sessions.person_behind(Store(settings().store), known, touch=False)


def again(who: Person | None) -> Person | None:
    """The same person as they are now: what a button makes is made outside a run of the page, when a role may be another one."""
    if who is None or who == VISITOR or not Gate.stands:
        return who
    return accounts.person(Store(settings().store), who.id)


def may(action: str, institution: str | None = None, source: str | None = None) -> bool:
    """Whether whoever is here may."""
    return permissions.may(here(), action, institution, source)


def require(action: str, institution: str | None = None, source: str | None = None) -> Person:
    """Whoever is here, where they may; else the page says that they may not, and ends."""
    person = here()
    try:
        permissions.require(person, action, institution, source)
    except MeridianError as error:
        say = st.session_state["visit"].say
        st.title(say("Not for everybody"), anchor=False)
        st.warning(error.finding.sentence(say.code), icon=":material/lock:")
        st.stop()
    assert person is not None
    return person


def role(name: str, say: Language) -> str:
    """A role in words."""
    words = {
        "viewer": say("viewer"), "reporter": say("reporter"), "editor": say("editor"), "approver": say("approver"),
        "administrator": say("administrator"),
    }  # fmt: skip
    return words[name]


def show_who(say: Language) -> None:
    """Name and role, and the way in or out; in the open demo, that it is open."""
    person = here()
    if person is None:
        markup.account(say("Your session has ended."), say("Sign in"), "signin")
    elif person == VISITOR:
        markup.account(say("Demo, open for looking at on this computer."), say("Sign in"), "signin")
    else:
        markup.account(f"{person.name} · {role(person.role, say)}", say("Sign out"), "signout")
