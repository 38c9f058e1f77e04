"""What a visitor waits for: a page imports nothing that only handing in, checking or publishing needs."""

import subprocess
import sys

HEAVY = ("pyarrow", "pandas", "great_expectations", "scipy", "sqlalchemy", "openpyxl", "python_calamine")
PAGES = "import pages.parts.data, pages.parts.selection, pages.parts.brief, pages.parts.cards, pages.parts.markup, pages.parts.messages"
PAGES += ", pages.parts.people, pages.parts.downloads, pages.door.gate, pages.door.signin, pages.door.opening"


def _imported(code: str) -> set[str]:
    shown = f"import sys; {code}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True).stdout.split())


def test_the_first_page_imports_no_library_of_the_worker():
    assert not [name for name in HEAVY if name in _imported(PAGES)]


def test_the_worker_does_import_them():
    assert "pyarrow" in _imported("import pipelines.path")


def test_a_publisher_still_finds_what_readers_do_without():
    assert {"pyarrow"} <= _imported("from pipelines import measure; from pipelines.measuring.fill import COLUMNS; assert COLUMNS.names")


def test_the_board_keeps_every_field_of_a_value_but_what_depends_on_the_reader():
    from pipelines.measuring.fill import COLUMNS
    from pipelines.measuring.value import STORED

    assert tuple(COLUMNS.names) == STORED
