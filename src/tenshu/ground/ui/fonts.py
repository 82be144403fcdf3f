"""Makes the web fonts of the house: ``python -m tenshu.ground.ui.fonts`` (called once by the set-up).

Noto Sans JP in two weights, from the packages noto-cjk-sans-jp-regular and -bold (SIL Open Font License 1.1),
cut into pieces that a browser loads by need (``unicode-range``): the first holds kana, Latin letters and
every character of our own pages; the others hold JIS level 1, level 2, and levels 3 and 4 (names of
people and places). Characters beyond JIS X 0213 come from the computer's own fonts. A face of its own carries
the half-width letters of the same font for source text and keys. Nothing is done when the fonts stand.
"""

import functools
import hashlib
import importlib
import multiprocessing
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, woff2

FOLDER = Path(__file__).parent / "static" / "ui" / "fonts"
PACKAGE = Path(__file__).resolve().parents[2]
SOURCES = {
    400: ("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
    700: ("noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf"),
}
#: Letters, punctuation, arrows, boxes, circled digits, kana, full-width forms: every page needs some of them.
ALWAYS = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2027), (0x2030, 0x203E), (0x20A9, 0x20AC), (0x2100, 0x214F),
    (0x2150, 0x218B), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x25FF),
    (0x2600, 0x267F), (0x2713, 0x2717), (0x3000, 0x30FF), (0x3220, 0x33FF), (0xFF01, 0xFFEF),
)  # fmt: skip
MONO = (0x20, 0x7E)
KANJI = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFF))
#: 11 takes three times as long for a tenth less; the files are fetched once and kept.
BROTLI_QUALITY = 9
#: fontTools compresses as hard as brotli can and has no switch for it.
_BROTLI = SimpleNamespace(
    compress=functools.partial(woff2.brotli.compress, quality=BROTLI_QUALITY),
    MODE_FONT=woff2.brotli.MODE_FONT,
)
_LAYOUT = ["kern", "locl", "ccmp", "mark"]


def jis_level(level: int) -> set[int]:
    """Code points of the kanji of JIS X 0208 level 1 (rows 16–47) or level 2 (rows 48–84)."""
    first, last = (16, 47) if level == 1 else (48, 84)
    points = set()
    for row in range(first, last + 1):
        for cell in range(1, 95):
            try:
                points.add(ord(bytes([row + 0xA0, cell + 0xA0]).decode("euc_jp")))
            except UnicodeDecodeError:
                continue
    return points


def jis_x_0213() -> set[int]:
    """Code points of all kanji of JIS X 0213 (levels 1 to 4)."""
    points = set()
    for lead in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for trail in range(0x40, 0xFD):
            try:
                text = bytes([lead, trail]).decode("shift_jis_2004")
            except UnicodeDecodeError:
                continue
            if len(text) == 1 and ord(text) >= KANJI[0][0]:
                points.add(ord(text))
    return points


def own_words() -> set[int]:
    """Code points of every character in the product's own pages and sources."""
    points: set[int] = set()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".html"} and "tests" not in path.parts:
            points.update(map(ord, path.read_text(encoding="utf-8", errors="ignore")))
    return points


def pieces(available: Iterable[int]) -> dict[str, set[int]]:
    """The cuts of the font: name → code points; each character stands in one piece."""
    left = set(available)
    always = {point for first, last in ALWAYS for point in range(first, last + 1)}
    kanji = (own_words() & (jis_level(1) | jis_level(2))) | always
    cuts: dict[str, set[int]] = {}
    for name, wanted in (
        ("common", kanji),
        ("level1", jis_level(1)),
        ("level2", jis_level(2)),
        ("names", jis_x_0213()),
    ):
        cuts[name] = wanted & left
        left -= cuts[name]
    return {name: points for name, points in cuts.items() if points}


def ranges(points: Iterable[int]) -> str:
    """Code points as a CSS ``unicode-range``: U+3041-3096,U+4E00."""
    texts, ordered = [], sorted(points)
    start = previous = ordered[0]
    for point in [*ordered[1:], -1]:
        if point != previous + 1:
            texts.append(f"U+{start:X}" if start == previous else f"U+{start:X}-{previous:X}")
            start = point
        previous = point
    return ",".join(texts)


def source(weight: int) -> Path:
    """The font file of a weight, from its package.

    Raises:
        ModuleNotFoundError: the font package is not installed.
    """
    module, name = SOURCES[weight]
    return Path(str(importlib.import_module(module).__file__)).parent / name


