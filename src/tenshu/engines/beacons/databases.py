"""The two engines that run the scoring statements: DuckDB on one machine, Spark on several."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import duckdb
import polars as pl
import pyarrow as pa

from tenshu.engines.beacons.dialects import Dialect, DuckDialect, SparkDialect
from tenshu.engines.beacons.errors import StoreError

BATCH_ROWS = 65_536
DUCK_TYPES = {
    pl.String: "VARCHAR", pl.Int64: "BIGINT", pl.Int32: "INTEGER", pl.Boolean: "BOOLEAN",
    pl.Float64: "DOUBLE",
    pl.List(pl.String): "VARCHAR[]",
}  # fmt: skip
SPARK_TYPES = {**DUCK_TYPES, pl.String: "STRING", pl.List(pl.String): "ARRAY<STRING>"}
Columns = dict[str, Any]


class Database(Protocol):
    """What scoring needs of an engine."""

    @property
    def dialect(self) -> Dialect:
        """The spelling that the engine understands."""

    def files(self, name: str, paths: list[Path], columns: Columns) -> None:
        """A view of Parquet files; an empty one when there are none."""

    def table(self, name: str, frame: pl.DataFrame) -> None:
        """A small table from memory, in place of one of the same name."""

    def view(self, name: str, sql: str) -> None:
        """A named statement."""

    def keep(self, name: str, sql: str) -> None:
        """Rows of a statement, stored; replaces a table of that name."""

    def gather(self, name: str, sql: str) -> None:
        """Rows of a statement, stored behind those already gathered under that name."""

    def frame(self, sql: str) -> pl.DataFrame:
        """All rows of a statement."""

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Rows of a statement, a batch at a time."""

    def close(self) -> None:
        """Give back memory and temporary files."""


class DuckDatabase:
    """DuckDB with a memory limit; what does not fit goes to a temporary folder."""

    def __init__(self, memory_bytes: int, threads: int | None = None) -> None:
        self.dialect = DuckDialect()
        self.folder = tempfile.TemporaryDirectory(prefix="beacons-")
        # In memory: a database file would be compressed and logged, and it is thrown away anyway.
        self.connection = duckdb.connect(config={"temp_directory": self.folder.name})
        self.connection.execute(f"SET memory_limit = '{memory_bytes // 1_000_000}MB'")
        self.connection.execute("SET preserve_insertion_order = false")
        self.connection.execute("SET enable_progress_bar = false")
        if threads:
            self.connection.execute(f"SET threads = {threads}")
        self.gathered: set[str] = set()

    def files(self, name: str, paths: list[Path], columns: Columns) -> None:
        if not paths:
            fields = ", ".join(f"NULL::{DUCK_TYPES[kind]} AS {column}" for column, kind in columns.items())
            self.view(name, f"SELECT {fields} WHERE false")
            return
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
        self.view(
            name, f"SELECT {', '.join(columns)} FROM read_parquet([{listed}], hive_partitioning = false)"
        )

    def table(self, name: str, frame: pl.DataFrame) -> None:
        rows = frame.to_arrow()
        self.connection.register("incoming_rows", rows)
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming_rows")
        self.connection.unregister("incoming_rows")

    def view(self, name: str, sql: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")

    def keep(self, name: str, sql: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    def gather(self, name: str, sql: str) -> None:
        if name in self.gathered:
            self.connection.execute(f"INSERT INTO {name} {sql}")
        else:
            self.keep(name, sql)
            self.gathered.add(name)

    def frame(self, sql: str) -> pl.DataFrame:
        frame = pl.from_arrow(self.connection.sql(sql).to_arrow_table())
        return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        yield from self.connection.sql(sql).to_arrow_reader(BATCH_ROWS)

    def close(self) -> None:
        self.connection.close()
        self.folder.cleanup()


COLLAPSE = "org.apache.spark.sql.catalyst.optimizer.CollapseProject"


class SparkDatabase:
    """Spark SQL, in a session beside the one that is given, or in one for this machine."""

    def __init__(self, session: Any = None) -> None:
        self.dialect = SparkDialect()
        self.own = session is None
        self.outer = spark_session() if session is None else session
        self.session = self.outer.newSession()
        # Merged projections would compute a list again for every use of it; the lists build on each other.
        self.session.conf.set("spark.sql.optimizer.excludedRules", COLLAPSE)
        # Constraints kept in a checkpoint name columns that a union of it no longer has (key not found).
        self.session.conf.set("spark.sql.constraintPropagation.enabled", "false")
        self.stored: dict[str, Any] = {}

    def files(self, name: str, paths: list[Path], columns: Columns) -> None:
        schema = ", ".join(f"{column} {SPARK_TYPES[kind]}" for column, kind in columns.items())
        if paths:
            rows = self.session.read.schema(schema).parquet(*[str(path.absolute()) for path in paths])
        else:
            rows = self.session.createDataFrame([], schema)
        rows.createOrReplaceTempView(name)

    def table(self, name: str, frame: pl.DataFrame) -> None:
        schema = ", ".join(f"{column} {SPARK_TYPES[kind]}" for column, kind in frame.schema.items())
        if frame.height:
            rows = self.session.createDataFrame(frame.to_arrow(compat_level=pl.CompatLevel.oldest()))
        else:
            rows = self.session.createDataFrame([], schema)
        rows.createOrReplaceTempView(name)

    def view(self, name: str, sql: str) -> None:
        self.session.sql(sql).createOrReplaceTempView(name)

    def keep(self, name: str, sql: str) -> None:
        # A checkpoint, not a cache: what follows starts from the rows, not from a plan that grows.
        rows = self.session.sql(sql).localCheckpoint(eager=True)
        rows.createOrReplaceTempView(name)
        self.stored[name] = rows

    def gather(self, name: str, sql: str) -> None:
        if name in self.stored:
            rows = self.stored[name].unionByName(self.session.sql(sql)).localCheckpoint(eager=True)
            rows.createOrReplaceTempView(name)
            self.stored[name] = rows
        else:
            self.keep(name, sql)

    def frame(self, sql: str) -> pl.DataFrame:
        frame = pl.from_arrow(self.session.sql(sql).toArrow())
        return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        yield from self.session.sql(sql).toArrow().to_batches(BATCH_ROWS)

    def close(self) -> None:
        self.stored.clear()
        if self.own:
            self.outer.stop()


def spark_session() -> Any:
    """A Spark session on the master that the environment names, or on this machine."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise StoreError("Spark を使うには追加パッケージ tenshu[spark] が必要です") from error
    builder: Any = SparkSession.builder
    return (
        builder.appName("tenshu-beacons")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .getOrCreate()
    )
