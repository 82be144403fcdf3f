"""SMTP: one connection for many mails, one transaction a mail, and a clear word on how each ended."""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import Enum

from django.utils import timezone

from tenshu.ground.notices.composing import one_line
from tenshu.ground.notices.models import Mail
from tenshu.ground.notices.reports import blames_address
from tenshu.ground.notices.setup import MailSetup

_COMMAND_SECONDS = 60
#: Servers look through a mail before they take it (RFC 5321, 4.5.3.2.6): who gives up early leaves a doubt behind.
_TAKING_SECONDS = 240
_ENHANCED = re.compile(r"\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b", re.ASCII)


class End(Enum):
    """How an attempt ended."""

    SENT = "the server took it"
    LATER = "the server asks to try again (4xx)"
    REFUSED = "the server will never take it (5xx)"
    NOWHERE = "no server, one that takes nothing from this house, or lost before the mail was handed over"
    UNSURE = "the mail was handed over and no answer came"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended, with the server's words. ``bad_address``: it is the address that is refused."""

    end: End
    answer: str = ""
    bad_address: bool = False


def message_bytes(mail: Mail, setup: MailSetup) -> bytes:
    """The mail as it goes over the wire; every attempt gives the same bytes (header names RFC 2047, Date of the row).

    Raises ``ValueError`` or ``MessageError`` for an address that no header can hold.
    """
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address("天守", addr_spec=setup.sender)
    message["To"] = Address(one_line(mail.person.display_name), addr_spec=wire_address(mail.address))
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(timezone.localtime(mail.created_at))
    message["Message-ID"] = mail.message_id
    # RFC 3834: nobody's holiday reply answers to this.
    message["Auto-Submitted"] = "auto-generated"
    # To Exchange the same, but never "All" nor "NDR": what does not arrive must come back.
    message["X-Auto-Response-Suppress"] = "DR, RN, NRN, OOF, AutoReply"
    message.set_content(mail.body, charset="utf-8", cte="base64")
    return message.as_bytes()


def wire_address(address: str) -> str:
    """``address`` as SMTP takes it: a Japanese domain in its ASCII form. Raises ``UnicodeError``."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


class Wire:
    """A connection to the office's mail server, opened when the first mail needs it."""

    def __init__(self, setup: MailSetup) -> None:
        self.setup = setup
        self._smtp: smtplib.SMTP | None = None

    def send(self, mail: Mail, *, uncopied: Callable[[], None]) -> Outcome:
        """One transaction. ``uncopied`` is called before the mail is handed over when its control copy was refused."""
        try:
            address, content = wire_address(mail.address), message_bytes(mail, self.setup)
        except (ValueError, MessageError):
            # One mail that cannot be written must not keep the others from going.
            return Outcome(End.REFUSED, "宛先のアドレスの書き方が正しくありません。", bad_address=True)
        try:
            smtp = self._connected()
        except smtplib.SMTPResponseException as error:
            self.close()
            return Outcome(End.NOWHERE, _words(error.smtp_code, error.smtp_error))
        except (OSError, ValueError, smtplib.SMTPException) as error:
            self.close()
            return Outcome(End.NOWHERE, str(error))
        return self.transact(smtp, mail.message_id, address, content, uncopied=uncopied)

    def transact(
        self,
        smtp: smtplib.SMTP,
        message_id: str,
        address: str,
        content: bytes,
        *,
        uncopied: Callable[[], None] = lambda: None,
    ) -> Outcome:
        """MAIL, RCPT, RCPT for the control copy, DATA: accepted or refused as one."""
        handed_over = False
        try:
            outcome = self._envelope(smtp, message_id, address, uncopied)
            if outcome is not None:
                self._begin_again(smtp)
                return outcome
            code, words = smtp.docmd("DATA")
            if code != 354:
                self._begin_again(smtp)
                return _refused(code, words)
            handed_over = True
            smtp.send(_dotted(content))
            _wait(smtp, _TAKING_SECONDS)
            code, words = smtp.getreply()
            _wait(smtp, _COMMAND_SECONDS)
            if code == 250:
                return Outcome(End.SENT, _words(code, words))
            return _refused(code, words)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Outcome(End.UNSURE if handed_over else End.NOWHERE, str(error))

    def _begin_again(self, smtp: smtplib.SMTP) -> None:
        """Forget the envelope. Some servers hang up after so many refusals: what was answered before still holds."""
        try:
            code, _ = smtp.rset()
        except (OSError, smtplib.SMTPException):
            code = 421
        if code != 250:
            self.close()

    def _envelope(
        self, smtp: smtplib.SMTP, message_id: str, address: str, uncopied: Callable[[], None]
    ) -> Outcome | None:
        dsn = smtp.has_extn("dsn")
        sender = (
            [f"ENVID={message_id.strip('<>').replace('+', '').replace('=', '')}", "RET=HDRS"] if dsn else []
        )
        code, words = smtp.mail(self.setup.return_path, sender)
        if code != 250:
            # It is the sender that is refused, not this mail: thousands would be given up for one wrong setting.
            return Outcome(End.NOWHERE, _words(code, words))
        code, words = smtp.rcpt(address, ["NOTIFY=FAILURE,DELAY"] if dsn else [])
        if code not in {250, 251}:
            return _refused(code, words, recipient=True)
        copy = self.setup.copies_to
        if copy and copy != address:
            code, _ = smtp.rcpt(copy, ["NOTIFY=NEVER"] if dsn else [])
            if code not in {250, 251}:
                uncopied()
        return None

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        server = self.setup.smtp
        if server is None:
            raise smtplib.SMTPException("no mail server is set")
        trust = ssl.create_default_context(cafile=self.setup.ca_file) if server.tls != "none" else None
        smtp: smtplib.SMTP
        if server.tls == "tls":
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=_COMMAND_SECONDS, context=trust)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=_COMMAND_SECONDS)
        self._smtp = smtp
        if server.tls == "starttls":
            smtp.starttls(context=trust)
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
        return smtp

    def probe(self, message_id: str) -> bool:
        """Send a marker to the return mailbox alone; whether the server took it."""
        message = EmailMessage(policy=SMTP_POLICY)
        message["From"] = Address("天守", addr_spec=self.setup.sender)
        message["To"] = self.setup.return_path
        message["Subject"] = "天守の送信の確認"
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content("送れたか分からないメールを確かめるためのメールです。\n", charset="utf-8")
        try:
            smtp = self._connected()
        except (OSError, ValueError, smtplib.SMTPException):
            self.close()
            return False
        return self.transact(smtp, message_id, self.setup.return_path, message.as_bytes()).end is End.SENT

    def close(self) -> None:
        """End the connection, politely if it still stands."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (OSError, smtplib.SMTPException):
                self._smtp.close()
            self._smtp = None


def _wait(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(seconds)


def _dotted(content: bytes) -> bytes:
    lines = content.splitlines()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines) + b".\r\n"


def _refused(code: int, words: bytes | str, *, recipient: bool = False) -> Outcome:
    text = _words(code, words)
    if not 500 <= code < 600:
        return Outcome(End.LATER, text)
    if not recipient:
        return Outcome(End.REFUSED, text)
    told = _ENHANCED.match(text)
    if told and not blames_address(told[1]):
        # A full box, a server that takes no mail now or none from here: it may be mended, and is asked again.
        return Outcome(End.LATER, text)
    return Outcome(End.REFUSED, text, bad_address=True)


def _words(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {one_line(text)}"[:500]
