"""After an upgrade of the product: every original is read anew and held against what was accepted; then the same files go on air again.

Definitions may have changed, and with them figures: that is why somebody answers for it, and why it is a publication of its own, beside
which the earlier one stays in the history. What was accepted is never put in doubt: a file that is read differently now goes on as it was.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import log
from pipelines.errors import MeridianError, Place
from pipelines.log import Event
from pipelines.publish import Publication, publish
from pipelines.publishing import build, contents, publications
from pipelines.publishing.contents import How
from pipelines.publishing.rebuild import Retidy
from pipelines.store import Store
from pipelines.tidying.arrays import write_tidy

REREAD = "reread"
"""The event of tidy tables that gained columns or were made anew: ``tidy`` is name → hash of the bytes."""


@dataclass(frozen=True)
class Upgraded:
    """The publication by this product, and how the tidy tables of all accepted files stand to what was accepted.

    ``same`` hold the same, ``grown`` the same and columns that came with the upgrade, ``apart`` names files that are read differently now
    and go on as they were accepted.
    """

    publication: Publication
    same: int
    grown: int
    apart: tuple[str, ...]


def upgrade(store: Store, retidy: Retidy, by: str, reason: str = "upgrade") -> Upgraded:
    """Reads everything anew and puts the files on air once more, judged by the day of the publication on air. What waits goes on waiting.

    Raises S101 without a publication, S107 for a tidy table that is lost and whose file cannot be read the same any more.
    """
    with store.lock():
        found = publications.caught_up(store)
        published = publications.last(found)
        if published is None:
            raise MeridianError("S101", Place(str(store.path)), store=store.path)
        told: dict[str, list[str]] = {"same": [], "grown": [], "apart": []}
        tidy: dict[str, str] = {}
        hashes = build.hashes(found)
        with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
            for event in publications.standing(found).values():
                for source, how, anew in _read(store, event, retidy, Path(folder), hashes):
                    told[how].append(event.facts["name"])
                    if anew:
                        kept = store.put_tidy(event.facts["file"], source, event.facts["code"], anew)
                        tidy[kept["parquet"]] = kept["bytes"]
        if tidy:
            log.append(store, REREAD, by, tidy=tidy)
        files = set(published.facts["accepted"]) - publications.erased(found)
        waiting: Sequence[int] = [event.no for event in publications.since(found)]
        day = date.fromisoformat(published.facts["as_of"])
        done = publish(store, by, reason, day, files, anew=True, waiting=waiting)
    return Upgraded(done, len(told["same"]), len(told["grown"]), tuple(dict.fromkeys(told["apart"])))


def _read(store: Store, event: Event, retidy: Retidy, folder: Path, hashes: dict[str, str]) -> Iterator[tuple[str, How, Path | None]]:
    """Each source of a file: how it stands to what was accepted, and the table that takes its place, if one does."""
    try:
        tables = retidy(event, store.raw(event.facts["file"]))
    except (MeridianError, OSError):  # read once, refused or lost today: the tables of then are what was accepted
        tables = {}
    for source, own in event.facts["sources"].items():
        anew, before = folder / f"{event.no}-{source}.parquet", build.place_of(store, event, source)
        write_tidy(tables.get(source, pa.table({})), anew)
        whole = build.intact(before, hashes)
        how = contents.compared(before, anew) if whole else _counted(anew, own["rows"])
        yield source, how, anew if how == "grown" or (how == "same" and not whole) else None


def _counted(anew: Path, rows: int) -> How:
    """Where the table of then is lost, the number of its rows is what the log still tells."""
    return "same" if pq.read_metadata(anew).num_rows == rows else "apart"
