"""Numbers, money and their units as pages show them."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenshu.ground.quantities import HeadCount, Quality

type Number = int | float | Decimal

_PREFIX = {Quality.APPROXIMATE: "約"}
_SUFFIX = {Quality.AT_LEAST: "以上"}


def number_text(value: Number, digits: int | None = None) -> str:
    """Half-width digits with commas; a minus is ▲. ``digits`` behind the point (default: as given)."""
    if digits is not None:
        value = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = f"{abs(value):,}"
    return f"▲{text}" if value < 0 else text


def signed_text(value: Number) -> str:
    """A difference: ＋3, ▲2, ±0."""
    if not value:
        return "±0"
    return f"＋{number_text(value)}" if value > 0 else number_text(value)


def thousand_yen(yen: int) -> int:
    """Whole yen in thousands, rounded half away from zero (四捨五入), as the karte shows money."""
    return int((Decimal(yen) / 1000).quantize(Decimal(1), ROUND_HALF_UP))


def million_yen(yen: int) -> Decimal:
    """Whole yen in millions with one digit behind the point, for charts."""
    return (Decimal(yen) / 1_000_000).quantize(Decimal("0.1"), ROUND_HALF_UP)


def qualified_text(text: str, quality: str = Quality.EXACT, unit: str = "") -> str:
    """約 before, 以上 after: 約230名, 163名以上."""
    known = Quality(quality or Quality.EXACT)
    return f"{_PREFIX.get(known, '')}{text}{unit}{_SUFFIX.get(known, '')}"


def amount_html(value: Number | HeadCount | None, unit: str = "", quality: str = Quality.EXACT) -> SafeString:
    """A number with its unit and its qualifier, kept on one line; 「なし」 for none."""
    if value is None:
        return format_html('<span class="none">{}</span>', "なし")
    if isinstance(value, HeadCount):
        head_count = value
        value, unit, quality = head_count.count, unit or "名", head_count.quality
    known = Quality(quality or Quality.EXACT)
    return format_html(
        '<span class="amount">{}{}{}{}</span>',
        _small(_PREFIX.get(known, "")),
        number_text(value),
        _small(unit),
        _small(_SUFFIX.get(known, "")),
    )


def _small(text: str) -> SafeString | str:
    return format_html("<small>{}</small>", text) if text else ""
