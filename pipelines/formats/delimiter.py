"""Which sign parts the cells: the one that gives all records below the header the same width. Two that do are a question, not a choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.errors import Place, Refused
from pipelines.formats.csv_records import LF, split, widths_of
from pipelines.formats.refusal import refused

CANDIDATES = {",": ord(","), ";": ord(";"), "TAB": ord("\t"), "|": ord("|")}
SAMPLE = 512 * 1024
"""Bytes looked at to choose; the whole file is then held to the choice."""


@dataclass
class _Run:
    """How well a candidate fits: its usual width, the first record that has it, and how many records after that do not."""

    name: str
    width: int = 0
    start: int = 0
    off: int = 0
    share: float = 0.0


def find_delimiter(data: np.ndarray, start: int, file: str) -> int:
    """The delimiter's byte. Raises E210 where no candidate parts the records, E211 where more than one does."""
    runs = [run for name, byte in CANDIDATES.items() if (run := _fit(name, _sample_widths(data, start, byte))).width > 1]
    if not runs:
        raise refused("E210", Place(file, row=1))
    return CANDIDATES[_choose(runs, file).name]


def likely_delimiter(data: np.ndarray, start: int) -> int:
    """The best guess, only to name the place of a fault that made the structure unreadable."""
    fits = [_fit(name, _sample_widths(data, start, byte)) for name, byte in CANDIDATES.items()]
    return CANDIDATES[max(fits, key=lambda run: run.share).name]


def _sample_widths(data: np.ndarray, start: int, delimiter: int) -> np.ndarray:
    """Widths of the sample's records, without empty lines."""
    end = min(start + SAMPLE, len(data))
    where, kinds, _ = split(data, start, end, delimiter)
    widths = widths_of(kinds)
    ends = where[kinds == LF]
    starts = np.concatenate(([start], ends[:-1] + 1)) if len(ends) else ends
    filled = ends - starts > 1
    if end == len(data):
        last = int(ends[-1]) + 1 if len(ends) else start
        tail = [int(np.count_nonzero(where >= last)) + 1] if last < end else []
        return np.concatenate((widths[filled], np.array(tail, dtype=widths.dtype)))
    return widths[filled]


def _fit(name: str, widths: np.ndarray) -> _Run:
    wide = widths[widths > 1]
    if not len(wide):
        return _Run(name)
    counts = np.bincount(wide)
    width = len(counts) - 1 - int(np.argmax(counts[::-1]))  # the most frequent, of equals the widest
    start = int(np.flatnonzero(widths == width)[0])
    off = int(np.count_nonzero(widths[start:] != width))
    return _Run(name, width, start, off, float(np.count_nonzero(widths == width)) / len(widths))


def _choose(runs: list[_Run], file: str) -> _Run:
    clean = sorted((run for run in runs if not run.off), key=lambda run: run.start)
    if len(clean) > 1 and (clean[0].start == clean[1].start or any(run.width > clean[0].width for run in clean[1:])):
        raise _ambiguous(clean, file)
    if clean:
        return clean[0]
    # Every candidate leaves ragged records; one that fits most of them is the delimiter, and the body names the records that do not fit.
    loose = [run for run in runs if run.share >= 0.5]
    if len(loose) == 1:
        return loose[0]
    raise _ambiguous(runs, file)


def _ambiguous(runs: list[_Run], file: str) -> Refused:
    return refused("E211", Place(file, row=1), candidates="  ".join(run.name for run in runs))
