"""The demo store: the sample university and the published figures of the four offices, through the same path as anybody's files."""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipelines import measure, path
from pipelines.access import demo as accounts
from pipelines.access import people
from pipelines.access.demo import MARK
from pipelines.desk import checkins, evidence, writing
from pipelines.errors import MeridianError
from pipelines.frameworks import Section
from pipelines.publish import publish
from pipelines.settings import ROOT
from pipelines.store import Store
from pipelines.warehouse import current_path, open_version

CHECK_INS = ROOT / "data" / "demo" / "checkins.toml"
REPORT = ROOT / "data" / "demo" / "report.toml"
KNOWLEDGE = ("data/demo", "data/reference", "pipelines", "indicators", "policies", "layouts", "expectations")


def build(store: Path, fresh: bool = False) -> bool:
    """Builds the demo store where it is missing or out of date; returns whether anything was done. Raises D101 on a foreign store."""
    made_from = fingerprint()
    mark = store / MARK
    if store.exists() and any(store.iterdir()) and not mark.exists():
        raise MeridianError("D101", store=store)
    if not fresh and mark.exists() and json.loads(mark.read_text(encoding="utf-8"))["made_from"] == made_from and current_path(store):
        print(f"demo store is up to date: {store}")
        return False
    # Built beside and moved into place: a page open on the old store reads a whole one all the time.
    store.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store.parent, prefix=".demo-") as folder:
        built = Path(folder) / "store"
        _fill(built, Path(folder) / "files")
        accounts.make(Store(built))
        _check_ins(Store(built))
        _report(Store(built))
        (built / MARK).write_text(json.dumps({"made_from": made_from}), encoding="utf-8")
        if store.exists():
            store.rename(Path(folder) / "old")
        built.rename(store)
    print(f"demo store ready: {store}")
    return True


def _fill(store: Path, folder: Path) -> None:
    from data.demo.make_demo import make

    files, where = make(folder), Store(store)
    for at, one in enumerate(files, 1):
        print(f"[{at:2}/{len(files)}] {one.file}", flush=True)
        choices = path.Choices(layout=one.layout or one.source, institution=one.institution or None, series=one.series, status=one.status)
        with path.drafts([folder / one.file], choices) as made:
            path.accept(where, made[0], by=one.by, reason=one.reason, note=one.note)
    done = publish(where, by="Meridian", reason="demo")
    print(f"published no. {done.no}: {done.files} files, digest {done.digest[:12]}")
    shutil.rmtree(folder)


def _check_ins(store: Store) -> None:
    """What the sample university wrote beside its goals, each by an account that may; what has a result is closed with it."""
    version = open_version(store.path)
    for one in tomllib.loads(CHECK_INS.read_text(encoding="utf-8"))["check_in"]:
        who = people.person(store, one["by"])
        values = measure.values(version, one["indicator"], institution="demo", audience="public")
        due = date.today() + timedelta(days=one["due_in"]) if "due_in" in one else None
        plan = checkins.Plan(one["note"], one.get("action", ""), one.get("owner", ""), due)
        about = {"element": one["element"], "indicator": one["indicator"], "before": checkins.reading(values, one["year"])}
        made = checkins.add(who, store, "demo", one["year"], plan, **about)
        if "result" in one:
            checkins.close(who, store, made.no, one["result"], checkins.reading(values))
    version.close()


def _report(store: Store) -> None:
    """What the sample university wrote into its self-evaluation, and the evidence it filed, by an account that may."""
    who, told = people.person(store, "demo-reporter"), tomllib.loads(REPORT.read_text(encoding="utf-8"))

    def place(one: dict[str, Any]) -> Section:
        return Section("demo", "yokak", one["criterion"])

    for one in told["link"]:
        evidence.attach_link(who, store, place(one), one["title"], one["link"])
    for one in told["file"]:
        evidence.attach_file(who, store, place(one), one["title"], one["name"], one["text"].encode())
    for one in told["text"]:
        writing.write(who, store, place(one), one["slot"], one["lang"], one["text"])
    for one in told["score"]:
        writing.score(who, store, place(one), one["level"], one["reason"], one["proofs"])


def fingerprint() -> str:
    """One hash over everything that the demo's figures depend on."""
    whole = sha256()
    for folder in KNOWLEDGE:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                whole.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return whole.hexdigest()
