"""Every statement of every indicator can be said in Spark's SQL; an indicator that cannot fails here by its name. Needs no Spark."""

import unicodedata
from typing import Any

import duckdb
import pytest
import sqlglot

from pipelines import measure
from pipelines.catalogue import indicators
from pipelines.engines import dialect
from pipelines.engines.asked import questions, statements
from pipelines.errors import MeridianError


@pytest.mark.parametrize("code", indicators())
def test_an_indicator_is_said_in_sparks_sql_in_every_breakdown(code: str) -> None:
    for sql, bound in statements([one for one in questions() if one[0] == code]):
        text = dialect.spark(sql, bound)
        assert "?" not in text and "core." not in text
        tree = sqlglot.parse_one(text, read="spark")
        assert {one.name.lower() for one in tree.find_all(sqlglot.exp.Anonymous)} <= dialect.ALIKE
        assert not any(star.args.get("replace") for star in tree.find_all(sqlglot.exp.Star))  # sqlglot reads it, Spark does not


def test_the_statements_of_a_sum_are_those_of_its_breakdowns_and_a_derived_one_asks_for_its_inputs() -> None:
    asked = {code: list(statements([one for one in questions() if one[0] == code])) for code in ("A01", "A11", "A02")}
    assert len(asked["A01"]) == 1 + len(measure.dimensions(indicators()["A01"]))
    assert set(asked["A11"]) <= set(asked["A01"]) | set(asked["A02"])


@pytest.mark.parametrize("sql", ["select list_zipped(a) from core.mobility", "select max(a, 3) from core.mobility", "select a from"])
def test_what_spark_does_not_know_is_refused(sql: str) -> None:
    with pytest.raises(MeridianError) as caught:
        dialect.spark(sql)
    assert caught.value.finding.code == "M103"


def test_what_spark_knows_is_let_through() -> None:
    assert dialect.spark("select max(a) from core.mobility") == "SELECT MAX(a) FROM core_mobility"


@pytest.mark.parametrize("value", ["O'Neill", "\\'; drop table x; --", "? ?", "İzmir", 2024, 0.1, True, None])
def test_a_value_is_a_literal_and_never_sql(value: Any) -> None:
    text = dialect.spark("select a from core.mobility where b = ? and c = 'why?' and d = ?", (value, "last"))
    condition = sqlglot.parse_one(text, read="spark").args["where"].this
    first = condition.find(sqlglot.exp.EQ, bfs=True) if condition is None else next(iter(condition.flatten()))
    assert first.expression.sql() == sqlglot.exp.convert(value).sql()
    assert "'why?'" in text and text.endswith("'last'")


def test_accents_are_stripped_as_duckdb_strips_them() -> None:
    marked, plain = dialect.accents()
    letters = marked[: len(plain)]
    told = duckdb.execute("select strip_accents(?)", [letters]).fetchone()
    assert told == (plain,)
    assert all(unicodedata.combining(mark) for mark in marked[len(plain) :] if unicodedata.category(mark) == "Mn" and mark != "͏")
