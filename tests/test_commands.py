"""The command line on an empty home: every command migrates first, says what it does, and errs in Japanese."""

import errno
import http.cookiejar
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tenshu.config.commands.serve import collect_static
from tenshu.config.environment import EnvironmentValueError, _make_secret_key, secret_key
from tests.commands import ROOT, run, tenshu
from tests.test_reference_year import FOLDER, small_copy_of


def test_every_command_has_japanese_help(environment):
    helped = tenshu(environment, "--help")
    for command in (
        "demo",
        "serve",
        "worker",
        "migrate",
        "load-year",
        "figures",
        "report",
        "check",
        "create-admin",
    ):
        assert command in helped
    assert "年度フォルダ" in tenshu(environment, "load-year", "--help")


@pytest.mark.parametrize(
    "arguments", [("migrate",), ("figures", "--year", "R5"), ("check", "--year", "R5"), ("worker", "--drain")]
)
def test_commands_work_on_an_empty_home(environment, arguments):
    done = run(environment, *arguments)
    assert "Traceback" not in done.stderr
    # An empty home has no secretariat: the check says so, and that is an error of the records.
    assert done.returncode == (1 if arguments[0] == "check" else 0)


def test_the_report_of_an_empty_home_states_no_number(environment, tmp_path):
    tenshu(environment, "report", "--year", "R5", "--out", str(tmp_path / "out"), "--format", "json")
    document = json.loads((tmp_path / "out" / "年次報告_R5.json").read_text())
    assert all(figure["missing"] for figure in document["figures"])


def test_an_administrator_is_made_once_and_can_sign_in(environment):
    env = environment | {"TENSHU_ADMIN_PASSWORD": "mihon-no-aikotoba-1"}
    assert "作りました" in tenshu(env, "create-admin", "admin", "--name", "見本 花子")
    again = run(env, "create-admin", "admin")
    assert again.returncode == 1
    assert "既に使われています" in again.stderr
    weak = run(environment | {"TENSHU_ADMIN_PASSWORD": "short"}, "create-admin", "other")
    assert weak.returncode == 1
    assert "12" in weak.stderr
    without = run(environment, "create-admin", "third")
    assert "TENSHU_ADMIN_PASSWORD" in without.stderr


def test_the_secret_key_and_the_home_are_for_their_owner_alone(environment):
    tenshu(environment, "migrate")
    home = Path(environment["TENSHU_HOME"])
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "secret_key").stat().st_mode & 0o077 == 0


def test_a_wrong_boolean_in_the_environment_is_named(environment):
    done = run(environment | {"TENSHU_HTTPS": "maybe"}, "migrate")
    assert done.returncode != 0
    assert "TENSHU_HTTPS" in done.stderr


@pytest.mark.parametrize(
    ("variable", "content", "said"),
    [
        ("TENSHU_BACKUP_PASSPHRASE_FILE", "\n", "空です"),
        ("TENSHU_SECRET_KEY_FILE", "", "空です"),
        ("TENSHU_SECRET_KEY_FILE", None, "読めません"),
    ],
)
def test_a_secret_that_is_named_and_not_there_stops_the_command(
    environment, tmp_path, variable, content, said
):
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content)
    done = run(environment | {variable: str(path)}, "migrate")
    assert done.returncode == 1
    assert variable in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (Path(environment["TENSHU_HOME"]) / "secret_key").exists() or variable.startswith(
        "TENSHU_BACKUP"
    )


def test_the_key_of_the_house_is_made_whole_and_once(tmp_path):
    key = secret_key(tmp_path)
    assert len(key) > 50
    _make_secret_key(tmp_path / "secret_key")
    assert secret_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    (tmp_path / "secret_key").write_text(f"{key}\n")
    assert secret_key(tmp_path) == key
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(EnvironmentValueError, match="空です"):
        secret_key(tmp_path)


def test_pages_are_served_also_where_the_service_may_not_write_the_product(monkeypatch, capsys):
    done = []

    def read_only():
        raise PermissionError(errno.EACCES, "Permission denied", "/opt/tenshu/fonts")

    monkeypatch.setattr("tenshu.ground.ui.fonts.build", read_only)
    monkeypatch.setattr("django.core.management.call_command", lambda *words, **options: done.append(words))
    collect_static()
    assert done == [("collectstatic",)]
    assert "/opt/tenshu/fonts に書けません" in capsys.readouterr().err


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.servers
def test_the_demo_is_served_with_its_worker_and_every_sample_login_works(environment, tmp_path):
    folder, port = small_copy_of(FOLDER, tmp_path / "year", staff=1_100), free_port()
    shown = tenshu(environment, "demo", "--no-serve", "--folder", str(folder))
    for form in ("html", "docx", "pdf", "json"):
        assert f"年次報告_R5.{form}" in shown
    logins = json.loads((Path(environment["TENSHU_HOME"]) / "demo-logins.json").read_text(encoding="utf-8"))
    assert len(logins) == 7
    assert all(login["login"] in shown and login["password"] in shown for login in logins)
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tenshu.config.command_line",
            "serve",
            "--port",
            str(port),
            "--workers",
            "1",
            "--with-worker",
        ],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/access/login/")
        for login in logins:
            page = sign_in(base, login["login"], login["password"])
            assert "やること" in page, login["role"]
            assert login["name"] in page
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) is not None


def wait_for(url: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise AssertionError(f"{url} never answered")


def sign_in(base: str, login: str, password: str) -> str:
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(f"{base}/access/login/").read()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    data = urllib.parse.urlencode({"username": login, "password": password, "csrfmiddlewaretoken": token})
    request = urllib.request.Request(
        f"{base}/access/login/", data.encode(), {"Referer": f"{base}/access/login/"}
    )
    with opener.open(request) as response:
        text: str = response.read().decode()
        return text


def test_a_second_demo_gives_the_same_logins(environment, tmp_path):
    folder = small_copy_of(FOLDER, tmp_path / "year", staff=1_100)
    first = tenshu(environment, "demo", "--no-serve", "--folder", str(folder))
    second = tenshu(environment, "demo", "--no-serve", "--folder", str(folder))
    table = first.split("年次報告")[0]
    assert table == second.split("年次報告")[0]
