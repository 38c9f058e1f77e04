"""The command line: the same path as the pages, for people who like to type and for machines.

Exit codes: 0 good, 1 errors in a file or in what was asked, 2 a file that cannot be read, 3 queries without a note.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from pipelines import answers
from pipelines.access.commands import app as accounts
from pipelines.backup.commands import app as keeping
from pipelines.desk.commands import app as working
from pipelines.engines.commands import app as measuring
from pipelines.errors import Finding, MeridianError, Refused
from pipelines.health.commands import app as condition
from pipelines.language import LANGUAGES, REPORT_LANGUAGES
from pipelines.measure import Audience
from pipelines.reports.commands import app as papers
from pipelines.settings import settings

if TYPE_CHECKING:
    from pipelines.log import Event
    from pipelines.path import Draft
    from pipelines.publish import Publication
    from pipelines.store import Store

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Meridian: from handed-in files to figures."
)
app.add_typer(accounts, name="people")
app.add_typer(papers)
app.add_typer(keeping)
app.add_typer(working)
app.add_typer(condition)
app.add_typer(measuring)
state: dict[str, Any] = {}

Files = Annotated[list[Path], typer.Argument(help="One or several files.")]
LayoutName = Annotated[str | None, typer.Option("--layout", help="Whose file looks how; left out, it is recognised.")]
Institution = Annotated[str | None, typer.Option(help="Short name, name or Erasmus code.")]
Home = Annotated[str | None, typer.Option(help="The institution's country (alpha-3), where no profile says it.")]
Delimiter = Annotated[str | None, typer.Option(help="Of a CSV file, where it cannot be told.")]
Encoding = Annotated[str | None, typer.Option(help="Of a CSV file, where it cannot be told (windows-1254).")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]


def _speak(code: str) -> str:
    """The language of everything that is printed from here on, faults too."""
    if code not in ("en", "tr"):
        raise typer.BadParameter("en, tr")
    state["language"] = code
    return code


def _speak_on_paper(code: str) -> str:
    """The language of a report; faults stay in a language that they have."""
    if code not in REPORT_LANGUAGES:
        raise typer.BadParameter(", ".join(REPORT_LANGUAGES))
    state["language"] = code if code in LANGUAGES else "en"
    return code


OnPaper = Annotated[str, typer.Option("--lang", help="en, tr or ar", callback=_speak_on_paper)]
Language = Annotated[str, typer.Option("--lang", help="en or tr", callback=_speak)]


@app.callback()
def main(
    context: typer.Context,
    store: Annotated[Path | None, typer.Option(help="The store's folder; else MERIDIAN_STORE, else data/store.")] = None,
) -> None:
    """Where the store is, for every command."""
    context.obj = state
    state["store"] = store or settings().store


@app.command()
def check(
    files: Files, layout: LayoutName = None, institution: Institution = None, home: Home = None, delimiter: Delimiter = None,
    encoding: Encoding = None, as_json: AsJson = False, lang: Language = settings().language,
) -> None:  # fmt: skip
    """Read and check files; change nothing. Findings are printed as a compiler prints them."""
    from pipelines.path import Choices, drafts
    from pipelines.warehouse import current_path

    with drafts(files, Choices(layout, institution, home, delimiter=delimiter, encoding=encoding), current_path(state["store"])) as made:
        if as_json:
            print(json.dumps([_as_dict(one, lang) for one in made], ensure_ascii=False, indent=1, default=str))
        else:
            for one in made:
                _print_findings(one.received.name, one.findings, lang)
        raise typer.Exit(2 if any(one.unreadable for one in made) else 1 if any(one.errors for one in made) else 0)


@app.command()
def accept(
    files: Files, layout: LayoutName = None, institution: Institution = None, home: Home = None,
    series: Annotated[str | None, typer.Option(help="Name of this series of the number, where there are several.")] = None,
    status: Annotated[str | None, typer.Option(help="provisional or final")] = None,
    by: Annotated[str, typer.Option(help="Who answers for it.")] = "",
    reason: Annotated[str, typer.Option(help="Why this file.")] = "",
    note: Annotated[str, typer.Option(help="Explains what the checks ask (queries).")] = "",
    delimiter: Delimiter = None, encoding: Encoding = None,
    publish: Annotated[bool, typer.Option(help="Put it on air at once.")] = True,
    lang: Language = settings().language,
) -> None:  # fmt: skip
    """Check files and accept them, all or none; then publish."""
    from pipelines import path
    from pipelines.store import Store
    from pipelines.warehouse import current_path

    if not by.strip():
        _stop("Say who answers for the files: --by NAME")
    choices = path.Choices(layout, institution, home, series, status, delimiter, encoding)
    where = Store(state["store"])
    with path.drafts(files, choices, current_path(state["store"])) as made:
        for one in made:
            _print_findings(one.received.name, [finding for finding in one.findings if finding.severity != "info"], lang)
        _stop_on(where, made, note)
        for one in made:
            before = path.earlier(where, one)
            _say_accepted(one, path.accept(where, one, by, reason, note), again=before is not None)
    if publish:
        _publish_waiting(where, by, reason)


@app.command()
def publish(by: Annotated[str, typer.Option()] = "", reason: Annotated[str, typer.Option()] = "") -> None:
    """Put everything accepted on air as a new version."""
    from pipelines.publish import publish as put_on_air
    from pipelines.store import Store

    if not by.strip():
        _stop("Say who publishes: --by NAME")
    _say_published(put_on_air(Store(state["store"]), by=by, reason=reason))


@app.command()
def rebuild() -> None:
    """Build the version on air anew from raw files and log alone; the digest must be the same."""
    from pipelines import path
    from pipelines.publish import rebuild as build_again
    from pipelines.store import Store

    where = Store(state["store"])
    done = build_again(where, path.retidy(where))
    print(f"rebuilt: digest {done.digest}, equal to the one on air")


@app.command()
def verify(lang: Language = settings().language) -> None:
    """Check every byte of the store; exit code 1 names what was changed."""
    from pipelines.desk import evidence
    from pipelines.publish import verify as look
    from pipelines.store import Store

    findings = look(Store(state["store"])) + evidence.verify(Store(state["store"]))
    _print_findings("store", findings, lang)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)
    print("verified: raw files, log and versions are whole")


@app.command()
def status(as_json: AsJson = False) -> None:
    """What is on air and what is in the store."""
    from pipelines.publish import status as tell
    from pipelines.store import Store

    told = tell(Store(state["store"]))
    print(json.dumps(told, ensure_ascii=False, indent=1, default=str) if as_json else "\n".join(f"{k}: {v}" for k, v in told.items()))


@app.command()
def value(
    indicator: Annotated[str, typer.Argument(help="Code (A01) or name (outgoing_students).")],
    institution: Institution = None,
    year: Annotated[str | None, typer.Option(help="2023 or 2023-2024; left out: the newest.")] = None,
    by: Annotated[str | None, typer.Option(help="programme, country, level …")] = None,
    where: Annotated[list[str] | None, typer.Option(help="column=value, several times.")] = None,
    audience: Annotated[Audience, typer.Option(help="inside: exact; public: small numbers as the pages show them.")] = "inside",
    trace: Annotated[bool, typer.Option(help="Adds the files and cells that it comes from.")] = False,
    as_json: AsJson = False, lang: Language = settings().language,
) -> None:  # fmt: skip
    """The value of an indicator, as the pages show it."""
    told = answers.value(state["store"], indicator, institution, year, by, where, audience, lang, trace)
    print(json.dumps(told, ensure_ascii=False, indent=1) if as_json else answers.as_text(told))


@app.command()
def template(
    source: str, lang: Language = settings().language, out: Annotated[Path | None, typer.Option(help="File to write.")] = None
) -> None:
    """The empty workbook of a dataset, with drop-downs and notes."""
    from pipelines.knowledge import choose
    from pipelines.sources import sources
    from pipelines.templates import write_template

    print(write_template(choose("source", source, sources()), lang, out or Path(f"{source}.{lang}.xlsx")))


@app.command()
def dictionary(lang: Language = settings().language) -> None:
    """The data dictionary of all datasets, as Markdown."""
    from pipelines.templates import dictionary as write

    print(write(lang))


@app.command()
def report(
    framework: Annotated[str, typer.Argument(help="Name of the framework: yokak …")],
    institution: Institution = None,
    years: Annotated[int, typer.Option(min=1, max=15, help="How many academic years.")] = 5,
    criterion: Annotated[list[str] | None, typer.Option(help="Only this criterion; several times.")] = None,
    form: Annotated[list[str] | None, typer.Option("--format", help="docx, pdf, xlsx, zip (evidence); left out: the first three.")] = None,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write into.")] = Path(),
    lang: OnPaper = settings().language,
) -> None:  # fmt: skip
    """A framework's report, as Word, PDF and workbook; in Arabic as PDF."""
    from pipelines.reports import make

    for path in make.report(state["store"], framework, institution, lang, years, criterion or (), out, form or make.formats(lang)):
        print(path)


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="Folder, or archive that ends in .zip.")],
    form: Annotated[str, typer.Option("--format", help="frictionless: a Frictionless Data Package.")] = "frictionless",
) -> None:
    """The publication on air as a data package: tables, schema, definitions, sources."""
    from pipelines.interface.datapackage import export as write

    if form != "frictionless":
        raise typer.BadParameter("frictionless")
    print(write(state["store"], to))


