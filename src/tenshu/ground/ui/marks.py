"""Small marks drawn by hand (hundreds stand on a page): progress bars and spark columns."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tenshu.ground.ui.parts import Bar, Segment

#: The pattern stands once on every page (ui/frame/patterns.html).
_HATCHED = SafeString(' fill="url(#hatch)"')


def bar_svg(segments: Sequence[Segment], total: int, *, large: bool = False) -> SafeString:
    """A stacked bar; its words and counts must stand beside it, so it is silent for readers."""
    pieces = Bar.of(segments, total).pieces
    drawn = format_html_join(
        "",
        '<rect class="p-{}" x="{}%" width="{}%" height="100%"{}/>',
        ((kind, x, width, _HATCHED if kind == "typing" else "") for x, width, kind in pieces),
    )
    seams = format_html_join(
        "", '<rect class="p-seam" x="{}%" width="1" height="100%"/>', ((x,) for x, _, _ in pieces if x)
    )
    return format_html(
        '<svg class="bar"{} aria-hidden="true"><rect class="p-ground" width="100%" height="100%"/>{}{}</svg>',
        SafeString(' data-size="l"') if large else "",
        drawn,
        seams,
    )


def spark_svg(values: Sequence[float]) -> SafeString:
    """Columns of one series, the last one strong; a value of 0 keeps a hairline."""
    if not values:
        return SafeString("")
    top = max(*values, 0) if len(values) > 1 else max(values[0], 0)
    heights = [max(1.0, 19 * max(value, 0) / top) if top else 1.0 for value in values]
    columns = format_html_join(
        "",
        '<rect x="{}" y="{}" width="9" height="{}" rx="1"/>',
        ((12 * index + 1, round(20 - height, 2), round(height, 2)) for index, height in enumerate(heights)),
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 {} 20" aria-hidden="true">{}</svg>', 12 * len(values), columns
    )
