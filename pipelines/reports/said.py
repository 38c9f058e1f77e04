"""What people added to a report, in one language; beside it stands what was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.desk.checkins import CheckIn
from pipelines.reports.outline import Proof, Slot


@dataclass(frozen=True)
class Judgement:
    """A self-score somebody gave: level from 1, the reason, the numbers of the proofs named for it."""

    level: int
    reason: str
    proofs: tuple[str, ...] = ()
    by: str = ""
    at: str = ""


@dataclass(frozen=True)
class Said:
    """Texts by (criterion, slot); proofs and self-scores by criterion; ``done``: the check-ins of the institution, the newest first."""

    texts: Mapping[tuple[str, Slot], str] = field(default_factory=dict)
    proofs: Mapping[str, Sequence[Proof]] = field(default_factory=dict)
    levels: Mapping[str, Judgement] = field(default_factory=dict)
    done: Sequence[CheckIn] = ()
