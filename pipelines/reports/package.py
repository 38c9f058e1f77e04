"""The evidence package of a report: everything that proves its numbers, in one archive that opens without a program.

``index.html`` (no script, nothing from elsewhere) leads to the report, to every table as CSV, to the files of the locker, to the original
files that the institution handed in, and to the definitions; ``manifest.csv`` names each with its SHA-256, ``sources.csv`` the cells behind
each table. The same report gives the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from pipelines.desk import evidence
from pipelines.errors import MeridianError
from pipelines.figures import Figure
from pipelines.language import Language, language
from pipelines.layouts import layouts
from pipelines.reports import pdf, wording
from pipelines.reports.archive import packed
from pipelines.reports.downloads import safe, to_csv
from pipelines.reports.outline import Exhibit, Outline, Proofs
from pipelines.store import Store
from pipelines.warehouse import Version

STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f1f1f}h1,h2{color:#12436d}"
    "table{border-collapse:collapse}td,th{border:1px solid #c9d1d9;padding:.3rem .6rem;text-align:start}small{color:#50575e}"
)


@dataclass(frozen=True)
class Part:
    """A file of the package: where it lies, what it holds, what it is in words."""

    path: str
    content: bytes
    what: str


def package(store: Store, version: Version, scheme: str, institution: str, whole: Outline, *, originals: bool = True) -> bytes:
    """The whole archive. ``originals``: with the files that the institution itself handed in; whoever asks must have the right to them.

    A piece of evidence that is gone is named in the index and left out: the rest can still be proved.
    """
    say = language(whole.language)
    parts = [Part(f"{whole.name}.pdf", pdf.pdf(whole), whole.title), *_tables(whole, say)]
    filed, lost = _filed(store, scheme, institution, whole)
    parts += filed
    own, others = _originals(store, version, whole) if originals else ([], sorted(set(_cited(whole).values())))
    parts += own
    parts.append(Part("definitions.csv", _csv(_definitions(whole, say)), say("Definitions")))
    parts.append(Part("sources.csv", _csv(_sources(whole, say)), say("Cells that the numbers come from")))
    index = Part("index.html", _index(whole, parts, [*lost, *others], say), say("Contents"))
    every = sorted([index, *parts], key=lambda part: part.path)
    manifest = Part("manifest.csv", _csv(_manifest(every, say)), "")
    return packed((part.path, part.content) for part in [*every, manifest])


def _tables(whole: Outline, say: Language) -> Iterator[Part]:
    for exhibit in whole.exhibits:
        figure = exhibit.figure or Figure("bars", exhibit.caption, "", (), exhibit.table, language=whole.language)  # type: ignore[arg-type]
        name = f"data/{exhibit.kind}-{exhibit.number:02}-{exhibit.code}.csv"
        yield Part(name, to_csv(figure), f"{wording.called(exhibit, say)}: {exhibit.caption}")


def _filed(store: Store, scheme: str, institution: str, whole: Outline) -> tuple[list[Part], list[str]]:
    """The files of the locker that the report lists, and those that are gone."""
    wanted = {one.number for one in whole.proofs}
    parts, lost = [], []
    for item in evidence.items(store, institution, scheme):
        if item.number not in wanted or not item.digest:
            continue
        try:
            parts.append(Part(f"evidence/{item.number}-{plain(item.name)}", evidence.content(store, item), f"{item.number} {item.title}"))
        except MeridianError:
            lost.append(f"{item.number} {item.title}")
    return parts, lost


def _cited(whole: Outline) -> dict[str, str]:
    """SHA-256 → name of every file that a table cites."""
    return {one.file: one.name for exhibit in whole.exhibits for one in exhibit.citations}


def _originals(store: Store, version: Version, whole: Outline) -> tuple[list[Part], list[str]]:
    """The institution's own files as they came; names of those that are a supplier's or are gone."""
    kinds = dict(version.query("select file, any_value(layout) from board.files group by file"))
    parts, others = [], []
    for digest, name in sorted(_cited(whole).items(), key=lambda entry: (entry[1], entry[0])):
        path, made_by = store.raw(digest), layouts().get(kinds.get(digest) or "")
        if (made_by and made_by.kind == "supplier") or not path.is_file():
            others.append(name)
        else:
            parts.append(Part(f"originals/{digest[:12]}-{plain(name)}", path.read_bytes(), name))
    return parts, others


def plain(name: str) -> str:
    """A name that every file system takes."""
    return re.sub(r"[^\w.\-]+", "_", name)[-80:]


def _definitions(whole: Outline, say: Language) -> Iterator[Sequence[str]]:
    yield (say("Indicator"), say("Term"), say("Text"))
    yield from ((title, term, text) for title, pairs in whole.definitions for term, text in pairs[1:])


def _sources(whole: Outline, say: Language) -> Iterator[Sequence[str]]:
    yield (say("Table"), say("Title"), say("File"), say("Sheet"), say("Cells"), say("Rows"), "SHA-256", say("Publication"))
    for exhibit in whole.exhibits:
        for one in exhibit.citations:
            called = wording.called(exhibit, say)
            yield (called, exhibit.caption, one.name, one.sheet or "", one.cells, str(one.rows), one.file, str(one.publication))


def _manifest(parts: Sequence[Part], say: Language) -> Iterator[Sequence[str]]:
    yield (say("File"), "SHA-256", say("Bytes"), say("What it is"))
    yield from ((part.path, hashlib.sha256(part.content).hexdigest(), str(len(part.content)), part.what) for part in parts)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, and no cell that a spreadsheet would run."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _index(whole: Outline, parts: Sequence[Part], missing: Sequence[str], say: Language) -> bytes:
    known = {part.what: part.path for part in parts}
    lines = [f"<h1>{escape(whole.title)}</h1>", f"<p>{escape(whole.institution)}</p>"]
    lines += [f"<p>{escape(line)}</p>" for line in wording.head(whole, say)]
    lines.append(_links([part for part in parts if "/" not in part.path]))
    for heading, blocks in whole.sections():
        lines.append(f"<h2>{escape(f'{heading.code} {heading.text}')}</h2>")
        shown = [f"{wording.called(one, say)}: {one.caption}" for one in blocks if isinstance(one, Exhibit)]
        lines.append(_links([Part(known[what], b"", what) for what in shown]))
        proofs = [one for block in blocks if isinstance(block, Proofs) for one in block.entries]
        lines += [f"<p>{_proof(one.number, one.title, one.where if one.is_link else '', known)}</p>" for one in proofs]
    own = [part for part in parts if part.path.startswith("originals/")]
    if own:
        lines += [f"<h2>{escape(say('Original files'))}</h2>", _links(own)]
    if missing:
        lines.append(f"<h2>{escape(say('Not in this package'))}</h2><p>{escape('; '.join(missing))}</p>")
    body = "\n".join(lines)
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += f"<title>{escape(whole.title)}</title><style>{STYLE}</style>"
    side = ' dir="rtl"' if whole.language == "ar" else ""
    return f'<!doctype html>\n<html lang="{whole.language}"{side}><head>{head}</head><body>\n{body}\n</body></html>\n'.encode()


def _links(parts: Sequence[Part]) -> str:
    return "<ul>" + "".join(f'<li><a href="{escape(part.path)}">{escape(part.what)}</a></li>' for part in parts) + "</ul>"


def _proof(number: str, title: str, link: str, known: dict[str, str]) -> str:
    target = link or known.get(f"{number} {title}", "")
    told = escape(f"{number} {title}")
    return f'<a href="{escape(target)}" rel="noreferrer">{told}</a>' if target else told
