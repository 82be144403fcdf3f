"""The nginx of docs/operations.md, run as it stands there (other ports, a certificate of its own)."""

import datetime
import http.server
import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.commands import ROOT

pytestmark = pytest.mark.servers
NAME = "tenshu.pref.example.jp"


class Echo(http.server.BaseHTTPRequestHandler):
    """Says which headers reached the house."""

    def do_GET(self):
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Silence."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "tenshu.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "tenshu.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def example():
    """The indented block of the chapter on nginx."""
    chapter = (
        (ROOT / "docs" / "operations.md")
        .read_text(encoding="utf-8")
        .split("## 5. nginx")[1]
        .split("\n## ")[0]
    )
    return "\n".join(line[4:] for line in chapter.splitlines() if line.startswith("    "))


@contextmanager
def proxy(folder):
    """nginx in front of the echo; gives its TLS and its plain port."""
    echo = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=echo.serve_forever, daemon=True).start()
    secure, plain = free_port(), free_port()
    certificate(folder)
    sites = (
        example()
        .replace("/etc/nginx/", f"{folder}/")
        .replace("127.0.0.1:8000", f"127.0.0.1:{echo.server_port}")
    )
    sites = sites.replace("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl")
    sites = sites.replace("listen 80", f"listen 127.0.0.1:{plain}")
    if "http2 on" in sites and version() < (1, 25, 1):
        sites = sites.replace("http2 on;", "").replace(" ssl;", " ssl http2;", 1)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; worker_processes 1; events {{}}\n"
        f"http {{ access_log off; {places}\n{sites}\n}}\n"
    )
    process = subprocess.Popen(
        [program(), "-p", str(folder), "-c", str(config)], stderr=(folder / "errors").open("w")
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", secure)) == 0:
                    break
            assert process.poll() is None, (folder / "errors").read_text()
            time.sleep(0.1)
        yield secure, plain
    finally:
        process.terminate()
        process.wait(20)
        echo.shutdown()


def program():
    return shutil.which("nginx") or "/usr/sbin/nginx"


def version():
    said = subprocess.run([program(), "-v"], capture_output=True, text=True, check=True).stderr
    return tuple(map(int, re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", said).groups()))


def ask(url, headers=None, data=None):
    """Status and body; a redirect is not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments):
            return None

    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=unchecked), Stay)
    try:
        with opener.open(
            urllib.request.Request(url, data, {"Host": NAME, **(headers or {})}), timeout=20
        ) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location", "")


def test_the_proxy_of_the_handbook_encrypts_and_believes_nobody(tmp_path):
    with proxy(tmp_path) as (secure, plain):
        forged = {
            "X-Real-IP": "198.51.100.9",
            "X-Forwarded-For": "198.51.100.9",
            "X-Forwarded-Proto": "http",
        }
        status, body = ask(f"https://127.0.0.1:{secure}/", forged)
        seen = {name.lower(): value for name, value in json.loads(body).items()}
        assert status == 200
        assert seen["x-real-ip"] == seen["x-forwarded-for"] == "127.0.0.1"
        assert seen["x-forwarded-proto"] == "https"
        assert seen["host"] == NAME
        assert ask(f"http://127.0.0.1:{plain}/systems/?q=1") == (301, f"https://{NAME}/systems/?q=1")
        assert ask(f"https://127.0.0.1:{secure}/operations/metrics")[0] == 403
        assert ask(f"https://127.0.0.1:{secure}/", {"Content-Length": str(61 * 1024 * 1024)}, b"x")[0] == 413


def test_the_threat_model_names_tests_that_exist():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:ground|tests)/[\w/.]+)`", text))
    assert len(named) > 15
    missing = {
        name for name in named if not (ROOT / name).exists() and not (ROOT / "src/tenshu" / name).exists()
    }
    assert missing == set()
