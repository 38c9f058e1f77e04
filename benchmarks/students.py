"""One row a student, as a ministry would hand them in: ``python -m benchmarks.students ROWS SOURCE.parquet FOLDER``.

SOURCE is France's open table of enrolments (``layouts/sise_enrolments.toml``), 520,749 groups of 22,154,973 students. Each group becomes as
many rows of one student, who has a number among those of the institution in that year; one Parquet file a year. They are accepted one by
one and published together, through the real path, into ``FOLDER/store``. Fewer ROWS are whole institutions, taken in an order that only
their names decide, each that still fits.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.meter import ROOT, weigh
from pipelines.access import demo
from pipelines.store import Store

SOURCE = "MERIDIAN_STUDENTS"
"""Names the table in the environment."""
DAY = date(2025, 6, 1)
"""The day on which everything is judged: the last year handed in runs until August."""
TOTALS = {2012: (180_957, 1_545_053), 2019: (204_486, 1_767_290), 2024: (207_565, 1_787_882)}
"""Year → students of foreign nationality from foreign systems, and all: what the ministry itself says of the whole table."""
FOREIGN = "Etudiants de nationalité étrangère issus de systèmes éducatifs étrangers"
SIZES = 'select "Etablissement", sum("Etudiants") from read_parquet(?) group by 1 order by md5("Etablissement")'


def source() -> Path | None:
    """The ministry's table, where the environment names it."""
    return Path(os.environ[SOURCE]) if os.environ.get(SOURCE) else None


def files(rows: int, table: Path, folder: Path) -> Iterator[Path]:
    """The files, a year each; those that are there already are not written again. Raises AssertionError where students were lost."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as connection:
        connection.execute('create table chosen ("Etablissement" varchar)')
        connection.executemany("insert into chosen values (?)", _chosen(connection.execute(SIZES, [str(table)]).fetchall(), rows))
        connection.execute(f"create view groups as from read_parquet('{table}') semi join chosen using (\"Etablissement\")")
        years = connection.execute('select "Rentrée", sum("Etudiants") from groups group by 1 order by 1').fetchall()
        for year, students in years:
            place = folder / f"students-{rows}-{year}.parquet"
            if not place.exists():
                _write(connection, year, place)
            (found,) = connection.execute('select sum("Etudiants") from read_parquet(?)', [str(place)]).fetchone() or (0,)
            assert found == students, f"{place.name}: {found} of {students} students"
            yield place


def _chosen(sizes: list[tuple[str, int]], rows: int) -> list[tuple[str]]:
    """The institutions, each that still fits."""
    chosen, left = [], rows
    for name, students in sizes:
        if students <= left:
            chosen.append((name,))
            left -= students
    return chosen


def _write(connection: duckdb.DuckDBPyConnection, year: int, place: Path) -> None:
    half = place.with_suffix(".half")
    connection.execute(
        f"""copy (select * exclude ("Etudiants", "Inscriptions", n), 1::int as "Etudiants",
                         row_number() over (partition by "Etablissement")::int as "Numéro"
                  from groups, unnest(range("Etudiants")) as one(n) where "Rentrée" = {int(year)}) to '{half}' (format parquet)"""
    )
    half.replace(place)


def store(rows: int, table: Path, folder: Path) -> Store:
    """The store, with everything accepted and published; each file in a process of its own, as a worker takes it."""
    made = Store(folder / "store")
    for file in files(rows, table, folder):
        weigh("benchmarks.students", "accept", file, made.path)
    weigh("benchmarks.students", "publish", made.path)
    (made.path / demo.MARK).write_text("{}", encoding="utf-8")  # open on this computer to whoever measures its pages
    demo.make(made)
    return made


def numbered() -> dict[str, Any]:
    """The ministry's layout for a row a student: the number tells rows apart, in the place of the group's other attributes."""
    told = tomllib.loads((ROOT / "layouts" / "sise_enrolments.toml").read_text(encoding="utf-8"))
    (feed,) = told["feeds"]
    apart = feed["columns"]["detail"]
    told["ignore"] = [*told["ignore"], *(name for field in apart for name in told["fields"].pop(field))]
    told["fields"]["number"] = ["Numéro"]
    feed["columns"]["detail"] = ["number"]
    return told


def accept(file: Path, place: Store) -> None:
    """One year is read, tidied, checked and accepted. Raises Refused."""
    from pipelines import path

    with path.drafts([file], path.Choices(given=numbered())) as (draft,):
        path.accept(place, draft, by="benchmark", note="one row a student")


def publish(place: Store, *, anew: bool = False) -> dict[str, float]:
    """Everything accepted goes on air; gives the seconds of each step. ``anew``: built from the tidy tables alone."""
    from pipelines.publish import publish as put_on_air

    return put_on_air(place, by="benchmark", as_of=DAY, anew=anew).seconds


def main(told: list[str]) -> None:
    """The whole store, or one step of it in this process."""
    match told:
        case ["accept", file, place]:
            accept(Path(file), Store(Path(place)))
        case ["publish", place]:
            publish(Store(Path(place)))
        case ["anew", place, told_to]:
            Path(told_to).write_text(json.dumps(publish(Store(Path(place)), anew=True)), encoding="utf-8")
        case [rows, table, folder]:
            print(store(int(rows), Path(table), Path(folder)).path)
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
