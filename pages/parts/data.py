"""Cached reads of the publication on air. A new publication has a new id: nothing read before is shown again.

Lists of plain rows are kept per publication and never changed; no data frame is made on the way to a page.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from pipelines import answers, catalogue, measure, warehouse
from pipelines.catalogue import Indicator
from pipelines.errors import MeridianError
from pipelines.figures.values import latest as latest
from pipelines.language import Language
from pipelines.measure import Value
from pipelines.measuring import revisions
from pipelines.measuring.tables import TABLES
from pipelines.policies import policies
from pipelines.settings import settings

P = ParamSpec("P")
R = TypeVar("R")
Row = dict[str, Any]
KEEP = 4096
_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_lock = Lock()


_pinned: ContextVar[warehouse.Version | None] = ContextVar("pinned", default=None)


def version() -> warehouse.Version:
    """The publication that this run shows; outside a run, the one on air. Raises MeridianError where there is none."""
    return _pinned.get() or warehouse.open_version(settings().store)


def pin() -> warehouse.Version:
    """Holds on to the publication on air for the whole run: nobody sees two of them on one page."""
    found = warehouse.open_version(settings().store)
    _pinned.set(found)
    return found


def kept(read: Callable[P, R]) -> Callable[P, R]:
    """Remembers an answer per publication and arguments. Answers are shared by all visitors: nobody may change them."""

    @wraps(read)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (
            version().id,
            read.__module__,
            read.__qualname__,
            *map(_plain, args),
            *((name, _plain(kwargs[name])) for name in sorted(kwargs)),
        )
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key]
        answer = read(*args, **kwargs)
        with _lock:
            _kept[key] = answer
            while len(_kept) > KEEP:
                _kept.popitem(last=False)
        return answer

    return remembered


def _plain(argument: Any) -> Any:
    """What stands for an argument in a key: an indicator's code says all."""
    return argument.code if isinstance(argument, Indicator) else argument


@dataclass(frozen=True)
class Institution:
    """Who the figures are about. ``sample``: the figures are made up, and every page says so."""

    id: str
    name: Mapping[str, str]
    country: str
    sample: bool
    kind: str

    def label(self, say: Language) -> str:
        return self.name.get(say.code) or self.name.get("en") or self.id

    def __hash__(self) -> int:
        return hash(self.id)


@kept
def about() -> dict[str, str]:
    """What the publication says about itself: as_of, digest, small_numbers, log_no."""
    return dict(version().query("select key, value from board.about"))


@kept
def publication() -> int:
    """The number of the publication on air."""
    return (version().query("select max(no) from board.publications") or [(0,)])[0][0] or 0


INSTITUTIONS = """
    select i.institution, name_en, name_tr, country, sample, kind, coalesce(named, false) as named
    from board.institutions i
    left join (select institution, count(*) as figures from board.indicator_values group by 1) v using (institution)
    left join (select unnest(string_split(institution, ',')) as institution, true as named from board.files group by 1) using (institution)
    order by coalesce(figures, 0) = 0, sample desc, i.institution"""


@kept
def institutions(asked: str = "") -> list[Institution]:
    """Institutions to look at: those with figures first, the sample before the others; then those that only have a policy.

    Who is met only in lists of many (a nation's universities) is a peer and not offered, unless ``asked`` for or nobody else is there.
    """
    rows = [{"name_en": None, "name_tr": None, "country": None, "kind": None, **row} for row in version().rows(INSTITUTIONS)]
    rows = [row for row in rows if row["named"] or row["institution"] in (asked, *policies())] or rows
    known = {row["institution"] for row in rows}
    found = [Institution(row["institution"], _named(row), row["country"] or "", bool(row["sample"]), row["kind"] or "") for row in rows]
    return found + [
        Institution(name, p.institution.name, p.institution.country, p.institution.sample, p.institution.kind)
        for name, p in policies().items()
        if name not in known
    ]


def _named(row: Row) -> dict[str, str]:
    english = row["name_en"] or row["institution"]
    return {"en": english, "tr": row["name_tr"] or english}


@kept
def years(institution: str) -> list[int]:
    """Academic years with at least one headline value, the newest first."""
    rows = version().query(
        "select distinct coalesce(year_to, year_from) from board.indicator_values"
        " where institution = ? and \"by\" = '' and value is not null order by 1 desc",
        [institution],
    )
    return [year for (year,) in rows if year is not None]


