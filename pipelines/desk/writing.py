"""What people write into reports: findings in their own words, evaluations, improvements, and the self-score of a criterion.

Each text belongs to an institution, a framework, a criterion, a slot and a language, and outlives every publication: a report takes the
newest, nothing is ever overwritten. Every saving is an event of the log; what was typed lies beside it. Whoever saves over a text that
somebody else changed meanwhile is shown it first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines import log
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.errors import MeridianError
from pipelines.frameworks import Section
from pipelines.log import Event
from pipelines.reports.outline import Slot
from pipelines.reports.said import Judgement
from pipelines.store import Store

WROTE, SCORED, TAKEN = "report_text", "report_score", "report_taken"
LONGEST = 20_000
"""Characters of a text."""

Spot = tuple[Section, Slot, str]
"""Criterion of an institution's report, slot, language."""


@dataclass(frozen=True)
class Written:
    """A text as it stands: the number of its event, when and by whom. ``text`` may be empty: what is generated stands again."""

    no: int
    text: str
    at: str
    by: str


@dataclass(frozen=True)
class Taken:
    """A report that left the house: which, when, with whom, of which publication, and its numbers as they were written then."""

    at: str
    by: str
    publication: int
    format: str
    numbers: Mapping[str, str]


def write(who: Person | None, store: Store, where: Section, slot: Slot, lang: str, text: str, *, seen: int = 0) -> Event:
    """Saves a text. ``seen`` is the number of the text that the writer had before the eyes (0: none).

    Raises P101, K101 (no such framework or criterion), V411 (somebody saved meanwhile), V406 (too long).
    """
    require(who, "write", where.institution)
    assert who is not None
    where.known()
    _short(text)
    with store.log_lock():
        known = _texts(store).get((where, slot, lang))
        if known and known.no != seen:
            raise MeridianError("V411", by=known.by, at=known.at[:16].replace("T", " "), text=known.text)
        return log.append(store, WROTE, who.id, {"text": text.strip()}, **where.about, slot=slot, lang=lang)


def score(who: Person | None, store: Store, where: Section, level: int, reason: str, proofs: Sequence[str] = ()) -> Event:
    """Judges a criterion, with the reason and the numbers of the evidence for it.

    Raises P101, K101, V412 (no such level), V413 (no reason), V406 (too long).
    """
    require(who, "write", where.institution)
    assert who is not None
    entry = where.known()
    if not 1 <= level <= len(entry.levels):
        raise MeridianError("V412", level=level, most=len(entry.levels))
    if not reason.strip():
        raise MeridianError("V413")
    _short(reason)
    return log.append(store, SCORED, who.id, {"reason": reason.strip()}, **where.about, level=level, proofs=list(proofs))


def _short(text: str) -> None:
    if len(text) > LONGEST:
        raise MeridianError("V406", most=LONGEST, length=len(text))


def taken(
    who: Person | None, store: Store, institution: str, scheme: str, lang: str, form: str, publication: int, numbers: Mapping[str, str]
) -> Event:  # fmt: skip
    """Writes down that a report left the house, with its numbers: the next one says which have changed. Raises P101."""
    require(who, "export", institution)
    assert who is not None
    about = {"institution": institution, "framework": scheme, "lang": lang, "format": form, "publication": publication}
    return log.append(store, TAKEN, who.id, {"numbers": dict(numbers)}, **about)


def text(store: Store, where: Section, slot: Slot, lang: str) -> Written | None:
    """The text of a place as it stands; None where nobody has written one."""
    return _texts(store).get((where, slot, lang))


def texts(store: Store, institution: str, scheme: str, lang: str) -> dict[tuple[str, Slot], str]:
    """Every text of a framework's report in a language, by criterion and slot; empty ones are none."""
    return {
        (where.criterion, slot): one.text
        for (where, slot, tongue), one in _texts(store).items()
        if (where.institution, where.framework, tongue) == (institution, scheme, lang) and one.text
    }


def scores(store: Store, institution: str, scheme: str) -> dict[str, Judgement]:
    """The self-score of each criterion that has one."""
    known = _scores(store).items()
    return {where.criterion: one for where, one in known if (where.institution, where.framework) == (institution, scheme)}


def last_taken(store: Store, institution: str, scheme: str, lang: str | None = None) -> Taken | None:
    """The report that left the house last; in a language, or in any."""
    for event in reversed(log.remembered(store)):
        facts = event.facts
        if event.kind == TAKEN and (facts["institution"], facts["framework"]) == (institution, scheme) and lang in (None, facts["lang"]):
            return Taken(event.at, event.by, facts["publication"], facts["format"], facts.get("numbers", {}))
    return None


def _texts(store: Store) -> Mapping[Spot, Written]:
    return _replayed(store, log.tip(store))[0]


def _scores(store: Store) -> Mapping[Section, Judgement]:
    return _replayed(store, log.tip(store))[1]


@lru_cache(maxsize=8)
def _replayed(store: Store, head: str) -> tuple[dict[Spot, Written], dict[Section, Judgement]]:
    """Texts and scores as the log has them up to ``head``, the hash of its last line. Nobody may change the answer."""
    written: dict[Spot, Written] = {}
    judged: dict[Section, Judgement] = {}
    for event in log.remembered(store):
        if event.kind not in (WROTE, SCORED):
            continue
        facts = event.facts
        where = Section(facts["institution"], facts["framework"], facts["criterion"])
        if event.kind == WROTE:
            written[where, facts["slot"], facts["lang"]] = Written(event.no, facts.get("text", ""), event.at, event.by)
        else:
            judged[where] = Judgement(facts["level"], facts.get("reason", ""), tuple(facts["proofs"]), event.by, event.at)
    return written, judged
