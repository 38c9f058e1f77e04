"""Papers on the command line: the rector's page, fact sheets, the handbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipelines.settings import settings

app = typer.Typer()
LANGUAGES = ("en", "tr")


def _spoken(context: typer.Context, code: str) -> str:
    if code not in LANGUAGES:
        raise typer.BadParameter(", ".join(LANGUAGES))
    context.find_root().obj["language"] = code
    return code


Institution = Annotated[str | None, typer.Option(help="Short name, name or Erasmus code.")]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder to write into.")]
Spoken = Annotated[str, typer.Option("--lang", help="en or tr", callback=_spoken)]


@app.command()
def brief(context: typer.Context, institution: Institution = None, out: Out = Path(), lang: Spoken = settings().language) -> None:
    """The one-page brief for a rector, as PDF."""
    from pipelines.reports.brief import write

    print(write(context.obj["store"], institution, lang, out, date.today()))


@app.command()
def factsheet(
    context: typer.Context, institution: Institution = None,
    country: Annotated[str, typer.Option(help="alpha-3: DEU")] = "",
    partner: Annotated[str, typer.Option(help="The partner's name.")] = "",
    out: Out = Path(), lang: Spoken = settings().language,
) -> None:  # fmt: skip
    """One page about a country or a partner, as PDF."""
    from pipelines.reports.factsheet import write

    if bool(country) == bool(partner):
        raise typer.BadParameter("--country or --partner")
    by, key = ("country", country) if country else ("partner", partner)
    print(write(context.obj["store"], institution, lang, by, key, out))


@app.command()
def handbook(out: Out = Path(), lang: Spoken = settings().language) -> None:
    """The handbook of definitions, as PDF and as one HTML file."""
    from pipelines.reports.handbook import write

    for path in write(lang, out):
        print(path)
