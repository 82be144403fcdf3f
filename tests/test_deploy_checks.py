"""``tenshu check --deploy`` finds what is missing before an office works with the house, and is quiet when nothing is."""

import datetime
import json
import os
import re
from pathlib import Path

import pytest
from django.utils import timezone

from tenshu.config.command_line import main
from tenshu.ground.operations.backup import LAST_BACKUP
from tenshu.ground.operations.deploy_checks import run_deploy_checks
from tests.commands import ROOT, run
from tests.test_backup import several, with_settings

pytestmark = pytest.mark.django_db
OURS = {
    "deploy.https",
    "deploy.hosts",
    "deploy.backup",
    "deploy.worker",
    "deploy.mail",
}


def findings():
    return {result.id: " ".join(result.findings) for result in run_deploy_checks() if result.findings}


@pytest.fixture
def in_service(settings, monkeypatch):
    """The settings of an office that has done everything."""
    monkeypatch.setattr(os, "geteuid", lambda: Path(settings.TENSHU_HOME).stat().st_uid or 0)
    monkeypatch.setattr("tenshu.ground.jobs.queries.alive_count", lambda: 1)
    settings.HTTPS = True
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.ALLOWED_HOSTS = ["tenshu.pref.example.jp"]
    settings.CLIENT_ADDRESS_HEADER = "X-Real-IP"
    settings.SECRET_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    server = {"host": "mail.example.jp", "port": 587, "user": "", "password": "", "tls": "starttls"}
    settings.MAIL = {
        **settings.MAIL,
        "smtp": server,
        "from": "dx@pref.example.jp",
        "base_url": "https://tenshu.pref.example.jp",
    }
    Path(settings.TENSHU_HOME).chmod(0o700)
    tell_backup(settings, hours=3)
    return settings


def tell_backup(settings, hours, lost=0):
    at = timezone.now() - datetime.timedelta(hours=hours)
    told = {"at": at.isoformat(), "file": "/x", "size": 1, "lost": lost}
    (settings.TENSHU_HOME / LAST_BACKUP).write_text(json.dumps(told), encoding="utf-8")


def test_a_house_that_is_ready_is_told_nothing_but_where_it_runs(in_service):
    found = findings()
    # The tests run as whoever starts them, on whatever disk there is.
    assert set(found) <= {"deploy.home", "deploy.disk"}
    assert found.get("deploy.home", "root").count("root")


