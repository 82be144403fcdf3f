"""PDF looked through for what acts by itself: scripts, started programs, and a second meaning of the file."""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from tenshu.ground.files.pictures import refuse_second_meaning
from tenshu.ground.files.refusals import FileRefused

MOST_UNPACKED = 100_000_000
"""Bytes that the object streams of a file may unpack to, in all."""

MOST_STREAMS = 200_000
"""Streams that are tried, in all: a file of 50 MB has a tenth of them."""
_TRIES = 10
"""Streams that are tried behind a mark of an object stream: the word may stand in a text of the mark's own object."""

# An action that is a script says so by /JavaScript. Its other word, /JS, is too short to look for: packed pictures of ten
# megabytes hold these three bytes by chance.
_ACTS = re.compile(rb"/(?:JavaScript|Launch|RichMedia)(?![A-Za-z0-9])")
_NAME = re.compile(rb"/[^\x00-\x20()<>\[\]{}/%]*#[^\x00-\x20()<>\[\]{}/%]*")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")


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
    """What is packed into object streams; an encrypted or broken one is passed over, as a reader would.

    In time that grows with the file alone: no stream is tried twice, and of the rest of the file no copy is made.
    """
    unpacked = seen = at = 0
    while found := _OBJECTS.search(content, at):
        at = found.end()
        for _ in range(_TRIES):
            begun = _STREAM.search(content, at)
            if begun is None:
                return
            at, seen = begun.end(), seen + 1
            if seen > MOST_STREAMS:
                raise FileRefused(
                    "部品が多すぎて確かめられません。印刷の画面から「PDFとして保存」し直してください。"
                )
            if part := _unpacked(content, at, MOST_UNPACKED - unpacked):
                unpacked += len(part)
                yield part
                break


def _unpacked(content: bytes, at: int, room: int) -> bytes:
    """What the stream that begins at ``at`` unpacks to; raises ``FileRefused`` beyond ``room`` bytes."""
    decoder, parts, length = zlib.decompressobj(), [], 0
    piece = 1_024
    while at < len(content) and not decoder.eof:
        try:
            part = decoder.decompress(content[at : at + piece], room - length + 1)
        except zlib.error:
            break
        parts.append(part)
        length += len(part)
        if length > room or decoder.unconsumed_tail:
            raise FileRefused(
                "展開すると大きくなりすぎるため受け取れません。内容を分けて選び直してください。"
            )
        at, piece = at + piece, min(piece * 2, 1 << 20)
    return b"".join(parts)
