"""What may be asked of each resource. A word that is not known is refused, so that no misspelt filter is ignored."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.catalogue import Dimension
from pipelines.errors import MeridianError

Format = Literal["json", "csv", "parquet"]
Year = Annotated[int, Field(ge=1900, le=2100)]
Word = Annotated[str, Field(min_length=1, max_length=120)]
Alpha3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
MOST = 10_000
"""Rows of one answer."""

INSTITUTION = Field(description="Short name, name or Erasmus code of an institution.")
FROM = Field(default=None, description="Only what lies in this academic year (its first calendar year) or later.")
TO = Field(default=None, description="Only what lies in this academic year or earlier.")


class Question(BaseModel):
    """What every resource takes: a piece of its rows, and how they are written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=MOST, description="Rows at most.")] = 1000
    offset: Annotated[int, Field(ge=0, le=10_000_000, description="Rows to leave out at the beginning.")] = 0
    format: Format | None = Field(default=None, description="How the answer is written; goes before the header Accept. Default: json.")


class AboutIndicators(Question):
    """The catalogue."""

    indicator: Word | None = Field(default=None, description="Code or id of one indicator.")
    theme: Annotated[str, Field(pattern="^[A-H]$")] | None = Field(default=None, description="First letter of the codes.")


class AboutValues(Question):
    """Values of one institution."""

    institution: Word = INSTITUTION
    indicator: Word | None = Field(default=None, description="Code or id of one indicator; left out: all that the publication keeps.")
    year_from: Year | None = FROM
    year_to: Year | None = TO
    by: Dimension | None = Field(default=None, description="Breakdown. Without an indicator: of those that the publication keeps it of.")


class AboutGoals(Question):
    """Goals of one institution."""

    institution: Word = INSTITUTION
    indicator: Word | None = Field(default=None, description="Code or id of one indicator.")
    year_from: Year | None = FROM
    year_to: Year | None = TO


class AboutAgreements(Question):
    """The register of agreements of one institution."""

    institution: Word = INSTITUTION
    country: Alpha3 | None = Field(default=None, description="Country of the partner, ISO 3166-1 alpha-3.")
    on: date | None = Field(default=None, description="Only agreements that had started and not ended on this day.")


Asked = TypeVar("Asked", bound=Question)


def understood(question: type[Asked], given: list[tuple[str, str]]) -> Asked:
    """The question of a request. Raises A103 naming what does not fit, or stands there twice."""
    names = [name for name, _ in given]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise MeridianError("A103", detail=", ".join(f"{name[:40]}: given twice" for name in doubled))
    try:
        return question.model_validate_strings(dict(given))
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))[:60]}: {one['msg']}" for one in error.errors()[:5])
        raise MeridianError("A103", detail=told) from error
