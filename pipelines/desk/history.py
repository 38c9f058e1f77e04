"""What was published, by whom, why and from which files; undoing, showing again, comparing, giving originals back, erasing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines import compare as differ
from pipelines import log
from pipelines.access.permissions import may, require
from pipelines.access.person import Person
from pipelines.desk import drafts, worker
from pipelines.errors import MeridianError
from pipelines.log import Event
from pipelines.publish import publish
from pipelines.publishing import publications
from pipelines.publishing.erase import erase as erase_bytes
from pipelines.store import Store

Row = dict[str, Any]


def entries(store: Store) -> list[Row]:
    """Every publication, the newest first: who, when, why, what came in and what left, as plain values."""
    found = log.remembered(store)
    accepted = {event.no: event for event in found if event.kind == "accepted"}
    gone = publications.erased(found)
    told: list[Row] = []
    before: set[int] = set()
    for event in (event for event in found if event.kind == "published"):
        now = set(event.facts["accepted"])
        came = [accepted[no] for no in sorted(now - before) if no in accepted]
        told.append(
            {
                "no": event.facts["no"], "at": event.at, "by": event.by, "reason": event.facts.get("reason", ""), "files": len(now),
                "digest": event.facts["digest"], "as_of": event.facts["as_of"],
                "came": [_file(one, gone, (accepted[no] for no in before & now if no in accepted)) for one in came],
                "left": [_file(accepted[no], gone) for no in sorted(before - now) if no in accepted],
            }
        )  # fmt: skip
        before = now
    return told[::-1]


def shown(who: Person | None, store: Store) -> list[Row]:
    """``entries`` as a person may see them: files, findings, corrections and reasons of institutions that they stand for. Raises P101."""
    require(who, "history")
    return [_limited(who, one) for one in entries(store)]


def _limited(who: Person | None, one: Row) -> Row:
    """One publication without what is others': that there was one, and of how many files, is known to all."""
    kept = {
        part: [file for file in one[part] if _theirs(who, "history", file["institution"], file["sources"])] for part in ("came", "left")
    }
    foreign = sum(map(len, kept.values())) == 0 < len(one["came"]) + len(one["left"])
    return one | kept | ({"by": "", "reason": ""} if foreign else {})


def _theirs(who: Person | None, action: str, institution: str, names: Iterable[str]) -> bool:
    """Whether a person stands for a file's institution and every dataset of it."""
    return all(may(who, action, institution, name) for name in names)


def _concerned(who: Person, store: Store, no: int) -> None:
    """Whoever takes files off air, or puts them on, stands for their institutions. Raises P101."""
    found = log.events(store)
    changed = {*_list(store, no)} ^ {*_list(store, publications.last_number(found))}
    for event in (event for event in found if event.kind == "accepted" and event.no in changed):
        for source in event.facts["sources"]:
            require(who, "undo", event.facts["institution"], source)


def _file(event: Event, gone: set[int], earlier: Iterable[Event] = ()) -> Row:
    """An accepted file as the history shows it. Of an erased one only that it was there. ``earlier``: the files it came to."""
    facts = event.facts
    told = {
        "event": event.no, "name": facts["name"], "sha": facts["file"], "by": event.by, "at": event.at, "institution": facts["institution"],
        "series": facts.get("series", ""), "part": facts.get("part") or "", "status": facts.get("status", "final"),
        "approved_by": facts.get("approved_by") or "", "reason": facts.get("reason", ""), "erased": event.no in gone,
        "sources": {name: {"rows": own["rows"], "years": own["years"]} for name, own in facts["sources"].items()},
    }  # fmt: skip
    note = facts.get("note", "")
    if told["erased"]:  # a process that read the log before the erasure still remembers what lay beside it
        return told | {"findings": [], "supersedes": [], "fixes": {}}
    found = [one for one in facts.get("findings", ()) if one["severity"] != "info"]
    told["findings"] = [_finding(one) | {"note": one.get("note") or note} for one in found]
    told["supersedes"] = [before.facts["name"] for before in earlier if _gives_way(before, event)]
    told["fixes"] = dict((facts.get("params") or {}).get("fixes") or {})
    return told


def _gives_way(before: Event, event: Event) -> bool:
    """Whether a file took a slot of an earlier one, as far as the log tells it: the whole replaces everything, a part its namesake."""
    part = event.facts.get("part") or ""
    return part in ("", before.facts.get("part") or "") and bool(_slots(before) & _slots(event))


def _slots(event: Event) -> set[tuple[Any, ...]]:
    """What a file fills; nothing where its rows say themselves whose they are."""
    facts = event.facts
    whose = facts.get("institution", "*")
    own = facts["sources"].items() if whose != "*" else ()
    return {(whose, facts.get("series", ""), source, year) for source, told in own for year in told["years"] or [None]}


def _finding(told: Row) -> Row:
    return {"cell": told["cell"], "en": told["what"], "tr": told["tr"]["what"]}


