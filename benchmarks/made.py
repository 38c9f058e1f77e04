"""Made files to measure on: a mobility CSV of any size in our own template, seeded, without a fault in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import xlsxwriter

PROGRAMMES = ["Erasmus+ KA131", "Erasmus+ KA171", "Mevlana", "Orhun", "Bilateral agreement", "Free mover", "Overseas exchange"]
COUNTRIES = [
    "Germany", "Italy", "Poland", "Spain", "France", "Netherlands", "Czechia", "Hungary", "Portugal", "Lithuania", "Latvia", "Romania",
    "Bulgaria", "Greece", "Slovenia", "Croatia", "Austria", "Belgium", "Sweden", "Finland", "Denmark", "Norway", "Estonia", "Ireland",
    "Kazakhstan", "Azerbaijan", "Jordan", "Japan", "South Korea", "United States", "Canada", "Mexico", "Brazil", "Morocco", "Tunisia",
]  # fmt: skip
FIELDS = ["0311", "0413", "0421", "0511", "0533", "0541", "0613", "0711", "0713", "0715", "0731", "0732", "0831", "0912", "0913", "0222"]
LEVELS = ["Bachelor", "Master", "Doctorate"]


def mobility_csv(rows: int, folder: Path, seed: int = 7, institution: str = "bench", years: range = range(2015, 2025)) -> Path:
    """Writes ``rows`` rows of one institution over the years and returns the path; the same seed gives the same bytes."""
    path = folder / (f"mobility_{rows}.csv" if institution == "bench" else f"mobility_{institution}_{rows}_{seed}.csv")
    if path.exists():
        return path
    random, at = np.random.default_rng(seed), np.arange(rows)

    def words(choices: list[str], weights: np.ndarray | None = None) -> pa.Array:
        indices = random.choice(len(choices), rows, p=weights) if weights is not None else random.integers(0, len(choices), rows)
        return pa.DictionaryArray.from_arrays(pa.array(indices.astype(np.int32)), pa.array(choices)).cast(pa.string())

    def numbered(prefix: str, numbers: np.ndarray) -> pa.Array:
        distinct, indices = np.unique(numbers, return_inverse=True)
        return pa.DictionaryArray.from_arrays(pa.array(indices.astype(np.int32)), pa.array([f"{prefix} {n}" for n in distinct])).cast(
            pa.string()
        )

    table = pa.table(
        {
            "Institution": pa.array([institution] * rows),
            "Academic year": words([f"{year}-{year + 1}" for year in years]),
            "Direction": words(["Out", "In"]),
            "Role": words(["Student", "Academic staff", "Administrative staff"], np.array([0.84, 0.12, 0.04])),
            "Activity": words(["Study", "Traineeship", "Teaching", "Training"], np.array([0.7, 0.2, 0.06, 0.04])),
            "Programme": words(PROGRAMMES),
            "Country": words(COUNTRIES),
            "Partner institution": numbered("University", at // 10_000),
            "Unit": words([f"Faculty {n}" for n in range(1, 13)]),
            "Level": words(LEVELS),
            "Field of education": words(FIELDS),
            "Gender": words(["Female", "Male"]),
            "Mode": words(["Physical", "Blended"], np.array([0.96, 0.04])),
            "Fewer opportunities": words(["Yes", "No"], np.array([0.1, 0.9])),
            "Special needs": words(["Yes", "No"], np.array([0.02, 0.98])),
            "Days per person": pa.array(random.integers(61, 300, rows)),
            "Places offered": pa.array(random.integers(1, 5, rows)),
            "Participants": pa.array(random.integers(1, 4, rows)),
            "Detail": numbered("Line", at % 10_000),
            "Status": pa.array(["Final"] * rows),
        }
    )
    pacsv.write_csv(table, path, pacsv.WriteOptions(quoting_style="none"))
    return path


def mobility_workbook(rows: int, folder: Path, seed: int, institution: str, years: range) -> Path:
    """The same rows as a workbook of one sheet, numbers as numbers."""
    path = folder / f"mobility_{institution}_{rows}_{seed}.xlsx"
    if not path.exists():
        table = pacsv.read_csv(mobility_csv(rows, folder, seed, institution, years))
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            sheet = book.add_worksheet("Mobility")
            sheet.write_row(0, 0, table.column_names)
            for at, row in enumerate(zip(*(column.to_pylist() for column in table.columns), strict=True), 1):
                sheet.write_row(at, 0, row)
    return path
