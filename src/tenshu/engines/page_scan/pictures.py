"""Identity of pictures: exact by hash, perceptual by gradients and colours, so that re-encoding changes
nothing."""

import hashlib
import io
import warnings
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

MOST_PIXELS = 40_000_000
"""Pictures with more pixels are identified by their hash only (a decompression guard)."""

SAME_PICTURE = 12
"""Largest distance (0–128 gradient bits) of two encodings of one picture."""

SAME_COLOUR = 24.0
"""Largest mean difference (0–255) of the 4 × 4 colour grid of two encodings of one picture."""


class Picture(NamedTuple):
    """A picture's identity: SHA-256, 128 gradient bits and 48 colour bytes (both empty if it cannot be
    decoded)."""

    digest: str
    gradients: str
    colours: str


def identify(data: bytes) -> Picture:
    """Identity of an encoded picture (any format Pillow reads, first frame)."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data)) as image:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if image.width * image.height > MOST_PIXELS:
                return Picture(digest, "", "")
            image.draft("RGB", (256, 256))
            flat = _on_white(image)
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ):
        return Picture(digest, "", "")
    grey = flat.convert("L")
    across = grey.resize((9, 8), Image.Resampling.BOX).tobytes()
    down = grey.resize((8, 9), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            # A small step keeps flat areas (all bits equal) from flickering with the encoder's noise.
            bits = bits << 1 | (across[row * 9 + column] > across[row * 9 + column + 1] + 2)
            bits = bits << 1 | (down[row * 8 + column] > down[(row + 1) * 8 + column] + 2)
    colours = flat.resize((4, 4), Image.Resampling.BOX).tobytes()
    return Picture(digest, f"{bits:032x}", colours.hex())


def _on_white(image: Image.Image) -> Image.Image:
    layered = image.convert("RGBA")
    ground = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, layered).convert("RGB")


def same_picture(left: Picture, right: Picture) -> bool:
    """Whether two pictures look alike: few gradient bits differ and the colours stand where they stood."""
    if left.digest == right.digest:
        return True
    if not (left.gradients and right.gradients):
        return False
    distance = (int(left.gradients, 16) ^ int(right.gradients, 16)).bit_count()
    one, other = bytes.fromhex(left.colours), bytes.fromhex(right.colours)
    colour = sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)
    return distance <= SAME_PICTURE and colour <= SAME_COLOUR
