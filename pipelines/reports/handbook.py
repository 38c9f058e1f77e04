"""The handbook of definitions as PDF and as one HTML file without any program: what the pages define, printed from the same files."""

from __future__ import annotations

from datetime import date as Date
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from pipelines import catalogue
from pipelines.catalogue import Indicator
from pipelines.figures import defined
from pipelines.figures.time import definition, unit_words
from pipelines.language import Language, language

FORMATS = ("pdf", "html")
LOOK = Path(__file__).with_name("handbook.css")
Data = dict[str, Any]


def book(say: Language) -> Data:
    """Everything in the handbook: chapters by theme, a variant below its base, rules of computation, index."""
    every = sorted(catalogue.indicators().values(), key=lambda one: (one.theme, one.variant_of or one.code, one.code))
    newest = max((one.reviewed for one in every), default=None)
    return {
        "language": say.code, "title": say("Handbook of definitions"), "standing": _standing(len(every), newest, say), "words": _words(say),
        "chapters": [
            {"letter": letter, "title": defined.theme(letter, say), "entries": [_entry(one, say) for one in found]}
            for letter, found in groupby(every, key=lambda one: one.theme)
        ],
        "rules": [list(pair) for pair in defined.rules(say)], "index": _index(every, say),
    }  # fmt: skip


def _words(say: Language) -> dict[str, str]:
    return {
        "contents": say("Contents"), "rules": say("Rules that every figure obeys"), "index": say("Index"), "formula": say("Formula"),
        "example": say("Worked example (it runs as a test):"), "gives": say("What must come of it"),
        "other": say("Counted by other rules:"),
        "rows": say("Rows of"),
    }  # fmt: skip


def _standing(count: int, newest: Date | None, say: Language) -> str:
    return " · ".join(
        (say.many("{n} indicator", "{n} indicators", count), say("reviewed last on {date}", date=say.date(newest and newest.isoformat())))
    )


def _entry(one: Indicator, say: Language) -> Data:
    """One indicator as texts and tables."""
    schemes = catalogue.frameworks()
    tags = [(schemes[tag.framework].publisher if tag.framework in schemes else tag.framework, tag.code) for tag in one.frameworks]
    named = ", ".join(f"{who} {code}".strip() for who, code in tags)
    variant = say("another count of {code}", code=one.variant_of) if one.variant_of else ""
    about = [one.code, unit_words(one.unit, say), defined.better(one, say)]
    differs = say.pick(one.differs) if one.variant_of and one.differs else ""
    pairs = [list(pair) for pair in definition(one, say)[1:]]
    return {
        "code": one.code, "title": say.pick(one.title), "variant_of": one.variant_of or "", "variant": variant, "differs": differs,
        "about": " · ".join(about), "pairs": [*pairs, [say("Frameworks"), named]],
        "formula": [list(pair) for pair in defined.formula(one, say)], "inputs": [list(pair) for pair in defined.inputs(one, say)],
        "tables": _tables(one), "expected": defined.expected(one, say),
        "family": [[other.code, say.pick(other.variant or other.title)] for other in catalogue.family(one.code) if other.code != one.code],
    }  # fmt: skip


def _tables(one: Indicator) -> list[Data]:
    """The drawn tables of the worked example; columns in the order in which they occur."""
    made = []
    for source, rows in one.example.tables().items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        made.append({"source": source, "columns": columns, "rows": [[row.get(column, "") for column in columns] for row in rows]})
    return made


def _index(every: list[Indicator], say: Language) -> list[list[str]]:
    """Titles in the order of the alphabet, with their codes."""
    titled = [[say.pick(one.title), one.code] for one in every]
    return sorted(titled, key=lambda entry: [_place(letter) for letter in _low(entry[0], say)] if say.code == "tr" else entry[0].casefold())


def _low(text: str, say: Language) -> str:
    return text.replace("I", "ı").replace("İ", "i").lower() if say.code == "tr" else text.lower()


