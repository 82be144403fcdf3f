"""Mail to everybody: 6,677 notices through a real Postfix on loopback until all lie in the mailboxes.

``python benchmarks/house/mail.py [--small] [--mails 6677]``

Every mail is one commit before and one after, and has a control copy: Postfix delivers twice as many as it takes.
Beside it the same mails by bare smtplib over one connection, without a database and without copies. Needs root,
Postfix and Dovecot (``scripts/debian-packages``). The targets: nothing lost, nothing twice, and all staff of an office
reached within five minutes (23 mails a second).
"""

import argparse
import json
import sys

from homes import DATABASES, ROOT, Home, home, machine

sys.path.insert(0, str(ROOT))

TARGET = 6_677 / 300


def main() -> int:
    """Two lines a database; 1 when a mail is lost or comes twice, or it takes too long."""
    from tests.mail_servers import mail_servers

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="300 mails")
    parser.add_argument("--mails", type=int, default=6_677)
    options = parser.parse_args()
    if options.small:
        options.mails = 300
    print(f"mail to everybody, {options.mails:,} mails, TLS, one sender ({machine()})")
    code = 0
    with mail_servers() as servers:
        servers.add_users(f"p{n}" for n in range(100))
        places = {"folder": str(servers.folder), "smtp": servers.smtp_port, "imaps": servers.imaps_port}
        for database in DATABASES:
            with home(database) as place:
                place.env.update(servers.environment())
                place.tenshu("migrate")
                servers.clear()
                code |= told(place, json.loads(work(place, "house", options.mails, places)))
        with home("sqlite") as place:
            servers.clear()
            found = json.loads(work(place, "bare", options.mails, places))
            print(
                f"bare smtplib: {found['rate']:6.0f} mails/s taken; all delivered after {found['delivered']:.1f} s"
            )
    return code


def work(place: Home, what: str, mails: int, places: dict[str, object]) -> str:
    """Run the work in the home; its last line is JSON."""
    return place.script("mail_work.py", what, str(mails), json.dumps(places)).splitlines()[-1]


def told(place: Home, found: dict[str, float]) -> int:
    """Say what was measured and judge it."""
    good = not found["lost"] and not found["double"] and found["rate"] >= TARGET
    print(
        f"{place.database}: notify {found['notify']:.2f} s, compose {found['gather']:.2f} s; {found['rate']:6.0f} mails/s taken "
        f"by Postfix ({found['sent']:.1f} s, {found['cpu']:.1f} s CPU); all delivered after {found['delivered']:.1f} s\n"
        f"{place.database}: {found['lost']:.0f} lost, {found['double']:.0f} twice; {found['copies']:,.0f} control copies read "
        f"and deleted in {found['read']:.1f} s  target {TARGET:.0f}/s, 0, 0: {'reached' if good else 'MISSED'}"
    )
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
