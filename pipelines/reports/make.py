"""A framework's report of an institution, as files: what was published, what people wrote, what changed since it was taken last."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pipelines import answers
from pipelines.desk import checkins, evidence, letterhead, writing
from pipelines.errors import MeridianError
from pipelines.figures import Column, Table
from pipelines.figures import values as words
from pipelines.frameworks import Framework, framework
from pipelines.language import LANGUAGES, language
from pipelines.reports import compose
from pipelines.reports.material import Material, indicators_of
from pipelines.reports.outline import Outline
from pipelines.reports.said import Said
from pipelines.store import Store
from pipelines.warehouse import Version, open_version

FORMATS = ("docx", "pdf", "xlsx")
PACKAGE = "zip"
YEARS = 5


def formats(lang: str) -> tuple[str, ...]:
    """What a report in a language is made as: what is read from the right is typeset, and no editable file."""
    return FORMATS if lang in LANGUAGES else ("pdf",)


def material(version: Version, institution: str | None, lang: str, years: int = YEARS, last: int | None = None) -> Material:
    """What a report is made of: the ``years`` years up to ``last`` (default: the newest that most indicators have).

    Raises K101 for an institution the publication does not know, R102 where it has no value of a year.
    """
    who = answers.resolve(version, institution)
    newest = last if last is not None else answers.full_year(version, who)
    if newest is None:
        raise MeridianError("R102", institution=who)
    return Material(version, who, language(lang), tuple(range(newest - years + 1, newest + 1)))


def said(store: Store, scheme: Framework, read: Material) -> Said:
    """Everything that people added to a framework's report, in its language."""
    who, name = read.institution, scheme.id
    texts, proofs = writing.texts(store, who, name, read.say.code), evidence.proofs(store, who, name)
    return Said(texts, proofs, writing.scores(store, who, name), tuple(checkins.check_ins(store, who)))


def outline(store: Store, scheme: str, read: Material, criteria: Sequence[str] = ()) -> Outline:
    """The report as it would be printed now, with what changed since it was taken last. Raises K101."""
    entry = framework(scheme)
    made = compose.outline(entry, read, criteria, said(store, entry, read))
    before = writing.last_taken(store, read.institution, entry.id, read.say.code)
    return dataclasses.replace(made, revisions=changes(entry, read, before.numbers) if before else None)


def numbers(scheme: Framework, read: Material) -> dict[str, str]:
    """Every number of a report as it is written: "A01 2024" → "1,482 [p]"."""
    return {
        f"{one.code} {year}": words.written(value, one, read.say)
        for one in indicators_of(scheme.indicators)
        for year, value in read.by_year(one.code).items()
        if year in read.years
    }


def changes(scheme: Framework, read: Material, before: Mapping[str, str]) -> Table:
    """What was written otherwise then, of the years that both reports tell of: indicator, year, then, now."""
    say, now = read.say, numbers(scheme, read)
    years = {int(key.split()[1]) for key in before}
    titles = {one.code: f"{one.code} {say.pick(one.title)}" for one in indicators_of(scheme.indicators)}
    rows = []
    for key in sorted(before.keys() | now.keys()):
        code, year = key.split()
        then, is_now = before.get(key, say.number(None)), now.get(key, say.number(None))
        if then != is_now and code in titles and int(year) in years and int(year) in read.years:
            rows.append((titles[code], say.year(int(year)), then, is_now))
    return Table((Column(say("Indicator")), Column(say("Year")), Column(say("Then")), Column(say("Now"))), tuple(rows))


def made(form: str, whole: Outline, template: bytes | None = None) -> bytes:
    """The report in a format: docx, pdf or xlsx. Raises R101 for a template that cannot be filled, R103 for another format."""
    from pipelines.reports import pdf, word, workbook

    makers: dict[str, Callable[[], bytes]] = {
        "docx": lambda: word.docx(whole, template),
        "pdf": lambda: pdf.pdf(whole),
        "xlsx": lambda: workbook.xlsx(whole),
    }
    if form not in makers:
        raise MeridianError("R103", format=form, known=", ".join((*FORMATS, PACKAGE)))
    return makers[form]()


def own(store: Store) -> bytes | None:
    """The university's own Word template, where it has brought one."""
    kept = letterhead.current(store)
    return kept.content if kept else None


def proved(store: Store, scheme: str, read: Material, whole: Outline, *, originals: bool = True) -> bytes:
    """The evidence package of a report; ``originals`` for whoever has the right to the institution's own files."""
    from pipelines.reports.package import package

    return package(store, read.version, framework(scheme).id, read.institution, whole, originals=originals)


def report(
    store: Path, scheme: str, institution: str | None, lang: str, years: int, criteria: Sequence[str], folder: Path, forms: Sequence[str]
) -> list[Path]:  # fmt: skip
    """Writes a report's files into a folder; gives their names."""
    read = material(open_version(store), institution, lang, years)
    whole = outline(Store(store), framework(scheme).id, read, criteria)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for form in forms:
        path = folder / f"{whole.name}.{form}"
        path.write_bytes(proved(Store(store), scheme, read, whole) if form == PACKAGE else made(form, whole, own(Store(store))))
        paths.append(path)
    return paths
