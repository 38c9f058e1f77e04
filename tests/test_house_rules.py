"""The rules of the house (CONTRIBUTING.md), kept by reading the code as text and as syntax trees."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = [*sorted((ROOT / "pipelines").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py")), ROOT / "app.py"]
PAGES = [path for path in sorted((ROOT / "pages").rglob("*.py")) if not {"parts", "door"} & set(path.parts)]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(package: str, among: list[Path] = CODE) -> set[str]:
    return {name(path) for path in among if any(one == package or one.startswith(package + ".") for one in imports(path))}


def test_the_rules_see_an_import_where_there_is_one():
    assert "pages/frame.py" in importers("streamlit")


def test_the_path_never_imports_the_web():
    pipelines = [path for path in CODE if name(path).startswith("pipelines/")]
    assert importers("streamlit", pipelines) == set()
    assert importers("pages", pipelines) == set()


def test_only_check_imports_great_expectations():
    assert all(one.startswith("pipelines/check") for one in importers("great_expectations"))
    assert importers("great_expectations")


def test_great_expectations_is_never_imported_with_the_module():
    for path in CODE:
        top = [node for node in tree(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = [alias.name for node in top if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module or "" for node in top if isinstance(node, ast.ImportFrom)]
        assert not [one for one in names if one.startswith("great_expectations")], name(path)


def test_only_charts_import_plotly():
    assert importers("plotly") <= {"pages/parts/charts.py"}


def test_pages_hold_no_query_no_formula_and_no_number_formatting():
    forbidden = re.compile(r"\bselect\b.+\bfrom\b|#[0-9a-fA-F]{6}\b|\.query\(|\.execute\(|:,|:\.\d+f", re.I)
    assert {
        name(path): forbidden.findall(path.read_text(encoding="utf-8")) for path in PAGES if forbidden.search(_without_docs(path))
    } == {}


def _without_docs(path: Path) -> str:
    return re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.S)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_reads_like_a_table_of_contents(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 90


@pytest.mark.parametrize("path", CODE, ids=name)
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") < 330
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1})"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 45
    ]
    assert long == []


@pytest.mark.parametrize("path", [path for path in CODE if name(path).startswith("pipelines/")], ids=name)
def test_public_functions_say_their_types_and_what_they_return(path):
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            assert node.returns is not None, f"{node.name} does not say what it returns"


def test_no_file_is_a_drawer_for_odds_and_ends():
    assert [name(path) for path in CODE if path.stem in ("utils", "helpers", "common", "manager", "misc")] == []


def test_nothing_catches_every_exception_but_the_outermost_edge():
    broad = re.compile(r"except (Exception|BaseException)\b|except:\s*$", re.M)
    edges = {"app.py", "pages/frame.py", "pipelines/formats/child.py", "pipelines/desk/worker.py"}
    assert {name(path) for path in CODE if broad.search(path.read_text(encoding="utf-8"))} <= edges


def test_no_page_writes_raw_html_and_nothing_is_installed_for_all_sessions():
    bad = re.compile(r"unsafe_allow_html|components\.html|\.install\(|express as px|st\.caption\(")
    assert [name(path) for path in CODE if bad.search(path.read_text(encoding="utf-8"))] == []


def test_no_code_is_made_from_words():
    made = re.compile(r"(?<![\w.])(eval|exec|__import__)\(")
    assert [name(path) for path in CODE if made.search(path.read_text(encoding="utf-8"))] == []


def test_no_command_line_is_given_to_a_shell():
    shell = re.compile(r"shell=True|os\.system\(|os\.popen\(|getoutput\(")
    assert [name(path) for path in CODE if shell.search(path.read_text(encoding="utf-8"))] == []


def test_only_our_own_pipe_is_unpickled():
    unsafe = {one for package in ("pickle", "marshal", "shelve", "dill", "yaml") for one in importers(package)}
    assert unsafe == {"pipelines/checking/checker.py"}


STATEMENT = re.compile(r"\b(select|insert into|update|delete from)\b.*\b(from|values|set)\b|\bdelete from\b", re.I | re.S)


def put_together(path: Path) -> list[str]:
    """The statements of a file that are written with braces."""
    texts = ["".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
             for node in ast.walk(tree(path)) if isinstance(node, ast.JoinedStr)]  # fmt: skip
    return [text for text in texts if STATEMENT.search(text) and "{}" in text]


def test_statements_are_put_together_where_no_word_of_a_visitor_arrives():
    near = [path for path in CODE if name(path).startswith(("pages/", "pipelines/interface/", "pipelines/access/"))]
    found = {name(path) for path in near if put_together(path)}
    assert found == {
        "pages/parts/register.py", "pipelines/interface/resources.py", "pipelines/access/people.py", "pipelines/access/base.py",
    }, "names of columns only"  # fmt: skip
    assert put_together(ROOT / "pipelines" / "templates.py"), "the rule sees one where there is one"


def test_what_is_remembered_for_everybody_knows_nothing_of_a_session():
    for path in CODE:
        for node in ast.walk(tree(path)):
            shared = isinstance(node, ast.FunctionDef) and any("cache" in ast.unparse(one) for one in node.decorator_list)
            assert not shared or not re.search(r"session_state|st\.user|query_params|st\.context", ast.unparse(node)), (
                f"{name(path)} {node.name}"
            )


def test_csv_is_read_by_the_strict_reader_only():
    lenient = re.compile(r"pd\.read_csv|pandas\.read_csv|read_csv_auto|from_csv_auto|duckdb\.read_csv")
    assert [name(path) for path in CODE if lenient.search(path.read_text(encoding="utf-8"))] == []


def test_requirements_are_pinned():
    for file in ("requirements.txt", "requirements-dev.txt", "requirements-lint.txt"):
        lines = [line.split("#")[0].strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
        assert [line for line in lines if line and "==" not in line and not line.startswith("-r")] == []


def test_no_committed_text_names_a_machine():
    secret = re.compile(r"/(?:work|root|home|tmp)/[a-z]")
    kinds = {".py", ".toml", ".md", ".sql", ".csv", ".po", ".yaml"}
    for path in sorted(ROOT.rglob("*")):
        parts = set(path.relative_to(ROOT).parts)
        if (
            path.suffix in kinds
            and not parts & {".venv", ".venv-lint", ".venv-spark", ".git", "store", "node_modules", ".hypothesis"}
            and path != Path(__file__)
        ):
            assert not secret.search(path.read_text(encoding="utf-8", errors="replace")), name(path)
