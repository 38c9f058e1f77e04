"""What a report takes, warm, in a process of its own: ``python -m benchmarks.printed STORE RESULT``. Beside it the floor of each tool.

The report is YÖKAK A.5 with all its tables, of the demo's university, in Turkish; the floors are typst setting an empty page and docxtpl
filling an empty template.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from docx import Document
from docxtpl import DocxTemplate

from pipelines import answers
from pipelines.language import language
from pipelines.reports import brief, make
from pipelines.reports.pdf import FONTS
from pipelines.store import Store
from pipelines.warehouse import open_version

TIMES = 5


def taken(work: Callable[[], Any]) -> float:
    """Seconds of one turn, the median of several after a first one that only warms."""
    work()
    turns = []
    for _ in range(TIMES):
        start = time.perf_counter()
        work()
        turns.append(time.perf_counter() - start)
    return median(turns)


def empty_page() -> bytes:
    """Typst alone."""
    import typst

    return typst.compile(b"Empty.", font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf")


def empty_template() -> bytes:
    """docxtpl alone."""
    whole, plain = io.BytesIO(), io.BytesIO()
    Document().save(plain)
    filled = DocxTemplate(plain)
    filled.render({})
    filled.save(whole)
    return whole.getvalue()


def page(store: Path) -> bytes:
    """The rector's page, read anew."""
    version = open_version(store)
    return brief.pdf(brief.Read(version, "demo", language("tr"), answers.full_year(version, "demo"), Store(store), date.today()))


def main(store: Path, result: Path) -> None:
    """Measures each output; an outline is composed anew every time, as for a person who asks."""

    def printed(form: str) -> bytes:
        read = make.material(open_version(store), "demo", "tr")
        return make.made(form, make.outline(Store(store), "yokak", read))

    found = {form: taken(lambda form=form: printed(form)) for form in make.FORMATS}
    found["brief"] = taken(lambda: page(store))
    found |= {"empty page": taken(empty_page), "empty template": taken(empty_template)}
    result.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
