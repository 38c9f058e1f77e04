"""What institutions published about themselves: yearly figures whose measure is an indicator."""

from __future__ import annotations

from pipelines.catalogue import indicators
from pipelines.measuring.value import Run, Value

REPORTED = """
    select institution, measure, year_from, coalesce(year_to, year_from), programme, country, level, unit, value,
           coalesce("precision", 'exact'), status = 'provisional', coalesce(domestic, false), coalesce(series, ''), prime,
           file, sheet, "row", col
    from facts.yearly_figures
    where regexp_full_match(measure, '[A-H][0-9]{2}') and (value is not null or "precision" = 'none')
    order by file, sheet, "row", col"""
PARTS = ("programme", "country", "level", "unit")

Pool = dict[str, list[Value]]
"""Indicator → its values so far."""


def stated(run: Run) -> Pool:
    """Figures that institutions stated about themselves, by indicator."""
    pool: Pool = {}
    for row in run(REPORTED):
        who, code, first, last, *parts = row[:8]
        value, precision, soft, domestic, series, prime, file, sheet, line, col = row[8:]
        told = [(name, word) for name, word in zip(PARTS, parts, strict=True) if word]
        one = Value(
            who, code, first, last, "+".join(name for name, _ in told), "+".join(word for _, word in told), value, origin="reported",
            precision=precision, provisional=bool(soft), domestic=domestic or (code in indicators() and indicators()[code].domestic),
            series=series, prime=prime, file=file, sheet=sheet, row=line, col=col,
        )  # fmt: skip
        pool.setdefault(code, []).append(one)
    return pool
