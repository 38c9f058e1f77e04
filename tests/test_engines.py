"""Partitions, the engines that read them, and a publication measured on another engine. Spark itself runs where its environment is."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from pyarrow.fs import S3FileSystem

from benchmarks.ports import free_port, listened
from pipelines.engines import duckdb as home
from pipelines.engines import measured, parity, partitions, spark
from pipelines.engines.asked import questions
from pipelines.engines.partitions import Partitions
from pipelines.errors import MeridianError
from pipelines.measuring.formulas import Question
from pipelines.store import Store
from pipelines.warehouse import current_path

FEW = [one for one in questions() if one[1] == Question() and one[0] in {"A01", "A05", "A24", "A40", "C20", "D13", "E22", "H10"}]
"""A sum, a ratio, spreads, and what the dialect says anew; every question is ``make parity``'s."""


@pytest.fixture(scope="module")
def version(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The version on air, opened by somebody who may write files."""
    with duckdb.connect(str(shutil.copy(current_path(demo_store), tmp_path_factory.mktemp("version")))) as connection:
        yield connection


@pytest.fixture(scope="module")
def parts(version: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Partitions:
    """The demo version as partitions."""
    root = tmp_path_factory.mktemp("parts") / "partitions"
    return partitions.write(version, str(root), [*partitions.of_rows(), *partitions.of_board()])


def test_a_version_as_partitions_by_institution_and_year_holds_the_same_rows(version: duckdb.DuckDBPyConnection, parts: Partitions) -> None:
    assert partitions.read(parts.root) == parts
    assert list(Path(parts.root).glob("core/mobility/institution=*/academic_year=*/*.parquet"))
    with home.over(parts) as database:
        same_rows(version, database, parts)


def same_rows(one: duckdb.DuckDBPyConnection, other: duckdb.DuckDBPyConnection, parts: Partitions) -> None:
    for table in parts.columns:
        rows = f"select count(*), sum(hash(t)) from (from {table}) as t"
        assert one.execute(rows).fetchall() == other.execute(rows).fetchall(), table


def test_duckdb_measures_the_same_over_partitions_as_on_the_version(version: duckdb.DuckDBPyConnection, parts: Partitions) -> None:
    asked = [one for one in questions() if one[1] == Question()]
    with home.over(parts) as database:
        ours = parity.answers(home.Building(version), asked)
        assert list(parity.differences(ours, parity.answers(home.Building(database), asked))) == []
    assert sum(map(len, ours.values())) > 1000


def test_a_difference_is_told_by_the_indicators_name(parts: Partitions) -> None:
    with home.over(parts) as database:
        ours, theirs = (parity.answers(home.Building(database), FEW) for _ in range(2))
    theirs[FEW[0]][0].value += 1
    theirs[FEW[1]].pop()
    assert [line.split()[0] for line in parity.differences(ours, theirs)] == [FEW[0][0], FEW[1][0]]


def test_partitions_do_not_take_the_place_of_what_is_not_theirs(version: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(MeridianError) as caught:
        partitions.write(version, str(tmp_path), ["core.regions"])
    assert caught.value.finding.code == "M105" and (tmp_path / "mine.txt").exists()


def test_partitions_are_written_anew_in_their_own_place(version: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for _ in range(2):
        made = partitions.write(version, str(tmp_path / "parts"), ["core.regions"])
    assert partitions.read(made.root).rows["core.regions"] > 100


def test_what_another_engine_measured_goes_on_air_where_it_is_the_same(demo_store: Path, tmp_path: Path) -> None:
    store = _copy(demo_store, tmp_path)
    before = store.current()
    done = measured.measure(store, "the office", home.here, "DuckDB")
    assert before and (done.digest, done.no, done.reason) == (before.digest, before.no + 1, "DuckDB")


def test_what_another_engine_measured_otherwise_does_not_go_on_air(demo_store: Path, tmp_path: Path) -> None:
    @contextmanager
    def wrong(connection: duckdb.DuckDBPyConnection, tables: object) -> Iterator[home.Run]:
        yield home.Run(lambda sql, bound: connection.execute(sql.replace(" as value", " + 1 as value", 1), list(bound)).fetchall())

    store = _copy(demo_store, tmp_path)
    before = store.current()
    with pytest.raises(MeridianError) as caught:
        measured.measure(store, "the office", wrong, "another")
    assert caught.value.finding.code == "M106" and store.current() == before


def _copy(demo_store: Path, tmp_path: Path) -> Store:
    return Store(shutil.copytree(demo_store, tmp_path / "store"))


def test_without_an_environment_of_spark_its_lack_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spark, "PYTHON", spark.ROOT / "nowhere" / "python")
    with pytest.raises(MeridianError) as caught, spark.cluster("local[2]"):
        pass
    assert caught.value.finding.code == "M104"


@pytest.fixture(scope="module")
def environment() -> Path:
    """The programs of Spark's environment."""
    if not spark.PYTHON.exists():
        if os.environ.get("MERIDIAN_SPARK") == "required":
            pytest.fail("MERIDIAN_SPARK=required, and .venv-spark is not there: make spark")
        pytest.skip("Spark's environment .venv-spark is not there: make spark")
    return spark.PYTHON.parent


@pytest.fixture(scope="module")
def bucket(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A bucket of an S3-compatible server of its own, with its keys in the environment."""
    port = free_port()
    told = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "made",
        "AWS_SECRET_ACCESS_KEY": "up",
        "AWS_REGION": "us-east-1",
    }
    server = subprocess.Popen(
        [environment / "moto_server", "-H", "127.0.0.1", "-p", str(port)], cwd=tmp_path_factory.mktemp("s3"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        try:
            listened(port)
            S3FileSystem(allow_bucket_creation=True, endpoint_override=told["AWS_ENDPOINT_URL"]).create_dir("meridian")
            yield "s3://meridian"
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="module")
def cluster(bucket: str) -> Iterator[spark.Cluster]:
    """A driver that is its own cluster, which knows the bucket; see ``make spark`` for a standalone one."""
    with spark.cluster("local[2]") as made:
        yield made


def test_spark_measures_the_same_over_the_same_partitions(parts: Partitions, cluster: spark.Cluster) -> None:
    agree(cluster, parts, parts)


def agree(cluster: spark.Cluster, asked: Partitions, near: Partitions) -> None:
    """Spark over the partitions asked says what DuckDB says over those on this disk, of each of the few."""
    with home.over(near) as database:
        run = spark.OnSpark(cluster, asked, home.Building(database))
        run.ahead(FEW)
        ours = parity.answers(home.Building(database), FEW)
        assert list(parity.differences(ours, parity.answers(run, FEW))) == []
    assert all(ours.values())


def test_what_spark_refuses_is_a_fault_and_the_driver_answers_on(cluster: spark.Cluster) -> None:
    with pytest.raises(MeridianError) as caught:
        cluster.ask(["select nothing from nowhere"])
    assert caught.value.finding.code == "M104" and "nowhere" in str(caught.value)
    assert cluster.ask(["select 1 / 0, 2"]) == [[(None, 2)]]


def test_partitions_in_a_bucket_hold_the_same_rows(version: duckdb.DuckDBPyConnection, parts: Partitions, bucket: str) -> None:
    for _ in range(2):  # the second takes the place of the first
        made = partitions.write(version, f"{bucket}/written", list(parts.columns))
    assert partitions.read(made.root) == made and made.rows == parts.rows
    with home.over(made) as far, home.over(parts) as near:
        same_rows(far, near, parts)


def test_a_bucket_that_is_not_there_is_refused(version: duckdb.DuckDBPyConnection, bucket: str) -> None:
    with pytest.raises(MeridianError) as caught:
        partitions.write(version, "s3://nowhere/parts", ["core.regions"])
    assert caught.value.finding.code == "M105"


def test_spark_measures_the_same_over_a_bucket(
    version: duckdb.DuckDBPyConnection, parts: Partitions, bucket: str, cluster: spark.Cluster
) -> None:
    agree(cluster, partitions.write(version, f"{bucket}/asked", list(parts.columns)), parts)
