"""Workbooks as offices write them: title rows, merged headers, totals, notes; built here, so that every fault in them is meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

SHEET = "Giden Öğrenci 2024-2025"
ROWS: tuple[tuple[Any, ...], ...] = (
    ("İngiltere", "Erasmus+ Öğrenim", "Mühendislik Fakültesi", "Lisans", 14, 17, 31),
    ("KKTC", "İkili anlaşma", "İktisadi ve İdari Bilimler Fakültesi", "Lisans", 3, 5, 8),
    ("Almanya", "Erasmus+ Öğrenim", "Mühendislik Fakültesi", "Yüksek Lisans", "1.306", "1.200", "2.506"),
    ("Almnya", "Erasmus+ Staj", "Mimarlık Fakültesi", "Lisans", 6, 4, 10),
    ("Güney Kore", "Mevlana", "Mühendislik Fakültesi", "Doktora", 1, 2, 3),
)
FIRST = 6
"""The row of the first country in the sheet."""
TRUTH = {
    ("GBR", "female"): 14, ("GBR", "male"): 17, ("XNC", "female"): 3, ("XNC", "male"): 5, ("KOR", "female"): 1, ("KOR", "male"): 2,
}  # fmt: skip
"""Country and gender → people, of the countries that stand in one row."""
GERMANY = {"female": 1306 + 6, "male": 1200 + 4}


def turkish_workbook(path: Path, rows: Sequence[Sequence[Any]] = ROWS, total: Sequence[Any] | None = (1330, 1228, 2558)) -> Path:
    """Two title rows, a header of two rows with merged cells, women, men and all, a total row, a note below."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(SHEET)
        bold = book.add_format({"bold": True, "align": "center", "border": 1})
        sheet.merge_range(0, 0, 0, 6, "YILDIZOVA ÜNİVERSİTESİ", bold)
        sheet.merge_range(1, 0, 1, 6, "2024-2025 Akademik Yılı Giden Öğrenci Sayıları", bold)
        for at, name in enumerate(("Ülke", "Değişim Programı", "Fakülte", "Öğrenim Düzeyi")):
            sheet.merge_range(3, at, 4, at, name, bold)
        sheet.merge_range(3, 4, 3, 6, "Öğrenci Sayısı", bold)
        sheet.write_row(4, 4, ("Kadın", "Erkek", "Toplam"), bold)
        for at, row in enumerate(rows):
            sheet.write_row(5 + at, 0, row)
        if total:
            sheet.write_row(5 + len(rows), 0, ("TOPLAM", "", "", "", *total))
        sheet.write_row(7 + len(rows), 0, ("Kaynak: Uluslararası İlişkiler Ofisi",))
    return path
