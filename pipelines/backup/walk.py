"""The way through a store: what lies there goes into the vault, and what the log speaks of must be among it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pipelines.access import base
from pipelines.backup.vault import Kept, Manifest, Vault
from pipelines.desk import evidence
from pipelines.log import Event
from pipelines.publishing import publications
from pipelines.publishing.rebuild import kept_with
from pipelines.store import Store

LEFT_OUT = frozenset({"versions", "work", "log", "secret", "CURRENT"})
"""What is passed by: made anew, or of processes that run; the log goes its own way."""
NAMED_BY_HASH = frozenset({"raw", "told", "evidence"})


class Walk:
    """One way through. What is unchanged since the last backup is not read again."""

    def __init__(self, store: Store, vault: Vault, before: Manifest | None) -> None:
        self.store, self.vault = store, vault
        self.before = before.files if before else {}
        self.files: dict[str, Kept] = {}
        self.damaged: list[str] = []
        """Places of files that are missing or changed, of which the vault has no good copy either."""
        self.copied = self.bytes = 0

    def all(self, found: list[Event]) -> None:
        """The whole store, and what is needed for these events. Raises OSError."""
        for path in _files(self.store.path):
            if path.relative_to(self.store.path).parts[0] != self.store.drafts.name:
                with suppress(FileNotFoundError):  # taken away in this moment; whether it is needed is asked below
                    self._file(path, self._place(path))
        for folder in sorted(self.store.drafts.glob("*")):
            self._draft(folder)
        self._people()
        for place in sorted(needed(found) - self.files.keys()):
            self._stood_in_for(place)

    def _file(self, path: Path, place: str) -> None:
        told, before = path.stat(), self.before.get(place)
        if before and (before.bytes, before.changed) == (told.st_size, told.st_mtime_ns) and self.vault.content(before.sha256).is_file():
            self.files[place] = before
            return
        sha256, new = self.vault.take(path)
        if place.partition("/")[0] in NAMED_BY_HASH and sha256 != path.stem:
            return  # no longer what its name says; the vault may have what it was
        self.files[place] = Kept(sha256, told.st_size, told.st_mtime_ns)
        self.copied, self.bytes = self.copied + new, self.bytes + new * told.st_size

    def _stood_in_for(self, place: str) -> None:
        """The copy that an earlier backup made stands in for a file that is lost."""
        content = self.vault.content(Path(place).stem)
        if content.is_file():
            self.files[place] = Kept(content.name, content.stat().st_size, 0)
        else:
            self.damaged.append(place)

    def _draft(self, folder: Path) -> None:
        """A draft as it is at one moment: its files, while the person's side stays the same."""
        state, said = folder / "state.json", None
        with suppress(FileNotFoundError):  # published or thrown away in this moment
            while said != (said := state.read_bytes()):
                for path in _files(folder):
                    self._file(path, self._place(path))

    def _people(self) -> None:
        with tempfile.TemporaryDirectory(dir=self.vault.path, prefix=".people-") as place:
            copy = Path(place) / base.FILE
            if base.copied(self.store, copy):
                self._file(copy, base.FILE)

    def _place(self, path: Path) -> str:
        return path.relative_to(self.store.path).as_posix()


def needed(found: list[Event]) -> set[str]:
    """Places of what these events speak of and nobody erased: originals, what lies beside the log, evidence."""
    erased, places = publications.erased(found), set()
    for event in publications.standing(found).values():
        places |= {f"raw/{sha}" for sha in kept_with(event)}
    for event in found:
        if event.no not in erased and (told := event.facts.get("told")):
            places.add(f"told/{told}.json")
        if event.kind == evidence.ATTACHED and event.facts.get("digest"):
            places.add(f"evidence/{event.facts['digest']}")
        elif event.kind == evidence.ERASED:
            places.discard(f"evidence/{event.facts['digest']}")
    return places


def erased(found: list[Event]) -> set[str]:
    """Hashes of the bytes that were erased for good."""
    gone = {event.facts["file"] for event in found if event.kind == "erased"}
    gone |= {event.facts["digest"] for event in found if event.kind == evidence.ERASED}
    return gone - {Path(place).stem for place in needed(found)}


def _files(folder: Path) -> Iterator[Path]:
    """Every file that is kept, in order; nothing hidden, no link."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", base.FILE)) or path.name in LEFT_OUT or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path
