"""What can be done with one row of a table, as the last cell of the row: quiet links and small buttons."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def link(label: str, url: str, of: object) -> SafeString:
    """A link; ``of`` names the row for those who hear the page."""
    return format_html(
        '<a class="button" data-kind="quiet" data-size="s" href="{}">{}<span class="sr">：{}</span></a>',
        url,
        label,
        of,
    )


def post_button(request: HttpRequest, label: str, url: str, of: object, *, state: str = "") -> SafeString:
    """A button that changes something at once, in a form of its own."""
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<button class="button" data-kind="tool" data-size="s" type="submit"{}>{}<span class="sr">：{}</span></button></form>',
        url,
        get_token(request),
        format_html(' name="state" value="{}"', state) if state else "",
        label,
        of,
    )


def together(cells: Iterable[SafeString]) -> SafeString:
    """Several side by side."""
    return format_html(
        '<div class="actions">{}</div>', format_html_join("", "{}", ((cell,) for cell in cells))
    )
