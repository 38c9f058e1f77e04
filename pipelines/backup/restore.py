"""Restoring: everything back into an empty folder, each byte looked at, then the version on air built anew and held against its digest."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines import log, path
from pipelines.access import base, people
from pipelines.backup.vault import Done, Manifest, Vault
from pipelines.errors import MeridianError, Place, Refused
from pipelines.publish import rebuild
from pipelines.store import Store

RESTORED = "recovered"
"""The event that says so: ``backup`` names the manifest, ``at`` when that was made, ``seal`` what it held."""
READ_DIFFERENTLY = "S151"


def restore(store: Store, source: Path, name: str = "", by: str = people.SYSTEM) -> Done:
    """Puts a backup (left out: the newest) into an empty store and rebuilds what was on air.

    Raises S174 (store not empty), S175 (no backup there), S173 (damaged; names the file): the store is empty then as before. S152 where
    this product computes other figures than the one that published: everything is restored, and ``upgrade`` puts it on air.
    """
    vault = Vault(Path(source).absolute())
    manifest = vault.manifest(name)
    if store.path.exists() and any(store.path.iterdir()):
        raise MeridianError("S174", Place(str(store.path)))
    try:
        _put_back(store, vault, manifest)
    except OSError as error:
        _empty(store.path)
        raise MeridianError("S103", Place(str(store.path)), detail=error.strerror or str(error)) from error
    except MeridianError:
        _empty(store.path)
        raise
    log.append(store, RESTORED, by, backup=manifest.name, at=manifest.at, seal=manifest.seal)
    if manifest.publication is not None:
        _on_air(store)
    size = sum(kept.bytes for kept in manifest.files.values()) + manifest.log_bytes
    return Done(manifest, len(manifest.files), size)


def _put_back(store: Store, vault: Vault, manifest: Manifest) -> None:
    """The log comes last: a store without one is not restored yet."""
    for place, kept in manifest.files.items():
        target = store.path / place
        if not target.resolve().is_relative_to(store.path.resolve()):
            raise vault.damaged(vault.path / "manifests" / manifest.name)
        vault.give(kept, target, _mode(place))
    vault.give_log(manifest, store.log_file)


def _mode(place: str) -> int:
    """Who may read and write it, as where it was first written."""
    if place == base.FILE:
        return 0o600
    return 0o440 if place.partition("/")[0] in ("raw", "tidy", "told", "evidence") else 0o640


def _on_air(store: Store) -> None:
    """From the original bytes, as a proof; where this product reads some of them differently, from the tables as they were accepted."""
    try:
        rebuild(store, path.retidy(store))
    except Refused as refused:
        if any(finding.code != READ_DIFFERENTLY for finding in refused.findings):
            raise
        rebuild(store)


def _empty(folder: Path) -> None:
    """As it was before; the folder itself may be where a disk is mounted."""
    for one in folder.iterdir() if folder.exists() else ():
        if one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink()
