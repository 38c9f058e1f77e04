"""The agreement register of the fictional university: live, expiring, expired, renewed and never used ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from data.demo import exchanged, world

Row = dict[str, Any]
TODAY = date(2026, 11, 2)
LAST_START = date(2026, 10, 1)
KIND_OF = {"bilateral": "student_exchange"}  # the other programmes lend their own name to the agreement
UNUSED = {  # signed, but nobody goes: partners that never appear in the mobility files
    "DEU": "Hochschule Tannenried", "POL": "Uniwersytet Mglisty", "ITA": "Università di Rocca Antica", "ESP": "Universidad de Riofrío",
    "KAZ": "Жасыл дала университеті", "CHN": "Yulong River University", "MYS": "Universiti Pantai Kelapa", "PAK": "Shamsher Institute",
    "IDN": "Universitas Pulau Timur", "USA": "Granite Falls University of Ohio Valley", "KOR": "Byeolbit University",
    "EGY": "جامعة النخيل", "IRQ": "جامعة الرافدين الجديدة", "BRA": "Universidade da Serra Dourada", "IND": "Neelkamal University",
    "ARG": "Universidad del Lago Sereno", "VNM": "Đại học Sông Trăng", "NGA": "Iroko Valley University", "LBN": "Université du Cèdre Blanc",
    "THA": "มหาวิทยาลัยบัวทอง",
}  # fmt: skip


def rows() -> list[Row]:
    """Every agreement ever, in order of its beginning, with the office's own number."""
    chance = world.stream("register")
    terms = [term for chain in _chains(chance) for term in chain]
    terms.sort(key=lambda term: (term["starts"], term["partner"], term["kind"]))
    counted: dict[int, int] = {}
    for term in terms:
        year = term["signed"].year if term["signed"] else term["starts"].year
        counted[year] = counted.get(year, 0) + 1
        term["agreement"] = f"YU-{year}-{counted[year]:03d}"
    return [_row(term) for term in terms]


def _row(term: Row) -> Row:
    before = term.pop("before")
    return {"institution": "demo", **term, **exchanged.details(term), "renews": before["agreement"] if before else None}


def _chains(chance: random.Random) -> Iterator[list[Row]]:
    """Agreements that follow one another with the same partner."""
    for land in world.countries():
        for place, partner in enumerate(world.partners()[land.code]):
            programme = land.programmes[place % len(land.programmes)]
            first = max(2013, land.since + chance.choice((-2, 0, 1, 2, 4, 6, 7)))
            yield _chain(chance, partner, land.code, programme, first)
            if chance.random() < 0.58:
                yield _chain(chance, partner, land.code, "bilateral", min(2025, first + chance.choice((1, 3, 5, 7))))
    for country, partner in UNUSED.items():
        first, kind = chance.choice((2014, 2017, 2019, 2021, 2023)), chance.choice(("mou", "general", "research"))
        yield _chain(chance, partner, country, "bilateral", first, kind)
    for partner in world.DOMESTIC:
        yield _chain(chance, partner, world.HOME, "farabi", chance.choice((2012, 2013, 2014)))


def _chain(chance: random.Random, partner: str, country: str, programme: str, year: int, kind: str | None = None) -> list[Row]:
    kind = kind or KIND_OF.get(programme, programme)
    month = chance.choice((10, 10, 3, 3, 2))
    unit = world.pick(chance, {one.name: one.weight for one in world.UNITS})
    terms: list[Row] = []
    starts = date(year, month, 1)
    while starts <= LAST_START:
        terms.append(_term(chance, partner, country, programme, kind, unit, starts, terms[-1] if terms else None))
        ends = terms[-1]["ends"]
        if ends is None or chance.random() > (0.9 if kind != "mou" else 0.5):
            break
        starts = ends + timedelta(days=1)
    return _staged(chance, terms)


def _term(chance: random.Random, partner: str, country: str, programme: str, kind: str, unit: str, starts: date, before: Row | None) -> Row:
    years = chance.choice((5, 5, 5, 6, 7)) if kind not in ("mou", "general") else chance.choice((5, 0))
    ends = date(starts.year + years, starts.month, 1) - timedelta(days=1) if years else None
    exchange = kind not in ("mou", "general", "research")
    return {
        "agreement": None, "partner": partner, "country": country, "kind": kind, "programme": programme if exchange else None, "unit": unit,
        "signed": starts - timedelta(days=chance.randrange(20, 160)), "starts": starts, "ends": ends, "stage": "signed",
        "quota_out": chance.choice((3, 4, 6, 8, 10, 15)) if exchange else None,
        "quota_in": chance.choice((2, 3, 4, 6, 8)) if exchange else None,
        "months": chance.choice((5, 5, 10)) if exchange else None, "before": before,
    }  # fmt: skip


def _staged(chance: random.Random, terms: list[Row]) -> list[Row]:
    """The office's own word for where an agreement stands; the dates decide, the word may lag behind as it does in life."""
    for term in terms[:-1]:
        term["stage"] = "renewed"
    last = terms[-1] if terms else None
    if last and last["ends"] and last["ends"] < TODAY:
        last["stage"] = "expired"
    elif last:
        last["stage"] = world.pick(chance, {"active": 90, "signed": 8, "terminated": 2})
    return terms
