"""Making a backup while everybody works: first the end of the log is fixed, then what it speaks of is copied, which was there before it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines import log
from pipelines.access import people
from pipelines.backup import BACKED_UP
from pipelines.backup.vault import Done, Manifest, Vault
from pipelines.backup.walk import Walk, erased
from pipelines.errors import MeridianError, Place
from pipelines.log import Event
from pipelines.publishing import publications
from pipelines.publishing.fingerprint import canonical
from pipelines.store import Store, product_version

REMEMBERED = timedelta(days=35)
"""For so long an earlier state of accounts, drafts and layouts can be had back."""


def backup(store: Store, target: Path, by: str = people.SYSTEM) -> Done:
    """Copies what the target does not have yet, and writes it into the log. Nobody waits for it.

    Raises S170 (target and store lie in one another), S171 (a folder of somebody else), S172 (backups of another store), S101 (nothing
    there), S102, S103, a fault of the log; S176 after all else was copied, where a file is lost of which there is no good copy.
    """
    vault = Vault(Path(target).absolute())
    if _one_in_another(vault.path.resolve(), store.path.resolve()):
        raise MeridianError("S170", Place(str(vault.path)), store=store.path)
    if not store.log_file.is_file():
        raise MeridianError("S101", Place(str(store.path)), store=store.path)
    with vault.open():
        done = _made(store, vault)
    size = sum(kept.bytes for kept in done.manifest.files.values()) + done.manifest.log_bytes
    log.append(store, BACKED_UP, by, files=len(done.manifest.files), bytes=size, copied=done.bytes, seal=done.manifest.seal)
    if lost := done.manifest.damaged:
        raise MeridianError("S176", Place(lost[0]), files=", ".join(lost))
    return done


def _made(store: Store, vault: Vault) -> Done:
    """Files, log and manifest; the walk begins anew where something was erased meanwhile."""
    before = vault.manifest() if vault.manifests() else None
    while True:
        found, end = _fixed(store)
        vault.compare(store.log_file, end)
        walk = Walk(store, vault, before)
        walk.all(found)
        if erased(log.events(store)) == (gone := erased(found)):
            break
    sha256 = vault.grow(store.log_file, end)
    manifest = _told(store, walk, found, end, sha256)
    vault.write(vault.path / "manifests" / manifest.name, canonical(asdict(manifest)))
    _forget(vault, manifest, gone)
    return Done(manifest, walk.copied, walk.bytes)


def _fixed(store: Store) -> tuple[list[Event], int]:
    """All events, and where the last one ends; nobody writes the log meanwhile."""
    with store.log_lock():
        return log.events(store), store.log_file.read_bytes().rfind(b"\n") + 1


def _told(store: Store, walk: Walk, found: list[Event], end: int, sha256: str) -> Manifest:
    published = publications.last(found) if store.pointer.exists() else None
    facts: dict[str, Any] = published.facts if published else {"no": None, "digest": "", "code": ""}
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return Manifest(
        now, product_version(), duckdb.__version__, facts["no"], facts["digest"], facts["code"],
        len(found), end, sha256, walk.files, sorted(walk.damaged),
    ).sealed()  # fmt: skip


def _forget(vault: Vault, manifest: Manifest, gone: set[str]) -> None:
    """What is too old; after an erasure every earlier backup, so that what was erased is in none any more."""
    if any(vault.content(sha256).exists() for sha256 in gone):
        since = manifest.name
    else:
        since = f"{datetime.fromisoformat(manifest.at) - REMEMBERED:%Y%m%dT}"
    vault.keep_only({path.name for path in vault.manifests() if path.name >= since})


def _one_in_another(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)
