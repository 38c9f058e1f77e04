"""Writes the demo's files as offices write theirs, with a manifest that says what each is. Seeded: the same files every time.

    python -m data.demo.make_demo FOLDER

Nothing here touches a store: the files are accepted through the same path as anybody's.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.demo import aims, figures, happenings, movement, peers, people, register, research, sheets, standing, world

PUBLISHED = Path(__file__).parent / "published"
MANIFEST = "manifest.toml"
PROVISIONAL = world.YEARS[-1]
NOTE = "Uydurma örnek; ani değişimler yolculuk kısıtlamalarından. Invented sample; the jumps come from the travel restrictions."
PUBLISHED_NOTE = "Yayımlandığı gibi; ülke payları yalnızca en büyükler. As published; of the countries only the largest are named."


@dataclass(frozen=True)
class File:
    """One file to be accepted: what the person who hands it in would say about it. ``note`` answers what the checks ask."""

    file: str
    source: str
    institution: str
    series: str
    status: str
    by: str
    reason: str
    note: str
    layout: str = ""
    """Whose format it has; empty: our own template of the source."""


def make(folder: Path) -> list[File]:
    """Write every file and the manifest into ``folder``; give back the manifest's entries in the order of acceptance."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [*_mobility(folder), *_people(folder), *_registers(folder), *_peers(folder), *_published(folder)]
    (folder / MANIFEST).write_text("\n".join(_block(one) for one in files), encoding="utf-8")
    return files


def _sample(file: Path, source: str, by: str, status: str = "final") -> File:
    return File(file.name, source, "demo", source, status, by, "Örnek üniversitenin dosyası (file of the sample university)", NOTE)


def _mobility(folder: Path) -> list[File]:
    """A file per year; the office changed its habits over the years: CSV, workbook with a title, workbook in English."""
    files = []
    for place, start in enumerate(world.YEARS):
        rows = [row | {"academic_year": world.written_year(start, place)} for row in movement.year(start)]
        language = "en" if start in (2020, 2023) else "tr"
        if start in (2015, 2016, 2018, 2021):
            path = folder / f"hareketlilik_{start}.csv"
            sheets.semicolons(path, "mobility", rows, language=language)
        else:
            path = folder / (f"mobility_{start}.xlsx" if language == "en" else f"hareketlilik_{start}.xlsx")
            title = f"{world.written_year(start, 0)} hareketlilik listesi" if language == "tr" else ""
            sheets.workbook(path, "mobility", rows, language=language, title=title, sheet="Data" if language == "en" else "Hareketlilik")
        files.append(_sample(path, "mobility", "Uluslararası Ofis", "provisional" if start == PROVISIONAL else "final"))
    return files


def _people(folder: Path) -> list[File]:
    files = []
    for years in (world.YEARS[:5], world.YEARS[5:-1], world.YEARS[-1:]):
        path = folder / f"uyruklara_gore_{years[0]}_{years[-1]}.xlsx"
        rows = [row | {"academic_year": world.written_year(start, 0)} for start in years for row in people.year(start)]
        sheets.workbook(path, "country_distribution", rows, language="tr", title="Uyruklarına göre kişi sayıları", sheet="Uyruk")
        files.append(_sample(path, "country_distribution", "Öğrenci İşleri", "provisional" if years[-1] == PROVISIONAL else "final"))
    return files


def _registers(folder: Path) -> list[File]:
    books: tuple[tuple[str, str, Sequence[dict[str, Any]], str], ...] = (
        ("anlasmalar.xlsx", "agreements", register.rows(), "Uluslararası Ofis"),
        ("etkinlikler.xlsx", "activities", happenings.rows(), "Uluslararası Ofis"),
        ("hedefler.xlsx", "goals", aims.rows(), "Strateji Geliştirme"),
        ("ortak_yayinlar.xlsx", "joint_publications", research.rows(), "Kütüphane"),
        ("puanlar_siralar.xlsx", "scores", standing.rows(), "Kalite Koordinatörlüğü"),
    )
    files = []
    for name, source, rows, by in books:
        sheets.workbook(folder / name, source, rows, language="tr", sheet="Liste")
        files.append(_sample(folder / name, source, by))
    sheets.semicolons(folder / "yearly_figures.csv", "yearly_figures", figures.rows(), language="en")
    return [*files, _sample(folder / "yearly_figures.csv", "yearly_figures", "Kalite Koordinatörlüğü")]


def _peers(folder: Path) -> list[File]:
    """A list of universities in the format of the Commission's totals, and students of most of them."""
    peers.write(folder / "sample_university_totals_2014_2019.csv")
    sheets.semicolons(folder / "sample_student_numbers_2019.csv", "yearly_figures", peers.students(), language="en")
    said = ("yearly_figures", "", "sample_peers", "final", "Uluslararası Ofis", "Uydurma karşılaştırma listesi (invented peers)", NOTE)
    return [
        File("sample_university_totals_2014_2019.csv", *said, "commission_university_totals"),
        File("sample_student_numbers_2019.csv", *said),
    ]


def _published(folder: Path) -> list[File]:
    """The offices' published figures stand beside this script as they are; here they only join the others."""
    files = []
    for path in sorted(PUBLISHED.glob("*.csv")):
        shutil.copyfile(path, folder / f"published_{path.name}")
        institution = path.stem.split("_")[0]
        said = ("yearly_figures", institution, "published", "final", "Meridian", "Yayımlanmış sayılar (published figures)", PUBLISHED_NOTE)
        files.append(File(f"published_{path.name}", *said))
    return files


def _block(one: File) -> str:
    return "[[file]]\n" + "".join(f'{key} = "{value}"\n' for key, value in asdict(one).items())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(f"{len(make(Path(sys.argv[1])))} files in {sys.argv[1]}")  # noqa: T201 - a script
