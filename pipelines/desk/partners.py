"""Names of partners that nobody holds a charter by: what they might mean, and what a person says they do.

Nothing is joined by likeness: it is suggested, a person confirms it, the log remembers it, and the next publication counts by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines import log
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.codes.words import Index, fold
from pipelines.desk import worker
from pipelines.desk.likeness import nearest
from pipelines.errors import MeridianError
from pipelines.measuring.partners import Charter, apart, listed
from pipelines.publish import publish
from pipelines.publishing import aliases, publications
from pipelines.store import Store
from pipelines.warehouse import Version

DATASET = "agreements"
"""The grant that an editor needs."""
LONGEST = 300


@dataclass(frozen=True)
class Open:
    """A name that is only its own: how often it stands in files, and what it is like (``means``: a code or name, ``name`` for people)."""

    written: str
    country: str | None
    rows: int
    means: str | None = None
    name: str | None = None


def unresolved(version: Version, institution: str) -> list[Open]:
    """Names that no charter list holds and nobody has joined, those with a suggestion first, then the commonest."""
    sql = "select written, country, rows, how, partner from core.partners where institution = ? order by rows desc, written"
    rows = version.query(sql, [institution])
    with version.cursor() as cursor:
        indexes = _indexes(Charter.of(listed(cursor)))
    found, commoner = [], dict[str, str]()
    for row in rows:  # the commonest first: a rare spelling may mean a common one, never the other way round
        if row[3] == "own":
            found.append(_asked(row, indexes, commoner))
        commoner.setdefault(fold(row[0]), row[0])
    return sorted(found, key=lambda one: one.means is None)


def candidates(version: Version, institution: str, country: str | None) -> dict[str, str]:
    """Everything a name of a country may be said to mean: name or code → what people call it."""
    names = version.query("select distinct partner, country from core.partners where institution = ? order by 1", [institution])
    with version.cursor() as cursor:
        charter = Charter.of(listed(cursor))
    held = {code: f"{row['name']} ({code})" for code, row in charter.codes.items() if row["country"] == country}
    return {name: name for name, place in names if country in (None, place)} | dict(sorted(held.items(), key=lambda one: one[1]))


def joined(store: Store, institution: str) -> list[tuple[str, str]]:
    """(name, what it means) of all names that people have joined here."""
    return [(written, means) for who, written, means in aliases.told(log.remembered(store)) if who == institution]


def waiting(store: Store) -> int:
    """How many such decisions came after the publication on air."""
    found = log.remembered(store)
    newest = publications.last(found)
    return sum(event.kind == aliases.KIND and event.no > (newest.no if newest else 0) for event in found)


def join(who: Person | None, store: Store, institution: str, written: str, means: str) -> None:
    """Says what a name means, from the next publication on. Raises P101, V601 (the same already), V602 (each would mean the other)."""
    require(who, "partners", institution, DATASET)
    written, means = written.strip()[:LONGEST], means.strip()[:LONGEST]
    if not fold(written) or not fold(means) or fold(written) == fold(means):
        raise MeridianError("V601", written=written, means=means)
    known = {fold(name): fold(other) for name, other in joined(store, institution)}
    step = fold(means)
    while step in known:
        step = known[step]
        if step == fold(written):
            raise MeridianError("V602", written=written, means=means)
    _say(store, who, institution, "joined", written, means)


def part(who: Person | None, store: Store, institution: str, written: str) -> None:
    """The name means itself again, from the next publication on. Raises P101, V603 (it was not joined)."""
    require(who, "partners", institution, DATASET)
    means = {fold(name): other for name, other in joined(store, institution)}.get(fold(written))
    if means is None:
        raise MeridianError("V603", written=written[:LONGEST])
    _say(store, who, institution, "parted", written, means)


def show_now(who: Person | None, store: Store, reason: str) -> str:
    """Asks the worker to publish the list on air once more, with names as they are understood now; gives the job. Raises P101."""
    require(who, "undo")
    assert who is not None
    return worker.ask(store, "names", who.id, reason=reason)


def names_job(store: Store, facts: dict[str, str], by: str, tell: worker.Tell) -> dict[str, int | None]:
    """Publishes the same files anew; those that wait go on waiting."""
    tell("publish", 0.3)
    with store.lock():
        found = publications.caught_up(store)
        newest = publications.last(found)
        if newest is None or not waiting(store):
            return {"publication": newest.facts["no"] if newest else None}
        left = [event.no for event in publications.since(found)]
        return {"publication": publish(store, by=by, reason=facts["reason"], files=newest.facts["accepted"], waiting=left).no}


def _say(store: Store, who: Person | None, institution: str, change: str, written: str, means: str) -> None:
    assert who is not None
    log.append(store, aliases.KIND, who.id, {"written": written, "means": means}, institution=institution, change=change)


def _indexes(charter: Charter) -> dict[str | None, Index]:
    """Country → the names of its charter holders, each leading to its code."""
    found: dict[str | None, Index] = {}
    for code, row in charter.codes.items():
        found.setdefault(row["country"], Index()).name(row["name"], f"{code}\t{row['name']}")
    return found


def _asked(row: Sequence[Any], indexes: dict[str | None, Index], commoner: dict[str, str]) -> Open:
    """A name with its suggestion: a charter holder of its country first, then a commoner name of this institution's files."""
    written, country, rows = str(row[0]), row[1] and str(row[1]), int(str(row[2]))
    index = indexes.get(country)
    match = index.match(apart(written)[0]) if index else None
    if match and match.suggestion:
        code, _, name = match.suggestion.partition("\t")
        return Open(written, country, rows, code, f"{name} ({code})")
    near = nearest(fold(written), commoner) if fold(written) not in commoner else None
    return Open(written, country, rows, near, near)
