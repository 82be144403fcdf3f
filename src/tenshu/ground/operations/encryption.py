"""A backup under a passphrase: AES-256-GCM in pieces, so that not one altered, missing or moved byte is believed.

The file is a header (mark, salt, cost, nonce prefix) and the content in pieces of 1 MiB. Each piece is sealed under its
number, whether it is the last, and the whole header, as in STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online
Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015): pieces cannot be swapped, nor the file cut off.
The key is drawn from the passphrase by scrypt (RFC 7914) with the cost that the header names, within bounds.
"""

import os
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

MARK = b"tenshu-backup encrypted 1\n"
SUFFIX = ".enc"
SHORTEST = 12
"""Characters that a passphrase must have."""
PIECE = 1 << 20
_HEADER = struct.Struct(">26s16sBBB7s")  # mark, salt, log2 of scrypt's N, r, p, nonce prefix
_TAG = 16
_COST, _R, _P = 17, 8, 1  # 128 MiB, about half a second
_MOST_COST = 20
_LAST = 2**32 - 1


class PassphraseError(Exception):
    """No passphrase, a short one, or not that of this file; the message is Japanese."""


def passphrase() -> str:
    """The passphrase of the settings; empty when backups are not encrypted. Raises ``PassphraseError`` for a short one."""
    given: str = settings.BACKUP_PASSPHRASE
    if given and len(given) < SHORTEST:
        raise PassphraseError(f"控えの合言葉（TENSHU_BACKUP_PASSPHRASE）は{SHORTEST}文字以上にしてください。")
    return given


def is_encrypted(path: Path) -> bool:
    """Whether the file says that it is an encrypted backup."""
    with path.open("rb") as stream:
        return stream.read(len(MARK)) == MARK


def encrypt(source: IO[bytes], target: IO[bytes], words: str) -> None:
    """Write all of ``source`` into ``target``, sealed."""
    header = _HEADER.pack(MARK, os.urandom(16), _COST, _R, _P, os.urandom(7))
    cipher, prefix = _cipher(header, words)
    target.write(header)
    piece, number = source.read(PIECE), 0
    while True:
        following = source.read(PIECE)
        target.write(cipher.encrypt(_nonce(prefix, number, last=not following), piece, header))
        if not following:
            break
        piece, number = following, number + 1
    target.flush()
    os.fsync(target.fileno())


def decrypt(source: IO[bytes], target: IO[bytes], words: str) -> None:
    """Write the content of a sealed file into ``target``.

    Raises:
        PassphraseError: the passphrase is another one, or the file was altered: the first piece cannot tell.
        DamagedBackupError: a later piece is altered, missing, or something stands behind the last.
    """
    from tenshu.ground.operations.container import DamagedBackupError

    header = source.read(_HEADER.size)
    if len(header) != _HEADER.size:
        raise DamagedBackupError("控えが途中で切れています。別の控えを使ってください。")
    cipher, prefix = _cipher(header, words)
    piece, number = source.read(PIECE + _TAG), 0
    while True:
        following = source.read(PIECE + _TAG)
        try:
            plain = cipher.decrypt(_nonce(prefix, number, last=not following), piece, header)
        except InvalidTag as error:
            if number == 0:
                raise PassphraseError(
                    "控えの合言葉が違うか、控えが書き換わっています。合言葉を確かめ、それでも開かなければ別の控えを使ってください。"
                ) from error
            raise DamagedBackupError(
                "控えの中身が、取ったときと違います。別の控えを使ってください。"
            ) from error
        target.write(plain)
        if not following:
            break
        piece, number = following, number + 1


@contextmanager
def out_of_sight() -> Iterator[BinaryIO]:
    """A file without a name in the home: nobody finds it, and it is gone with the process, however that ends."""
    with tempfile.TemporaryFile(dir=settings.TENSHU_HOME) as stream:
        yield stream


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The plain content of a backup, encrypted or not.

    Raises:
        PassphraseError: it is encrypted, and no passphrase or another one is set.
        DamagedBackupError: it was altered.
    """
    if not is_encrypted(path):
        with path.open("rb") as plain:
            yield plain
        return
    words = passphrase()
    if not words:
        raise PassphraseError(
            "控えは暗号化されています。TENSHU_BACKUP_PASSPHRASE（または _FILE）に合言葉を入れてください。"
        )
    with out_of_sight() as stream:
        with path.open("rb") as sealed:
            decrypt(sealed, stream, words)
        stream.seek(0)
        yield stream


def _cipher(header: bytes, words: str) -> tuple[AESGCM, bytes]:
    from tenshu.ground.operations.container import DamagedBackupError

    _, salt, cost, r, p, prefix = _HEADER.unpack(header)
    # What the header says is believed only once a piece has opened; until then it must not cost more than we can pay.
    if not (10 <= cost <= _MOST_COST and r == _R and 1 <= p <= 4):
        raise DamagedBackupError("控えの頭が、取ったときと違います。別の控えを使ってください。")
    key = Scrypt(salt=salt, length=32, n=1 << cost, r=r, p=p).derive(words.encode())
    return AESGCM(key), prefix


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    if number > _LAST:
        raise ValueError("A backup is longer than its pieces can be counted.")
    return prefix + number.to_bytes(4, "big") + (b"\1" if last else b"\0")
