"""Scores and ranks of the fictional university: its own in rankings, surveys and self-evaluation, and its partners'. All invented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data.demo import world

Row = dict[str, Any]
SELF_EVALUATION = {
    "a51": (2, 2, 2, 3, 3, 3, 3, 3, 4, 4),
    "a52": (1, 2, 2, 2, 2, 2, 3, 3, 3, 3),
    "a53": (1, 1, 2, 2, 2, 2, 2, 3, 3, 4),
}
RANKINGS = {  # sub-scores, as if read from the editions that came out in the year
    ("the", "international_outlook"): (21.4, 22.0, 23.1, 24.6, 25.9, 26.8, 28.3, 30.9, 33.7, 36.2),
    ("qs", "international_faculty"): (6.1, 6.4, 6.9, 7.5, 8.2, 8.6, 9.4, 10.8, 12.3, 13.9),
    ("qs", "international_students"): (7.0, 7.9, 8.8, 9.9, 10.7, 11.2, 12.9, 15.6, 18.8, 21.4),
    ("qs", "research_network"): (18.2, 19.5, 21.3, 23.6, 25.8, 28.1, 31.0, 34.2, 37.9, 41.6),
}
SURVEY = {"out": (0.46, 3.9), "in": (0.52, 4.0)}  # who answers, and how content at first
WORLDWIDE = ("arwu", "qs", "the")


def rows() -> list[Row]:
    """All rows by year, own ones first."""
    found = [*_own(), *_surveys(), *_partners()]
    return sorted(
        found, key=lambda row: (row["academic_year"], *(row[name] or "" for name in ("partner", "scheme", "criterion", "direction")))
    )


def _own() -> Iterator[Row]:
    for at, year in enumerate(world.YEARS):
        for criterion, grades in SELF_EVALUATION.items():
            yield _row(year, "yokak", criterion, score=grades[at])
        for (scheme, criterion), scores in RANKINGS.items():
            yield _row(year, scheme, criterion, edition=str(year + 2), score=scores[at])


def _surveys() -> Iterator[Row]:
    """Everybody who went or came was asked."""
    chance = world.stream("surveys")
    for direction, asked in (("out", world.STUDENTS_OUT), ("in", world.STUDENTS_IN)):
        share, mean = SURVEY[direction]
        for at, year in enumerate(world.YEARS):
            answered = round(asked[year] * (share + 0.012 * at + chance.uniform(-0.03, 0.03)))
            score = round(mean + 0.035 * at + chance.uniform(-0.08, 0.08), 2)
            yield _row(year, "survey", "satisfaction", direction=direction, score=score, responses=answered, invited=asked[year])


def _partners() -> Iterator[Row]:
    """A tenth of the partners stand in the rankings; who falls out of the first thousand has no row."""
    chance = world.stream("ranks of partners")
    for country in world.countries():
        for partner in world.partners()[country.code]:
            listed, place = chance.random() < 0.3, chance.choice((90, 180, 320, 450, 520, 700))
            for scheme in WORLDWIDE:
                shift = chance.uniform(0.7, 1.5)
                for at, year in enumerate(world.YEARS):
                    rank = round(place * shift * (1.12 - 0.02 * at) * chance.uniform(0.95, 1.05))
                    if listed and rank <= 1000:
                        edition = str(year + 1 if scheme == "arwu" else year + 2)
                        yield _row(year, scheme, "overall", partner=partner, country=country.code, edition=edition, rank=rank)


def _row(year: int, scheme: str, criterion: str, **more: Any) -> Row:
    told = dict.fromkeys(("direction", "partner", "country", "edition", "score", "rank", "responses", "invited")) | more
    return {"institution": "demo", "academic_year": year, "scheme": scheme, "criterion": criterion, **told}