@app.command()
def demo(fresh: Annotated[bool, typer.Option(help="Build anew although nothing changed.")] = False) -> None:
    """Build the demo store through the real path."""
    from pipelines.demo import build

    build(state["store"], fresh)


def _stop_on(where: Store, made: list[Draft], note: str) -> None:
    """Nothing is accepted when one file may not be."""
    from pipelines.path import earlier

    if any(one.unreadable for one in made):
        raise typer.Exit(2)
    if any(one.errors for one in made):
        raise typer.Exit(1)
    if not note.strip() and any(one.queries and not earlier(where, one) for one in made):
        _stop("Some findings are queries: correct the file, or explain them with --note", 3)


def _stop(sentence: str, code: int = 1) -> None:
    print(sentence, file=sys.stderr)
    raise typer.Exit(code)


def _say_accepted(one: Draft, event: Event, *, again: bool) -> None:
    if again:
        print(f"{one.received.name} is already accepted as no. {event.no} (by {event.by}, {event.at[:10]}): nothing was changed")
        return
    rows = ", ".join(f"{source} {facts['rows']} rows" for source, facts in one.facts.items())
    print(f"accepted {one.received.name} as no. {event.no}: {rows}")


def _publish_waiting(where: Store, by: str, reason: str) -> None:
    """What was accepted goes on air; where nothing is new, the publication on air stays."""
    from pipelines.publish import publish as put_on_air
    from pipelines.publish import waiting

    if waiting(where):
        _say_published(put_on_air(where, by=by, reason=reason))


