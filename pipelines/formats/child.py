"""The child process that opens a workbook: poor in memory, time and rights, because the file may be hostile.

It is run by its path (``python -I``) with its folder and its task, and takes the workbook from standard input. ``read`` writes one Arrow
file per sheet and ``index.json`` into the folder; ``mark`` writes the workbook back with marked cells (see ``marking``); ``tree`` reads an
XML document (see ``tree``).
Cells become text here; what people see is what is written: numbers with 15 digits as spreadsheets keep them, dates as ISO, booleans TRUE
and FALSE, errors as their word (#REF!).
"""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import os
import sys
import zipfile
import zlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

SECONDS = 20
MEMORY = 1_500 * 1024**2
MOST_CELLS = 10_000_000
TOO_LARGE, PROTECTED, DAMAGED = 3, 4, 5

Task = Literal["read", "mark", "tree"]


def confine() -> None:
    """As few rights as this system lets a process give up; what it does not know is left out."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for what, limit in (("AS", MEMORY), ("CPU", SECONDS), ("CORE", 0), ("FSIZE", MEMORY), ("NOFILE", 64)):
        resource.setrlimit(getattr(resource, f"RLIMIT_{what}"), (limit, limit))
    if sys.platform == "linux":
        new_user, new_network = 0x10000000, 0x40000000
        ctypes.CDLL(None).unshare(new_user | new_network)  # no network; refused by some systems, then the file still opens no address


def number_text(number: float) -> str:
    """12.0 → "12", 0.1 + 0.2 → "0.3", 1e21 → "1000000000000000000000": never an exponent, never a trailing zero."""
    if number != number or number in (float("inf"), float("-inf")):
        return str(number)
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return format(Decimal(format(number, ".15g")), "f")


def cell_text(cell: object) -> tuple[str | None, bool]:
    """A cell as text, and whether it was typed (a number, date, time or boolean)."""
    if isinstance(cell, str):
        return cell or None, False
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE", True
    if isinstance(cell, int | float):
        return number_text(cell), True
    if isinstance(cell, dt.datetime):
        return (cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")), True
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat(), True
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}", True
    return (None if cell is None else str(cell)), False


def columns_of(sheet: Any, faults: dict[tuple[int, int], str]) -> tuple[list[list[str | None]], list[list[bool]]]:
    """All cells of a sheet by column, from A1 on; the words of error cells are put back, which the library leaves empty."""
    rows = sheet.to_python(skip_empty_area=False)
    width = max(map(len, rows), default=0)
    if len(rows) * width > MOST_CELLS:
        raise MemoryError
    texts: list[list[str | None]] = [[] for _ in range(width)]
    typed: list[list[bool]] = [[] for _ in range(width)]
    for row in rows:
        for column, cell in enumerate(row):
            text, was_typed = cell_text(cell)
            texts[column].append(text)
            typed[column].append(was_typed)
    for (row, column), word in faults.items():
        _grow(texts, typed, row, column)
        texts[column - 1][row - 1] = word
    return texts, typed


def _grow(texts: list[list[str | None]], typed: list[list[bool]], row: int, column: int) -> None:
    height = max(row, len(texts[0]) if texts else 0)
    width = max(column, len(texts))
    if height * width > MOST_CELLS:
        raise MemoryError
    for _ in range(width - len(texts)):
        texts.append([])
        typed.append([])
    for cells, marks in zip(texts, typed, strict=True):
        cells += [None] * (height - len(cells))
        marks += [False] * (height - len(marks))


def write(folder: Path, number: int, texts: list[list[str | None]], typed: list[list[bool]]) -> None:
    """One sheet as an Arrow file: columns "1", "2", … as text and "t1", "t2", … as marks."""
    import pyarrow as pa

    arrays = {str(at + 1): pa.array(cells, pa.string()) for at, cells in enumerate(texts)}
    arrays |= {f"t{at + 1}": pa.array(marks, pa.bool_()) for at, marks in enumerate(typed)}
    table = pa.table(arrays)
    with pa.OSFile(str(folder / f"{number}.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def convert(data: bytes, folder: Path) -> None:
    """Every worksheet of the workbook, written, and an index of what the parent needs to know of each."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    from pipelines.formats import marks as left_out

    marks = left_out.read(data)
    index: list[dict[str, object]] = []
    copy = folder / f"source.{left_out.kind(data)}"  # by its ending the library knows the format and names its faults rightly
    copy.write_bytes(data)
    with CalamineWorkbook.from_path(copy) as book:
        for number, about in enumerate(book.sheets_metadata):
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(number)
            mark = marks.get(about.name, left_out.Marks())
            texts, typed = columns_of(sheet, mark.errors)
            write(folder, number, texts, typed)
            merges = [[top + 1, left + 1, bottom + 1, right + 1] for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
            hidden = about.visible != SheetVisibleEnum.Visible
            index.append({"number": number, "name": about.name, "hidden": hidden, "merges": merges, "uncalculated": mark.uncalculated})
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")


def work_of(task: Task) -> Callable[[bytes, Path], None]:
    """What a task does. Its libraries are loaded here, before the limits, as they need address space of their own."""
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    if task == "mark":
        from pipelines.formats import marking

        return marking.mark
    import pyarrow  # noqa: F401

    if task == "tree":
        from pipelines.formats import tree

        return tree.convert
    return convert


def main(folder: Path, task: Task) -> int:
    """Exit code 0 when the task is done, or one of the codes above with the reason on standard error."""
    data = sys.stdin.buffer.read()
    import python_calamine as calamine

    work = work_of(task)
    confine()
    try:
        work(data, folder)
    except MemoryError:
        return TOO_LARGE
    except calamine.PasswordError:
        return PROTECTED
    except BaseException as error:
        # A panic of the library is no Exception; what is neither its error nor a broken part is a bug of ours and keeps its traceback.
        broken = calamine.CalamineError | ValueError | KeyError | OSError | EOFError | zipfile.BadZipFile | zlib.error
        if not isinstance(error, broken) and type(error).__name__ != "PanicException":
            raise
        sys.stderr.write(f"{type(error).__name__}: {error}"[:300])
        return DAMAGED
    return 0


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), sys.argv[2])  # type: ignore[arg-type]
    sys.stderr.flush()
    os._exit(code)  # no clean-up of a library that a hostile file has been through
