"""PDF looked through for what acts by itself: scripts, started programs, and a second meaning of the file."""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from tenshu.ground.files.pictures import refuse_second_meaning
from tenshu.ground.files.refusals import FileRefused

MOST_UNPACKED = 100_000_000
"""Bytes that the object streams of a file may unpack to, in all."""

_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)(?![A-Za-z0-9])")
_NAME = re.compile(rb"/[^\x00-\x20()<>\[\]{}/%]*#[^\x00-\x20()<>\[\]{}/%]*")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b")
_STREAM = re.compile(rb"stream\r?\n")


def check_pdf(stream: BinaryIO) -> None:
    """Raises ``FileRefused`` for scripts, started programs, pages or archives in the guise of a PDF."""
    stream.seek(0)
    content = stream.read()
    if not content.startswith(b"%PDF-"):
        raise FileRefused("中身がPDFで始まっていません。元のソフトで保存し直してください。")
    for part in (content, *_object_streams(content)):
        if _ACTS.search(_plain_names(part)):
            raise FileRefused(
                "PDFの中に、開くと動くもの（スクリプトや起動の指示）が入っています。"
                "印刷の画面から「PDFとして保存」し直してください。"
            )
    refuse_second_meaning(stream)


def _plain_names(part: bytes) -> bytes:
    """Names without their #xx spellings: /J#53 is /JS."""
    return _NAME.sub(lambda name: _HEX.sub(lambda digits: bytes([int(digits[1], 16)]), name[0]), part)


def _object_streams(content: bytes) -> Iterator[bytes]:
    """What is packed into object streams; an encrypted or broken one is passed over, as a reader would."""
    unpacked = 0
    for found in _OBJECTS.finditer(content):
        begun = _STREAM.search(content, found.end())
        if begun is None:
            continue
        decoder = zlib.decompressobj()
        try:
            part = decoder.decompress(content[begun.end() :], MOST_UNPACKED - unpacked + 1)
        except zlib.error:
            continue
        unpacked += len(part)
        if unpacked > MOST_UNPACKED:
            raise FileRefused(
                "展開すると大きくなりすぎるため受け取れません。内容を分けて選び直してください。"
            )
        yield part
