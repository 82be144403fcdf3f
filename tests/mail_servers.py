"""A real Postfix and a real Dovecot on loopback, with mailboxes in a folder of their own; ready in two seconds.

Nothing can leave: any domain but ``pref.test`` is refused by Postfix itself. Needs root, as Postfix does.
"""

import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from imap_tools import MailBox

DOMAIN = "pref.test"
PASSWORD = "mihon-no-aikotoba-1"
RETURNS = f"tenshu@{DOMAIN}"
_OWNER = "mail"

_DOVECOT = """\
base_dir={d}/dove/run
log_path={d}/dove/log
protocols=imap lmtp
listen=127.0.0.1
ssl=yes
ssl_cert=<{d}/cert.pem
ssl_key=<{d}/key.pem
disable_plaintext_auth=no
mail_location=maildir:{d}/vmail/%n/Maildir
first_valid_uid=1
namespace inbox {{
  inbox=yes
  separator=/
}}
passdb {{
  driver=passwd-file
  args=scheme=PLAIN {d}/dove/users
}}
userdb {{
  driver=static
  args=uid={owner} gid={owner} home={d}/vmail/%n
}}
service imap-login {{
  inet_listener imap {{
    port={imap}
  }}
  inet_listener imaps {{
    port={imaps}
    ssl=yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address=127.0.0.1
    port={lmtp}
  }}
}}
protocol lmtp {{
  postmaster_address=postmaster@{domain}
}}
"""

_MAIN = """\
compatibility_level=3.6
queue_directory={d}/spool
data_directory={d}/data
command_directory=/usr/sbin
daemon_directory=/usr/lib/postfix/sbin
mail_owner=postfix
setgid_group=postdrop
myhostname=mx.{domain}
mydestination=
inet_interfaces=127.0.0.1
inet_protocols=ipv4
mynetworks=127.0.0.0/8
relayhost=
default_transport=error:outside mail is forbidden
virtual_mailbox_domains={domain}
virtual_mailbox_maps=texthash:{d}/pf/boxes
virtual_transport=lmtp:inet:127.0.0.1:{lmtp}
maillog_file={d}/pf.log
maillog_file_prefixes={d}
smtpd_recipient_restrictions=permit_mynetworks,reject
smtpd_tls_cert_file={d}/cert.pem
smtpd_tls_key_file={d}/key.pem
smtpd_tls_security_level=may
smtpd_error_sleep_time=0
alias_maps=
"""