def stamp() -> str:
    """Changes when the fonts or this file change; new words on pages do not count, level 1 has them."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for weight in SOURCES:
        digest.update(str(source(weight).stat().st_size).encode())
    return digest.hexdigest()


def build(folder: Path = FOLDER) -> bool:
    """Make all pieces and the style sheet in ``folder``; ``False`` when they are already the right ones."""
    mark = folder / "stamp"
    wanted = stamp()
    if mark.exists() and mark.read_text() == wanted:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    mark.unlink(missing_ok=True)
    cuts = pieces(TTFont(source(400), lazy=True).getBestCmap())
    jobs = [
        (weight, name, sorted(points), folder / f"{name}-{weight}.woff2")
        for name, points in sorted(cuts.items(), key=lambda cut: -len(cut[1]))
        for weight in SOURCES
    ]
    # Fresh processes, not forks: the caller may be a server or a test run with threads.
    with multiprocessing.get_context("spawn").Pool(min(4, multiprocessing.cpu_count())) as pool:
        pool.starmap(cut_piece, jobs, chunksize=1)
    cut_mono(folder / "mono.woff2")
    (folder / "fonts.css").write_text("".join(style(cuts)), encoding="utf-8")
    mark.write_text(wanted)
    return True


def cut_piece(weight: int, name: str, points: list[int], target: Path) -> None:
    """Write the piece ``name`` of a weight as woff2."""
    font = TTFont(source(weight), lazy=True)
    _subset(font, _LAYOUT, unicodes=points)
    _save(font, target)


def cut_mono(target: Path) -> None:
    """Write the half-width letters (feature hwid: 1 to 2 beside kanji) as a face of their own."""
    font = TTFont(source(400), lazy=True)
    cmap = font.getBestCmap()
    half = dict(_half_width(font))
    wanted = {point: half[cmap[point]] for point in range(MONO[0], MONO[1] + 1) if cmap.get(point) in half}
    for table in font["cmap"].tables:
        if hasattr(table, "cmap"):
            table.cmap.update(wanted)
    _subset(font, [], unicodes=sorted(wanted))
    _save(font, target)


def _half_width(font: TTFont) -> Iterator[tuple[str, str]]:
    table = font["GSUB"].table
    indices = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "hwid"
        for index in record.Feature.LookupListIndex
    }
    for index in sorted(indices):
        for part in table.LookupList.Lookup[index].SubTable:
            plain = getattr(part, "ExtSubTable", part)
            yield from getattr(plain, "mapping", {}).items()


def _save(font: TTFont, target: Path) -> None:
    woff2.brotli = _BROTLI
    font.flavor = "woff2"
    font.save(target)


def _subset(font: TTFont, features: list[str], *, unicodes: list[int]) -> None:
    options = Options()
    options.layout_features = features
    options.hinting = False
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    options.name_IDs = [0, 1, 2, 13, 14]
    options.notdef_outline = True
    cutter = Subsetter(options)
    cutter.populate(unicodes=unicodes)
    cutter.subset(font)


def style(cuts: dict[str, set[int]]) -> Iterator[str]:
    """The ``@font-face`` rules of all pieces.

    Of two rules that hold for a character the later one wins: the piece of names stands first and claims all
    kanji in three ranges, which keeps the sheet small.
    """
    wide = ",".join(f"U+{first:X}-{last:X}" for first, last in KANJI)
    yield "/* Noto Sans JP. SIL Open Font License 1.1. Made by tenshu.ground.ui.fonts; do not edit. */\n"
    for weight in SOURCES:
        for name, points in reversed(cuts.items()):
            claimed = wide if name == "names" else ranges(points)
            yield (
                f'@font-face {{ font-family: "Noto Sans JP"; font-weight: {weight}; font-display: swap; '
                f'src: url("{name}-{weight}.woff2") format("woff2"); unicode-range: {claimed}; }}\n'
            )
    yield (
        '@font-face { font-family: "Noto Sans Mono JP"; font-display: swap; '
        f'src: url("mono.woff2") format("woff2"); unicode-range: {ranges(range(MONO[0], MONO[1] + 1))}; }}\n'
    )


def main() -> None:
    """Command line: makes the fonts when they are missing or old."""
    began = time.monotonic()
    made = build()
    total = sum(path.stat().st_size for path in FOLDER.glob("*.woff2")) // 1024
    took = f"（{time.monotonic() - began:.0f}秒）" if made else ""
    verb = "作りました" if made else "そのまま使えます"
    sys.stdout.write(f"画面の書体：{verb}。{total:,} KB{took}\n")


if __name__ == "__main__":
    main()
