"""The folder that holds backups: every content once under its hash, one log that grows, and a manifest for each backup."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from pipelines.errors import MeridianError, Place
from pipelines.publishing.fingerprint import BLOCK, canonical
from pipelines.store import copied, settle, sync

FORMAT = 1
MARK = "meridian-backup.json"
"""Says that a folder holds backups of Meridian, in which format."""
ARRIVING = ".arriving-"
WAIT = 600.0


@dataclass(frozen=True)
class Kept:
    """A file as it was when it was copied: hash of its bytes, how many, and when it was last changed (ns)."""

    sha256: str
    bytes: int
    changed: int


@dataclass(frozen=True)
class Manifest:
    """One backup. ``files`` are named by their place in the store; the log is the first ``log_bytes`` of the vault's log.

    ``publication``, ``digest`` and ``code`` are those of the version on air; None and empty where there was none. ``seal`` is the hash of
    all the rest.
    """

    at: str
    product: str
    engine: str
    publication: int | None
    digest: str
    code: str
    events: int
    log_bytes: int
    log_sha256: str
    files: dict[str, Kept]
    damaged: list[str]
    format: int = FORMAT
    seal: str = ""

    def sealed(self) -> Manifest:
        return replace(self, seal=_seal(asdict(self)))

    @property
    def name(self) -> str:
        """Sorts by time."""
        return f"{self.at.replace('-', '').replace(':', '').replace('+0000', 'Z')}.json"


@dataclass(frozen=True)
class Done:
    """What a backup or a restore did: its manifest, and how many files and bytes were copied."""

    manifest: Manifest
    files: int
    bytes: int


@dataclass(frozen=True)
class Vault:
    """A folder of backups."""

    path: Path

    @property
    def log_file(self) -> Path:
        return self.path / "log" / "events.jsonl"

    def content(self, sha256: str) -> Path:
        """Where bytes lie."""
        return self.path / "content" / sha256[:2] / sha256

    @contextmanager
    def open(self) -> Iterator[None]:
        """For whoever writes, alone; a new folder becomes a vault. Raises S171 for somebody else's folder, S102, S103."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self.is_ours() and any(self.path.iterdir()):
                raise MeridianError("S171", Place(str(self.path)))
            with FileLock(self.path / ".lock", timeout=WAIT):
                for left in self.path.glob(f"content/{ARRIVING}*"):  # of a backup that was stopped
                    left.unlink()
                if not self.is_ours():
                    self.write(self.path / MARK, canonical({"format": FORMAT}))
                yield
        except Timeout as busy:
            raise MeridianError("S102", Place(str(self.path)), seconds=int(WAIT)) from busy
        except OSError as error:
            raise MeridianError("S103", Place(str(self.path)), detail=error.strerror or str(error)) from error

    def is_ours(self) -> bool:
        return (self.path / MARK).is_file()

    def manifests(self) -> list[Path]:
        """The manifests, the newest first."""
        return sorted((self.path / "manifests").glob("[!.]*.json"), reverse=True)

    def manifest(self, name: str = "") -> Manifest:
        """One backup, left out the newest. Raises S175 where there is none, S173 for a damaged one."""
        found = next((path for path in self.manifests() if name in ("", path.name, path.stem)), None)
        if found is None:
            raise MeridianError("S175", Place(str(self.path)), name=name or MARK)
        try:
            told: dict[str, Any] = json.loads(found.read_bytes())
            if told["seal"] != _seal(told):
                raise ValueError("seal")
            return Manifest(**told | {"files": {place: Kept(**one) for place, one in told["files"].items()}})
        except (ValueError, TypeError, KeyError) as error:
            raise self.damaged(found) from error

    def damaged(self, path: Path) -> MeridianError:
        """The fault that names a file of the vault."""
        return MeridianError("S173", Place(str(self.path)), file=path.relative_to(self.path).as_posix())

    def take(self, source: Path) -> tuple[str, bool]:
        """Keeps the bytes of a file; gives their hash, and whether they are new here."""
        folder = self.path / "content"
        folder.mkdir(exist_ok=True)
        arriving = folder / f"{ARRIVING}{source.name}"
        try:
            sha256 = copied(source, arriving)
            target = self.content(sha256)
            if target.is_file():
                return sha256, False
            target.parent.mkdir(exist_ok=True)
            settle(arriving, target, 0o400)
            return sha256, True
        finally:
            arriving.unlink(missing_ok=True)

    def give(self, kept: Kept, target: Path, mode: int) -> None:
        """Puts bytes into a place. Raises S173 where they are gone or not what they were."""
        source = self.content(kept.sha256)
        arriving = target.with_name(f"{ARRIVING}{target.name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        if not source.is_file() or copied(source, arriving) != kept.sha256:
            raise self.damaged(source)
        settle(arriving, target, mode)

    def compare(self, log_file: Path, end: int) -> None:
        """Raises S172 where the first ``end`` bytes of a log do not go on from ours."""
        have = self.log_file.stat().st_size if self.log_file.exists() else 0
        if have > end or (have and _of_first(self.log_file, have).digest() != _of_first(log_file, have).digest()):
            raise MeridianError("S172", Place(str(self.path)))

    def grow(self, log_file: Path, end: int) -> str:
        """Adds what the log has gained, up to ``end``; gives the hash of it all."""
        self.log_file.parent.mkdir(exist_ok=True)
        with log_file.open("rb") as file, self.log_file.open("ab") as out:
            have = out.tell()
            file.seek(have)
            for block in _blocks(file, end - have):
                out.write(block)
        sync(self.log_file)
        sync(self.log_file.parent)
        return _of_first(self.log_file, end).hexdigest()

    def give_log(self, manifest: Manifest, target: Path) -> None:
        """The log as that backup knew it. Raises S173."""
        if not self.log_file.is_file() or _of_first(self.log_file, manifest.log_bytes).hexdigest() != manifest.log_sha256:
            raise self.damaged(self.log_file)
        target.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("rb") as file, target.open("wb") as out:
            for block in _blocks(file, manifest.log_bytes):
                out.write(block)
        target.chmod(0o640)
        sync(target)

    def keep_only(self, names: set[str]) -> None:
        """Forgets every other manifest, and all content that none of those left names."""
        for path in self.manifests():
            if path.name not in names:
                path.unlink()
        needed = {kept.sha256 for name in names for kept in self.manifest(name).files.values()}
        for path in sorted((self.path / "content").glob("*/*")):
            if path.name not in needed:
                path.unlink()

    def write(self, target: Path, content: bytes) -> None:
        """A small file, whole or not at all; never over another."""
        target.parent.mkdir(exist_ok=True)
        arriving = target.with_name(f"{ARRIVING}{target.name}")
        arriving.unlink(missing_ok=True)
        arriving.write_bytes(content)
        settle(arriving, target, 0o400)


def _seal(told: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(told | {"seal": ""})).hexdigest()


def _blocks(file: BinaryIO, rest: int) -> Iterator[bytes]:
    while rest and (block := file.read(min(rest, BLOCK))):
        rest -= len(block)
        yield block


def _of_first(path: Path, size: int) -> Any:
    """The hash of the first bytes of a file."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        for block in _blocks(file, size):
            total.update(block)
    return total
