"""Reports as files: ordered by whoever may take them, made by the worker, handed over once more only to whoever may, and written down.

The files lie in the work folder under a name that nobody can guess, for a day.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from pipelines.access.permissions import may, require
from pipelines.access.person import Person
from pipelines.desk import worker, writing
from pipelines.desk.worker import KEPT, Job, Tell
from pipelines.errors import MeridianError
from pipelines.frameworks import framework
from pipelines.reports import make
from pipelines.store import Store
from pipelines.warehouse import open_version


@dataclass(frozen=True)
class Order:
    """Which report is wanted. ``last`` is the newest academic year; ``criteria`` empty: all."""

    institution: str
    framework: str
    lang: str
    years: int
    last: int | None
    criteria: tuple[str, ...] = ()
    format: str = "docx"


def order(who: Person | None, store: Store, wanted: Order) -> str:
    """Puts a report into the worker's queue; gives the job. The institution's own files go into a package for whoever may have them.

    Raises P101, K101 (no such framework or criterion), R103 (no such format).
    """
    require(who, "export", wanted.institution)
    assert who is not None
    for code in wanted.criteria:
        framework(wanted.framework).of(code)
    if wanted.format not in (*make.FORMATS, make.PACKAGE):
        raise MeridianError("R103", format=wanted.format, known=", ".join((*make.FORMATS, make.PACKAGE)))
    originals = may(who, "originals", wanted.institution)
    return worker.ask(store, "report", who.id, **asdict(wanted), originals=originals, name=uuid4().hex)


def report_job(store: Store, facts: dict[str, Any], by: str, tell: Tell) -> dict[str, Any]:
    """Makes the file. What it tells: its name, the publication it is of, and its numbers as they are written in it."""
    tell("report", 0.1)
    version, scheme = open_version(store.path), framework(facts["framework"])
    read = make.material(version, facts["institution"], facts["lang"], facts["years"], facts["last"])
    whole = make.outline(store, scheme.id, read, facts["criteria"])
    tell("report", 0.4)
    if facts["format"] == make.PACKAGE:
        content = make.proved(store, scheme.id, read, whole, originals=facts["originals"])
    else:
        content = make.made(facts["format"], whole, make.own(store))
    tell("report", 0.9)
    numbers = make.numbers(scheme, read)
    _kept(store, facts["name"]).write_bytes(content)
    return {"name": f"{whole.name}.{facts['format']}", "publication": whole.publication, "numbers": numbers, "size": len(content)}


def take(who: Person | None, store: Store, job: Job) -> bytes:
    """The file, for whoever ordered it and still may; that it was taken, and with which numbers, is written down.

    Raises P101; R104 where it is gone.
    """
    facts: Mapping[str, Any] = job.facts
    require(who, "export", facts["institution"])
    if facts["originals"] and facts["format"] == make.PACKAGE:
        require(who, "originals", facts["institution"])
    path = _kept(store, facts["name"])
    if job.state != "done" or not path.is_file() or who is None or who.id != job.by:
        raise MeridianError("R104")
    content = path.read_bytes()
    told = (facts["institution"], facts["framework"], facts["lang"], facts["format"])
    writing.taken(who, store, *told, job.result["publication"], job.result["numbers"])
    return content


def _kept(store: Store, name: str) -> Path:
    """Where a made file lies; those of the day before are swept away."""
    store.made.mkdir(parents=True, exist_ok=True)
    for path in store.made.glob("*"):
        if time.time() - path.stat().st_mtime > KEPT:
            path.unlink(missing_ok=True)
    return store.made / name
