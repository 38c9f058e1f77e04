"""Where an agreement stands, in words with their icon and tone; the stage itself is told by ``core.agreement_stage``."""

from __future__ import annotations

from pages.parts.tables import Mark
from pipelines.language import Language

STAGES = ("draft", "signed", "active", "expiring", "expired", "renewed", "terminated")
LOOKS = {
    "draft": ("neutral", "…"),
    "signed": ("neutral", "➔"),
    "active": ("good", "✔"),
    "expiring": ("warning", "▲"),
    "expired": ("bad", "✖"),
    "renewed": ("neutral", "➔"),
    "terminated": ("neutral", "✖"),
}
"""Stage → tone and icon: never colour alone."""


def words(say: Language) -> dict[str, str]:
    """Stage → its word."""
    return {
        "draft": say("Draft"),
        "signed": say("Signed, not begun"),
        "active": say("Active"),
        "expiring": say("Expiring"),
        "expired": say("Expired"),
        "renewed": say("Renewed"),
        "terminated": say("Terminated"),
    }


def mark(stage: str, say: Language) -> Mark:
    """The stage as a pill for a table."""
    return Mark(words(say)[stage], *LOOKS[stage])
