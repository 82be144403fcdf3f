"""The style sheets: all there, readable in one sitting, and every colour pair with enough contrast."""

import re
from pathlib import Path

import pytest

from tenshu.ground.ui.sheets import SHEETS, sheet_urls

FOLDER = Path(__file__).parents[1] / "static" / "ui" / "css"
TONES = ("neutral", "info", "success", "warning", "danger")
TEXT_PAIRS = [
    *[(text, "surface") for text in ("text", "text-sub", "text-mute")],
    *[(text, "surface-sunk") for text in ("text", "text-sub", "text-mute")],
    *[(f"{tone}-text", ground) for tone in TONES for ground in (f"{tone}-ground", "surface")],
    *[(link, "surface") for link in ("link", "link-visited", "link-active")],
    *[(link, "primary-subtle") for link in ("link", "link-visited", "link-active")],
    ("text-inverse", "primary"),
    ("text-inverse", "primary-hover"),
    ("surface", "danger-mark"),
    ("primary", "primary-subtle"),
    ("text-sub", "primary-subtle"),
    *[(f"on-chart-{name}", f"chart-{name}") for name in ("1", "2", "3", "4", "5", "soft", "rest")],
]  # fmt: skip
MARK_PAIRS = [
    *[(f"{tone}-mark", ground) for tone in TONES for ground in (f"{tone}-ground", "surface")],
    *[(f"chart-{name}", "surface") for name in ("1", "2", "3", "4", "5", "rest")],
    ("line-control", "surface"),
    ("focus-outline", "surface"),
]


def tokens():
    """The colours of light and of dark mode (dark falls back to light)."""
    text = (FOLDER / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    found = [dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", part)) for part in (light, dark)]
    return {"light": found[0], "dark": {**found[0], **found[1]}}


def luminance(colour):
    def channel(part):
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (channel(colour[start : start + 2]) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), TEXT_PAIRS)
def test_text_has_contrast_on_its_ground(mode, front, ground):
    colours = tokens()[mode]
    assert contrast(colours[front], colours[ground]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), MARK_PAIRS)
def test_marks_have_contrast_on_their_ground(mode, front, ground):
    colours = tokens()[mode]
    assert contrast(colours[front], colours[ground]) >= 3


def test_every_sheet_is_there_and_short():
    files = {path.stem: len(path.read_text(encoding="utf-8").splitlines()) for path in FOLDER.glob("*.css")}
    assert set(files) == set(SHEETS)
    assert max(files.values()) < 400
    assert len(sheet_urls()) >= len(SHEETS)


def test_no_sheet_reaches_out_of_the_house():
    assert not any(
        re.search(r"https?:|@import", path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.css")
    )


def test_every_custom_property_in_use_is_defined():
    everything = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.css"))
    defined = set(re.findall(r"--([a-z0-9-]+):", everything))
    used = set(re.findall(r"var\(--([a-z0-9-]+)", everything))
    assert used <= defined