def _say_published(done: Publication) -> None:
    print(f"published no. {done.no}: {done.files} files, digest {done.digest[:12]}")


def _print_findings(name: str, findings: list[Finding], lang: str, stream: TextIO | None = None) -> None:
    """``file:sheet!cell: error T106: what``, below it the cause and what is to be done."""
    words = {"en": ("Cause", "To do"), "tr": ("Neden", "Yapılacak")}[lang]
    for finding in findings:
        where = ":".join(part for part in (name or finding.place.file, finding.place.cell) if part)
        more = f" (+{finding.count - 1})" if finding.count > 1 else ""
        print(f"{where}: {finding.severity} {finding.code}: {finding.say('what', lang)}{more}".removeprefix(": "), file=stream)
        print(f"    {words[0]}: {finding.say('cause', lang)}\n    {words[1]}: {finding.say('remedy', lang)}", file=stream)


def _as_dict(made: Draft, lang: str) -> dict[str, Any]:
    return {
        "file": made.received.name,
        "layout": made.layout.id if made.layout else None,
        "readable": not made.unreadable,
        "sources": made.facts,
        "errors": len(made.errors),
        "queries": len(made.queries),
        "findings": [finding.as_dict(lang) for finding in made.findings],
        "checks": len(made.checks),
    }


def run() -> None:
    """Run the command line; expected failures end with a sentence, never a traceback."""
    state["language"] = settings().language
    try:
        app()
    except MeridianError as error:
        _print_findings("", error.findings if isinstance(error, Refused) else [error.finding], state["language"], sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    run()
