"""What a report is made of: one publication, one institution, one language, some years. Everything is read as the public may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipelines import catalogue, figures, measure
from pipelines.catalogue import Indicator
from pipelines.figures import Figure
from pipelines.figures import names as words
from pipelines.figures.time import filled
from pipelines.figures.values import yearly
from pipelines.language import Language
from pipelines.measure import Value
from pipelines.measuring import provenance, revisions
from pipelines.reports.outline import Citation
from pipelines.warehouse import Version

Row = dict[str, Any]


@dataclass(frozen=True)
class Material:
    """Reads for a report. ``years`` are academic start years, the oldest first; never empty."""

    version: Version
    institution: str
    say: Language
    years: tuple[int, ...]

    @property
    def year(self) -> int:
        """The newest year of the report."""
        return self.years[-1]

    @cached_property
    def publication(self) -> int:
        return (self.version.one("select max(no) from board.publications") or (0,))[0] or 0

    @cached_property
    def profile(self) -> Row:
        """The row of ``board.institutions``: name_en, name_tr, country, erasmus_code, sample, kind."""
        found = self.version.rows("select * from board.institutions where institution = ?", [self.institution])
        return found[0] if found else {"name_en": self.institution, "name_tr": self.institution, "country": "", "sample": False}

    @property
    def who(self) -> str:
        return self.profile[f"name_{self.say.code}"] if self.profile.get(f"name_{self.say.code}") else self.profile["name_en"]

    @property
    def standing(self) -> str:
        return words.standing(self.say, self.version.about.get("as_of"), self.publication)

    def headline(self, code: str) -> list[Value]:
        """Every value of the whole, all years and periods; read once."""
        if code not in self._read_before:
            found = measure.values(self.version, code, institution=self.institution, audience="public")
            self._read_before[code] = [v for v in found if v.prime]
        return self._read_before[code]

    @cached_property
    def _read_before(self) -> dict[str, list[Value]]:
        return {}

    @cached_property
    def made_before(self) -> dict[tuple[str, str, str], tuple[Any, Any]]:
        """Tables and figures made of it, by code, framework and criterion: ``exhibits.made`` keeps them here."""
        return {}

    def by_year(self, code: str) -> dict[int, Value]:
        """The values of single years, one a year."""
        return {v.year_from: v for v in filled([v for v in self.headline(code) if yearly(v)]) if v.year_from is not None}

    def parts(self, code: str, year: int | None, by: str, where: Mapping[str, str | list[str]] | None = None) -> list[Value]:
        """A breakdown of one year (None: of all), small numbers hidden; empty where the indicator's rows lack the dimension."""
        indicator = catalogue.indicators()[code]
        if by not in measure.dimensions(indicator):
            return []
        asked = dict(where) if where else None
        return measure.values(self.version, indicator, institution=self.institution, year=year, by=by, where=asked, audience="public")

    @cached_property
    def _goals(self) -> list[Row]:
        sql = "select * from board.goals where institution = ? and coalesce(unit, '') = '' order by policy, indicator, target_year"
        return self.version.rows(sql, [self.institution])

    @cached_property
    def _judged(self) -> list[Row]:
        """What a goal reached is hidden with its value: the way from the baseline would give the number back."""
        sql = "select * from board.goal_status where institution = ? and coalesce(unit, '') = '' order by policy, indicator, year"
        rows = self.version.rows(sql, [self.institution])
        unknown = dict.fromkeys(("actual", "attainment", "attainment_path", "distance"))
        return [row | unknown if self._covered(row["indicator"], row["year"]) else row for row in rows]

    def _covered(self, code: str, year: int) -> bool:
        value = self.by_year(code).get(year) if code in catalogue.indicators() else None
        return value is not None and value.hidden

    def goals(self, code: str) -> list[Row]:
        """The targets of an indicator, one row a target year; of several policies, the first one's."""
        rows = [row for row in self._goals if row["indicator"] == code]
        return [row for row in rows if row["policy"] == rows[0]["policy"]]

    def judged(self, code: str, year: int | None = None) -> Row | None:
        """The row of ``board.goal_status`` of a year (default: the report's newest); None where there is no goal."""
        wanted = self.year if year is None else year
        return next((row for row in self._judged if row["indicator"] == code and row["year"] == wanted), None)

    def aimed(self) -> list[Row]:
        """Every goal judged in the report's newest year."""
        return [row for row in self._judged if row["year"] == self.year]

    def trend(self, code: str) -> Figure:
        """The indicator over the report's years with its goal."""
        indicator = catalogue.indicators()[code]
        rows = self.goals(code)
        shown = [v for v in self.headline(code) if (v.year_to or self.year) >= self.years[0] and (v.year_from or 0) <= self.year]
        goal, upper = (revisions.course(rows, edge) if rows else [] for edge in (False, True))
        return figures.trend(indicator, shown, self.say, goal=goal, upper=upper, who=self.who, source=self.source([code]))

    def breakdown(self, code: str, by: str, year: int | None = None) -> Figure:
        """The parts of one year, the largest first."""
        indicator, wanted = catalogue.indicators()[code], self.year if year is None else year
        values = [v for v in self.parts(code, wanted, by) if v.value is not None or v.hidden]
        named, source = words.dimension(by, self.say), self.source([code])
        return figures.breakdown(indicator.of_parts(by), values, words.names(by, self.say), self.say, by=named, who=self.who, source=source)

    def source(self, codes: Iterable[str]) -> str:
        """Files and publication behind indicators, in one line."""
        return words.source_line(self.say, list(dict.fromkeys(one.name for one in self.citations(codes))), self.standing)

    def citations(self, codes: Iterable[str]) -> tuple[Citation, ...]:
        """The ranges of cells behind the values of the report's years, each once; ranges of one column of a sheet are joined."""
        return tuple(found for code in dict.fromkeys(codes) for found in self._cited(catalogue.indicators()[code]))

    @cached_property
    def _cited_before(self) -> dict[str, tuple[Citation, ...]]:
        return {}

    def _cited(self, indicator: Indicator) -> tuple[Citation, ...]:
        if indicator.code not in self._cited_before:
            spans = provenance.ranges(self.version, indicator, self.institution, self.years[0], self.year)
            found = dict.fromkeys(Citation(s.file, s.name, s.sheet, s.cells, s.rows, self.publication) for s in spans)
            self._cited_before[indicator.code] = tuple(found)
        return self._cited_before[indicator.code]


def indicators_of(codes: Sequence[str]) -> list[Indicator]:
    """The indicators of these codes that the catalogue has, in the order given."""
    return [catalogue.indicators()[code] for code in codes if code in catalogue.indicators()]
