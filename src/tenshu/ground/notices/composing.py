"""What a mail says: of one notice, or of several gathered into one. Plain Japanese text."""

from collections.abc import Sequence

from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.notices.models import Notice
from tenshu.ground.ui.dates import day_text

_RULE = "―" * 20


def one_line(text: str) -> str:
    """``text`` without line ends or other control characters: a header is one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def subject_of(notices: Sequence[Notice]) -> str:
    """The subject: the notice's own title, or how many there are."""
    if len(notices) == 1:
        return one_line(f"【天守】{notices[0].title}")[:300]
    dues = sum(notice.due is not None for notice in notices)
    more = f"（期限のあるもの{dues}件）" if dues else ""
    return f"【天守】お知らせ {len(notices)}件{more}"


def body_of(notices: Sequence[Notice], person: User, *, base_url: str, office: str) -> str:
    """The text: greeting, what there is to know, where to open it, how to change what one gets."""
    parts = [f"{person.display_name} 様", ""]
    if len(notices) == 1:
        parts += _told(notices[0], base_url)
    else:
        for number, notice in enumerate(notices, 1):
            parts += [f"{number}．{one_line(notice.title)}", *_told(notice, base_url), ""]
    whose = f"{office}の天守" if office else "天守"
    parts += ["", _RULE, f"{whose}が自動で送っています。このメールに返信しても、読む人はいません。"]
    if base_url:
        parts.append(f"受け取り方を変える：{base_url}{reverse('notices:preferences')}")
    return "\n".join(parts) + "\n"


def _told(notice: Notice, base_url: str) -> list[str]:
    lines = [notice.body.strip()] if notice.body.strip() else []
    if notice.due:
        lines.append(f"期限：{day_text(notice.due)}")
    if notice.url and base_url:
        lines.append(f"開く：{base_url}{notice.url}")
    return lines
