"""What the agreement register holds since agreements are exchanged digitally: blended stays, approval in EWP, months of the year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from data.demo import world

EWP = date(2021, 6, 1)
"""When the office began to exchange its agreements in Erasmus Without Paper."""
LAST = date(2026, 10, 1)


def details(row: dict[str, Any]) -> dict[str, Any]:
    """The further columns of an agreement, by chance of its own number."""
    chance = world.stream("exchanged", row["agreement"])
    new, places, erasmus = row["starts"].year >= 2021, row["quota_out"] is not None, row["kind"] == "erasmus_ka131"
    stated = places and row["kind"] == "student_exchange" and chance.random() < 0.4
    blended = new and erasmus and chance.random() < 0.6
    approved = max(EWP, row["starts"]) + timedelta(days=chance.randrange(10, 900))
    runs_on = erasmus and (row["ends"] is None or row["ends"] > approved) and approved <= LAST
    return {
        "months_out": row["quota_out"] * row["months"] - chance.randrange(3) if stated else None,
        "months_in": row["quota_in"] * row["months"] - chance.randrange(3) if stated else None,
        "blended": blended if places else None,
        "ewp_approved": approved if runs_on and chance.random() < 0.8 else None,
    }
