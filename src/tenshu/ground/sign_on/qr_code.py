"""A QR code as the path of an SVG, so that the page keeps its strict content security policy."""

from dataclasses import dataclass

import qrcode


@dataclass(frozen=True, slots=True)
class QrPath:
    """``path`` draws the dark modules on a square of ``size`` units, with the quiet zone round it."""

    path: str
    size: int


def qr_path(text: str) -> QrPath:
    """The code of ``text``; every dark run of a row is one rectangle."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    return QrPath("".join(_row(y, row) for y, row in enumerate(rows)), len(rows))


def _row(y: int, row: list[bool]) -> str:
    parts, x = [], 0
    while x < len(row):
        run = 0
        while x + run < len(row) and row[x + run]:
            run += 1
        if run:
            parts.append(f"M{x} {y}h{run}v1h-{run}z")
        x += run or 1
    return "".join(parts)
