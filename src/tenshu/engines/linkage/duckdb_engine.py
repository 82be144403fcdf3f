"""The joins on DuckDB: one machine, memory bounded, spilling to disk."""

from pathlib import Path
from typing import Self

import duckdb


class DuckDBEngine:
    """Runs statements over Parquet views and saves their rows as Parquet."""

    def __init__(self, folder: Path, *, memory_bytes: int, threads: int) -> None:
        """Open an in-memory database that spills into ``folder`` beyond ``memory_bytes``."""
        self._folder = folder
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{memory_bytes // 2**20}MiB",
                "threads": threads,
                "temp_directory": str(folder / "spill"),
                "preserve_insertion_order": False,
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def view(self, name: str, path: Path) -> None:
        """Give a Parquet file (or a folder of them) a name."""
        source = str(path / "*.parquet" if path.is_dir() else path).replace("'", "''")
        self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{source}')")

    def save(self, name: str, statement: str) -> Path:
        """Run a statement, save its rows as Parquet and make them a view of that name."""
        path = self._folder / f"{name}.parquet"
        target = str(path).replace("'", "''")
        self._connection.execute(f"COPY ({statement}) TO '{target}' (FORMAT parquet, COMPRESSION snappy)")
        self.view(name, path)
        return path
