"""Zip archives and Office documents looked into before anything unpacks them: bombs, macros, broken files."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from tenshu.ground.files.refusals import FileRefused

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How far an archive may unfold: entries, unpacked bytes in all, and times its packed size."""

    entries: int = 5_000
    unpacked: int = 400_000_000
    ratio: int = 250
    ratio_from: int = 5_000_000
    """Entries that unpack to fewer bytes than this may have any ratio."""


DEFAULT_LIMITS = ArchiveLimits()
_MACRO_PARTS = re.compile(
    r"(?:^|/)(?:vbaProject\w*\.bin|vbaData\.xml|macrosheets/|Basic/|Scripts/)", re.IGNORECASE
)
_OFFICE_PREFIX = {"xl/": "xlsx", "word/": "docx", "ppt/": "pptx"}
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}


@contextmanager
def opened_archive(stream: BinaryIO, limits: ArchiveLimits = DEFAULT_LIMITS) -> Iterator[zipfile.ZipFile]:
    """The archive in ``stream``, its directory checked against ``limits``.

    Raises:
        FileRefused: broken, locked by a password, or a bomb.
    """
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileRefused("ファイルが壊れていて開けません。元のソフトで保存し直してください。") from error
    with archive:
        _check_directory(archive, limits)
        yield archive


def _check_directory(archive: zipfile.ZipFile, limits: ArchiveLimits) -> None:
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise FileRefused(f"中のファイルが{len(entries):,}個あります。{limits.entries:,}個までです。")
    if len({entry.filename for entry in entries}) != len(entries):
        raise FileRefused("同じ名前のファイルが二重に入っています。元のソフトで保存し直してください。")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(
            "パスワードが掛かっていて中身を確かめられません。パスワードを外して選び直してください。"
        )
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise FileRefused("展開すると大きくなりすぎるため受け取れません。内容を分けて選び直してください。")
    for entry in entries:
        if entry.file_size > max(limits.ratio_from, entry.compress_size * limits.ratio):
            raise FileRefused("異常に圧縮されたファイルのため受け取れません。")


def read_entry(archive: zipfile.ZipFile, name: str, *, at_most: int) -> bytes:
    """The bytes of one entry. Raises ``FileRefused`` beyond ``at_most`` bytes or when it is broken."""
    with open_entry(archive, name) as entry:
        content = entry.read(at_most + 1)
    if len(content) > at_most:
        raise FileRefused("ファイルの一部が大きすぎるため受け取れません。")
    return content


@contextmanager
def open_entry(archive: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    """One entry as a stream; a broken entry raises ``FileRefused`` wherever it turns out."""
    try:
        with archive.open(name) as entry:
            yield entry  # type: ignore[misc]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileRefused("ファイルが壊れていて開けません。元のソフトで保存し直してください。") from error


def check_entries(archive: zipfile.ZipFile) -> None:
    """Unpack every entry to nowhere: lengths and check sums must be as the directory says."""
    for entry in archive.infolist():
        with open_entry(archive, entry.filename) as stream:
            seen = 0
            while block := stream.read(CHUNK):
                seen += len(block)
                if seen > entry.file_size:
                    raise FileRefused("ファイルが壊れていて開けません。元のソフトで保存し直してください。")


def office_kind(archive: zipfile.ZipFile) -> str:
    """xlsx, docx, pptx, odt, ods, odp, or "zip" for any other archive.

    Raises:
        FileRefused: a document with macros.
    """
    names = archive.namelist()
    kind = _kind_of(archive, names)
    if kind == "zip":
        return kind
    if any(_MACRO_PARTS.search(name) for name in names) or _declares_macros(archive, names):
        raise FileRefused("マクロが入っています。マクロの無い形式で保存し直してください。")
    return kind


def _kind_of(archive: zipfile.ZipFile, names: list[str]) -> str:
    if "mimetype" in names:
        return _OPEN_DOCUMENT.get(read_entry(archive, "mimetype", at_most=200).strip(), "zip")
    if "[Content_Types].xml" not in names:
        return "zip"
    return next(
        (kind for prefix, kind in _OFFICE_PREFIX.items() if any(n.startswith(prefix) for n in names)), "zip"
    )


def _declares_macros(archive: zipfile.ZipFile, names: list[str]) -> bool:
    if "[Content_Types].xml" not in names:
        return False
    types = read_entry(archive, "[Content_Types].xml", at_most=5_000_000).lower()
    return b"macroenabled" in types or b"vbaproject" in types or b"macrosheet" in types
