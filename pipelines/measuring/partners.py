"""One key for one partner: what files call an institution, resolved once a version into ``core.partners``.

Alias that a person confirmed → Erasmus code → PIC or OID of a charter list → a shipped profile → exact name of a charter list → its own
name. Letters are compared folded (case, accents, blanks); likeness decides nothing, it is only suggested (``pipelines.desk.partners``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from pipelines.codes import countries, institutions
from pipelines.codes.words import fold
from pipelines.measuring.formulas import NOT_A_PLACE
from pipelines.sources import sources

ALIASES = "create table if not exists board.partner_aliases (institution varchar, written varchar, means varchar)"
LISTED = ("name", "country", "city", "erasmus_code", "pic", "oid")
PARTNERS = pa.schema(
    [
        (name, pa.string())
        for name in ("institution", "written", "partner_key", "partner", "how", "country", "erasmus_code", "pic", "oid", "city")
    ]
    + [("rows", pa.int64())]
)
"""``written`` as in files, ``partner`` its name for people, ``how``: alias, code, name (of a charter list or profile) or own."""
BRACKETS = re.compile(r"(.+?)\s*\(((?:[^()]|\([^()]*\))+)\)")
Row = dict[str, Any]


@dataclass(frozen=True)
class Met:
    """A name as it stands in files of one institution: in how many rows, and in which country they say it lies (None: several, or none)."""

    institution: str
    written: str
    rows: int
    country: str | None


@dataclass
class Charter:
    """Who holds a charter: by Erasmus code, by PIC or OID, by folded name (several where a name is shared)."""

    codes: dict[str, Row] = field(default_factory=dict)
    numbers: dict[str, Row] = field(default_factory=dict)
    names: dict[str, list[Row]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Charter:
        """From rows of the source ``institutions``."""
        made = cls()
        for row in rows:
            code = institutions.erasmus_code(row["erasmus_code"] or "")
            if code:
                row = made.codes.setdefault(code, row | {"erasmus_code": code})
                made.names.setdefault(fold(row["name"]), []).append(row)
                made.numbers |= {fold(row[kind]): row for kind in ("pic", "oid") if row[kind]}
        for profile in institutions.profiles().values():
            if code := institutions.erasmus_code(profile.get("erasmus_code") or ""):
                listed = made.codes.setdefault(code, dict.fromkeys(LISTED) | {"erasmus_code": code, **_of_profile(profile)})
                for name in {*profile.get("names", ()), *profile["name"].values()}:
                    made.names.setdefault(fold(name), []).append(listed)
        return made

    def find(self, written: str, country: str | None) -> tuple[str, Row | None, str]:
        """(key, row of the list, how) of a name; its own key where nobody holds it, or only somebody in another country."""
        name, inside = apart(written)
        for text in (written, inside):
            if code := institutions.erasmus_code(text):
                return _key(code), self.codes.get(code), "code"
        if row := self.numbers.get(fold(written)):
            return _key(row["erasmus_code"]), row, "code"
        lies = countries.country(inside) if inside else None
        if lies and lies.how in ("alias", "exact"):  # “Politecnico Di Torino (Italia)”
            country = lies.code
        else:
            name = written
        same = {row["erasmus_code"]: row for row in self.names.get(fold(name), ()) if country in (None, row["country"])}
        if len(same) == 1:
            (row,) = same.values()
            return _key(row["erasmus_code"]), row, "name"
        return institutions.slug(written) or fold(written) or written.strip().lower(), None, "own"


def _of_profile(profile: Mapping[str, Any]) -> Row:
    return {"name": profile["name"]["en"], "country": profile.get("country"), "pic": profile.get("pic"), "oid": profile.get("oid")}


def apart(written: str) -> tuple[str, str]:
    """A name and what stands in brackets at its end."""
    found = BRACKETS.fullmatch(unicodedata.normalize("NFKC", written).strip())
    return (found[1].strip(), found[2].strip()) if found else (written, "")


def _key(code: str) -> str:
    """“E  GRANADA01” → “e-granada01”."""
    return "-".join(code.lower().split())


def fill(connection: DuckDBPyConnection) -> None:
    """Writes ``core.partners`` anew: every name of a partner in any file, with the key that all its spellings share."""
    connection.execute(ALIASES)
    aliases = {(who, fold(word)): means for who, word, means in connection.execute("from board.partner_aliases").fetchall()}
    charter = Charter.of(listed(connection))
    rows = named([_resolved(met, charter, aliases) for met in _met(connection)])
    connection.register("met", pa.Table.from_pylist(rows, PARTNERS))
    connection.execute("create or replace table core.partners as from met")
    connection.unregister("met")


def listed(connection: Any) -> list[Row]:
    """The rows of the newest charter list."""
    sql = f"select {', '.join(LISTED)} from core.institutions where name is not null and erasmus_code is not null order by all"
    return [dict(zip(LISTED, row, strict=True)) for row in connection.execute(sql).fetchall()]


def _met(connection: DuckDBPyConnection) -> list[Met]:
    """Every name with its rows, of all datasets that name a partner."""
    having = {
        name: set(source.schema.names) for name, source in sources().items() if {"partner", "institution"} <= set(source.schema.names)
    }
    places = {name: "country" if "country" in columns else "null as country" for name, columns in having.items()}
    rows = " union all ".join(f"select institution, partner, {place} from facts.{name}" for name, place in places.items())
    sql = f"""select institution, partner, count(*), if(count(distinct country) = 1, min(country), null)
        from (select institution, partner, if(country in {NOT_A_PLACE}, null, country) as country from ({rows}))
        where trim(partner) <> '' and institution is not null group by all order by all"""
    return [Met(*row) for row in connection.execute(sql).fetchall()]


def _resolved(met: Met, charter: Charter, aliases: Mapping[tuple[str, str], str]) -> Row:
    """A name's row; confirmed aliases first, followed until one means no other."""
    written, country, how, seen = met.written, met.country, "", set[str]()
    while (means := aliases.get((met.institution, fold(written)))) and fold(written) not in seen:
        seen.add(fold(written))
        written, country, how = means, None, "alias"
    key, row, found = charter.find(written, country)
    known = {name: row[name] for name in ("erasmus_code", "pic", "oid", "city")} if row else {}
    place = (row or {}).get("country") or met.country
    spoken = {"code": None, "name": apart(written)[0]}.get(found, written)  # a code is no name for people
    return {
        "institution": met.institution, "written": met.written, "partner_key": key, "how": how or found, "country": place,
        "listed": (row or {}).get("name"), "spoken": spoken, "rows": met.rows, **known,
    }  # fmt: skip


def named(rows: list[Row]) -> list[Row]:
    """Gives every key its name: the commonest spelling that is a name, else the list's, else the code; no two partners share one."""
    votes: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        if row["spoken"]:
            own = votes.setdefault((row["institution"], row["partner_key"]), {})
            own[row["spoken"]] = own.get(row["spoken"], 0) + row["rows"]
    names: dict[tuple[str, str], str] = {}
    taken: set[tuple[str, str]] = set()
    for row in sorted(rows, key=lambda row: (row["institution"], row["partner_key"], row["written"])):
        place = who, key = row["institution"], row["partner_key"]
        if place not in names:
            best = max(votes.get(place, {}).items(), key=lambda one: (one[1], one[0]), default=(row["listed"] or row["written"], 0))[0]
            names[place] = best if (who, best) not in taken else f"{best} ({key})"
            taken.add((who, best))
    return [{name: (row | {"partner": names[row["institution"], row["partner_key"]]}).get(name) for name in PARTNERS.names} for row in rows]
