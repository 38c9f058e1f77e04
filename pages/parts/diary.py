"""Check-ins on a page: what was said about a goal, what is to be done, by whom, until when, what came of it. For those who may: forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from pages.parts import data, markup, messages, people, waiting
from pages.parts.selection import Visit
from pipelines.catalogue import Indicator, indicators
from pipelines.desk import checkins
from pipelines.desk.checkins import CheckIn, Plan, Reading
from pipelines.errors import MeridianError
from pipelines.language import Language
from pipelines.policies import Element, policies


def of_indicator(visit: Visit, indicator: Indicator) -> None:
    """The check-ins of an indicator; where there are none, only the way to a first one for those who may write it."""
    found = checkins.check_ins(waiting.store(), visit.institution.id, indicator=indicator.code)
    may = people.may("check_in", visit.institution.id)
    if not people.may("read", visit.institution.id) or (not found and not may):
        return
    st.header(visit.say("Check-ins"), anchor=False)
    if not found:
        markup.paragraph(visit.say("Nothing has been written yet: what was found, what is to be done, by whom and until when."))
    _list(visit, found, f"of_{indicator.code}", may)
    if may:
        _begin(visit, f"of_{indicator.code}", indicator=indicator)


def of_element(visit: Visit, element: Element) -> None:
    """The action log of an element of the policy, folded; what is open or late stands in its title."""
    say, may = visit.say, people.may("check_in", visit.institution.id)
    found = checkins.check_ins(waiting.store(), visit.institution.id, element=element)
    if not people.may("read", visit.institution.id) or (not found and not may):
        return
    with st.expander(f"{say('Action log')}: {_counted(found, say)}"):
        _list(visit, found, f"in_{element.id}", may, told=True)
        if may:
            _begin(visit, f"in_{element.id}", element=element)


def _counted(found: Sequence[CheckIn], say: Language) -> str:
    late = sum(one.late(date.today()) for one in found)
    parts = [say.many("{n} check-in", "{n} check-ins", len(found))]
    if any(one.open for one in found):
        parts.append(say.many("{n} action open", "{n} actions open", sum(one.open for one in found)))
    return ", ".join([*parts, say.many("{n} late", "{n} late", late)] if late else parts)


def _list(visit: Visit, found: Sequence[CheckIn], key: str, may: bool, told: bool = False) -> None:
    """The newest first. ``told``: each says which indicator it is about, as those of an element do."""
    for one in found:
        with st.container(key=f"checkin_{key}_{one.no}", gap="xxsmall"):
            markup.noted(_lines(visit, one, told))
            if may and one.open:
                _act(visit, one, key)


def _lines(visit: Visit, one: CheckIn, told: bool) -> list[tuple[markup.Pill | None, str, str]]:
    """One check-in: when and by whom, the note, the action with its owner and day, the result, the values before and after."""
    say, about = visit.say, indicators().get(one.indicator)
    head = [say.date(one.at), one.by, say.pick(about.title) if told and about else "", say.year(one.year)]
    head += [say("corrected on {date}", date=say.date(one.corrected_at))] if one.corrected_at else []
    lines: list[tuple[markup.Pill | None, str, str]] = [(None, "", " · ".join(filter(None, head))), (None, one.note, "")]
    if one.action:
        until = say.date(one.due.isoformat() if one.due else None)
        lines.append((_state(one, say), one.action, say("{owner}, until {date}", owner=one.owner, date=until)))
    if one.result:
        lines.append((None, f"→ {one.result}", say("{date} by {who}", date=say.date(one.closed_at), who=one.closed_by)))
    return [*lines, (None, "", _values(one, about, say))]


def _state(one: CheckIn, say: Language) -> markup.Pill:
    if one.closed_at:
        return say("done"), "good", "✔"
    return (say("late"), "bad", "✖") if one.late(date.today()) else (say("open"), "neutral", "○")


def _values(one: CheckIn, about: Indicator | None, say: Language) -> str:
    """The value when it was written and the one when it was closed."""
    if about is None:
        return ""
    before = say("before: {value}", value=_read(one.before, about, say)) if one.before else ""
    after = say("after: {value}", value=_read(one.after, about, say)) if one.after else ""
    return " · ".join(filter(None, (before, after)))


def _read(reading: Reading, about: Indicator, say: Language) -> str:
    return f"{say.number(reading.value, about.unit, about.decimals)} ({say.year(reading.year)})"


def _begin(visit: Visit, key: str, indicator: Indicator | None = None, element: Element | None = None) -> None:
    """A button that opens the form; the page itself stays light."""
    say = visit.say
    if not st.button(say("New check-in"), key=f"begin_{key}", icon=":material/edit_note:"):
        return

    def inside() -> None:
        code = indicator.code if indicator else _choose(visit, element, key)
        owner = element or _of_policy(visit, code)
        plan = _form(visit, f"new_{key}", say("Save"), None)
        if plan is not None and _done(visit, lambda: _add(visit, plan, code, owner.id if owner else "")):
            st.rerun()

    st.dialog(say("New check-in"), width="medium")(inside)()


def _add(visit: Visit, plan: Plan, code: str, element: str) -> None:
    before = checkins.reading(data.headline(visit.institution.id, code), visit.year) if code else None
    year = visit.year if visit.year is not None else date.today().year - 1
    checkins.add(people.here(), waiting.store(), visit.institution.id, year, plan, element=element, indicator=code, before=before)


def _choose(visit: Visit, element: Element | None, key: str) -> str:
    """Which indicator of the element it is about; none is possible."""
    say, codes = visit.say, [one.code for one in data.indicators_of(element.indicators)] if element else []
    named = {code: f"{code} {say.pick(indicators()[code].title)}" for code in codes} | {"": say("the element as a whole")}
    return st.selectbox(say("About"), ["", *codes], key=f"about_{key}", format_func=named.__getitem__)


def _of_policy(visit: Visit, code: str) -> Element | None:
    """The first element of the policy that names the indicator."""
    policy = policies().get(visit.institution.id)
    return next((one for one in policy.element if code in one.indicators), None) if policy else None


def _act(visit: Visit, one: CheckIn, key: str) -> None:
    """Close with what came of it, or correct what was written."""
    say = visit.say
    with st.container(horizontal=True, gap="small"):
        closing = st.button(say("Close the action"), key=f"close_{key}_{one.no}", type="tertiary", icon=":material/task_alt:")
        mending = st.button(say("Correct"), key=f"correct_{key}_{one.no}", type="tertiary", icon=":material/edit:")
    if closing:
        st.dialog(say("Close the action"))(lambda: _close(visit, one))()
    elif mending:
        st.dialog(say("Correct"), width="medium")(lambda: _correct(visit, one))()


def _close(visit: Visit, one: CheckIn) -> None:
    say = visit.say
    markup.paragraph(one.action)
    result = st.text_area(say("What came of it"), key=f"result_{one.no}", height=100)
    after = checkins.reading(data.headline(visit.institution.id, one.indicator)) if one.indicator else None
    if after:
        markup.paragraph(say("Kept beside it: {value}", value=_read(after, indicators()[one.indicator], say)))
    if st.button(say("Save"), key=f"closed_{one.no}", type="primary") and _done(
        visit, lambda: checkins.close(people.here(), waiting.store(), one.no, result, after)
    ):
        st.rerun()


def _correct(visit: Visit, one: CheckIn) -> None:
    markup.paragraph(visit.say("What was written before stays in the log."))
    plan = _form(visit, f"mend_{one.no}", visit.say("Save"), one)
    if plan is not None and _done(visit, lambda: checkins.correct(people.here(), waiting.store(), one.no, plan)):
        st.rerun()


def _form(visit: Visit, key: str, label: str, known: CheckIn | None) -> Plan | None:
    """Note, action, owner and day; the plan once it is sent."""
    say = visit.say
    with st.form(key, border=False):
        note = st.text_area(say("What was found"), known.note if known else "", height=100)
        action = st.text_input(say("What is to be done (may stay empty)"), known.action if known else "")
        owner = st.text_input(say("Who does it"), known.owner if known else "")
        due = st.date_input(say("Until"), known.due if known else None, format="DD/MM/YYYY")
        sent = st.form_submit_button(label, type="primary")
    return Plan(note, action, owner, due if isinstance(due, date) else None) if sent else None


def _done(visit: Visit, write: Callable[[], object]) -> bool:
    """Whether it was written; else the page says why not."""
    try:
        write()
    except MeridianError as error:
        messages.refused(visit, error)
        return False
    return True
