"""The same joins on Spark, for data that must stay spread or outgrow one machine (extra ``spark``)."""

import os
import sys
from pathlib import Path
from typing import Any, Self


class SparkEngine:
    """Runs statements over Parquet views and saves their rows as a folder of Parquet."""

    def __init__(self, folder: Path, *, master: str, memory_bytes: int, partitions: int = 8) -> None:
        """Start a session on ``master`` (``local[2]``, ``local-cluster[2,1,1024]``, ``spark://…``).

        The driver listens on loopback only and serves no page.
        """
        from pyspark.sql import SparkSession

        os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
        self._folder = folder
        self._session: Any = (
            SparkSession.builder.master(master)
            .appName("tenshu-linkage")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.memory", f"{memory_bytes // 2**20}m")
            .config("spark.sql.shuffle.partitions", partitions)
            .config("spark.sql.ansi.enabled", "true")
            .config("spark.local.dir", str(folder / "spill"))
            .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
            .getOrCreate()
        )
        self._session.sparkContext.setLogLevel("ERROR")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.stop()

    def view(self, name: str, path: Path) -> None:
        """Give a Parquet file or folder a name."""
        self._session.read.parquet(str(path)).createOrReplaceTempView(name)

    def save(self, name: str, statement: str) -> Path:
        """Run a statement, save its rows as Parquet and make them a view of that name."""
        path = self._folder / f"{name}.parquet"
        self._session.sql(statement).write.parquet(str(path))
        self.view(name, path)
        return path
