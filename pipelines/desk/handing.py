"""Handing in: from a file that somebody drops to a publication. Every action says who, is allowed or refused, and is written down.

What takes time (reading, checking, weighing the effect, publishing) is a job of the worker; ``examine_job`` and ``publish_job`` run there.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines import compare, log, path
from pipelines.access import people
from pipelines.access.permissions import may, require
from pipelines.access.person import Person
from pipelines.desk import drafts, examination, governance, matching, remembered, worker
from pipelines.desk.drafts import DraftState
from pipelines.errors import MeridianError
from pipelines.formats import nameless
from pipelines.publish import publish as put_on_air
from pipelines.publish import waiting
from pipelines.publishing import publications
from pipelines.receive import receive
from pipelines.settings import settings
from pipelines.store import Store

LARGEST = 100 * 1024**2
"""Bytes that may be handed in over the web; larger files are handed in on the server."""
CHANGEABLE = ("open", "returned")
ALLOWED = frozenset(
    {"source", "year", "home", "status", "part", "answers", "fixes", "notes", "delimiter", "encoding", "remember", "reason"}
)


def begin(
    who: Person, store: Store, institution: str, source: str, name: str, data: bytes, *, year: int | None = None, **more: Any
) -> DraftState:  # fmt: skip
    """A draft from a file that was dropped, and the worker's first look at it. Raises P101, H105."""
    require(who, "upload", institution, source)
    limit = min(LARGEST, settings().max_file_mb * 1024**2)
    if len(data) > limit:
        raise MeridianError("H105", size=len(data) // 1024**2, limit=limit // 1024**2)
    data = _nameless(name, data)
    draft = drafts.create(store, who.id, name, data, institution=institution, source=source, year=year, **more)
    told = {"draft": draft.id, "sha256": draft.sha256, "size": len(data), "institution": institution, "source": source}
    log.append(store, "uploaded", who.id, {"name": draft.name}, **told)
    return look(store, draft)


def _nameless(name: str, data: bytes) -> bytes:
    """The bytes without the people whom a layout expects in them, before anything is kept. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
        path = Path(folder) / "given"
        path.write_bytes(data)
        try:
            received = receive(path, Path(name).stem)  # what it is by its bytes, whatever its ending says
        except MeridianError:
            return data  # a draft tells what is wrong with it
        return nameless.copy(received, Path(folder)).path.read_bytes()


def add_companion(who: Person, store: Store, draft: str, name: str, data: bytes) -> DraftState:
    """A file that explains the table of a draft (codes and their words)."""
    found = _changeable(who, store, draft)
    return look(store, drafts.add_file(store, found, name, _nameless(name, data)))


def answer(who: Person, store: Store, draft: str, **changes: Any) -> DraftState:
    """What a person chose, answered, corrected or noted. The worker looks again where the reading depends on it."""
    found = _changeable(who, store, draft)
    if unknown := changes.keys() - ALLOWED:
        raise KeyError(", ".join(sorted(unknown)))
    changed = replace(found, **changes)
    require(who, "upload", changed.institution, changed.source)
    kept = drafts.save(store, changed)
    return look(store, kept) if kept.reading != found.reading else kept


def look(store: Store, draft: DraftState) -> DraftState:
    """Asks the worker to examine a draft as it is now."""
    return drafts.save(store, replace(draft, job=worker.ask(store, "examine", draft.by, draft=draft.id)))


def seen(who: Person | None, store: Store, draft: str) -> DraftState:
    """A draft for whoever may see it: its editors and its approvers. Raises P101, H101."""
    found = drafts.load(store, draft)
    if not may(who, "approve", found.institution, found.source):
        require(who, "upload", found.institution, found.source)
    return found


def mine(who: Person, store: Store) -> list[DraftState]:
    """The drafts that a person may see, the last touched first."""
    return [
        one
        for one in drafts.listing(store)
        if may(who, "upload", one.institution, one.source) or may(who, "approve", one.institution, one.source)
    ]


def discard(who: Person, store: Store, draft: str) -> None:
    """Throws a draft away; nothing was accepted, nothing is missed."""
    found = _changeable(who, store, draft)
    drafts.remove(store, found.id)
    log.append(store, "discarded", who.id, draft=found.id, institution=found.institution, source=found.source)


def reasons_for_approval(who: Person, store: Store, draft: DraftState) -> list[dict[str, str]]:
    """Why a second person has to decide; nothing where it may be published at once."""
    found = drafts.examined(store, draft) or {}
    return governance.needs_approval(store, who, found.get("facts") or {}, found.get("impact") or {})


def publish(who: Person, store: Store, draft: str, reason: str) -> DraftState:
    """Publishes a draft at once, where no second person is asked for. Raises H106, H107, H109."""
    found = _decided(who, store, draft, reason)
    if why := reasons_for_approval(who, store, found):
        raise MeridianError("H107", why_en="; ".join(one["en"] for one in why), why_tr="; ".join(one["tr"] for one in why))
    return _to_worker(store, found, reason=reason)


def propose(who: Person, store: Store, draft: str, reason: str) -> DraftState:
    """Sends a draft to a second person. Raises H106, H109."""
    found = _decided(who, store, draft, reason)
    sent = drafts.save(store, replace(found, stage="proposed", reason=reason.strip(), by=who.id, words="", decided_by=""))
    log.append(store, "proposed", who.id, {"reason": reason}, **_named(sent))
    return sent


def take_back(who: Person, store: Store, draft: str) -> DraftState:
    """The person who sent it goes on working on it."""
    found = seen(who, store, draft)
    if found.stage != "proposed" or found.by != who.id:
        raise _not_now(found)
    return drafts.save(store, replace(found, stage="open"))


def approve(who: Person, store: Store, draft: str) -> DraftState:
    """A second person publishes what was proposed. Raises P101, H108, H106."""
    found = _to_decide(who, store, draft)
    _whole(store, found)
    log.append(store, "approved", who.id, **_named(found))
    return _to_worker(store, replace(found, decided_by=who.id), reason=found.reason, approved_by=who.id)


def give_back(who: Person, store: Store, draft: str, words: str) -> DraftState:
    """A second person returns a draft with a word on what is wrong. Raises P101, H108, H109."""
    found = _to_decide(who, store, draft)
    _reason(words)
    log.append(store, "returned", who.id, {"words": words}, **_named(found))
    return drafts.save(store, replace(found, stage="returned", words=words.strip(), decided_by=who.id))


def examine_job(store: Store, facts: dict[str, Any], by: str, tell: worker.Tell) -> dict[str, Any]:
    """The worker looks at a draft: what was found lies beside it afterwards."""
    draft = drafts.load(store, facts["draft"])
    before = examination.refusals(drafts.examined(store, draft))
    found = examination.examine(store, draft, people.person(store, by), tell)
    if (codes := examination.refusals(found)) and codes != before:
        log.append(store, "refused", draft.by, draft=draft.id, institution=draft.institution, source=draft.source, codes=codes)
    drafts.put_examined(store, replace(draft, files=drafts.load(store, draft.id).files), found)
    return {"draft": draft.id}


def publish_job(store: Store, facts: dict[str, Any], by: str, tell: worker.Tell) -> dict[str, Any]:
    """The worker accepts and publishes a draft. Begun anew after a crash it goes on where it was: nothing is accepted twice."""
    draft = drafts.load(store, facts["draft"])
    if draft.publication:
        return {"publication": draft.publication}
    signer = facts.get("approved_by") or ""
    number = _put_on_air(store, draft, facts["reason"], signer, tell)
    if draft.remember:
        _remember(store, draft)
    drafts.save(store, replace(draft, stage="published", publication=number, reason=facts["reason"], decided_by=signer))
    drafts.empty(store, draft)
    return {"publication": number}


def _put_on_air(store: Store, draft: DraftState, reason: str, signer: str, tell: worker.Tell) -> int:
    with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
        standing = publications.standing(log.events(store)).values()
        event = next((one for one in standing if one.facts.get("draft") == draft.id), None)
        made = None if event else _made_again(store, draft, Path(folder), tell)
        with store.lock():
            if made:
                event = _accept(store, draft, made, reason, signer)
            tell("publish", 0.7)
            if not waiting(store):  # a worker that died had come as far as this, or the very same was on air
                return (store.current() or _nothing_on_air()).no
            try:
                return put_on_air(store, by=signer or draft.by, reason=reason).no
            except MeridianError:
                # What cannot be published must not lie in the way of the next publication; the draft is there and says why.
                log.append(store, "withdrawn", draft.by, draft=draft.id, events=[event.no] if event else [])
                raise


def _made_again(store: Store, draft: DraftState, folder: Path, tell: worker.Tell) -> path.Draft:
    """What is accepted is what was checked in this very moment, not what was seen on a page a day ago. Raises H106."""
    made = examination.made(store, draft, folder, tell)
    if made.errors or made.queries:
        drafts.put_examined(store, draft, examination.examine(store, draft, people.person(store, draft.by), tell))
        raise MeridianError("H106")
    return made


def _accept(store: Store, draft: DraftState, made: path.Draft, reason: str, signer: str) -> log.Event:
    """Under the lock: whoever comes second into the same slot sees what changed meanwhile. Raises H110."""
    found = drafts.examined(store, draft) or {}
    before, now = found.get("holders", []), compare.holders(store, path.described(made), made.parquets)
    if before != now:
        taken = [event for event in log.events(store) if event.no in set(now) - set(before)]
        who = ", ".join(f"{event.by} ({event.facts.get('name', '')}, {event.at[:16].replace('T', ' ')})" for event in taken) or "–"
        drafts.put_examined(store, draft, found | {"stale": True})
        raise MeridianError("H110", who=who)
    return path.accept(store, made, draft.by, reason, draft=draft.id, approved_by=signer)


def _nothing_on_air() -> Any:
    raise MeridianError("S101")


def _remember(store: Store, draft: DraftState) -> None:
    """The answers to an office's own workbook, for the next file of that shape."""
    told = (drafts.examined(store, draft) or {}).get("layout") or {}
    if told.get("kind") == "own":
        remembered.learn(store, draft.by, f"{draft.institution} {draft.source}", matching.undated(told))


def _changeable(who: Person, store: Store, draft: str) -> DraftState:
    found = drafts.load(store, draft)
    require(who, "upload", found.institution, found.source)
    if found.stage not in CHANGEABLE:
        raise _not_now(found)
    return found


def _not_now(draft: DraftState) -> MeridianError:
    said = {"open": "açık", "proposed": "onayda", "returned": "geri verilmiş", "published": "yayımlanmış"}
    return MeridianError("H111", stage=draft.stage, stage_tr=said[draft.stage])


def _decided(who: Person, store: Store, draft: str, reason: str) -> DraftState:
    """A draft that is whole and has a reason."""
    found = _changeable(who, store, draft)
    _reason(reason)
    facts = _whole(store, found)
    for institution in facts["institutions"]:
        for source in facts["sources"]:
            if not may(who, "upload", institution, source):
                raise MeridianError("H112", institutions=institution)
    return found


def _whole(store: Store, draft: DraftState) -> dict[str, Any]:
    """The facts of a draft without errors or open questions, as it was last looked at. Raises H106."""
    found = drafts.examined(store, draft)
    if not found or not found.get("facts") or found.get("stale") or examination.open_findings(found, draft.notes):
        raise MeridianError("H106")
    return found["facts"]


def _to_decide(who: Person, store: Store, draft: str) -> DraftState:
    found = drafts.load(store, draft)
    require(who, "approve", found.institution, found.source)
    if found.stage != "proposed":
        raise _not_now(found)
    if not governance.may_approve(who, found.by, found.institution, found.source):
        raise MeridianError("H108")
    return found


def _reason(words: str) -> None:
    if not words.strip():
        raise MeridianError("H109")


def _to_worker(store: Store, draft: DraftState, **facts: Any) -> DraftState:
    return drafts.save(store, replace(draft, job=worker.ask(store, "publish", draft.by, draft=draft.id, **facts)))


def _named(draft: DraftState) -> dict[str, Any]:
    return {"draft": draft.id, "institution": draft.institution, "source": draft.source, "year": draft.year}


def marked(who: Person | None, store: Store, draft: str, language: str) -> bytes:
    """The person's own workbook with red and amber cells, comments, and a first sheet that leads to them."""
    from pipelines.reports.annotated import annotate

    found = seen(who, store, draft)
    told = drafts.examined(store, found) or {}
    findings = [one if language == "en" else one | one["tr"] for one in told.get("findings", ())]
    given = drafts.given(store, found)
    with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
        kind = receive(given, found.name).kind
        asked = {"name": found.name, "delimiter": found.delimiter, "encoding": found.encoding}
        return annotate(given, kind, findings, language, Path(folder) / "marked.xlsx", **asked).read_bytes()
