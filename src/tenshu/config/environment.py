"""Reading of the environment: where the state lives, which database, which secret. A typo fails loudly."""

import ipaddress
import os
import secrets
from pathlib import Path


class EnvironmentValueError(ValueError):
    """An environment variable holds a value that cannot be used; the message is Japanese and names it."""


def env_bool(name: str, *, default: bool) -> bool:
    """A boolean written as 1/0, true/false, yes/no, on/off."""
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    folded = raw.strip().lower()
    if folded in {"1", "true", "yes", "on"}:
        return True
    if folded in {"0", "false", "no", "off"}:
        return False
    raise EnvironmentValueError(f"環境変数 {name} の値「{raw}」は読めません。true か false にしてください。")


def env_seconds(name: str, *, default: float) -> float:
    """A positive number of seconds, whole or with a point."""
    raw = os.environ.get(name) or str(default)
    try:
        seconds = float(raw)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1_000_000:
        raise EnvironmentValueError(
            f"環境変数 {name} の値「{raw}」は読めません。0より大きい秒数にしてください。"
        )
    return seconds


def env_int(name: str, *, default: int) -> int:
    """A whole number from 1 on."""
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    if not raw.strip().isdecimal() or int(raw) < 1:
        raise EnvironmentValueError(f"環境変数 {name} の値「{raw}」は読めません。1以上の整数にしてください。")
    return int(raw)


def env_word(name: str, words: tuple[str, ...], *, default: str) -> str:
    """One of ``words``, in whichever case."""
    raw = os.environ.get(name) or default
    for word in words:
        if raw.strip().casefold() == word.casefold():
            return word
    raise EnvironmentValueError(
        f"環境変数 {name} の値「{raw}」は読めません。{'、'.join(words)} のどれかにしてください。"
    )


def env_networks(name: str) -> list[str]:
    """Comma-separated networks: 192.0.2.0/24, 2001:db8::/32, 192.0.2.7."""
    networks = env_list(name, default=[])
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise EnvironmentValueError(
                f"環境変数 {name} の「{network}」は、ネットワークとして読めません。192.0.2.0/24 のように書いてください。"
            ) from error
    return networks


def env_list(name: str, *, default: list[str]) -> list[str]:
    """Comma-separated words."""
    raw = os.environ.get(name)
    return [word.strip() for word in raw.split(",") if word.strip()] if raw else default


def env_secret(name: str) -> str | None:
    """A secret from ``NAME`` or from the file that ``NAME_FILE`` points to.

    Raises:
        EnvironmentValueError: the file cannot be read, or is empty: going on without the secret would be another thing.
    """
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name)
    try:
        found = Path(path).read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "UTF-8の文字ではありません"
        raise EnvironmentValueError(
            f"環境変数 {name}_FILE のファイル {path} を読めません（{why}）。場所と、天守を動かす利用者の権限を確かめてください。"
        ) from error
    if not found:
        raise EnvironmentValueError(
            f"環境変数 {name}_FILE のファイル {path} が空です。中身を入れてください。"
        )
    return found


def env_secrets(name: str) -> list[str]:
    """Several secrets, one a line, from ``NAME`` or from the file that ``NAME_FILE`` points to."""
    return (env_secret(name) or "").split()


def home() -> Path:
    """``TENSHU_HOME`` (default ``./var``), made if it is missing, readable by its owner alone."""
    path = Path(os.environ.get("TENSHU_HOME", "var")).resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secret_key(folder: Path) -> str:
    """The signing key: from ``TENSHU_SECRET_KEY``(``_FILE``), else made once and kept in the home."""
    given = env_secret("TENSHU_SECRET_KEY")
    if given:
        return given
    path = folder / "secret_key"
    if not path.exists():
        _make_secret_key(path)
    found = path.read_text(encoding="utf-8").strip()
    if not found:
        raise EnvironmentValueError(
            f"署名の鍵 {path} が空です。控えとは別に残した鍵を戻してください。初めての起動なら、消すと作り直します。"
        )
    return found


def _make_secret_key(path: Path) -> None:
    """Web and worker may start together: the key gets its name when it is whole, and the first one stays."""
    beside = path.with_name(f"secret_key.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(secrets.token_urlsafe(64))
        handle.flush()
        os.fsync(handle.fileno())
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        pass
    except OSError:  # a file system without a second name for a file
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