def undo(who: Person, store: Store, reason: str, seen: int | None = None) -> str:
    """Asks the worker to show the list of the publication before the one on air; gives the job. Raises P101, V103, V202, V205.

    ``seen`` is the publication that was on air when the person looked; left out, the one on air now.
    """
    require(who, "undo")
    _reason(reason)
    no, newest = _last_two(store)
    _concerned(who, store, no)
    return worker.ask(store, "undo", who.id, no=no, seen=_unchanged(newest, seen), reason=reason.strip())


def restore(who: Person, store: Store, no: int, reason: str, seen: int | None = None) -> str:
    """Asks the worker to show the list of an earlier publication. ``seen`` as for ``undo``. Raises P101, V103, V203, V205."""
    require(who, "undo")
    _reason(reason)
    _concerned(who, store, no)
    newest = publications.last_number(log.events(store))
    return worker.ask(store, "restore", who.id, no=no, seen=_unchanged(newest, seen), reason=reason.strip())


def compare(who: Person, store: Store, first: int, second: int) -> str:
    """Asks the worker what differs between two publications. Raises P101, V203."""
    require(who, "history")
    for no in (first, second):
        _list(store, no)
    return worker.ask(store, "compare", who.id, first=first, second=second)


def original(who: Person, store: Store, event: int) -> tuple[str, bytes]:
    """The file as it was handed in: its name and bytes. Written down as a download. Raises P101, V204."""
    require(who, "originals")
    found = publications.standing(log.remembered(store)).get(event)
    if found is None:
        raise MeridianError("V204")
    for source in found.facts["sources"]:
        require(who, "originals", found.facts["institution"], source)
    path = store.raw(found.facts["file"])
    if not path.is_file():
        raise MeridianError("V204")
    told = {"what": "original", "format": "as handed in", "institution": found.facts["institution"], "event": event}
    log.append(store, "exported", who.id, **told)
    return found.facts["name"], path.read_bytes()


def erase(who: Person, store: Store, sha: str, reason: str) -> str:
    """Asks the worker to erase a file for good; a line of the log stays. Raises P101, V103, V204."""
    require(who, "erase")
    _reason(reason)
    found = log.events(store)
    gone = publications.erased(found)  # one that was withdrawn is there still
    if not any(event.kind == "accepted" and event.facts["file"] == sha and event.no not in gone for event in found):
        raise MeridianError("V204")
    return worker.ask(store, "erase", who.id, sha=sha, reason=reason.strip())


def undo_job(store: Store, facts: Row, by: str, tell: worker.Tell) -> Row:
    """Publishes an earlier list; files that wait go on waiting. Begun anew after a crash, it finds its work done.

    Raises V205 where somebody published since the person looked: what nobody decided against does not go off air.
    """
    tell("publish", 0.3)
    with store.lock():
        found = publications.caught_up(store)
        files, newest = _list(store, facts["no"]), publications.last(found)
        if newest and newest.facts["no"] != facts["seen"]:
            if newest.facts["accepted"] == [event.no for event in publications.listed(found, files)]:
                return {"publication": newest.facts["no"]}
            raise MeridianError("V205", no=newest.facts["no"])
        left = [event.no for event in publications.since(found) if event.no not in files]
        return {"publication": publish(store, by=by, reason=facts["reason"], files=files, waiting=left).no}


restore_job = undo_job


def compare_job(store: Store, facts: Row, by: str, tell: worker.Tell) -> Row:
    """What differs between two publications."""
    tell("compare", 0.3)
    return differ.publications(store, facts["first"], facts["second"])


def erase_job(store: Store, facts: Row, by: str, tell: worker.Tell) -> Row:
    """Erases the bytes, and what drafts and jobs still hold of them."""
    tell("erase", 0.3)
    for draft in drafts.holding(store, facts["sha"]):
        drafts.remove(store, draft.id)
    worker.forget(store)
    event = erase_bytes(store, facts["sha"], by, facts["reason"])
    current = store.current()
    return {"event": event.no, "publication": current.no if current else None}


def _last_two(store: Store) -> tuple[int, int]:
    """The publication before the one on air, and that one. Raises V202."""
    numbers = [event.facts["no"] for event in log.events(store) if event.kind == "published"]
    if len(numbers) < 2:
        raise MeridianError("V202")
    return numbers[-2], numbers[-1]


def _unchanged(newest: int, seen: int | None) -> int:
    """The number on air, which is the one that the person saw. Raises V205."""
    if seen not in (None, newest):
        raise MeridianError("V205", no=newest)
    return newest


def _list(store: Store, no: int) -> list[int]:
    """The files of a publication. Raises V203."""
    event = next((event for event in log.events(store) if event.kind == "published" and event.facts["no"] == no), None)
    if event is None:
        raise MeridianError("V203", no=no)
    return list(event.facts["accepted"])


def _reason(reason: str) -> None:
    if not reason.strip():
        raise MeridianError("V103")
