"""Real mail servers for the tests of this room, and people with mailboxes on them."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.mail_servers import DOMAIN, MailServers, mail_servers

from tenshu.config.connections import mail_settings
from tenshu.ground.access.models import User
from tenshu.ground.office.models import Staff


@pytest.fixture(scope="session")
def running_mail() -> Iterator[MailServers]:
    """Postfix and Dovecot for the whole run."""
    with mail_servers() as servers:
        servers.add_users([f"p{n}" for n in range(60)], gone=["gone"])
        yield servers


@pytest.fixture
def mail(running_mail: MailServers, settings: Any, monkeypatch: pytest.MonkeyPatch) -> MailServers:
    """The servers with empty mailboxes, named by the settings; office hours all day."""
    for name, value in running_mail.environment().items():
        monkeypatch.setenv(name, value)
    settings.MAIL = {**mail_settings(), "hours": "00:00-23:59", "settle_seconds": 0, "lease_seconds": 1}
    running_mail.settle()
    running_mail.clear()
    return running_mail


def person(number: int, name: str = "", *, box: str | None = None) -> User:
    """Somebody with an account and a mailbox."""
    name = name or f"見本 {number}郎"
    staff = Staff.objects.create(
        number=f"9{number:04}", name=name, mail=f"{f'p{number}' if box is None else box}@{DOMAIN}"
    )
    return User.objects.create(login_name=f"person{number}", display_name=name, staff=staff)
