"""For tests of layouts: a file through read and tidy with a shipped layout, and questions to its table."""

from collections import Counter
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa

from pipelines.errors import Finding, MeridianError, Refused
from pipelines.layouts import Layout, layout
from pipelines.read import read
from pipelines.receive import receive
from pipelines.tidy import Handed, Tidied, tidy

Grid = list[list[object]]


def tidied(path: Path, chosen: str | Layout, institution: str | None = None, **given: str) -> Tidied:
    """A file through the first stages, as the layout says."""
    described = layout(chosen) if isinstance(chosen, str) else chosen
    sheets = read(receive(path), delimiter=described.delimiter, encoding=described.encoding)
    return tidy(sheets, described, Handed(path.name, institution, folder=path.parent, **given))


def ask(table: pa.Table, sql: str) -> list[tuple]:
    """A question to a table called t."""
    with duckdb.connect() as connection:
        connection.register("t", table)
        return connection.execute(sql).fetchall()


def refusal(path: Path, chosen: str | Layout, institution: str | None = None) -> list[Finding]:
    """The errors with which a file is refused; none where it is read."""
    try:
        found = tidied(path, chosen, institution).findings
    except Refused as refused:
        found = refused.findings
    except MeridianError as error:
        found = [error.finding]
    return [finding for finding in found if finding.severity == "error"]


def codes(result: Tidied, *but: str) -> Counter:
    """How often each fault was found."""
    return Counter(finding.code for finding in result.findings if finding.code not in but)


def book(path: Path, sheets: dict[str, Grid], merged: tuple[str, ...] = ()) -> Path:
    """A workbook with these sheets; ``merged`` ranges are merged on every one of them."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, grid in sheets.items():
        sheet = made.create_sheet(title)
        for row in grid:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
    made.save(path)
    return path


def written(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A text file of these lines."""
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return path
