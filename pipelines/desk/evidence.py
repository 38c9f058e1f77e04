"""The locker of evidence: files and links that prove what a report says, numbered per criterion (A.5.1.1 …) and never renumbered.

A file lies in the store under its hash; the log says who attached it, when, under which number and title. What is withdrawn keeps its
number, which nothing else ever gets. An administrator can erase the bytes of a file into which personal data slipped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from pipelines import log
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.desk import worker
from pipelines.errors import Finding, MeridianError, Place
from pipelines.frameworks import Section, framework
from pipelines.log import Event
from pipelines.reports.outline import Proof
from pipelines.store import Store

ATTACHED, WITHDRAWN, ERASED = "evidence", "evidence_withdrawn", "evidence_erased"
LARGEST = 25 * 2**20
LONGEST = 300
"""Letters of a title."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
BEGINS: dict[str, bytes] = {
    "pdf": b"%PDF-", "png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "docx": ZIP, "xlsx": ZIP, "pptx": ZIP, "odt": ZIP,
    "ods": ZIP, "odp": ZIP, "doc": OLE, "xls": OLE,
}  # fmt: skip
"""Endings of files that prove something, and how such a file begins. Texts (csv, txt) are told by being texts."""
TEXTS = ("csv", "txt")


@dataclass(frozen=True)
class Item:
    """One piece of evidence. ``digest`` and ``name`` are a file's, ``link`` an address; ``withdrawn`` and ``erased`` say when."""

    number: str
    where: Section
    title: str
    at: str
    by: str
    link: str = ""
    digest: str = ""
    name: str = ""
    size: int = 0
    withdrawn: str = ""
    reason: str = ""
    erased: str = ""

    @property
    def proof(self) -> Proof:
        """As a report prints it."""
        return Proof(self.number, self.title, self.link or self.name, self.digest, self.at[:10], self.by)