def _place(letter: str) -> tuple[int, str]:
    """Where a letter stands in the Turkish alphabet; signs and other letters by their code."""
    at = "abcçdefgğhıijklmnoöpqrsştuüvwxyz".find(letter)
    return (at, "") if at >= 0 else (-1, letter)


def pdf(say: Language) -> bytes:
    """The handbook typeset: PDF/UA-1 and PDF/A-2a."""
    from pipelines.reports.pdf import compiled

    return compiled("handbook.typ", book(say))


def html(say: Language) -> bytes:
    """The handbook as one page: no program, no file beside it."""
    told = book(say)
    words = told["words"]
    chapters = told["chapters"]
    contents = "".join(f'<li><a href="#t{one["letter"]}">{one["letter"]} · {escape(one["title"])}</a></li>' for one in chapters)
    body = "".join(
        f'<section id="t{one["letter"]}"><h2>{one["letter"]} · {escape(one["title"])}</h2>'
        + "".join(_article(entry, words) for entry in one["entries"])
        + "</section>"
        for one in chapters
    )
    index = "".join(f'<li><a href="#{code}">{escape(title)}</a> <code>{code}</code></li>' for title, code in told["index"])
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(told["title"])}</title>'
    )
    more = f'<li><a href="#rules">{escape(words["rules"])}</a></li><li><a href="#index">{escape(words["index"])}</a></li>'
    whole = (
        f'<!DOCTYPE html><html lang="{told["language"]}"><head>{head}<style>{LOOK.read_text(encoding="utf-8")}</style></head><body><main>'
        f"<h1>{escape(told['title'])}</h1><p>{escape(told['standing'])}</p><nav><h2>{escape(words['contents'])}</h2><ul>{contents}{more}</ul></nav>"
        f'{body}<section id="rules"><h2>{escape(words["rules"])}</h2>{_pairs(told["rules"])}</section>'
        f'<section id="index"><h2>{escape(words["index"])}</h2><ul class="index">{index}</ul></section></main></body></html>\n'
    )
    return whole.encode()


def _article(one: Data, words: dict[str, str]) -> str:
    """An indicator in HTML."""
    base = f'<p class="more"><a href="#{one["variant_of"]}">{escape(one["variant"])}</a>. {escape(one["differs"])}</p>'
    formula = "\n".join(f"{term}: {text}" for term, text in one["formula"])
    given = "".join(f'<li><a href="#{code}">{escape(text)}</a></li>' for code, text in one["inputs"])
    said = escape(words["other"])
    family = ", ".join(f'<a href="#{code}">{code} {escape(text)}</a>' for code, text in one["family"])
    others = f"<p>{said} {family}</p>"
    return (
        f'<article id="{one["code"]}"{" class=variant" if one["variant_of"] else ""}><h3>{one["code"]} {escape(one["title"])}</h3>'
        f'<p class="more">{escape(one["about"])}</p>{base if one["variant_of"] else ""}{_pairs(one["pairs"])}'
        f"<h4>{escape(words['formula'])}</h4><pre>{escape(formula)}</pre>{f'<ul>{given}</ul>' if given else ''}"
        f"<h4>{escape(words['example'])}</h4>{''.join(map(_table, one['tables']))}"
        f"<p>{escape(words['gives'])}: {escape(one['expected'])}</p>"
        f"{others if family else ''}</article>"
    )


def _pairs(pairs: list[list[str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in pairs if text) + "</dl>"


def _table(one: Data) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in one["columns"])
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in one["rows"])
    source = f"<caption>{escape(one['source'])}</caption>"
    return f'<div class="wide"><table>{source}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def write(lang: str, folder: Path) -> list[Path]:
    """Both files; gives their names."""
    say = language(lang)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for form, make in (("pdf", pdf), ("html", html)):
        path = folder / f"handbook_{say.code}.{form}"
        path.write_bytes(make(say))
        paths.append(path)
    return paths
