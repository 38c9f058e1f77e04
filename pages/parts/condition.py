"""The page System health: alarms with what to do, checks, what is on air, disk and backup, processes, jobs, what was kept out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from pages.parts import markup, people, tables, waiting
from pages.parts.selection import Visit
from pipelines.desk import worker
from pipelines.errors import fault
from pipelines.figures import Column
from pipelines.health import figures as counted
from pipelines.health import proof, pulse
from pipelines.health.alarms import Alarm, Unit, fired, written
from pipelines.health.checks import BACKED_UP, Check, ready
from pipelines.health.checks import checks as all_checks
from pipelines.language import Language

DAY, MONTH = 86400.0, counted.MONTH
MOST = 50
"""Jobs and faults shown."""


@dataclass(frozen=True)
class Condition:
    """What was found in one look."""

    figures: counted.Figures
    alarms: list[Alarm]
    checks: list[Check]

    @property
    def ready(self) -> bool:
        return ready(self.checks)


def look() -> Condition:
    """How the installation is doing now."""
    known = counted.figures(waiting.store())
    return Condition(known, fired(known), all_checks(waiting.store()))


def sentence(visit: Visit, state: Condition) -> str:
    """The state in one sentence."""
    say, warnings = visit.say, sum(not one.ok for one in state.checks)
    if not state.ready:
        return say("People do not get the right figures now: see what is needed below.")
    if state.alarms:
        return say.many("Pages work, but {n} thing needs somebody.", "Pages work, but {n} things need somebody.", len(state.alarms))
    if warnings:
        return say.many("Everything works; {n} thing should be seen to.", "Everything works; {n} things should be seen to.", warnings)
    return say("Everything is in order.")


def alarms(visit: Visit, state: Condition) -> None:
    """Each alarm: what is the matter, what to do."""
    lang = visit.say.code
    for alarm in state.alarms:
        st.error(f"**{alarm.sentence(state.figures, lang)}** {alarm.remedy[lang]}", icon=":material/notification_important:")


def checks(visit: Visit, state: Condition) -> None:
    """The list of /ready, with the reasons that /ready does not tell."""
    say = visit.say
    names = {
        "opens": say("A publication can be read"), "digest": say("What is shown is what was published"),
        "log": say("The log goes on from line to line"), "disk": say("There is room on the disk"), "backup": say("No backup is overdue"),
        "code": say("What is on air was built by this version of Meridian"),
    }  # fmt: skip
    rows = [(names[one.name], _mark(one, say), _why(one, say)) for one in state.checks]
    tables.told(_columns(say("Check"), say("State"), say("Why, and what to do")), rows, say("Checks"))


def _mark(one: Check, say: Language) -> tables.Mark:
    if one.ok:
        return tables.Mark(say("good"), "good", "✔")
    return tables.Mark(say("not ready"), "bad", "✖") if one.needed else tables.Mark(say("see to it"), "warning", "!")


def _why(one: Check, say: Language) -> tables.Lines:
    return (one.why.say("what", say.code), one.why.say("remedy", say.code)) if one.why else ""


def on_air(visit: Visit, state: Condition) -> None:
    """Number, when, by whom; digest, code, engine."""
    say, current = visit.say, counted.current_of(waiting.store())
    if current is None:
        markup.paragraph(say("Nothing is on air."))
        return
    known = state.figures
    markup.facts(
        [
            (say.number(current.no), say("publication")),
            (_written(known, "publication_age_seconds", "seconds", say), say("on air for")),
            (_written(known, "data_age_seconds", "seconds", say), say("since the last file was accepted")),
            (_written(known, "build_seconds", "seconds", say), say("to build it")),
        ]
    )
    facts = current.facts
    markup.definitions(
        [
            (say("Put on air"), f"{say.moment(current.built_at)} · {current.by}"),
            (say("Judged as of"), say.date(facts.get("as_of"))),
            (say("Digest"), current.digest),
            (say("Version of Meridian"), current.code_version),
            (say("Engine"), f"DuckDB {facts.get('engine', '–')}"),
        ]
    )


def kept(visit: Visit, state: Condition) -> None:
    """Room, and the last backup."""
    say, known = visit.say, state.figures
    made = next(iter(counted.since(waiting.store(), 10 * 365 * DAY, BACKED_UP)), None)
    backup = _age(made.at, say) if made else say("none")
    markup.facts(
        [
            (_written(known, "disk_free_bytes", "bytes", say), say("free on the disk")),
            (_written(known, "disk_free_ratio", "share", say), say("of the disk are free")),
            (backup, say("since the last backup ({when})", when=say.moment(made.at)) if made else say("backup")),
            (_written(known, "log_faults", "count", say), say("faults in the log")),
        ]
    )


def proof_of(visit: Visit) -> str:
    """When every byte was looked at last, by whom, and what was found."""
    say, event = visit.say, proof.last(waiting.store())
    if event is None:
        return say("Nobody has had every byte checked yet. The log's chain and the version on air are checked whenever they change.")
    found = say.many("{n} fault", "{n} faults", event.facts["faults"]) if event.facts["faults"] else say("nothing is wrong")
    return say("Every byte was checked last on {when} by {who}: {found}.", when=say.moment(event.at), who=event.by, found=found)


def prove(visit: Visit) -> None:
    """The button that has every byte checked, and what it found."""
    say = visit.say
    markup.paragraph(proof_of(visit))
    if not st.button(say("Check every byte now"), key="prove", icon=":material/fact_check:"):
        return
    with st.spinner(say("Originals, tables, log, versions, evidence …")):
        faults = proof.prove(people.require("health"), waiting.store())
    for one in faults[:MOST]:
        st.error(f"{one.place}: {one.sentence(say.code)}")
    if not faults:
        st.success(say("Every byte is as it was written."))


def processes(visit: Visit, state: Condition) -> None:
    """Each web process: browsers, runs, run times, memory."""
    say, found = visit.say, pulse.heard(waiting.store())
    if not found:
        markup.paragraph(say("No web process has told of itself within a minute."))
    names = (say("Process"), say("Browsers"), say("Page runs in 5 minutes"), say("Half within"), say("95 of 100 within"), say("Memory"))
    rows = [
        (
            one.process,
            say.number(one.sessions),
            say.number(one.runs),
            written(one.p50, "seconds", say.code),
            written(one.p95, "seconds", say.code),
            (written(one.rss, "bytes", say.code), say("uploads: {size}", size=written(one.uploaded, "bytes", say.code))),
        )
        for one in found
    ]
    if rows:
        tables.told(_columns(*names), rows, say("Web processes"))
        few = say("Run times are told from {n} page runs on.", n=pulse.LEAST)
        inside = say.many("{n} person is signed in.", "{n} people are signed in.", int(state.figures["people_signed_in"] or 0))
        markup.paragraph(f"{inside} {few}")


def jobs(visit: Visit, state: Condition) -> None:
    """What waits or runs, and what came to no good end lately."""
    say, store = visit.say, waiting.store()
    now = [one for one in worker.jobs(store) if not one.over]
    markup.paragraph(say.many("{n} job waits or runs.", "{n} jobs wait or run.", len(now)) if now else say("No job waits."))
    rows = [(kind(one.kind, say), one.by, say.moment(_moment(one.asked)), waiting.stage(one.stage, say)) for one in now[:MOST]]
    if rows:
        tables.told(_columns(say("Job"), say("Who"), say("Since"), say("State")), rows, say("Jobs of the worker"))
    failed = counted.since(store, MONTH, worker.FAILED)[:MOST]
    if failed:
        markup.paragraph(say("Jobs that failed in the last thirty days, the newest first:"))
        told = [(kind(e.facts["work"], say), e.by, say.moment(e.at), (e.facts["code"], _what(e.facts["code"], say))) for e in failed]
        tables.told(_columns(say("Job"), say("Who"), say("When"), say("Why")), told, say("Jobs that failed"))


def kind(name: str, say: Language) -> str:
    """A kind of job in words."""
    words = {
        "examine": say("Reading and checking a file"), "publish": say("Publishing"), "undo": say("Undoing a publication"),
        "restore": say("Putting a publication back"), "names": say("Names of partners"), "compare": say("Comparing"),
        "erase": say("Erasing a file"), "report": say("Making a report"), "mend": say("Making a damaged version anew"),
    }  # fmt: skip
    return words.get(name, name)


def refused(visit: Visit) -> None:
    """By the code of the fault, with its sentence; a file counts once for each code."""
    say, store = visit.say, waiting.store()
    lately, day = (len(counted.since(store, span, "sign_in_refused")) for span in (counted.SIGN_INS, DAY))
    markup.paragraph(say("Sign-ins refused: {now} in ten minutes, {day} in a day.", now=say.number(lately), day=say.number(day)))
    rows = [(code, _what(code, say), say.number(times)) for code, times in counted.refused(store).items()]
    if rows:
        columns = (Column(say("Code")), Column(say("What")), Column(say("How often"), "count"))
        tables.told(columns, rows, say("Kept out in the last thirty days"))
    else:
        markup.paragraph(say("Nothing was kept out."))


def _what(code: str, say: Language) -> str:
    """The sentence of a fault; what differs from file to file is left open."""
    try:
        texts = fault(code)["what"]
    except KeyError:  # a rule of a dataset says its own sentence, in the file that it found fault with
        return say("A rule of a dataset")
    return re.sub(r"\{[^}]*\}", "…", texts.get(say.code) or texts["en"])


def _columns(*names: str) -> Sequence[Column]:
    return tuple(Column(name) for name in names)


def _written(known: counted.Figures, name: str, unit: Unit, say: Language) -> str:
    return written(known[name], unit, say.code)


def _age(moment: str, say: Language) -> str:
    return written(datetime.now(UTC).timestamp() - datetime.fromisoformat(moment).timestamp(), "seconds", say.code)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
