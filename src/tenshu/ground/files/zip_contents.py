"""What lies in a zip: safe names, no programs, no links, and zips within zips only as deep as people pack them."""

import re
import stat
import tempfile
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from tenshu.ground.files.archives import CHUNK, ArchiveLimits, office_kind, open_entry, opened_archive
from tenshu.ground.files.office_parts import check_parts
from tenshu.ground.files.refusals import FileRefused

DEEPEST = 3
_PROGRAMS = frozenset(
    [
        "exe",
        "dll",
        "scr",
        "com",
        "bat",
        "cmd",
        "ps1",
        "psm1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "msi",
        "msp",
        "lnk",
        "cpl",
        "jar",
        "reg",
        "inf",
        "iso",
        "img",
        "vhd",
        "one",
        "chm",
        "pif",
        "scf",
        "url",
    ]
)
_PROGRAM_HEADS = (b"MZ", b"\x7fELF", b"\x4c\x00\x00\x00\x01\x14\x02\x00")
_UTF8 = 0x800
"""The bit by which a zip says that a name is UTF-8; without it Windows writes Windows-31J, others UTF-8 all the same."""
_HIDDEN = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DRIVE = re.compile(r"^[A-Za-z]:")


class _Left:
    """How much the zip and all zips in it may still unpack to."""

    def __init__(self, limits: ArchiveLimits) -> None:
        self.bytes = limits.unpacked

    def take(self, count: int) -> None:
        self.bytes -= count
        if self.bytes < 0:
            raise FileRefused(
                "展開すると大きくなりすぎるため受け取れません。内容を分けて選び直してください。"
            )


def check_zip(archive: zipfile.ZipFile, limits: ArchiveLimits) -> None:
    """Raises ``FileRefused`` for what a zip must not hold, zips within it included."""
    _check(archive, _Left(limits), limits, 1)


def _check(archive: zipfile.ZipFile, left: _Left, limits: ArchiveLimits, depth: int) -> None:
    for entry in archive.infolist():
        _check_name(entry)
        left.take(entry.file_size)
        with open_entry(archive, entry.filename) as stream:
            head = stream.read(8)
            if head.startswith(_PROGRAM_HEADS):
                raise FileRefused(
                    f"ZIPの中に実行できるファイルがあります（{_shown(entry)}）。除いてください。"
                )
            if head.startswith(b"PK\x03\x04"):
                _check_inner(head, stream, left, limits, depth + 1)


def _check_inner(head: bytes, stream: BinaryIO, left: _Left, limits: ArchiveLimits, depth: int) -> None:
    if depth > DEEPEST:
        raise FileRefused(f"ZIPの中のZIPが{DEEPEST}段を超えています。展開してから選び直してください。")
    with tempfile.TemporaryFile() as copy:
        copy.write(head)
        while block := stream.read(CHUNK):
            copy.write(block)
        with opened_archive(copy, limits) as inner:
            if office_kind(inner) == "zip":
                _check(inner, left, limits, depth)
            else:
                left.take(sum(entry.file_size for entry in inner.infolist()))
                check_parts(inner)


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = _written_name(entry).replace("\\", "/")
    if name.startswith("/") or _DRIVE.match(name) or ".." in PurePosixPath(name).parts:
        raise FileRefused(
            f"ZIPの中に、外のフォルダを指す名前があります（{_shown(entry)}）。作り直してください。"
        )
    if _HIDDEN.search(name):
        raise FileRefused(
            f"ZIPの中に、見えない文字を含む名前があります（{_shown(entry)}）。名前を直してください。"
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FileRefused(f"ZIPの中に、別の場所へのリンクがあります（{_shown(entry)}）。除いてください。")
    if PurePosixPath(name).suffix.lower().removeprefix(".") in _PROGRAMS:
        raise FileRefused(f"ZIPの中に実行できるファイルがあります（{_shown(entry)}）。除いてください。")


def _written_name(entry: zipfile.ZipInfo) -> str:
    """The name as it stands in the file: whole (zipfile cuts it at NUL), and in the encoding that was meant."""
    name = entry.orig_filename
    if entry.flag_bits & _UTF8:
        return name
    written = name.encode("cp437", "replace")
    for encoding in ("utf-8", "cp932"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _shown(entry: zipfile.ZipInfo) -> str:
    return _HIDDEN.sub("", _written_name(entry))[-60:]
