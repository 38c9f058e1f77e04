"""What comes in: one file per dataset.

From a source follow the empty workbook, the reading, the Parquet schema, the structural checks and the data dictionary.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["text", "word", "country", "institution", "erasmus_code", "year", "count", "number", "date", "flag"]
"""How a column's cells become values. ``word`` is a word of a vocabulary; ``count`` a whole number ≥ 0; ``flag`` yes or no."""


@cache
def arrow() -> dict[Kind, pa.DataType]:
    """How Parquet holds each kind. Arrow is imported here: pages know the sources too, and never wait for it."""
    import pyarrow as pa

    text: list[Kind] = ["text", "word", "country", "institution", "erasmus_code"]
    return dict.fromkeys(text, pa.string()) | {
        "year": pa.int32(), "count": pa.float64(), "number": pa.float64(), "date": pa.date32(), "flag": pa.bool_(),
    }  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a source.

    ``also`` are further header spellings met in real files; matching folds case, accents and punctuation. ``vocabulary`` names the
    word list of a ``word`` column (see ``pipelines.codes.words``). ``given`` columns are filled from the command (institution,
    series …) when the file does not carry them.
    """

    name: str
    kind: Kind
    en: str
    tr: str
    note_en: str = ""
    note_tr: str = ""
    also: tuple[str, ...] = ()
    required: bool = False
    vocabulary: str | None = None
    key: bool = False

    @property
    def title(self) -> dict[str, str]:
        return {"en": self.en, "tr": self.tr}

    @property
    def note(self) -> dict[str, str]:
        return {"en": self.note_en, "tr": self.note_tr}


@dataclass(frozen=True)
class Source:
    """A dataset: its columns, what one row is, who looks after it, and which column puts a row into a year (None: a register).

    ``due``: month and day after the academic year by which it is handed in, unless the office decides otherwise; None: by nobody.
    """

    name: str
    en: str
    tr: str
    row_en: str
    row_tr: str
    steward_en: str
    steward_tr: str
    year: str | None
    columns: tuple[Column, ...]
    version: str = "1"
    due: str | None = "01-31"
    derived: tuple[tuple[str, Kind], ...] = field(default=())

    @property
    def title(self) -> dict[str, str]:
        return {"en": self.en, "tr": self.tr}

    @property
    def row(self) -> dict[str, str]:
        return {"en": self.row_en, "tr": self.row_tr}

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.key)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def schema(self) -> pa.Schema:
        """Our columns, the derived ones, who the institution is (where rows have one), and the place.

        The place: sheet, row (1-based in the person's file), col (letter of the cell that holds the number).
        """
        import pyarrow as pa

        fields = [pa.field(column.name, arrow()[column.kind]) for column in self.columns]
        fields += [pa.field(name, arrow()[kind]) for name, kind in self.derived]
        if any(column.kind == "institution" for column in self.columns):
            fields += [pa.field("institution_name", pa.string()), pa.field("institution_country", pa.string())]
        return pa.schema([*fields, pa.field("sheet", pa.string()), pa.field("row", pa.int32()), pa.field("col", pa.string())])


STATUS = Column(
    "status", "word", "Status", "Durum", "Provisional figures are marked wherever they are shown.", "Geçici veriler gösterildiği her yerde işaretlenir.",
    also=("durumu", "data status", "veri durumu"), vocabulary="status",
)  # fmt: skip
INSTITUTION = Column(
    "institution", "institution", "Institution", "Kurum", "The institution's short name in Meridian, its name or its Erasmus code.",
    "Kurumun Meridian'daki kısa adı, adı ya da Erasmus kodu.", also=("university", "üniversite", "kurum adı", "higher education institution"), required=True, key=True,
)  # fmt: skip
YEAR = Column(
    "academic_year", "year", "Academic year", "Akademik yıl", "As 2024-2025. The year in which the stay began.", "2024-2025 biçiminde. Dönemin başladığı yıl.",
    also=("year", "yıl", "yılı", "öğretim yılı", "eğitim öğretim yılı", "ay"), required=True, key=True,
)  # fmt: skip


@cache
def sources() -> dict[str, Source]:
    """Every source by name: each module of this folder holds one, called SOURCE."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {module.SOURCE.name: module.SOURCE for module in modules}
