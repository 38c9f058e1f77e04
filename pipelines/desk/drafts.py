"""Drafts: files that somebody has handed in and nobody has accepted yet. A closed tab, a dropped line or a restart loses nothing.

A draft is a folder. ``state.json`` is the person's side (what was chosen, answered, noted), written by the web process;
``examined.json`` is the worker's (what was found); ``given/`` holds the bytes. Each file arrives whole: either side may die at any moment.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from pipelines.errors import MeridianError
from pipelines.publishing.fingerprint import canonical
from pipelines.store import Store

LIVES = timedelta(days=30)
"""After so many days without a touch a draft is gone."""
Stage = Literal["open", "proposed", "returned", "published"]
READ_BY = ("institution", "called", "home", "source", "year", "status", "part", "answers", "fixes", "delimiter", "encoding", "files")
"""What the reading depends on: when one of these changes, what was found is out of date."""


@dataclass(frozen=True)
class DraftState:
    """The person's side of a draft. ``year`` is the academic year chosen on the board, ``part`` names what is added to the year."""

    id: str
    by: str
    created: str
    changed: str
    name: str
    institution: str
    source: str
    year: int | None
    files: dict[str, str]
    """Name → SHA-256 of the file and of those that explain it."""
    called: str = ""
    """The institution's name as it was typed, where Meridian did not know it yet."""
    home: str | None = None
    """Its country (alpha-3), where no profile and no file says it."""
    status: str = "final"
    part: str = ""
    stage: Stage = "open"
    answers: dict[str, Any] = field(default_factory=dict)
    """How the file is to be read, as far as it was asked (``pipelines.desk.matching``)."""
    fixes: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    remember: bool = True
    reason: str = ""
    words: str = ""
    """What an approver said when giving it back."""
    decided_by: str = ""
    job: str = ""
    publication: int | None = None

    @property
    def reading(self) -> str:
        """A fingerprint of everything that the reading depends on."""
        own = asdict(self)
        return hashlib.sha256(canonical({name: own[name] for name in READ_BY})).hexdigest()[:16]

    @property
    def sha256(self) -> str:
        return self.files[self.name]

    @property
    def until(self) -> datetime:
        """When it expires."""
        return datetime.fromisoformat(self.changed) + LIVES


def create(store: Store, by: str, name: str, data: bytes, **chosen: Any) -> DraftState:
    """A new draft with the bytes of its file on disk. ``chosen``: institution, source, year and whatever else is known."""
    now = _now()
    draft = DraftState(uuid4().hex[:12], by, now, now, safe(name), files={}, **chosen)
    _folder(store, draft.id).mkdir(parents=True, mode=0o750)
    return add_file(store, draft, name, data)


def add_file(store: Store, draft: DraftState, name: str, data: bytes) -> DraftState:
    """Lays a file (the table itself, or one that explains it) into the draft; an older one of the same name is replaced."""
    place = given(store, draft, safe(name))
    place.parent.mkdir(exist_ok=True)
    with store.arriving(place, 0o640) as arriving:
        arriving.write_bytes(data)
    return save(store, replace(draft, files=draft.files | {safe(name): hashlib.sha256(data).hexdigest()}))


def save(store: Store, draft: DraftState) -> DraftState:
    """Writes the person's side; gives it with the moment of the change."""
    touched = replace(draft, changed=_now())
    _put(store, draft.id, "state.json", asdict(touched))
    return touched


def load(store: Store, draft: str) -> DraftState:
    """One draft. Raises H101 where there is none (any more)."""
    told = _read(store, draft, "state.json") if draft.isalnum() else None
    if told is None:
        raise MeridianError("H101", draft=draft[:40])
    return DraftState(**told)


def listing(store: Store) -> list[DraftState]:
    """All drafts, the last touched first; those that have expired are gone."""
    found = []
    for path in store.drafts.glob("*/state.json"):
        try:
            draft = load(store, path.parent.name)
        except MeridianError:  # removed in this moment by somebody else
            continue
        if draft.until < datetime.now(UTC):
            remove(store, draft.id)
        else:
            found.append(draft)
    return sorted(found, key=lambda one: one.changed, reverse=True)


def remove(store: Store, draft: str) -> None:
    """The folder and all that is in it."""
    shutil.rmtree(_folder(store, draft), ignore_errors=True)


def holding(store: Store, sha256: str) -> Iterator[DraftState]:
    """Drafts that hold certain bytes: an erasure reaches them too."""
    return (draft for draft in listing(store) if sha256 in draft.files.values())


def given(store: Store, draft: DraftState, name: str | None = None) -> Path:
    """Where a file of the draft lies: the table itself, or another by its name."""
    return _folder(store, draft.id) / "given" / (name or draft.name)


def tables(store: Store, draft: DraftState) -> Path:
    """The folder of its tidy tables."""
    path = _folder(store, draft.id) / "tidy"
    path.mkdir(exist_ok=True)
    return path


def examined(store: Store, draft: DraftState) -> dict[str, Any] | None:
    """What the worker found, as long as nothing that the reading depends on has changed since."""
    found = _read(store, draft.id, "examined.json")
    return found if found and found["reading"] == draft.reading else None


def put_examined(store: Store, draft: DraftState, found: dict[str, Any]) -> None:
    """Writes the worker's side."""
    _put(store, draft.id, "examined.json", found | {"reading": draft.reading})


def empty(store: Store, draft: DraftState) -> None:
    """After publishing: the bytes lie in the store, the draft keeps only its story."""
    for part in ("given", "tidy"):
        shutil.rmtree(_folder(store, draft.id) / part, ignore_errors=True)


def safe(name: str) -> str:
    """A file's name without any path, fit to be a name here; shown as the person wrote it as far as possible."""
    plain = "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable())
    return plain.lstrip(".")[-120:] or "file"


def _folder(store: Store, draft: str) -> Path:
    return store.drafts / draft


def _put(store: Store, draft: str, name: str, told: dict[str, Any]) -> None:
    with store.arriving(_folder(store, draft) / name, 0o640) as place:
        place.write_bytes(canonical(told))


def _read(store: Store, draft: str, name: str) -> dict[str, Any] | None:
    try:
        return json.loads((_folder(store, draft) / name).read_bytes())
    except FileNotFoundError:
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
