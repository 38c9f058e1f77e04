"""Levels of study and the European Qualifications Framework (EQF 5–8; equal to ISCED 5–8 and TYÇ 5–8)."""

from __future__ import annotations

EQF = {"short_cycle": 5, "bachelor": 6, "master": 7, "doctorate": 8}
"""Level → EQF. The order is the order of the levels."""


def eqf(level: str) -> int:
    """The EQF level of a level's code. Raises KeyError for a code that is none."""
    return EQF[level]
