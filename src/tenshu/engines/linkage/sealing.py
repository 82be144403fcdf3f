"""Personal numbers leave memory only as keyed pseudonyms (tokens)."""

import os

import numpy as np
import polars as pl
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 16


class Seal:
    """Turns 個人番号 into 64-bit tokens that mean nothing without the key.

    A plain hash of twelve digits can be reversed by trying them all; a block cipher under a secret key
    cannot. One number is one AES-256 block (the number and zeros), of which the first eight bytes are the
    token: among 130 million numbers two share a token with a chance below 10⁻³. Blocks are independent on
    purpose: the same number must give the same token, and a token is only ever compared within one run or
    one key.
    """

    def __init__(self, key: bytes | None = None) -> None:
        """Use ``key`` (32 bytes), or a fresh random key that dies with the object.

        Raises:
            ValueError: the key has another length.
        """
        key = os.urandom(32) if key is None else key
        if len(key) != 32:
            raise ValueError("鍵は32バイトです")
        self._cipher = Cipher(algorithms.AES256(key), modes.ECB())  # noqa: S305 - see the class docstring

    def tokens(self, numbers: pl.Series) -> pl.Series:
        """Return the tokens (Int64) of a column of numbers (Int64); null stays null."""
        blocks = np.zeros((len(numbers), _BLOCK // 8), np.int64)
        blocks[:, 0] = numbers.fill_null(-1).to_numpy()
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(blocks.tobytes()) + encryptor.finalize()
        tokens = np.frombuffer(sealed, np.int64).reshape(-1, 2)[:, 0]
        return pl.select(pl.when(numbers.is_not_null()).then(pl.Series(tokens))).to_series()
