"""How mail leaves and comes back, as the settings say (``TENSHU_SMTP_*``, ``TENSHU_IMAP_*``, ``TENSHU_MAIL_*``)."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)
_ADDRESS = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. ``tls`` is "tls" (from the start), "starttls" or "none"."""

    host: str
    port: int
    user: str
    password: str
    tls: str

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port}, {self.tls})"


@dataclass(frozen=True, slots=True)
class MailSetup:
    """Everything about mail. Without ``smtp`` nothing is mailed; without ``imap`` nothing that comes back is read.

    ``flood``: so many mails may go to one person within an hour, further ones are gathered. ``lease_seconds``: how
    long a mail may be 送信中 before its sender is taken for dead. ``settle_seconds``: how long a control copy may
    take to arrive before its absence means something.
    """

    smtp: Server | None
    imap: Server | None
    mailbox: str
    sender: str
    return_path: str
    control_copy: bool
    settle_seconds: int
    lease_seconds: int
    opens: datetime.time
    closes: datetime.time
    flood: int
    ca_file: str
    base_url: str

    @property
    def domain(self) -> str:
        """The right side of the Message-IDs."""
        return self.sender.rpartition("@")[2]

    @property
    def copies_to(self) -> str:
        """Where the control copy goes, empty without one: only a mailbox that can be read proves anything."""
        return self.return_path if self.control_copy and self.imap and self.return_path else ""


def mail_setup() -> MailSetup:
    """The settings as they stand."""
    return setup_from(settings.MAIL)


def setup_from(values: Mapping[str, Any]) -> MailSetup:
    """The settings, read. Raises ``ImproperlyConfigured`` when they cannot work, so that a house does not begin so."""
    if values["smtp"] and not values["from"]:
        raise ImproperlyConfigured(
            "メールの差出人がありません。TENSHU_MAIL_FROM にアドレスを入れてください。"
        )
    for name, address in (
        ("TENSHU_MAIL_FROM", values["from"]),
        ("TENSHU_MAIL_RETURN", values["return_path"]),
    ):
        if address and not (address.isascii() and _ADDRESS.fullmatch(address)):
            raise ImproperlyConfigured(
                f"{name} には、dx@pref.example.jp のように、メールアドレスだけを書いてください。"
            )
    opens, closes = _hours(values["hours"])
    return MailSetup(
        smtp=Server(**values["smtp"]) if values["smtp"] else None,
        imap=Server(**values["imap"]) if values["imap"] else None,
        mailbox=values["mailbox"],
        sender=values["from"],
        return_path=values["return_path"] or values["from"],
        control_copy=values["control_copy"],
        settle_seconds=values["settle_seconds"],
        lease_seconds=values["lease_seconds"],
        opens=opens,
        closes=closes,
        flood=values["flood"],
        ca_file=values["ca_file"],
        base_url=values["base_url"],
    )


def _hours(text: str) -> tuple[datetime.time, datetime.time]:
    """From when until when ordinary mails may go, on one day: the other way round nothing would ever go."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ImproperlyConfigured("TENSHU_MAIL_HOURS は 08:00-20:00 のように書いてください。")
    opens = datetime.time(int(found[1]), int(found[2]))
    closes = datetime.time(int(found[3]), int(found[4])) if found[3] else datetime.time.max
    if opens >= closes:
        raise ImproperlyConfigured(
            "TENSHU_MAIL_HOURS は、メールを送ってよい時間です。始まりを終わりより前にして、08:00-20:00 のように書いてください。"
        )
    return opens, closes
