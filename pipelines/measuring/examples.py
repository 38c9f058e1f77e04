"""The worked example of an indicator: a few rows drawn as a table of text, and what must come of them. It is test and documentation."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.knowledge import Text


class Example(BaseModel):
    """The worked example: rows drawn as text, the value of each year, and the years that must have none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: str
    expected: dict[int, float] = Field(default_factory=dict)
    missing: tuple[int, ...] = ()
    by: dict[str, dict[str, float]] = Field(default_factory=dict)  # {dimension = {key = value}} for the last expected year
    as_of: date = date(2025, 10, 1)
    note: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Example:
        if not self.expected and not self.missing:
            raise ValueError("the example expects nothing")
        self.tables()
        return self

    def tables(self) -> dict[str, list[dict[str, str]]]:
        """The drawn tables: source → rows of text cells, empty cells left out."""
        return draw(self.rows)


def draw(text: str) -> dict[str, list[dict[str, str]]]:
    """Reads tables drawn with ``|``: a first cell with a source's name begins a table and names its columns, an empty one holds a row."""
    tables: dict[str, list[dict[str, str]]] = {}
    name, columns = "", []
    for line in filter(str.strip, text.splitlines()):
        first, *cells = (cell.strip() for cell in line.split("|"))
        if first:
            name, columns = first, cells
            tables.setdefault(name, [])
        elif not name or len(cells) != len(columns):
            raise ValueError(f"this line of the example has {len(cells)} cells, its header {len(columns)}: {line.strip()}")
        else:
            tables[name].append({column: cell for column, cell in zip(columns, cells, strict=True) if cell})
    return tables
