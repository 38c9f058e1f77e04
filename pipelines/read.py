"""Second stage: a received file becomes sheets of text cells. ``NA`` stays ``NA``, ``007`` stays ``007``; every cell keeps its place."""

from __future__ import annotations

from pipelines.formats import csv, parquet, spreadsheet, xml
from pipelines.formats.sheet import Body, Sheet
from pipelines.receive import Received

__all__ = ["Body", "Sheet", "read"]


def read(received: Received, *, delimiter: str | None = None, encoding: str | None = None) -> list[Sheet]:
    """The sheets of a file; ``delimiter`` and ``encoding`` answer the questions E211 and E202 of a CSV and mean nothing elsewhere.

    Raises ``Refused`` where bytes, quotes, line ends or the workbook itself are broken. Rows that do not fit the header
    are refused by ``Sheet.body``, because only a layout knows where the header is.
    """
    if received.kind == "csv":
        found = csv.sheets(received.path, received.name, delimiter=delimiter, encoding=encoding)
    elif received.kind == "parquet":
        found = parquet.sheets(received.path, received.name)
    elif received.kind == "xml":
        found = xml.sheets(received.path, received.name)
    else:
        found = spreadsheet.sheets(received.path, received.name)
    found[0].findings[:0] = received.findings
    return found
