"""What a file is, judged by its content and not by its name."""

import codecs
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

import puremagic

from tenshu.ground.files.archives import DEFAULT_LIMITS, check_entries, office_kind, opened_archive
from tenshu.ground.files.office_parts import check_parts
from tenshu.ground.files.pdf import check_pdf
from tenshu.ground.files.pictures import check_picture, is_picture
from tenshu.ground.files.refusals import FileRefused
from tenshu.ground.files.zip_contents import check_zip

LARGEST = 50 * 1024 * 1024
"""Bytes that an attachment may have."""

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "tif": "image/tiff",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "jtd": "application/x-js-taro",
    "zip": "application/zip",
    "csv": "text/csv",
    "txt": "text/plain",
    "md": "text/markdown",
    "json": "application/json",
    "ics": "text/calendar",
    "eml": "message/rfc822",
}
_SPELLINGS = {"jpeg": "jpg", "tiff": "tif", "text": "txt", "markdown": "md"}
_TEXTS = frozenset({"csv", "txt", "md", "json", "ics", "eml"})
_ARCHIVES = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"})
_COMPOUND = frozenset({"doc", "xls", "ppt", "jtd"})
_WITH_MACROS = frozenset({"xlsm", "xltm", "xlsb", "xlam", "docm", "dotm", "pptm", "potm", "ppsm"})
_COMPOUND_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO_SHEET = re.compile(
    rb"\x85\x00([\x08-\xff])\x00.{4}[\x00-\x02]\x01([\x01-\x1f])([\x00\x01])", re.DOTALL
)
_HEAD = 8_192


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file turned out to be."""

    extension: str
    content_type: str
    size: int


def inspect_file(stream: BinaryIO, name: str, *, largest: int = LARGEST) -> Inspected:
    """Look into ``stream``; leaves it at its beginning.

    Raises:
        FileRefused: empty, too large, of a kind that is not taken, other than its name says, with macros,
            locked by a password, broken, a bomb, or with something inside that acts by itself.
    """
    size = stream.seek(0, 2)
    if size == 0:
        raise FileRefused("ファイルが空です。中身のあるファイルを選んでください。")
    if size > largest:
        raise FileRefused(
            f"{size / 1e6:,.1f}MBあります。{largest / 1e6:,.0f}MBまでのファイルを選んでください。"
        )
    extension = extension_of(name)
    found = _found(stream, extension)
    if found != extension:
        raise FileRefused(
            f"名前は .{extension} ですが、中身は{_in_words(found)}です。正しい形式で保存し直してください。"
        )
    if is_picture(found):
        check_picture(stream, found)
    if found == "pdf":
        check_pdf(stream)
    stream.seek(0)
    return Inspected(extension, CONTENT_TYPES[extension], size)


def extension_of(name: str) -> str:
    """The suffix of ``name`` in its usual spelling; raises ``FileRefused`` for one that is not taken."""
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    extension = _SPELLINGS.get(suffix, suffix)
    if extension in _WITH_MACROS:
        raise FileRefused("マクロを持てる形式です。Excelは .xlsx、Wordは .docx で保存し直してください。")
    if extension not in CONTENT_TYPES:
        shown = f".{suffix}" if suffix else "拡張子の無い名前"
        raise FileRefused(
            f"{shown}のファイルは受け取れません。PDF、Office、画像、CSV、ZIPなどを選んでください。"
        )
    return extension


def is_compound(stream: BinaryIO) -> bool:
    """Whether ``stream`` is a compound file (OLE2): the old Office formats, and locked new ones."""
    stream.seek(0)
    return stream.read(8) == _COMPOUND_MAGIC


def is_locked_office(stream: BinaryIO) -> bool:
    """Whether ``stream`` is a new Office document encrypted with a password."""
    if not is_compound(stream):
        return False
    stream.seek(0)
    return "EncryptedPackage".encode("utf-16-le") in stream.read()


def _found(stream: BinaryIO, extension: str) -> str:
    """The kind that the content has; ``extension`` decides between kinds that look alike."""
    stream.seek(0)
    head = stream.read(_HEAD)
    if head.startswith(b"PK\x03\x04") or (head.startswith(b"PK\x05\x06") and extension == "zip"):
        with opened_archive(stream) as archive:
            kind = office_kind(archive)
            check_entries(archive)
            if kind == "zip":
                check_zip(archive, DEFAULT_LIMITS)
            else:
                check_parts(archive)
        return extension if extension == "zip" else kind
    if head.startswith(_COMPOUND_MAGIC):
        return _compound_kind(stream, extension)
    if extension in _TEXTS and is_text(stream):
        return extension
    return _by_magic(head)


def _compound_kind(stream: BinaryIO, extension: str) -> str:
    stream.seek(0)
    content = stream.read()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileRefused(
            "パスワードが掛かっていて中身を確かめられません。パスワードを外して選び直してください。"
        )
    if "_VBA_PROJECT".encode("utf-16-le") in content or (extension == "xls" and has_macro_sheet(content)):
        raise FileRefused("マクロが入っています。マクロの無い形式で保存し直してください。")
    if "Ole10Native".encode("utf-16-le") in content:
        raise FileRefused(
            "別のファイルが埋め込まれています。埋め込みを消し、そのファイルは別に添付してください。"
        )
    return extension if extension in _COMPOUND else "doc"


def has_macro_sheet(content: bytes) -> bool:
    """Whether an old Excel workbook has a sheet of Excel 4.0 macros: its list of sheets says so.

    The record BoundSheet ([MS-XLS] 2.4.28): type, length, place, visibility, kind of sheet (1: macros), length of the name.
    """
    for found in _MACRO_SHEET.finditer(content):
        length, letters, wide = found[1][0], found[2][0], found[3][0]
        if length == 8 + letters * (1 + wide):
            return True
    return False


def is_text(stream: BinaryIO) -> bool:
    """Whether ``stream`` is text in UTF-8, UTF-16 with its mark, or Windows-31J, without control bytes."""
    stream.seek(0)
    content = stream.read()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        return False
    else:
        encodings = ["utf-8", "cp932"]
    for encoding in encodings:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _by_magic(head: bytes) -> str:
    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    for guess in guesses:
        suffix = guess.extension.lower().removeprefix(".")
        known: str = _SPELLINGS.get(suffix, suffix)
        if known in CONTENT_TYPES and known not in _TEXTS | _ARCHIVES | _COMPOUND:
            return known
    return ""


def _in_words(extension: str) -> str:
    return f" .{extension} " if extension else "別の形式"
