"""The floor: DuckDB loads the same file into a typed table of a database file, and nothing else.

python -m benchmarks.duck FILE.csv FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

TYPES = {
    "Institution": "VARCHAR", "Academic year": "VARCHAR", "Direction": "VARCHAR", "Role": "VARCHAR", "Activity": "VARCHAR",
    "Programme": "VARCHAR", "Country": "VARCHAR", "Partner institution": "VARCHAR", "Unit": "VARCHAR", "Level": "VARCHAR",
    "Field of education": "VARCHAR", "Gender": "VARCHAR", "Mode": "VARCHAR", "Fewer opportunities": "BOOLEAN", "Special needs": "BOOLEAN",
    "Days per person": "INTEGER", "Places offered": "INTEGER", "Participants": "INTEGER", "Detail": "VARCHAR", "Status": "VARCHAR",
}  # fmt: skip

if __name__ == "__main__":
    place = Path(sys.argv[2]) / "floor.duckdb"
    place.unlink(missing_ok=True)
    with duckdb.connect(str(place), config={"threads": "2"}) as connection:
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
        connection.execute(f"create table mobility as from read_csv(?, header = true, columns = {{{columns}}})", [sys.argv[1]])
