"""CSV and TOML files of the command line, with their fingerprints."""

import csv
import hashlib
import io
import tomllib
from pathlib import Path
from typing import Any

from .inputs import Columns, InputError

_LARGEST = 500_000_000


def read_csv(path: Path, required: tuple[str, ...]) -> dict[str, list[str]]:
    """Columns of a CSV file (UTF-8 or Shift_JIS, header row). Raises InputError with file, row and column."""
    text = _text(path)
    rows = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(rows, [])]
    for name in required:
        if name not in header:
            raise InputError(
                f"{path.name}: 1行目: 列「{name}」がありません（ある列: {'、'.join(header) or 'なし'}）。"
            )
    if len(set(header)) < len(header):
        raise InputError(f"{path.name}: 1行目: 同じ名前の列があります。")
    columns: dict[str, list[str]] = {name: [] for name in header}
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            raise InputError(f"{path.name}: {number}行目: 空の行です。")
        if len(row) != len(header):
            raise InputError(f"{path.name}: {number}行目: 列の数が見出しと違います（{len(row)}列）。")
        for name, cell in zip(header, row, strict=True):
            columns[name].append(cell.strip())
    return columns


def fingerprint(path: Path, table: Columns) -> dict[str, Any]:
    """Name, SHA-256 and number of rows of an input file, for the published figure."""
    rows = len(next(iter(table.values()), []))
    return {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "rows": rows}


def read_toml(path: Path) -> dict[str, Any]:
    """Values of a TOML file."""
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: TOMLとして読めません: {error}") from error


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path.name}: ファイルが大きすぎます（上限500MB）。")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name}: ファイルを開けません。") from error
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path.name}: 文字コードがUTF-8でもShift_JISでもありません。")
