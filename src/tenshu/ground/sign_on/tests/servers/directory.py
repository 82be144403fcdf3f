"""A real OpenLDAP (Debian's slapd) on loopback with its own configuration, data, port and certificate; never root's."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tenshu.ground.sign_on.tests.servers import free_port, make_certificate, running, wait_for_port

SLAPD = "/usr/sbin/slapd"
BASE = "dc=mihon,dc=example"
PEOPLE = [
    ("saburo", "1004", "himitsu-no-kotoba-4"),
    ("kiroku", "9999", "himitsu-no-kotoba-9"),
    ("hanako", "1001", "himitsu-1"),
]


@dataclass(frozen=True)
class Directory:
    """Where the directory listens, and the authority of its certificate."""

    plain_port: int
    tls_port: int
    certificate: Path
    bind_dn: str = f"cn=reader,{BASE}"
    bind_password: str = "yomu-dake"


@contextmanager
def directory() -> Iterator[Directory]:
    """The directory with three people, as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="tenshu-ldap-"))
    try:
        (folder / "data").mkdir()
        certificate, key = make_certificate(folder)
        ports = free_port(), free_port()
        (folder / "slapd.conf").write_text(_configuration(folder, certificate, key), encoding="utf-8")
        (folder / "people.ldif").write_text(_people(), encoding="utf-8")
        prefix = _as_nobody(folder)
        config = ["-f", str(folder / "slapd.conf")]
        add = [*prefix, SLAPD, "-T", "add", *config, "-l", str(folder / "people.ldif")]
        subprocess.run(add, check=True, capture_output=True)
        addresses = f"ldap://127.0.0.1:{ports[0]} ldaps://127.0.0.1:{ports[1]}"
        log = folder / "log"
        with running([*prefix, SLAPD, "-d", "0", *config, "-h", addresses], log=log) as process:
            for port in ports:
                wait_for_port(port, process, log)
            yield Directory(*ports, certificate)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configuration(folder: Path, certificate: Path, key: Path) -> str:
    schemas = "\n".join(
        f"include /etc/ldap/schema/{name}.schema" for name in ("core", "cosine", "inetorgperson")
    )
    return f"""{schemas}
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
security simple_bind=128
database mdb
suffix "{BASE}"
rootdn "cn=root,{BASE}"
directory {folder}/data
maxsize 10485760
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,{BASE}" read by * none
"""


def _people() -> str:
    entries = [f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: mihon\ndc: mihon"]
    entries.append(
        f"dn: cn=reader,{BASE}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n"
        "cn: reader\nuserPassword: yomu-dake"
    )
    entries += [
        f"dn: uid={uid},{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid}\nsn: {uid}\n"
        f"employeeNumber: {number}\nuserPassword: {password}"
        for uid, number, password in PEOPLE
    ]
    return "\n\n".join(entries) + "\n"


def _as_nobody(folder: Path) -> list[str]:
    if os.getuid() != 0:
        return []
    owner = pwd.getpwnam("nobody")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
