"""What a page is laid out with: breadcrumb, section heads, tabs, banners, empty states, bars of buttons."""

from collections.abc import Sequence
from typing import Any

from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenshu.ground.ui.icons import icon_svg
from tenshu.ground.ui.parts import Crumb, Step, Tab
from tenshu.ground.ui.sheets import sheet_links
from tenshu.ground.ui.tone import Tone

register = Library()

_BANNER_ICONS = {
    Tone.NEUTRAL: "lock",
    Tone.INFO: "info",
    Tone.SUCCESS: "check",
    Tone.WARNING: "triangle",
    Tone.DANGER: "octagon",
}


@register.simple_tag
def styles() -> SafeString:
    """The style sheets of every page."""
    return sheet_links()


@register.simple_tag
def crumbs(*steps: Any) -> SafeString:
    """``{% crumbs "庁内DX" "" "システムカルテ" url %}``: label and URL in turn, or crumbs."""
    if len(steps) == 1 and not isinstance(steps[0], str):
        trail = list(steps[0])
    else:
        trail = [Crumb(label, url) for label, url in zip(steps[::2], steps[1::2], strict=True)]
    return SafeString(render_to_string("ui/parts/crumbs.html", {"trail": trail}) if trail else "")


@register.simple_tag
def section_head(title: str, note: Any = "", id: str = "", level: int = 2) -> SafeString:  # noqa: A002
    """``{% section_head "私の番のもの" "7件" id="due" %}``: a heading with a note at the right."""
    if level not in (2, 3):
        raise ValueError("A section's heading is h2 or h3.")
    heading = format_html("<h{}{}>{}</h{}>", level, _id(id), title, level)
    return format_html(
        '<div class="section-head">{}{}</div>', heading, format_html("<p>{}</p>", note) if note else ""
    )


@register.simple_block_tag
def banner(
    content: str,
    tone: str = "info",
    title: str = "",
    icon: str = "",
    fill: bool = False,
    small: bool = False,
    live: bool = False,
) -> SafeString:
    """``{% banner "warning" title="…" %}文{% endbanner %}``. ``live`` announces it (role alert / status)."""
    known = Tone(tone)
    return banner_html(content, known, title=title, icon=icon, fill=fill, small=small, live=live)


def banner_html(
    content: str,
    tone: Tone,
    *,
    title: str = "",
    icon: str = "",
    fill: bool = False,
    small: bool = False,
    live: bool = False,
) -> SafeString:
    """The HTML of a banner; ``content`` is HTML already."""
    role = ""
    if live:
        role = format_html(' role="{}"', "alert" if tone is Tone.DANGER else "status")
    return format_html(
        '<div class="banner" data-tone="{}"{}{}{}>{}<div>{}{}</div></div>',
        tone,
        SafeString(" data-fill") if fill else "",
        SafeString(' data-size="s"') if small else "",
        role,
        icon_svg(icon or _BANNER_ICONS[tone]),
        format_html('<p class="banner-title">{}</p>', title) if title else "",
        SafeString(content),
    )


@register.simple_block_tag
def empty(
    content: str, title: str, action_label: str = "", action_url: str = "", secondary: bool = False
) -> SafeString:
    """``{% empty title="…" action_label="…" action_url=url %}何が並ぶか、どう始めるか{% endempty %}``.

    ``secondary`` makes the button a line button, when the page has its one filled button elsewhere.
    """
    button: Any = ""
    if action_label:
        kind = SafeString(' data-kind="line"') if secondary else ""
        button = format_html(
            '<a class="button" data-size="s"{} href="{}">{}</a>', kind, action_url, action_label
        )
    return format_html(
        '<div class="empty"><p class="empty-title">{}</p><div class="empty-text">{}</div>{}</div>',
        title,
        SafeString(content),
        button,
    )


@register.simple_block_tag
def action_bar(content: str) -> SafeString:
    """The sticky bar at the foot of a form: ``{% action_bar %}<button …>{% endaction_bar %}``."""
    return format_html('<div class="action-bar">{}</div>', SafeString(content))


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Sequence[Tab], label: str = "この画面の見方") -> dict[str, Any]:
    """One row of tabs or saved views."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/parts/wizard.html")
def wizard(items: Sequence[Step], label: str = "入力の段") -> dict[str, Any]:
    """Steps of a form over several pages; ``Step.state`` done, now or ""."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/parts/steps.html")
def steps(items: Sequence[Step]) -> dict[str, Any]:
    """An order of work, top to bottom (順序)."""
    return {"items": items}


@register.inclusion_tag("ui/parts/closed_year.html", takes_context=True)
def closed_year_banner(context: Context) -> dict[str, Any]:
    """The neutral banner of a closed year; nothing while the year is open."""
    return {"frame": context.get("frame")}


@register.simple_tag
def waiting(text: str) -> SafeString:
    """A place that is still being worked out: text with the remaining time, and the shape of what comes."""
    return format_html(
        '<div class="box box-pad waiting" aria-busy="true"><p class="small sub" role="status">{}</p>'
        "<i></i><i></i><i></i></div>",
        text,
    )


@register.simple_tag
def autosave(text: str) -> SafeString:
    """「10:42 に保存しました」."""
    return format_html('<span class="autosave" role="status">{}{}</span>', icon_svg("saved"), text)


def _id(value: str) -> SafeString | str:
    return format_html(' id="{}"', value) if value else ""
