"""Pictures looked at before they are kept: really of their kind, of a size that a machine can open, nothing hidden behind."""

import re
import warnings
from typing import BinaryIO

from tenshu.ground.files.refusals import FileRefused

MOST_PIXELS = 120_000_000
"""Pixels that a picture may have: a 100-megapixel camera passes, a decompression bomb does not."""

_FORMATS = {"png": "PNG", "jpg": "JPEG", "gif": "GIF", "webp": "WEBP", "tif": "TIFF"}
_END = 70_000
_SECOND_MEANING = re.compile(rb"<script|<html|<!doctype html|<\?php|javascript:|PK\x05\x06", re.IGNORECASE)
_TOO_LARGE = f"画像が大きすぎます。{MOST_PIXELS // 10**8}億{MOST_PIXELS % 10**8 // 10**4:,}万画素までに縮めてから選んでください。"
_TWO_KINDS = "2つの形式を兼ねるように作られたファイルです。元のソフトで保存し直してください。"


def is_picture(extension: str) -> bool:
    """Whether files of this kind are pictures."""
    return extension in _FORMATS


def check_picture(stream: BinaryIO, extension: str) -> None:
    """Raises ``FileRefused`` for a broken, an enormous or a double-faced picture; reads no pixels."""
    from PIL import Image, UnidentifiedImageError

    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", Image.DecompressionBombWarning
            )  # the limit below is the house's own
            with Image.open(stream, formats=[_FORMATS[extension]]) as picture:
                if picture.size[0] * picture.size[1] > MOST_PIXELS:
                    raise FileRefused(_TOO_LARGE)
                picture.verify()
    except Image.DecompressionBombError as error:
        raise FileRefused(_TOO_LARGE) from error
    except FileRefused:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise FileRefused("画像が壊れていて開けません。元のソフトで保存し直してください。") from error
    refuse_second_meaning(stream)


def refuse_second_meaning(stream: BinaryIO) -> None:
    """Raises ``FileRefused`` when the file's beginning or end is a page, a program or an archive as well."""
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(_END)
    stream.seek(max(0, size - _END))
    if _SECOND_MEANING.search(head) or _SECOND_MEANING.search(stream.read()):
        raise FileRefused(_TWO_KINDS)
