"""Our own icons: line drawings on a grid of 20, put into the page as SVG (no request, no font)."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

#: Name → drawing. Strokes take the colour of the text; ``class="solid"`` parts are filled with it.
DRAWINGS: dict[str, str] = {
    # navigation and wings
    "home": '<path d="M3.5 9 10 3.5 16.5 9v7.5h-4.7V12H8.2v4.5H3.5z"/>',
    "inbox": '<path d="M3 11.5 5 4.5h10l2 7v4.5H3zM3 11.5h4.2a2.8 2.8 0 0 0 5.6 0H17"/>',
    "keep": '<path d="M10 2.5 13.5 6h-7zM5 11l1.8-5h6.4L15 11zM3 17l2-6h10l2 6z"/>',
    "people": '<circle cx="7.5" cy="7" r="2.8"/><path d="M2.5 16.5c.4-3 2.3-4.6 5-4.6s4.6 1.6 5 4.6M13 4.5a2.6 2.6 0 0 1 0 5M14.8 12.2c1.6.7 2.5 2.1 2.7 4.3"/>',
    "shield": '<path d="M10 2.5 16.5 5v5c0 3.7-2.5 6.2-6.5 7.6C6 16.2 3.5 13.7 3.5 10V5z"/>',
    "card": '<path d="M2.5 4.5h15v11h-15zM5.5 8h3.5M5.5 12h9"/>',
    "spark": '<path d="M10 2.5v4M10 13.5v4M2.5 10h4M13.5 10h4M4.8 4.8l2.3 2.3M12.9 12.9l2.3 2.3M15.2 4.8l-2.3 2.3M7.1 12.9l-2.3 2.3"/>',
    "book": '<path d="M4 4.5A1.5 1.5 0 0 1 5.5 3H16v14H5.5A1.5 1.5 0 0 1 4 15.5zM4 15.5A1.5 1.5 0 0 1 5.5 14H16M7.5 6.5h5"/>',
    "list": '<path d="M7 5h10M7 10h10M7 15h10M3 5h.1M3 10h.1M3 15h.1"/>',
    "gear": '<circle cx="10" cy="10" r="2.7"/><path d="M10 2.5v2.3M10 15.2v2.3M2.5 10h2.3M15.2 10h2.3M4.7 4.7l1.6 1.6M13.7 13.7l1.6 1.6M15.3 4.7l-1.6 1.6M6.3 13.7l-1.6 1.6"/>',
    "building": '<path d="M4 17V3.5h8V17M12 8h4v9M2.5 17h15M6.5 6.5h3M6.5 9.5h3M6.5 12.5h3"/>',
    "menu": '<path d="M3 5.5h14M3 10h14M3 14.5h14"/>',
    "close": '<path d="m5 5 10 10M15 5 5 15"/>',
    "search": '<circle cx="8.7" cy="8.7" r="5.2"/><path d="m12.7 12.7 4.3 4.3"/>',
    "person": '<circle cx="10" cy="6.8" r="3.3"/><path d="M3.8 17c.6-3.4 2.9-5 6.2-5s5.6 1.6 6.2 5"/>',
    "bell": '<path d="M5 13.5V9a5 5 0 0 1 10 0v4.5l1.3 1.3H3.7zM8.5 17.3h3"/>',
    "help": '<circle cx="10" cy="10" r="7.2"/><path d="M7.8 8c.1-1.2 1-2 2.2-2s2.2.8 2.2 1.9c0 1.6-2.2 1.7-2.2 3.4M10 13.9v.1"/>',
    "chevron-down": '<path d="m5 7.5 5 5 5-5"/>',
    "chevron-right": '<path d="m7.5 5 5 5-5 5"/>',
    "arrow-right": '<path d="M3.5 10h13M11.5 5l5 5-5 5"/>',
    "sign-out": '<path d="M12 3.5H4v13h8M8.5 10h9M14 6.5l3.5 3.5-3.5 3.5"/>',
    "key": '<circle cx="6.5" cy="13" r="3.5"/><path d="m9 10.5 7.5-7M13.5 6.3l2.3 2.3"/>',
    # status
    "empty-circle": '<circle cx="10" cy="10" r="6"/>',
    "half-circle": '<circle cx="10" cy="10" r="6"/><path class="solid" d="M10 4a6 6 0 0 0 0 12z"/>',
    "check": '<path d="m4 10.5 4 4L16 6"/>',
    "dash": '<path d="M4.5 10h11"/>',
    "pause": '<path d="M7 4.5v11M13 4.5v11"/>',
    "cross": '<path d="m5.5 5.5 9 9M14.5 5.5l-9 9"/>',
    "back": '<path d="M8 4 3.8 8.2 8 12.4M3.8 8.2H12a4.2 4.2 0 0 1 0 8.4H7.5"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.2l2.7 1.7"/>',
    "triangle": '<path d="M10 3 18 16.7H2zM10 8.2v4M10 14.4v.1"/>',
    "octagon": '<path d="M6.7 2.3h6.6l4.4 4.4v6.6l-4.4 4.4H6.7l-4.4-4.4V6.7zM10 6v5M10 13.8v.1"/>',
    "eye": '<path d="M2 10c2-3.6 4.7-5.4 8-5.4s6 1.8 8 5.4c-2 3.6-4.7 5.4-8 5.4S4 13.6 2 10z"/><circle cx="10" cy="10" r="2.5"/>',
    "lock": '<path d="M4.5 9.3h11v7.7h-11zM6.5 9.3V6.6a3.5 3.5 0 0 1 7 0v2.7"/>',
    "info": '<circle cx="10" cy="10" r="7.2"/><path d="M10 9.3v4.5M10 6.3v.1"/>',
    "document": '<path d="M5 2.5h6.5L15.5 6.5v11H5zM11.5 2.5v4h4"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    # tools
    "columns": '<path d="M3 4h14v12H3zM7.7 4v12M12.3 4v12"/>',
    "filter": '<path d="M3 4.5h14l-5.4 6.3v5.7l-3.2-1.6v-4.1z"/>',
    "download": '<path d="M10 3v9.2M6 8.5l4 4 4-4M3.5 16.7h13"/>',
    "upload": '<path d="M10 12.7V3.5M6 7.2l4-4 4 4M3.5 16.7h13"/>',
    "print": '<path d="M6 7V3h8v4M6 13.5H3.5V7h13v6.5H14M6 11.5h8V17H6z"/>',
    "edit": '<path d="m3.5 16.5.8-3.7L13.5 3.6l2.9 2.9-9.2 9.2zM11.5 5.6l2.9 2.9"/>',
    "trash": '<path d="M3.5 5.5h13M8 5.5V3.3h4v2.2M5 5.5l.8 11.5h8.4L15 5.5M8.3 8.7v5M11.7 8.7v5"/>',
    "calendar": '<path d="M3.5 4.5h13V17h-13zM3.5 8.5h13M7 2.7v3M13 2.7v3"/>',
    "clip": '<path d="m8 10.7 4.3-4.3a2.1 2.1 0 0 1 3 3l-6 6a3.7 3.7 0 0 1-5.2-5.2l5.7-5.7"/>',
    "mail": '<path d="M2.5 4.5h15v11h-15zM3 5l7 6 7-6"/>',
    "saved": '<path d="M5.5 15.5h9a3.3 3.3 0 0 0 .5-6.5 5 5 0 0 0-9.7.7 3 3 0 0 0 .2 5.8zM7.7 11.5l1.7 1.7 3-3.3"/>',
    "external": '<path d="M8.5 4.5H4v11.5h11.5V11.5M11.5 3.5h5v5M16.5 3.5 9.5 10.5"/>',
}


def icon_svg(name: str, *, label: str = "") -> SafeString:
    """The icon ``name`` as inline SVG: silent for readers, or an image with ``label`` as its name.

    Raises:
        KeyError: there is no such drawing.
    """
    drawing = mark_safe(DRAWINGS[name])  # noqa: S308 - our own constant
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 20 20" role="img" aria-label="{}">{}</svg>', label, drawing
        )
    return format_html('<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">{}</svg>', drawing)
