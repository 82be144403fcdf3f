"""The work of ``mail.py``: ``house COUNT PLACES`` or ``bare COUNT PLACES``; the last line is JSON."""

import json
import smtplib
import ssl
import sys
import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import django

django.setup()

from tests.mail_servers import DOMAIN, MailServers  # noqa: E402

BOXES = 100


def house(count: int, servers: MailServers) -> dict[str, float]:
    """Notices of the product, as the clock's jobs send them."""
    from django.db import connection
    from django.urls import reverse

    from tenshu.ground.access.models import User
    from tenshu.ground.notices import outbox
    from tenshu.ground.notices.delivery import Sender
    from tenshu.ground.notices.models import Mail
    from tenshu.ground.notices.returns import read_returns
    from tenshu.ground.notices.sending import notify
    from tenshu.ground.office.models import Staff

    staff = [Staff(number=f"{n:06}", name=f"見本 {n}", mail=f"p{n % BOXES}@{DOMAIN}") for n in range(count)]
    for person in staff:
        person.derive()
    Staff.objects.bulk_create(staff, batch_size=500)
    User.objects.bulk_create(
        [User(login_name=s.number, display_name=s.name, staff=s) for s in staff], batch_size=500
    )
    people = list(User.objects.all())
    outbox.is_open = lambda *_: True  # whatever hour it is
    reverse("notices:preferences")  # a worker has loaded the pages long before
    begun = time.perf_counter()
    notify(
        people,
        kind="notices.trouble",
        title="情報セキュリティ研修のご案内",
        body="受けてください。\n" * 10,
        url="/",
    )
    told = time.perf_counter()
    outbox.gather()
    made = time.perf_counter()
    cpu, sent = time.process_time(), 0
    while sent < count:
        sent += Sender().run(seconds=600)
    cpu, taken = time.process_time() - cpu, time.perf_counter()
    servers.settle(seconds=600)
    delivered = time.perf_counter()
    copies = 0
    while copies < count:
        copies += read_returns().copies
    read = time.perf_counter()
    wanted = set(Mail.objects.values_list("message_id", flat=True))
    counts = servers.counted()
    connection.close()
    return {
        "notify": told - begun,
        "gather": made - told,
        "sent": taken - made,
        "rate": count / (taken - made),
        "cpu": cpu,
        "delivered": delivered - made,
        "copies": copies,
        "read": read - delivered,
        "lost": len(wanted - set(counts)),
        "double": sum(n - 1 for n in counts.values()),
    }


def bare(count: int, servers: MailServers) -> dict[str, float]:
    """The same mails by smtplib alone."""
    begun = time.perf_counter()
    with smtplib.SMTP("localhost", servers.smtp_port) as smtp:
        smtp.starttls(context=ssl.create_default_context(cafile=servers.certificate))
        for n in range(count):
            message = EmailMessage()
            message["From"], message["To"] = f"tenshu@{DOMAIN}", f"p{n % BOXES}@{DOMAIN}"
            message["Subject"], message["Message-ID"] = "情報セキュリティ研修のご案内", f"<bare{n}@{DOMAIN}>"
            message.set_content("受けてください。\n" * 10)
            smtp.send_message(message)
    taken = time.perf_counter()
    servers.settle(seconds=600)
    assert Counter(servers.counted()).total() == count
    return {"rate": count / (taken - begun), "delivered": time.perf_counter() - begun}


def main() -> int:
    """Run what was asked for."""
    what, count, places = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
    servers = MailServers(Path(places["folder"]), places["smtp"], 0, places["imaps"])
    print(json.dumps((house if what == "house" else bare)(count, servers)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