def test_a_fresh_house_is_told_what_to_do(settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    found = findings()
    assert set(found) >= OURS
    assert all(text.endswith("。") for text in found.values())


@pytest.mark.parametrize(
    ("change", "rule", "said"),
    [
        (lambda s: setattr(s, "ALLOWED_HOSTS", ["*"]), "deploy.hosts", "「*」"),
        (lambda s: setattr(s, "CLIENT_ADDRESS_HEADER", ""), "deploy.proxy", "X-Real-IP"),
        (lambda s: setattr(s, "SECRET_KEY", "short"), "deploy.secret", "50文字"),
        (lambda s: setattr(s, "TIME_ZONE", "UTC"), "deploy.time", "Asia/Tokyo"),
        (lambda s: setattr(s, "DEBUG", True), "deploy.django", "DEBUG"),
        (lambda s: s.TENSHU_HOME.chmod(0o755), "deploy.home", "chmod 700"),
        (lambda s: (s.TENSHU_HOME / "demo-logins.json").write_text("[]"), "deploy.sample-logins", "見本"),
        (lambda s: tell_backup(s, hours=50), "deploy.backup", "50時間前"),
        (lambda s: (s.TENSHU_HOME / LAST_BACKUP).unlink(), "deploy.backup", "まだ"),
        (lambda s: tell_backup(s, hours=3, lost=2), "deploy.backup", "2件入っていません"),
        (lambda s: key_file(s, 0o644), "deploy.secret", "chmod 600"),
        (
            lambda s: setattr(s, "CSRF_TRUSTED_ORIGINS", ["http://t.example.jp"]),
            "deploy.hosts",
            "http://t.example",
        ),
        (lambda s: s.MAIL["smtp"].update(tls="none"), "deploy.mail", "TENSHU_SMTP_TLS"),
        (lambda s: s.MAIL.update(base_url=""), "deploy.mail", "TENSHU_BASE_URL"),
        (lambda s: s.MAIL.update(base_url="http://t.example.jp"), "deploy.mail", "https:// ではありません"),
    ],
)
def test_each_thing_that_is_missing_is_named(in_service, change, rule, said):
    change(in_service)
    assert said in findings()[rule]


def key_file(settings, mode):
    path = settings.TENSHU_HOME / "secret_key"
    path.write_text("x" * 64)
    path.chmod(mode)


def test_certificates_are_for_everybody_and_the_secrets_of_the_sign_on_for_their_owner(
    in_service, tmp_path, monkeypatch
):
    for name in ("ca.pem", "oidc-secret", "sign-on.toml"):
        (tmp_path / name).write_text('[[oidc]]\nclient_secret_file = "oidc-secret"\n')
    (tmp_path / "sign-on.toml").chmod(0o600)
    monkeypatch.setenv("TENSHU_MAIL_CA_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("TENSHU_SIGN_ON_FILE", str(tmp_path / "sign-on.toml"))
    (tmp_path / "oidc-secret").chmod(0o644)
    assert findings()["deploy.secret"].startswith(str(tmp_path / "oidc-secret"))
    (tmp_path / "oidc-secret").chmod(0o400)
    assert "deploy.secret" not in findings()


@pytest.mark.parametrize(
    ("password", "wanted"), [("", False), ("tenshu", True), ("himitsu", True), ("kQ7-" * 5, False)]
)
def test_a_password_of_the_database_is_no_word(monkeypatch, password, wanted):
    from types import SimpleNamespace

    from tenshu.ground.operations import deploy_house

    given = {"USER": "tenshu", "NAME": "tenshu", "PASSWORD": password}
    monkeypatch.setattr(deploy_house, "connection", SimpleNamespace(vendor="postgresql", settings_dict=given))
    assert bool(list(deploy_house.database_password())) is wanted


def test_whoever_administers_with_a_password_alone_is_named(in_service, world):
    assert "secretary" in findings()["deploy.second-factor"]


@pytest.mark.parametrize(
    ("host", "options", "wanted"),
    [
        ("db.pref.example.jp", {}, True),
        ("db.pref.example.jp", {"sslmode": "verify-full"}, False),
        ("/run/postgresql", {}, False),
        ("127.0.0.1", {}, False),
    ],
)
def test_a_database_elsewhere_wants_encryption(monkeypatch, host, options, wanted):
    from types import SimpleNamespace

    from tenshu.ground.operations import deploy_house

    given = {"HOST": host, "OPTIONS": options}
    monkeypatch.setattr(deploy_house, "connection", SimpleNamespace(vendor="postgresql", settings_dict=given))
    assert bool(list(deploy_house.database_tls())) is wanted


def test_the_command_ends_with_1_and_speaks_json(capsys):
    assert main(["check", "--deploy", "--format", "json"]) == 1
    told = {result["id"]: result for result in json.loads(capsys.readouterr().out)}
    assert told["deploy.https"]["severity"] == "error"
    assert main(["check", "--deploy"]) == 1
    assert "× deploy.https" in capsys.readouterr().out


def test_a_home_without_a_house_is_an_error_without_a_traceback(environment):
    done = run(environment, "check", "--deploy")
    assert done.returncode == 1
    assert "TENSHU_HOME" in done.stderr
    assert "Traceback" not in done.stderr


SECRET_WORDS = re.compile(
    r"(?i)(secret|password|passwd|token|api_?key)\w*\s*=\s*[\"'](?=[^\"']*[0-9])[^\"'{}<>\s]{8,}[\"']"
)


def test_no_secret_stands_in_the_code():
    """Secrets come from the environment or from files: settings, commands and rooms hold none."""
    found = []
    for path in (ROOT / "src" / "tenshu").rglob("*.py"):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = SECRET_WORDS.search(line)
            if match and "noqa: S105" not in line:
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert found == []


def test_secrets_reach_neither_the_output_nor_the_logs(environment, tmp_path):
    """Every command with every kind of secret in its environment: not one of them is printed."""
    secrets = {
        "TENSHU_SECRET_KEY": "kagi-" + "Zq8" * 20,
        "TENSHU_ADMIN_PASSWORD": "aikotoba-Xw7-Xw7-Xw7",
        "TENSHU_SMTP_PASSWORD": "yubin-Rt5-Rt5-Rt5",
    }
    path = tmp_path / "imap"
    path.write_text("uke-Pk3-Pk3-Pk3\n")
    env = environment | secrets | {"TENSHU_IMAP_PASSWORD_FILE": str(path)}
    backup = tmp_path / "b.zip"
    commands = [
        ["create-admin", "kanri"],
        ["create-admin", "kanri"],
        ["check", "--year", "R5"],
        ["check", "--deploy"],
    ]
    commands += [["worker", "--drain"], ["backup", backup], ["restore", backup]]
    for done in several(with_settings(env), *commands, fine=False):
        said = done.out + done.err
        assert not [name for name, value in secrets.items() if value in said]
        assert "uke-Pk3" not in said
