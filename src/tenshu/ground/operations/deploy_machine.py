"""Rules about the machine and its settings: encryption, names, keys, permissions, room, time."""

import os
import shutil
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tenshu.ground.operations.backup import last_backup

SHORTEST_KEY = 50
LEAST_FREE_BYTES = 2_000_000_000
LEAST_FREE_SHARE = 0.10
MOST_SECONDS_APART = 5
_SECRETS_OF_SIGN_ON = ("client_secret_file", "key_file", "bind_password_file")
_THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]", "::1"}


def https() -> Iterator[str]:
    """People's passwords and records must not be readable on the way."""
    if not settings.HTTPS:
        yield "TENSHU_HTTPS=true にし、前に立つnginxなどで暗号化してください（docs/operations.md）。"


def hosts() -> Iterator[str]:
    """The house answers to its own name only."""
    if any(host.startswith("*") or host == "." for host in settings.ALLOWED_HOSTS):
        yield "TENSHU_ALLOWED_HOSTS に「*」があります。職員が使う名前だけにしてください。"
    if set(settings.ALLOWED_HOSTS) <= _THIS_MACHINE:
        yield "TENSHU_ALLOWED_HOSTS がこの機械だけです。職員が使う名前（例：tenshu.pref.example.jp）を入れてください。"
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if settings.HTTPS and not origin.startswith("https://"):
            yield f"TENSHU_TRUSTED_ORIGINS の {origin} が https:// ではありません。暗号化しない画面からの送信を受け付けてしまいます。"


def proxy() -> Iterator[str]:
    """Limits and the audit record go by the address of the person, not by that of the proxy."""
    if settings.HTTPS and not settings.CLIENT_ADDRESS_HEADER:
        yield (
            "TENSHU_CLIENT_ADDRESS_HEADER がありません。接続元がすべてプロキシになり、サインインの制限が全員に掛かります。"
            "nginxの例なら X-Real-IP にしてください。"
        )


def secret() -> Iterator[str]:
    """The signing key is long and for its owner's eyes."""
    if len(settings.SECRET_KEY) < SHORTEST_KEY or len(set(settings.SECRET_KEY)) < 10:
        yield f"署名の鍵が短いか単純です。{SHORTEST_KEY}文字以上の乱数にしてください。"
    for path in _secret_files():
        if path.stat().st_mode & 0o077:
            yield f"{path} をほかの利用者が読めます。chmod 600 で所有者だけにしてください。"


def _secret_files() -> Iterator[Path]:
    """The key in the home, every file that a variable NAME_FILE points to, and those that the file of sign-on names.

    Certificates of an authority are for everybody to read.
    """
    named = [
        Path(value)
        for name, value in sorted(os.environ.items())
        if name.startswith("TENSHU_") and name.endswith("_FILE") and not name.endswith("_CA_FILE")
    ]
    for path in (settings.TENSHU_HOME / "secret_key", *named, *_of_sign_on()):
        # What systemd hands over as a credential is read-only for the service and for nobody else.
        if path.is_file() and "CREDENTIALS_DIRECTORY" not in os.environ:
            yield path


def _of_sign_on() -> Iterator[Path]:
    place = Path(os.environ.get("TENSHU_SIGN_ON_FILE") or "/nowhere")
    if not place.is_file():
        return
    for found in tomllib.loads(place.read_text(encoding="utf-8")).values():
        for section in found if isinstance(found, list) else [found]:
            yield from (place.parent / section[key] for key in _SECRETS_OF_SIGN_ON if section.get(key))


def home_permissions() -> Iterator[str]:
    """Records and attachments are for the service's own account."""
    for path in (Path(settings.TENSHU_HOME), Path(settings.FILES_ROOT)):
        if not path.exists():
            continue
        about = path.stat()
        inside = path != Path(settings.TENSHU_HOME) and path.is_relative_to(settings.TENSHU_HOME)
        if about.st_mode & (stat.S_IRWXG | stat.S_IRWXO) and not inside:
            yield f"{path} をほかの利用者が開けます。chmod 700 で所有者だけにしてください。"
        if about.st_uid != os.geteuid():
            yield f"{path} の所有者が、天守を動かす利用者と違います。chown でそろえてください。"
    database = Path(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and database.is_file() and database.stat().st_uid != os.geteuid():
        yield f"{database} の所有者が、天守を動かす利用者と違います。chown でそろえてください。"
    if os.geteuid() == 0:
        yield "管理者（root）で動いています。専用の利用者で動かしてください（docs/operations.md のsystemdの例）。"


def disk() -> Iterator[str]:
    """Room for a backup and for the write-ahead log."""
    made = last_backup()
    backups = Path(str(made.get("file"))).parent if made else Path(settings.TENSHU_HOME)
    seen = set()
    for path in (Path(settings.TENSHU_HOME), Path(settings.FILES_ROOT), backups):
        if not path.exists() or path.stat().st_dev in seen:
            continue
        seen.add(path.stat().st_dev)
        room = shutil.disk_usage(path)
        if room.free < LEAST_FREE_BYTES or room.free < room.total * LEAST_FREE_SHARE:
            share = room.free / room.total
            yield f"{path} の空きが{room.free / 1e9:,.1f}GB（{share:.0%}）です。広げるか、要らないものを移してください。"


def time() -> Iterator[str]:
    """Deadlines are in Japanese time, and all machines agree what time it is."""
    if settings.TIME_ZONE != "Asia/Tokyo" or not settings.USE_TZ:
        yield "時間帯が日本ではありません。設定 TIME_ZONE を Asia/Tokyo に戻してください。"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (there,) = cursor.fetchone()
        apart = abs((timezone.now() - there).total_seconds())
        if apart > MOST_SECONDS_APART:
            yield f"この機械とデータベースの時計が{apart:,.0f}秒違います。両方を時刻サーバー（NTP）に合わせてください。"
