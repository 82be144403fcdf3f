"""The style sheets of a page, in the order in which they build on each other."""

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

SHEETS = (
    "tokens",
    "base",
    "frame",
    "layout",
    "controls",
    "menu",
    "search",
    "forms",
    "chips",
    "banner",
    "table",
    "figures",
    "progress",
    "work",
    "evidence",
    "charts",
    "gantt",
    "report",
    "bare",
    "phone",
    "print",
    "forced",
)
FONT_SHEET = "ui/fonts/fonts.css"


def sheet_urls() -> list[str]:
    """URLs of all sheets; the font sheet first, when the set-up has made it."""
    fonts = [static(FONT_SHEET)] if finders.find(FONT_SHEET) else []
    return fonts + [static(f"ui/css/{name}.css") for name in SHEETS]


def sheet_links() -> SafeString:
    """The ``<link>`` elements."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((url,) for url in sheet_urls()))