@kept
def full_year(institution: str) -> int | None:
    """The newest year that most indicators have a value of: registers know next year before anybody has moved."""
    return answers.full_year(version(), institution) or next(iter(years(institution)), None)


@kept
def measured(institution: str) -> list[str]:
    """Codes of the indicators that have a value here, in order of the catalogue."""
    rows = version().query(
        "select distinct indicator from board.indicator_values where institution = ? and value is not null order by 1", [institution]
    )
    return [code for (code,) in rows if code in catalogue.indicators()]


Where = tuple[tuple[str, tuple[str, ...]], ...]
"""A filter that can be remembered: (dimension, words), the words of one dimension being alternatives."""


@kept
def headline(institution: str, code: str) -> list[Value]:
    """Every value of the whole institution: all years and periods, computed and reported, small numbers hidden."""
    return [v for v in measure.values(version(), code, institution=institution, audience="public") if v.prime]


@kept
def other_series(institution: str, code: str) -> dict[str, list[Value]]:
    """The same number from other series, per series."""
    found: dict[str, list[Value]] = {}
    for value in measure.values(version(), code, institution=institution, audience="public", every_series=True):
        if not value.prime:
            found.setdefault(value.series or "?", []).append(value)
    return found


@kept
def parts(institution: str, code: str, year: int | None, by: str | None, where: Where = ()) -> list[Value]:
    """A breakdown of one year (None: all years) under a filter, small numbers hidden; empty where the rows lack the dimension."""
    try:
        chosen = {name: list(words) for name, words in where if words}
        return measure.values(version(), code, institution=institution, year=year, by=by, where=chosen or None, audience="public")
    except MeridianError as error:
        if error.finding.code == "M101":
            return []
        raise


@kept
def trace(institution: str, code: str, year: int | None) -> list[measure.Provenance]:
    """The files and first cells behind the value of a year."""
    return measure.explain(version(), code, institution, year, limit=8)


@kept
def files() -> list[Row]:
    """Every accepted file, the newest first."""
    return version().rows("select * from board.files order by log_no desc, name")


@kept
def files_behind(institution: str, code: str) -> list[str]:
    """Names of the accepted files that feed an indicator of an institution."""
    sources = feeding(code)
    own = [
        row["name"]
        for row in files()
        if row["prime"] and row["source"] in sources and institution in (row["institution"] or institution).split(",")
    ]
    return list(dict.fromkeys(own))


@cache
def feeding(code: str) -> frozenset[str]:
    """The sources whose rows an indicator is made of, its inputs' included."""
    formula = catalogue.indicators()[code].formula
    tables = [formula.table, formula.denominator.table if formula.denominator else None]
    own = {source for table in tables if table for source in TABLES[table].sources}
    return frozenset(own.union(*(feeding(given.indicator) for given in formula.inputs.values())))


@kept
def statuses(institution: str) -> list[Row]:
    """Every goal of the whole institution in every year: rows of ``board.goal_status``."""
    return version().rows("select * from board.goal_status where institution = ? order by indicator, year", [institution])


@kept
def goals(institution: str, code: str) -> list[Row]:
    """The goals of an indicator for the whole institution, one row a target year."""
    return version().rows(
        "select * from board.goals where institution = ? and indicator = ? and coalesce(unit, '') = '' order by policy, target_year",
        [institution, code],
    )


def goal_path(rows: Sequence[Row], upper: bool = False) -> revisions.Path:
    """The path of a goal as (year, value), with a step where a target was changed; of several policies, the first one's."""
    mine = _of_first_policy(rows)
    return revisions.course(mine, upper) if mine else []


def former_paths(rows: Sequence[Row]) -> dict[int, revisions.Path]:
    """Year of a change → the path that held until then."""
    mine = _of_first_policy(rows)
    return revisions.given_up(mine) if mine else {}


def _of_first_policy(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["policy"] == rows[0]["policy"]]


@kept
def names(vocabulary: str, lang: str) -> dict[str, str]:
    """Code → label of a vocabulary or of countries ("country")."""
    from pipelines.codes import words

    return words.names(vocabulary, lang)


def indicators_of(codes: Sequence[str]) -> list[Indicator]:
    """The indicators of these codes that the catalogue has."""
    return [catalogue.indicators()[code] for code in codes if code in catalogue.indicators()]
