"""Reports of non-delivery (RFC 3464): which mail, which address, why, and whether it is final."""

from dataclasses import dataclass
from email.message import Message

from tenshu.ground.notices.composing import one_line

#: Final, but not the address's fault: a full box, a mail that is too large or was taken for spam, a busy system.
_NOT_THE_ADDRESS = ("5.2.2", "5.2.3", "5.3.", "5.4.", "5.5.", "5.6.", "5.7.")


@dataclass(frozen=True, slots=True)
class Report:
    """One recipient of a report. ``message_id`` is that of the mail that did not arrive, empty if it is not told."""

    message_id: str
    address: str
    status: str
    diagnosis: str
    is_final: bool

    @property
    def blames_address(self) -> bool:
        """Whether nothing will ever arrive there."""
        return self.is_final and blames_address(self.status)


def blames_address(status: str) -> bool:
    """Whether an enhanced status code (RFC 3463) says that the address itself is bad."""
    return status.startswith("5.") and not status.startswith(_NOT_THE_ADDRESS)


def read_reports(message: Message) -> list[Report]:
    """The failed and delayed recipients of a multipart/report; nothing for any other mail.

    Anybody may send such a mail: what it says is cut to printable characters, as no database takes all others.
    """
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return []
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    message_id = next(filter(None, map(_original_id, parts)), "")
    reports: list[Report] = []
    for part in parts:
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        blocks = (block for block in part.get_payload() if isinstance(block, Message))
        reports += [report for block in blocks if (report := _recipient(block, message_id))]
    return reports


def _recipient(block: Message, message_id: str) -> Report | None:
    action = str(block.get("Action", "")).strip().lower()
    if action not in {"failed", "delayed"}:
        return None
    address = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
    return Report(
        message_id=one_line(message_id),
        address=one_line(_after_type(address).strip("<>")),
        status=one_line(str(block.get("Status", ""))).split(" ")[0],
        diagnosis=one_line(_after_type(str(block.get("Diagnostic-Code", ""))))[:1000],
        is_final=action == "failed",
    )


def _after_type(text: str) -> str:
    """What follows the type of a field: ``smtp; 550 5.1.1 …`` (the words themselves may hold further semicolons)."""
    kind, semicolon, value = text.partition(";")
    return (value if semicolon else kind).strip()


def _original_id(part: Message) -> str:
    """The Message-ID inside the returned mail or its headers."""
    kind = part.get_content_type()
    if kind == "message/rfc822" and part.is_multipart():
        inner = next(iter(part.get_payload()), None)
        return str(inner.get("Message-ID", "")).strip() if isinstance(inner, Message) else ""
    if kind in {"text/rfc822-headers", "message/rfc822-headers"}:
        text = part.get_payload(decode=True)
        lines = text.decode("utf-8", "replace").splitlines() if isinstance(text, bytes) else []
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            name, _, value = line.partition(":")
            if name.strip().lower() == "message-id":
                return value.strip() or following.strip()
    return ""
