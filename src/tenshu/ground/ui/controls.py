"""The plain controls of forms without templates: the same HTML as Django's own, in a fraction of the time.

A page with a hundred questions has some hundred controls, and each of Django's is two to four templates.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import conditional_escape, escape

type Widget = Mapping[str, Any]


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{conditional_escape(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{conditional_escape(value)}"'
    return (
        f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{shown}{_attributes(widget)}>'
    )


def _input_option(widget: Widget) -> str:
    if not widget.get("wrap_label"):
        return _input(widget)
    key = widget["attrs"].get("id")
    target = f' for="{conditional_escape(key)}"' if key else ""
    return f"<label{target}>{_input(widget)} {conditional_escape(widget['label'])}</label>"


def _textarea(widget: Widget) -> str:
    value = widget["value"]
    return (
        f'<textarea name="{escape(widget["name"])}"{_attributes(widget)}>\n'
        f"{conditional_escape(value) if value else ''}</textarea>"
    )


_INPUTS = ("input", "text", "number", "email", "url", "password", "hidden", "date", "checkbox")
_FOLDER = "django/forms/widgets/"

PLAIN: Mapping[str, Callable[[Widget], str]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    **{
        f"{_FOLDER}{name}.html": _input_option for name in ("input_option", "radio_option", "checkbox_option")
    },
    f"{_FOLDER}textarea.html": _textarea,
}
"""By the name of Django's template: what is written in its place."""