def attach_link(who: Person | None, store: Store, where: Section, title: str, link: str) -> Event:
    """Files an address. Raises P101, K101, V421 (no title), V422 (no address of the web)."""
    parts = urlsplit(link.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or any(sign in link for sign in '<>"\n\r\t '):
        raise MeridianError("V422", link=link[:80])
    _examine(who, where, title)
    return _attached(who, store, where, title, {"link": link.strip()})


def attach_file(who: Person | None, store: Store, where: Section, title: str, name: str, data: bytes) -> Event:
    """Keeps a file and files it. Raises P101, K101, V421 (no title), V423 (not what its name says), V424 (too large or empty)."""
    require(who, "write", where.institution)
    if not 0 < len(data) <= LARGEST:
        raise MeridianError("V424", name=name[:80], size=len(data), most=LARGEST // 2**20)
    if not _is_what_it_says(name, data):
        raise MeridianError("V423", Place(name[:80]), name=name[:80], endings=", ".join((*BEGINS, *TEXTS)))
    _examine(who, where, title)
    digest = hashlib.sha256(data).hexdigest()
    with store.lock():
        target = store.evidence(digest)
        if not target.is_file():
            with store.arriving(target) as place:
                place.write_bytes(data)
        return _attached(who, store, where, title, {"name": name}, digest=digest, size=len(data))


def _is_what_it_says(name: str, data: bytes) -> bool:
    """Whether a file begins as its ending promises; a page of the web or a program in another coat is no evidence."""
    ending = name.rpartition(".")[2].lower()
    if ending in TEXTS:
        return b"\0" not in data and not data.lstrip()[:5].lower().startswith((b"<html", b"<!doc", b"<?xml", b"<svg"))
    return ending in BEGINS and data.startswith(BEGINS[ending])


def _examine(who: Person | None, where: Section, title: str) -> None:
    """Before anything is written: a file that is refused leaves no bytes behind."""
    require(who, "write", where.institution)
    where.known()
    if not title.strip() or len(title) > LONGEST:
        raise MeridianError("V421", most=LONGEST)


def _attached(who: Person | None, store: Store, where: Section, title: str, typed: dict[str, str], **facts: Any) -> Event:
    assert who is not None
    with store.log_lock():
        before = sum(1 for one in _every(store).values() if one.where == where)
        number = framework(where.framework).numbering.format(criterion=where.criterion, n=before + 1)
        return log.append(store, ATTACHED, who.id, {"title": title.strip()} | typed, **where.about, number=number, **facts)


def withdraw(who: Person | None, store: Store, institution: str, scheme: str, number: str, reason: str) -> Event:
    """Takes a piece out of every report to come; its number stays taken. Raises P101, V413 (no reason), V425 (no such piece)."""
    require(who, "write", institution)
    assert who is not None
    found = _every(store).get((institution, scheme, number))
    if found is None or found.withdrawn:
        raise MeridianError("V425", number=number)
    if not reason.strip():
        raise MeridianError("V413")
    return log.append(store, WITHDRAWN, who.id, {"reason": reason.strip()}, institution=institution, framework=scheme, number=number)


def erase(who: Person | None, store: Store, digest: str, reason: str) -> Event:
    """Removes a file's bytes for good, under whatever numbers it is filed; that it was there stays known. Raises P101, V413, V425."""
    require(who, "erase")
    assert who is not None
    if not any(one.digest == digest for one in _every(store).values()):
        raise MeridianError("V425", number=digest[:12])
    if not reason.strip():
        raise MeridianError("V413")
    with store.lock():
        event = log.append(store, ERASED, who.id, {"reason": reason.strip()}, digest=digest)
        store.evidence(digest).unlink(missing_ok=True)
    worker.forget(store)
    return event


def items(store: Store, institution: str, scheme: str, *, withdrawn: bool = False) -> list[Item]:
    """The evidence of an institution for a framework in the order of its numbers; ``withdrawn`` adds what was taken out."""
    return [
        one
        for one in _every(store).values()
        if (one.where.institution, one.where.framework) == (institution, scheme) and (withdrawn or not one.withdrawn)
    ]


def proofs(store: Store, institution: str, scheme: str) -> dict[str, list[Proof]]:
    """What a report lists, by criterion."""
    found: dict[str, list[Proof]] = {}
    for one in items(store, institution, scheme):
        found.setdefault(one.where.criterion, []).append(one.proof)
    return found


def content(store: Store, item: Item) -> bytes:
    """A file's bytes. Raises V426 where they are gone or not what they were."""
    path = store.evidence(item.digest)
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != item.digest:
        raise MeridianError("V426", Place(item.name), name=item.name, number=item.number)
    return data


def verify(store: Store) -> list[Finding]:
    """Every file of the locker is there and unchanged; none lies there that nobody filed."""
    known = {one.digest: one for one in _every(store).values() if one.digest and not one.erased}
    findings = []
    for digest, one in known.items():
        path = store.evidence(digest)
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            findings.append(Finding("V426", Place(one.name), {"name": one.name, "number": one.number}))
    left = sorted(path.name for path in store.evidence("").glob("[!.]*") if path.name not in known)
    return findings + [Finding("S140", Place(f"evidence/{name}"), {"file": name}) for name in left]


def _every(store: Store) -> Mapping[tuple[str, str, str], Item]:
    return _replayed(store, log.tip(store))


@lru_cache(maxsize=8)
def _replayed(store: Store, head: str) -> dict[tuple[str, str, str], Item]:
    """Institution, framework, number → item, as the log has them up to ``head``. Nobody may change the answer."""
    found: dict[tuple[str, str, str], Item] = {}
    for event in log.remembered(store):
        facts = event.facts
        if event.kind == ATTACHED:
            told = {name: facts.get(name, "") for name in ("title", "link", "digest", "name")} | {"size": facts.get("size", 0)}
            where = Section(facts["institution"], facts["framework"], facts["criterion"])
            spot = (where.institution, where.framework, facts["number"])
            found[spot] = Item(facts["number"], where, **told, at=event.at, by=event.by)
        elif event.kind == WITHDRAWN:
            spot = (facts["institution"], facts["framework"], facts["number"])
            found[spot] = replace(found[spot], withdrawn=event.at, reason=facts.get("reason", ""))
        elif event.kind == ERASED:
            for spot, one in found.items():
                if one.digest == facts["digest"]:
                    found[spot] = replace(one, erased=event.at, withdrawn=one.withdrawn or event.at)
    return found
