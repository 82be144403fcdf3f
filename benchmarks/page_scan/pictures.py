"""Small pictures drawn from a recipe, so that the corpus holds no binary files."""

import io
import random
import zlib

from PIL import Image, ImageDraw


def draw(recipe: str) -> bytes:
    """PNG of a made-up scene; ``recipe`` is ``scene`` or ``scene|jpeg``, ``scene|smaller``,
    ``scene|hacked``."""
    scene, _, change = recipe.partition("|")
    dice = random.Random(zlib.crc32(scene.encode()))
    image = Image.new("RGB", (320, 200), tuple(dice.randrange(120, 256) for _ in range(3)))
    pen = ImageDraw.Draw(image)
    for _ in range(14):
        left, top = dice.randrange(-40, 300), dice.randrange(-40, 190)
        box = (left, top, left + dice.randrange(30, 160), top + dice.randrange(30, 120))
        colour = tuple(dice.randrange(256) for _ in range(3))
        (pen.ellipse if dice.random() < 0.5 else pen.rectangle)(box, fill=colour)
    if change == "hacked":
        pen.rectangle((0, 0, 320, 200), fill=(0, 0, 0))
        pen.text((60, 80), "HACKED BY N0B0DY CREW", fill=(255, 0, 0))
        pen.ellipse((130, 110, 190, 170), outline=(0, 255, 0), width=4)
    if change == "smaller":
        image = image.resize((160, 100))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=60) if change == "jpeg" else image.save(stream, "PNG")
    return stream.getvalue()
