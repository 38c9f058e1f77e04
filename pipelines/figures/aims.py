"""A goal in one year, in words: what pages and reports say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.language import Language
from pipelines.measuring import judge

if TYPE_CHECKING:
    from pipelines.catalogue import Indicator

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Goal:
    """A goal in one year, in words. ``attainment`` and ``path`` are fractions, not clipped."""

    code: str
    title: str
    attainment: float | None
    path: float | None
    written: str
    target_written: str
    expected_written: str
    responsible: str
    rule: judge.Rule
    status: str
    provisional: bool

    @property
    def role(self) -> str:
        return self.rule.tone

    @property
    def due(self) -> float | None:
        """The share of the way that was due by the year, as a fraction; None where it cannot be told."""
        return self.attainment / self.path if self.path and self.attainment is not None else None


def goal(row: Row, indicator: Indicator, say: Language) -> Goal:
    """A row of ``board.goal_status`` in words."""
    rule = judge.rules()[row["status"]]
    unit, decimals = indicator.unit, indicator.decimals
    upper = f"–{say.number(row['target_upper'], unit, decimals)}" if row["target_upper"] is not None else ""
    marks = (" [p]" if row["provisional"] else "") + (" [s]" if row["actual_origin"] == "reported" else "")
    return Goal(
        indicator.code,
        say.pick(indicator.title),
        row["attainment"],
        row["attainment_path"],
        say.number(row["actual"], unit, decimals, row.get("precision")) + marks,
        f"{say.number(row['target'], unit, decimals)}{upper} ({say.year(row['target_year'])})",
        say.number(row["expected"], unit, decimals) if row["expected"] is not None else "",
        row["responsible"] or "",
        rule,
        say.pick(rule.label),
        bool(row["provisional"]),
    )


def goals(rows: Iterable[Row], year: int | None, known: Mapping[str, Indicator], say: Language) -> list[Goal]:
    """The goals of the whole in a year, the one furthest behind its path first; goals without a value last."""
    mine = [row for row in rows if row["year"] == year and not row["unit"] and row["indicator"] in known]
    found = [goal(row, known[row["indicator"]], say) for row in mine]
    return sorted(found, key=lambda g: (g.path is None, g.path if g.path is not None else 0.0, g.code))
