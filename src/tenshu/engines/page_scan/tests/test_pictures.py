"""Identity of pictures."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tenshu.engines.page_scan import identify, same_picture

pytestmark = pytest.mark.engine


def scene(seed, change=lambda image: image, kind="PNG", **options):
    image = Image.new("RGB", (240, 160), (seed * 37 % 256, seed * 91 % 256, 200))
    pen = ImageDraw.Draw(image)
    for step in range(10):
        left, top = (seed * 53 + step * 97) % 220, (seed * 29 + step * 61) % 140
        pen.rectangle(
            (left, top, left + 60, top + 40), fill=(step * 25, (seed + step * 40) % 256, 255 - step * 20)
        )
    stream = io.BytesIO()
    change(image).save(stream, kind, **options)
    return identify(stream.getvalue())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 200), st.integers(40, 95))
def test_compressing_again_leaves_the_picture_the_same(seed, quality):
    assert same_picture(scene(seed), scene(seed, kind="JPEG", quality=quality))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 200))
def test_another_size_is_the_same_picture(seed):
    assert same_picture(scene(seed), scene(seed, lambda image: image.resize((480, 320))))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 200))
def test_a_black_board_is_another_picture(seed):
    board = scene(seed, lambda image: Image.new("RGB", image.size, (0, 0, 0)))
    assert not same_picture(scene(seed), board)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_have_an_identity(data):
    assert len(identify(data).digest) == 64