_MASTER = """\
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class MailServers:
    """The running servers. ``gone@`` is known to Postfix but not to Dovecot: its mail bounces."""

    folder: Path
    smtp_port: int
    imap_port: int
    imaps_port: int
    users: set[str] = field(default_factory=set)

    @property
    def certificate(self) -> str:
        return str(self.folder / "cert.pem")

    def environment(self) -> dict[str, str]:
        """What an office would set."""
        return {
            "TENSHU_SMTP_URL": f"smtp://localhost:{self.smtp_port}",
            "TENSHU_IMAP_URL": f"imaps://tenshu%40{DOMAIN}@localhost:{self.imaps_port}",
            "TENSHU_IMAP_PASSWORD": PASSWORD,
            "TENSHU_MAIL_FROM": RETURNS,
            "TENSHU_MAIL_CA_FILE": self.certificate,
            "TENSHU_BASE_URL": "https://tenshu.pref.test",
        }

    def add_users(self, names: Iterable[str], *, gone: Iterable[str] = ()) -> None:
        """Give mailboxes to names; ``gone`` ones are accepted by Postfix and refused at delivery."""
        self.users.update(names)
        lines = sorted(self.users)
        boxes = [*lines, *gone]
        (self.folder / "pf/boxes").write_text("".join(f"{n}@{DOMAIN} x\n" for n in boxes))
        (self.folder / "dove/users").write_text("".join(f"{n}@{DOMAIN}:{{PLAIN}}{PASSWORD}\n" for n in lines))
        (self.folder / "dove/users").chmod(0o644)
        _postfix(self.folder, "reload")

    @contextmanager
    def mailbox(self, name: str) -> Iterator[MailBox]:
        trust = ssl.create_default_context(cafile=self.certificate)
        with MailBox("localhost", self.imaps_port, ssl_context=trust).login(
            f"{name}@{DOMAIN}", PASSWORD
        ) as box:
            yield box

    def files(self, name: str | None = None) -> list[Path]:
        """The delivered mails in the mailboxes (of one name), as Dovecot keeps them."""
        where = f"{name or '*'}/Maildir/*/*"
        return [f for f in (self.folder / "vmail").glob(where) if f.parent.name in {"new", "cur"}]

    def delivered(self, name: str) -> list[Message]:
        """The mails in one mailbox."""
        return [BytesParser().parsebytes(f.read_bytes()) for f in sorted(self.files(name))]

    def counted(self, *, without: str = "tenshu") -> Counter[str]:
        """How often each Message-ID lies in the mailboxes of people."""
        found: Counter[str] = Counter()
        for file in self.files():
            if file.parts[-4] != without:
                head = BytesParser().parsebytes(file.read_bytes(), headersonly=True)
                found[str(head["Message-ID"])] += 1
        return found

    def settle(self, *, seconds: float = 60) -> None:
        """Wait until Postfix has nothing left to deliver."""
        end = time.monotonic() + seconds
        while any(
            next((self.folder / "spool" / queue).rglob("[0-9A-F]*[0-9A-F]"), None)
            for queue in ("incoming", "active", "maildrop")
        ):
            if time.monotonic() > end:
                raise TimeoutError("Postfix still has mail in its queue.")
            time.sleep(0.05)

    def clear(self) -> None:
        """Empty all mailboxes."""
        for file in self.files():
            file.unlink(missing_ok=True)


@contextmanager
def mail_servers() -> Iterator[MailServers]:
    """Start both, and stop both by their own pid files."""
    folder = Path(tempfile.mkdtemp(prefix="tenshu-mail-"))
    folder.chmod(0o755)
    smtp, imap, imaps, lmtp = _free_ports(4)
    servers = MailServers(folder, smtp, imap, imaps)
    try:
        _lay_out(folder)
        words = {
            "d": folder, "owner": _OWNER, "domain": DOMAIN,
            "smtp": smtp, "imap": imap, "imaps": imaps, "lmtp": lmtp,
        }  # fmt: skip
        (folder / "dove/dovecot.conf").write_text(_DOVECOT.format(**words))
        (folder / "pf/main.cf").write_text(_MAIN.format(**words))
        (folder / "pf/master.cf").write_text(_MASTER.format(**words))
        for path in ("pf/boxes", "dove/users"):
            (folder / path).touch()
        _run(["dovecot", "-c", str(folder / "dove/dovecot.conf")])
        _postfix(folder, "start")
        for port in (smtp, imaps, lmtp):
            _wait_for(port)
        servers.add_users(["tenshu"])
        yield servers
    finally:
        _postfix(folder, "stop", check=False)
        _stop_dovecot(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _lay_out(folder: Path) -> None:
    for name in ("dove", "pf", "spool", "data", "vmail"):
        (folder / name).mkdir()
    shutil.chown(folder / "vmail", _OWNER, _OWNER)
    shutil.chown(folder / "data", "postfix")
    _run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"),
        ]
    )  # fmt: skip


def _stop_dovecot(folder: Path) -> None:
    pid = folder / "dove/run/master.pid"
    if not pid.exists():
        return
    _run(["dovecot", "-c", str(folder / "dove/dovecot.conf"), "stop"], check=False)
    end = time.monotonic() + 5
    while pid.exists() and time.monotonic() < end:
        time.sleep(0.05)


def _postfix(folder: Path, command: str, *, check: bool = True) -> None:
    _run(["postfix", "-c", str(folder / "pf"), command], check=check)


def _run(command: list[str], *, check: bool = True) -> None:
    program = shutil.which(command[0], path="/usr/sbin:/usr/bin:/sbin:/bin")
    if program is None:
        raise RuntimeError(f"{command[0]} がありません。scripts/debian-packages を実行してください。")
    # Into a file: a daemon keeps what it inherits, and a pipe would never end.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run([program, *command[1:]], stdout=output, stderr=output, check=False)
        if check and done.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {output.read()}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def _wait_for(port: int) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return
