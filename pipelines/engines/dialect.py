"""DuckDB's SQL said in Spark's: the one place that knows where the two differ, each difference with its reason.

Whatever is not listed here is sqlglot's to translate (order of nulls, ``qualify``, ``exclude``, casts, quotes). A function that is left
over untranslated is a fault (M103), never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, cast

import sqlglot
from sqlglot import exp
from sqlglot.dialects import DuckDB
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokens import TokenType

from pipelines.engines import partitions
from pipelines.errors import MeridianError

READ = re.compile(r"\b(core|board|facts)\.(\w+)\b(?!\()")
LATIN = (range(0xC0, 0x250), range(0x1E00, 0x1F00))
"""Where Latin letters with accents stand in Unicode."""
BOUND = "bound_value"
"""Stands for a question mark while a statement is translated."""
ALIKE = {"bit_count"}
"""Functions that sqlglot does not know and that both have, with one meaning."""
Tree = exp.Expr


def spark(sql: str, bound: Sequence[Any] = ()) -> str:
    """A statement of ``formulas`` as one text for Spark, its values within as literals. Raises M103."""
    try:
        tree: Tree = sqlglot.parse_one(_numbered(sql), read="duckdb", error_level=ErrorLevel.RAISE)
        tree = tree.transform(_bind, bound)
        for step in STEPS:
            tree = step(tree)
        unknown = [name for one in tree.find_all(exp.Anonymous) if (name := one.name.lower()) not in ALIKE]
        if not unknown:
            return tree.sql("spark", unsupported_level=ErrorLevel.RAISE)
    except (SqlglotError, ValueError) as error:
        raise MeridianError("M103", reason=str(error).split("\n")[0]) from error
    raise MeridianError("M103", reason=f"{unknown[0]}()")


def named(table: str) -> str:
    """A table's name in Spark: its temporary views belong to no schema."""
    return table.replace(".", "_")


def tables(sql: str) -> set[str]:
    """The tables of a version that a statement reads, without those that macros look into."""
    return {f"{schema}.{name}" for schema, name in READ.findall(sql)}


def _numbered(sql: str) -> str:
    """Question marks numbered in the order of the text, which a tree does not keep."""
    text, end = "", 0
    marks = (token for token in DuckDB().tokenize(sql) if token.token_type is TokenType.PLACEHOLDER)
    for number, mark in enumerate(marks):
        text += f"{sql[end : mark.start]}{BOUND}({number})"
        end = mark.end + 1
    return text + sql[end:]


def _bind(node: Tree, bound: Sequence[Any]) -> Tree:
    """A value becomes a literal of the tree, so that no text of a reader is ever read as SQL."""
    marked = isinstance(node, exp.Anonymous) and node.name == BOUND
    return exp.convert(bound[int(node.expressions[0].name)]) if marked else node


def _expand(tree: Tree) -> Tree:
    """Spark knows no macros of ours: a call gives way to what it means."""

    def expand(node: Tree) -> Tree:
        if not (isinstance(node, exp.Dot) and isinstance(node.expression, exp.Anonymous)):
            return node
        call = node.expression
        names, meaning = macros()[f"{node.this.name}.{call.name}"]
        given = dict(zip(names, call.expressions, strict=True))
        return meaning.copy().transform(lambda one: given[one.name].copy() if _is_parameter(one, given) else one)

    return tree.transform(expand)


def _is_parameter(node: Tree, given: dict[str, Tree]) -> bool:
    return isinstance(node, exp.Column) and not node.table and node.name in given


@cache
def macros() -> dict[str, tuple[list[str], Tree]]:
    """Name → parameters and meaning of what ``views.sql`` lets formulas call."""
    found: dict[str, tuple[list[str], Tree]] = {}
    for text in partitions.macros():
        made = sqlglot.parse_one(text, read="duckdb")
        found[made.this.this.sql()] = ([one.name for one in made.this.expressions], exp.paren(made.expression))
    return found


def _largest(tree: Tree) -> Tree:
    """Spark has no mean of a list and no ``max(x, n)``: the n largest are collected, sorted and cut."""

    def largest(node: Tree) -> Tree:
        if not (isinstance(node, exp.Anonymous) and node.name.lower() == "list_avg" and isinstance(node.expressions[0], exp.Max)):
            return node
        inner = node.expressions[0]
        few = f"SLICE(SORT_ARRAY(COLLECT_LIST({inner.this.sql('spark')}), FALSE), 1, {inner.args['count'].sql('spark')})"
        return sqlglot.parse_one(f"AGGREGATE({few}, CAST(0 AS DOUBLE), (a, b) -> a + b) / NULLIF(SIZE({few}), 0)", read="spark")

    return tree.transform(largest)


def _plain(tree: Tree) -> Tree:
    """Spark strips no accents: each Latin letter that has one is named with the letter below it."""

    def plain(node: Tree) -> Tree:
        if not (isinstance(node, exp.Anonymous) and node.name.lower() == "strip_accents"):
            return node
        return exp.func("TRANSLATE", node.expressions[0], *map(exp.Literal.string, accents()))

    return tree.transform(plain)


@cache
def accents() -> tuple[str, str]:
    """Letters with accents, and in the same order those without; combining accents last, which have none."""
    pairs = {chr(code): unicodedata.normalize("NFD", chr(code)) for span in LATIN for code in span}
    pairs = {letter: parts for letter, parts in pairs.items() if len(parts) > 1 and all(map(unicodedata.combining, parts[1:]))}
    return "".join(pairs) + "".join(map(chr, range(0x300, 0x370))), "".join(parts[0] for parts in pairs.values())


def _replaced(tree: Tree) -> Tree:
    """Spark knows ``* except (x)`` and no ``* replace (… as x)``: the column is left out and given beside."""
    for star in list(tree.find_all(exp.Star)):
        column, instead = star.parent if isinstance(star.parent, exp.Column) else star, star.args.get("replace")
        if instead:
            select = cast(exp.Select, column.parent_select)
            star.set("replace", None)
            star.set("except_", [exp.to_identifier(one.alias) for one in instead])
            select.set("expressions", [*select.expressions, *(one.copy() for one in instead)])
    return tree


def _look_up_before(tree: Tree) -> Tree:
    """Spark takes no subquery inside an aggregate: it is answered row by row in the table below."""
    for select in list(tree.find_all(exp.Select)):
        inside = [one for part in select.expressions for one in _subqueries(part) if one.find_ancestor(exp.AggFunc, exp.Filter)]
        if inside:
            columns: list[Tree] = [exp.Star()]
            for number, one in enumerate(inside):
                columns.append(exp.alias_(one.copy(), f"looked_up_{number}"))
                one.replace(exp.column(f"looked_up_{number}"))
            source = select.args["from_"].this
            source.replace(exp.select(*columns).from_(source.copy()).subquery("found_below"))
    return tree


def _subqueries(part: Tree) -> Iterator[Tree]:
    """Questions within an expression, the outermost: ``(select …)`` and ``x in (select …)``."""
    return filter(_asks, part.walk(prune=_asks))


def _asks(node: Tree) -> bool:
    return isinstance(node, exp.Subquery) or (isinstance(node, exp.In) and bool(node.args.get("query")))


def _rename(tree: Tree) -> Tree:
    """See ``named``."""
    for table in tree.find_all(exp.Table):
        if table.db:
            table.replace(exp.table_(named(f"{table.db}.{table.name}"), alias=table.alias or None))
    return tree


STEPS: tuple[Callable[[Tree], Tree], ...] = (_expand, _largest, _plain, _replaced, _look_up_before, _rename)
